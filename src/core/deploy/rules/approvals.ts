/** A target that needs approvals is not written to without them, and this version has no way to take one (decision 17). */

import type { Refusal } from "../../plan/plan.ts";
import type { DeployFacts } from "../deploy-facts.ts";

export function refuseUnapproved({ target }: Pick<DeployFacts, "target">): Refusal[] {
  if (target.approvals === 0) return [];
  return [
    {
      rule: "D8",
      code: "approval-missing",
      paths: [],
      message: `${target.name} needs ${target.approvals === 1 ? "a person's approval" : `the approval of ${target.approvals} people`}, and this version of belay cannot take one`,
      remedy: `A person decides: take \`approvals:\` of ${target.name} out of belay.yaml, or wait for the version that has belay approve.`,
    },
  ];
}
