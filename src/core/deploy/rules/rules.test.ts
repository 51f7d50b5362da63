/** Each rule by the smallest facts that set it off, and by their nearest neighbours that do not. */

import { describe, expect, test } from "vitest";
import { asDigest, type Sha256 } from "../../brand.ts";
import type { UnseenMerge, Warning } from "../../ledger/fold.ts";
import { stepsOf, type Refusal, type TokenResult } from "../../plan/plan.ts";
import { defaultLimits } from "../../site.ts";
import { digestOf, factsOf, liveOnly, loneProduction, pathAs, person, production, site } from "../../../../test/support/deploy-facts.ts";
import type { DeployFacts, PathFacts } from "../deploy-facts.ts";
import { planDeploy } from "../plan-deploy.ts";
import { quoted } from "./d1-seen.ts";
import { isWarned } from "./d4-warnings.ts";

/** Ids are no matter here. */
const noHash: Sha256 = () => asDigest("0".repeat(64));
const refusalsOf = (paths: readonly PathFacts[], more: Partial<DeployFacts> = {}): readonly Refusal[] =>
  planDeploy(factsOf(paths, more), noHash).plan.refusals;
/** `rule code paths…` of every refusal, in order. */
const refused = (paths: readonly PathFacts[], more: Partial<DeployFacts> = {}): string[] =>
  refusalsOf(paths, more).map(({ rule, code, paths: named }) => [rule, code, ...named].join(" "));
const anyUnit = { site: { ...site, unit: "any" } } as const;

test("an edit of what was last seen is refused by no rule", () => {
  expect(refused([pathAs("ahead", "index.html")])).toEqual([]);
});

test("every refusal names its rule and a way on", () => {
  const all = refusalsOf(
    [
      pathAs("behind", "a.html"),
      pathAs("unknown", "b.html", { hasConflictMarkers: true }),
      pathAs("ahead", "c.html"),
      pathAs("new", "d.html"),
    ],
    { target: production, tokensInForce: ["T"], collisions: [["a", "A"]], versioning: "off" },
  );
  expect(all.map(({ rule }) => rule)).toEqual(["D8", "D1", "D1", "D2", "D3", "D5", "D7", "limits"]);
  for (const { message, remedy } of all) {
    expect(message).not.toBe("");
    expect(remedy).not.toBe("");
  }
});

describe("D1: what was never seen is not overwritten", () => {
  test("an unknown path is refused, with the pull that ends it and its evidence", () => {
    const stale = { path: "a b.html", lineage: "unknown" } as const;
    const [refusal, ...others] = refusalsOf([pathAs("unknown", "a b.html", { stale }), pathAs("same", "c.html")]);
    expect(refusal).toMatchObject({
      rule: "D1",
      code: "not-seen",
      paths: ["a b.html"],
      remedy: "belay pull staging 'a b.html'",
      stale: [stale],
    });
    expect(others).toEqual([]);
  });

  test("a shallow clone is told to fetch the history that could prove it", () => {
    const [refusal] = refusalsOf([pathAs("unknown", "index.html")], { isShallow: true });
    expect(refusal?.message).toContain("shallow");
    expect(refusal?.remedy).toContain("fetch-depth: 0");
    expect(refusal?.remedy).toContain("belay pull staging index.html");
  });

  test("files with conflict markers are refused together", () => {
    const marked = [pathAs("ahead", "a.html", { hasConflictMarkers: true }), pathAs("new", "b.html", { hasConflictMarkers: true })];
    expect(refused([...marked, pathAs("ahead", "c.html")], anyUnit)).toEqual(["D1 conflict-markers a.html b.html"]);
  });

  test.each([
    ["index.html", "index.html"],
    ["tours/day_1.html", "tours/day_1.html"],
    ["a b.html", "'a b.html'"],
    ["it's.html", String.raw`'it'\''s.html'`],
    ["$HOME.html", "'$HOME.html'"],
    ["-rf.html", "'-rf.html'"],
    ["menü.html", "'menü.html'"],
    ["a\nb", "'a\nb'"],
  ])("%j is written %s in a shell", (path, written) => {
    expect(quoted(path)).toBe(written);
  });
});

