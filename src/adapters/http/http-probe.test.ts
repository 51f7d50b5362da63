import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createRawServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256, sha256OfText } from "../shared/sha256.ts";
import type { CallOptions } from "../../ports/store.ts";
import { openProbe } from "./http-probe.ts";
import { causeOf } from "./plain-cause.ts";

const calm: CallOptions = { signal: new AbortController().signal };

function portOf(server: { address(): unknown }): number {
  const address = server.address();
  if (typeof address === "object" && address !== null && "port" in address && typeof address.port === "number") return address.port;
  throw new Error("the server has no port");
}

describe("the http probe", () => {
  let server: Server;
  let origin: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  beforeEach(async () => {
    server = createServer((request, response) => answer(request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    origin = `http://127.0.0.1:${portOf(server)}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const look = async (path: string, limits: Parameters<typeof openProbe>[0] = {}): Promise<unknown> =>
    await openProbe(limits).look(`${origin}${path}`, calm);

  const head = async (path: string): Promise<unknown> => await openProbe().look(`${origin}${path}`, { ...calm, isHeadOnly: true });

  it("sees the status, the digest of the body and the headers", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "text/html", "X-Cache": "Hit", "Set-Cookie": ["a=1", "b=2"] });
      response.write("<h1>Harbour ");
      response.end("tours</h1>");
    };
    expect(await look("/")).toMatchObject({
      kind: "seen",
      status: 200,
      digest: sha256OfText("<h1>Harbour tours</h1>"),
      headers: { "content-type": "text/html", "x-cache": "Hit", "set-cookie": "a=1, b=2" },
    });
  });

  it.each([
    ["hit", { "x-cache": "Hit from cloudfront" }],
    ["hit", { "x-cache": "RefreshHit from cloudfront" }],
    ["hit", { "x-cache": "OriginShieldHit from cloudfront" }],
    ["miss", { "x-cache": "Miss from cloudfront" }],
    ["miss", { "x-cache": "Miss from cloudfront", age: "7" }],
    ["hit", { "x-cache": "MISS, HIT" }],
    ["miss", { "x-cache": "MISS, MISS" }],
    ["hit", { "x-cache": "Error from cloudfront", age: "3" }],
    ["hit", { "cf-cache-status": "HIT" }],
    ["hit", { "cf-cache-status": "REVALIDATED" }],
    ["miss", { "cf-cache-status": "EXPIRED" }],
    ["miss", { "cf-cache-status": "DYNAMIC" }],
    ["hit", { "x-vercel-cache": "STALE" }],
    ["miss", { "x-vercel-cache": "MISS" }],
    ["hit", { "x-cache-status": "UPDATING" }],
    ["miss", { "x-cache-status": "BYPASS" }],
    ["hit", { age: "1" }],
  ])("tells a cache's answer from the origin's: a %s in %j", async (cache, headers) => {
    answer = (_, response) => response.writeHead(200, headers).end();
    expect(await look("/")).toMatchObject({ kind: "seen", cache });
  });

  it.each([{}, { age: "0" }, { age: "young" }, { age: "" }, { "x-cache": "Error from cloudfront" }, { "cf-cache-status": "UNKNOWN" }])(
    "claims nothing about a cache where the response does not say: %j",
    async (headers) => {
      answer = (_, response) => response.writeHead(200, headers).end();
      expect(await look("/")).not.toHaveProperty("cache");
    },
  );

  it("an error page is seen, not unreachable", async () => {
    answer = (_, response) => response.writeHead(404).end("nothing here");
    expect(await look("/")).toMatchObject({ kind: "seen", status: 404, digest: sha256OfText("nothing here") });
  });

  it("asks for the bytes as they are stored, and hashes those even where they come compressed", async () => {
    const stored = gzipSync("<h1>Harbour tours</h1>");
    let asked: string | undefined;
    answer = (request, response) => {
      asked = String(request.headers["accept-encoding"]);
      response.writeHead(200, { "content-encoding": "gzip" }).end(stored);
    };
    expect(await look("/")).toMatchObject({ digest: sha256(stored), headers: { "content-encoding": "gzip" } });
    expect(asked).toBe("identity");
  });

  it("hands the body over as browsers read it, where it was asked for and is no larger", async () => {
    const page = "<h1>Harbour tours</h1>";
    const stored = gzipSync(page);
    answer = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(stored);
    const asked = async (keepBytesMax: number): Promise<string | undefined> => {
      const sight = await openProbe().look(origin, { ...calm, keepBytesMax });
      expect(sight).toMatchObject({ kind: "seen", digest: sha256(stored) });
      return sight.kind === "seen" && sight.body ? new TextDecoder().decode(sight.body) : undefined;
    };
    expect(await asked(1000)).toBe(page);
    expect(await asked(page.length - 1)).toBeUndefined();
    expect(await asked(stored.byteLength - 1)).toBeUndefined();
    expect(await look("/")).not.toHaveProperty("body");
  });

  it("a body that would unpack to more than is kept is not unpacked, and is seen all the same", async () => {
    const bomb = gzipSync("x".repeat(1_000_000));
    answer = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    const sight = await openProbe().look(origin, { ...calm, keepBytesMax: 10_000 });
    expect(sight).toMatchObject({ kind: "seen", digest: sha256(bomb) });
    expect(sight).not.toHaveProperty("body");
  });

  it.each([
    [{ "content-encoding": "gzip" }, "no gzip at all"],
    [{ "content-encoding": "zstd" }, "not known"],
  ])("a body whose encoding cannot be undone is seen without it: %j", async (headers, text) => {
    answer = (_, response) => response.writeHead(200, headers).end(text);
    const sight = await openProbe().look(origin, { ...calm, keepBytesMax: 1000 });
    expect(sight).toMatchObject({ kind: "seen", digest: sha256OfText(text) });
    expect(sight).not.toHaveProperty("body");
  });

  it("asks by the head alone whether an address answers, and without it where the server knows none", async () => {
    const methods: (string | undefined)[] = [];
    answer = (request, response) => {
      methods.push(request.method);
      response.writeHead(request.url === "/plain" && request.method === "HEAD" ? 405 : 200).end("a long body");
    };
    expect(await head("/style.css")).toMatchObject({ kind: "seen", status: 200, digest: sha256OfText("") });
    expect(methods).toEqual(["HEAD"]);
    expect(await head("/plain")).toMatchObject({ kind: "seen", status: 200 });
    expect(methods).toEqual(["HEAD", "HEAD", "GET"]);
  });

  it("follows redirects on the same host, five at most", async () => {
    answer = (request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `./${left - 1}` }).end("moved");
      else response.end("arrived");
    };
    expect(await look("/5")).toMatchObject({ kind: "seen", status: 200, digest: sha256OfText("arrived") });
    expect(await look("/6")).toEqual({ kind: "unreachable", cause: "it redirects more than 5 times", isFinal: true });
  });

  it("does not follow a redirect to another host, port or protocol, nor ask there", async () => {
    let asked = 0;
    const other = createServer((_, response) => {
      asked += 1;
      response.end("elsewhere");
    });
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    for (const location of [
      `http://127.0.0.1:${portOf(other)}/`,
      `//localhost:${portOf(server)}/`,
      "https://login.example.com/?back=1",
      "file:///etc/hosts",
    ]) {
      answer = (_, response) => response.writeHead(301, { location }).end();
      expect(await look("/")).toMatchObject({ kind: "unreachable", cause: expect.stringContaining("another host") });
    }
    expect(asked).toBe(0);
    other.close();
  });

  it("a redirect without an address is the answer itself", async () => {
    answer = (_, response) => response.writeHead(302).end("where to?");
    expect(await look("/")).toMatchObject({ kind: "seen", status: 302 });
  });

  it("a body beyond the cap is not hashed to its end", async () => {
    answer = (_, response) => response.end("x".repeat(3 * 1024 * 1024));
    expect(await look("/", { bodyBytesMax: 2 * 1024 * 1024 })).toEqual({
      kind: "unreachable",
      cause: "it is larger than 2 MiB",
      isFinal: true,
    });
    expect(await look("/", { bodyBytesMax: 3 * 1024 * 1024 })).toMatchObject({ kind: "seen" });
  });

  it.each(["never begins", "never ends"])("an answer that %s is unreachable after the time allowed", async (how) => {
    answer = (_, response) => (how === "never ends" ? response.write("half") : undefined);
    expect(await look("/", { timeoutMs: 150 })).toEqual({ kind: "unreachable", cause: "no full answer came within 0.15 seconds" });
  });

  it("a body that is cut short is unreachable, not a page with another digest", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half");
      setTimeout(() => response.destroy(), 20);
    };
    expect(await look("/")).toEqual({ kind: "unreachable", cause: "the connection broke off" });
  });

  it("a server that is not there, or speaks no HTTP, is unreachable in plain words", async () => {
    const raw = createRawServer((socket) => {
      socket.on("error", () => undefined);
      socket.resume();
      socket.end("SSH-2.0-harbour\r\n");
    });
    raw.listen(0, "127.0.0.1");
    await once(raw, "listening");
    const port = portOf(raw);
    expect(await openProbe().look(`http://127.0.0.1:${port}/`, calm)).toMatchObject({
      kind: "unreachable",
      cause: expect.stringContaining("not proper HTTP"),
    });
    expect(await openProbe().look(`https://127.0.0.1:${port}/`, calm)).toMatchObject({
      kind: "unreachable",
      cause: expect.stringContaining("encryption"),
    });
    raw.close();
    await once(raw, "close");
    expect(await openProbe().look(`http://127.0.0.1:${port}/`, calm)).toEqual({
      kind: "unreachable",
      cause: "the server refused the connection",
    });
  });

  it.each(["ftp://example.com/", "index.html", "", "file:///etc/passwd"])("%j is not looked at", async (url) => {
    expect(await openProbe().look(url, calm)).toMatchObject({
      kind: "unreachable",
      cause: expect.stringContaining("not an http or https address"),
    });
  });

  it("control characters of the server do not come through", async () => {
    answer = (_, response) => response.writeHead(200, { "x-note": "a\u0085b\u009bc" }).end();
    expect(await look("/")).toMatchObject({ headers: { "x-note": "abc" } });
    expect(causeOf(new Error("\u001b[31mred\u0007"))).toBe("[31mred");
  });

  it("a look that is interrupted says so and is not taken for an unreachable site", async () => {
    answer = (_, response) => response.write("half");
    const command = new AbortController();
    setTimeout(() => command.abort(), 50);
    await expect(openProbe().look(origin, { signal: command.signal })).rejects.toMatchObject({ code: "interrupted" });
  });
});
