import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { asDigest, type Sha256 } from "../brand.ts";
import { canonicalBytes } from "../canonical-json.ts";
import { parsePlan, planBytes } from "../plan/parse-plan.ts";
import { stepsOf, type Plan } from "../plan/plan.ts";
import type { DeployFacts } from "./deploy-facts.ts";
import { digestOf, factsOf, liveOnly, loneProduction, pathAs, site, staging } from "../../../test/support/deploy-facts.ts";
import { planDeploy } from "./plan-deploy.ts";

const sha256: Sha256 = (bytes) => asDigest(createHash("sha256").update(bytes).digest("hex"));
const planned = (facts: DeployFacts): Plan => planDeploy(facts, sha256).plan;
/** Everything that a test wants to see of the steps, in one line each. */
const told = (plan: Plan): string[] =>
  plan.waves.flatMap(({ name, steps }) =>
    steps.map(({ change, because }) => {
      const over = change.expect.kind === "absent" ? "absent" : change.expect.revision;
      return `${name}: ${change.kind} ${change.at.key} over ${over} (${because})`;
    }),
  );
const grouped = { title: "summer", isSelection: true } as const;

describe("planDeploy: steps", () => {
  test("assets land before pages, deletes come last, and each wave is in key order", () => {
    const plan = planned(
      factsOf(
        [
          pathAs("removed", "old.html"),
          pathAs("ahead", "index.html"),
          pathAs("new", "b.css"),
          pathAs("new", "about.html"),
          pathAs("ahead", "a.js"),
          pathAs("removed", "a-gone.css"),
        ],
        grouped,
      ),
    );
    expect(told(plan)).toEqual([
      "assets: replace a.js over base-a.js (changed here since it was last seen)",
      "assets: create b.css over absent (new here)",
      "pages: create about.html over absent (new here)",
      "pages: replace index.html over base-index.html (changed here since it was last seen)",
      "deletes: delete a-gone.css over base-a-gone.css (removed here)",
      "deletes: delete old.html over base-old.html (removed here)",
    ]);
    expect(plan.refusals).toEqual([]);
  });

  test("expectations and priors come from the base alone, never from the listing", () => {
    const [step] = stepsOf(planned(factsOf([pathAs("ahead", "index.html")])));
    expect(step?.change).toMatchObject({
      expect: { kind: "unchanged", revision: "base-index.html" },
      prior: { digest: digestOf("a"), sizeBytes: 10, headers: { "content-type": "text/html" } },
      content: { digest: digestOf("b"), sizeBytes: 20 },
    });
  });

  test("no step is made over live bytes that are not the base's, whatever the lineage claims", () => {
    const unproven = (["ahead", "removed", "same"] as const).flatMap((kind) => [
      pathAs(kind, `${kind}-1.html`, { base: undefined, headers: { "x-new": "1" } }),
      pathAs(kind, `${kind}-2.html`, { base: pathAs("behind", "x").base, headers: { "x-new": "1" } }),
    ]);
    expect(told(planned(factsOf(unproven, grouped)))).toEqual([]);
  });

  test("nothing is written for what is same, stale, unknown or live only", () => {
    const quiet = [
      pathAs("same", "same.html"),
      pathAs("behind", "behind.html"),
      pathAs("diverged", "diverged.html"),
      pathAs("unknown", "unknown.html"),
      liveOnly("theirs.html"),
    ];
    expect(told(planned(factsOf(quiet, grouped)))).toEqual([]);
  });

  test("a file that only live has is neither deleted nor refused", () => {
    const plan = planned(factsOf([pathAs("ahead", "index.html"), liveOnly("theirs.html")]));
    expect(told(plan)).toEqual(["pages: replace index.html over base-index.html (changed here since it was last seen)"]);
    expect(plan.refusals).toEqual([]);
  });

  test("wanted headers join those of live; the others are kept", () => {
    const [step] = stepsOf(planned(factsOf([pathAs("ahead", "index.html", { headers: { "cache-control": "no-cache" } })])));
    expect(step?.change).toMatchObject({ content: { headers: { "content-type": "text/html", "cache-control": "no-cache" } } });
  });

  test("headers alone are replaced where they differ, and left where they do not", () => {
    const other = pathAs("same", "index.html", { headers: { "content-type": "text/html; charset=utf-8" } });
    expect(told(planned(factsOf([other])))).toEqual(["pages: replace index.html over base-index.html (headers differ)"]);
    const [step] = stepsOf(planned(factsOf([other])));
    expect(step?.change).toMatchObject({
      content: { digest: digestOf("a"), headers: { "content-type": "text/html; charset=utf-8" } },
      prior: { digest: digestOf("a"), headers: { "content-type": "text/html" } },
    });
    expect(told(planned(factsOf([pathAs("same", "index.html", { headers: { "content-type": "text/html" } })])))).toEqual([]);
  });

  test("a new file carries the headers that are asked for", () => {
    const [step] = stepsOf(planned(factsOf([pathAs("new", "app.js", { headers: { "cache-control": "immutable" } })])));
    expect(step?.change).toMatchObject({ kind: "create", content: { headers: { "cache-control": "immutable" } } });
  });

  test.each(["git", "ledger", "commit"] as const)("a step that was proven by %s says so", (proof) => {
    const [step] = stepsOf(planned(factsOf([pathAs("ahead", "index.html", { lineage: { kind: "ahead", proof } })])));
    expect(step?.because).toBe(`live is an earlier version, by ${proof}`);
  });
});

