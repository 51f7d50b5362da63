/** Servers that ignore conditions, and buckets that forget: refused operation by operation, before anything is written. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bytesOf } from "../../sandbox/edge/bucket-origin.ts";
import { flawsOf } from "./support/bucket-denial.ts";
import { openBucketGround, type BucketCase, type BucketGround } from "./support/bucket-ground.ts";
import { answerOf, expectExit, type Ran } from "./support/run-belay.ts";

let ground: BucketGround;
const deploy = ["deploy", "staging", "--yes"];

beforeAll(async () => {
  ground = await openBucketGround();
});
afterAll(async () => {
  await ground.close();
});
afterEach(() => {
  ground.calm();
});

/** The bucket ignores the conditions of one operation; whatever else is there keeps them. */
const ignore = (bucket: string, name: string): void =>
  ground.faultOn(({ operation, bucket: of }) => (operation === name && of === bucket ? { kind: "ignore-preconditions" } : undefined));

/** The next command has to find out for itself what the bucket keeps. */
const forgetTrials = (one: BucketCase): void => rmSync(join(one.siteFolder(), "..", ".belay", "cache"), { recursive: true, force: true });

const unguarded = { exit: 3, code: "store-unguarded", next: /honours If-Match and If-None-Match/u };

/** The key of every version and of every deletion that a bucket remembers. */
async function versionsIn(bucket: string): Promise<string[]> {
  const query = new URLSearchParams({ versions: "" });
  const listing = await ground.sandbox.s3.handle({ method: "GET", path: `/${bucket}`, query, headers: {}, body: nothing });
  return [...(await bytesOf(listing)).toString("utf8").matchAll(/<Key>([^<]*)<\/Key>/gu)].map(([, key = ""]) => key);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

describe("a server that ignores conditions", () => {
  test("of PutObject gets nothing, neither a new page nor another one in place of an old one", async () => {
    const one = await ground.open();
    forgetTrials(one);
    ignore(one.site, "PutObject");
    one.put("index.html", "<p>two</p>\n");
    expect(
      await flawsOf(one, deploy, {
        ...unguarded,
        says: /not known to hold replaces to what was seen: somebody else's index\.html could be lost\. Nothing was written/u,
      }),
    ).toEqual([]);
    one.put("index.html", "<p>one</p>\n");
    one.put("new.html", "<p>new</p>\n");
    expect(await flawsOf(one, deploy, { ...unguarded, says: /not known to hold creates to what was seen.*new\.html/u })).toEqual([]);
    ground.calm();
    await one.deploy();
    expect(Object.keys(await one.live())).toEqual(["index.html", "new.html"]);
  });

  test("of DeleteObject still takes what is new or changed, and keeps what would be deleted", async () => {
    const one = await ground.open();
    one.put("old.html", "<p>old</p>\n");
    await one.deploy();
    forgetTrials(one);
    ignore(one.site, "DeleteObject");
    one.put("index.html", "<p>two</p>\n");
    one.put("new.html", "<p>new</p>\n");
    await one.deploy();
    rmSync(join(one.siteFolder(), "old.html"));
    expect(
      await flawsOf(one, deploy, { ...unguarded, says: /not known to hold deletes to what was seen.*old\.html could be lost/u }),
    ).toEqual([]);
    expect(await one.live()).toEqual({ "index.html": "<p>two</p>\n", "new.html": "<p>new</p>\n", "old.html": "<p>old</p>\n" });
    ground.calm();
    await one.deploy();
    expect(Object.keys(await one.live())).toEqual(["index.html", "new.html"]);
  });

  test("of DeleteObject everywhere, the state included, is no obstacle to what deletes nothing", async () => {
    const one = await ground.open({ isBare: true });
    ground.fault({ operation: "DeleteObject", action: { kind: "ignore-preconditions" } });
    for (const text of ["<p>one</p>\n", "<p>two</p>\n"]) {
      one.put("index.html", text);
      // Each by a process of its own: a lease that could not be deleted ends with whoever held it.
      expectExit(await one.start(deploy).ended, 0);
      expect(await one.live()).toEqual({ "index.html": text });
    }
  });

  test("when it completes an upload in parts gets large files in one request under its condition", async () => {
    const one = await ground.open();
    ignore(one.site, "CompleteMultipartUpload");
    const film = Buffer.alloc(9 * 1024 * 1024, "reel ");
    one.put("film.bin", film);
    const puts: string[] = [];
    const { denies } = ground.account;
    ground.account.denies = (operation, key, bucket) => {
      if (key === "film.bin") puts.push(operation);
      return denies(operation, key, bucket);
    };
    await one.deploy();
    expect(puts).toContain("PutObject");
    expect(puts).not.toContain("CompleteMultipartUpload");
    expect(film.equals(ground.sandbox.s3.get(one.site, "film.bin")?.bytes ?? Buffer.alloc(0))).toBe(true);
  });

  test("as the state is refused before anything is recorded or written", async () => {
    const one = await ground.open({ isBare: true });
    ignore(one.state, "PutObject");
    one.put("index.html", "<p>one</p>\n");
    expect(
      await flawsOf(one, deploy, {
        ...unguarded,
        says: /does not honour If-(?:None-)?Match on PutObject in the bucket pier-state-\d+/u,
      }),
    ).toEqual([]);
    expect(await one.live()).toEqual({});
    ground.calm();
    await one.deploy();
  });

  test("leaves nothing of the trials behind, and no version of them", async () => {
    const one = await ground.open({ versioning: true, isBare: true });
    ignore(one.site, "DeleteObject");
    one.put("index.html", "<p>one</p>\n");
    await one.deploy();
    expect(await versionsIn(one.site)).toEqual(["index.html"]);
  });
});

/** What the command that the refusal names does. */
async function keepVersions(bucket: string): Promise<void> {
  const query = new URLSearchParams({ versioning: "" });
  await ground.sandbox.s3.handle({ method: "PUT", path: `/${bucket}`, query, headers: {}, body: enabled });
}

async function* enabled(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
}

interface ProductionCase {
  /** Deploys to production, confirmed. */
  readonly deployed: () => Promise<Ran>;
  /** The page as it is live. */
  readonly text: () => string;
}

/** Production takes its deploys directly, so that the rule alone decides. */
async function openProduction(...lines: readonly string[]): Promise<ProductionCase> {
  const bucket = `pier-live-${lines.length}`;
  ground.sandbox.s3.createBucket(bucket);
  const one = await ground.open({
    isBare: true,
    targets: ["production:", `  store: s3://${bucket}`, ...lines.map((line) => `  ${line}`)],
  });
  const words = ["deploy", "production", "--json"];
  const deployed = async (): Promise<Ran> => {
    const planned = await one.run(words);
    if (answerOf(planned, "outcome") !== "confirmation-needed") return planned;
    return await one.run([...words, "--confirm", String(answerOf(planned, "id"))]);
  };
  one.put("index.html", "<p>one</p>\n");
  expectExit(await deployed(), 0);
  one.put("index.html", "<p>two</p>\n");
  return { deployed, text: () => Buffer.from(ground.sandbox.s3.get(bucket, "index.html")?.bytes ?? []).toString() };
}

describe("a production bucket without versioning", () => {
  test("is refused what would be overwritten, with the command that turns versions on; after that command it is taken", async () => {
    const { deployed, text } = await openProduction();
    const refused = await deployed();
    expectExit(refused, 3);
    expect(answerOf(refused, "refusals", 0)).toMatchObject({ rule: "D5", code: "versioning-off", paths: ["index.html"] });
    const remedy = String(answerOf(refused, "refusals", 0, "remedy"));
    expect(remedy).toMatch(/^aws s3api put-bucket-versioning --bucket pier-live-0 --versioning-configuration Status=Enabled/u);
    expect(text()).toBe("<p>one</p>\n");
    await keepVersions("pier-live-0");
    expectExit(await deployed(), 0);
    expect(text()).toBe("<p>two</p>\n");
  });

  test("is taken where belay.yaml says why it may be without", async () => {
    const { deployed, text } = await openProduction("unversioned: a nightly copy is kept elsewhere");
    expectExit(await deployed(), 0);
    expect(text()).toBe("<p>two</p>\n");
  });
});
