import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Look, PageLook } from "../../ports/browser.ts";
import { openChromium } from "./chromium-browser.ts";
import { findBrowser } from "./find-browser.ts";
import { causeOf } from "./show-page.ts";

const { signal } = new AbortController();
const search = { env: process.env, platform: process.platform };
const isHere = await findBrowser(search).then(
  () => true,
  () => false,
);

const pages: Readonly<Record<string, string>> = {
  "/calm.html": `<!doctype html><title>Harbour tours</title><style>body{margin:0}div{height:1500px;background:#0a7}</style>
    <div></div><a href="/calm.html#top">here</a><a href="fleet.html">fleet</a><a href="https://other.example/">away</a>`,
  "/troubled.html": `<!doctype html><title>Bell\u0007 tower</title><img src="gone.png"><script>
    console.error("no tide table\\u001b[31m"); throw new Error("the bell is stuck");</script>`,
  "/endless.html": "<!doctype html><style>body{margin:0}div{height:20000px}</style><div></div>",
  "/ask.html": "<!doctype html><title>ask</title><script>alert(1); confirm(2);</script><p>asked</p>",
  "/away.html": '<!doctype html><script>location.href = "/elsewhere"</script>',
};

/** Width and height of a PNG: in the first chunk, right after its name (W3C PNG, 11.2.2). */
const sizeOf = (png: Uint8Array): readonly [number, number] => {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
};

const pageOf = (look: Look | undefined): PageLook => {
  if (look?.kind !== "seen") throw new Error(`not seen: ${look?.cause ?? "no look"}`);
  return look.page;
};

const look = async (urls: readonly string[], widthPx = 1280): Promise<readonly Look[]> =>
  await openChromium(search).look(urls, widthPx, { signal });
const named = async (path: string): Promise<string> => await findBrowser({ env: { BELAY_BROWSER: path }, platform: "linux" });

describe.skipIf(!isHere)("a browser of this machine (where Chrome or Chromium is installed)", { timeout: 60_000 }, () => {
  let server: Server;
  let origin = "";
  /** At 1280 px: to start a browser takes longer than a page. */
  const wide = new Map<string, Look>();
  beforeAll(async () => {
    server = createServer((request, response) => {
      const page = pages[request.url ?? ""];
      if (request.url === "/elsewhere") response.writeHead(302, { location: `http://localhost:${portOf(server)}/calm.html` }).end();
      else if (page === undefined) response.writeHead(404, { "content-type": "text/html" }).end("<p>nothing here</p>");
      else response.writeHead(200, { "content-type": "text/html" }).end(page);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    origin = `http://127.0.0.1:${portOf(server)}`;
    const paths = [...Object.keys(pages), "/missing.html"];
    for (const [at, seen] of (await look([...paths.map((path) => origin + path), await deadUrl()])).entries())
      wide.set(paths[at] ?? "dead", seen);
  }, 120_000);
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it("shows a whole page at the width that was asked for, and names what it links to on its own host", async () => {
    const page = pageOf(wide.get("/calm.html"));
    expect(page).toMatchObject({ url: `${origin}/calm.html`, title: "Harbour tours", consoleErrors: [], failedRequests: [] });
    expect(page.links).toEqual([`${origin}/fleet.html`]);
    const [width, height] = sizeOf(page.screenshot);
    expect(width).toBe(1280);
    expect(height).toBeGreaterThanOrEqual(1500);
    const [narrow] = await look([`${origin}/calm.html`], 390);
    expect(sizeOf(pageOf(narrow).screenshot)[0]).toBe(390);
  });

  it("tells what a page complains of and what it did not get, without control characters", () => {
    expect(pageOf(wide.get("/troubled.html"))).toMatchObject({
      title: "Bell tower",
      consoleErrors: ["no tide table [31m", "the bell is stuck"],
      failedRequests: [{ url: `${origin}/gone.png`, cause: "status 404" }],
    });
  });

  it("a page without end is shown to a bounded height, and one that asks questions is answered", () => {
    expect(sizeOf(pageOf(wide.get("/endless.html")).screenshot)).toEqual([1280, 6000]);
    expect(pageOf(wide.get("/ask.html")).title).toBe("ask");
  });

  it("an error page, another host and a server that is not there are unseen, with the cause", () => {
    expect(wide.get("/missing.html")).toEqual({ kind: "unseen", url: `${origin}/missing.html`, cause: "status 404" });
    expect(wide.get("/away.html")).toMatchObject({ kind: "unseen", cause: expect.stringContaining("another host, localhost") });
    expect(wide.get("dead")).toMatchObject({ kind: "unseen", cause: expect.stringContaining("ERR_CONNECTION_REFUSED") });
  });

  it("an interruption ends the browser and is not taken for a page that cannot be shown", async () => {
    const command = new AbortController();
    const looking = openChromium(search).look(
      Array.from({ length: 40 }, () => `${origin}/calm.html`),
      1280,
      { signal: command.signal },
    );
    setTimeout(() => command.abort(), 1500);
    await expect(looking).rejects.toMatchObject({ code: "interrupted" });
  });
});

/** An address at which nobody listens any more. */
async function deadUrl(): Promise<string> {
  const dead = createServer();
  dead.listen(0, "127.0.0.1");
  await once(dead, "listening");
  const url = `http://127.0.0.1:${portOf(dead)}/`;
  dead.close();
  await once(dead, "close");
  return url;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address === "object" && address !== null) return address.port;
  throw new Error("the server has no port");
}

describe("finding a browser", () => {
  it("takes the one that BELAY_BROWSER names, and no other in its place", async () => {
    const folder = await mkdtemp(join(tmpdir(), "belay-browser-"));
    const program = join(folder, "chrome");
    await writeFile(program, "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    expect(await named(program)).toBe(program);
    for (const wrong of [join(folder, "missing"), folder, "chromium"]) {
      await expect(named(wrong)).rejects.toMatchObject({ code: "browser-missing", remedy: expect.stringContaining("BELAY_BROWSER") });
    }
    const broken = openChromium({ env: { BELAY_BROWSER: program }, platform: "linux" });
    await expect(broken.look(["http://127.0.0.1:9/"], 1280, { signal })).rejects.toMatchObject({
      code: "browser-missing",
      message: expect.stringContaining("does not start"),
    });
    await rm(folder, { recursive: true });
  });

  it("searches PATH by name, and says that none is downloaded where there is none", async () => {
    const folder = await mkdtemp(join(tmpdir(), "belay-browser-"));
    const nowhere = { env: { PATH: `${folder}:relative/folder` }, platform: "test" };
    await expect(findBrowser(nowhere)).rejects.toMatchObject({
      code: "browser-missing",
      message: expect.stringContaining("never downloads"),
    });
    await writeFile(join(folder, "chromium"), "", { mode: 0o755 });
    expect(await findBrowser(nowhere)).toBe(join(folder, "chromium"));
    await rm(folder, { recursive: true });
  });

  it("says what a driver says in one line", () => {
    expect(causeOf(new Error("page.goto: net::ERR_NAME_NOT_RESOLVED at https://x.example/\nCall log:\n"))).toBe(
      "ERR_NAME_NOT_RESOLVED at https://x.example/",
    );
  });
});
