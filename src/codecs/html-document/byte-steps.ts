/** Steps through the bytes of a page: past markup and marks to the next letter or digit, and the words there. */

/** By byte: 0 where it is neither letter nor digit of ASCII, else the letter in lower case or the digit. */
export const lowered: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte).toLowerCase();
  return byte < 128 && /[a-z\d]/u.test(character) ? character.charCodeAt(0) : 0;
});

export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
/** Of what `lowered` holds. */
export const isLetter = (low: number): boolean => low >= 0x61;

export const lowAt = (bytes: Uint8Array, at: number): number => (at < bytes.length ? (lowered[bytes[at] ?? 0] ?? 0) : 0);
export const byteAt = (bytes: Uint8Array, at: number): number => (at < bytes.length ? (bytes[at] ?? 0) : 0);

/** A tag within a text is shorter, in what is skipped. */
const tagMax = 120;
/** So far is looked for what belongs together: it bounds the time that any page can cost. */
const skipMax = 400;
/** The longest reference of the standard is shorter. */
const referenceMax = 32;

/** Where the tag that begins at `at` ends; `at` itself where none does. */
function tagEnd(bytes: Uint8Array, at: number): number {
  const last = Math.min(bytes.length, at + tagMax);
  for (let here = at + 1; here < last; here += 1) if (bytes[here] === 0x3e) return here + 1;
  return at;
}

/** Past `&nbsp;`, `&#8211;`, and `&nbsp` as it may stand without its end; past the mark alone where it is none. */
function referenceEnd(bytes: Uint8Array, at: number): number {
  let here = at + 1;
  if (bytes[here] === 0x23) here += 1;
  const from = here;
  while (here - at < referenceMax && lowAt(bytes, here) !== 0) here += 1;
  if (byteAt(bytes, here) === 0x3b) return here + 1;
  return textAt(bytes, from, from + 4) === "nbsp" ? from + 4 : at + 1;
}

/** `\u2013`, `\u{2013}`, `\xa0`, `\n`: an escape of a script or of JSON. */
function escapeEnd(bytes: Uint8Array, at: number): number {
  const low = lowAt(bytes, at + 1);
  if (low === 0x78) return at + 4;
  if (low !== 0x75) return at + 2;
  if (byteAt(bytes, at + 2) !== 0x7b) return at + 6;
  let here = at + 3;
  while (here - at < 10 && lowAt(bytes, here) !== 0) here += 1;
  return here + 1;
}

/** The next letter or digit, past whatever may stand between two words of one text: marks, spaces, tags, references, escapes. */
export function skipOther(bytes: Uint8Array, from: number): number {
  const last = Math.min(bytes.length, from + skipMax);
  let at = from;
  while (at < last) {
    const byte = bytes[at] ?? 0;
    if ((lowered[byte] ?? 0) !== 0) return at;
    if (byte === 0x3c) {
      const end = tagEnd(bytes, at);
      if (end === at) return last;
      at = end;
    } else if (byte === 0x26) at = referenceEnd(bytes, at);
    else at = byte === 0x5c ? escapeEnd(bytes, at) : at + 1;
  }
  return Math.min(at, bytes.length);
}

/** Past tags alone. */
export function skipTags(bytes: Uint8Array, from: number): number {
  let at = from;
  while (byteAt(bytes, at) === 0x3c && at - from < skipMax) {
    const end = tagEnd(bytes, at);
    if (end === at) return at;
    at = end;
  }
  return at;
}

/** Where the letters that begin at `at` end. */
export function endOfLetters(bytes: Uint8Array, at: number): number {
  let end = at;
  while (isLetter(lowAt(bytes, end))) end += 1;
  return end;
}

export function endOfDigits(bytes: Uint8Array, at: number): number {
  let end = at;
  while (isDigit(byteAt(bytes, end))) end += 1;
  return end;
}

/** No word that means anything here is longer. */
const wordMax = 12;

/** Letters in lower case, with where they end. */
export interface Word {
  readonly text: string;
  readonly end: number;
}

/** The letters at `at`; and, where tags follow that may stand within a word, the word that they divide. None that are too long. */
export function wordsAt(bytes: Uint8Array, at: number): readonly Word[] {
  const first = endOfLetters(bytes, at);
  if (first === at || first - at > wordMax) return [];
  const plain = { text: textAt(bytes, at, first), end: first };
  let { text, end } = plain;
  for (let next = endOfInline(bytes, end); next > end && isLetter(lowAt(bytes, next)); next = endOfInline(bytes, end)) {
    end = endOfLetters(bytes, next);
    if (end - next + text.length > wordMax) return [plain];
    text += textAt(bytes, next, end);
  }
  return end === first ? [plain] : [plain, { text, end }];
}

/** Letters and digits in lower case, all else as it is. */
export function textAt(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let at = from; at < to; at += 1) {
    const low = lowAt(bytes, at);
    text += String.fromCharCode(low === 0 ? byteAt(bytes, at) : low);
  }
  return text;
}

/** Tags that may stand within a word. */
const inline: ReadonlySet<string> = new Set("a abbr b big cite code em font i mark q s small span strong sub sup u wbr".split(" "));
const inlineMax = 400;

/** Where the tags and comments end that begin at `at` and may stand within a word; `at` itself where none does. */
export function endOfInline(bytes: Uint8Array, from: number): number {
  let at = from;
  while (byteAt(bytes, at) === 0x3c) {
    const end = byteAt(bytes, at + 1) === 0x21 ? commentEnd(bytes, at) : inlineEnd(bytes, at);
    if (end === at) return at;
    at = end;
  }
  return at;
}

function commentEnd(bytes: Uint8Array, at: number): number {
  if (byteAt(bytes, at + 2) !== 0x2d || byteAt(bytes, at + 3) !== 0x2d) return at;
  const last = Math.min(bytes.length, at + inlineMax);
  for (let here = at + 6; here < last; here += 1)
    if (bytes[here] === 0x3e && bytes[here - 1] === 0x2d && bytes[here - 2] === 0x2d) return here + 1;
  return at;
}

function inlineEnd(bytes: Uint8Array, at: number): number {
  const named = byteAt(bytes, at + 1) === 0x2f ? at + 2 : at + 1;
  const end = endOfLetters(bytes, named);
  if (end - named > wordMax || !inline.has(textAt(bytes, named, end))) return at;
  const last = Math.min(bytes.length, at + inlineMax);
  for (let here = named; here < last; here += 1) {
    if (bytes[here] === 0x3e) return here + 1;
    if (bytes[here] === 0x3c) return at;
  }
  return at;
}
