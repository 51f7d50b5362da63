import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { asDigest, type Sha256 } from "../brand.ts";
import { stepsOf, type Content, type Plan } from "../plan/plan.ts";
import { digestOf, liveAs, person, site, staging } from "../../../test/support/deploy-facts.ts";
import { planRestore, type RestoreFacts, type RestorePath } from "./plan-restore.ts";

const sha256: Sha256 = (bytes) => asDigest(createHash("sha256").update(bytes).digest("hex"));
const contentOf = (digit: string, headers: Content["headers"] = { "content-type": "text/html" }): Content => ({
  digest: digestOf(digit),
  sizeBytes: 10,
  headers,
});

/** Belay replaced `a` by `b`, and live still holds `b`, unless told otherwise. */
const pathOf = (path: string, more: Partial<RestorePath> = {}): RestorePath => ({
  path,
  live: liveAs(path, "b"),
  left: contentOf("b"),
  before: contentOf("a"),
  ...more,
});

const planned = (paths: readonly RestorePath[], more: Partial<RestoreFacts> = {}): Plan =>
  planRestore(
    {
      site,
      target: staging,
      back: { when: "before", release: "r4" },
      basis: { seq: 5, hash: "5".repeat(64) },
      paths,
      tokens: [],
      policy: digestOf("f"),
      warnings: [],
      needs: undefined,
      refusals: [],
      ...more,
    },
    sha256,
  ).plan;

describe("planRestore", () => {
  test("what was replaced comes back with its headers, over what is live now and what belay left there", () => {
    const plan = planned([pathOf("index.html", { before: contentOf("a", { "cache-control": "no-cache" }) })]);
    expect(stepsOf(plan)).toEqual([
      {
        change: {
          kind: "replace",
          at: { store: staging.store, key: "index.html" },
          expect: { kind: "unchanged", revision: "live-index.html" },
          prior: contentOf("b"),
          content: contentOf("a", { "cache-control": "no-cache" }),
        },
        because: "as it was before r4",
      },
    ]);
    expect(plan).toMatchObject({ intent: "restore", title: "restore what r4 replaced", refusals: [], basis: { seq: 5 } });
  });

  test("what was created goes, and what was deleted comes back where nothing stands", () => {
    const plan = planned([pathOf("new.html", { before: undefined }), pathOf("gone.css", { live: undefined, left: undefined })]);
    expect(plan.waves.map(({ name, steps }) => [name, ...steps.map(({ change }) => `${change.kind} ${change.at.key}`)])).toEqual([
      ["assets", "create gone.css"],
      ["deletes", "delete new.html"],
    ]);
  });

  test("what is as it was before already is left alone", () => {
    expect(stepsOf(planned([pathOf("index.html", { before: contentOf("b") })]))).toEqual([]);
    expect(stepsOf(planned([pathOf("a.html", { live: undefined, left: undefined, before: undefined })]))).toEqual([]);
  });

  test("headers that a release changed come back, though the bytes are the same", () => {
    const before = contentOf("b", { "cache-control": "no-cache" });
    const [step] = stepsOf(planned([pathOf("index.html", { before })]));
    expect(step?.change).toMatchObject({ kind: "replace", content: before });
  });

  test.each<[string, Partial<RestorePath>]>([
    ["replaced", { live: liveAs("a.html", "c") }],
    ["deleted", { live: undefined }],
    ["created again", { left: undefined }],
  ])("a path that somebody has %s since stops for a person, and is not written", (_, more) => {
    const plan = planned([pathOf("a.html", more), pathOf("b.html")]);
    expect(plan.refusals).toMatchObject([{ rule: "D8", code: "live-is-ahead", paths: ["a.html"] }]);
    expect(stepsOf(plan).map(({ change }) => change.at.key)).toEqual(["b.html"]);
  });

  // Found: plan-restore.ts writes the path into the remedy without quoting it for a shell.
  test("its remedy can be pasted, whatever the path", () => {
    expect(planned([pathOf("a b.html", { live: undefined })]).refusals[0]?.remedy).toBe("belay pull staging 'a b.html'");
  });

  test("a warned path is not restored over the warning", () => {
    const warning = {
      id: "w1",
      site: "default",
      paths: ["index.html"],
      text: "wait for the legal text",
      openedAt: "2031-05-20",
      by: person,
    };
    expect(planned([pathOf("index.html")], { warnings: [warning] }).refusals).toMatchObject([{ rule: "D4", code: "open-warning" }]);
  });

  test("the proof shows what comes back against what is live, with its lines and tokens", () => {
    const tokens = [{ name: "T", path: "index.html", local: "missing", live: "ok" }] as const;
    const { proof, refusals } = planned([pathOf("index.html", { lines: { added: 1, removed: 2 } })], { tokens });
    expect(proof).toMatchObject({
      local: digestOf("a"),
      live: digestOf("b"),
      diff: { added: 1, removed: 2, files: 1, binary: 0 },
      tokens,
    });
    // The way back stays open even where an older page lacks a newer feature.
    expect(refusals).toEqual([]);
  });

  test("the same facts give the same plan, in whatever order the paths are", () => {
    const paths = [pathOf("a.html"), pathOf("b.css"), pathOf("c.html", { live: undefined }), pathOf("d.html", { before: undefined })];
    expect(planned(paths.slice(0, 2).toReversed())).toEqual(planned(paths.slice(0, 2)));
    expect(planned(paths).proof).toEqual(planned(paths.toReversed()).proof);
  });
});
