/** A cache between a bucket and its visitors, which serves the old page for a while. */

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBucketGround, type BucketCase, type BucketGround } from "./support/bucket-ground.ts";
import { answerOf, expectExit } from "./support/run-belay.ts";

/** The first case's bucket: an edge wants to know it beforehand. */
const bucket = "pier-site-1";
const dayMs = 86_400_000;
let ground: BucketGround;
let one: BucketCase;
let edge = "";

beforeAll(async () => {
  ground = await openBucketGround({ distributions: [{ id: "EPIER1", bucket }] });
  edge = ground.sandbox.edges.get("EPIER1")?.url ?? "";
  one = await ground.open({ isBare: true });
  if (one.site !== bucket) throw new Error(`the first bucket is ${one.site}`);
  // The same target with the address of the edge, and no word of the distribution: nothing is purged.
  const folder = dirname(one.siteFolder());
  const config = readFileSync(join(folder, "belay.yaml"), "utf8");
  const lines = config
    .split("\n")
    .flatMap((line) => (/^ +store: s3:/u.test(line) ? [line, line.replace(/store:.*/u, `url: ${edge}`)] : [line]));
  writeFileSync(join(folder, "edge.yaml"), lines.join("\n"));
  if (!lines.some((line) => line.includes(edge))) throw new Error("belay.yaml has changed its shape");
});
afterAll(async () => {
  await ground.close();
});

const seenByVisitors = async (): Promise<string> => await (await fetch(`${edge}/index.html`)).text();
const verify = async (...words: readonly string[]): ReturnType<BucketCase["run"]> =>
  await one.run(["verify", "staging", "--config", "edge.yaml", ...words]);

describe("an edge that still serves the page of before", () => {
  test("is told as bad with its cache, waited for while there is time, and good once it has forgotten", async () => {
    one.put("index.html", "<p>one</p>\n");
    await one.deploy();
    expect(await seenByVisitors()).toBe("<p>one</p>\n");
    const good = await verify("--json");
    expectExit(good, 0);
    expect(answerOf(good, "files")).toMatchObject([
      { path: "index.html", outcome: "good", got: { cache: "hit", contentType: "text/html" }, revision: expect.any(String) },
    ]);
    one.put("index.html", "<p>two</p>\n");
    await one.deploy();
    expect(await seenByVisitors()).toBe("<p>one</p>\n");
    const stale = await verify("--within", "1");
    expectExit(stale, 6);
    expect(stale.stdout.replaceAll(/\s+/gu, " ")).toMatch(/other bytes \([0-9a-f]{12}, from a cache\).*next: belay verify staging/u);
    setTimeout(() => (ground.clock.aheadMs = dayMs * 2), 1500);
    const passed = await verify("--within", "20", "--json");
    expectExit(passed, 0);
    expect(answerOf(passed, "outcome")).toBe("good");
  });

  test("makes a deploy wait for what it wrote, instead of taking it back at once", async () => {
    one.put("index.html", "<p>three</p>\n");
    setTimeout(() => (ground.clock.aheadMs = dayMs * 4), 3500);
    const beganMs = Date.now();
    const ran = await one.run(["deploy", "staging", "--yes", "--config", "edge.yaml", "--json"]);
    expectExit(ran, 0);
    expect(answerOf(ran, "outcome")).toBe("applied");
    expect(Date.now() - beganMs).toBeGreaterThan(3000);
    expect(await seenByVisitors()).toBe("<p>three</p>\n");
  });
});
