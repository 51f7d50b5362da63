/** What a stage holds that the target after it has not taken: its releases since, path by path. */

import type { Digest, Revision } from "../../core/brand.ts";
import { sameContent, withoutClaims } from "../../core/deploy/plan-deploy.ts";
import type { LedgerState, Release } from "../../core/ledger/fold.ts";
import type { Change, Content, Step } from "../../core/plan/plan.ts";
import { compareKeys } from "../../core/paths/key.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { appliedReleases } from "../history/applied-releases.ts";
import { concurrently } from "../concurrently.ts";
import { openPlan } from "../plan-shelf.ts";
import { contentsOf, revisionsOf, type TargetContents } from "../history/target-contents.ts";
import type { Context, Workbench } from "../workbench.ts";

/** One path as the stage's releases have left it. */
export interface PendingPath {
  readonly path: string;
  /** `undefined` where the stage has deleted it. */
  readonly content: Content | undefined;
  /** What the stage's write was acknowledged with, where the record says so. */
  readonly revision?: Revision;
  /** The release that brought this content to the stage. */
  readonly owner: Release;
  /** Further releases below it, newest first, that the target after it has not taken either. */
  readonly below: readonly Release[];
  /** Contents that the stage held before, and that its deploys had seen at the target after it. */
  readonly ancestors: ReadonlySet<Digest>;
}

export interface Pending {
  /** Those whose content differs from what is known of the target after the stage. By path. */
  readonly paths: readonly PendingPath[];
  /** What is known of the target after the stage, of all paths that the stage's releases have touched. */
  readonly there: TargetContents;
  /** Ids of all releases that the stage has taken, those that nothing is pending of included. */
  readonly changes: ReadonlySet<string>;
}

interface Touch {
  readonly release: Release;
  readonly step: Step;
}

export interface PendingRequest {
  readonly ledger: LedgerState;
  readonly stage: Target;
  readonly target: Target;
}

export async function pendingChanges(bench: Workbench, request: PendingRequest, context: Context): Promise<Pending> {
  const { ledger, target } = request;
  const { chains, changes } = await touchesOf(bench, request, context);
  const there = await contentsOf(bench, { ledger, target, paths: new Set(chains.keys()) }, context);
  const untaken = [...chains].filter(([path, [newest]]) => {
    const content = contentOf(newest.step.change);
    const known = there.at.get(path);
    return known ? !isSame(content, known.content) : content !== undefined || !there.isWhole;
  });
  const owners = [...new Map(untaken.map(([, [{ release }]]) => [release.id, release])).values()];
  const told = await concurrently(
    owners,
    bench.concurrency,
    async (owner) => [owner.id, await revisionsOf(bench, owner, context)] as const,
  );
  const revisions = new Map(told);
  // What nothing older lies below, nothing of it can have been taken.
  const layered = untaken.filter(([, { length }]) => length > 1).map(([path]) => path);
  const brought = await broughtTo(bench, { ledger, target, paths: new Set(layered) }, context);
  const paths = untaken.map(([path, chain]): PendingPath => {
    const [{ release, step }] = chain;
    const revision = revisions.get(release.id)?.get(path);
    return {
      path,
      content: contentOf(step.change),
      owner: release,
      below: below(chain, there.at.get(path)?.content?.digest, brought.get(path)),
      ancestors: ancestorsOf(chain, target.name),
      ...(revision === undefined ? {} : { revision }),
    };
  });
  return { paths: paths.toSorted((one, other) => compareKeys(one.path, other.path)), there, changes };
}

/** Newest first. */
type Chain = [Touch, ...Touch[]];

/** Every write of the stage's releases, by path. */
async function touchesOf(
  bench: Workbench,
  { ledger, stage, target }: PendingRequest,
  context: Context,
): Promise<{ readonly chains: ReadonlyMap<string, Chain>; readonly changes: ReadonlySet<string> }> {
  const chains = new Map<string, Chain>();
  const changes = new Set<string>();
  const isTaken = (path: string): boolean => !bench.isExcepted(stage.name, path) && !bench.isExcepted(target.name, path);
  for (const { release, steps } of await stepsByRelease(bench, { ledger, target: stage }, context)) {
    changes.add(release.id);
    for (const step of steps) {
      const path = step.change.at.key;
      if (release.exceptions.includes(path) || !isTaken(path)) continue;
      const known = chains.get(path);
      if (known) known.push({ release, step });
      else chains.set(path, [{ release, step }]);
    }
  }
  return { chains, changes };
}

interface ReleaseSteps {
  readonly release: Release;
  readonly steps: readonly Step[];
}

/** What each applied release of a target planned, newest first. */
async function stepsByRelease(
  bench: Workbench,
  { ledger, target }: Pick<PendingRequest, "ledger" | "target">,
  context: Context,
): Promise<ReleaseSteps[]> {
  const releases: Release[] = [];
  for await (const release of appliedReleases(bench, { ledger, target: target.name }, context)) releases.push(release);
  return await concurrently(releases, bench.concurrency, async (release) => {
    const { plan } = await openPlan(bench, release.plan, context);
    return { release, steps: stepsOf(plan) };
  });
}

const contentOf = (change: Change): Content | undefined => (change.kind === "delete" ? undefined : change.content);
const priorOf = (change: Change): Content | undefined => (change.kind === "create" ? undefined : change.prior);

/** Headers that only the target after the stage has are left there. */
function isSame(staged: Content | undefined, there: Content | undefined): boolean {
  return sameContent(staged && { ...staged, headers: { ...there?.headers, ...withoutClaims(staged.headers) } }, there);
}

interface Brought {
  readonly ledger: LedgerState;
  readonly target: Target;
  readonly paths: ReadonlySet<string>;
}

/** By path: contents that releases have brought to a target, whatever stands there now. */
async function broughtTo(bench: Workbench, { ledger, target, paths }: Brought, context: Context): Promise<Map<string, Set<Digest>>> {
  const brought = new Map<string, Set<Digest>>();
  if (paths.size === 0) return brought;
  for (const { steps } of await stepsByRelease(bench, { ledger, target }, context)) {
    for (const { change } of steps) {
      const { key } = change.at;
      if (change.kind !== "delete" && paths.has(key)) brought.set(key, (brought.get(key) ?? new Set()).add(change.content.digest));
    }
  }
  return brought;
}

/** The newest touch first: whatever came after the last content that the target after the stage has taken is not taken yet. */
function below([newest, ...older]: Chain, there: Digest | undefined, brought: ReadonlySet<Digest> | undefined): Release[] {
  const untaken: Release[] = [];
  let above = newest;
  for (const touch of older) {
    const content = contentOf(touch.step.change)?.digest;
    if (priorOf(above.step.change)?.digest === there || content === there) break;
    if (content !== undefined && brought?.has(content)) break;
    untaken.push(touch.release);
    above = touch;
  }
  return untaken;
}

function ancestorsOf([newest, ...older]: Chain, target: string): Set<Digest> {
  const digests = older.flatMap(({ step }) => [contentOf(step.change)?.digest, priorOf(step.change)?.digest, step.saw?.[target]]);
  const own = [priorOf(newest.step.change)?.digest, newest.step.saw?.[target]];
  return new Set([...own, ...digests].flatMap((digest) => digest ?? []));
}
