import { describe, expect, test } from "vitest";
import { openCloudFront } from "../cloudfront/open-cloudfront.ts";
import type { DistributionSettings } from "../cloudfront/distribution.ts";
import type { SandboxResponse } from "../wire.ts";
import { openEdge } from "./open-edge.ts";
import type { OriginObject } from "./open-edge.ts";

const startMs = Date.UTC(2026, 4, 4, 9);

interface Visit {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface World {
  pass(ms: number): void;
  put(key: string, text: string, headers?: Readonly<Record<string, string>>): void;
  remove(key: string): void;
  invalidate(reference: string, ...paths: readonly string[]): Promise<void>;
  visit(path: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<Visit>;
  originReads(): number;
}

const textOf = (answer: SandboxResponse): string => (answer.body instanceof Uint8Array ? Buffer.from(answer.body).toString("utf8") : "");

const bodyOf = (text: string): (() => AsyncIterable<Uint8Array>) =>
  async function* body() {
    yield Buffer.from(text);
  };

const random = (): number => 0.5;

/** An edge in front of a bucket that is a map. An invalidation takes effect after 400 of its 800 ms. */
function world(settings: Partial<DistributionSettings> = {}): World {
  let nowMs = startMs;
  let puts = 0;
  let reads = 0;
  const clock = { now: () => nowMs };
  const objects = new Map<string, OriginObject>();
  const cloudfront = openCloudFront({ clock, random, settleMs: 800 });
  const distribution = cloudfront.createDistribution({ id: "EHARBOUR", bucket: "harbour-site", ...settings });
  const edge = openEdge({
    distribution,
    clock,
    random,
    isPurged: (id, path, sinceMs) => cloudfront.isPurged(id, path, sinceMs),
    origin: async (bucket, key) => {
      reads += 1;
      return bucket === "harbour-site" ? objects.get(key) : undefined;
    },
  });
  return {
    pass(ms) {
      nowMs += ms;
    },
    put(key, text, headers = { "content-type": "text/html" }) {
      puts += 1;
      const described = { ...headers, etag: `"${puts}"`, "last-modified": new Date(nowMs).toUTCString() };
      objects.set(key, { bytes: Buffer.from(text), headers: described });
    },
    remove: (key) => void objects.delete(key),
    async invalidate(reference, ...paths) {
      const items = paths.map((path) => `<Path>${path}</Path>`).join("");
      const xml = `<InvalidationBatch><Paths><Quantity>${paths.length}</Quantity><Items>${items}</Items></Paths><CallerReference>${reference}</CallerReference></InvalidationBatch>`;
      const path = "/2020-05-31/distribution/EHARBOUR/invalidation";
      const answer = await cloudfront.handle({ method: "POST", path, query: new URLSearchParams(), headers: {}, body: bodyOf(xml) });
      expect(answer.status).toBe(201);
    },
    async visit(path, headers = {}, method = "GET") {
      const [pathname = "", query] = path.split("?");
      const answer = await edge.handle({ method, path: pathname, query: new URLSearchParams(query), headers, body: bodyOf("") });
      return { status: answer.status, text: textOf(answer), headers: answer.headers };
    },
    originReads: () => reads,
  };
}

describe("visitors", () => {
  test("get the old body until an invalidation of the path takes effect, then the new one", async () => {
    const site = world();
    site.put("index.html", "old");
    expect(await site.visit("/index.html")).toMatchObject({ status: 200, text: "old", headers: { "x-cache": "Miss from cloudfront" } });
    site.pass(60_000);
    site.put("index.html", "new");
    const stale = await site.visit("/index.html");
    expect(stale).toMatchObject({ text: "old", headers: { "x-cache": "Hit from cloudfront", age: "60" } });
    await site.invalidate("one", "/index.html");
    site.pass(399);
    expect((await site.visit("/index.html")).text).toBe("old");
    site.pass(1);
    expect(await site.visit("/index.html")).toMatchObject({ text: "new", headers: { "x-cache": "Miss from cloudfront" } });
    site.pass(1);
    // What was fetched in the very millisecond of the purge counts as older than it.
    expect(await site.visit("/index.html")).toMatchObject({ text: "new", headers: { "x-cache": "Miss from cloudfront" } });
    expect((await site.visit("/index.html")).headers["x-cache"]).toBe("Hit from cloudfront");
  });

  test("get a short code's page by a rewrite at the origin, and its old copy until the short code itself is purged", async () => {
    const site = world({ rewrite: (path) => (path === "/g/CODE" ? "/g/page.html" : path) });
    site.put("g/page.html", "old");
    expect((await site.visit("/g/CODE")).text).toBe("old");
    site.put("g/page.html", "new");
    site.pass(1000);
    await site.invalidate("one", "/g/page.html");
    site.pass(801);
    expect([(await site.visit("/g/page.html")).text, (await site.visit("/g/CODE")).text]).toEqual(["new", "old"]);
    await site.invalidate("two", "/g/CODE");
    site.pass(801);
    expect((await site.visit("/g/CODE")).text).toBe("new");
  });

  test("a purge clears only what it covers, and what was fetched before it took effect", async () => {
    const site = world();
    for (const key of ["a.html", "dir/b.html", "dir/deep/c.html"]) site.put(key, "old");
    const texts = async (): Promise<string[]> =>
      Promise.all(["/a.html", "/dir/b.html", "/dir/deep/c.html"].map(async (path) => (await site.visit(path)).text));
    await texts();
    for (const key of ["a.html", "dir/b.html", "dir/deep/c.html"]) site.put(key, "new");
    site.pass(1000);
    await site.invalidate("one", "/dir/*");
    site.pass(800);
    expect(await texts()).toEqual(["old", "new", "new"]);
    await site.invalidate("two", "/*");
    site.pass(800);
    expect(await texts()).toEqual(["new", "new", "new"]);
  });

  test("a repeated reference purges nothing a second time", async () => {
    const site = world();
    site.put("a.html", "1");
    await site.visit("/a.html");
    await site.invalidate("one", "/a.html");
    site.pass(1000);
    await site.visit("/a.html");
    site.put("a.html", "2");
    site.pass(1000);
    await site.invalidate("one", "/a.html");
    site.pass(1000);
    expect((await site.visit("/a.html")).text).toBe("1");
  });

  test("the query is not part of what is cached, and other spellings of a path are purged with it", async () => {
    const site = world();
    site.put("café.html", "old");
    await site.visit("/caf%c3%a9.html");
    site.put("café.html", "new");
    site.pass(1000);
    expect(await site.visit("/caf%c3%a9.html?v=2")).toMatchObject({ text: "old", headers: { "x-cache": "Hit from cloudfront" } });
    await site.invalidate("one", "/caf%C3%A9.html");
    site.pass(1000);
    expect((await site.visit("/caf%c3%a9.html")).text).toBe("new");
  });

  test("see the default root object only at the root, and the origin path never", async () => {
    const site = world({ originPath: "/live" });
    site.put("live/index.html", "home");
    site.put("index.html", "somebody else's");
    expect((await site.visit("/")).text).toBe("home");
    expect((await site.visit("/index.html")).text).toBe("home");
    expect((await site.visit("/live/index.html")).status).toBe(403);
    expect((await site.visit("/sub/")).status).toBe(403);
  });

  test("without a default root object the root is missing", async () => {
    const site = world({ defaultRootObject: "" });
    site.put("index.html", "home");
    expect((await site.visit("/")).status).toBe(403);
  });
});

describe("an edge keeps", () => {
  test.each([
    ["as long as max-age says", "public, max-age=60", 60],
    ["as long as s-maxage says, whatever max-age says", "max-age=5, s-maxage=90", 90],
    ["for a day where nothing is said", undefined, 86_400],
  ])("a response %s", async (_, cacheControl, seconds) => {
    const site = world();
    const headers = cacheControl === undefined ? {} : { "cache-control": cacheControl };
    site.put("a.css", "old", headers);
    await site.visit("/a.css");
    site.put("a.css", "new", headers);
    site.pass(seconds * 1000 - 1);
    expect((await site.visit("/a.css")).text).toBe("old");
    site.pass(1);
    expect(await site.visit("/a.css")).toMatchObject({ text: "new", headers: { "x-cache": "Miss from cloudfront" } });
  });

  test("nothing that says no-store, and asks each time for what says no-cache", async () => {
    const site = world();
    site.put("a", "1", { "cache-control": "no-store" });
    site.put("b", "1", { "cache-control": "no-cache" });
    expect((await site.visit("/a")).headers["x-cache"]).toBe("Miss from cloudfront");
    expect((await site.visit("/a")).headers["x-cache"]).toBe("Miss from cloudfront");
    await site.visit("/b");
    expect((await site.visit("/b")).headers["x-cache"]).toBe("RefreshHit from cloudfront");
    site.put("b", "2", { "cache-control": "no-cache" });
    expect(await site.visit("/b")).toMatchObject({ text: "2", headers: { "x-cache": "Miss from cloudfront" } });
  });

  test("an expired response by until, and refreshes it where the bucket says that it is unchanged", async () => {
    const site = world();
    site.put("a", "1", { expires: new Date(startMs + 30_000).toUTCString() });
    await site.visit("/a");
    site.pass(29_000);
    expect((await site.visit("/a")).headers["x-cache"]).toBe("Hit from cloudfront");
    site.pass(1000);
    expect((await site.visit("/a")).headers["x-cache"]).toBe("RefreshHit from cloudfront");
  });

  test.each([403, 404] as const)("an error, %i for a missing key, for ten seconds", async (missingStatus) => {
    const site = world({ missingStatus });
    const first = await site.visit("/new.html");
    expect(first).toMatchObject({ status: missingStatus, headers: { "x-cache": "Error from cloudfront" } });
    site.put("new.html", "here");
    site.pass(9999);
    expect((await site.visit("/new.html")).status).toBe(missingStatus);
    expect(site.originReads()).toBe(1);
    site.pass(1);
    expect(await site.visit("/new.html")).toMatchObject({ status: 200, text: "here" });
  });

  test("a page that the bucket has lost, until it is purged", async () => {
    const site = world();
    site.put("a.html", "here");
    await site.visit("/a.html");
    site.remove("a.html");
    site.pass(1000);
    expect((await site.visit("/a.html")).status).toBe(200);
    await site.invalidate("one", "/a.html");
    site.pass(1000);
    expect((await site.visit("/a.html")).status).toBe(403);
  });
});

describe("a reply", () => {
  test("to a visitor who has that version already is 304, and whole for anybody else", async () => {
    const site = world();
    site.put("a.html", "text");
    expect(await site.visit("/a.html", { "if-none-match": '"0", W/"1"' })).toMatchObject({
      status: 304,
      text: "",
      headers: { etag: '"1"' },
    });
    expect((await site.visit("/a.html", { "if-none-match": '"0"' })).status).toBe(200);
    expect((await site.visit("/a.html", { "if-modified-since": new Date(startMs).toUTCString() })).status).toBe(304);
    expect((await site.visit("/a.html", { "if-modified-since": new Date(startMs - 1000).toUTCString() })).status).toBe(200);
  });

  test.each([
    ["bytes=2-4", 206, "cde", "bytes 2-4/10"],
    ["bytes=7-", 206, "hij", "bytes 7-9/10"],
    ["bytes=-2", 206, "ij", "bytes 8-9/10"],
    ["bytes=8-90", 206, "ij", "bytes 8-9/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["bytes=4-2", 200, "abcdefghij", undefined],
    ["lines=1-2", 200, "abcdefghij", undefined],
  ])("to the range %s is %i", async (range, status, text, contentRange) => {
    const site = world();
    site.put("film.mp4", "abcdefghij", { "content-type": "video/mp4" });
    const answer = await site.visit("/film.mp4", { range });
    expect(answer).toMatchObject({ status, text });
    expect(answer.headers["content-range"]).toBe(contentRange);
  });

  test("to the range of another version is the whole of this one", async () => {
    const site = world();
    site.put("film.mp4", "abcdefghij");
    expect((await site.visit("/film.mp4", { range: "bytes=0-1", "if-range": '"0"' })).status).toBe(200);
    expect((await site.visit("/film.mp4", { range: "bytes=0-1", "if-range": '"1"' })).status).toBe(206);
  });

  test("passes the object's headers through, its encoding too, and a HEAD has no body", async () => {
    const site = world();
    const headers = { "content-type": "text/css", "content-encoding": "gzip", "x-amz-meta-plan": "p1" };
    site.put("a.css", "squeezed", headers);
    const answer = await site.visit("/a.css", {}, "HEAD");
    expect(answer).toMatchObject({ status: 200, text: "", headers: { ...headers, "content-length": "8", etag: '"1"' } });
    expect(answer.headers["via"]).toContain("CloudFront");
    expect(answer.headers["x-amz-cf-id"]).toMatch(/^[A-Z0-9]{56}$/u);
  });

  test("to anything but GET and HEAD is a refusal", async () => {
    const site = world();
    site.put("a", "1");
    expect((await site.visit("/a", {}, "DELETE")).status).toBe(403);
    expect((await site.visit("/a")).status).toBe(200);
  });
});
