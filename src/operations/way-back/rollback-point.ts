/** Where a rollback goes that names no release. */

import { BelayError } from "../../core/belay-error.ts";
import type { Release } from "../../core/ledger/fold.ts";
import type { WayBack } from "../../core/plan/plan.ts";
import { appliedReleases, type ReleasesRequest } from "../history/applied-releases.ts";
import { openPlan } from "../plan-shelf.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface RollbackPoint {
  readonly back: WayBack;
  /** Set where the last release is a rollback itself: then this is where it went, and `further` is one release further. */
  readonly already?: { readonly by: string; readonly further: WayBack | undefined };
}

/**
 * The release before the last one. Right after a rollback its own point once more: a second one, by mistake or by a colleague
 * in the same trouble, goes no further. Before the very first release, what was there before belay wrote. Throws `usage`
 * where nothing was released.
 */
export async function rollbackPoint(bench: Workbench, request: ReleasesRequest, context: Context): Promise<RollbackPoint> {
  const newest = await nextOf(shownReleases(bench, request, context));
  const standing = standingReleases(bench, request, context);
  const top = await nextOf(standing);
  const below = await nextOf(standing);
  const further: WayBack | undefined = below ? { when: "after", release: below.id } : top && { when: "before", release: top.id };
  const done = newest && (await backOf(bench, newest, context));
  if (newest && done) return { back: done, already: { by: newest.id, further } };
  if (further) return { back: further };
  throw new BelayError("usage", `Nothing was released to ${request.target} by belay yet, so there is nothing to go back to.`, "belay log");
}

/** Without sweeps: they change nothing that visitors are shown. */
async function* shownReleases(bench: Workbench, request: ReleasesRequest, context: Context): AsyncGenerator<Release, void, undefined> {
  for await (const release of appliedReleases(bench, request, context)) if (release.intent !== "sweep") yield release;
}

/** Newest first: releases that no rollback has taken back. The first one is what live should look like. */
export async function* standingReleases(
  bench: Workbench,
  request: ReleasesRequest,
  context: Context,
): AsyncGenerator<Release, void, undefined> {
  let skipping: WayBack | undefined;
  for await (const release of shownReleases(bench, request, context)) {
    const isEnd = skipping?.release === release.id;
    const isTakenBack = skipping !== undefined && !(isEnd && skipping.when === "after");
    if (isEnd) skipping = undefined;
    if (isTakenBack) continue;
    skipping = await backOf(bench, release, context);
    if (skipping === undefined) yield release;
  }
}

/** Where a rollback went; `undefined` for any other release. */
async function backOf(bench: Workbench, { intent, plan: id }: Release, context: Context): Promise<WayBack | undefined> {
  if (intent !== "rollback") return undefined;
  const { plan } = await openPlan(bench, id, context);
  return plan.back;
}

async function nextOf(releases: AsyncGenerator<Release, void, undefined>): Promise<Release | undefined> {
  const next = await releases.next();
  return next.done === true ? undefined : next.value;
}
