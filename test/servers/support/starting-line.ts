/** A proxy on the loopback address that lets racing writes go at the same moment, whenever their processes came to be. */

import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** Nobody else is expected once nobody has come for so long. */
const quietMs = 1500;

export interface StartingLine {
  /** To be used instead of the server's own. Requests go on as they came, so that their signatures hold. */
  readonly endpoint: string;
  /** How many writes were let go together, start by start. */
  readonly starts: readonly number[];
  readonly close: () => Promise<void>;
}

/**
 * Stands in front of a server and holds back every write to `path` (`/bucket/key`) that is conditional on an ETag, until no
 * further one has come for 1,500 ms: then all are sent on at once.
 */
export async function openStartingLine(endpoint: string, path: string): Promise<StartingLine> {
  const starts: number[] = [];
  const waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    const held = waiting.splice(0);
    starts.push(held.length);
    for (const go of held) go();
  };
  const turn = async (): Promise<void> =>
    await new Promise((resolve) => {
      waiting.push(resolve);
      clearTimeout(timer);
      timer = setTimeout(start, quietMs);
    });
  const server = createServer((incoming, outgoing) => {
    const isHeld = incoming.method === "PUT" && incoming.url?.split("?")[0] === path && incoming.headers["if-match"] !== undefined;
    void pass(endpoint, { incoming, outgoing, turn: isHeld ? turn : undefined }).catch((error: unknown) => {
      outgoing.destroy(error instanceof Error ? error : undefined);
    });
  });
  const port = await listen(server);
  return { endpoint: `http://127.0.0.1:${port}`, starts, close: async () => await end(server) };
}

interface Passing {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly turn: (() => Promise<void>) | undefined;
}

async function pass(endpoint: string, { incoming, outgoing, turn }: Passing): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) if (chunk instanceof Uint8Array) chunks.push(chunk);
  await turn?.();
  const { method, url = "/", headers } = incoming;
  const { hostname, port } = new URL(endpoint);
  await new Promise<void>((resolve, reject) => {
    const onward = request({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.on("error", reject);
      outgoing.on("close", resolve);
    });
    onward.on("error", reject);
    onward.end(Buffer.concat(chunks));
  });
}

const listen = async (server: Server): Promise<number> =>
  await new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address === "object" && address) resolve(address.port);
    });
  });

const end = async (server: Server): Promise<void> =>
  await new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
