/** A reconcile that an agent may not carry out by itself begins nowhere, so that no system is left corrected alone (decision 0038). */

import { refuseAgentAlone } from "../../core/deploy/rules/approvals.ts";
import type { IdentifiedPlan, Refusal } from "../../core/plan/plan.ts";
import { placeOfSystem } from "./carrying.ts";
import type { RecordsBench } from "./records-bench.ts";

/** Asked of every target that the plan reaches, also where parts of it have landed. Empty where it may go on. */
export async function refusedToAgent(records: RecordsBench, { id, plan }: IdentifiedPlan): Promise<readonly Refusal[]> {
  const refusals = new Map<string, Refusal>();
  for (const reach of plan.records?.reach ?? []) {
    const { bench, target } = await placeOfSystem(records, reach);
    for (const refusal of refuseAgentAlone(id, target, bench.actor)) refusals.set(refusal.message, refusal);
  }
  return [...refusals.values()];
}
