import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { keyProblem } from "../../core/paths/key.ts";

/** A folder as visitors see it, for as long as the demo runs. */
export interface StaticServer {
  /** Without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  htm: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  ico: "image/x-icon",
  woff2: "font/woff2",
  txt: "text/plain; charset=utf-8",
};

/** Serves a folder on a free port of 127.0.0.1, to this machine only. */
export async function serveFolder(root: string): Promise<StaticServer> {
  const server = createServer((request, response) => {
    answer(root, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("The demo's web server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const fail = (status: number): void => void response.writeHead(status, { "content-type": "text/plain" }).end(`${status}\n`);
  // A page elsewhere that points its own name at 127.0.0.1 must not read these files.
  if (!/^(127\.0\.0\.1|localhost):\d+$/u.test(request.headers.host ?? "")) return fail(421);
  if (request.method !== "GET" && request.method !== "HEAD") return fail(405);
  const key = keyOf(request.url ?? "/");
  const size = key === undefined ? undefined : await fileSize(join(root, key));
  if (key === undefined || size === undefined) return fail(404);
  const extension = key.slice(key.lastIndexOf(".") + 1).toLowerCase();
  response.writeHead(200, {
    "content-type": types[extension] ?? "application/octet-stream",
    "content-length": size,
    "cache-control": "no-store",
  });
  if (request.method === "HEAD") return void response.end();
  const stream = createReadStream(join(root, key));
  stream.once("error", () => response.destroy());
  stream.pipe(response);
}

/** The key that a request asks for; `undefined` where no key can be meant, such as a path that climbs out. */
function keyOf(url: string): string | undefined {
  const [path = ""] = url.split(/[?#]/u, 1);
  try {
    const key = decodeURIComponent(path.slice(1));
    const file = key === "" || key.endsWith("/") ? `${key}index.html` : key;
    return keyProblem(file) === undefined ? file : undefined;
  } catch {
    return undefined;
  }
}

async function fileSize(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? found.size : undefined;
}
