/** Text from outside (page text, names, commit subjects, file names), fit for a terminal and recognisable as data. */

import { cutTo } from "./text-width.ts";

// Terminals obey control characters; bidirectional marks and invisible spaces make text look like other text.
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const obeyed = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** One line, without anything that a terminal would obey. */
export const plain = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\t\n\r]+/gu, " ")
    .replaceAll(obeyed, "");

/** A line of a file with its tabs, for eyes: what a terminal would obey is shown as a box. */
export const plainLine = (text: string): string => text.toWellFormed().replaceAll(/(?!\t)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");

/** In quotation marks, cut to so many columns, the marks included. */
export const said = (text: string, widthMax: number): string => `“${cutTo(plain(text).trim(), Math.max(widthMax - 2, 8))}”`;

/** The first digits of a digest: enough to recognise it by. */
export const short = (digest: string): string => digest.slice(0, 8);

/** A word of a command line, quoted where a POSIX shell needs it. */
export const shellWord = (word: string): string =>
  /^[\p{L}\p{N}_./:@%+=,-]+$/u.test(word) && word !== "" ? word : `'${plain(word).replaceAll("'", String.raw`'\''`)}'`;

/** `3 files`, `1 file`. */
export const counted = (count: number, noun: string): string => `${count} ${count === 1 ? noun : pluralOf(noun)}`;

/** By its spelling: kinds are named by people, so `class` and `party` are as likely as `booking`. */
function pluralOf(noun: string): string {
  if (/(?:s|x|z|ch|sh)$/iu.test(noun)) return `${noun}es`;
  return /[^aeiou]y$/iu.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
