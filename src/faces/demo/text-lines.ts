/** Finds the visible text of a page well enough for a story about it. Pure. */

const hidden = /<!--|<(?:script|style|textarea|template|svg|pre)\b/giu;

/** The page with comments and whatever is no running text blanked out, at the same offsets. */
export function masked(page: string): string {
  const lower = page.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase());
  let text = "";
  let from = 0;
  hidden.lastIndex = 0;
  for (let found = hidden.exec(lower); found !== null; found = hidden.exec(lower)) {
    const closer = found[0] === "<!--" ? "-->" : `</${found[0].slice(1)}`;
    const end = lower.indexOf(closer, found.index + found[0].length);
    const to = end < 0 ? page.length : end + closer.length;
    text += page.slice(from, found.index) + page.slice(found.index, to).replaceAll(/[^\r\n]/g, " ");
    from = to;
    hidden.lastIndex = to;
  }
  return text + page.slice(from);
}

/** A line of a page that a person could edit or take out by itself. */
export interface TextLine {
  readonly number: number;
  /** The line's text without the white space around it; unique in the page. */
  readonly text: string;
  readonly isParagraph: boolean;
  /** Offsets of the whole line with its end. */
  readonly line: { readonly from: number; readonly to: number };
}

/** Whether the page holds the text exactly once. */
export const isOnce = (page: string, text: string): boolean => page.includes(text) && page.indexOf(text) === page.lastIndexOf(text);

const oneElement = /^<(p|li|h[1-6]|dd|dt|td|th|title|figcaption|span|div|a)\b[^<>]*>[^<>]*\p{L}[^<>]*<\/\1\s*>$/iu;
/** Longer lines are no good to show. */
export const lineCharactersMax: number = 300;

/** Lines that hold one whole element with text, and that no other line repeats. */
export function textLines(page: string, visible: string): TextLine[] {
  const found: TextLine[] = [];
  let from = 0;
  for (let number = 1; from < page.length; number += 1) {
    const end = page.indexOf("\n", from);
    const to = end < 0 ? page.length : end + 1;
    const text = visible.slice(from, to).trim();
    const isWhole = text.length <= lineCharactersMax && page.slice(from, to).trim() === text;
    if (isWhole && oneElement.test(text) && isOnce(page, text)) {
      found.push({ number, text, isParagraph: /^<(?:p|li|dd|figcaption)\b/iu.test(text), line: { from, to } });
    }
    from = to;
  }
  return found;
}
