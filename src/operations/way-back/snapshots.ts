/** `belay snapshots`: what each release replaced, which of them stand, and the way back to them. */

import type { Release } from "../../core/ledger/fold.ts";
import type { Change, WayBack } from "../../core/plan/plan.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { appliedReleases } from "../history/applied-releases.ts";
import { concurrently } from "../concurrently.ts";
import { openPlan } from "../plan-shelf.ts";
import { standingReleases } from "./rollback-point.ts";
import { tombstonesOf } from "./tombstones.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface Snapshot {
  readonly release: string;
  readonly at: string;
  readonly by: string;
  readonly title: string;
  readonly intent: string;
  /** What the release replaced, deleted or created. */
  readonly paths: readonly { readonly path: string; readonly kind: Change["kind"] }[];
  /** Folder of plain copies below `.belay/snapshots`, for production pages. */
  readonly folder?: string;
  /** What the target should hold now is what this release left. */
  readonly isCurrent?: true;
  /** Where a rollback or restore went. */
  readonly back?: WayBack;
  /** The rollback that took what it had brought off again, as far as nothing has brought that back since. */
  readonly rolledBackBy?: string;
}

/** So many are read; `rollback --to` finds older ones too. */
const snapshotsMax = 200;

/** Newest first, at most 200. Stopped and undone applies replaced nothing for good and are left out. */
export async function listSnapshots(bench: Workbench, target: Target, context: Context): Promise<Snapshot[]> {
  const ledger = await bench.ledger.state(context);
  const request = { ledger, target: target.name };
  const releases: Release[] = [];
  for await (const release of appliedReleases(bench, request, context)) {
    releases.push(release);
    if (releases.length === snapshotsMax) break;
  }
  const standing = await standingReleases(bench, request, context).next();
  const current = standing.done === true ? undefined : standing.value.id;
  const tombstones = await tombstonesOf(bench, { ledger, target }, context);
  return concurrently(releases, bench.concurrency, async (release) => {
    const { plan } = await openPlan(bench, release.plan, context);
    const changes = stepsOf(plan).map(({ change }) => change);
    const rolledBackBy = changes.flatMap((change) => stoneOf(change, tombstones)).at(0);
    return {
      release: release.id,
      at: release.at,
      by: release.by.name,
      title: release.title,
      intent: release.intent,
      paths: changes.map(({ at, kind }) => ({ path: at.key, kind })),
      ...(release.snapshot === undefined ? {} : { folder: release.snapshot }),
      ...(release.id === current && { isCurrent: true }),
      ...(plan.back && { back: plan.back }),
      ...(rolledBackBy === undefined ? {} : { rolledBackBy }),
    };
  });
}

const stoneOf = (change: Change, tombstones: Awaited<ReturnType<typeof tombstonesOf>>): string[] => {
  const stone = change.kind === "delete" ? undefined : tombstones.get(change.at.key)?.get(change.content.digest);
  return stone === undefined ? [] : [stone];
};
