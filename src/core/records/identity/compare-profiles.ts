/** Two sightings side by side: what speaks for one record, what against, and what forbids it. */

import { compareFeatures, type Comparison } from "./compare-features.ts";
import type { Frequencies } from "./frequencies.ts";
import { isLikeKey } from "./fold-text.ts";
import { nicknameFamilies } from "./nicknames.ts";
import type { Profile, Slot } from "./profile.ts";
import type { MatchRules } from "./traits.ts";

/** Differences that two descriptions of one record do not have, unless one of them is wrong. */
export type Clash = "day" | "slot" | "start" | "resource" | "unsaid" | "guest" | "contact" | "cancelled";

export interface Likeliness {
  /** Base-2 logarithm of how much likelier one record is than two, by fields alone. Clashes are not in it. */
  readonly bits: number;
  readonly proof?: "key" | "pointer";
  readonly evidence: readonly string[];
  /** Nothing outweighs these. */
  readonly vetoes: readonly string[];
  readonly clashes: ReadonlyMap<Clash, string>;
  readonly isOneSystem: boolean;
  /** Days between them; 0 where either says none. */
  readonly daysApart: number;
}

export interface Comparer {
  readonly rules: MatchRules;
  readonly frequencies: Frequencies;
  /** Pairs of positions, lesser first, of which one names the other: `3 17`. */
  readonly pointers: ReadonlySet<string>;
  /** Exclusive fields for which the set has more than one value: where one is not said, it might be either. */
  readonly contested: readonly string[];
}

export const pairName = (a: number, b: number): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

/** Compares; costs some microseconds. */
export function compareProfiles(a: Profile, b: Profile, comparer: Comparer): Likeliness {
  const notes: Notes = { bits: 0, evidence: [], vetoes: [], clashes: new Map() };
  const isOneSystem = a.traits.system === b.traits.system;
  const isKey = compareKeys(a, b, notes, comparer);
  const isPointer = comparer.pointers.has(pairName(a.at, b.at));
  if (isPointer) notes.evidence.push("one names the other");
  vetoSystems(a, b, notes, comparer);
  compareDays(a, b, notes, comparer);
  if (!notes.clashes.has("day")) compareSlots(a, b, notes, comparer);
  for (const [field, feature] of a.features) {
    const other = b.features.get(field);
    if (other !== undefined)
      noteComparison(field, compareFeatures(feature, other, { field, frequencies: comparer.frequencies }), notes, { a, b, comparer });
  }
  compareWords(a, b, notes, comparer);
  noteResources(a, b, notes, comparer);
  if (isOneSystem) missResources(a, b, notes, comparer);
  if (a.isCancelled !== b.isCancelled) notes.clashes.set("cancelled", "one is cancelled, the other is not");
  const proof = isKey ? "key" : isPointer ? "pointer" : undefined;
  const { bits, evidence, vetoes, clashes } = notes;
  const daysApart = clashes.has("day") ? daysBetween(a.days, b.days) : 0;
  return { bits, evidence, vetoes, clashes, isOneSystem, daysApart, ...(proof === undefined ? {} : { proof }) };
}

interface Notes {
  bits: number;
  readonly evidence: string[];
  readonly vetoes: string[];
  readonly clashes: Map<Clash, string>;
}

/** Whether a key proves that they are one. A key that also stands elsewhere as something else is evidence only, and no veto. */
function compareKeys(a: Profile, b: Profile, notes: Notes, { frequencies }: Comparer): boolean {
  let isProven = false;
  for (const [field, mine] of a.keys) {
    const theirs = b.keys.get(field);
    if (theirs === undefined) continue;
    const shared = mine.find((key) => theirs.includes(key));
    const near = shared === undefined && mine.some((key) => theirs.some((other) => isLikeKey(key, other)));
    // It may be one key or two: it neither forbids nor proves, and counts for nothing.
    if (near) notes.evidence.push(`${field} ${mine.join(", ")} ~ ${theirs.join(", ")}`);
    else if (shared === undefined) notes.vetoes.push(`${field} ${mine.join(", ")} is not ${theirs.join(", ")}`);
    else if (frequencies.isProof(field, shared)) isProven = true;
    else notes.bits += 4;
    if (shared !== undefined) notes.evidence.push(`${field} ${shared} on both`);
  }
  return isProven;
}

function vetoSystems(a: Profile, b: Profile, notes: Notes, { rules }: Comparer): void {
  const [mine, theirs] = [a.traits, b.traits];
  if (mine.series !== undefined && mine.series === theirs.series && mine.instance !== theirs.instance)
    notes.vetoes.push(
      mine.instance === undefined || theirs.instance === undefined ? "an instance is not its series" : "two instances of one series",
    );
  if (mine.system === theirs.system && rules.oneToOne.includes(mine.system)) notes.vetoes.push(`${mine.system} holds a record once`);
}

function compareDays(a: Profile, b: Profile, notes: Notes, { frequencies }: Comparer): void {
  if (a.days.length === 0 || b.days.length === 0) return;
  const shared = a.days.find((day) => b.days.includes(day));
  if (shared === undefined) {
    const [mine = 0, theirs = 0] = [a.days[0], b.days[0]];
    notes.clashes.set("day", `${shownDay(mine)} is not ${shownDay(theirs)}`);
    return;
  }
  notes.bits += frequencies.dayRarity(shared);
  notes.evidence.push(`same day, ${shownDay(shared)}`);
}

const daysBetween = (a: readonly number[], b: readonly number[]): number =>
  Math.min(...a.flatMap((day) => b.map((other) => Math.abs(day - other))));

/** One thing is at one place at one time: beyond its name, its day and its start, all three together say more. */
const SAME_PLACE_BITS = 5;

