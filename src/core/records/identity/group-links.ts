/** From pairs to groups, without merging by closure over a contradiction. */

/** Two positions that match. */
export interface Match {
  readonly a: number;
  readonly b: number;
  /** Bits. */
  readonly strength: number;
  readonly isProven: boolean;
  /** Proven, and nothing to explain away. */
  readonly isClean: boolean;
}

export interface Blocked {
  readonly match: Match;
  readonly against: readonly string[];
}

/** In words; nothing where they may be one. */
export interface Clashes {
  /** What forbids that two positions are one, whatever a third says. */
  readonly between: (a: number, b: number, isProven: boolean) => readonly string[];
  /** That, or that they have too little in common to be in one group. */
  readonly within: (a: number, b: number, isProven: boolean) => readonly string[];
}

export interface Grouped {
  readonly groups: readonly (readonly number[])[];
  readonly held: readonly Match[];
  readonly blocked: readonly Blocked[];
}

/** A match wins over another only by so many bits. */
const LEAD_BITS = 2;
/** Evidence beyond this is more of the same (the same guest, by telephone too) and says no better which of a guest's records it is. */
const ENOUGH_BITS = 8;
/** Comparisons that one merge may cost. */
const MERGE_PAIRS_MAX = 20_000;
const RIVALS_MAX = 40;

/**
 * Strongest first. A match is blocked where a rival about as strong clashes with it (A–B and B–C match, A–C cannot be: neither holds), or
 * where it would bring two that clash into one group. `plausible`: pairs too weak to match, strong enough to be a rival of what is not proven.
 */
export function groupLinks(count: number, matches: readonly Match[], plausible: readonly Match[], clashes: Clashes): Grouped {
  const sorted = matches.toSorted((x, y) => y.strength - x.strength || x.a - y.a || x.b - y.b);
  const byEnd = indexByEnd([...sorted, ...plausible]);
  const groups = Array.from({ length: count }, (_, at): Group => ({ members: [at] }));
  const held: Match[] = [];
  const blocked: Blocked[] = [];
  for (const match of sorted) {
    const rival = rivalOf(match, byEnd, clashes);
    const against = rival.length > 0 ? rival : mergeClash(groups[match.a], groups[match.b], match, clashes);
    if (against.length > 0) blocked.push({ match, against });
    else {
      held.push(match);
      merge(groups, match);
    }
  }
  return { groups: [...new Set(groups)].map(({ members }) => members.toSorted((a, b) => a - b)), held, blocked };
}

interface Group {
  readonly members: number[];
}

function indexByEnd(matches: readonly Match[]): ReadonlyMap<number, readonly Match[]> {
  const index = new Map<number, Match[]>();
  for (const match of matches)
    for (const end of [match.a, match.b]) {
      const known = index.get(end);
      if (known === undefined) index.set(end, [match]);
      else known.push(match);
    }
  return index;
}

const rankOf = ({ strength, isClean }: Match): number => (isClean ? strength : Math.min(strength, ENOUGH_BITS));

/** A stronger one that was held clashes by its group too; one that was itself blocked leaves nothing to choose by. */
function rivalOf(match: Match, byEnd: ReadonlyMap<number, readonly Match[]>, clashes: Clashes): readonly string[] {
  for (const [shared, far] of [
    [match.a, match.b],
    [match.b, match.a],
  ] as const)
    for (const other of (byEnd.get(shared) ?? []).slice(0, RIVALS_MAX)) {
      if (other === match || (match.isClean && rankOf(other) < rankOf(match) - LEAD_BITS)) continue;
      const clash = clashes.between(far, other.a === shared ? other.b : other.a, match.isProven && other.isProven);
      if (clash.length > 0) return clash;
    }
  return [];
}

function mergeClash(one: Group | undefined, other: Group | undefined, { isProven }: Match, clashes: Clashes): readonly string[] {
  if (one === undefined || other === undefined || one === other) return [];
  if (one.members.length * other.members.length > MERGE_PAIRS_MAX) return [`groups of ${one.members.length} and ${other.members.length}`];
  for (const a of one.members)
    for (const b of other.members) {
      const clash = clashes.within(a, b, isProven);
      if (clash.length > 0) return clash;
    }
  return [];
}

function merge(groups: Group[], { a, b }: Match): void {
  const [one, other] = [groups[a], groups[b]];
  if (one === undefined || other === undefined || one === other) return;
  const [large, small] = one.members.length >= other.members.length ? [one, other] : [other, one];
  large.members.push(...small.members);
  for (const member of small.members) groups[member] = large;
}
