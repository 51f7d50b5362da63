/** The three-way alignment behind `mergeText`, in time that hostile inputs cannot stretch. */

import { diff3MergeRegions } from "node-diff3";
import { commonAnchors } from "../text-diff/anchors.ts";

export interface Sides<Value> {
  readonly base: Value;
  readonly local: Value;
  readonly live: Value;
}

export type Sequence = readonly number[];
export type Region = { readonly kind: "settled"; readonly lines: Sequence } | ({ readonly kind: "conflict" } & Sides<Sequence>);

/** Above this many line comparisons a text is cut at its anchors first; the library's cost grows with the product of the lengths. */
const comparisonsMax = 4_000_000;

/**
 * What stands, what only one side or both alike changed, and what is in conflict, in order. Lines are numbers, equal where
 * the lines are equal. A conflict's sides never all agree; every line that no side changed is in a settled region or between conflicting ones.
 */
export function* mergeRegions(sides: Sides<Sequence>): Generator<Region> {
  const { base, local, live } = sides;
  const start = commonLength(sides, (sequence, at) => sequence[at]);
  const rest = { base: base.slice(start), local: local.slice(start), live: live.slice(start) };
  const end = commonLength(rest, (sequence, at) => sequence[sequence.length - 1 - at]);
  yield { kind: "settled", lines: base.slice(0, start) };
  yield* middleRegions({
    base: rest.base.slice(0, rest.base.length - end),
    local: rest.local.slice(0, rest.local.length - end),
    live: rest.live.slice(0, rest.live.length - end),
  });
  yield { kind: "settled", lines: base.slice(base.length - end) };
}

function commonLength({ base, local, live }: Sides<Sequence>, pick: (sequence: Sequence, at: number) => number | undefined): number {
  const max = Math.min(base.length, local.length, live.length);
  let at = 0;
  while (at < max && pick(base, at) === pick(local, at) && pick(base, at) === pick(live, at)) at += 1;
  return at;
}

const isCheap = ({ base, local, live }: Sides<Sequence>): boolean => (base.length + 1) * (local.length + live.length) <= comparisonsMax;

function* middleRegions(sides: Sides<Sequence>): Generator<Region> {
  if (isCheap(sides)) {
    yield* mergedRegions(sides);
    return;
  }
  let from = { base: 0, local: 0, live: 0 };
  const anchors = commonAnchors(sides.base, [sides.local, sides.live]);
  for (const [base = 0, local = 0, live = 0] of [...anchors, [sides.base.length, sides.local.length, sides.live.length]]) {
    const stretch = {
      base: sides.base.slice(from.base, base),
      local: sides.local.slice(from.local, local),
      live: sides.live.slice(from.live, live),
    };
    yield* isCheap(stretch) ? mergedRegions(stretch) : [wholeRegion(stretch)];
    yield { kind: "settled", lines: sides.base.slice(base, base + 1) };
    from = { base: base + 1, local: local + 1, live: live + 1 };
  }
}

function* mergedRegions({ base, local, live }: Sides<Sequence>): Generator<Region> {
  for (const region of diff3MergeRegions([...local], [...base], [...live])) {
    yield region.stable
      ? { kind: "settled", lines: region.bufferContent }
      : wholeRegion({ base: region.oContent, local: region.aContent, live: region.bContent });
  }
}

/** One stretch as a whole: settled where one side left it alone or both made the same of it. */
function wholeRegion({ base, local, live }: Sides<Sequence>): Region {
  const isSame = (one: Sequence, other: Sequence): boolean => one.length === other.length && one.every((id, at) => id === other[at]);
  if (isSame(local, live) || isSame(base, local)) return { kind: "settled", lines: live };
  if (isSame(base, live)) return { kind: "settled", lines: local };
  return { kind: "conflict", base, local, live };
}
