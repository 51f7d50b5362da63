/** A plan starts at a target that wants approvals only with so many signatures under exactly that plan (decision 17). */

import type { JudgedApprovals } from "../../approval/judge-approvals.ts";
import type { PlanId } from "../../brand.ts";
import type { ApprovalNeeds, Refusal } from "../../plan/plan.ts";
import type { Actor } from "../../ledger/entry.ts";
import { isProduction, type Target } from "../../site.ts";

export interface Unapproved {
  readonly id: PlanId;
  readonly target: Pick<Target, "name">;
  readonly needs: ApprovalNeeds;
  readonly judged: JudgedApprovals;
  readonly hasSigners: boolean;
}

const rejectedShownMax = 4;
const idDigits = 12;

/** Asked when a plan starts, never when it is made: the plan's id covers its refusals, and the approvals name that id. */
export function refuseUnapproved({ id, target, needs, judged, hasSigners }: Unapproved): Refusal[] {
  const missing = needs.count - judged.counted.length;
  if (missing <= 0) return [];
  const short = id.slice(0, idDigits);
  const have = judged.counted.map(({ signer }) => signer);
  const not = judged.rejected.slice(-rejectedShownMax).map(({ signer, why }) => `${signer} ${why}`);
  return [
    {
      rule: "D8",
      code: "approval-missing",
      paths: [],
      message: [
        `${target.name} needs ${wordsFor(needs)} for plan ${short}`,
        have.length === 0 ? "nobody has given it" : `${have.join(", ")} gave it, ${missing} more ${missing === 1 ? "is" : "are"} missing`,
        ...not.map((why) => `not counted: ${why}`),
      ].join("; "),
      remedy: hasSigners
        ? `A person runs: belay approve ${short}\nThen anybody: belay apply ${short}`
        : "A person names who may sign (`signers:` in belay.yaml, see docs/approvals.md), then runs the same command again.",
    },
  ];
}

/** A guarded production for which nobody has to sign: an agent prepares its plan, and a person starts it (decision 0038). */
export function refuseAgentAlone(id: PlanId, target: Target, starter: Pick<Actor, "kind">): Refusal[] {
  if (starter.kind !== "agent" || !target.guard || !isProduction(target) || target.approvals > 0) return [];
  const short = id.slice(0, idDigits);
  return [
    {
      rule: "D8",
      code: "agent-alone",
      paths: [],
      message: `an agent does not write to ${target.name} by itself: it is guarded, and belay.yaml asks nobody for an approval`,
      remedy: `A person runs: belay apply ${short}\nWith \`approvals: 1\` a person's signature lets the agent run it: docs/approvals.md`,
    },
  ];
}

function wordsFor({ count, keys, approvers }: ApprovalNeeds): string {
  const who = count === 1 ? "the approval of one person" : `the approval of ${count} people`;
  const other = approvers === "others" ? " who did not bring it" : "";
  return `${who}${other}${keys === "security-key" ? ", by security key" : ""}`;
}
