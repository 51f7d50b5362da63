/** What a person signs: nothing outside it is approved (decision 17). */

import type { PlanId } from "../brand.ts";
import { canonicalBytes } from "../canonical-json.ts";

export interface ApprovalMessage {
  readonly plan: PlanId;
  /** Hash of the ledger's first entry: an approval counts in the ledger that it was given for. */
  readonly ledger: string;
  readonly site: string;
  readonly target: string;
  /** Address of the target's store, as it is spelt on every machine. */
  readonly store: string;
  /** ISO 8601, UTC. */
  readonly expires: string;
}

/** Canonical JSON, so that every machine signs and checks the same bytes. */
export const approvalMessage = (about: ApprovalMessage): Uint8Array =>
  canonicalBytes({ format: 1, purpose: "belay approval of a plan", ...about });

export interface PolicyMessage {
  /** Digest of the policy's document. */
  readonly policy: string;
  /** Digest of the policy that it takes the place of: what was signed once cannot be brought back after a third. */
  readonly replaces: string;
  readonly ledger: string;
  readonly site: string;
  /** ISO 8601, UTC. */
  readonly expires: string;
}

/** For a policy: the site's own, in one ledger. */
export const policyMessage = (about: PolicyMessage): Uint8Array =>
  canonicalBytes({ format: 1, purpose: "belay approval of a policy", ...about });
