/** Whether a plan may start, as far as people's approvals go (decision 17). */

import { approvalMessage } from "../../core/approval/approval-message.ts";
import { needsOf } from "../../core/approval/approval-needs.ts";
import {
  ofAnotherPlan,
  judgeApprovals,
  type CheckedApproval,
  type Involved,
  type JudgedApprovals,
} from "../../core/approval/judge-approvals.ts";
import { refuseAgentAlone, refuseUnapproved } from "../../core/deploy/rules/approvals.ts";
import { noHash, type Actor } from "../../core/ledger/entry.ts";
import { targetState, type Approval, type LedgerState } from "../../core/ledger/fold.ts";
import type { ApprovalNeeds, IdentifiedPlan, Plan, Refusal } from "../../core/plan/plan.ts";
import { isPartOf } from "../../core/records/plan-reconcile.ts";
import type { Target } from "../../core/site.ts";
import type { CallOptions } from "../../ports/store.ts";
import type { Verdict } from "../../ports/signer.ts";
import { openPlan } from "../plan-shelf.ts";
import { policyRefusals } from "./policy.ts";
import { portableStoreOf } from "./portable-store.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface ApprovalQuestion {
  readonly identified: IdentifiedPlan;
  readonly target: Target;
  readonly state: LedgerState;
}

export interface ApprovalAnswer {
  /** Sequence numbers of the approvals that this start uses up. */
  readonly seqs: readonly number[];
  /** Empty where it may start. */
  readonly refusals: readonly Refusal[];
}

/** Asked right before a plan starts, on the very state on whose head *started* is appended. */
export async function approvalsFor(bench: Workbench, question: ApprovalQuestion, context: Context): Promise<ApprovalAnswer> {
  const { identified, target, state } = question;
  // Whoever made the plan has looked, but the policy may have been approved since, and a plan may come from elsewhere.
  const changed = await policyRefusals(bench, target, state, context);
  if (changed.length > 0) return { seqs: [], refusals: changed };
  const needs = needsToStart(bench, identified.plan, target, context);
  if (!needs) return { seqs: [], refusals: refuseAgentAlone(identified.plan.carries?.plan ?? identified.id, target, bench.actor) };
  const asked = await approvedWhole(bench, question, context);
  if (asked === "started") return { seqs: [], refusals: [] };
  const judged = await judgeFor(bench, { ...question, identified: asked, needs, starter: bench.actor }, context);
  return {
    seqs: judged.counted.slice(0, needs.count).map(({ seq }) => seq),
    refusals: refuseUnapproved({ id: asked.id, target, needs, judged, hasSigners: bench.signers !== undefined }),
  };
}

/**
 * People approve a reconcile as a whole. A part of it needs no approval of its own where every step of it stands in what they
 * approved; `started` where an earlier part at this target has used that approval up.
 */
async function approvedWhole(
  bench: Workbench,
  { identified, target, state }: ApprovalQuestion,
  context: CallOptions,
): Promise<IdentifiedPlan | "started"> {
  const { carries } = identified.plan;
  if (!carries) return identified;
  const whole = await openPlan(bench, carries.plan, context);
  // A plan that only calls itself a part is asked for approvals of its own.
  if (whole.plan.site !== identified.plan.site || whole.plan.target !== target.name || !isPartOf(identified.plan, whole.plan))
    return identified;
  const { releases } = targetState(state, identified.plan.site, target.name);
  return releases.some((release) => release.carries === whole.id && release.as === "applied") ? "started" : whole;
}

/**
 * The target decides, not the plan: a plan that was written by hand without `needs` is held to them all the same. The one
 * exception is decision 21's, the way back by a person at the terminal, who needs nobody else.
 */
function needsToStart(bench: Workbench, plan: Plan, target: Target, context: Context): ApprovalNeeds | undefined {
  if (plan.needs === undefined && plan.back && isPersonHere(bench, context)) return undefined;
  return needsOf(target, plan);
}

/** A person at a terminal, as far as anybody can tell. */
export const isPersonHere = ({ actor }: Pick<Workbench, "actor">, { isAttended }: Pick<Context, "isAttended">): boolean =>
  isAttended && actor.kind !== "agent" && actor.kind !== "ci";

/** Milliseconds since the epoch, by the clock of the server that keeps the ledger, where one does; else by this machine's. */
export const approvalClock = ({ ledger, runtime }: Pick<Workbench, "ledger" | "runtime">): number =>
  ledger.serverNowMs?.() ?? runtime.now();

/** Every approval of this plan, checked and judged. */
export async function judgeFor(
  bench: Workbench,
  { identified, target, state, needs, starter }: ApprovalQuestion & { readonly needs: ApprovalNeeds; readonly starter?: Actor },
  context: CallOptions,
): Promise<JudgedApprovals> {
  const { id, plan } = identified;
  const ofTarget = state.approvals.filter((one) => one.site === plan.site && one.target === plan.target);
  const nowMs = approvalClock(bench);
  const approvals: CheckedApproval[] = [];
  for (const approval of ofTarget.filter((one) => one.plan === id)) {
    approvals.push({ approval, finding: await findingOf(bench, { approval, target, state, nowMs }, context) });
  }
  const judged = judgeApprovals({
    needs,
    nowMs,
    involved: involvedIn(bench, { plan, target, state, ...(starter && { starter }) }),
    approvals,
  });
  return { ...judged, rejected: [...ofTarget.filter((one) => one.plan !== id).map(ofAnotherPlan), ...judged.rejected] };
}

export interface InvolvedQuestion {
  readonly plan: Plan;
  readonly target: Target;
  readonly state: LedgerState;
  /** Whoever starts the plan, where that is known yet: whoever only approves does not start it. */
  readonly starter?: Actor;
}

/** Whoever brought a change to the stage before, and whoever starts this plan. */
export function involvedIn({ site }: Workbench, { plan, target, state, starter }: InvolvedQuestion): Involved[] {
  const changes = plan.changes ?? [];
  const stage = target.after === undefined ? [] : targetState(state, site.name, target.after).releases;
  const brought = stage.filter((release) => changes.some((change) => change.id === release.id)).map((release) => release.by);
  return [...(starter ? [starter] : []), ...brought, ...changes.map(({ by }) => ({ name: by }))];
}

/** By ledger, entry and signers, since each of these may change within one process; the time is looked at separately. */
const found = new WeakMap<Workbench, Map<string, Verdict>>();

async function findingOf(
  bench: Workbench,
  {
    approval,
    target,
    state,
    nowMs,
  }: { readonly approval: Approval; readonly target: Target; readonly state: LedgerState; readonly nowMs: number },
  context: CallOptions,
): Promise<Verdict> {
  const { signature, expires, plan, site } = approval;
  if (bench.signers === undefined) return { kind: "bad", why: "belay.yaml names no signers to check it against" };
  const known = found.get(bench) ?? new Map<string, Verdict>();
  found.set(bench, known);
  // What was signed as the very first entry names the empty ledger that it was signed for.
  const ledger = approval.seq === 1 ? noHash : state.id;
  const message = approvalMessage({ plan, ledger, site, target: target.name, store: portableStoreOf(bench, target), expires });
  const name = `${bench.runtime.sha256(message)} ${approval.seq}`;
  const verdict =
    known.get(name) ??
    (await bench.signer.verify({ message, signature, signers: bench.signers, at: new Date(nowMs).toISOString() }, context));
  known.set(name, verdict);
  return verdict;
}
