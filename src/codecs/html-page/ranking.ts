/** Which terms tell most about a page, and which say the same thing twice. */

import type { TermKind } from "../../core/page-terms.ts";
import type { PageItem } from "./page-item.ts";

// What a page does comes before what it says, and that before how it looks and what machines read of it.
const ranks: Readonly<Record<TermKind, number>> = {
  script: 0,
  form: 1,
  button: 2,
  heading: 3,
  title: 4,
  text: 5,
  field: 6,
  link: 7,
  data: 8,
  image: 9,
  style: 10,
  id: 11,
  meta: 12,
};

// A page embedded in the page, a checkout for example, is a thing to use like a form.
const rankOf = ({ kind, text }: PageItem): number => (kind === "link" && text.startsWith("embedded page ") ? ranks.form : ranks[kind]);

/** The most telling first; of equal rank in the order of the page. */
export const tellingFirst = (items: readonly PageItem[]): PageItem[] =>
  items.toSorted((one, other) => rankOf(one) - rankOf(other) || one.line - other.line);

/**
 * Leaves out what another item of the same list tells better: the id, data or handler of an element that is itself told,
 * the fields and labels of a form that is, and a text, address or meta value in the very words of a better-ranked item.
 */
export function withoutRedundant(items: readonly PageItem[]): PageItem[] {
  const elements = new Map<number, number>();
  const forms = new Set<number>();
  const words = new Map<string, number>();
  for (const item of items) {
    const rank = rankOf(item);
    if (!isHandler(item)) elements.set(item.element, Math.min(rank, elements.get(item.element) ?? rank));
    if (item.kind === "form") forms.add(item.element);
    if (item.said !== "") words.set(item.said, Math.min(rank, words.get(item.said) ?? rank));
  }
  const isRedundant = (item: PageItem): boolean => {
    if (item.kind === "id") return (elements.get(item.element) ?? ranks.id) < ranks.id;
    if (isHandler(item)) return (elements.get(item.element) ?? ranks.id) <= ranks.link;
    if ((item.kind === "field" || isLabel(item)) && item.form !== undefined && forms.has(item.form)) return true;
    if (item.said === "" || item.kind === "button" || item.kind === "heading") return false;
    return (words.get(item.said) ?? ranks.meta) < rankOf(item);
  };
  return items.filter((item) => !isRedundant(item));
}

const isHandler = ({ kind, text, block }: PageItem): boolean => kind === "script" && block === undefined && /^on[a-z]{3,}: /u.test(text);

const labelMax = 40;
const isLabel = ({ kind, text, form }: PageItem): boolean => kind === "text" && form !== undefined && text.length <= labelMax;
