/** Which sightings are one record (R2): exact keys first, then weighed evidence, and never over a contradiction. */

import type { Doubt, Link } from "../claim.ts";
import { candidatePairs } from "./candidate-pairs.ts";
import { compareProfiles, type Comparer, isExclusive, type Likeliness, pairName } from "./compare-profiles.ts";
import { learnFrequencies } from "./frequencies.ts";
import { type Blocked, groupLinks, type Match } from "./group-links.ts";
import { clashIn, forbids, isPlainlyTwo, LINK_BITS, oddsAgainst, strengthOf, weightOf } from "./judge-pair.ts";
import { type Profile, profilesOf } from "./profile.ts";
import { type MatchRules, pointed, type Traits } from "./traits.ts";

export interface Identity {
  /** Ids of sightings, those of one record together, in the order in which they came; templates are in none. */
  readonly entities: readonly (readonly string[])[];
  /** Between sightings of one entity. */
  readonly links: readonly Link[];
  /** Between sightings of two. */
  readonly doubts: readonly Doubt[];
}

/** Pure and deterministic: the same sightings in the same order give the same answer. Time and memory grow with their number, not with its square. */
export function resolveIdentity(sightings: readonly Traits[], rules: MatchRules): Identity {
  const profiles = profilesOf(sightings, rules);
  const comparer: Comparer = {
    rules,
    frequencies: learnFrequencies(profiles),
    pointers: pointerPairs(profiles),
    contested: contestedFields(profiles, rules),
  };
  const against = oddsAgainst(profiles.length);
  const found = judgeCandidates(profiles, comparer, against);
  const compare = (a: number, b: number): Likeliness | undefined => {
    const [one, other] = [profiles[Math.min(a, b)], profiles[Math.max(a, b)]];
    return found.seen.get(pairName(a, b)) ?? (one && other && compareProfiles(one, other, comparer));
  };
  const judged =
    (judge: (likeliness: Likeliness, isProven: boolean) => readonly string[]) =>
    (a: number, b: number, isProven: boolean): readonly string[] => {
      const likeliness = compare(a, b);
      return likeliness === undefined ? [] : judge(likeliness, isProven);
    };
  const grouped = groupLinks(profiles.length, found.matches, found.weak, { between: judged(forbids), within: judged(clashIn) });
  const idOf = (at: number): string => profiles[at]?.traits.id ?? "";
  const links = grouped.held.map((match) => linkOf(match, found.seen.get(pairName(match.a, match.b)), idOf));
  const blocked = [...found.doubtful, ...grouped.blocked];
  const doubts = worthAsking(blocked, grouped.groups, profiles).map((one) =>
    doubtOf(one, found.seen.get(pairName(one.match.a, one.match.b)), idOf),
  );
  return { entities: grouped.groups.map((members) => members.map(idOf)), links, doubts };
}

interface Judged {
  readonly matches: readonly Match[];
  /** Nothing forbids them but that they say too little. */
  readonly weak: readonly Match[];
  readonly doubtful: readonly Blocked[];
  readonly seen: ReadonlyMap<string, Likeliness>;
}

function judgeCandidates(profiles: readonly Profile[], comparer: Comparer, against: number): Judged {
  const matches: Match[] = [];
  const weak: Match[] = [];
  const doubtful: Blocked[] = [];
  const seen = new Map<string, Likeliness>();
  const judge = (a: number, b: number): void => {
    const [one, other] = [profiles[a], profiles[b]];
    if (one === undefined || other === undefined || seen.has(pairName(a, b))) return;
    const likeliness = compareProfiles(one, other, comparer);
    const strength = strengthOf(likeliness, against);
    if (strength < 0) return;
    const match = {
      a,
      b,
      strength,
      isProven: likeliness.proof !== undefined,
      isClean: likeliness.proof !== undefined && likeliness.clashes.size === 0,
    };
    const forbidden = forbids(likeliness, false);
    if (forbidden.length > 0 && isPlainlyTwo(likeliness)) return;
    seen.set(pairName(a, b), likeliness);
    if (forbidden.length > 0) doubtful.push({ match, against: forbidden });
    else if (strength >= LINK_BITS) matches.push(match);
    else if (weak.push(match) > 0)
      doubtful.push({ match, against: [`too little evidence: ${weightOf(strength)}, and ${weightOf(LINK_BITS)} is needed`] });
  };
  for (const name of comparer.pointers) {
    const [a = 0, b = 0] = name.split(" ").map(Number);
    judge(a, b);
  }
  candidatePairs(profiles, comparer.frequencies, judge);
  return { matches, weak, doubtful, seen };
}

/** Pairs of which one names the other, where the name is that of one sighting alone. */
function pointerPairs(profiles: readonly Profile[]): ReadonlySet<string> {
  const named = new Map<string, number[]>();
  for (const { at, traits } of profiles)
    for (const name of new Set((traits.names ?? []).map(pointed)))
      named.set(`${traits.system} ${name}`, [...(named.get(`${traits.system} ${name}`) ?? []), at]);
  const pairs = new Set<string>();
  for (const { at, traits } of profiles)
    for (const { to, raw } of traits.points ?? []) {
      const [target, ...others] = named.get(`${to} ${pointed(raw)}`) ?? [];
      if (target !== undefined && target !== at && others.length === 0) pairs.add(pairName(at, target));
    }
  return pairs;
}

function linkOf({ a, b, strength }: Match, likeliness: Likeliness | undefined, idOf: (at: number) => string): Link {
  const { proof, evidence = [], clashes } = likeliness ?? {};
  const drift = [...(clashes?.values() ?? [])].map((clause) => `although ${clause}`);
  return { a: idOf(a), b: idOf(b), how: proof ?? "evidence", weight: weightOf(strength), evidence: [...evidence, ...drift] };
}

function doubtOf({ match: { a, b, strength }, against }: Blocked, likeliness: Likeliness | undefined, idOf: (at: number) => string): Doubt {
  return { a: idOf(a), b: idOf(b), weight: weightOf(strength), evidence: likeliness?.evidence ?? [], against };
}

/** Exclusive fields with several values in the set: two vessels, not one. */
function contestedFields(profiles: readonly Profile[], rules: MatchRules): readonly string[] {
  return rules.match.filter((field) => {
    if (!isExclusive(field, rules)) return false;
    const values = profiles.flatMap(({ features }) => features.get(field)?.said ?? []).map(({ tokens }) => tokens.join(" "));
    return new Set(values).size > 1;
  });
}

/** Not asked about: two of one group after all, and, short of a proof, two of settled groups that both have a member in some other system. */
function worthAsking(
  blocked: readonly Blocked[],
  groups: readonly (readonly number[])[],
  profiles: readonly Profile[],
): readonly Blocked[] {
  const groupAt = new Map(groups.flatMap((members) => members.map((member) => [member, members] as const)));
  const systemsOf = (at: number): readonly string[] => (groupAt.get(at) ?? []).flatMap((member) => profiles[member]?.traits.system ?? []);
  return blocked.filter(({ match: { a, b, isProven } }) => {
    if (groupAt.get(a) === groupAt.get(b)) return false;
    const [mine, theirs] = [systemsOf(a), systemsOf(b)];
    if (isProven || mine.length < 2 || theirs.length < 2) return true;
    const shared = profiles[a]?.traits.system === profiles[b]?.traits.system ? profiles[a]?.traits.system : undefined;
    return !mine.some((system) => system !== shared && theirs.includes(system));
  });
}
