import type { Term, TermKind } from "../../core/page-terms.ts";
import { clipped } from "./page-text.ts";

/** A term with what is needed to compare pages: where it belongs and what else says the same. */
export interface PageItem extends Term {
  /** Ordinal of the start tag that it comes from. */
  readonly element: number;
  /** The bare words or address in it, folded to lower case, to find what says the same twice; empty where nothing can. */
  readonly said: string;
  /** Ordinal of the form around it. */
  readonly form?: number;
  /** Present on one statement of an inline script or style sheet: its statements are told together. */
  readonly block?: string;
}

export interface ItemSource {
  readonly kind: TermKind;
  readonly text: string;
  readonly said?: string;
  readonly block?: string;
}

/** Statements of one block that are named before the rest is counted. */
const namedMax = 6;

/** Items as terms, in order: the statements of one inline script or style sheet become one term that names the first of them. */
export function termsOf(items: readonly PageItem[]): PageItem[] {
  const blocks = new Map<string, PageItem[]>();
  const terms: (PageItem | PageItem[])[] = [];
  for (const item of items) {
    const key = item.block === undefined ? undefined : `${item.element} ${item.block}`;
    const block = key === undefined ? undefined : blocks.get(key);
    if (block) block.push(item);
    else if (key === undefined) terms.push(item);
    else {
      const fresh = [item];
      blocks.set(key, fresh);
      terms.push(fresh);
    }
  }
  return terms.map((term) => (Array.isArray(term) ? blockTerm(term) : term)).filter((term) => term !== undefined);
}

function blockTerm(items: readonly PageItem[]): PageItem | undefined {
  const [first] = items;
  if (!first) return undefined;
  const names = items.slice(0, namedMax).map((item) => item.text);
  while (names.length > 1 && names.join(", ").length > 150) names.pop();
  const more = items.length - names.length;
  const rest = more > 0 ? ` and ${more} more` : "";
  return { ...first, text: clipped(`${first.block ?? ""}: ${names.join(", ")}${rest}`) };
}
