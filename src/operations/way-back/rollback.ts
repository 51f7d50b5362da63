/** `belay rollback`: a target as a release had left it, in one command. */

import { planRollback } from "../../core/deploy/plan-rollback.ts";
import type { Target } from "../../core/site.ts";
import { carryOut, refuseOpen, type Confirm, type DeployResult, type Waiting } from "../deploy.ts";
import { gatherRestoreFacts } from "./restore-facts.ts";
import { replacedSince } from "./restore-replaced.ts";
import { rollbackPoint, type RollbackPoint } from "./rollback-point.ts";
import { isHeld, withLease } from "../with-lease.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface RollbackRequest extends Waiting {
  readonly target: Target;
  /** The release whose end it goes back to; absent: the one before the last. */
  readonly to: string | undefined;
}

export interface RollbackResult {
  readonly result: DeployResult;
  /** No release was named, and the last one is a rollback already. */
  readonly already?: RollbackPoint["already"];
}

/** Throws `usage` where the named release was never applied here, or none was. */
export async function rollback(bench: Workbench, request: RollbackRequest, confirm: Confirm, context: Context): Promise<RollbackResult> {
  const { target, to, waitMs } = request;
  let already: RollbackPoint["already"];
  const answer = await withLease(bench, { target: target.name, purpose: "rollback", waitMs }, context, async (): Promise<DeployResult> => {
    await refuseOpen(bench, target.name, context);
    const ledger = await bench.ledger.state(context);
    const point: RollbackPoint =
      to === undefined ? await rollbackPoint(bench, { ledger, target: target.name }, context) : { back: { when: "after", release: to } };
    ({ already } = point);
    const replaced = await replacedSince(bench, { ledger, target, selection: undefined, back: point.back }, context);
    const facts = await gatherRestoreFacts(bench, { ledger, target, replaced }, context);
    return carryOut(bench, planRollback(facts, bench.runtime.sha256), confirm, context);
  });
  const result = isHeld(answer) ? ({ kind: "held", held: answer } as const) : answer;
  return { result, ...(already && { already }) };
}