/** The command that a refused deploy to production offers. */
const remedyOf = (paths: readonly PathFacts[], more: Partial<DeployFacts> = {}): string | undefined =>
  refusalsOf(paths, { target: production, ...more })[0]?.remedy;

describe("D2: staging first", () => {
  test("a target with a stage before it takes nothing from the working folder", () => {
    expect(refused([pathAs("ahead", "index.html")], { target: production })).toEqual(["D2 staging-first index.html"]);
    expect(remedyOf([pathAs("ahead", "index.html")])).toBe("belay deploy staging index.html\nbelay promote production");
  });

  test("it is refused although nothing would change", () => {
    expect(refused([pathAs("same", "index.html")], { target: production })).toEqual(["D2 staging-first"]);
  });

  test("what was named on the command line is named in the remedy; many paths are not", () => {
    expect(remedyOf([pathAs("same", "index.html")], { isSelection: true })).toBe(
      "belay deploy staging index.html\nbelay promote production",
    );
    const many = Array.from({ length: 9 }, (_, at) => pathAs("ahead", `p${at}.html`));
    expect(remedyOf(many, anyUnit)).toBe("belay deploy staging\nbelay promote production");
  });

  test("a production target without a stage is deployed to", () => {
    expect(refused([pathAs("ahead", "index.html")], { target: loneProduction })).toEqual([]);
  });
});

/** A changed style sheet with the pages that refer to it, and the pages that changed with it. */
const withAsset = (referrers: readonly string[], ...pages: readonly string[]): PathFacts[] => [
  ...pages.map((page) => pathAs("ahead", page)),
  pathAs("ahead", "style.css", { referrers }),
];

describe("D3: one logical change", () => {
  const twoPages = [pathAs("ahead", "a.html"), pathAs("ahead", "b.html")];

  test("two pages are two changes, and the split is offered", () => {
    const [refusal] = refusalsOf(twoPages);
    expect(refused(twoPages)).toEqual(["D3 unrelated-files a.html b.html"]);
    expect(refusal?.remedy.split("\n")).toEqual([
      "belay deploy staging a.html",
      "belay deploy staging b.html",
      'or, if they are one change: belay deploy staging --change "title" a.html b.html',
    ]);
  });

  test.each<[string, Partial<DeployFacts>]>([
    ["the first publish", { isFirstPublish: true }],
    ["a site of unit any", anyUnit],
    ["a titled group of paths", { title: "footer", isSelection: true }],
  ])("%s may be many pages", (_, more) => {
    expect(refused(twoPages, more)).toEqual([]);
  });

  test("neither a title alone nor paths alone make a group", () => {
    expect(refused(twoPages, { title: "footer" })).toEqual(["D3 unrelated-files a.html b.html"]);
    expect(refused(twoPages, { isSelection: true })).toEqual(["D3 unrelated-files a.html b.html"]);
  });

  test("paths that are same or only live do not count", () => {
    expect(refused([pathAs("ahead", "a.html"), pathAs("same", "b.html"), liveOnly("c.html")])).toEqual([]);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ["that only the changed page refers to", ["a.html"], ["a.html"]],
    ["that no page changed with", ["a.html"], []],
  ])("an asset %s belongs to the change", (_, referrers, pages) => {
    expect(refused(withAsset(referrers, ...pages))).toEqual([]);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ["that a second page refers to", ["a.html", "b.html"], ["a.html"]],
    ["that no page refers to", [], ["a.html"]],
    ["that only another page refers to", ["b.html"], ["a.html"]],
  ])("an asset %s is a change of its own", (_, referrers, pages) => {
    expect(refused(withAsset(referrers, ...pages))).toEqual(["D3 unrelated-files a.html style.css"]);
  });

  test("assets that one unchanged page alone refers to are one change", () => {
    const assets = ["a.css", "b.js"].map((path) => pathAs("ahead", path, { referrers: ["index.html"] }));
    expect(refused(assets)).toEqual([]);
    expect(refused([...assets, pathAs("new", "c.png", { referrers: [] })])).toEqual(["D3 unrelated-files a.css b.js c.png"]);
  });

  test("more than five groups are not all spelled out", () => {
    const pages = Array.from({ length: 7 }, (_, at) => pathAs("ahead", `p${at}.html`));
    expect(refusalsOf(pages)[0]?.remedy).toContain("… and 2 more");
  });

  describe("of unit commit", () => {
    const byCommit = { site: { ...site, unit: "commit" } } as const;
    const commits = [
      { commit: "2".repeat(40), subject: "winter hours" },
      { commit: "1".repeat(40), subject: "new footer" },
    ];

    test("the paths of one commit are one change", () => {
      const sinceRelease = { paths: ["a.html", "b.html"], commits: commits.slice(0, 1) };
      expect(refused(twoPages, { ...byCommit, sinceRelease })).toEqual([]);
    });

    test("without a last commit nothing can be told", () => {
      expect(refused(twoPages, byCommit)).toEqual(["D3 commit-unknown a.html b.html"]);
    });

    test("what no commit since the release changed is refused by name", () => {
      const sinceRelease = { paths: ["a.html"], commits: commits.slice(0, 1) };
      expect(refused(twoPages, { ...byCommit, sinceRelease })).toEqual(["D3 uncommitted-files b.html"]);
    });

    test("several commits are several changes, named", () => {
      const sinceRelease = { paths: ["a.html", "b.html"], commits };
      expect(refused(twoPages, { ...byCommit, sinceRelease })).toEqual(["D3 several-commits a.html b.html"]);
      expect(refusalsOf(twoPages, { ...byCommit, sinceRelease })[0]?.message).toContain("winter hours; new footer");
    });
  });
});

