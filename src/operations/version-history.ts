/** Which contents a path had before, by the ledger and by version control; read only when some path needs it. */

import type { Digest } from "../core/brand.ts";
import { targetState, type LedgerState, type Release } from "../core/ledger/fold.ts";
import { stepsOf, type Change } from "../core/plan/plan.ts";
import type { SourceVersion } from "../ports/source-history.ts";
import { concurrently } from "./concurrently.ts";
import { openPlan } from "./plan-shelf.ts";
import type { Context, Workbench } from "./workbench.ts";

/** One content that a path had, and what brought it. */
export interface PastVersion {
  readonly digest: Digest;
  readonly target: string;
  /** Absent for content that was live before belay's first write to the path. */
  readonly release?: Release;
}

export interface VersionHistory {
  /** Contents of a path across all targets of the site, newest first; equal neighbours are one. */
  inLedger(path: string): readonly PastVersion[];
  /** Contents that were live at a target and were replaced or deleted by a release. */
  wasLive(path: string, target: string): ReadonlySet<Digest>;
  inGit(path: string): Promise<readonly SourceVersion[]>;
}

const gitVersionsMax = 200;

/** Opens every listed release's plan once. Stopped and undone releases left nothing behind and tell nothing. */
export async function openVersionHistory(bench: Workbench, ledger: LedgerState, context: Context): Promise<VersionHistory> {
  const releases = bench.site.targets
    .flatMap((target) => targetState(ledger, bench.site.name, target.name).releases.map((release) => ({ target: target.name, release })))
    .filter(({ release }) => release.as === "applied")
    .toSorted((left, right) => seqOf(right.release) - seqOf(left.release));
  const byPath = new Map<string, PastVersion[]>();
  const replaced = new Map<string, Set<Digest>>();
  const plans = await concurrently(releases, bench.concurrency, ({ release }) => openPlan(bench, release.plan, context));
  for (const [index, { target, release }] of releases.entries()) {
    const plan = plans[index]?.plan;
    const excepted = new Set(release.exceptions);
    for (const { change } of plan ? stepsOf(plan) : []) {
      if (!excepted.has(change.at.key)) note(change, target, release);
    }
  }

  function note(change: Change, target: string, release: Release): void {
    const { key } = change.at;
    const versions = byPath.get(key) ?? [];
    byPath.set(key, versions);
    if (change.kind !== "delete") push(versions, { digest: change.content.digest, target, release });
    if (change.kind === "create") return;
    push(versions, { digest: change.prior.digest, target });
    const gone = replaced.get(`${target}\n${key}`) ?? new Set();
    gone.add(change.prior.digest);
    replaced.set(`${target}\n${key}`, gone);
  }

  return {
    inLedger: (path) => byPath.get(path) ?? [],
    wasLive: (path, target) => replaced.get(`${target}\n${path}`) ?? new Set(),
    inGit: (path) => bench.history.versions(path, gitVersionsMax, context),
  };
}

/** Release ids carry the sequence number of their *started* entry. */
const seqOf = (release: Release): number => Number(release.id.slice(1));

/** Equal neighbours are one version, named by the release that brought it. */
function push(versions: PastVersion[], version: PastVersion): void {
  const last = versions.at(-1);
  if (last?.digest !== version.digest) versions.push(version);
  else if (!last.release && version.release) versions[versions.length - 1] = version;
}
