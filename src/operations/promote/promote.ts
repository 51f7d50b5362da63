/** `belay promote`: exactly the verified bytes of the stage before, under the approvals that the target asks for. */

import type { IdentifiedPlan } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { choose, requireChange, type Chosen } from "./chosen-changes.ts";
import { carryOut, refuseOpen, type Confirm, type DeployResult, type Waiting } from "../deploy.ts";
import { pendingChanges } from "./pending-changes.ts";
import { makePromotion, stageOf } from "./promotion.ts";
import { isHeld, withLease } from "../with-lease.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface PromoteRequest extends Waiting {
  readonly target: Target;
  /** A release of the stage; all that is pending where absent. */
  readonly change: string | undefined;
  readonly emergency: string | undefined;
  /** Shown the plan before anything is asked, whether or not it is refused. */
  readonly show?: (identified: IdentifiedPlan) => Promise<void>;
}

export async function planPromotion(
  bench: Workbench,
  { target, change, emergency }: Omit<PromoteRequest, "waitMs">,
  context: Context,
): Promise<IdentifiedPlan> {
  const stage = stageOf(bench, target);
  await refuseOpen(bench, stage.name, context);
  await refuseOpen(bench, target.name, context);
  const ledger = await bench.ledger.state(context);
  const pending = await pendingChanges(bench, { ledger, stage, target }, context);
  if (change !== undefined) requireChange(pending, { change, stage: stage.name, target: target.name });
  const chosen: Chosen = choose(pending, change);
  return await makePromotion(bench, { target, stage, ledger, chosen, emergency }, context);
}

export async function promote(bench: Workbench, request: PromoteRequest, confirm: Confirm, context: Context): Promise<DeployResult> {
  const { target, waitMs } = request;
  const answer = await withLease(bench, { target: target.name, purpose: "promote", waitMs }, context, async (): Promise<DeployResult> => {
    const identified = await planPromotion(bench, request, context);
    await request.show?.(identified);
    return await carryOut(bench, identified, confirm, context);
  });
  return isHeld(answer) ? { kind: "held", held: answer } : answer;
}
