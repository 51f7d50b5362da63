/** `belay status`: how every object relates to live, what the tokens say, which warnings stand. */

import { hasConflictMarkers } from "../codecs/text-merge/conflict-markers.ts";
import { bytesOf } from "../core/body.ts";
import type { OpenPlan, Release, UnseenMerge, Warning } from "../core/ledger/fold.ts";
import { targetState } from "../core/ledger/fold.ts";
import type { TokenResult } from "../core/plan/plan.ts";
import type { Target } from "../core/site.ts";
import { compare, type Compared, type HeaderChange } from "./compare.ts";
import { observeChanges } from "./observe-changes.ts";
import { observe, type Selection } from "./observe.ts";
import { isRemembered } from "./seen-bytes.ts";
import { tokenResults } from "./token-results.ts";
import type { Context, Workbench } from "./workbench.ts";

export interface StatusResult {
  readonly target: Target;
  /** Every path that is not *same*, by key. */
  readonly objects: readonly Compared[];
  /** Told once, by whichever command sees them first. */
  readonly headerChanges: readonly HeaderChange[];
  /** Paths that still hold the conflict markers of a merge: a deploy refuses them. */
  readonly conflicted: readonly string[];
  readonly summary: Readonly<Record<Compared["lineage"]["kind"], number>>;
  readonly tokens: readonly TokenResult[];
  readonly warnings: readonly Warning[];
  readonly unseenMerges: readonly UnseenMerge[];
  /** The target is a bucket that other machines reach, and this machine's record is not: they do not see each other's deploys. */
  readonly isRecordHereOnly: boolean;
  /** An apply that was interrupted: resume or undo it first. */
  readonly open: OpenPlan | null;
  readonly lastRelease: Release | undefined;
}

export async function status(
  bench: Workbench,
  request: { readonly target: Target; readonly selection: Selection },
  context: Context,
): Promise<StatusResult> {
  const { target, selection } = request;
  const whole = selection === undefined ? await observeChanges(bench, target, context) : undefined;
  const observation = whole ?? (await observe(bench, target, selection, context));
  const { paths, headerChanges } = await compare(bench, observation, context);
  const summary = { same: whole?.settled ?? 0, ahead: 0, behind: 0, diverged: 0, new: 0, removed: 0, unknown: 0 };
  for (const { lineage } of paths) summary[lineage.kind] += 1;
  const state = targetState(observation.ledger, bench.site.name, target.name);
  return {
    target,
    objects: paths.filter(({ lineage }) => lineage.kind !== "same"),
    headerChanges,
    conflicted: await conflictedOf(bench, paths, context),
    summary,
    tokens: await tokenResults(bench, observation, context),
    warnings: observation.ledger.warnings.filter(({ site }) => site === bench.site.name),
    unseenMerges: observation.ledger.unseenMerges.filter(({ site }) => site === bench.site.name),
    isRecordHereOnly: target.store.startsWith("s3://") && !bench.isStateShared,
    open: state.open,
    lastRelease: state.releases.find((release) => release.as === "applied"),
  };
}

/** Only what a pull has merged is looked into. */
async function conflictedOf(bench: Workbench, paths: readonly Compared[], context: Context): Promise<string[]> {
  const conflicted: string[] = [];
  for (const { path, lineage, base, local } of paths) {
    if (lineage.kind !== "ahead" || base?.how !== "merged" || !local || !isRemembered(path, local.sizeBytes)) continue;
    const reading = await bench.folder.read(path, context);
    if (reading && hasConflictMarkers(await bytesOf(reading.body))) conflicted.push(path);
  }
  return conflicted;
}
