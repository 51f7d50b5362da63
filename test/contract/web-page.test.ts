import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bodyOf, bytesOf } from "../../src/core/body.ts";
import { asRevision } from "../../src/core/brand.ts";
import { openProbe } from "../../src/adapters/http/http-probe.ts";
import { sha256, sha256OfText } from "../../src/adapters/shared/sha256.ts";
import type { CallOptions, Store } from "../../src/ports/store.ts";
import { edgePathsOf, observeEdge } from "../../src/adapters/web-page/observe-edge.ts";
import { openWebPage, type WebPageOptions } from "../../src/adapters/web-page/web-page.ts";

const live: CallOptions = { signal: new AbortController().signal };
const page = "<!doctype html><title>Sunset charter</title><p>4:30–7:30 PM</p>";

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function keysOf(store: Store, prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, live)) keys.push(key);
  return keys;
}

const pathsOf = (...about: Parameters<typeof edgePathsOf>): readonly string[] => edgePathsOf(...about).map(({ path }) => path);

describe("somebody else's page", () => {
  let server: Server;
  let origin: string;
  let replies: Record<string, Reply>;
  let asked: string[];

  beforeEach(async () => {
    [replies, asked] = [{}, []];
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const { status = 200, headers = {}, body = "" } = replies[request.url ?? ""] ?? { status: 404 };
      response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...headers }).end(body);
    });
    const port = await new Promise<number>((done) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        done(typeof address === "object" && address ? address.port : 0);
      });
    });
    origin = `http://127.0.0.1:${port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const opened = (paths: readonly string[], more: Partial<WebPageOptions> = {}): Store =>
    openWebPage({ base: `${origin}/listings/`, paths, probe: openProbe(), sha256, ...more });

  it("the list is the pages that were configured, by path, and nothing that they link to", async () => {
    replies = {
      "/listings/42": { body: page },
      "/listings/7?lang=en": { body: page },
      "/listings/": { body: page },
      "/else": { body: page },
    };
    const store = opened(["42", "7?lang=en", ""]);
    expect(await keysOf(store)).toEqual(["listings/42", "listings/7?lang=en", "listings/index.html"]);
    expect(await keysOf(store, "listings/4")).toEqual(["listings/42"]);
    expect(asked).not.toContain("GET /else");
  });

  it("a page reads with its bytes, their digest as revision, and its type", async () => {
    const modified = "Wed, 20 May 2026 12:00:00 GMT";
    replies = { "/listings/42": { body: page, headers: { "last-modified": modified, "set-cookie": "a=1", date: modified } } };
    const reading = await opened(["42"]).read("listings/42", live);
    expect(reading?.observed).toEqual({
      key: "listings/42",
      revision: sha256OfText(page),
      digest: sha256OfText(page),
      sizeBytes: Buffer.byteLength(page),
      headers: { "content-type": "text/html; charset=utf-8", "last-modified": modified },
      modifiedAtMs: Date.parse(modified),
    });
    expect(reading && new TextDecoder().decode(await bytesOf(reading.body))).toBe(page);
  });

  it("a page that nobody configured is not asked for", async () => {
    expect(await opened(["42"]).read("listings/43", live)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it.each([404, 410])("only a clear answer is absence: %i", async (status) => {
    replies = { "/listings/42": { status } };
    expect(await opened(["42"]).read("listings/42", live)).toBeUndefined();
  });

  it.each<[string, Reply, string]>([
    ["a login wall", { status: 401 }, "store-denied"],
    ["a door for people only", { status: 403 }, "store-denied"],
    ["a busy server", { status: 503 }, "store-unreachable"],
    ["too many requests", { status: 429 }, "store-unreachable"],
    ["a broken server", { status: 500 }, "store-unreachable"],
    ["an empty answer of another kind", { status: 204 }, "store-unreachable"],
    ["a redirect to another host", { status: 302, headers: { location: "https://login.example.com/" } }, "store-unreachable"],
    ["a bot check by its header", { headers: { "cf-mitigated": "challenge" }, body: page }, "store-denied"],
    ["a bot check by its title", { body: "<html><title>Just a moment...</title>" }, "store-denied"],
    ["a login form", { body: "<title>Log in · Market</title><form><input name=p type=password></form>" }, "store-denied"],
    ["a page that is too large", { body: "x".repeat(2000) }, "store-unreachable"],
  ])("%s is an error and never taken for a page that is gone", async (_, reply, code) => {
    replies = { "/listings/42": reply, "/listings/7": { body: page } };
    const store = opened(["42", "7"], { pageBytesMax: 1000 });
    await expect(store.read("listings/42", live)).rejects.toMatchObject({ code });
    await expect(keysOf(store)).rejects.toMatchObject({ code });
  });

  it("an honest page may have a login in its header and a captcha beside its form", async () => {
    const body = `${page}<input type="password"><div class="g-recaptcha"></div><script src="/cdn-cgi/challenge-platform/h/b/scripts/jsd/main.js">`;
    replies = { "/listings/42": { body } };
    expect((await opened(["42"]).read("listings/42", live))?.observed.digest).toBe(sha256OfText(body));
  });

  it("a server that is not there is an error", async () => {
    server.close();
    server.closeAllConnections();
    await expect(opened(["42"]).read("listings/42", live)).rejects.toMatchObject({ code: "store-unreachable" });
  });

  it.each(["https://other.example.com/42", "//other.example.com/42", "http://127.0.0.1:1/42"])(
    "a path that leads elsewhere is refused: %s",
    (path) => {
      expect(() => opened([path])).toThrow(expect.objectContaining({ code: "config-invalid" }));
    },
  );

  it("writing is a person's task, and the error says so before anything is asked", async () => {
    const store = opened(["42"]);
    const manual = {
      code: "not-supported",
      remedy: expect.stringContaining("manual task"),
      message: expect.stringContaining("/listings/42"),
    };
    const body = bodyOf(new Uint8Array(), sha256OfText(""));
    await expect(store.write({ key: "listings/42", expect: { kind: "absent" }, body, headers: {} }, live)).rejects.toMatchObject(manual);
    const gone = { key: "listings/42", expect: { kind: "unchanged", revision: asRevision("x") } } as const;
    await expect(store.remove(gone, live)).rejects.toMatchObject(manual);
    expect(await store.guarantees(live)).toEqual({ create: "none", replace: "none", delete: "none" });
    expect(asked).toEqual([]);
  });

  it.each(["", "../up", "a//b", "line\nbreak"])("the key %j is invalid", async (key) => {
    await expect(opened(["42"]).read(key, live)).rejects.toMatchObject({ code: "key-invalid" });
  });

  it("each path of a page at a CDN is looked at once and judged by itself", async () => {
    const old = page.replace("4:30", "5:30");
    replies = {
      "/g/sunset.html": { body: page, headers: { "x-cache": "Miss from cloudfront" } },
      "/g/sunset": { body: old, headers: { "x-cache": "Hit from cloudfront", age: "86000", etag: '"5"' } },
      "/g/S2FJLN": { status: 503 },
    };
    const paths = edgePathsOf("g/sunset.html", ["/g/{name}", "/g/{code}", "/g/{unknown}"], { code: "S2FJLN" });
    expect(paths).toEqual([
      { path: "/g/sunset.html" },
      { path: "/g/sunset" },
      { path: "/g/S2FJLN" },
      { path: "/g/S2FJLN.html", isGuess: true },
    ]);
    const question = { url: `${origin}/`, paths, origin: { digest: sha256OfText(page), earlier: [{ digest: sha256OfText(old) }] } };
    const copies = await observeEdge(openProbe(), question, live);
    expect(copies.map(({ path, verdict }) => [path, verdict])).toEqual([
      ["/g/sunset.html", "same"],
      ["/g/sunset", "older"],
      ["/g/S2FJLN", "unknown"],
      ["/g/S2FJLN.html", "gone"],
    ]);
    expect(copies[1]).toMatchObject({ ageSeconds: 86_000, cache: "hit", evidence: { etag: '"5"', "x-cache": "Hit from cloudfront" } });
    expect(asked).toHaveLength(4);
  });

  it("an index page is reached by its folder too, and what is no page has no second name", () => {
    expect(pathsOf("g/index.html", [], {})).toEqual(["/g/index.html", "/g/", "/g/index"]);
    expect(pathsOf("assets/style.css", [], {})).toEqual(["/assets/style.css"]);
    expect(pathsOf("g/a.html", ["/g/{code}"], { code: "a/b c" })).toEqual(["/g/a.html", "/g/a%2Fb%20c", "/g/a", "/g/a%2Fb%20c.html"]);
  });
});
