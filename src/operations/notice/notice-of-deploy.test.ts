import { describe, expect, it } from "vitest";
import { asDigest, asStoreName } from "../../core/brand.ts";
import type { Plan, Refusal } from "../../core/plan/plan.ts";
import type { ApplyResult } from "../apply/apply.ts";
import type { DeployResult } from "../deploy.ts";
import { noticeOfDeploy } from "./notice-of-deploy.ts";

const id = asDigest("cd".repeat(32));
const live = asDigest("2".repeat(64));
const plan: Plan = {
  format: 1,
  intent: "promote",
  site: "default",
  target: "production",
  store: asStoreName("s3://tide-live"),
  title: "tide tables",
  basis: null,
  waves: [],
  refusals: [],
  proof: {
    local: asDigest("1".repeat(64)),
    live,
    diff: { added: 1, removed: 1, files: 1, binary: 0 },
    tokens: [],
    stagingInvalidation: "none (not this target)",
    productionInvalidation: "pending",
  },
  policy: asDigest("3".repeat(64)),
};
const refusal = (more: Partial<Refusal>): Refusal => ({
  rule: "D8",
  code: "live-is-ahead",
  paths: ["index.html"],
  message: "live is ahead of this copy",
  remedy: "belay pull production index.html",
  ...more,
});
const approval = refusal({
  code: "approval-missing",
  paths: [],
  message: "production needs the approval of one person",
  remedy: "A person runs: belay approve cdcdcdcdcdcd   then: belay apply cdcdcdcdcdcd",
});
const refused = (refusals: readonly Refusal[], more: Partial<Plan> = {}): DeployResult => ({
  kind: "tried",
  identified: { id, plan: { ...plan, ...more } },
  result: { kind: "refused", refusals },
});
const tried = (result: ApplyResult, more: Partial<Plan> = {}): DeployResult => ({
  kind: "tried",
  identified: { id, plan: { ...plan, ...more } },
  result,
});
const [alone, watched] = [{ isAttended: false }, { isAttended: true }];

describe("who is told of what became of a plan", () => {
  it("people, where D8 stopped it and nobody attends; nobody where somebody does", () => {
    const stopped: DeployResult = { kind: "needs-person", identified: { id, plan: { ...plan, refusals: [refusal({})] } } };
    expect(noticeOfDeploy(stopped, alone)).toMatchObject({
      reason: "live-is-ahead",
      target: "production",
      plan: id,
      paths: ["index.html"],
    });
    expect(noticeOfDeploy(stopped, watched)).toBeUndefined();
  });

  it("nobody, where another rule stopped it, nothing was to be done, or it went well", () => {
    const identified = { id, plan: { ...plan, refusals: [refusal({ rule: "D7", code: "token-missing" })] } };
    expect(noticeOfDeploy({ kind: "refused", identified }, alone)).toBeUndefined();
    expect(noticeOfDeploy({ kind: "nothing-to-do", identified }, alone)).toBeUndefined();
    expect(noticeOfDeploy(tried({ kind: "applied", release: "r9" }), alone)).toBeUndefined();
    expect(noticeOfDeploy(tried({ kind: "stale-plan" }), alone)).toBeUndefined();
  });

  it("whoever has to approve, with the commands in their order", () => {
    expect(noticeOfDeploy(refused([approval]), alone)).toMatchObject({
      reason: "approval-missing",
      run: ["belay approve cdcdcdcdcdcd", "belay apply cdcdcdcdcdcd"],
      of: [id],
    });
  });

  it("others, where others have to approve, even while somebody attends", () => {
    const needs = { count: 1, keys: "security-key", approvers: "anyone" } as const;
    expect(noticeOfDeploy(refused([approval], { needs }), watched)).toBeUndefined();
    expect(noticeOfDeploy(refused([approval], { needs: { ...needs, approvers: "others" } }), watched)).toBeDefined();
    expect(noticeOfDeploy(refused([approval], { needs: { ...needs, count: 2 } }), watched)).toBeDefined();
  });

  it("always, of an emergency that was carried out, with its reason", () => {
    const emergency = "the booking form takes money twice";
    for (const attendance of [alone, watched]) {
      expect(noticeOfDeploy(tried({ kind: "applied", release: "r9" }, { emergency }), attendance)).toMatchObject({
        reason: "emergency",
        lines: [`the reason given: ${emergency}`, "release r9"],
      });
    }
    // A plan that waits for its one signature has not gone past anybody yet.
    expect(noticeOfDeploy(refused([approval], { emergency }), watched)).toBeUndefined();
  });

  it("people, of what is unsettled where nobody attends", () => {
    const result: ApplyResult = { kind: "unsettled", paths: ["a.html"], cause: "the reply was lost", isInFlight: true };
    expect(noticeOfDeploy(tried(result), alone)).toMatchObject({
      reason: "unsettled",
      run: ["belay resume production", "belay status production"],
    });
    expect(noticeOfDeploy(tried(result), watched)).toBeUndefined();
  });

  it("names what is gravest: work that nobody has seen before a signature that is missing", () => {
    const policy = refusal({
      code: "policy-changed",
      paths: [],
      remedy: "Set belay.yaml back, or a person who may sign runs: belay policy approve",
    });
    expect(noticeOfDeploy(refused([approval, refusal({})]), alone)?.reason).toBe("live-is-ahead");
    expect(noticeOfDeploy(refused([approval, policy]), alone)).toMatchObject({
      reason: "policy-changed",
      run: ["belay approve cdcdcdcdcdcd", "belay apply cdcdcdcdcdcd", "belay policy approve"],
    });
  });

  it("leads from a merge to the look at it and to the word that settles it", () => {
    const merge = refusal({
      code: "merge-not-looked-at",
      remedy: 'A person looks at it (belay diff production) and runs: belay warn resolve m4 --why "…"',
    });
    expect(noticeOfDeploy(refused([merge]), alone)).toMatchObject({
      reason: "merge-not-looked-at",
      run: ["belay diff production", 'belay warn resolve m4 --why "…"'],
    });
  });

  it("is one occasion as long as live is the same, whatever is planned against it", () => {
    const stale = { path: "index.html", lineage: "behind", live } as const;
    const of = (more: Partial<Plan>): unknown => noticeOfDeploy(refused([refusal({ stale: [stale] })], more), alone)?.of;
    expect(of({})).toEqual([live]);
    expect(of({ title: "another" })).toEqual(of({}));
  });

  it("of many pulls makes one command, and goes on with what was meant", () => {
    const refusals = ["a b.html", "c.html", "d.html", "e.html", "f.html"].map((path) =>
      refusal({ paths: [path], remedy: `belay pull production '${path}'` }),
    );
    expect(noticeOfDeploy(refused(refusals, { intent: "deploy" }), alone)?.run).toEqual([
      "belay pull production",
      "belay diff production",
      "belay deploy production",
    ]);
    expect(noticeOfDeploy(refused(refusals.slice(0, 1)), alone)?.run).toEqual(["belay pull production 'a b.html'"]);
  });
});
