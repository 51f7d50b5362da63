/** What releases replaced since a moment, from their plans. */

import { BelayError } from "../../core/belay-error.ts";
import type { LedgerState, Release } from "../../core/ledger/fold.ts";
import type { Change, Content, WayBack } from "../../core/plan/plan.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { appliedReleases } from "../history/applied-releases.ts";
import type { Selection } from "../compare/observe.ts";
import { openPlan } from "../plan-shelf.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface Replaced {
  readonly back: WayBack;
  /** By path, what it held at that moment; `undefined` where it held nothing. */
  readonly before: ReadonlyMap<string, Content | undefined>;
}

export interface ReplacedRequest {
  readonly ledger: LedgerState;
  readonly target: Target;
  readonly selection: Selection;
  /** Absent: the last release that changed anything of the selection, and before it. */
  readonly back: WayBack | undefined;
}

/**
 * Walks releases from the newest back to the named one: of the steps on the way the oldest one tells what was there. Reads on
 * past the releases that the folded state keeps. Throws `usage` where the release is unknown, or nothing was changed since it began.
 */
export async function replacedSince(bench: Workbench, request: ReplacedRequest, context: Context): Promise<Replaced> {
  const { ledger, target, back } = request;
  const before = new Map<string, Content | undefined>();
  for await (const release of appliedReleases(bench, { ledger, target: target.name }, context)) {
    const isNamed = release.id === back?.release;
    if (isNamed && back?.when === "after") return { back, before };
    for (const change of await changesOf(bench, release, request, context)) {
      before.set(change.at.key, change.kind === "create" ? undefined : change.prior);
    }
    if ((isNamed || back === undefined) && before.size > 0) return { back: { when: "before", release: release.id }, before };
    if (isNamed) break;
  }
  throw nothingReplaced(request);
}

/** What a release changed of the selected paths, as planned and landed. */
async function changesOf(bench: Workbench, release: Release, { target, selection }: ReplacedRequest, context: Context): Promise<Change[]> {
  const { plan } = await openPlan(bench, release.plan, context);
  const isSelected = (path: string): boolean =>
    selection === undefined || selection.some((named) => named === path || (named.endsWith("/") && path.startsWith(named)));
  return stepsOf(plan)
    .map(({ change }) => change)
    .filter(({ at }) => isSelected(at.key) && !release.exceptions.includes(at.key) && !bench.isExcepted(target.name, at.key));
}

function nothingReplaced({ target, selection, back }: ReplacedRequest): BelayError {
  const next = `belay snapshots ${target.name}`;
  if (back?.when === "after") return new BelayError("usage", `${target.name} has no release ${back.release} that was applied.`, next);
  const what = back === undefined ? "No release" : `No release ${back.release}`;
  return new BelayError("usage", `${what} of ${target.name} changed ${selection?.join(", ") ?? "anything"}.`, next);
}
