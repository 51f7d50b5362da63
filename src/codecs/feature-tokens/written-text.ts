/** A page item's words as they may be written in the bytes: a token is searched for literally, entities and all. */

import type { TermKind } from "../../core/page-terms.ts";
import type { PageItem } from "../html-page/page-item.ts";

const decoder = new TextDecoder();

/** The lines of a page by number less one. */
export const shownText = (bytes: Uint8Array): readonly string[] => decoder.decode(bytes).split(/\r?\n/u);

export interface WrittenTexts {
  /** Tried in order; the first one that proves to be in the bytes is taken. */
  readonly texts: readonly string[];
  /** How well such a thing marks a feature; lower is better. */
  readonly score: number;
}

/** `line` is the line of the bytes in which the item begins. */
export const writtenTexts = (item: PageItem, line: string): WrittenTexts => writers[item.kind](item, line);

/** An item's words without the address in parentheses behind them. */
const bare = ({ text }: PageItem): string => text.replace(/ \([^()]*\)$/u, "");

const writers: Readonly<Record<TermKind, (item: PageItem, line: string) => WrittenTexts>> = {
  data: ({ text }) => ({ texts: [text.replace(/^element /u, "<").split("=")[0] ?? text, ...quoted(text)], score: 0 }),
  script: ({ text, block }) =>
    block === undefined ? { texts: [text], score: 1 } : { texts: statementTexts(text), score: text.endsWith("()") ? 2 : 6 },
  button: (item, line) => ({ texts: [bare(item), ...fragments(line)], score: 3 }),
  form: ({ text }) => ({ texts: [text.replace(/^[A-Z]+ /u, "")], score: 3 }),
  id: ({ text }) => ({ texts: [`id="${text}"`, `id='${text}'`, text], score: 4 }),
  heading: (item, line) => ({ texts: [bare(item), ...fragments(line)], score: 5 }),
  title: (item, line) => ({ texts: [bare(item), ...fragments(line)], score: 5 }),
  style: ({ text, block }) => ({ texts: block === undefined ? [text] : selectorTexts(text), score: 6 }),
  text: ({ text }, line) => ({ texts: [...fragments(line), text], score: 7 }),
  link: (item, line) =>
    item.text.startsWith("embedded page ")
      ? { texts: [item.text.slice("embedded page ".length)], score: 2 }
      : { texts: [bare(item), ...fragments(line)], score: 8 },
  field: (item) => ({ texts: [`name="${bare(item)}"`, bare(item)], score: 8 }),
  image: (item) => ({ texts: [bare(item), /\(([^()]+)\)$/u.exec(item.text)?.[1] ?? ""], score: 9 }),
  meta: ({ text }) => ({ texts: [text.replace(/^[^:]+(?::[^ :]+)?: /u, "")], score: 10 }),
};

/** `name=value` as attributes are written. */
function quoted(text: string): string[] {
  const at = text.indexOf("=");
  return at === -1 ? [] : [`${text.slice(0, at)}="${text.slice(at + 1)}"`];
}

/** `on click` and constants mark nothing that is worth a token. */
function statementTexts(text: string): string[] {
  if (text.endsWith("()")) return [text.slice(0, -2)];
  if (text.startsWith("calls ")) return [text.slice("calls ".length)];
  return text.startsWith("class ") ? [text] : text.startsWith("#") ? [text.slice(1)] : [];
}

const selectorTexts = (text: string): string[] =>
  [...text.matchAll(/[.#]([\w-]{4,})|@keyframes ([\w-]{4,})/gu)].map((found) => found[1] ?? found[2] ?? "");

const fragmentMax = 60;

/** A longer line is that of a minified page, where a line tells nothing of an item. */
const lineMax = 4_000;

/** Runs of plain words in a line of markup, longest first, cut at a word. */
function fragments(line: string): string[] {
  if (line.length > lineMax) return [];
  return line
    .split(/<[^<>]*>/u)
    .map((run) => run.trim())
    .filter((run) => run.length >= 8)
    .toSorted((one, other) => other.length - one.length)
    .slice(0, 4)
    .map((run) =>
      run.length <= fragmentMax
        ? run
        : run.slice(0, run.lastIndexOf(" ", fragmentMax) > 20 ? run.lastIndexOf(" ", fragmentMax) : fragmentMax),
    );
}
