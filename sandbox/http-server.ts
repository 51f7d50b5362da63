/** Handlers behind a socket: HTTP/1.1 on the loopback address. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ConnectionReset } from "./faults.ts";
import type { SandboxHandler, SandboxRequest, SandboxResponse } from "./wire.ts";

export interface ListenOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** Told of each request before it is handled. */
  readonly onRequest?: (request: SandboxRequest) => void;
}

export interface Listening {
  readonly port: number;
  /** Ends every connection, also those at work. */
  close(): Promise<void>;
}

/** Longer than a client keeps a connection for reuse, or it would meet resets that nobody asked for. */
const keepAliveMs = 75_000;

/** Serves until closed. Rejects where the port is taken. What the handler throws is `ConnectionReset` or a bug, which is answered with 500. */
export async function listen(handler: SandboxHandler, { port, onRequest }: ListenOptions): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: keepAliveMs });
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse, isAwaited: boolean): void => {
    const request = requestOf(incoming, isAwaited ? outgoing : undefined);
    onRequest?.(request);
    void answer(handler, request, outgoing);
  };
  server.on("request", (incoming, outgoing) => serve(incoming, outgoing, false));
  // A client that waits for 100-continue is told to go on once somebody reads its body.
  server.on("checkContinue", (incoming, outgoing) => serve(incoming, outgoing, true));
  const bound = await start(server, port);
  return { port: bound, close: () => stop(server) };
}

function start(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address: AddressInfo | string | null = server.address();
      if (typeof address === "object" && address) resolve(address.port);
      else reject(new Error("the server has no port"));
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}

/** Header values are bytes; those that are UTF-8 are taken as such, as S3 does with metadata. */
function textOf(value: string): string {
  // oxlint-disable-next-line no-control-regex -- ASCII is what is looked for.
  if (/^[\u0000-\u007F]*$/u.test(value)) return value;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(value, "latin1"));
  } catch (error) {
    if (error instanceof TypeError) return value;
    throw error;
  }
}

function requestOf(incoming: IncomingMessage, awaited: ServerResponse | undefined): SandboxRequest {
  const url = incoming.url ?? "/";
  const mark = url.indexOf("?");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = textOf(typeof value === "string" ? value : value.join(", "));
  }
  return {
    method: incoming.method ?? "GET",
    path: mark === -1 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark === -1 ? "" : url.slice(mark + 1)),
    headers,
    body: async function* body() {
      awaited?.writeContinue();
      for await (const chunk of incoming) {
        const bytes: unknown = chunk;
        if (bytes instanceof Uint8Array) yield bytes;
      }
    },
  };
}

async function answer(handler: SandboxHandler, request: SandboxRequest, outgoing: ServerResponse): Promise<void> {
  try {
    await send(await handler(request), request, outgoing);
  } catch (error) {
    if (error instanceof ConnectionReset || outgoing.headersSent || outgoing.socket?.destroyed !== false) {
      outgoing.destroy();
      return;
    }
    const text = Buffer.from(error instanceof Error ? `${error.message}\n` : "the handler failed\n", "utf8");
    outgoing.writeHead(500, { "content-type": "text/plain; charset=utf-8", "content-length": text.byteLength, connection: "close" });
    outgoing.end(text);
  }
}

async function send(response: SandboxResponse, request: SandboxRequest, outgoing: ServerResponse): Promise<void> {
  const { status, body } = response;
  const headers: Record<string, string> = { ...response.headers };
  const isBodiless = request.method === "HEAD" || status === 204 || status === 304;
  if (!isBodiless && (body === undefined || body instanceof Uint8Array)) headers["content-length"] = String(body?.byteLength ?? 0);
  // A body that nobody read may still be on its way, and would be taken for the next request.
  if (!outgoing.req.complete && request.headers["expect"] !== undefined) headers["connection"] = "close";
  outgoing.writeHead(status, { server: "belay-sandbox", ...headers });
  if (isBodiless || body === undefined) {
    outgoing.end();
  } else if (body instanceof Uint8Array) {
    outgoing.end(body);
  } else {
    for await (const chunk of body()) await write(outgoing, chunk);
    outgoing.end();
  }
}

function write(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
