/** `belay status`: how every object relates to live, what the tokens say, which warnings stand. */

import { hasConflictMarkers } from "../../codecs/text-merge/conflict-markers.ts";
import { bytesOf } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import type { OpenPlan, Release, UnseenMerge, Warning } from "../../core/ledger/fold.ts";
import { targetState } from "../../core/ledger/fold.ts";
import type { TokenResult } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { choose } from "../promote/chosen-changes.ts";
import { compare, type Compared, type HeaderChange } from "./compare.ts";
import { observeChanges } from "./observe-changes.ts";
import { observe, type Observation, type Selection } from "./observe.ts";
import { noticeOutOfBand, type OutOfBandReport } from "../history/out-of-band.ts";
import { pendingChanges, type PendingPath } from "../promote/pending-changes.ts";
import { isRemembered } from "./seen-bytes.ts";
import { tokenResults } from "./token-results.ts";
import type { Context, Workbench } from "../workbench.ts";

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
  /** What stands at the target that belay did not write. Recorded by whichever look finds it first. */
  readonly outOfBand: OutOfBandReport;
  /** The target is a bucket that other machines reach, and this machine's record is not: they do not see each other's deploys. */
  readonly isRecordHereOnly: boolean;
  /** An apply that was interrupted: resume or undo it first. */
  readonly open: OpenPlan | null;
  readonly lastRelease: Release | undefined;
  /** What the stage before holds and this target has not taken, oldest first; empty where paths were named. */
  readonly staged: readonly StagedChange[];
}

export interface StagedChange {
  /** Its release on the stage: what `promote --change` takes. */
  readonly id: string;
  readonly title: string;
  readonly by: string;
  readonly at: string;
  readonly paths: readonly string[];
}

export async function status(
  bench: Workbench,
  request: { readonly target: Target; readonly selection: Selection },
  context: Context,
): Promise<StatusResult> {
  const { target, selection } = request;
  const whole = selection === undefined ? await observeChanges(bench, target, context) : undefined;
  const observation = whole ?? (await observe(bench, target, selection, context));
  // Before the comparison, which remembers what it proves: a stranger's bytes that equal ours are a stranger's all the same.
  const outOfBand = await noticeOutOfBand(bench, observation, context);
  const { paths, headerChanges } = await compare(bench, observation, context);
  const summary = { same: whole?.settled ?? 0, ahead: 0, behind: 0, diverged: 0, new: 0, removed: 0, unknown: 0 };
  for (const { lineage } of paths) summary[lineage.kind] += 1;
  const state = targetState(observation.ledger, bench.site.name, target.name);
  const isWarnedNow = outOfBand.writes.some(({ isNew, warning }) => isNew && warning !== undefined);
  const { warnings } = isWarnedNow ? await bench.ledger.state({ signal: context.signal, mayBeOld: true }) : observation.ledger;
  return {
    target,
    objects: paths.filter(({ lineage }) => lineage.kind !== "same"),
    headerChanges,
    conflicted: await conflictedOf(bench, paths, context),
    summary,
    tokens: await tokenResults(bench, observation, context),
    warnings: warnings.filter((warning) => bindsAt(warning, bench.site.name, target)),
    outOfBand,
    unseenMerges: observation.ledger.unseenMerges.filter(({ site }) => site === bench.site.name),
    isRecordHereOnly: target.store.startsWith("s3://") && !bench.isStateShared,
    open: state.open,
    lastRelease: state.releases.find((release) => release.as === "applied"),
    staged: selection === undefined ? await stagedFor(bench, observation, context) : [],
  };
}

/** Only looks at the record: whether the stage still shows it is asked when it is promoted. */
async function stagedFor(bench: Workbench, { target, ledger, sightings }: Observation, context: Context): Promise<StagedChange[]> {
  const stage = bench.site.targets.find(({ name }) => name === target.after);
  if (!stage) return [];
  const pending = await pendingChanges(bench, { ledger, stage, target }, context);
  // What the record does not reach back to is compared with what is live.
  const unknown = new Set(pending.paths.filter(({ path }) => !pending.there.at.has(path)).map(({ path }) => path));
  const seen = unknown.size === 0 ? new Map() : await bench.base.load(target.name, [...unknown], context);
  const live = new Map(sightings.map((sighting) => [sighting.path, sighting.live?.digest]));
  const digestAt = (path: string): Digest | undefined => (live.has(path) ? live.get(path) : seen.get(path)?.digest);
  const isThere = ({ path, content }: PendingPath): boolean =>
    unknown.has(path) && content !== undefined && content.digest === digestAt(path);
  const paths = pending.paths.filter((path) => !isThere(path));
  return choose({ ...pending, paths }, undefined).releases.map(({ id, title, by, at }) => ({
    id,
    title,
    by: by.name,
    at,
    paths: paths.filter(({ owner, below }) => owner.id === id || below.some((release) => release.id === id)).map(({ path }) => path),
  }));
}

const bindsAt = (warning: Warning, site: string, target: Target): boolean =>
  warning.site === site && (warning.target === undefined || warning.target === target.name);

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
