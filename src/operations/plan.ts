/** `belay plan`: what a deploy would do. Changes nothing but what this working copy remembers. */

import { planDeploy } from "../core/deploy/plan-deploy.ts";
import { stepsOf, type IdentifiedPlan } from "../core/plan/plan.ts";
import { openContent } from "./apply/content-source.ts";
import { concurrently } from "./concurrently.ts";
import { gatherDeployFacts, type DeployRequest } from "./compare/deploy-facts.ts";
import type { Comparison } from "./compare/compare.ts";
import { keepPlan } from "./plan-shelf.ts";
import type { Context, Workbench } from "./workbench.ts";

export interface Planned {
  readonly identified: IdentifiedPlan;
  readonly comparison: Comparison;
}

export async function makePlan(bench: Workbench, request: DeployRequest, context: Context): Promise<Planned> {
  const { facts, comparison } = await gatherDeployFacts(bench, request, context);
  return { identified: planDeploy(facts, bench.runtime.sha256), comparison };
}

/** Keeps the plan and, unless it is refused, every byte that it would send, so that it can be applied later, by anybody. */
export async function savePlan(bench: Workbench, identified: IdentifiedPlan, context: Context): Promise<void> {
  if (identified.plan.refusals.length === 0) {
    await concurrently(stepsOf(identified.plan), bench.concurrency, async ({ change, from }) => {
      // What another store holds stays there: the plan is pinned to it, and assets would have to come through this machine.
      if (change.kind !== "delete" && !from) await bench.vault.keep(await openContent(bench, { change }, context), context);
    });
  }
  await keepPlan(bench, identified, context);
}