describe("planDeploy: purges and checks", () => {
  const everything = [pathAs("ahead", "tours/index.html"), pathAs("new", "a b.css"), pathAs("removed", "old.html")];

  test("a target without a CDN purges nothing; with one, exactly the visitors' paths of each wave", () => {
    expect(planned(factsOf(everything, grouped)).waves.map(({ purge }) => purge)).toEqual([[], [], []]);
    const withCdn = factsOf(everything, { ...grouped, target: { ...staging, cdn: "cloudfront:E1STAGING" } });
    expect(planned(withCdn).waves.map(({ purge }) => purge)).toEqual([["/a%20b.css"], ["/tours/index.html", "/tours/"], ["/old.html"]]);
  });

  test("pages are checked for their bytes, deleted pages for their absence, assets not at all", () => {
    const store = staging.store;
    expect(planned(factsOf(everything, grouped)).waves.map(({ checks }) => checks)).toEqual([
      [],
      [{ at: { store, key: "tours/index.html" }, digest: digestOf("b") }],
      [{ at: { store, key: "old.html" } }],
    ]);
  });

  test("checks look at the visitors' address where there is one", () => {
    const facts = factsOf([pathAs("ahead", "été/a.html")], { target: { ...staging, url: "https://staging.example" } });
    expect(planned(facts).waves[0]?.checks[0]?.url).toBe("https://staging.example/%C3%A9t%C3%A9/a.html");
  });
});

describe("the id of a plan", () => {
  const paths = [pathAs("ahead", "index.html", { lines: { added: 1, removed: 2 } }), pathAs("removed", "old.html")];
  const facts = factsOf(paths, { ...grouped, tokens: [{ name: "T", path: "index.html", local: "ok", live: "ok" }] });
  const idOf = (more: Partial<DeployFacts> = {}): string => planDeploy({ ...facts, ...more }, sha256).id;

  test("the same facts give the same id, in whatever order the paths are", () => {
    expect(idOf({ paths: [...paths] })).toBe(idOf());
    expect(idOf({ paths: paths.toReversed() })).toBe(idOf());
  });

  test("it is the digest of the plan's canonical JSON, and the address of bytes that read back as the plan", () => {
    const identified = planDeploy(facts, sha256);
    const bytes = planBytes(identified, sha256);
    expect(sha256(canonicalBytes(identified.plan))).toBe(identified.id);
    expect(parsePlan(identified.id, bytes)).toEqual(identified);
  });

  test.each<[string, Partial<DeployFacts>]>([
    ["basis", { basis: { seq: 8, hash: "7".repeat(64) } }],
    ["basis's hash", { basis: { seq: 7, hash: "8".repeat(64) } }],
    ["absence of a basis", { basis: null }],
    ["policy", { policy: digestOf("e") }],
    ["steps", { paths: paths.slice(0, 1) }],
    ["content", { paths: [pathAs("ahead", "index.html", { local: { digest: digestOf("d"), sizeBytes: 20 } }), ...paths.slice(1)] }],
    ["headers", { paths: [pathAs("ahead", "index.html", { headers: { a: "b" } }), ...paths.slice(1)] }],
    ["purges", { target: { ...staging, cdn: "cloudfront:E1" } }],
    ["checks", { target: { ...staging, url: "https://staging.example" } }],
    ["refusals", { collisions: [["a", "A"]] }],
    ["proof's lines", { paths: [pathAs("ahead", "index.html", { lines: { added: 9, removed: 2 } }), ...paths.slice(1)] }],
    ["proof's tokens", { tokens: [{ name: "T", path: "index.html", local: "ok", live: "missing" }] }],
    ["title", { title: "winter" }],
    ["target", { target: { ...staging, name: "preview" } }],
    ["site", { site: { ...site, name: "other" } }],
  ])("another %s is another id", (_, more) => {
    expect(idOf(more)).not.toBe(idOf());
  });

  test("warnings on other paths, and other people's commits, are another plan's business", () => {
    expect(idOf({ localCount: 99, liveCount: 98, sinceRelease: { paths: ["x"], commits: [] } })).toBe(idOf());
  });

  test("a plan that was changed after it was identified cannot be kept", () => {
    const { id, plan } = planDeploy(facts, sha256);
    expect(() => planBytes({ id, plan: { ...plan, title: "another" } }, sha256)).toThrow(/changed after it was identified/u);
  });
});