describe("D4: warnings bind", () => {
  const warning: Warning = {
    id: "w1",
    site: "default",
    paths: ["index.html", "tours/"],
    text: "production is newer",
    openedAt: "2031-05-19T20:00:00.000Z",
    by: person,
  };

  test("a warned path is not written, and who warned and when is told", () => {
    const [refusal] = refusalsOf([pathAs("ahead", "index.html")], { warnings: [warning] });
    expect(refusal).toMatchObject({ rule: "D4", code: "open-warning", paths: ["index.html"] });
    expect(refusal?.message).toBe('warning w1 of 2031-05-19 by ines still stands: "production is newer"');
  });

  test.each(["new", "removed"] as const)("it holds for a path that is %s as well", (kind) => {
    expect(refused([pathAs(kind, "tours/a.html")], { warnings: [warning] })).toEqual(["D4 open-warning tours/a.html"]);
  });

  test("it holds for a change of headers", () => {
    expect(refused([pathAs("same", "index.html", { headers: { a: "b" } })], { warnings: [warning] })).toEqual([
      "D4 open-warning index.html",
    ]);
  });

  test("other paths, unchanged paths and other sites are free", () => {
    expect(refused([pathAs("ahead", "tours.html"), pathAs("same", "index.html")], { warnings: [warning] })).toEqual([]);
    expect(refused([pathAs("ahead", "index.html")], { warnings: [{ ...warning, site: "other" }] })).toEqual([]);
  });

  test("each warning refuses by itself", () => {
    const both = [warning, { ...warning, id: "w2" }];
    expect(refused([pathAs("ahead", "index.html")], { warnings: both })).toHaveLength(2);
  });

  test("a folder is warned with its slash, and a key is no prefix", () => {
    expect(isWarned({ paths: ["tours/"] }, "tours/a/b.html")).toBe(true);
    expect(isWarned({ paths: ["tours"] }, "tours/a.html")).toBe(false);
    expect(isWarned({ paths: ["tours/"] }, "tours2/a.html")).toBe(false);
    expect(isWarned({ paths: ["index.html"] }, "index.html.bak")).toBe(false);
  });
});

describe("D5: what is overwritten can be brought back", () => {
  test("production without versions is not overwritten, nor deleted from", () => {
    const paths = [pathAs("ahead", "a.html"), pathAs("removed", "b.html"), pathAs("new", "c.html")];
    expect(refused(paths, { ...anyUnit, target: loneProduction, versioning: "off" })).toEqual(["D5 versioning-off a.html b.html"]);
  });

  test("creating, keeping versions, or staging is no matter for it", () => {
    expect(refused([pathAs("new", "a.html")], { target: loneProduction, versioning: "off" })).toEqual([]);
    expect(refused([pathAs("ahead", "a.html")], { target: loneProduction, versioning: "on" })).toEqual([]);
    expect(refused([pathAs("ahead", "a.html")], { target: loneProduction, versioning: "vault" })).toEqual([]);
    expect(refused([pathAs("ahead", "a.html")], { versioning: "off" })).toEqual([]);
  });
});

