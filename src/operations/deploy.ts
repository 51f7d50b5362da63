/** `belay deploy` and `belay apply`: plan, show, confirm, apply. */

import { BelayError } from "../core/belay-error.ts";
import { targetState, type LedgerState, type OpenPlan } from "../core/ledger/fold.ts";
import { stepsOf, type IdentifiedPlan } from "../core/plan/plan.ts";
import type { Held } from "../ports/leaser.ts";
import { settleMerges, takeApproval, type Confirm } from "./approve/take-approval.ts";
import { applyPlan, targetNamed, type ApplyResult } from "./apply/apply.ts";
import type { DeployRequest } from "./compare/deploy-facts.ts";
import { lookAtSources, type Unverified } from "./promote/look-at-sources.ts";
import { makePlan } from "./plan.ts";
import { openTargets } from "./apply/resume.ts";
import { findPlan } from "./plan-shelf.ts";
import { leftBy } from "./apply/put-back-telling.ts";
import { addWarning } from "./warn.ts";
import { isHeld, withLease } from "./with-lease.ts";
import type { Context, Workbench } from "./workbench.ts";

export type { Confirm } from "./approve/take-approval.ts";

export type DeployResult =
  | Unverified
  | { readonly kind: "held"; readonly held: Held }
  | { readonly kind: "nothing-to-do" | "refused" | "needs-person" | "declined"; readonly identified: IdentifiedPlan }
  | {
      readonly kind: "tried";
      readonly identified: IdentifiedPlan;
      readonly result: ApplyResult;
      /** Where it was put back: new assets that still stand, until `sweep`. */
      readonly assetsLeft?: readonly string[];
    };

export interface Waiting {
  readonly waitMs: number;
}

export async function deploy(
  bench: Workbench,
  request: DeployRequest & Waiting,
  confirm: Confirm,
  context: Context,
): Promise<DeployResult> {
  const { target, waitMs } = request;
  const answer = await withLease(bench, { target: target.name, purpose: "deploy", waitMs }, context, async (): Promise<DeployResult> => {
    const { identified, comparison } = await makePlan(bench, request, context);
    refuseOpenIn(bench, target.name, comparison.observation.ledger);
    return carryOut(bench, identified, confirm, context);
  });
  return isHeld(answer) ? { kind: "held", held: answer } : answer;
}

/** A saved plan, by a prefix of its id. It applies only if nothing binding was recorded since. */
export async function applySaved(
  bench: Workbench,
  request: { readonly id: string } & Waiting,
  confirm: Confirm,
  context: Context,
): Promise<DeployResult> {
  const identified = await findPlan(bench, request.id, context);
  const target = targetNamed(bench, identified.plan.target);
  const answer = await withLease(
    bench,
    { target: target.name, purpose: "apply", waitMs: request.waitMs },
    context,
    async (): Promise<DeployResult> => {
      await refuseOpen(bench, target.name, context);
      if (identified.plan.policy !== bench.policy) {
        throw new BelayError(
          "plan-stale",
          "belay.yaml has changed its targets or tokens since the plan was made.",
          `belay plan ${target.name}`,
        );
      }
      return carryOut(bench, identified, confirm, context);
    },
  );
  return isHeld(answer) ? { kind: "held", held: answer } : answer;
}

/** From a plan to its result: refused, empty, declined, or applied. */
export async function carryOut(bench: Workbench, identified: IdentifiedPlan, confirm: Confirm, context: Context): Promise<DeployResult> {
  const { refusals } = identified.plan;
  if (refusals.length > 0) return { kind: refusals.some((refusal) => refusal.rule === "D8") ? "needs-person" : "refused", identified };
  if (stepsOf(identified.plan).length === 0) return { kind: "nothing-to-do", identified };
  const unverified = await lookAtSources(bench, identified, context);
  if (unverified) return unverified;
  const approved = await takeApproval(bench, identified, confirm, context);
  switch (approved) {
    case "approved":
      break;
    case "unneeded":
      if ((await confirm(identified)) !== "go") return { kind: "declined", identified };
      break;
    case "stop":
      return { kind: "declined", identified };
    default:
      return { kind: "tried", identified, result: { kind: "refused", refusals: approved.refusals } };
  }
  const result = await applyPlan(bench, identified, context);
  if (result.kind === "applied") {
    await settleMerges(bench, identified, context);
    await warnOfEmergency(bench, identified, context);
    await settlePages(bench, identified, context);
  }
  return {
    kind: "tried",
    identified,
    result,
    ...(await leftBy(bench, { identified, result, target: targetNamed(bench, identified.plan.target) }, context)),
  };
}

/** Claims on records that have their page now are over. */
async function settlePages(bench: Workbench, { plan }: IdentifiedPlan, context: Context): Promise<void> {
  const created = stepsOf(plan).flatMap(({ change }) => (change.kind === "create" ? [change] : []));
  if (!bench.pageRecords || created.length === 0) return;
  const pages = created.map(({ at, content }) => ({
    key: at.key,
    headers: content.headers,
    read: async () => await Promise.resolve(undefined),
  }));
  const { name: site, targets } = bench.site;
  await bench.pageRecords.areMade({ site, target: targetNamed(bench, plan.target), targets, pages }, context);
}

/** Whoever comes next to these pages knows that nobody else has looked at them (decision 21). */
async function warnOfEmergency(bench: Workbench, { plan }: IdentifiedPlan, context: Context): Promise<void> {
  const { emergency, target } = plan;
  if (emergency === undefined) return;
  const paths = stepsOf(plan).map(({ change }) => change.at.key);
  await addWarning(
    bench,
    { paths, target, isOfEmergency: true, text: `taken to ${target} in an emergency, without the approval of others: ${emergency}` },
    context,
  );
}

/** An interrupted apply is finished or put back before anything else is written to its target. */
export async function refuseOpen(bench: Workbench, target: string, context: Context): Promise<void> {
  refuseOpenIn(bench, target, await bench.ledger.state(context));
}

function refuseOpenIn(bench: Workbench, target: string, state: LedgerState): void {
  openTargets(bench, state);
  const { open } = targetState(state, bench.site.name, target);
  if (open) throw openPlanError(target, open);
}

const openPlanError = (target: string, open: OpenPlan): BelayError =>
  new BelayError(
    "unsettled",
    `The ${open.intent} "${open.title}" to ${target}, begun ${open.at} by ${open.by.name}, has not ended.`,
    open.undoing ? "belay resume   (goes on putting back)" : "belay resume   (finishes it)\nbelay undo   (puts back what it wrote)",
  );
