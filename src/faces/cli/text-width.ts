/** How many columns a text takes on a terminal, and texts made to fit. */

import { stripVTControlCharacters } from "node:util";

/** Loading the segmenter's tables takes ten milliseconds, so plain text does without. */
let segmenter: Intl.Segmenter | undefined;
const segmentsOf = (text: string): Intl.Segments => (segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" })).segment(text);

/** Latin letters, general punctuation, arrows and check marks: one column a code unit. */
const isPlain = (text: string): boolean =>
  /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2713-\u2718]*$/u.test(text);

/** First and last code points that East Asian fonts draw two columns wide; emoji are told by their own property. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

/** Columns of a text; colour sequences count nothing. */
export function widthOf(text: string): number {
  const bare = stripVTControlCharacters(text);
  if (isPlain(bare)) return bare.length;
  let width = 0;
  for (const { segment } of segmentsOf(bare)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  const point = grapheme.codePointAt(0) ?? 0;
  if (/^[\p{M}\p{Cf}\p{Cc}]+$/u.test(grapheme)) return 0;
  const isEmoji = /\p{Emoji_Presentation}|\ufe0f/u.test(grapheme);
  return isEmoji || wideRanges.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}

/** The text, or its beginning and an ellipsis, in at most so many columns. For text without colour. */
export function cutTo(text: string, widthMax: number): string {
  if (widthOf(text) <= widthMax) return text;
  let cut = "";
  let width = 1;
  for (const { segment } of segmentsOf(text)) {
    width += graphemeWidth(segment);
    if (width > widthMax) break;
    cut += segment;
  }
  return `${cut.trimEnd()}…`;
}

/** The text with spaces behind it up to so many columns. */
export const padTo = (text: string, width: number): string => text + " ".repeat(Math.max(width - widthOf(text), 0));

/** Lines of at most `width` columns: the first begins with `first`, the others with `rest`. A longer word stays whole. */
export function wrap(
  text: string,
  { width, first = "", rest = first }: { readonly width: number; readonly first?: string; readonly rest?: string },
): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    // Two spaces set things apart within a line; at a line's beginning they would only look crooked.
    if (isEmpty && lines.length > 0 && word === "") continue;
    if (!isEmpty && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line.trimEnd());
      line = rest;
      isEmpty = true;
      if (word === "") continue;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

/** Rows with their cells under one another, two spaces apart; the last cell of a row is left as it is. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.slice(0, -1).entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : padTo(cell, widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
