/** Policies, as the ledger says that they came into force. */

import type { Digest } from "../brand.ts";
import type { EntryBody } from "./entry.ts";

/** The policy that binds a site (decision 18). */
export interface ApprovedPolicy {
  readonly digest: Digest;
  readonly at: string;
  /** `first-use` where it was in force when production was first recorded, and nobody has signed it since. */
  readonly by: "first-use" | "person" | "signature";
  /** All that were ever in force, oldest first, this one last; absent where it is the first. Whoever relies on one checks its signature against the signers of the one before. */
  readonly chain?: readonly PolicyLink[];
}

/** One change of policy, as it was recorded. */
export interface PolicyLink {
  readonly digest: Digest;
  readonly at: string;
  readonly signed?: Extract<EntryBody, { kind: "policy-approved" }>["signed"];
}

/** The policy in force once this entry stands. Whether it may is asked by whoever relies on it. */
export function approvedPolicy(
  was: ApprovedPolicy | undefined,
  { policy, at, signed }: Extract<EntryBody, { kind: "policy-approved" }> & { readonly at: string },
): ApprovedPolicy {
  const before = was?.chain ?? (was ? [{ digest: was.digest, at: was.at }] : []);
  const link: PolicyLink = { digest: policy, at, ...(signed && { signed }) };
  return { digest: policy, at, by: signed === undefined ? "person" : "signature", chain: [...before, link] };
}
