/** `belay approve`: a person's signature under one plan. No flag, variable or pipe stands in for the person. */

import { approvalMessage } from "../../core/approval/approval-message.ts";
import { needsOf } from "../../core/approval/approval-needs.ts";
import { judgeApprovals } from "../../core/approval/judge-approvals.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { Actor } from "../../core/ledger/entry.ts";
import type { Approval, LedgerState } from "../../core/ledger/fold.ts";
import { stepsOf, type ApprovalNeeds, type IdentifiedPlan, type Refusal } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { isCurrent, requireStore, targetNamed } from "../apply/apply.ts";
import { approvalClock, involvedIn, isPersonHere, judgeFor } from "./approvals.ts";
import { findPlan } from "../plan-shelf.ts";
import { policyRefusals } from "./policy.ts";
import { portableStoreOf } from "./portable-store.ts";
import type { Context, Workbench } from "../workbench.ts";

export const approvalHours: { readonly usual: number; readonly max: number } = { usual: 24, max: 30 * 24 };

/** What a person is asked to sign, and nothing else. */
export interface SigningOffer {
  readonly needs: ApprovalNeeds;
  /** As every machine spells the target's store. */
  readonly store: string;
  /** Hash of the ledger's first entry. */
  readonly ledger: string;
  /** ISO 8601, UTC. */
  readonly expires: string;
  /** Who has approved this plan already. */
  readonly approvedBy: readonly string[];
}

/** Shows the plan and what would be signed, and asks. */
export type AskToSign = (identified: IdentifiedPlan, offer: SigningOffer) => Promise<"go" | "stop">;

export interface ApproveRequest {
  /** A plan's id, or a prefix of it. */
  readonly id: string;
  /** Path of the key to sign with. */
  readonly key: string | undefined;
  readonly validMs: number;
}

export interface Signed {
  readonly signer: string;
  /** `SHA256:` and the key's fingerprint. */
  readonly key: string;
  readonly expires: string;
  /** How many more people have to approve. */
  readonly missing: number;
}

export type ApproveResult =
  | { readonly kind: "approved"; readonly identified: IdentifiedPlan; readonly signed: Signed }
  | { readonly kind: "declined"; readonly identified: IdentifiedPlan }
  | { readonly kind: "refused"; readonly identified: IdentifiedPlan; readonly refusals: readonly Refusal[] };

export async function approve(bench: Workbench, request: ApproveRequest, ask: AskToSign, context: Context): Promise<ApproveResult> {
  requirePerson(bench, context, `belay approve ${request.id}`);
  const identified = await findPlan(bench, request.id, context);
  const target = targetNamed(bench, identified.plan.target);
  const state = await bench.ledger.state(context);
  const refusals = [...identified.plan.refusals, ...(await policyRefusals(bench, target, state, context))];
  if (refusals.length > 0) return { kind: "refused", identified, refusals };
  const needs = requireApprovable(bench, identified, target, state);
  const offer = await offerFor(bench, { identified, target, state, needs, validMs: request.validMs }, context);
  if (offer.approvedBy.length >= needs.count) {
    throw new BelayError("usage", `Plan ${shortOf(identified)} has all the approvals that it needs.`, `belay apply ${shortOf(identified)}`);
  }
  if ((await ask(identified, offer)) === "stop") return { kind: "declined", identified };
  return { kind: "approved", identified, signed: await signPlan(bench, { identified, target, offer, key: request.key }, context) };
}

/** Throws `person-needed`: the one who asks for an approval never gives it. */
export function requirePerson(bench: Pick<Workbench, "actor">, context: Context, command: string): void {
  if (isPersonHere(bench, context)) return;
  throw new BelayError(
    "person-needed",
    "Only a person at a terminal approves: no flag, variable or pipe stands in for them.",
    `A person runs: ${command}`,
  );
}

function requireApprovable(bench: Workbench, identified: IdentifiedPlan, target: Target, state: LedgerState): ApprovalNeeds {
  const { plan } = identified;
  const short = shortOf(identified);
  requireStore(identified, target);
  if (stepsOf(plan).length === 0) throw new BelayError("usage", `Plan ${short} writes nothing.`, `belay status ${target.name}`);
  requireCurrent(bench, identified, state);
  const needs = plan.needs && needsOf(target, plan);
  if (!needs) throw new BelayError("usage", `Plan ${short} needs no approval.`, `belay apply ${short}`);
  if (bench.signers === undefined) {
    throw new BelayError(
      "config-invalid",
      `${target.name} needs approvals, and belay.yaml names nobody who may sign.`,
      "Add `signers: allowed_signers` to belay.yaml and list who may sign in that file: see docs/approvals.md",
    );
  }
  return needs;
}

