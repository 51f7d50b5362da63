/** What is asked of a sandbox in this process, once it is answered: seen from beside, through node's own diagnostics. */

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { IncomingMessage, ServerResponse } from "node:http";

/** One request and how it ended. Texts are as the client wrote them. */
export interface Exchange {
  readonly method: string;
  /** The distribution whose edge was asked; absent where it was the endpoint. */
  readonly distribution?: string;
  /** Percent-encoded, with the query. */
  readonly path: string;
  /** Absent where the connection was cut before an answer. */
  readonly status?: number;
  /** False where the connection was cut before the answer's end. */
  readonly isWhole: boolean;
  /** `If-Match "…"`, as far as the request had any. */
  readonly conditions: readonly string[];
}

/** Node's documentation, "Diagnostics Channel", HTTP: published for every request of every server in this process. */
const channel = "http.server.request.start";

export interface Watched {
  readonly endpoint: string;
  /** The edges' addresses by distribution. */
  readonly edges: ReadonlyMap<string, { readonly url: string }>;
}

/** Tells of each exchange with these servers when it has ended, until the returned function is called. The control door is left out. */
export function watchTraffic({ endpoint, edges }: Watched, tell: (exchange: Exchange) => void): () => void {
  const endpointPort = portOf(endpoint);
  const onStart = (message: unknown): void => {
    const exchange = exchangeIn(message);
    if (!exchange) return;
    const { request, response } = exchange;
    const port = request.socket.localPort;
    const edge = [...edges].find(([, { url }]) => portOf(url) === port)?.[0];
    if ((port !== endpointPort && edge === undefined) || /^\/_sandbox(?:[/?]|$)/u.test(request.url ?? "")) return;
    response.once("close", () => tell(ended(request, response, edge)));
  };
  subscribe(channel, onStart);
  return () => unsubscribe(channel, onStart);
}

const portOf = (url: string): number => Number(new URL(url).port);

function exchangeIn(message: unknown): { readonly request: IncomingMessage; readonly response: ServerResponse } | undefined {
  if (typeof message !== "object" || message === null || !("request" in message) || !("response" in message)) return undefined;
  const { request, response } = message;
  return request instanceof IncomingMessage && response instanceof ServerResponse ? { request, response } : undefined;
}

function ended(request: IncomingMessage, response: ServerResponse, edge: string | undefined): Exchange {
  const { headers, method = "GET", url = "/" } = request;
  const conditions = [
    ...(headers["if-match"] === undefined ? [] : [`If-Match ${headers["if-match"]}`]),
    ...(headers["if-none-match"] === undefined ? [] : [`If-None-Match ${headers["if-none-match"]}`]),
  ];
  return {
    method,
    path: url,
    conditions,
    isWhole: response.writableFinished,
    ...(edge === undefined ? {} : { distribution: edge }),
    ...(response.headersSent ? { status: response.statusCode } : {}),
  };
}
