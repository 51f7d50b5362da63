/** The one table from answers and errors to exit statuses. */

import type { ErrorCode } from "../../core/belay-error.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { ApplyResult } from "../../operations/apply/apply.ts";
import type { DeployResult } from "../../operations/deploy.ts";
import type { ReconcileResult } from "../../operations/records/reconcile.ts";
import type { PullOutcome } from "../../operations/pull.ts";
import type { ResumeResult } from "../../operations/apply/resume.ts";

export const exits = {
  done: 0,
  bug: 1,
  usage: 2,
  refused: 3,
  conflict: 4,
  unsettled: 5,
  verificationFailed: 6,
  held: 7,
  person: 8,
  interrupted: 130,
} as const;

export const exitOfError: Readonly<Record<ErrorCode, number>> = {
  usage: exits.usage,
  "config-missing": exits.usage,
  "config-invalid": exits.usage,
  "not-supported": exits.usage,
  "confirmation-needed": exits.usage,
  "input-changed": exits.usage,
  "input-invalid": exits.usage,
  "key-invalid": exits.usage,
  "plan-unknown": exits.usage,
  "store-unreachable": exits.usage,
  "store-full": exits.usage,
  "store-denied": exits.usage,
  "store-missing": exits.usage,
  "store-unguarded": exits.refused,
  "credentials-missing": exits.usage,
  "edge-mismatch": exits.usage,
  "plan-stale": exits.conflict,
  "ledger-contended": exits.conflict,
  unsettled: exits.unsettled,
  "lock-held": exits.held,
  "lease-held": exits.held,
  "ledger-broken": exits.person,
  "vault-damaged": exits.person,
  // Nothing was learned of a system: that is neither agreement nor a difference.
  "observation-partial": exits.unsettled,
  "person-needed": exits.person,
  "signing-failed": exits.usage,
  "browser-missing": exits.usage,
  interrupted: exits.interrupted,
};

const exitByEnd: Readonly<Record<Exclude<ApplyResult["kind"], "refused">, number>> = {
  applied: exits.done,
  conflict: exits.conflict,
  "stale-plan": exits.conflict,
  adopted: exits.conflict,
  unsettled: exits.unsettled,
  "verification-failed": exits.verificationFailed,
  interrupted: exits.interrupted,
};

const exitOfApply = (result: ApplyResult): number => (result.kind === "refused" ? exitOfPlan(result) : exitByEnd[result.kind]);

/** A declined plan was not confirmed: the same exit as one that nobody could be asked about. */
export function exitOfDeploy(result: DeployResult): number {
  switch (result.kind) {
    case "held":
      return exits.held;
    case "nothing-to-do":
      return exits.done;
    case "refused":
    case "needs-person":
      return exitOfPlan(result.identified.plan);
    case "unverified":
      return result.outcome === "bad" ? exits.verificationFailed : exits.unsettled;
    case "declined":
      return exits.usage;
    case "tried":
      return exitOfApply(result.result);
  }
}

/** What nobody has decided or approved yet takes a person. */
export function exitOfReconcile(result: ReconcileResult): number {
  switch (result.kind) {
    case "undecided":
    case "unapproved":
      return exits.person;
    case "refused":
      return exitOfPlan(result.prepared.identified.plan);
    case "nothing-to-do":
      return exits.done;
    case "declined":
      return exits.usage;
    case "carried":
      return exitOfCarried(result.carried);
  }
}

function exitOfCarried(carried: Extract<ReconcileResult, { readonly kind: "carried" }>["carried"]): number {
  switch (carried.kind) {
    case "done":
      return exits.done;
    case "stopped":
      return exitOfApply(carried.result);
    case "held":
      return exits.held;
    case "conflict":
      return exits.conflict;
    case "unseen":
      return exits.verificationFailed;
  }
}

/** Any D8 takes a person; any other refusal is a rule's. */
export function exitOfPlan({ refusals }: Pick<Plan, "refusals">): number {
  if (refusals.some((refusal) => refusal.rule === "D8")) return exits.person;
  return refusals.length > 0 ? exits.refused : exits.done;
}

export function exitOfResume(result: ResumeResult): number {
  switch (result.kind) {
    case "nothing-to-do":
      return exits.done;
    case "held":
      return exits.held;
    case "tried":
      return exitOfApply(result.result);
    case "put-back":
      return result.exceptions.length > 0 ? exits.conflict : exits.done;
  }
}

/** A merge with markers and a choice between sides wait for somebody; a file that changed under the pull is a conflict. */
export const exitOfPull: Readonly<Record<PullOutcome, number>> = {
  "fast-forwarded": exits.done,
  created: exits.done,
  deleted: exits.done,
  merged: exits.done,
  "took-live": exits.done,
  "kept-mine": exits.done,
  conflicted: exits.person,
  "needs-choice": exits.person,
  "changed-meanwhile": exits.conflict,
  "file-and-folder": exits.conflict,
};
