import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetchPage } from "./fetch-page.ts";
import type { StaticServer } from "./static-server.ts";
import { serveFolder } from "./static-server.ts";

let ground = "";
let server: StaticServer | undefined;
beforeAll(async () => {
  ground = await realpath(await mkdtemp(join(tmpdir(), "static-server-")));
  await mkdir(join(ground, "site", "süb"), { recursive: true });
  await writeFile(join(ground, "secret.txt"), "secret");
  await writeFile(join(ground, "site", "index.html"), "front");
  await writeFile(join(ground, "site", "süb", "a b.svg"), "<svg/>");
  server = await serveFolder(join(ground, "site"));
});
afterAll(async () => {
  await server?.close();
  await rm(ground, { recursive: true, force: true });
});

interface Reply {
  readonly status: number | undefined;
  readonly type: string | undefined;
}

/** Sends the path exactly as given: `fetch` would tidy it first. */
function ask(path: string, options: { readonly host?: string; readonly method?: string } = {}): Promise<Reply> {
  const { port, host } = new URL(server?.url ?? "");
  return new Promise((resolve, reject) => {
    request({ port, path, method: options.method ?? "GET", headers: { host: options.host ?? host } }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, type: response.headers["content-type"] });
    })
      .once("error", reject)
      .end();
  });
}

describe("serveFolder", () => {
  test("serves files by their encoded names and the index page of a folder", async () => {
    expect((await fetchPage(`${server?.url}/`)).toString()).toBe("front");
    expect(await ask("/s%C3%BCb/a%20b.svg")).toEqual({ status: 200, type: "image/svg+xml" });
  });

  test.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%00",
    "/%zz",
    "/none",
    "/süb".normalize("NFD").replace("̈", "%CC%88"),
  ])("%s is not found", async (path) => {
    expect((await ask(path)).status).toBe(404);
  });

  test("answers neither writes nor requests under another host's name", async () => {
    expect((await ask("/", { method: "PUT" })).status).toBe(405);
    expect((await ask("/", { host: "pages.example:80" })).status).toBe(421);
  });

  test("a page that is missing fails the demo with its address", async () => {
    await expect(fetchPage(`${server?.url}/none`)).rejects.toThrow("/none answers 200, and not 404");
  });
});
