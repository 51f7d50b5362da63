/** A look at a page's bytes for what makes it worth reading: words that are known, and what may be a time. One pass, nothing decoded. */

import { hashPrime, hashSeed, wordHash } from "../../core/records/claims/word-hash.ts";
import { WordTable } from "../../core/records/claims/word-table.ts";
import { byteAt, endOfInline, isDigit, isLetter, lowAt, lowered, textAt } from "./byte-steps.ts";
import { endOfRun, isClockNumber, isOtherNumber, signWords } from "./clock-signs.ts";

/** Where in the bytes something may stand, in order; `undefined` where it may stand anywhere. */
export type Signs = readonly number[] | undefined;

export interface Looked {
  /** Whether anything may stand there that a record's value could be read from. */
  readonly mayHold: boolean;
  /** Every place of it, and of what looks like a time and is none. */
  readonly signs: Signs;
}

/** Of bytes as they are stored, or with their content encoding undone. */
export type PageLook = (bytes: Uint8Array) => Looked;

const anything: Looked = { mayHold: true, signs: undefined };

/** `words`: ASCII letters and digits in lower case; each counts as a whole word, through tags that may stand within one. */
export function openPageLook(words: ReadonlySet<string>): PageLook {
  const table = new WordTable([...words, ...signWords.keys()]);
  return (bytes) => {
    if (isOpaque(bytes)) return anything;
    const walk = new ByteWalk(bytes, { words, table });
    if (!walk.run()) return anything;
    return { mayHold: walk.mayHold, signs: walk.found.toSorted((one, other) => one - other) };
  };
}

/** Gzip, or NUL bytes as UTF-16 has them. */
const isOpaque = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0x1f && bytes[1] === 0x8b) ||
  (bytes[0] === 0xff && bytes[1] === 0xfe) ||
  (bytes[0] === 0xfe && bytes[1] === 0xff) ||
  bytes.subarray(0, 1024).includes(0);

interface Sought {
  readonly words: ReadonlySet<string>;
  readonly table: WordTable;
  /** Every word's hash is put here, and nothing is looked for. */
  readonly hashes?: Set<number>;
}

/** An ASCII letter or digit in disguise, as a reference or an escape: whoever writes so could write anything. */
const alnumHex = "0*(?:3\\d|[46][1-9a-f]|[57][0-9a])(?![0-9a-f])";
const disguised: RegExp = new RegExp(
  String.raw`&#(?:0*(?:4[89]|5[0-7]|6[5-9]|[78]\d|90|9[7-9]|1[01]\d|12[0-2])(?!\d)|x${alnumHex})|\\u\{?${alnumHex}|\\x(?:3\d|[46][1-9a-f]|[57][0-9a])`,
  "iu",
);
const disguiseMax = 16;

/** By byte: 1 where what is no letter and no digit has to be looked at. */
const isTelling: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0x3c || byte === 0x26 || byte === 0x5c || byte >= 0xef ? 1 : 0,
);

/** The walk through one page. */
class ByteWalk {
  readonly found: number[] = [];
  mayHold = false;
  readonly #bytes: Uint8Array;
  readonly #look: Sought;
  /** The rest of a word that tags divide, where it goes on, and what came before. */
  #joinAt = -1;
  #joinFrom = 0;
  #joined = "";
  #isAnything = false;

  constructor(bytes: Uint8Array, look: Sought) {
    this.#bytes = bytes;
    this.#look = look;
  }

  /** `false` where the bytes could say anything. */
  run(): boolean {
    const bytes = this.#bytes;
    const { length } = bytes;
    for (let at = 0; at < length && !this.#isAnything;) {
      const byte = bytes[at] ?? 0;
      let low = lowered[byte] ?? 0;
      if (low === 0) {
        at = isTelling[byte] === 1 ? this.#mark(at) : at + 1;
        continue;
      }
      const from = at;
      let hash = hashSeed | 0;
      let least = low;
      do {
        hash = Math.imul(hash ^ low, hashPrime);
        if (low < least) least = low;
        at += 1;
        low = at < length ? (lowered[bytes[at] ?? 0] ?? 0) : 0;
      } while (low !== 0);
      this.#take(from, at, hash);
      if (!isLetter(least)) this.#figures(from, at);
    }
    return !this.#isAnything;
  }

