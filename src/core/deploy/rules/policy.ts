/** What binds production is what was approved, not what belay.yaml says since (decision 18). */

import type { Digest } from "../../brand.ts";
import type { ApprovedPolicy } from "../../ledger/approved-policy.ts";
import type { Refusal } from "../../plan/plan.ts";
import type { Target } from "../../site.ts";

export interface PolicyFacts {
  readonly target: Pick<Target, "name">;
  /** Of belay.yaml as it stands here. */
  readonly policy: Digest;
  /** Absent where production was never recorded. */
  readonly inForce: ApprovedPolicy | undefined;
  /** What differs, in words; absent where the approved document could not be read. */
  readonly differences?: readonly string[];
}

const shownMax = 8;

/** For a target that is production, here or by the policy in force. */
export function refuseUnapprovedPolicy({ target, policy, inForce, differences }: PolicyFacts): Refusal[] {
  if (!inForce || inForce.digest === policy) return [];
  return [
    {
      rule: "D8",
      code: "policy-changed",
      paths: [],
      message: `belay.yaml is not the policy that binds ${target.name}: ${wordsOf(differences)}`,
      remedy: "Set belay.yaml back, or a person who may sign runs: belay policy approve",
    },
  ];
}

function wordsOf(differences: readonly string[] | undefined): string {
  if (differences === undefined) return "targets, approvals, tokens or signers differ from what was approved";
  const more = differences.length - shownMax;
  return [...differences.slice(0, shownMax), ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}
