/** Names, keys and numbers that structured systems have, looked for in texts that carry no labels. */

import { canonicalText } from "../compare-values.ts";
import type { RecordKind } from "../kind.ts";
import type { FieldType, Value } from "../value.ts";
import { hashPrime, hashSeed } from "./word-hash.ts";
import { WordTable } from "./word-table.ts";

interface Known {
  readonly field: string;
  readonly type: FieldType;
  /** Folded words, in order. */
  readonly words: readonly string[];
}

/** By first word, longest first. */
export type KnownValues = ReadonlyMap<string, readonly Known[]>;

export interface KnownMatch {
  readonly field: string;
  /** UTF-16 offsets. */
  readonly from: number;
  readonly to: number;
}

/** Common words are no evidence of anything: what is looked for has at least so many letters. */
const lengthMin = 3;
/** `111` says as little of a record as `7`, where it stands in a text. */
const isOneCharacter = /^(.)\1*$/u;
const sought: ReadonlySet<FieldType> = new Set<FieldType>(["person", "people", "key", "email", "phone", "place", "text", "link"]);

/** Fields whose values are looked for in texts: names and descriptions, never times, which the clock grammar finds. */
export const isSought = (type: FieldType): boolean => sought.has(type);

export const textsIn = (value: Value): readonly string[] =>
  value.kind === "text" ? [value.text] : value.kind === "list" ? value.items : [];

/** Values of the fields that name or describe a record: never its times, which the clock grammar finds. */
export function indexKnown(kind: RecordKind, values: Iterable<readonly [field: string, value: Value]>): KnownValues {
  const types = new Map(kind.fields.map(({ name, type }) => [name, type]));
  const index = new Map<string, Map<string, Known>>();
  for (const [field, value] of values) {
    const type = types.get(field);
    if (type === undefined || !isSought(type)) continue;
    // Where several people are meant, one of their names says nothing of the list, and no list takes its place.
    if (type === "people" && textsIn(value).length !== 1) continue;
    for (const text of textsIn(value)) {
      const words = wordsOf(canonicalText(text, type)).map(({ word }) => word);
      const [first] = words;
      if (first === undefined || words.join("").length < lengthMin || (type === "key" && isOneCharacter.test(words.join("")))) continue;
      const bucket = index.get(first) ?? new Map<string, Known>();
      bucket.set(`${field} ${words.join(" ")}`, { field, type, words });
      index.set(first, bucket);
    }
  }
  return new Map(
    [...index].map(([first, bucket]) => [first, [...bucket.values()].toSorted((one, other) => other.words.length - one.words.length)]),
  );
}

/** Whole words only; the longest known value that begins at a word wins, and no two matches of one field overlap. */
export function findKnown(text: string, known: KnownValues): readonly KnownMatch[] {
  if (known.size === 0 || !mayHoldKnown(text, known)) return [];
  const words = wordsOf(text);
  const matches: KnownMatch[] = [];
  const takenTo = new Map<string, number>();
  for (const [index, { word, from }] of words.entries()) {
    for (const { field, words: wanted } of candidatesAt(word, known)) {
      if ((takenTo.get(field) ?? 0) > from) continue;
      const to = endOf(wanted, words.slice(index, index + wanted.length));
      if (to === undefined) continue;
      matches.push({ field, from, to });
      takenTo.set(field, to);
    }
  }
  return matches;
}

const none: readonly Known[] = [];

function candidatesAt(word: string, known: KnownValues): readonly Known[] {
  const exact = known.get(word) ?? none;
  const bare = withoutPossessive(word);
  return bare === word ? exact : [...exact, ...(known.get(bare) ?? none)];
}

/** Where the wanted words end, what says that something is theirs left out: `Jonah Reed’s`. */
function endOf(wanted: readonly string[], words: readonly Word[]): number | undefined {
  const last = words.at(-1);
  const lastWanted = wanted.at(-1);
  if (!last || lastWanted === undefined || words.length < wanted.length) return undefined;
  if (!wanted.every((one, at) => at === wanted.length - 1 || words[at]?.word === one)) return undefined;
  if (last.word === lastWanted) return last.to;
  return withoutPossessive(last.word) === lastWanted ? last.to - 2 : undefined;
}

const withoutPossessive = (word: string): string => (/['’]s$/u.test(word) ? word.slice(0, -2) : word);

const hashStart = hashSeed | 0;
const apostrophe = 39;
const firstWords = new WeakMap<KnownValues, WordTable>();

function firstWordsOf(known: KnownValues): WordTable {
  const table = firstWords.get(known) ?? new WordTable(known.keys());
  firstWords.set(known, table);
  return table;
}

/** By character of ASCII: 0 ends a word, 1 may stand within one, else the letter in lower case or the digit. */
const inWord: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code).toLowerCase();
  return /[a-z\d]/u.test(character) ? character.charCodeAt(0) : "'._@+-".includes(character) ? 1 : 0;
});

/** Dashes, quotes, dots and the space that does not break end a word; the apostrophe among them does not. */
const isWideMark = (code: number): boolean => code === 0xa0 || code === 0xb7 || (code >= 0x2010 && code <= 0x2027 && code !== 0x2019);

/** `false` where no word of the text, cut as `wordsOf` cuts it, begins a known value. Letters of ASCII alone are looked at like this. */
function mayHoldKnown(text: string, known: KnownValues): boolean {
  const table = firstWordsOf(known);
  // The word so far, and how it stood at its last letter: marks at its end are no part of it.
  let whole = hashStart;
  let hash = hashStart;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127 && !isWideMark(code)) return true;
    const low = inWord[code] ?? 0;
    if (low > 1) {
      whole = Math.imul(whole ^ low, hashPrime);
      hash = whole;
    } else if (low === 1 && hash !== hashStart) {
      // What stands before an apostrophe may be a name that owns something.
      if (code === apostrophe && table.mayHave(hash)) return true;
      whole = Math.imul(whole ^ code, hashPrime);
    } else {
      if (hash !== hashStart && table.mayHave(hash)) return true;
      whole = hashStart;
      hash = hashStart;
    }
  }
  return hash !== hashStart && table.mayHave(hash);
}

const wordPattern = /[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}'’._@+-]*[\p{L}\p{N}\p{M}])?/gu;

interface Word {
  readonly word: string;
  readonly from: number;
  readonly to: number;
}

function wordsOf(text: string): Word[] {
  const words = [];
  for (const { 0: word, index } of text.matchAll(wordPattern)) {
    words.push({ word: word.normalize("NFKC").toLowerCase(), from: index, to: index + word.length });
  }
  return words;
}
