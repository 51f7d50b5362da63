import { type Agent, type ClientRequest, type IncomingMessage, request as plainRequest } from "node:http";
import { type Agent as SecureAgent, request as secureRequest } from "node:https";
import type { SecureContext } from "node:tls";
import { connectionCause } from "./connection-cause.ts";
import { bodyChunks, discardBody } from "./http-body.ts";
import { type Sending, sendBody } from "./send-body.ts";
import type { SendLimit } from "./send-limit.ts";
import { type WireAnswer, type WireBody, WireFailure } from "./wire.ts";

/** A request as it goes onto the line. */
export interface HttpRequest {
  readonly method: string;
  /** With its query, sent as it is. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: WireBody;
}

export interface HttpLine {
  readonly url: URL;
  /** `false` opens a connection for this exchange alone. */
  readonly agent: Agent | SecureAgent | false;
  /** Instead of node's own certificate authorities. */
  readonly secureContext?: SecureContext;
  /** Ends the exchange up to the answer's headers. */
  readonly limit: SendLimit;
  /** Ends the answer's body. */
  readonly signal: AbortSignal;
  /** How long the answer's body may pause, in milliseconds. */
  readonly idleMs: number;
}

/** The connection ended without an answer. */
export class LostConnection extends WireFailure {
  /** The connection had served another exchange before: the server may have closed it while this one was on its way. */
  readonly wasReused: boolean;

  constructor(error: unknown, isSent: boolean, wasReused: boolean) {
    super(connectionCause(error), isSent, { cause: error });
    this.wasReused = wasReused;
  }
}

/** One exchange over node's http client. Throws `WireFailure`, the signal's reason, or what the body's source throws. */
export async function httpExchange(request: HttpRequest, line: HttpLine): Promise<WireAnswer> {
  const { method, path, headers, body } = request;
  const { url, agent, secureContext, limit } = line;
  const isSecure = url.protocol === "https:";
  const hostname = url.hostname.replace(/^\[(.*)\]$/u, "$1");
  const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
  const options = { method, path, headers, agent, hostname, port, setHost: false };
  const sent = isSecure ? secureRequest({ ...options, ...(secureContext && { secureContext }) }) : plainRequest(options);
  const sending: Sending = { isWhole: false, isRefused: false };
  const isConnected = connectionOf(sent, isSecure);
  const isSent = (): boolean => sending.isWhole && isConnected();
  const answered = answerOf(sent, body, sending).catch((error: unknown) => {
    if (!(error instanceof ConnectionError)) throw error;
    throw new LostConnection(error.cause, isSent(), sent.reusedSocket);
  });
  const stop = (): void => {
    sent.destroy();
  };
  const response = await limit.during(answered, stop, isSent);
  if (!sending.isWhole && (response.statusCode ?? 0) < 300) {
    response.destroy();
    throw new WireFailure("an answer came before the request had been sent whole", true);
  }
  return wireAnswer(response, line);
}

/** Tells what the connection did from what the body's source did. */
class ConnectionError extends Error {}

async function answerOf(sent: ClientRequest, body: WireBody | undefined, sending: Sending): Promise<IncomingMessage> {
  return await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once("response", (response) => {
      // What comes before the request's end is a refusal; the rest of the request would be read by nobody.
      sending.isRefused = !sending.isWhole;
      response.on("error", () => {});
      response.once("close", () => {
        if (!sending.isWhole) sent.destroy();
      });
      if (bodySizeOf(response) !== 0) return resolve(response);
      // Once an empty body has been taken note of, the connection is free for whoever comes next.
      response.once("close", () => resolve(response));
      response.resume();
    });
    // This listener stays: errors after the response has begun are reported by its own stream.
    sent.on("error", (cause) => {
      reject(new ConnectionError(cause.message, { cause }));
    });
    sendBody(sent, body, sending).catch((error: unknown) => {
      reject(error);
      sent.destroy();
    });
  });
}

/** Whether the request has had a connection, over which bytes of it may have gone. */
function connectionOf(sent: ClientRequest, isSecure: boolean): () => boolean {
  let isConnected = false;
  sent.once("socket", (socket) => {
    if (!socket.connecting) isConnected = true;
    else
      socket.once(isSecure ? "secureConnect" : "connect", () => {
        isConnected = true;
      });
  });
  return () => isConnected;
}

/** What the body has by its headers; `undefined` where they do not tell. */
function bodySizeOf({ statusCode = 0, headers, req }: IncomingMessage & { readonly req?: ClientRequest }): number | undefined {
  if (req?.method === "HEAD" || statusCode === 204 || statusCode === 304) return 0;
  const length = headers["content-length"];
  return length === undefined ? undefined : Number(length);
}

function wireAnswer(response: IncomingMessage, line: HttpLine): WireAnswer {
  const status = response.statusCode ?? 0;
  const headers = joined(response.rawHeaders);
  const sizeBytes = bodySizeOf(response);
  if (sizeBytes === 0) return { status, headers, body: nothing(), discard() {} };
  const body = bodyChunks(response, sizeBytes, line);
  return {
    status,
    headers,
    body,
    discard: () => {
      discardBody(response);
    },
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function joined(rawHeaders: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    const value = rawHeaders[at + 1] ?? "";
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}