const proofOf = (facts: DeployFacts): Plan["proof"] => planned(facts).proof;
/** The proof of two changed files. */
const two = (one: string, other: string): Plan["proof"] => proofOf(factsOf([pathAs("ahead", one), pathAs("ahead", other)], grouped));
/** Both invalidation lines, staging first. */
const invalidations = (target: DeployFacts["target"]): string[] => {
  const { stagingInvalidation, productionInvalidation } = proofOf(factsOf([pathAs("ahead", "a.html")], { target }));
  return [stagingInvalidation, productionInvalidation];
};

describe("proof", () => {
  test("of one file it shows that file's own hashes", () => {
    const proof = proofOf(factsOf([pathAs("ahead", "index.html"), pathAs("same", "about.html")]));
    expect(proof).toMatchObject({ local: digestOf("b"), live: digestOf("a") });
  });

  test("of a created file live is nothing, of a deleted one local is", () => {
    expect(proofOf(factsOf([pathAs("new", "a.html")]))).toMatchObject({ local: digestOf("b"), live: "nothing" });
    expect(proofOf(factsOf([pathAs("removed", "a.html")]))).toMatchObject({ local: "nothing", live: digestOf("a") });
    expect(proofOf(factsOf([pathAs("same", "a.html")]))).toMatchObject({ local: "nothing", live: "nothing", diff: { files: 0 } });
  });

  test("of several files it is the hash of their manifest, which names each path with its bytes", () => {
    expect(two("a.html", "b.html").local).toBe(two("b.html", "a.html").local);
    expect(two("a.html", "b.html").local).not.toBe(two("a.html", "c.html").local);
    expect(two("a.html", "b.html").local).not.toBe(two("a.html", "b.html").live);
    const manifest = [
      ["a.html", digestOf("b")],
      ["b.html", digestOf("b")],
    ];
    expect(two("a.html", "b.html").local).toBe(sha256(canonicalBytes(manifest)));
  });

  test("lines are summed over what is written, and binaries are counted apart", () => {
    const facts = factsOf(
      [
        pathAs("ahead", "a.html", { lines: { added: 3, removed: 1 } }),
        pathAs("new", "b.html", { lines: { added: 10, removed: 0 } }),
        pathAs("ahead", "c.png", { lines: "binary" }),
        pathAs("same", "d.html"),
      ],
      grouped,
    );
    expect(proofOf(facts).diff).toEqual({ added: 13, removed: 1, files: 3, binary: 1 });
  });

  test("a refused stale file is shown with what it would have replaced", () => {
    const stale = { path: "a.html", lineage: "behind" } as const;
    const facts = factsOf([pathAs("behind", "a.html", { stale, lines: { added: 1, removed: 40 } })]);
    expect(proofOf(facts)).toMatchObject({
      local: digestOf("b"),
      live: digestOf("c"),
      diff: { added: 1, removed: 40, files: 1, binary: 0 },
    });
  });

  // Found: proof.ts takes every path with stale evidence, also files that only live has and that no step touches (D6:
  // what is applied is exactly what is shown).
  test("a file that only live has, and that is left alone, is no part of it", () => {
    const theirs = liveOnly("theirs.html", { stale: { path: "theirs.html", lineage: "behind" }, lines: { added: 0, removed: 90 } });
    const mine = pathAs("ahead", "a.html", { lines: { added: 2, removed: 1 } });
    expect(proofOf(factsOf([mine, theirs]))).toEqual(proofOf(factsOf([mine])));
  });

  test("only the target's own invalidation is pending, and only where there is a CDN", () => {
    expect(invalidations(staging)).toEqual(["none (no CDN)", "none (not this target)"]);
    expect(invalidations({ ...staging, cdn: "cloudfront:E1" })).toEqual(["pending", "none (not this target)"]);
    expect(invalidations(loneProduction)).toEqual(["none (not this target)", "none (no CDN)"]);
    expect(invalidations({ ...loneProduction, cdn: "cloudfront:E2" })).toEqual(["none (not this target)", "pending"]);
  });
});