const token = (local: TokenResult["local"], live: TokenResult["live"], name = "FADE"): TokenResult => ({
  name,
  path: "index.html",
  local,
  live,
});

describe("D7: feature tokens", () => {
  const out = [pathAs("ahead", "index.html")];

  test.each<[TokenResult["local"], TokenResult["live"], string[]]>([
    ["ok", "ok", []],
    ["ok", "missing", []],
    ["ok", "resurrected", []],
    ["missing", "ok", ["D7 token-missing index.html"]],
    ["missing", "missing", ["D7 token-missing index.html"]],
    ["missing", "absent-file", ["D7 token-missing index.html"]],
    ["resurrected", "ok", ["D7 token-resurrected index.html"]],
    ["resurrected", "resurrected", ["D7 token-resurrected index.html"]],
    ["absent-file", "ok", ["D7 token-missing index.html"]],
    ["absent-file", "absent-file", []],
    ["absent-file", "missing", []],
  ])("%s here and %s on live gives %j", (local, live, codes) => {
    expect(refused(out, { tokens: [token(local, live)] })).toEqual(codes);
  });

  test("deleting the page of a token is refused", () => {
    expect(refused([pathAs("removed", "index.html")], { tokens: [token("absent-file", "ok")] })).toEqual(["D7 token-missing index.html"]);
  });

  test("a page that does not go out is not asked", () => {
    expect(refused([pathAs("same", "index.html"), pathAs("ahead", "a.html")], { tokens: [token("missing", "missing")] })).toEqual([]);
  });

  test("a page that only live has is not asked either, since nothing goes out over it", () => {
    expect(refused([pathAs("ahead", "a.html"), liveOnly("index.html")], { tokens: [token("absent-file", "ok")] })).toEqual([]);
  });

  test("one page is refused once, with what is missing and what came back", () => {
    const [refusal, ...others] = refusalsOf(out, { tokens: [token("missing", "ok"), token("resurrected", "ok", "LINE")] });
    expect(others).toEqual([]);
    expect(refusal?.message).toBe("feature tokens missing: FADE; came back: LINE");
  });

  test("a token in force that left belay.yaml is refused by name; a configured one is not", () => {
    const tokens = [{ name: "FADE", file: "index.html", rule: "contains", text: "fade" } as const];
    expect(refused(out, { tokensInForce: ["FADE"] })).toEqual(["D7 token-vanished"]);
    expect(refused(out, { tokensInForce: ["FADE"], site: { ...site, tokens } })).toEqual([]);
  });
});

