/** How common each value is in the set at hand: what many say proves little (Fellegi and Sunter 1969; Winkler's frequency weights). */

import type { FeatureKind, Profile } from "./profile.ts";

export interface Frequencies {
  /** Bits of evidence in both saying this token in this field: minus the logarithm of the chance that another record says it. */
  readonly rarity: (field: string, token: string) => number;
  readonly dayRarity: (day: number) => number;
  readonly startRarity: (minute: number) => number;
  /** How long a record lasts where it does not say so, in minutes: the median of those that do. */
  readonly usualMinutes: number;
  /** Sightings. */
  readonly count: number;
  /** Whether an exact key proves anything here. */
  readonly isProof: (field: string, key: string) => boolean;
}

/** What is believed of a token that was never seen, and with the weight of how many records. Small sets say little of what is rare. */
const beliefs: Readonly<Record<FeatureKind, number>> = {
  name: 0.006,
  words: 0.005,
  exact: 0.0005,
  phone: 0.0002,
  email: 0.0002,
  digits: 0.002,
};
const BELIEF_WEIGHT = 50;
/** A key on more sightings than this is a default that was copied, not a name. */
const KEY_SIGHTINGS_MAX = 40;
const USUAL_MINUTES = 120;

export function learnFrequencies(profiles: readonly Profile[]): Frequencies {
  const tokens = countTokens(profiles);
  const days = tally(profiles.flatMap(({ days: said, traits }) => said.map((day) => `${traits.system} ${day}`)));
  const busiest = new Map<number, number>();
  for (const [name, count] of days) {
    const day = Number(name.slice(name.lastIndexOf(" ") + 1));
    busiest.set(day, Math.max(count, busiest.get(day) ?? 0));
  }
  const dated = Math.max(1, ...tally(profiles.filter(({ days: said }) => said.length > 0).map(({ traits }) => traits.system)).values());
  const starts = tally(profiles.flatMap(({ slots }) => slots.map(({ start }) => start)));
  const timed = profiles.filter(({ slots }) => slots.length > 0).length;
  const keys = keyStatistics(profiles);
  return {
    rarity: tokens,
    dayRarity: (day) => bits((busiest.get(day) ?? 1) - 1, dated, { belief: 1 / 40, weight: 40 }),
    startRarity: (minute) => bits((starts.get(minute) ?? 1) - 1, timed, { belief: 0.2, weight: 20 }),
    usualMinutes:
      median(profiles.flatMap(({ slots }) => slots.flatMap(({ start, end }) => (end === undefined ? [] : [end - start])))) ?? USUAL_MINUTES,
    count: profiles.length,
    isProof: (field, key) => {
      const found = keys.get(key);
      return found !== undefined && found.fields.size === 1 && found.fields.has(field) && found.sightings <= KEY_SIGHTINGS_MAX;
    },
  };
}

const bits = (others: number, total: number, { belief, weight }: { belief: number; weight: number }): number =>
  -Math.log2((others + weight * belief) / (total + weight));

/**
 * Sightings of one day that say the same token are counted once: most are of one record, and how many systems keep it says nothing
 * about how common the name is.
 */
function countTokens(profiles: readonly Profile[]): (field: string, token: string) => number {
  const fields = new Map<string, { kind: FeatureKind; counts: Map<string, number>; total: number }>();
  const seen = new Set<string>();
  const isFirst = (profile: Profile, name: string): boolean => {
    const day = profile.days[0];
    if (day === undefined) return true;
    const dated = `${day} ${name}`;
    if (seen.has(dated)) return false;
    seen.add(dated);
    return true;
  };
  const count = (profile: Profile, field: string, kind: FeatureKind, said: readonly string[]): void => {
    const known = fields.get(field) ?? { kind, counts: new Map<string, number>(), total: 0 };
    fields.set(field, known);
    if (isFirst(profile, `${field}=${said.join(" ")}`)) known.total += 1;
    for (const token of new Set(said))
      if (isFirst(profile, `${field} ${token}`)) known.counts.set(token, (known.counts.get(token) ?? 0) + 1);
  };
  for (const profile of profiles) {
    for (const [field, { kind, said }] of profile.features)
      count(
        profile,
        field,
        kind,
        said.flatMap(({ tokens }) => tokens),
      );
    if (profile.words.length > 0) count(profile, "", "words", profile.words);
  }
  return (field, token) => {
    const known = fields.get(field);
    if (known === undefined) return 0;
    return bits(Math.max(0, (known.counts.get(token) ?? 1) - 1), known.total, { belief: beliefs[known.kind], weight: BELIEF_WEIGHT });
  };
}

function tally<T>(values: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

interface KeyUse {
  readonly fields: Set<string>;
  sightings: number;
}

/** Under which fields each key stands, also as a value of a field that is only compared. */
function keyStatistics(profiles: readonly Profile[]): ReadonlyMap<string, KeyUse> {
  const uses = new Map<string, KeyUse>();
  for (const { keys } of profiles)
    for (const [field, key] of [...keys].flatMap(([name, said]) => said.map((one) => [name, one] as const))) {
      const use = uses.get(key) ?? { fields: new Set<string>(), sightings: 0 };
      uses.set(key, use);
      use.fields.add(field);
      use.sightings += 1;
    }
  for (const { features, keys } of profiles)
    for (const [field, { kind, said }] of features)
      if (kind === "exact" && !keys.has(field)) said.forEach(({ tokens }) => uses.get(tokens[0] ?? "")?.fields.add(field));
  return uses;
}
