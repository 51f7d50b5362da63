/** `belay restore`: what a release replaced, put back. */

import { planRestore } from "../../core/deploy/plan-restore.ts";
import type { Target } from "../../core/site.ts";
import { carryOut, refuseOpen, type Confirm, type DeployResult, type Waiting } from "../deploy.ts";
import type { Selection } from "../compare/observe.ts";
import { gatherRestoreFacts } from "./restore-facts.ts";
import { replacedSince } from "./restore-replaced.ts";
import { isHeld, withLease } from "../with-lease.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface RestoreRequest extends Waiting {
  readonly target: Target;
  readonly selection: Selection;
  /** A release id: everything that it and later releases changed goes back to what was there before it. Default: the last. */
  readonly from: string | undefined;
}

/** Throws `usage` where the release is unknown, or changed nothing of the selection. */
export async function restore(bench: Workbench, request: RestoreRequest, confirm: Confirm, context: Context): Promise<DeployResult> {
  const { target, selection, from, waitMs } = request;
  const answer = await withLease(bench, { target: target.name, purpose: "restore", waitMs }, context, async (): Promise<DeployResult> => {
    await refuseOpen(bench, target.name, context);
    const ledger = await bench.ledger.state(context);
    const back = from === undefined ? undefined : ({ when: "before", release: from } as const);
    const replaced = await replacedSince(bench, { ledger, target, selection, back }, context);
    const facts = await gatherRestoreFacts(bench, { ledger, target, replaced }, context);
    return carryOut(bench, planRestore(facts, bench.runtime.sha256), confirm, context);
  });
  return isHeld(answer) ? { kind: "held", held: answer } : answer;
}
