import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync, type Stats } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { asStoreName, type Digest } from "../../core/brand.ts";
import { sha256OfText } from "../shared/sha256.ts";
import { openDigestCache, type DigestCache } from "./digest-cache.ts";
import { openDiskStore } from "./disk-store.ts";

const hourMs = 3_600_000;
let folder: string;
let page: string;
const open = (of = folder): DigestCache => openDigestCache({ file: join(folder, "cache/digests"), folder: of });

describe("the digest cache", () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "belay-cache-"));
    page = join(folder, "page.html");
    writeFileSync(page, "one");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const digest: Digest = sha256OfText("one");
  /** As if the file had been hashed long after it was written. */
  const later = (): { stats: Stats; digest: Digest; hashedAtMs: number } => ({
    stats: statSync(page),
    digest,
    hashedAtMs: Date.now() + hourMs,
  });

  it("a digest is kept from one opening to the next", () => {
    const cache = open();
    cache.remember("page.html", later());
    cache.save(true);
    expect(open().digestOf("page.html", statSync(page))).toBe(digest);
    expect(open().digestOf("other.html", statSync(page))).toBeUndefined();
  });

  it("a file whose size or times have moved is not the one that was hashed", () => {
    // A whole second, so that the same time can be put back exactly: only the inode's change time then tells.
    utimesSync(page, 1_700_000_000, 1_700_000_000);
    const cache = open();
    cache.remember("page.html", later());
    cache.save(true);
    const before = statSync(page);
    writeFileSync(page, "two");
    utimesSync(page, 1_700_000_000, 1_700_000_000);
    expect(statSync(page)).toMatchObject({ size: before.size, mtimeMs: before.mtimeMs, ino: before.ino });
    expect(cache.digestOf("page.html", statSync(page))).toBeUndefined();
    expect(open().digestOf("page.html", statSync(page))).toBeUndefined();
  });

  it("a file that was written just before it was hashed is not remembered, for it may be written again unnoticed", () => {
    const cache = open();
    cache.remember("page.html", { stats: statSync(page), digest, hashedAtMs: Date.now() });
    expect(cache.digestOf("page.html", statSync(page))).toBeUndefined();
  });

  it.each([
    ["cut short", (bytes: Buffer) => bytes.subarray(0, bytes.byteLength - 9)],
    ["damaged in one bit", (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === 100 ? byte ^ 1 : byte)))],
    ["empty", () => Buffer.alloc(0)],
  ])("a cache file that is %s is an empty cache", (_, damage) => {
    const cache = open();
    cache.remember("page.html", later());
    cache.save(true);
    const file = join(folder, "cache/digests");
    writeFileSync(file, damage(readFileSync(file)));
    expect(open().digestOf("page.html", statSync(page))).toBeUndefined();
  });

  it("a cache of another folder is not used", () => {
    const cache = open();
    cache.remember("page.html", later());
    cache.save(true);
    expect(open("/srv/elsewhere").digestOf("page.html", statSync(page))).toBeUndefined();
  });

  it("what a whole listing did not ask about is dropped, and kept by a partial one", () => {
    const cache = open();
    cache.remember("page.html", later());
    cache.remember("gone.html", later());
    cache.save(true);
    const partial = open();
    partial.digestOf("page.html", statSync(page));
    partial.save(false);
    expect(open().digestOf("gone.html", statSync(page))).toBe(digest);
    const whole = open();
    whole.digestOf("page.html", statSync(page));
    whole.save(true);
    expect(open().digestOf("gone.html", statSync(page))).toBeUndefined();
    expect(open().digestOf("page.html", statSync(page))).toBe(digest);
  });

  it("a cache that cannot be written costs nothing but time", () => {
    const cache = openDigestCache({ file: join(page, "digests"), folder });
    cache.remember("page.html", later());
    cache.save(true);
    expect(cache.digestOf("page.html", statSync(page))).toBe(digest);
  });

  it("a list takes digests from the cache, and a reading never does", async () => {
    const wrong = sha256OfText("what the cache says");
    const cache: DigestCache = { digestOf: () => wrong, remember: () => undefined, save: () => undefined };
    const store = openDiskStore({
      name: asStoreName("dir:x"),
      root: folder,
      scratch: join(folder, "s"),
      keepsHeaders: false,
      digestCache: cache,
    });
    const { signal } = new AbortController();
    for await (const observed of store.list("page", { signal })) expect(observed.digest).toBe(wrong);
    expect((await store.read("page.html", { signal }))?.observed.digest).toBe(digest);
  });
});
