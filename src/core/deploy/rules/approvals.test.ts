import { describe, expect, test } from "vitest";
import { asDigest, type Sha256 } from "../../brand.ts";
import type { Actor } from "../../ledger/entry.ts";
import type { UnseenMerge } from "../../ledger/fold.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Target } from "../../site.ts";
import { digestOf, factsOf, loneProduction, pathAs, person, staging } from "../../../../test/support/deploy-facts.ts";
import type { DeployFacts } from "../deploy-facts.ts";
import { planDeploy } from "../plan-deploy.ts";
import { refuseAgentAlone, refuseUnapproved, type Unapproved } from "./approvals.ts";
import { refuseUnapprovedPolicy } from "./policy.ts";

const noHash: Sha256 = () => asDigest("0".repeat(64));
const planned = (more: Partial<DeployFacts>): Plan => planDeploy(factsOf([pathAs("ahead", "index.html")], more), noHash).plan;
const ines = { seq: 4, signer: "ines@example.com", expires: "2031-05-21T14:02:00.000Z" };
const unapproved: Unapproved = {
  id: digestOf("a"),
  target: loneProduction,
  needs: { count: 2, keys: "security-key", approvers: "others" },
  judged: { counted: [ines], rejected: [{ signer: "ole@example.com", why: "expired at noon" }] },
  hasSigners: true,
};

describe("a plan for a target that wants approvals", () => {
  const target = { ...loneProduction, approvals: 1 };
  const merge: UnseenMerge = {
    id: "m9",
    site: "default",
    target: "staging",
    paths: ["index.html", "b.html"],
    by: person,
    at: "2031-05-20T14:02:00.000Z",
  };

  test("says whose it waits for, and is refused for none of them while it is made", () => {
    expect(planned({ target })).toMatchObject({ refusals: [], needs: { count: 1, keys: "security-key", approvers: "anyone" } });
    expect(planned({ target: loneProduction }).needs).toBeUndefined();
  });

  test("names the merges that nobody watched, where without approvals they refuse", () => {
    expect(planned({ target, unseenMerges: [merge] })).toMatchObject({ refusals: [], merges: ["m9"] });
    expect(planned({ target, unseenMerges: [{ ...merge, paths: ["b.html"] }] }).merges).toBeUndefined();
    expect(planned({ target: { ...staging, approvals: 1 }, unseenMerges: [merge] }).merges).toBeUndefined();
    expect(planned({ target: loneProduction, unseenMerges: [merge] }).refusals).toMatchObject([{ code: "merge-not-looked-at" }]);
  });

  test("is refused by what another policy says", () => {
    const [refusal] = refuseUnapprovedPolicy({ target, policy: digestOf("a"), inForce: { digest: digestOf("b"), at: "", by: "person" } });
    expect(planned({ target, policyRefusals: refusal ? [refusal] : [] }).refusals).toMatchObject([{ rule: "D8", code: "policy-changed" }]);
  });
});

describe("a start by an agent at a production that asks nobody", () => {
  const id = digestOf("a");
  const of = (more: Partial<Target>, kind: Actor["kind"] = "agent"): readonly string[] =>
    refuseAgentAlone(id, { ...loneProduction, ...more }, { kind }).map(({ rule, code }) => `${rule} ${code}`);

  test("is a person's to make, with the command that does it", () => {
    expect(of({})).toEqual(["D8 agent-alone"]);
    expect(refuseAgentAlone(id, loneProduction, { kind: "agent" })[0]?.remedy).toContain("A person runs: belay apply aaaaaaaaaaaa");
  });

  test.each([
    ["a person or CI starts it", of({}, "person").concat(of({}, "ci"))],
    ["it is not guarded", of({ guard: false })],
    ["people sign there", of({ approvals: 1 })],
    ["it is a stage", refuseAgentAlone(id, staging, { kind: "agent" })],
  ])("goes on where %s", (_, refusals) => {
    expect(refusals).toEqual([]);
  });
});

describe("a start without enough approvals", () => {
  test("says who has approved, how many are missing, who does not count and why, and what a person runs", () => {
    const [refusal, ...others] = refuseUnapproved(unapproved);
    expect(refusal).toMatchObject({ rule: "D8", code: "approval-missing" });
    expect(refusal?.message).toBe(
      "production needs the approval of 2 people who did not bring it, by security key for plan aaaaaaaaaaaa; ines@example.com gave it, 1 more is missing; not counted: ole@example.com expired at noon",
    );
    expect(refusal?.remedy).toBe("A person runs: belay approve aaaaaaaaaaaa\nThen anybody: belay apply aaaaaaaaaaaa");
    expect(others).toEqual([]);
  });

  test("where nobody could sign says what to set up first", () => {
    expect(refuseUnapproved({ ...unapproved, hasSigners: false })[0]?.remedy).toContain("docs/approvals.md");
  });

  test("is no refusal once there are enough", () => {
    expect(refuseUnapproved({ ...unapproved, needs: { ...unapproved.needs, count: 1 } })).toEqual([]);
  });
});

describe("a belay.yaml that is not the policy in force", () => {
  const inForce = { digest: digestOf("b"), at: "2031-05-20T14:02:00.000Z", by: "signature" } as const;
  test("is refused with what differs, eight points at most", () => {
    const differences = Array.from({ length: 10 }, (_, at) => `point ${at}`);
    const [refusal] = refuseUnapprovedPolicy({ target: loneProduction, policy: digestOf("a"), inForce, differences });
    expect(refusal?.message).toContain("point 7; and 2 more");
    expect(refusal?.remedy).toContain("belay policy approve");
  });

  test("passes where it is the same, and where production was never recorded", () => {
    expect(refuseUnapprovedPolicy({ target: loneProduction, policy: digestOf("b"), inForce })).toEqual([]);
    expect(refuseUnapprovedPolicy({ target: loneProduction, policy: digestOf("a"), inForce: undefined })).toEqual([]);
  });
});
