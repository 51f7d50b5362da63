/** `belay sweep`: removes assets that neither a page nor a visitor's cached page can need any more. */

import { lineCounts } from "../../codecs/text-diff/line-counts.ts";
import { needsOf } from "../../core/approval/approval-needs.ts";
import { bytesOf } from "../../core/body.ts";
import type { Known } from "../../core/deploy/deploy-facts.ts";
import { planSweep, type SweptAsset } from "../../core/deploy/plan-sweep.ts";
import { targetState } from "../../core/ledger/fold.ts";
import { compareKeys, isPage } from "../../core/paths/key.ts";
import type { IdentifiedPlan, Observed } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import type { Store } from "../../ports/store.ts";
import { concurrently } from "../concurrently.ts";
import { carryOut, refuseOpen, type Confirm, type DeployResult, type Waiting } from "../deploy.ts";
import { versioningOf } from "../compare/deploy-facts.ts";
import { policyRefusals } from "../approve/policy.ts";
import { findBytes, isRemembered } from "../compare/seen-bytes.ts";
import { sweepCandidates, type LeftWhy, type Looking } from "./sweep-candidates.ts";
import { findReferred } from "./sweep-references.ts";
import { isHeld, withLease } from "../with-lease.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface SweepRequest extends Waiting {
  readonly target: Target;
  /** How long a page may stay in somebody's cache. */
  readonly graceMs: number;
  /** The same in words: `30 days`. It names the plan. */
  readonly grace: string;
}

export interface SweepResult {
  readonly result: DeployResult;
  /** Assets that were looked at and left, by reason; empty where another's lease stood in the way. */
  readonly left: readonly LeftAssets[];
}

export interface LeftAssets {
  readonly why: LeftWhy;
  /** By UTF-8 byte order. */
  readonly paths: readonly string[];
}

/** Deletes assets only, never a page: those that belay brought, or whose page the stage before has deleted, and nobody needs. */
export async function sweep(bench: Workbench, request: SweepRequest, confirm: Confirm, context: Context): Promise<SweepResult> {
  const { target, waitMs } = request;
  let left: SweepResult["left"] = [];
  const answer = await withLease(bench, { target: target.name, purpose: "sweep", waitMs }, context, async (): Promise<DeployResult> => {
    await refuseOpen(bench, target.name, context);
    await bench.edgeOf(target);
    const swept = await makeSweepPlan(bench, request, context);
    ({ left } = swept);
    return carryOut(bench, swept.identified, confirm, context);
  });
  const result = isHeld(answer) ? ({ kind: "held", held: answer } as const) : answer;
  return { result, left };
}

async function makeSweepPlan(
  bench: Workbench,
  { target, graceMs, grace }: SweepRequest,
  context: Context,
): Promise<Pick<SweepResult, "left"> & { readonly identified: IdentifiedPlan }> {
  context.report({ phase: "observing", done: 0 });
  const [store, ledger] = await Promise.all([bench.storeOf(target.store), bench.ledger.state(context)]);
  const live = new Map<string, Observed>();
  for await (const observed of store.list("", context)) live.set(observed.key, observed);
  const looking: Looking = { target, store, ledger, live, sinceMs: bench.runtime.now() - graceMs };
  const { assets, left, upstream } = await sweepCandidates(bench, looking, context);
  const needed = new Map(left);
  const referred = assets.size === 0 ? undefined : await findReferred(bench, looking, new Set(assets.keys()), context);
  for (const path of assets.keys()) {
    if (referred?.now.has(path)) needed.set(path, "referred");
    else if (referred?.lately.has(path)) needed.set(path, "referred-lately");
    else if ((referred?.unread.length ?? 0) > 0) needed.set(path, "unproven");
  }
  const free = [...assets.values()].filter(({ key }) => !needed.has(key));
  const identified = planSweep(
    {
      site: bench.site,
      target,
      basis: targetState(ledger, bench.site.name, target.name).basis,
      assets: await concurrently(free, bench.concurrency, async (asset) => await withLines(bench, store, asset, context)),
      livePages: [...live.keys()].filter(isPage).length,
      upstream,
      grace,
      policy: bench.policy,
      warnings: ledger.warnings,
      versioning: await versioningOf({ store, target }, context),
      needs: needsOf(target),
      refusals: await policyRefusals(bench, target, ledger, context),
    },
    bench.runtime.sha256,
  );
  return { identified, left: byReason(needed) };
}

async function withLines(bench: Workbench, store: Store, live: Known, context: Context): Promise<SweptAsset> {
  if (!isRemembered(live.key, live.sizeBytes)) return { live, lines: "binary" };
  const body = await findBytes(bench, live.digest, [{ store, path: live.key }], context);
  return { live, lines: lineCounts(body && (await bytesOf(body)), undefined) };
}

function byReason(left: ReadonlyMap<string, LeftWhy>): LeftAssets[] {
  const groups = new Map<LeftWhy, string[]>();
  for (const [path, why] of left) groups.set(why, [...(groups.get(why) ?? []), path]);
  return [...groups].map(([why, paths]) => ({ why, paths: paths.toSorted(compareKeys) }));
}
