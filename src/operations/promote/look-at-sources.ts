/** What a plan takes from another target is looked at there, right before it is taken. */

import { isPage } from "../../core/paths/key.ts";
import { stepsOf, type IdentifiedPlan } from "../../core/plan/plan.ts";
import { worst } from "../../core/verify/judge-sight.ts";
import type { VerifiedFile } from "../../core/verify/verification.ts";
import { lookAt } from "../verify/look-at.ts";
import { lookWithinMs, type Wanted } from "../verify/look-request.ts";
import type { Context, Workbench } from "../workbench.ts";

/** The stage does not show its visitors what is to be promoted, or it could not be told. Nothing was written. */
export interface Unverified {
  readonly kind: "unverified";
  readonly identified: IdentifiedPlan;
  readonly stage: string;
  readonly outcome: "bad" | "unknown";
  /** Those that are not good. */
  readonly files: readonly VerifiedFile[];
}

/**
 * `undefined` where all is well, or where a plan takes nothing from another target. What was recorded is not taken on trust:
 * between a plan and its start the stage may have been rolled back. Pages are looked at as visitors get them, assets in the
 * stage's store, by one listing.
 */
export async function lookAtSources(bench: Workbench, identified: IdentifiedPlan, context: Context): Promise<Unverified | undefined> {
  const steps = stepsOf(identified.plan);
  const stage = bench.site.targets.find(({ store }) => steps.some(({ from }) => from?.store === store));
  if (!stage) return undefined;
  const files = steps.flatMap(({ change, from }): Wanted[] => {
    if (change.kind === "delete") return isPage(change.at.key) ? [{ path: change.at.key, content: undefined }] : [];
    return from ? [{ path: change.at.key, content: change.content, revision: from.revision }] : [];
  });
  if (files.length === 0) return undefined;
  const looked = await lookAt(bench, { target: stage, files, withinMs: lookWithinMs }, context);
  const outcome = worst(looked.map((file) => file.outcome));
  if (outcome === "good") return undefined;
  return { kind: "unverified", identified, stage: stage.name, outcome, files: looked.filter((file) => file.outcome !== "good") };
}
