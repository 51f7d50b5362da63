/** What a comparison comes to: a link, a doubt, or nothing. */

import type { Clash, Likeliness } from "./compare-profiles.ts";

/** Bits above which evidence links without a person: a chance of 31 in 32, after the odds against any two sightings of the set. */
export const LINK_BITS = 5;
/** A key or a pointer, in bits. */
const PROOF_BITS = 40;
const CLASH_BITS = 12;
/** Bits of a pair, before the odds, below which a chain of others does not hold the two in one group. */
const STRANGER_BITS = -3;
/** The smallest set is judged as if it had so many: six sightings say nothing about how common a name is. */
const COUNT_MIN = 64;

/** Bits against any two sightings being one: each has about one fellow in the set. */
export const oddsAgainst = (count: number): number => Math.log2(Math.max(count, COUNT_MIN));

/** Bits after the odds; a proof outweighs every evidence, and what it has to explain away weakens it. */
export const strengthOf = ({ bits, proof, clashes }: Likeliness, against: number): number =>
  bits - against + (proof === undefined ? 0 : PROOF_BITS - CLASH_BITS * clashes.size);

/** From 0 to 1, three digits. */
export const weightOf = (strength: number): number => Math.round(1000 / (1 + 2 ** -strength)) / 1000;

/** What forbids that these two be one record, both seen for themselves: with a proof between them, or in their group, little does. */
export function forbids({ vetoes, clashes, isOneSystem, proof }: Likeliness, isProven: boolean): readonly string[] {
  const says = (names: readonly Clash[]): readonly string[] => names.flatMap((name) => clashes.get(name) ?? []);
  if (!isProven && proof === undefined) return [...vetoes, ...clashes.values()];
  const places: readonly Clash[] = ["day", "slot", "start", "resource"];
  const elsewhere = places.filter((name) => clashes.has(name));
  // A key that was left in a copy: another time and another guest or vessel beside it.
  const isCopied = elsewhere.length > 1 || (elsewhere.length > 0 && clashes.has("guest"));
  // In one system, a second day, window or vessel is a second record, copied from the first with its key.
  const isSecond = isOneSystem && elsewhere.some((name) => name !== "start");
  return [...vetoes, ...(isCopied || isSecond ? says([...elsewhere, "guest"]) : [])];
}

/** Two of one group: forbidden, or so unlike that only a chain of others held them together. */
export function clashIn(found: Likeliness, isProven: boolean): readonly string[] {
  const forbidden = forbids(found, isProven);
  if (forbidden.length > 0 || isProven || found.proof !== undefined) return forbidden;
  return found.bits < STRANGER_BITS ? ["little in common"] : [];
}

/** Plainly two: nothing that a person would want to be asked about. */
export function isPlainlyTwo({ vetoes, clashes, isOneSystem, proof, daysApart }: Likeliness): boolean {
  if (proof !== undefined) return false;
  if (daysApart > 1) return true;
  if (vetoes.length + clashes.size > 1) return true;
  return isOneSystem && (clashes.has("day") || clashes.has("slot") || clashes.has("resource") || vetoes.length > 0);
}
