import { describe, expect, test } from "vitest";
import { digestOf, production } from "../../../test/support/deploy-facts.ts";
import type { Approval } from "../ledger/fold.ts";
import type { ApprovalNeeds } from "../plan/plan.ts";
import { needsOf } from "./approval-needs.ts";
import { judgeApprovals, ofAnotherPlan, type CheckedApproval, type Involved, type SignatureFinding } from "./judge-approvals.ts";

const nowMs = Date.UTC(2031, 4, 20, 14, 2);
const needs: ApprovalNeeds = { count: 1, keys: "security-key", approvers: "anyone" };

type Good = Extract<SignatureFinding, { kind: "good" }>["by"];
const ines: Good = { principal: "ines@example.com", key: "SHA256:ines", keyType: "sk-ssh-ed25519@openssh.com", wasTouched: true };
const ole: Good = { ...ines, principal: "ole@example.com", key: "SHA256:ole" };

const approval = (more: Partial<Approval> = {}): Approval => ({
  seq: 9,
  site: "default",
  target: "production",
  plan: digestOf("a"),
  signer: "as claimed",
  key: "SHA256:claimed",
  expires: "2031-05-21T14:02:00.000Z",
  signature: "…",
  ...more,
});
const signedBy = (by: Good, more: Partial<Approval> = {}): CheckedApproval => ({ approval: approval(more), finding: { kind: "good", by } });

interface Told {
  readonly counted: readonly string[];
  readonly rejected: readonly string[];
}
function told(approvals: readonly CheckedApproval[], more: Partial<ApprovalNeeds> = {}, involved: readonly Involved[] = []): Told {
  const { counted, rejected } = judgeApprovals({ needs: { ...needs, ...more }, nowMs, involved, approvals });
  return { counted: counted.map(({ signer }) => signer), rejected: rejected.map(({ why }) => why) };
}

describe("an approval counts", () => {
  test("for whom the signature proves, whatever its entry claims", () => {
    expect(told([signedBy(ines, { signer: "ole@example.com" })])).toEqual({ counted: ["ines@example.com"], rejected: [] });
  });

  test("until it expires, to the millisecond, and never where its expiry cannot be read", () => {
    expect(told([signedBy(ines, { expires: new Date(nowMs + 1).toISOString() })]).counted).toHaveLength(1);
    expect(told([signedBy(ines, { expires: new Date(nowMs).toISOString() })]).rejected).toEqual([expect.stringContaining("expired")]);
    expect(told([signedBy(ines, { expires: "next week" })]).counted).toEqual([]);
  });

  test("only with a touch, unless any key may approve", () => {
    const untouched = signedBy({ ...ines, wasTouched: false });
    const ordinary = signedBy({ ...ines, keyType: "ssh-ed25519", wasTouched: false });
    expect(told([untouched]).rejected).toEqual([expect.stringContaining("was not touched")]);
    expect(told([ordinary]).rejected).toEqual([expect.stringContaining("ssh-ed25519 is no security key")]);
    expect(told([ordinary], { keys: "any" }).counted).toEqual(["ines@example.com"]);
  });

  test("not where the signature is bad, for the reason that was found", () => {
    expect(told([{ approval: approval(), finding: { kind: "bad", why: "does not fit" } }])).toEqual({
      counted: [],
      rejected: ["does not fit"],
    });
  });

  test("once for a person and once for a key, by whatever names", () => {
    expect(told([signedBy(ines), signedBy({ ...ines, key: "SHA256:second" })]).counted).toHaveLength(1);
    expect(told([signedBy(ines), signedBy({ ...ines, principal: "I. Nes" })]).counted).toHaveLength(1);
    expect(told([signedBy(ines), signedBy({ ...ole, alsoKnownAs: ["INES@example.com"] })]).counted).toHaveLength(1);
    expect(told([signedBy(ines), signedBy(ole)]).counted).toHaveLength(2);
  });

  test("not for whoever brought the changes or starts the plan, where others have to approve", () => {
    const others = { approvers: "others" } as const;
    expect(told([signedBy(ines)], others, [{ name: "Ines", email: "Ines@Example.com" }]).rejected).toEqual([
      expect.stringContaining("somebody else"),
    ]);
    expect(told([signedBy({ ...ines, alsoKnownAs: ["Ines"] })], others, [{ name: "ines" }]).counted).toEqual([]);
    expect(told([signedBy(ole)], others, [{ name: "Ines", email: "ines@example.com" }]).counted).toEqual(["ole@example.com"]);
    expect(told([signedBy(ines)], {}, [{ name: "Ines", email: "ines@example.com" }]).counted).toEqual(["ines@example.com"]);
  });
});

test("an approval of another plan says which", () => {
  expect(ofAnotherPlan(approval({ plan: digestOf("b"), signer: "ines@example.com" }))).toEqual({
    signer: "ines@example.com",
    why: "approved plan bbbbbbbbbbbb, which is another",
  });
});

describe("what a plan needs", () => {
  const target = { ...production, approvals: 2, approvers: "others" } as const;
  test("is what its target asks for", () => {
    expect(needsOf(production)).toBeUndefined();
    expect(needsOf(target)).toEqual({ count: 2, keys: "security-key", approvers: "others" });
  });

  test("in an emergency is one signature by anybody who may, and never none", () => {
    expect(needsOf(target, { emergency: "the booking form is down" })).toEqual({ count: 1, keys: "security-key", approvers: "anyone" });
    expect(needsOf(production, { emergency: "the booking form is down" })).toBeUndefined();
  });
});
