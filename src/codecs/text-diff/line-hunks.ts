import { diffArrays } from "diff";
import { commonAnchors } from "./anchors.ts";

/** A stretch where two sequences differ: half-open ranges, of which at most one is empty. */
export interface Hunk {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}

/** Most edits that the exact algorithm may look for; its cost grows with the square of this. */
const exactEditsMax = 1_000;
/** Sum of squared edit limits that all stretches between anchors may spend together. */
const stretchBudget = 4_000_000;
const stretchEditsMax = 400;

/**
 * Where two sequences of lines differ, in order. Exact and minimal for up to `exactEditsMax` edits; beyond that
 * lines that occur once on both sides are held together and what lies between is compared in bounded time,
 * as whole blocks in the worst case. Equal inputs always give equal answers: there is no clock in it.
 */
export function lineHunks(before: readonly string[], after: readonly string[]): readonly Hunk[] {
  const ids = new Map<string, number>();
  const intern = (line: string): number => {
    const known = ids.get(line);
    if (known !== undefined) return known;
    ids.set(line, ids.size);
    return ids.size - 1;
  };
  const [left, right] = [before.map(intern), after.map(intern)];
  const whole = trimmed(left, right, { beforeStart: 0, beforeEnd: left.length, afterStart: 0, afterEnd: right.length });
  const exact = hunksWithin(left, right, { stretch: whole, editsMax: exactEditsMax });
  return exact ?? anchoredHunks(left, right, whole);
}

function trimmed(left: readonly number[], right: readonly number[], stretch: Hunk): Hunk {
  let { beforeStart, beforeEnd, afterStart, afterEnd } = stretch;
  while (beforeStart < beforeEnd && afterStart < afterEnd && left[beforeStart] === right[afterStart]) {
    beforeStart += 1;
    afterStart += 1;
  }
  while (beforeEnd > beforeStart && afterEnd > afterStart && left[beforeEnd - 1] === right[afterEnd - 1]) {
    beforeEnd -= 1;
    afterEnd -= 1;
  }
  return { beforeStart, beforeEnd, afterStart, afterEnd };
}

interface Attempt {
  readonly stretch: Hunk;
  readonly editsMax: number;
}

/** The hunks inside one stretch, or `undefined` when there would be more than `editsMax` edits. */
function hunksWithin(left: readonly number[], right: readonly number[], { stretch, editsMax }: Attempt): Hunk[] | undefined {
  const { beforeStart, beforeEnd, afterStart, afterEnd } = stretch;
  if (beforeStart === beforeEnd && afterStart === afterEnd) return [];
  if (beforeStart === beforeEnd || afterStart === afterEnd) return [stretch];
  const parts = diffArrays(left.slice(beforeStart, beforeEnd), right.slice(afterStart, afterEnd), { maxEditLength: editsMax });
  if (!parts) return undefined;
  const hunks: Hunk[] = [];
  let [atBefore, atAfter] = [beforeStart, afterStart];
  for (const part of parts) {
    const [fromBefore, fromAfter] = [atBefore, atAfter];
    if (!part.added) atBefore += part.count;
    if (!part.removed) atAfter += part.count;
    if (part.added || part.removed)
      pushHunk(hunks, { beforeStart: fromBefore, beforeEnd: atBefore, afterStart: fromAfter, afterEnd: atAfter });
  }
  return hunks;
}

/** Hunks that touch are one hunk. */
function pushHunk(hunks: Hunk[], hunk: Hunk): void {
  const last = hunks.at(-1);
  if (last && last.beforeEnd === hunk.beforeStart && last.afterEnd === hunk.afterStart) {
    hunks[hunks.length - 1] = { ...last, beforeEnd: hunk.beforeEnd, afterEnd: hunk.afterEnd };
  } else hunks.push(hunk);
}

function anchoredHunks(left: readonly number[], right: readonly number[], whole: Hunk): Hunk[] {
  const anchors = commonAnchors(left.slice(whole.beforeStart, whole.beforeEnd), [right.slice(whole.afterStart, whole.afterEnd)]);
  const hunks: Hunk[] = [];
  let [fromBefore, fromAfter, budget] = [whole.beforeStart, whole.afterStart, stretchBudget];
  const closeAt = (beforeEnd: number, afterEnd: number): void => {
    const stretch = trimmed(left, right, { beforeStart: fromBefore, beforeEnd, afterStart: fromAfter, afterEnd });
    const size = stretch.beforeEnd - stretch.beforeStart + stretch.afterEnd - stretch.afterStart;
    const editsMax = Math.min(size, stretchEditsMax);
    budget -= editsMax * editsMax;
    const inside = budget > 0 ? hunksWithin(left, right, { stretch, editsMax }) : undefined;
    for (const hunk of inside ?? (size > 0 ? [stretch] : [])) pushHunk(hunks, hunk);
  };
  for (const [atBefore = 0, atAfter = 0] of anchors) {
    const [before, after] = [whole.beforeStart + atBefore, whole.afterStart + atAfter];
    closeAt(before, after);
    [fromBefore, fromAfter] = [before + 1, after + 1];
  }
  closeAt(whole.beforeEnd, whole.afterEnd);
  return hunks;
}
