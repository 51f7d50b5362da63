/** What a rollback took off a target, and what has been brought back on purpose since. */

import type { Digest } from "../../core/brand.ts";
import { targetState, type LedgerState, type Release } from "../../core/ledger/fold.ts";
import { releaseSeq } from "../../core/ledger/release-seq.ts";
import { stepsOf, type Change, type Plan } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { concurrently } from "../concurrently.ts";
import { openPlan } from "../plan-shelf.ts";
import type { Context, Workbench } from "../workbench.ts";

/** By path, by content: the rollback that took it off last. */
export type Tombstones = ReadonlyMap<string, ReadonlyMap<Digest, string>>;

export interface TombstonesRequest {
  readonly ledger: LedgerState;
  readonly target: Target;
  /** All paths where absent. */
  readonly paths?: Iterable<string>;
}

/**
 * Contents that rollbacks have taken off a target and that no restore or rollback has put back there since. New headers
 * alone take no content off. Opens the plans of rollbacks and restores only, those among the releases that the state keeps.
 */
export async function tombstonesOf(bench: Workbench, { ledger, target, paths }: TombstonesRequest, context: Context): Promise<Tombstones> {
  const wanted = paths && new Set(paths);
  const { releases } = targetState(ledger, bench.site.name, target.name);
  const back = releases.filter(({ as, intent }) => as === "applied" && (intent === "rollback" || intent === "restore"));
  if (!back.some(({ intent }) => intent === "rollback")) return new Map();
  const told = await concurrently(back.toReversed(), bench.concurrency, async (release) => {
    const { plan } = await openPlan(bench, release.plan, context);
    const changes = stepsOf(plan).flatMap(({ change }) => (wanted?.has(change.at.key) === false ? [] : [change]));
    return { release, changes, passed: await passedOver(bench, { release, plan, releases, changes }, context) };
  });
  const stones = new Map<string, Map<Digest, string>>();
  for (const { release, changes, passed } of told) {
    for (const { path, digest } of passed) stonesAt(stones, path).set(digest, release.id);
    for (const change of changes.filter(({ at }) => !release.exceptions.includes(at.key))) mark(stones, release, change);
  }
  return stones;
}

/** One step of the way back: what it brings has been chosen, what a rollback replaces has been given up. */
function mark(stones: Map<string, Map<Digest, string>>, { id, intent }: Release, change: Change): void {
  const own = stonesAt(stones, change.at.key);
  if (intent === "rollback" && change.kind !== "create") own.set(change.prior.digest, id);
  if (change.kind !== "delete") own.delete(change.content.digest);
}

function stonesAt(stones: Map<string, Map<Digest, string>>, path: string): Map<Digest, string> {
  const own = stones.get(path) ?? new Map<Digest, string>();
  stones.set(path, own);
  return own;
}

interface Passing {
  readonly release: Release;
  readonly plan: Plan;
  /** Newest first. */
  readonly releases: readonly Release[];
  readonly changes: readonly Change[];
}

/** What releases brought that a rollback went back over, also where another hand has written over it in between. */
async function passedOver(
  bench: Workbench,
  { release, plan, releases, changes }: Passing,
  context: Context,
): Promise<{ readonly path: string; readonly digest: Digest }[]> {
  if (plan.intent !== "rollback" || plan.back === undefined) return [];
  const paths = new Set(changes.map(({ at }) => at.key));
  const first = releaseSeq(plan.back.release) + (plan.back.when === "after" ? 1 : 0);
  const over = releases.filter(({ id, as }) => as === "applied" && releaseSeq(id) >= first && releaseSeq(id) < releaseSeq(release.id));
  const plans = await concurrently(over, bench.concurrency, async (one) => await openPlan(bench, one.plan, context));
  return plans.flatMap((one) =>
    stepsOf(one.plan).flatMap(({ change }) =>
      change.kind === "delete" || !paths.has(change.at.key) ? [] : [{ path: change.at.key, digest: change.content.digest }],
    ),
  );
}
