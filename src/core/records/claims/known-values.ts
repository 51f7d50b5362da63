/** Names, keys and numbers that structured systems have, looked for in texts that carry no labels. */

import { canonicalText } from "../compare-values.ts";
import type { RecordKind } from "../kind.ts";
import type { FieldType, Value } from "../value.ts";

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
    for (const text of textsIn(value)) {
      const words = wordsOf(canonicalText(text, type)).map(({ word }) => word);
      const [first] = words;
      if (first === undefined || words.join("").length < lengthMin) continue;
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
  if (known.size === 0) return [];
  const words = wordsOf(text);
  const matches: KnownMatch[] = [];
  const takenTo = new Map<string, number>();
  for (const [index, { word, from }] of words.entries()) {
    for (const { field, words: wanted } of known.get(word) ?? []) {
      if ((takenTo.get(field) ?? 0) > from) continue;
      const last = words[index + wanted.length - 1];
      if (!last || !wanted.every((one, offset) => words[index + offset]?.word === one)) continue;
      matches.push({ field, from, to: last.to });
      takenTo.set(field, last.to);
    }
  }
  return matches;
}

const wordPattern = /[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}'’._@+-]*[\p{L}\p{N}\p{M}])?/gu;

function wordsOf(text: string): { readonly word: string; readonly from: number; readonly to: number }[] {
  const words = [];
  for (const { 0: word, index } of text.matchAll(wordPattern)) {
    words.push({ word: word.normalize("NFKC").toLowerCase(), from: index, to: index + word.length });
  }
  return words;
}