  /** A run of letters and digits. */
  #take(from: number, to: number, hash: number): void {
    const { table, hashes } = this.#look;
    if (hashes) hashes.add(hash);
    else if (table.mayHave(hash)) this.#judge(textAt(this.#bytes, from, to), from, to);
    if (byteAt(this.#bytes, to) === 0x3c || from === this.#joinAt) this.#join(from, to);
  }

  /** What is neither letter nor digit; where to go on. */
  #mark(at: number): number {
    const byte = this.#bytes[at] ?? 0;
    if (byte === 0x3c) return this.#endOfStyle(at);
    if ((byte === 0x26 && byteAt(this.#bytes, at + 1) === 0x23) || byte === 0x5c) this.#isAnything = this.#isDisguise(at);
    else if (byte >= 0xef) this.#isAnything = isOtherForm(byte, byteAt(this.#bytes, at + 1));
    return at + 1;
  }

  #isDisguise(at: number): boolean {
    return disguised.test(textAt(this.#bytes, at, Math.min(this.#bytes.length, at + disguiseMax)));
  }

  /** Past a style sheet in which nothing looks like markup; past the mark alone everywhere else. */
  #endOfStyle(at: number): number {
    const bytes = this.#bytes;
    if (lowAt(bytes, at + 1) !== 0x73 || textAt(bytes, at + 1, at + 6) !== "style" || lowAt(bytes, at + 6) !== 0) return at + 1;
    const open = bytes.indexOf(0x3e, at);
    const next = open < 0 ? -1 : bytes.indexOf(0x3c, at + 1);
    return next > open && textAt(bytes, next, next + 7) === "</style" ? next : at + 1;
  }

  #judge(word: string, from: number, to: number): void {
    if (this.#look.hashes) this.#look.hashes.add(wordHash(word));
    else if (this.#look.words.has(word) || signWords.get(word)?.(this.#bytes, to) === true) this.#add(from);
  }

  /** Figures and letters in one run: `16h30`, `5june`, `4pm`. */
  #figures(from: number, to: number): void {
    if (this.#look.hashes) return;
    const bytes = this.#bytes;
    for (let at = from; at < to;) {
      const end = endOfRun(bytes, at);
      const isNumber = isDigit(byteAt(bytes, at));
      if (isNumber ? isClockNumber(bytes, at, end) : signWords.get(textAt(bytes, at, Math.min(end, at + signMax)))?.(bytes, end) === true)
        this.#add(at);
      else if (isNumber && isOtherNumber(bytes, at, end)) this.found.push(at);
      at = end;
    }
  }

  /** A word that tags divide is looked up as a whole too. */
  #join(from: number, to: number): void {
    const isRest = from === this.#joinAt;
    const next = endOfInline(this.#bytes, to);
    const isDivided = next > to && lowAt(this.#bytes, next) !== 0;
    if (!isRest && !isDivided) return;
    const word = `${isRest ? this.#joined : ""}${textAt(this.#bytes, from, Math.min(to, from + joinMax))}`;
    const begin = isRest ? this.#joinFrom : from;
    if (isRest) this.#judge(word, begin, to);
    if (!isDivided || word.length > joinMax) return;
    this.#joinAt = next;
    this.#joinFrom = begin;
    this.#joined = word;
  }

  #add(at: number): void {
    this.mayHold = true;
    this.found.push(at);
  }
}

/** No word of a clock text is longer. */
const signMax = 12;
/** No word that is looked for is longer, by far. */
const joinMax = 200;

/** Letters that are ASCII's in another width or style, in UTF-8: they compare as the plain ones. */
const isOtherForm = (byte: number, next: number): boolean =>
  (byte === 0xef && (next === 0xac || next === 0xbc || next === 0xbd)) || (byte === 0xf0 && next === 0x9d);

const noWords: ReadonlySet<string> = new Set();
const noTable = new WordTable([]);

/** Hashes (`wordHash`) of every word that `words` of a look could mean, styles left out. `undefined` where bytes could say anything. */
export function wordHashesOf(bytes: Uint8Array): ReadonlySet<number> | undefined {
  if (isOpaque(bytes)) return undefined;
  const hashes = new Set<number>();
  const walk = new ByteWalk(bytes, { words: noWords, table: noTable, hashes });
  return walk.run() ? hashes : undefined;
}