function requireCurrent(bench: Workbench, identified: IdentifiedPlan, state: LedgerState): void {
  const { plan } = identified;
  const canStart = isCurrent(state, plan);
  if (canStart && plan.policy === bench.policy) return;
  throw new BelayError(
    "plan-stale",
    canStart
      ? `belay.yaml has changed its targets, approvals, tokens or signers since plan ${shortOf(identified)} was made.`
      : `Something was recorded for ${plan.target} since plan ${shortOf(identified)} was made: it can never start.`,
    `Make the plan again: belay ${plan.intent === "deploy" ? "plan" : plan.intent} ${plan.target}`,
  );
}

export interface Offering {
  readonly identified: IdentifiedPlan;
  readonly target: Target;
  readonly state: LedgerState;
  readonly needs: ApprovalNeeds;
  readonly validMs: number;
}

export async function offerFor(bench: Workbench, offering: Offering, context: Context): Promise<SigningOffer> {
  const { target, state, needs, validMs } = offering;
  const { counted } = await judgeFor(bench, offering, context);
  return {
    needs,
    store: portableStoreOf(bench, target),
    ledger: state.id,
    expires: new Date(approvalClock(bench) + validMs).toISOString(),
    approvedBy: counted.map(({ signer }) => signer),
  };
}

export interface Signing {
  readonly identified: IdentifiedPlan;
  readonly target: Target;
  readonly offer: SigningOffer;
  readonly key: string | undefined;
  /** Where whoever signs starts the plan at once. */
  readonly starter?: Actor;
}

const appendsMax = 32;

/** Signs, and records only what will count: a signature that would not is told at once, by its reason. */
export async function signPlan(bench: Workbench, { identified, target, offer, key, starter }: Signing, context: Context): Promise<Signed> {
  const { id, plan } = identified;
  const { store, ledger, expires, needs } = offer;
  const message = approvalMessage({ plan: id, ledger, site: plan.site, target: target.name, store, expires });
  const signature = await bench.signer.sign({ message, ...(key === undefined ? {} : { key }) }, context);
  const nowMs = approvalClock(bench);
  const finding = await bench.signer.verify(
    { message, signature, signers: bench.signers ?? "", at: new Date(nowMs).toISOString() },
    context,
  );
  for (let attempt = 1; attempt <= appendsMax; attempt += 1) {
    const state = await bench.ledger.state(context);
    requireCurrent(bench, identified, state);
    // An empty ledger has no name before its first entry, and this may be that entry.
    if (state.id !== ledger) throw new BelayError("plan-stale", "The ledger was begun meanwhile.", `belay approve ${shortOf(identified)}`);
    const before = await judgeFor(bench, { identified, target, state, needs }, context);
    const signedBy = finding.kind === "good" ? finding.by : { principal: "this signature", key: "" };
    const own: Approval = {
      seq: state.head.seq + 1,
      site: plan.site,
      target: target.name,
      plan: id,
      signer: signedBy.principal,
      key: signedBy.key,
      expires,
      signature,
    };
    const { rejected } = judgeApprovals({
      needs,
      nowMs,
      involved: involvedIn(bench, { plan, target, state, ...(starter && { starter }) }),
      approvals: [{ approval: own, finding }],
    });
    const why =
      rejected[0]?.why ?? (before.counted.some(({ signer }) => signer === signedBy.principal) ? "has approved it already" : undefined);
    if (why !== undefined) throw notCounted(identified, signedBy.principal, why);
    const { signer, key: fingerprint } = own;
    const appended = await bench.ledger.append(
      {
        kind: "approved",
        actor: bench.actor,
        site: plan.site,
        target: target.name,
        plan: id,
        signer,
        key: fingerprint,
        expires,
        signature,
      },
      state.head,
      context,
    );
    if (appended.kind === "appended")
      return { signer, key: fingerprint, expires, missing: Math.max(needs.count - before.counted.length - 1, 0) };
  }
  throw new BelayError(
    "ledger-contended",
    `The ledger moved on every one of ${appendsMax} attempts to append to it.`,
    "Run the same command again.",
  );
}

const notCounted = (identified: IdentifiedPlan, signer: string, why: string): BelayError =>
  new BelayError(
    "signing-failed",
    `The signature would not count, so it was not recorded: ${signer} ${why}.`,
    `Sign with the key of a current signer: belay approve ${shortOf(identified)} --key FILE   (docs/approvals.md)`,
  );

const shortOf = ({ id }: IdentifiedPlan): string => id.slice(0, 12);
