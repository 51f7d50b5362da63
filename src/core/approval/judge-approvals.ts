/** Which signatures under a plan count, and why the others do not. */

import type { Approval } from "../ledger/fold.ts";
import type { Actor } from "../ledger/entry.ts";
import type { ApprovalNeeds } from "../plan/plan.ts";

/** What checking a signature against the signers of the policy has shown. */
export type SignatureFinding =
  | {
      readonly kind: "good";
      readonly by: {
        readonly principal: string;
        readonly alsoKnownAs?: readonly string[];
        readonly key: string;
        readonly keyType: string;
        readonly wasTouched: boolean;
      };
    }
  | { readonly kind: "bad"; readonly why: string };

export interface CheckedApproval {
  readonly approval: Approval;
  readonly finding: SignatureFinding;
}

/** By name, and by mail address where it is known. */
export type Involved = Pick<Actor, "name" | "email">;

export interface ApprovalFacts {
  readonly needs: ApprovalNeeds;
  /** Milliseconds since the epoch, by the clock that expiry is measured with. */
  readonly nowMs: number;
  /** Who brought the changes, and who starts the plan. */
  readonly involved: readonly Involved[];
  /** Everything that claims to approve this very plan at this target, oldest first. */
  readonly approvals: readonly CheckedApproval[];
}

export interface JudgedApprovals {
  readonly counted: readonly CountedApproval[];
  readonly rejected: readonly { readonly signer: string; readonly why: string }[];
}

export interface CountedApproval {
  readonly seq: number;
  readonly signer: string;
  /** ISO 8601, UTC. */
  readonly expires: string;
}

/** Of a signature under another plan: why it does nothing for this one. */
export const ofAnotherPlan = ({ signer, plan }: Approval): { readonly signer: string; readonly why: string } => ({
  signer,
  why: `approved plan ${plan.slice(0, 12)}, which is another`,
});

/** One person counts once, and so does one key, however many names it has. */
export function judgeApprovals({ needs, nowMs, involved, approvals }: ApprovalFacts): JudgedApprovals {
  const counted: CountedApproval[] = [];
  const rejected: { signer: string; why: string }[] = [];
  const seen = new Set<string>();
  for (const { approval, finding } of approvals) {
    const why = objectionTo({ approval, finding }, { needs, nowMs, involved });
    if (why !== undefined || finding.kind === "bad") {
      rejected.push({ signer: approval.signer, why: why ?? "" });
      continue;
    }
    const names = [finding.by.key, ...namesOf(finding.by)];
    if (names.some((name) => seen.has(name))) {
      rejected.push({ signer: finding.by.principal, why: "has approved it already; one person counts once" });
      continue;
    }
    for (const name of names) seen.add(name);
    counted.push({ seq: approval.seq, signer: finding.by.principal, expires: approval.expires });
  }
  return { counted, rejected };
}

function objectionTo(
  { approval, finding }: CheckedApproval,
  { needs, nowMs, involved }: Pick<ApprovalFacts, "needs" | "nowMs" | "involved">,
): string | undefined {
  if (finding.kind === "bad") return finding.why;
  // A date that cannot be read is no date in the future.
  if (!(Date.parse(approval.expires) > nowMs)) return `expired at ${approval.expires}`;
  const key = keyObjection(finding.by, needs.keys);
  if (key !== undefined) return key;
  if (needs.approvers === "others" && involved.some((one) => isSamePerson(finding.by, one))) {
    return "brought the changes or starts this plan; somebody else has to approve it";
  }
  return undefined;
}

type Signatory = Extract<SignatureFinding, { kind: "good" }>["by"];

/** Why a key may not approve where only keys that a person touches may. */
export function keyObjection(
  { keyType, wasTouched }: Pick<Signatory, "keyType" | "wasTouched">,
  keys: ApprovalNeeds["keys"],
): string | undefined {
  if (keys === "any" || wasTouched) return undefined;
  return isSecurityKey(keyType)
    ? "the security key was not touched for this signature"
    : `${keyType} is no security key, and only a key that is touched may approve here`;
}

const isSecurityKey = (keyType: string): boolean => keyType.startsWith("sk-") || keyType.startsWith("webauthn-sk-");

const namesOf = ({ principal, alsoKnownAs = [] }: Signatory): string[] => [principal, ...alsoKnownAs].map(normal);

/** Names are claimed, so this keeps honest people to the rule; whoever may sign is decided by keys alone. */
const isSamePerson = (signer: Signatory, { name, email }: Involved): boolean =>
  namesOf(signer).some((own) => own === normal(name) || (email !== undefined && own === normal(email)));

const normal = (name: string): string => name.trim().normalize("NFC").toLowerCase();
