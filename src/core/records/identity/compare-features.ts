/** One field of two sightings, side by side: bits of evidence that they are one record, and the words for it. */

import type { Frequencies } from "./frequencies.ts";
import { alignNames, areRanksApart, isTypo, type Likeness, mayBeSamePerson } from "./person-name.ts";
import type { Feature } from "./profile.ts";
import { editDistance } from "./string-similarity.ts";

export interface Comparison {
  /** Above 0 for the same record, below against it. */
  readonly bits: number;
  /** For people. */
  readonly clause: string;
  /** They cannot both be right about one record. */
  readonly isOther: boolean;
}

type Said = Feature["said"][number];
interface Context {
  readonly field: string;
  readonly frequencies: Frequencies;
}

/** The best pair of what each says. Features of one field are of one kind. */
export function compareFeatures(a: Feature, b: Feature, context: Context): Comparison {
  let best: Comparison | undefined;
  for (const mine of a.said)
    for (const theirs of b.said) {
      const found = compareSaid(a, mine, theirs, context);
      if (best === undefined || found.bits > best.bits) best = found;
    }
  return best ?? { bits: 0, clause: "", isOther: false };
}

function compareSaid({ kind }: Feature, a: Said, b: Said, context: Context): Comparison {
  const { bits, isOther } = scorers[kind](a, b, context);
  return { bits, isOther, clause: clauseOf(a.raw, b.raw, context.field, bits > 0) };
}

type Score = Omit<Comparison, "clause">;
const scorers: Readonly<Record<Feature["kind"], (a: Said, b: Said, context: Context) => Score>> = {
  name: scoreNames,
  words: scoreWords,
  exact: (a, b, context) => scoreExact(a, b, context, -6),
  phone: scorePhones,
  email: scoreEmails,
  digits: scoreDigits,
};

function clauseOf(a: string, b: string, field: string, isFor: boolean): string {
  if (!isFor) return `${field} "${a}" is not "${b}"`;
  return a === b ? `${field} "${a}" on both` : `${field} "${a}" ~ "${b}"`;
}

const nameShare: Readonly<Record<Likeness, number>> = { same: 1, nickname: 0.7, typo: 0.75, initial: 0.2 };
const NAME_BITS_MAX = 18;

function scoreNames(a: Said, b: Said, { field, frequencies }: Context): Score {
  const aligned = alignNames(a.tokens, b.tokens);
  const matched = aligned.matches.map(
    (match) => nameShare[match.likeness] * Math.min(frequencies.rarity(field, match.a), frequencies.rarity(field, match.b)),
  );
  const strangers = Math.min(aligned.onlyA.length, aligned.onlyB.length);
  const bits = Math.min(sum(matched), NAME_BITS_MAX) - 7 * Math.min(strangers, 2) - (matched.length === 0 ? 2 : 0);
  return { bits, isOther: !mayBeSamePerson(aligned) || areRanksApart(a.raw, b.raw) };
}

const WORDS_BITS_MAX = 11;

/** Words in common weigh by their rarity; words that only one side has weigh against it only as far as the other has some too. */
function scoreWords(a: Said, b: Said, { field, frequencies }: Context): Score {
  const rest = [...b.tokens];
  const onlyA: string[] = [];
  let common = 0;
  for (const word of a.tokens) {
    const same = rest.indexOf(word);
    const at = same === -1 ? rest.findIndex((other) => isTypo(word, other)) : same;
    if (at === -1) onlyA.push(word);
    else common += (same === -1 ? 0.7 : 1) * frequencies.rarity(field, rest.splice(at, 1)[0] ?? word);
  }
  const [aloneA, aloneB] = [onlyA, rest].map((words) => sum(words.map((word) => frequencies.rarity(field, word))));
  const against = Math.min(aloneA ?? 0, aloneB ?? 0);
  const numbers = [onlyA, rest].every((words) => words.some((word) => /^\p{N}/u.test(word))) ? 3 : 0;
  if (common === 0) return { bits: -4 - numbers, isOther: true };
  return { bits: Math.max(-6, Math.min(WORDS_BITS_MAX, common * 0.8) - 0.5 * against - numbers), isOther: false };
}

function scoreExact(a: Said, b: Said, { field, frequencies }: Context, otherwise: number): Score {
  const token = a.tokens[0] ?? "";
  return token === b.tokens[0] ? { bits: frequencies.rarity(field, token), isOther: false } : { bits: otherwise, isOther: true };
}

/** Country and area codes come and go, so that the longest common end of seven digits or more counts. */
function scorePhones(a: Said, b: Said, { field, frequencies }: Context): Score {
  const [mine = "", theirs = ""] = [a.tokens[0], b.tokens[0]];
  const rarity = Math.min(frequencies.rarity(field, mine), frequencies.rarity(field, theirs));
  const ends = Math.min(mine.length, theirs.length, 9);
  if (mine.slice(-ends) === theirs.slice(-ends)) return { bits: rarity - (mine === theirs ? 0 : 1), isOther: false };
  return editDistance(mine.slice(-9), theirs.slice(-9), 1) === 1 ? { bits: rarity * 0.3, isOther: false } : { bits: -2, isOther: true };
}

function scoreEmails(a: Said, b: Said, context: Context): Score {
  const [mine = "", theirs = ""] = [a.tokens[0], b.tokens[0]];
  const [local = "", otherLocal = ""] = [mine, theirs].map((mail) => mail.slice(0, mail.indexOf("@")));
  if (mine !== theirs && local.length >= 5 && local === otherLocal) return { bits: 3, isOther: false };
  return scoreExact(a, b, context, -1.5);
}

/** One slip, or the same digits in another order (a day and a month swapped), is a weak likeness. */
function scoreDigits(a: Said, b: Said, context: Context): Score {
  const [mine = "", theirs = ""] = [a.tokens[0], b.tokens[0]];
  const exact = scoreExact(a, b, context, mine.length < 6 ? -3 : -9);
  if (!exact.isOther || mine.length < 4 || mine.length !== theirs.length) return exact;
  const isNear = editDistance(mine, theirs, 1) === 1 || isReordered(mine, theirs);
  if (!isNear) return exact;
  const { field, frequencies } = context;
  return { bits: 0.35 * Math.min(frequencies.rarity(field, mine), frequencies.rarity(field, theirs)), isOther: false };
}

/** Of equal length, with at most four places that differ and the same digits in them. */
function isReordered(a: string, b: string): boolean {
  const moved: number[] = [];
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at] && moved.push(at) > 4) return false;
  const rest = moved.map((at) => b.charAt(at));
  return moved.every((at) => {
    const found = rest.indexOf(a.charAt(at));
    if (found !== -1) rest.splice(found, 1);
    return found !== -1;
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
