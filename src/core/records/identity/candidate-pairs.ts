/** Which sightings are worth comparing: those that share a key, a day and a name, or rare tokens. Never all pairs. */

import { bareKey, skeletonOf } from "./fold-text.ts";
import { nicknameFamilies } from "./nicknames.ts";
import type { Frequencies } from "./frequencies.ts";
import type { Feature, Profile } from "./profile.ts";

/** A block of more sightings says too little to compare all of them. */
const BLOCK_MAX = 200;
/** Of one sighting's neighbours, those that share the most; the rest is not compared. */
const NEIGHBOURS_MAX = 30;
/** Rare tokens of an undated sighting that are also paired with one another. */
const PAIRED_TOKENS_MAX = 6;
const DAYS_MAX = 4;

/**
 * Calls back once for each pair, lesser position first. Dated sightings meet within a day of one another, and undated ones; memory grows with the
 * number of sightings, not of pairs.
 */
export function candidatePairs(profiles: readonly Profile[], frequencies: Frequencies, each: (a: number, b: number) => void): void {
  const hasUndated = profiles.some(({ days }) => days.length === 0);
  const blocks = new Map<string, number[]>();
  const dated = profiles.map((profile) => datedNames(profile));
  const free = profiles.map((profile) => (hasUndated ? freeNames(profile, frequencies) : []));
  for (const [at, profile] of profiles.entries()) {
    const names = new Set([...keyNames(profile), ...(dated[at] ?? []), ...(free[at] ?? [])]);
    for (const name of names) {
      const block = blocks.get(name);
      if (block === undefined) blocks.set(name, [at]);
      else block.push(at);
    }
  }
  for (const [at, profile] of profiles.entries()) {
    const looked = [...keyNames(profile), ...(profile.days.length === 0 ? (free[at] ?? []) : (dated[at] ?? []))];
    for (const other of neighbours(at, new Set(looked), blocks))
      if (isMine(profiles, at, other)) each(Math.min(at, other), Math.max(at, other));
  }
}

/** An undated sighting looks for dated ones, which never look back; otherwise the later one looks. Keys are looked up from both sides. */
function isMine(profiles: readonly Profile[], at: number, other: number): boolean {
  const [mine, theirs] = [at, other].map((position) => profiles[position]?.days.length === 0);
  return mine === theirs ? other < at : mine === true;
}

function neighbours(at: number, names: ReadonlySet<string>, blocks: ReadonlyMap<string, readonly number[]>): readonly number[] {
  const weights = new Map<number, number>();
  for (const name of names) {
    const block = blocks.get(name) ?? [];
    if (block.length > BLOCK_MAX && !name.startsWith("k ")) continue;
    const weight = name.startsWith("k ") ? 100 : 1 / Math.log2(block.length + 1);
    for (const other of block.slice(0, BLOCK_MAX)) if (other !== at) weights.set(other, (weights.get(other) ?? 0) + weight);
  }
  if (weights.size <= NEIGHBOURS_MAX) return [...weights.keys()];
  return [...weights]
    .toSorted(([a, x], [b, y]) => y - x || a - b)
    .slice(0, NEIGHBOURS_MAX)
    .map(([other]) => other);
}

function* keyNames({ keys }: Profile): Generator<string> {
  for (const [field, said] of keys) for (const key of said) for (const name of new Set([key, bareKey(key)])) yield `k ${field} ${name}`;
}

/** Who it is finds its like a day off too; a vessel and other words only on the day itself, where they are few. */
function datedNames({ days, features, words }: Profile): readonly string[] {
  const people = new Set<string>();
  const tokens = new Set<string>();
  for (const feature of features.values())
    for (const token of blockTokens(feature)) (feature.kind === "words" ? tokens : people).add(token);
  for (const word of words) if (/^\p{L}{2}/u.test(word)) for (const token of wordTokens(word)) tokens.add(token);
  const few = days.slice(0, DAYS_MAX);
  // Two days in a row have one block in common: that between them.
  return few.flatMap((day) => [
    ...[...people, ...tokens].map((token) => `${day} ${token}`),
    ...[...people].flatMap((token) => [`${day - 1}-${day} ${token}`, `${day}-${day + 1} ${token}`]),
  ]);
}

const wordTokens = (word: string): readonly string[] => [skeletonOf(word), ...nicknameFamilies(word)];

/** Names and words meet in one namespace, so that a slug finds its guest. */
function blockTokens({ kind, said }: Feature): readonly string[] {
  const tokens = said.flatMap((one) => one.tokens);
  switch (kind) {
    case "name":
    case "words":
      return tokens.flatMap((token) => (token.length > 1 ? wordTokens(token) : []));
    case "phone":
      return tokens.map((digits) => `t ${digits.slice(-7)}`);
    case "email":
      return tokens.flatMap((mail) => [mail, mail.slice(0, mail.indexOf("@") + 1)]);
    case "exact":
    case "digits":
      return tokens;
  }
}

/** Tokens by themselves, and the rarest in pairs: `maria & silva` is a block where either alone is too large. */
function freeNames({ features, words }: Profile, { rarity }: Frequencies): readonly string[] {
  const weighed: (readonly [string, number])[] = [];
  for (const [field, { kind, said }] of features)
    for (const token of said.flatMap(({ tokens }) => tokens)) {
      const weight = rarity(field, token);
      weighed.push(...blockTokens({ kind, said: [{ raw: token, tokens: [token] }] }).map((name) => [name, weight] as const));
    }
  for (const word of words) if (/^\p{L}{3}/u.test(word)) for (const name of wordTokens(word)) weighed.push([name, rarity("", word)]);
  const names = [...new Set(weighed.toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name))];
  const common = weighed.toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : 1)).map(([name]) => name);
  const paired = [...new Set([...names.slice(0, PAIRED_TOKENS_MAX / 2), ...common.slice(0, PAIRED_TOKENS_MAX)])].toSorted();
  return [...names.map((name) => `n ${name}`), ...paired.flatMap((one, at) => paired.slice(at + 1).map((other) => `n ${one} & ${other}`))];
}
