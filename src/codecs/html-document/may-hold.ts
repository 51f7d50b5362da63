/** A look at bytes that spares most pages of an audit the reading: it answers no only where reading could not find anything either. */

import { utf8 } from "./charset.ts";

export interface Prefilter {
  /** Texts of which one has to be there: keys, names. Compared without regard to case. */
  readonly needles?: readonly string[];
  /** Whether a time of day or a date counts as well. */
  readonly isClock?: boolean;
  /** Runs of ASCII letters and digits in lower case, of which one has to be there as a whole word: as many as there are names. */
  readonly words?: ReadonlySet<string>;
  /** What style sheets hold does not count. */
  readonly skipsStyles?: boolean;
}

const tag = "<[^>]{0,120}>";
/** What may stand between two letters of a word: markup. */
const within = `(?:${tag}){0,4}`;
/** What may stand for anything that is no ASCII letter or digit: other bytes, markup, references, escapes. */
const other = String.raw`(?:[^a-z0-9<\\]|${tag}|&#?[a-z0-9]{1,31};?|\\u\{?[0-9a-f]{4,6}\}?|\\x[0-9a-f]{2}|\\[^]?){0,24}`;

/** An ASCII letter or digit in disguise, as a reference or an escape: whoever writes so could write anything. */
const alnumHex = "0*(?:3\\d|[46][1-9a-f]|[57][0-9a])(?![0-9a-f])";
const disguised = new RegExp(
  String.raw`&#(?:0*(?:4[89]|5[0-7]|6[5-9]|[78]\d|90|9[7-9]|1[01]\d|12[0-2])(?!\d)|x${alnumHex})|\\u\{?${alnumHex}|\\x(?:3\d|[46][1-9a-f]|[57][0-9a])`,
  "iu",
);

/** Whole words: `margin: 0` is no day of March. */
const months =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])";
const clockForms = [
  String.raw`\d${within}(?:[:.hu]|&colon;|\xef\xbc\x9a)${within}[0-5]${within}\d`,
  String.raw`\d${other}[ap]${other}m\b`,
  String.raw`\d${other}(?:h\b|hrs?\b|hours|uhr|o${other}clock)`,
  "noon|midnight|midday",
  String.raw`\d{4}${other}[01]\d${other}[0-3]\d`,
  String.raw`\d{1,2}[/.-]\d{1,2}[/.-]\d{2}`,
  String.raw`${months}${other}\d`,
  String.raw`\d(?:st|nd|rd|th)?${other}(?:of${other})?${months}`,
  "(?:sun|mon|tues|wednes|thurs|fri|satur)day",
];

/**
 * Whether bytes may hold what is looked for. Made once, used on many pages: about 10 ms a megabyte. Bytes that cannot be looked
 * into like this (compressed, UTF-16) may hold anything. `bytes`: with any content encoding undone.
 */
export function openPrefilter({
  needles = [],
  isClock = false,
  words = new Set(),
  skipsStyles = false,
}: Prefilter): (bytes: Uint8Array) => boolean {
  const forms = [...needles.map(needleForm), ...(isClock ? clockForms : [])].filter((form) => form !== "");
  const isAnything = needles.some((needle) => needleForm(needle) === "");
  // Without the flag for Unicode a byte is a character, and classes are ASCII.
  const wanted = forms.length === 0 ? undefined : new RegExp(forms.join("|"), "i");
  return (bytes) => {
    const whole = utf8.view(bytes);
    const view = skipsStyles ? whole.replaceAll(styles, "") : whole;
    return isAnything || isOpaque(bytes) || wanted?.test(view) === true || disguised.test(view) || holdsWord(view, words);
  };
}

/** A style sheet without anything that looks like markup. */
const styles = /<style\b[^<>]{0,200}>[^<]*(?=<\/style)/gi;
/** Tags that may stand within a word. */
const inlineTags = /<\/?(?:a|abbr|b|big|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|u|wbr)\b[^<>]{0,400}>|<!--[^]{0,400}?-->/gi;
/** Letters that are ASCII's in another width or style, in UTF-8: they compare as the plain ones. */
const otherForms = /\xef[\xac\xbc\xbd]|\xf0\x9d/;

function holdsWord(view: string, words: ReadonlySet<string>): boolean {
  if (words.size === 0) return false;
  if (otherForms.test(view)) return true;
  for (const word of wordsIn(view)) if (words.has(word)) return true;
  return false;
}

/** Tags that stand within a word may stand between two as well, so both are looked at: with them as they are, and without them. */
function* wordsIn(view: string): Generator<string> {
  for (const text of [view, view.replaceAll(inlineTags, "")]) for (const [word] of text.matchAll(/[a-z\d]+/giu)) yield word.toLowerCase();
}

/** Every word that `words` of a prefilter could mean, styles left out. `undefined` where bytes cannot be looked into. */
export function wordsOf(bytes: Uint8Array): ReadonlySet<string> | undefined {
  const view = utf8.view(bytes).replaceAll(styles, "");
  return isOpaque(bytes) || disguised.test(view) || otherForms.test(view) ? undefined : new Set(wordsIn(view));
}

/** For one page. */
export const mayHold = (bytes: Uint8Array, look: Prefilter): boolean => openPrefilter(look)(bytes);

/** Gzip, or NUL bytes as UTF-16 has them. */
const isOpaque = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0x1f && bytes[1] === 0x8b) ||
  (bytes[0] === 0xff && bytes[1] === 0xfe) ||
  (bytes[0] === 0xfe && bytes[1] === 0xff) ||
  bytes.subarray(0, 1024).includes(0);

/** Empty where nothing of the needle can be looked for in bytes. */
function needleForm(needle: string): string {
  const words = needle.toLowerCase().match(/[a-z0-9]+/gu) ?? [];
  return words.map((word) => Array.from(word).join(within)).join(other);
}
