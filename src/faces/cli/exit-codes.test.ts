import { expect, test } from "vitest";
import { asDigest, asStoreName } from "../../core/brand.ts";
import type { IdentifiedPlan } from "../../core/plan/plan.ts";
import type { ApplyResult } from "../../operations/apply/apply.ts";
import { exitOfDeploy, exitOfPlan } from "./exit-codes.ts";

const digest = asDigest("a".repeat(64));
const identified: IdentifiedPlan = {
  id: digest,
  plan: {
    format: 1,
    intent: "deploy",
    site: "default",
    target: "live",
    store: asStoreName("dir:/srv/live"),
    title: "hours",
    basis: null,
    waves: [],
    refusals: [],
    proof: {
      local: "nothing",
      live: "nothing",
      diff: { added: 0, removed: 0, files: 0, binary: 0 },
      tokens: [],
      stagingInvalidation: "none",
      productionInvalidation: "none",
    },
    policy: digest,
  },
};
const check = { at: { store: asStoreName("dir:/srv/live"), key: "index.html" } };

const endings: readonly (readonly [ApplyResult, number])[] = [
  [{ kind: "applied", release: "r1" }, 0],
  [{ kind: "refused", refusals: [{ rule: "D4", code: "open-warning", paths: [], message: "", remedy: "" }] }, 3],
  [{ kind: "conflict", path: "a", exceptions: [] }, 4],
  [{ kind: "stale-plan" }, 4],
  [{ kind: "adopted" }, 4],
  [{ kind: "unsettled", paths: [], cause: "no answer", isInFlight: false }, 5],
  [{ kind: "verification-failed", check, saw: "status 500", exceptions: [] }, 6],
  [{ kind: "interrupted", exceptions: [] }, 130],
];

test.each(endings)("a deploy that ended as %j exits %i", (result, exit) => {
  expect(exitOfDeploy({ kind: "tried", identified, result })).toBe(exit);
});

test("a plan with any D8 takes a person, with any other refusal a rule refuses it", () => {
  const refusal = { code: "some", paths: [], message: "", remedy: "" };
  expect(exitOfPlan(identified.plan)).toBe(0);
  expect(exitOfPlan({ ...identified.plan, refusals: [{ ...refusal, rule: "D3" }] })).toBe(3);
  expect(
    exitOfPlan({
      ...identified.plan,
      refusals: [
        { ...refusal, rule: "D3" },
        { ...refusal, rule: "D8" },
      ],
    }),
  ).toBe(8);
});