function noteResources(a: Profile, b: Profile, notes: Notes, { rules }: Comparer): void {
  const isOneTime = a.days.some((day) => b.days.includes(day)) && a.slots.some(({ start }) => b.slots.some((slot) => slot.start === start));
  if (!isOneTime || notes.clashes.has("resource")) return;
  if ([...a.features.keys()].some((field) => isExclusive(field, rules) && b.features.has(field))) notes.bits += SAME_PLACE_BITS;
}

/** What one system lists twice for one guest and one time may be two, on two vessels, as long as it does not say which. */
function missResources(a: Profile, b: Profile, { clashes }: Notes, { contested }: Comparer): void {
  const missing = contested.filter((field) => !a.features.has(field) || !b.features.has(field));
  if (missing.length > 0 && !clashes.has("resource"))
    clashes.set("unsaid", `both in ${a.traits.system}, which does not say the ${missing.join(", ")}`);
}

const shownDay = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
const shownTime = (minute: number): string =>
  `${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const shownSlots = (slots: readonly Slot[]): string =>
  slots.map(({ start, end }) => (end === undefined ? shownTime(start) : `${shownTime(start)}–${shownTime(end)}`)).join(", ");

/** A start that was changed leaves windows that overlap by half at least; windows apart are two records, until a key says otherwise. */
function compareSlots(a: Profile, b: Profile, notes: Notes, { frequencies }: Comparer): void {
  if (a.slots.length === 0 || b.slots.length === 0) return;
  const shared = a.slots.find(({ start }) => b.slots.some((slot) => slot.start === start));
  if (shared !== undefined) {
    notes.bits += frequencies.startRarity(shared.start);
    notes.evidence.push(`both start at ${shownTime(shared.start)}`);
    return;
  }
  const says = `${shownSlots(a.slots)} is not ${shownSlots(b.slots)}`;
  const isOverlap = a.slots.some((slot) => b.slots.some((other) => overlap(slot, other, frequencies.usualMinutes)));
  if (!isOverlap) notes.clashes.set("slot", says);
  else if (a.traits.system === b.traits.system) notes.clashes.set("start", `${says}, both in ${a.traits.system}`);
  else {
    notes.bits -= 1;
    notes.evidence.push(`times overlap, ${shownSlots(a.slots)} and ${shownSlots(b.slots)}`);
  }
}

function overlap(a: Slot, b: Slot, usualMinutes: number): boolean {
  const [endA, endB] = [a.end ?? a.start + usualMinutes, b.end ?? b.start + usualMinutes];
  return 2 * (Math.min(endA, endB) - Math.max(a.start, b.start)) >= Math.min(endA - a.start, endB - b.start);
}

/** Fields by whose names a record's moment is taken up by one thing: the same time on two boats is two records. */
const resourceNames = /^(?:vessel|boat|ship|yacht|vehicle|car|room|cabin|unit|court|table|resource|property|listing)$/u;
export const isExclusive = (field: string, { exclusive }: MatchRules): boolean =>
  exclusive?.includes(field) ?? resourceNames.test(field.toLowerCase());

interface Sides {
  readonly a: Profile;
  readonly b: Profile;
  readonly comparer: Comparer;
}

function noteComparison(field: string, found: Comparison, notes: Notes, sides: Sides): void {
  const clash = found.isOther ? clashOf(field, sides) : undefined;
  if (clash === undefined) notes.bits += found.bits;
  else notes.clashes.set(clash, found.clause);
  if (found.bits > 0 && !found.isOther) notes.evidence.push(found.clause);
}

/** Who it is tells records of one time apart; where there is no time (lists of people, of places), every field is evidence, no more. */
function clashOf(field: string, { a, b, comparer: { rules } }: Sides): Clash | undefined {
  if (isExclusive(field, rules)) return "resource";
  if (a.days.length === 0 || b.days.length === 0) return undefined;
  const type = rules.typeOf(field);
  return type === "person" ? "guest" : type === "phone" || type === "email" ? "contact" : undefined;
}

/** Words may say who it is where a field does not: `2026-05-30-jonathan-sunset`. */
function compareWords(a: Profile, b: Profile, notes: Notes, comparer: Comparer): void {
  let isNamed = false;
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const [field, { kind, said }] of one.features) {
      if (kind !== "name" || other.features.has(field)) continue;
      isNamed = true;
      const found = (said[0]?.tokens ?? []).filter((token) => token.length > 1 && other.words.some((word) => isNameIn(token, word)));
      if (found.length === 0) continue;
      notes.bits += found.reduce((total, token) => total + 0.9 * comparer.frequencies.rarity(field, token), 0);
      notes.evidence.push(`${field} "${said[0]?.raw}" in the words of ${other.traits.id}`);
    }
  }
  if (!isNamed) compareFreeWords(a, b, notes, comparer);
}

const isNameIn = (token: string, word: string): boolean =>
  token === word || nicknameFamilies(token).some((family) => nicknameFamilies(word).includes(family));
const FREE_WORDS_BITS_MAX = 6;

function compareFreeWords(a: Profile, b: Profile, notes: Notes, { frequencies }: Comparer): void {
  const hasNames = [a, b].some(({ features }) => [...features.values()].some(({ kind }) => kind === "name"));
  if (hasNames) return;
  const shared = [...new Set(a.words)].filter((word) => /^\p{L}{3,}/u.test(word) && b.words.includes(word));
  if (shared.length === 0) return;
  notes.bits += Math.min(
    FREE_WORDS_BITS_MAX,
    shared.reduce((total, word) => total + 0.6 * frequencies.rarity("", word), 0),
  );
  notes.evidence.push(`words in common: ${shared.join(", ")}`);
}
