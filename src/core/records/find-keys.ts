/**
 * What names a record before it exists, as short texts that the ledger can hold: exact keys as they are, and by day what is
 * compared as evidence. Words of guests are digested, so that no name stands in the ledger.
 */

import type { Sha256 } from "../brand.ts";
import { textsOfValue } from "./compare-values.ts";
import type { Query } from "./find-query.ts";
import { isLikeKey, normalEmail, normalKey, phoneDigits, wordsOf } from "./identity/fold-text.ts";
import { nameWords } from "./identity/person-name.ts";
import type { MatchRules } from "./identity/traits.ts";
import type { FieldType, Moment } from "./value.ts";

const encoder = new TextEncoder();
const digestDigits = 12;
/** Two claims of one guest on one day whose times lie so far apart are two records. In minutes. */
const apartMinutes = 180;

/**
 * `code=s2fjln` for an exact key, `2026-05-30 guest=1f0c….77ab…` for a compared field of a day (each word by itself, so that a first
 * name is found in a full one), `2026-05-30 at=16:30`. Sorted, each once.
 */
export function recordKeys(query: Query, rules: MatchRules, sha256: Sha256): readonly string[] {
  const keys = new Set<string>();
  for (const field of rules.keys)
    for (const text of textsOf(query, field)) if (normalKey(text) !== "") keys.add(`${field}=${normalKey(text)}`);
  const days = momentsOf(query, rules.day);
  const starts = momentsOf(query, rules.start);
  const moments: readonly Moment[] =
    days.length === 0 ? starts : days.flatMap((day) => [day, ...starts.map((start): Moment => ({ ...start, ...day }))]);
  const digest = (word: string): string => sha256(encoder.encode(word)).slice(0, digestDigits);
  for (const { date, time } of moments) {
    if (date === undefined) continue;
    if (time !== undefined) keys.add(`${date} at=${time}`);
    for (const { field, words } of comparedWords(query, rules)) {
      const digests = words.map((word) => digest(`${date} ${field} ${word}`));
      keys.add(`${date} ${field}=${[...new Set(digests)].toSorted().join(".")}`);
    }
  }
  return [...keys].toSorted();
}

const comparedWords = (query: Query, rules: MatchRules): readonly { readonly field: string; readonly words: readonly string[] }[] =>
  rules.match
    .flatMap((field) => textsOf(query, field).map((text) => ({ field, words: wordsIn(text, rules.typeOf(field)) })))
    .filter(({ words }) => words.length > 0);

const momentsOf = (query: Query, field: string | undefined): readonly Moment[] =>
  (field === undefined ? [] : (query.get(field) ?? [])).filter((value) => value.kind === "moment");

const textsOf = (query: Query, field: string): readonly string[] => (query.get(field) ?? []).flatMap(textsOfValue);

function wordsIn(text: string, type: FieldType): readonly string[] {
  if (type === "person" || type === "people") return nameWords(text);
  if (type === "phone") return [phoneDigits(text).slice(-7)].filter((digits) => digits.length === 7);
  if (type === "email") return [normalEmail(text)].filter((mail) => mail !== "");
  return wordsOf(text);
}

interface Facets {
  readonly exact: ReadonlyMap<string, readonly string[]>;
  /** By `day field`, the words of each value. */
  readonly words: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** By day, minutes since midnight. */
  readonly times: ReadonlyMap<string, readonly number[]>;
}

function facetsOf(keys: readonly string[]): Facets {
  const exact = new Map<string, string[]>();
  const words = new Map<string, string[][]>();
  const times = new Map<string, number[]>();
  for (const key of keys) {
    const at = key.indexOf("=");
    const [name, value] = [key.slice(0, at), key.slice(at + 1)];
    const [date = "", field] = name.split(/ (?=\S+$)/u);
    if (field === undefined) exact.set(name, [...(exact.get(name) ?? []), value]);
    else if (field === "at") times.set(date, [...(times.get(date) ?? []), Number(value.slice(0, 2)) * 60 + Number(value.slice(3, 5))]);
    else words.set(name, [...(words.get(name) ?? []), value.split(".")]);
  }
  return { exact, words, times };
}

/** Whether two sets of keys may name one record. An exact key that both have decides, with or without its separators; otherwise a day and what is compared on it. */
export function mayNameOne(one: readonly string[], other: readonly string[]): boolean {
  const [left, right] = [facetsOf(one), facetsOf(other)];
  let isOther = false;
  for (const [field, values] of left.exact) {
    const theirs = right.exact.get(field);
    if (theirs?.some((value) => values.some((own) => isLikeKey(own, value))) === true) return true;
    isOther ||= theirs !== undefined;
  }
  if (isOther) return false;
  let agreements = 0;
  for (const [name, mine] of left.words) {
    const theirs = right.words.get(name);
    if (!theirs) continue;
    if (!mine.some((words) => theirs.some((others) => isWithin(words, others) || isWithin(others, words)))) return false;
    agreements += 1;
  }
  return agreements > 0 && !areApart(left, right);
}

const isWithin = (few: readonly string[], many: readonly string[]): boolean => few.every((word) => many.includes(word));

function areApart({ times }: Facets, other: Facets): boolean {
  for (const [date, mine] of times) {
    const theirs = other.times.get(date);
    if (theirs && mine.every((time) => theirs.every((one) => Math.abs(one - time) >= apartMinutes))) return true;
  }
  return false;
}

/** What a text says, word by word: folded, and as exact keys compare. */
export interface TextWords {
  readonly words: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

export function textWords(texts: readonly string[]): TextWords {
  const words = new Set<string>();
  const keys = new Set<string>();
  for (const text of texts) {
    for (const word of wordsOf(text)) words.add(word);
    for (const token of text.split(/[\s/?&="'(),;]+/u))
      if (token.length >= shortestKey && token.length <= longestKey) keys.add(normalKey(token));
  }
  return { words, keys };
}

/** A shorter token of a text is an ordinary word or number. */
const shortestKey = 3;
const longestKey = 64;

export interface ShownText {
  /** Keys of the record that the text shows, where it shows any as fields. */
  readonly own: readonly string[];
  readonly days: readonly string[];
  readonly words: TextWords;
}

/** Whether all that some keys name stands in a text: an exact key, or each compared field of one of the text's days. */
export function isNamedIn(keys: readonly string[], { own, days, words }: ShownText, sha256: Sha256): boolean {
  const [wanted, said] = [facetsOf(keys), facetsOf(own)];
  for (const [field, values] of wanted.exact) {
    if (values.some((value) => words.keys.has(value) || [...words.keys].some((key) => isLikeKey(key, value)))) return true;
    if (said.exact.has(field)) return false;
  }
  return days.some((day) => {
    const facets = [...wanted.words].filter(([name]) => name.startsWith(`${day} `));
    return (
      facets.length > 0 &&
      facets.every(([name, values]) => values.some((value) => isWithin(value, digested(name, words.words, sha256)))) &&
      !areApart(wanted, said)
    );
  });
}

const digested = (name: string, words: ReadonlySet<string>, sha256: Sha256): readonly string[] =>
  [...words].map((word) => sha256(encoder.encode(`${name} ${word}`)).slice(0, digestDigits));