describe("D8: live is ahead", () => {
  test.each(["behind", "diverged"] as const)("a %s path stops for a person, with its evidence", (kind) => {
    const stale = { path: "index.html", lineage: kind };
    const [refusal] = refusalsOf([pathAs(kind, "index.html", { stale })]);
    expect(refusal).toMatchObject({
      rule: "D8",
      code: kind === "behind" ? "live-is-ahead" : "live-diverged",
      paths: ["index.html"],
      remedy: "belay pull staging index.html",
      stale: [stale],
    });
  });

  test.each<[string, PathFacts, string]>([
    [
      "one version",
      pathAs("behind", "a", { lineage: { kind: "behind", proof: "git", versions: 1 } }),
      "live is 1 version ahead of this copy",
    ],
    [
      "two versions",
      pathAs("behind", "a", { lineage: { kind: "behind", proof: "git", versions: 2 } }),
      "live is 2 versions ahead of this copy",
    ],
    ["unknown many versions", pathAs("behind", "a"), "live is ahead of this copy"],
    ["a divergence", pathAs("diverged", "a"), "live went on while this copy was changed"],
    [
      "a counted divergence",
      pathAs("diverged", "a", { lineage: { kind: "diverged", proof: "base", versions: 2 } }),
      "live went on by 2 versions while this copy was changed",
    ],
    ["a deletion here", pathAs("diverged", "a", { local: undefined }), "deleted here, changed on live since it was last seen"],
    ["a deletion on live", pathAs("behind", "a", { live: undefined }), "it was taken off live since; this deploy would bring it back"],
    ["a deletion on live of what was changed here", pathAs("diverged", "a", { live: undefined }), "taken off live, and changed here"],
  ])("%s is told in words", (_, path, message) => {
    expect(refusalsOf([path])[0]?.message).toBe(message);
  });

  test("size and time set nothing off by themselves", () => {
    const base = pathAs("ahead", "index.html");
    const live = base.live && { ...base.live, sizeBytes: 9_000_000, modifiedAtMs: 4e12 };
    expect(refused([{ ...base, live }])).toEqual([]);
  });

  const merge: UnseenMerge = {
    id: "m4",
    site: "default",
    target: "staging",
    paths: ["index.html"],
    by: person,
    at: "2031-05-20T14:02:00.000Z",
  };

  test("a merge that nobody watched holds production, and names the resolve", () => {
    const [refusal] = refusalsOf([pathAs("ahead", "index.html")], { target: loneProduction, unseenMerges: [merge] });
    expect(refusal).toMatchObject({ rule: "D8", code: "merge-not-looked-at", paths: ["index.html"] });
    expect(refusal?.remedy).toContain("belay warn resolve m4");
  });

  test("such a merge leaves staging, other paths, unchanged paths and other sites alone", () => {
    const unseenMerges = [merge];
    expect(refused([pathAs("ahead", "index.html")], { unseenMerges })).toEqual([]);
    expect(refused([pathAs("ahead", "a.html"), pathAs("same", "index.html")], { target: loneProduction, unseenMerges })).toEqual([]);
    expect(refused([pathAs("ahead", "index.html")], { target: loneProduction, unseenMerges: [{ ...merge, site: "other" }] })).toEqual([]);
  });
});

const limited = (limits: Partial<typeof defaultLimits>): Pick<DeployFacts, "site"> => ({
  site: { ...site, unit: "any", limits: { ...defaultLimits, ...limits } },
});

describe("limits", () => {
  const removed = [pathAs("removed", "a.html"), pathAs("removed", "b.html")];
  const changed = [pathAs("ahead", "a.html"), pathAs("new", "b.html")];

  test("deletes up to the limit pass, one more is refused with the setting that allows it", () => {
    expect(refused(removed, limited({ deletesMax: 2 }))).toEqual([]);
    expect(refused(removed, limited({ deletesMax: 1 }))).toEqual(["limits too-many-deletes a.html b.html"]);
    expect(refusalsOf(removed, limited({ deletesMax: 1 }))[0]?.remedy).toContain("limits: { deletes: 2 }");
  });

  test("files up to the limit pass, one more is refused", () => {
    expect(refused(changed, limited({ filesMax: 2 }))).toEqual([]);
    expect(refused(changed, limited({ filesMax: 1 }))).toEqual(["limits too-many-files"]);
  });

  test("bytes up to the limit pass, one more is refused; deletes send none", () => {
    expect(refused(changed, limited({ bytesMax: 40 }))).toEqual([]);
    expect(refused(changed, limited({ bytesMax: 39 }))).toEqual(["limits too-many-bytes"]);
    expect(refused(removed, limited({ bytesMax: 0 }))).toEqual([]);
  });

  test("an empty folder does not empty the site", () => {
    expect(refused([pathAs("removed", "a.html")], { localCount: 0, liveCount: 1 })).toEqual(["limits empty-site"]);
    expect(refused([], { localCount: 0, liveCount: 0 })).toEqual([]);
    expect(refused([pathAs("removed", "a.html")], { localCount: 1, liveCount: 2 })).toEqual([]);
    expect(refused([pathAs("removed", "a.html")], { localCount: undefined, liveCount: undefined, isSelection: true })).toEqual([]);
  });

  test("each group of confusable names is refused", () => {
    expect(
      refused([], {
        collisions: [
          ["a", "A"],
          ["b", "b/c"],
        ],
      }),
    ).toEqual(["limits key-collision a A", "limits key-collision b b/c"]);
  });
});

test("a refused plan still shows what it would do", () => {
  const { plan } = planDeploy(factsOf([pathAs("ahead", "index.html")], { target: production }), noHash);
  expect(stepsOf(plan)).toHaveLength(1);
  expect(plan.proof.local).toBe(digestOf("b"));
});
