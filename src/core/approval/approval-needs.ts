import type { ApprovalNeeds, Plan } from "../plan/plan.ts";
import type { Target } from "../site.ts";

/**
 * Whose approval a plan for this target waits for; `undefined` where nobody has to approve there. In an emergency one
 * person's signature stands for all the others (decision 21), and never fewer than one where the target wants any.
 */
export function needsOf(target: Target, { emergency }: Pick<Plan, "emergency"> = {}): ApprovalNeeds | undefined {
  if (target.approvals === 0) return undefined;
  const { approvals: count, keys, approvers } = target;
  return emergency === undefined ? { count, keys, approvers } : { count: 1, keys, approvers: "anyone" };
}
