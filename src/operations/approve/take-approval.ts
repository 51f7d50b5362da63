/** Between a plan and its start: are the approvals there, and if not, can the person at hand give the last one? */

import { needsOf } from "../../core/approval/approval-needs.ts";
import { targetState } from "../../core/ledger/fold.ts";
import type { IdentifiedPlan, Refusal } from "../../core/plan/plan.ts";
import { appendAlways } from "../append-always.ts";
import { isCurrent, targetNamed } from "../apply/apply.ts";
import { approvalsFor, isPersonHere } from "./approvals.ts";
import { approvalHours, offerFor, signPlan, type SigningOffer } from "./approve.ts";
import { savePlan } from "../plan.ts";
import type { Context, Workbench } from "../workbench.ts";

/** `not-asked`: nobody could be shown what they would sign. */
type Decision = "go" | "stop" | "not-asked";
/**
 * Shows the plan and its proof, and asks whoever must be asked. Not called for a refused or empty plan. With an offer, *go*
 * is a person's word at a terminal that they sign it, which no flag and no earlier answer gives.
 */
export type Confirm = (identified: IdentifiedPlan, offer?: SigningOffer) => Promise<Decision>;

/** `unneeded`: nothing stands in the way of the usual confirmation. `approved`: the person has signed, which confirms it too. */
export type Taken = "unneeded" | "approved" | "stop" | { readonly refusals: readonly Refusal[] };

/**
 * A plan that lacks approvals is kept with its bytes, so that whoever signs it later signs, and starts, exactly it. A solo
 * owner signs right here. `applyPlan` asks again, whatever this says.
 */
export async function takeApproval(bench: Workbench, identified: IdentifiedPlan, confirm: Confirm, context: Context): Promise<Taken> {
  const { plan } = identified;
  const target = targetNamed(bench, plan.target);
  // What was folded before may lack an approval that somebody has given since, but never has one too many.
  const known = await bench.ledger.state({ ...context, mayBeOld: true });
  if ((await approvalsFor(bench, { identified, target, state: known }, context)).refusals.length === 0) return "unneeded";
  const state = await bench.ledger.state(context);
  // Nobody signs what can never start; `applyPlan` says so.
  if (!isCurrent(state, plan)) return "unneeded";
  const { refusals } = await approvalsFor(bench, { identified, target, state }, context);
  if (refusals.length === 0) return "unneeded";
  const needs = needsOf(target, plan);
  await savePlan(bench, identified, context);
  const isAboutApprovals = refusals.every(({ code }) => code === "approval-missing");
  if (!needs || !isAboutApprovals || bench.signers === undefined || !isPersonHere(bench, context)) return { refusals };
  const offer = await offerFor(bench, { identified, target, state, needs, validMs: approvalHours.usual * 3_600_000 }, context);
  const decision = await confirm(identified, offer);
  if (decision !== "go") return decision === "stop" ? "stop" : { refusals };
  const { missing } = await signPlan(bench, { identified, target, offer, key: undefined, starter: bench.actor }, context);
  if (missing === 0) return "approved";
  const signed = await bench.ledger.state(context);
  return { refusals: (await approvalsFor(bench, { identified, target, state: signed }, context)).refusals };
}

/** Whoever approved a plan that names a merge has looked at it (decision 5). */
export async function settleMerges(bench: Workbench, { id, plan }: IdentifiedPlan, context: Context): Promise<void> {
  if (!plan.merges || !plan.needs) return;
  const state = await bench.ledger.state(context);
  const release = targetState(state, plan.site, plan.target).releases[0]?.id ?? plan.target;
  for (const merge of state.unseenMerges.filter((one) => one.site === plan.site && plan.merges?.includes(one.id))) {
    const why = `approved with plan ${id.slice(0, 12)}, which is ${release}`;
    const about = { actor: bench.actor, site: plan.site, warning: merge.id, paths: merge.paths };
    await appendAlways(bench, { kind: "resolved", ...about, how: "person", why }, context);
  }
}
