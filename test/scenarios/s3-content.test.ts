/** Odd keys, foreign objects, headers, encodings and large files: what goes up comes down as it was. */

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keysIn, openBucketGround, type BucketCase, type BucketGround } from "./support/bucket-ground.ts";
import { randomFrom } from "../support/random-from.ts";
import { sha256, treeOf } from "./support/ground.ts";
import { answerOf, expectExit } from "./support/run-belay.ts";

let ground: BucketGround;
let one: BucketCase;
const status = ["status", "staging", "--json"];

beforeAll(async () => {
  ground = await openBucketGround();
});
afterAll(async () => {
  await ground.close();
});
beforeEach(async () => {
  one = await ground.open();
});
afterEach(() => {
  ground.calm();
});

const stored = (key: string): { readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> } =>
  ground.sandbox.s3.get(one.site, key) ?? { bytes: new Uint8Array(), headers: {} };
const localBytes = (key: string, copy?: string): Buffer => readFileSync(join(one.siteFolder(copy), key));
const pulled = async (copy: string): Promise<void> => {
  one.addCopy(copy);
  expectExit(await one.run(["pull", "staging"], { copy }), 0);
};

describe("keys", () => {
  const folder = "a".repeat(200);
  const odd = [
    "two words.html",
    " leading and trailing .html",
    "a+b.html",
    "100%.html",
    "%41.html",
    "q?x=1&y=2.html",
    "hash#part.html",
    'it\'s "quoted".html',
    "a..b.html",
    "..hidden-not..html",
    "<tag>&amp;.html",
    "semi;colon,comma=at@$!*'().html",
    "~tilde|bar^hat`tick{}[].html",
    "grüße/größe-北京-😀.html",
    `${folder}/${folder}/${folder}/${folder}/${"z".repeat(91)}.html`,
  ];

  test("of every spelling that a file may have go up, are the same, come down elsewhere and are deleted", async () => {
    // A name that begins with a dot is not published.
    const published = odd.filter((key) => !key.startsWith("."));
    for (const key of odd) one.put(key, `<p>${key}</p>\n`);
    await one.deploy();
    expect((await keysIn(ground.sandbox, one.site)).toSorted()).toEqual([...published, "index.html"].toSorted());
    for (const key of published) expect(Buffer.from(stored(key).bytes).toString()).toBe(`<p>${key}</p>\n`);
    const same = await one.run(status);
    expect(answerOf(same, "summary")).toMatchObject({ same: published.length + 1, new: 0, unknown: 0, removed: 0 });
    await pulled("laptop");
    rmSync(join(one.siteFolder(), "..hidden-not..html"));
    expect(treeOf(one.siteFolder("laptop"))).toEqual(treeOf(one.siteFolder()));
    for (const key of published) rmSync(join(one.siteFolder("laptop"), key));
    await one.deploy("laptop");
    expect(await keysIn(ground.sandbox, one.site)).toEqual(["index.html"]);
  });

  test("that are no files of a site are left alone: folder markers, doubled slashes, control characters", async () => {
    const foreign = [
      "pictures/",
      "a//b.html",
      "/leading.html",
      "bell\u0007.html",
      "line\nbreak.html",
      "a/../b.html",
      "./c.html",
      "back\\slash.html",
    ];
    for (const key of foreign) ground.sandbox.s3.put(one.site, key, Buffer.from("a stranger's\n"), { "x-amz-meta-note": "mine" });
    const before = foreign.map((key) => [key, stored(key)] as const);
    one.put("pictures/boat.html", "<p>boat</p>\n");
    one.put("index.html", "<p>two</p>\n");
    await one.deploy();
    rmSync(join(one.siteFolder(), "pictures"), { recursive: true });
    await one.deploy();
    const shown = await one.run(status);
    expectExit(shown, 0);
    expect(answerOf(shown, "summary")).toEqual({ same: 1, ahead: 0, behind: 0, diverged: 0, new: 0, removed: 0, unknown: 0 });
    await pulled("laptop");
    expect([...treeOf(one.siteFolder("laptop")).keys()]).toEqual(["index.html"]);
    expect(foreign.map((key) => [key, stored(key)])).toEqual(before);
  });
});

describe("headers", () => {
  test("of a new object name its type by its extension; what has none is sent without a type", async () => {
    const types = {
      "site.css": "text/css",
      "app.js": "text/javascript",
      "map.svg": "image/svg+xml",
      "feed.xml": "application/xml",
      "photo.webp": "image/webp",
    };
    for (const key of [...Object.keys(types), "LICENSE"]) one.put(key, `${key}\n`);
    await one.deploy();
    const found = Object.fromEntries(Object.keys(types).map((key) => [key, stored(key).headers["content-type"]]));
    expect(found).toEqual(types);
    expect(stored("index.html").headers["content-type"]).toBe("text/html");
    expect(stored("LICENSE").headers["content-type"] ?? "binary/octet-stream").toBe("binary/octet-stream");
  });

  test("and metadata that somebody else has set stay when the bytes are replaced", async () => {
    const set = { "content-type": "text/html; charset=utf-8", "cache-control": "max-age=60", "x-amz-meta-reviewed": "yes" };
    // S3 tells the time of a write to the second, and nothing but the time tells that headers alone have changed.
    ground.clock.aheadMs = 2000;
    ground.sandbox.s3.put(one.site, "index.html", Buffer.from("<p>one</p>\n"), set);
    expectExit(await one.run(["pull", "staging"]), 0);
    one.put("index.html", "<p>two</p>\n");
    await one.deploy();
    expect(Buffer.from(stored("index.html").bytes).toString()).toBe("<p>two</p>\n");
    expect(stored("index.html").headers).toMatchObject(set);
  });
});

describe("bytes", () => {
  test("that are stored compressed come down as they are stored, and go up again under their encoding", async () => {
    const packed = gzipSync("<p>packed</p>\n");
    const encoded = { "content-encoding": "gzip", "content-type": "text/html" };
    ground.sandbox.s3.put(one.site, "packed.html", packed, encoded);
    await pulled("laptop");
    expect(localBytes("packed.html", "laptop").equals(packed)).toBe(true);
    const again = gzipSync("<p>packed again</p>\n");
    one.put("packed.html", again, "laptop");
    await one.deploy("laptop");
    expect(again.equals(stored("packed.html").bytes)).toBe(true);
    expect(stored("packed.html").headers).toMatchObject(encoded);
  });

  test("of a file of thirty MiB go up in parts, change, come down elsewhere and are restored", async () => {
    const random = randomFrom(30);
    const first = Buffer.alloc(30 * 1024 * 1024);
    for (let at = 0; at < first.byteLength; at += 4096) first.writeDoubleBE(random(), at);
    const second = Buffer.from(first);
    second.write("changed in the middle", 15 * 1024 * 1024);
    ground.sandbox.log.reset();
    one.put("film.bin", first);
    await one.deploy();
    expect(ground.sandbox.log.snapshot().operations["UploadPart"]).toBeGreaterThanOrEqual(4);
    one.put("film.bin", second);
    await one.deploy();
    expect(sha256(stored("film.bin").bytes)).toBe(sha256(second));
    await pulled("laptop");
    expect(sha256(localBytes("film.bin", "laptop"))).toBe(sha256(second));
    expectExit(await one.run(["restore", "staging", "--yes"], { copy: "laptop" }), 0);
    expect(sha256(stored("film.bin").bytes)).toBe(sha256(first));
    expect(stored("film.bin").headers["content-type"] ?? "").toBe("application/octet-stream");
  });
});
