/** Rollback and sweep of a bucket, and a name that a bucket has as a file and as a folder. */

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keysIn, openBucketGround, type BucketCase, type BucketGround } from "./support/bucket-ground.ts";
import { answerOf, expectExit } from "./support/run-belay.ts";

let ground: BucketGround;

beforeAll(async () => {
  ground = await openBucketGround();
});
afterAll(async () => {
  await ground.close();
});

/** A page with a picture of the same name that changes, and one that comes with the second release. */
async function twoReleases(one: BucketCase): Promise<void> {
  one.put("index.html", '<img src="img/hero.png">\n');
  one.put("img/hero.png", "old picture");
  await one.deploy();
  one.put("index.html", '<img src="img/hero.png"><img src="img/dusk.png">\n');
  one.put("img/hero.png", "new picture");
  one.put("img/dusk.png", "dusk");
  await one.deploy();
}

describe.each([
  ["keeps versions", true],
  ["keeps none", false],
])("in a bucket that %s", (_, versioning) => {
  test("a rollback by another working copy brings the page and its replaced picture back, and a sweep the rest away", async () => {
    const one = await ground.open({ isBare: true, versioning });
    await twoReleases(one);
    one.addCopy("laptop");
    const ran = await one.run(["rollback", "staging", "--yes", "--json"], { copy: "laptop" });
    expectExit(ran, 0);
    expect(answerOf(ran, "outcome")).toBe("applied");
    expect(answerOf(ran, "stays")).toEqual(["img/dusk.png"]);
    expect(await one.live()).toEqual({
      "index.html": '<img src="img/hero.png">\n',
      "img/hero.png": "old picture",
      "img/dusk.png": "dusk",
    });
    // A folder that holds nothing would sweep nothing: it may be one that is not built.
    expectExit(await one.run(["sweep", "staging", "--grace", "0d", "--yes"], { copy: "laptop" }), 3);
    one.put("index.html", '<img src="img/hero.png">\n', "laptop");
    const early = await one.run(["sweep", "staging", "--yes", "--json"], { copy: "laptop" });
    expect(answerOf(early, "left")).toEqual([{ why: "recent", count: 2, paths: ["img/dusk.png", "img/hero.png"] }]);
    const swept = await one.run(["sweep", "staging", "--grace", "0d", "--yes", "--json"], { copy: "laptop" });
    expectExit(swept, 0);
    expect(answerOf(swept, "outcome")).toBe("applied");
    expect(Object.keys(await one.live())).toEqual(["img/hero.png", "index.html"]);
    expect(answerOf(await one.run(["snapshots", "staging", "--json"]), "snapshots")).toMatchObject([
      { intent: "sweep" },
      { intent: "rollback", back: { when: "after" } },
      { rolledBackBy: expect.stringMatching(/^r\d+$/u) },
      { intent: "deploy", isCurrent: true },
    ]);
  });
});

/** Written by a tool that knows no folders. */
async function clashing(): Promise<BucketCase> {
  const one = await ground.open({ isBare: true });
  for (const key of ["about.html", "blog/index.html", "zebra.css"]) one.put(key, `${key}\n`);
  await one.deploy();
  one.addCopy("other");
  one.put("blog", "a file\n", "other");
  expectExit(await one.run(["deploy", "staging", "blog", "--yes"], { copy: "other" }), 0);
  expect(await keysIn(ground.sandbox, one.site)).toEqual(["about.html", "blog", "blog/index.html", "zebra.css"]);
  return one;
}

describe("a bucket that holds a name as a file and as a folder", () => {
  test("is pulled but for that name, with both named, as a conflict", async () => {
    const one = await clashing();
    one.addCopy("laptop");
    const ran = await one.run(["pull", "staging"], { copy: "laptop" });
    expectExit(ran, 4);
    expect(ran.stdout).toMatch(/blog +not brought: a folder cannot hold it beside blog\/index\.html/u);
    expect(ran.stdout).toMatch(/blog\/index\.html +not brought: a folder cannot hold it beside blog\n/u);
    expect(ran.stderr).toContain("Rename or delete one of each at staging");
    expect(readFileSync(join(one.siteFolder("laptop"), "zebra.css"), "utf8")).toBe("zebra.css\n");
    expect(await keysIn(ground.sandbox, one.site)).toHaveLength(4);
  });

  test("is taken on by init, which says what it could not bring", async () => {
    const one = await clashing();
    one.addCopy("fresh");
    const folder = dirname(one.siteFolder("fresh"));
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const words = ["init", "--target", `staging=s3://${one.site}`, "--state", `s3://${one.state}/fresh`, "--root", "public", "--yes"];
    const ran = await one.run(words, { copy: "fresh" });
    expectExit(ran, 4);
    expect(ran.stdout).toContain("did not bring blog: a folder cannot hold it beside blog/index.html");
    expect(ran.stdout).toContain("brought 2 files from live");
  });
});
