import { describe, expect, test } from "vitest";
import { digestOf, factsOf, pathAs, staging } from "../../../../test/support/deploy-facts.ts";
import { asRevision } from "../../brand.ts";
import type { Content, Step } from "../../plan/plan.ts";
import { planDeploy } from "../plan-deploy.ts";
import { refuseTombstoned, type TombstoneFacts } from "./d2-tombstones.ts";

const contentOf = (digit: string): Content => ({ digest: digestOf(digit), sizeBytes: 10, headers: {} });
const at = (key: string): Step["change"]["at"] => ({ store: staging.store, key });
const create = (key: string, digit: string): Step => ({
  change: { kind: "create", at: at(key), expect: { kind: "absent" }, content: contentOf(digit) },
  because: "new here",
});
const replace = (key: string, from: string, to: string): Step => ({
  change: {
    kind: "replace",
    at: at(key),
    expect: { kind: "unchanged", revision: asRevision("r1") },
    prior: contentOf(from),
    content: contentOf(to),
  },
  because: "changed here",
});

const stones = (...all: readonly (readonly [path: string, digit: string, rollback: string])[]): TombstoneFacts => ({
  target: staging,
  tombstones: new Map(all.map(([path, digit, rollback]) => [path, new Map([[digestOf(digit), rollback]])])),
});

describe("D2: what was rolled back stays off", () => {
  test("bytes that a rollback took off are refused, with both ways on", () => {
    expect(refuseTombstoned(stones(["index.html", "b", "r9"]), [replace("index.html", "a", "b")])).toEqual([
      {
        rule: "D2",
        code: "rolled-back",
        paths: ["index.html"],
        message: "rollback r9 took these very bytes off staging",
        remedy: "Change what was wrong and deploy that, or bring it back on purpose: belay restore staging index.html --from r9",
      },
    ]);
  });

  test("other bytes, other paths, deletes and new headers on the same bytes pass", () => {
    const facts = stones(["index.html", "b", "r9"], ["kept.html", "c", "r9"]);
    const gone: Step = {
      change: { kind: "delete", at: at("index.html"), expect: { kind: "unchanged", revision: asRevision("r1") }, prior: contentOf("b") },
      because: "removed here",
    };
    expect(refuseTombstoned(facts, [replace("index.html", "a", "d"), create("about.html", "b"), replace("kept.html", "c", "c")])).toEqual(
      [],
    );
    expect(refuseTombstoned(facts, [gone])).toEqual([]);
  });

  test("each rollback has one refusal, the latest first, and many paths are not spelt out", () => {
    const paths = ["a.html", "b.html", "c.html", "d.html", "e.html"];
    const facts = stones(...paths.map((path) => [path, "b", "r9"] as const), ["old.html", "b", "r10"]);
    const refusals = refuseTombstoned(
      facts,
      [...paths, "old.html"].map((path) => create(path, "b")),
    );
    expect(refusals.map(({ paths: named }) => named)).toEqual([["old.html"], paths]);
    expect(refusals[1]?.remedy).toContain("belay restore staging --from r9");
  });

  test("a deploy asks it", () => {
    const { tombstones } = stones(["about.html", "b", "r9"]);
    const facts = factsOf([pathAs("new", "about.html")], { tombstones });
    const { plan } = planDeploy(facts, () => digestOf("e"));
    expect(plan.refusals.map(({ rule, code }) => `${rule} ${code}`)).toEqual(["D2 rolled-back"]);
  });
});
