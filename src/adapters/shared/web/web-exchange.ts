/** One request to a web server and its whole answer, for adapters that speak HTTP without the AWS way. */

import { request as plainRequest, type IncomingMessage } from "node:http";
import { request as secureRequest } from "node:https";
import { connectionCause, isTlsProblem } from "../aws/connection-cause.ts";

export interface WebRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
  /** For the request and its redirects; 30 seconds unless given. */
  readonly timeoutMs?: number;
  /** A larger answer is a failure; 32 MiB unless given. */
  readonly bodyBytesMax?: number;
  /** How many redirects on the same host are followed; none unless given. */
  readonly redirectsMax?: number;
}

export interface WebAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

/** No whole answer came. The message is a clause without a full stop. */
export class WebFailure extends Error {
  override readonly name = "WebFailure";
  /** False only where the server cannot have seen the request. */
  readonly isSent: boolean;
  /** The same request would fail in the same way. */
  readonly isFinal: boolean;

  constructor(message: string, options: { readonly isSent: boolean; readonly isFinal: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.isSent = options.isSent;
    this.isFinal = options.isFinal;
  }
}

const timeoutMsDefault = 30_000;
const bodyBytesMaxDefault = 32 * 1024 * 1024;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const unsent = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"]);

/**
 * Sends a request and reads its answer to the end. Throws `WebFailure`, or the signal's own reason. Redirects never lead to another
 * host, nor from https to http: the request carries credentials.
 */
export async function webExchange(request: WebRequest): Promise<WebAnswer> {
  const { timeoutMs = timeoutMsDefault, signal } = request;
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const bounded = { ...request, signal: AbortSignal.any([signal, timeout]) };
  try {
    return await followed(bounded);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof WebFailure) throw error;
    const cause = timeout.aborted ? `no whole answer came within ${timeoutMs / 1000} seconds` : connectionCause(error);
    const isUnsent = isTlsProblem(error) || (error instanceof Error && "code" in error && unsent.has(String(error.code)));
    throw new WebFailure(cause, { isSent: !isUnsent, isFinal: isTlsProblem(error), cause: error });
  }
}

async function followed(request: WebRequest): Promise<WebAnswer> {
  const { redirectsMax = 0, bodyBytesMax = bodyBytesMaxDefault } = request;
  let { url } = request;
  for (let redirects = 0; ; redirects += 1) {
    const response = await send({ ...request, url });
    const next = redirectsMax > 0 ? redirectOf(response, url) : undefined;
    if (!next) return { status: response.statusCode ?? 0, headers: headersOf(response), body: await bodyOf(response, bodyBytesMax), url };
    response.destroy();
    if (redirects >= redirectsMax) throw final(`it redirects more than ${redirectsMax} times`);
    url = next;
  }
}

const final = (message: string): WebFailure => new WebFailure(message, { isSent: true, isFinal: true });

async function send({ method, url, headers, body, signal }: WebRequest): Promise<IncomingMessage> {
  const open = url.protocol === "https:" ? secureRequest : plainRequest;
  const length = body ? { "content-length": String(body.byteLength) } : {};
  return await new Promise<IncomingMessage>((resolve, reject) => {
    const all = { "accept-encoding": "identity", "user-agent": "belay", ...headers, ...length };
    const sent = open(url, { method, headers: all, signal }, resolve);
    // After the answer has begun, its own stream reports what goes wrong; this listener keeps the rest from crashing.
    sent.on("error", reject);
    sent.end(body);
  });
}

function redirectOf({ statusCode = 0, headers: { location } }: IncomingMessage, from: URL): URL | undefined {
  if (!redirectStatuses.has(statusCode) || location === undefined) return undefined;
  if (!URL.canParse(location, from.href)) throw final("it redirects to something that is no address");
  const to = new URL(location, from);
  if (to.host !== from.host) throw final(`it redirects to another host, ${to.host}`);
  if (to.protocol !== from.protocol && to.protocol !== "https:") throw final("it redirects to an address without encryption");
  return to;
}

async function bodyOf(response: IncomingMessage, bodyBytesMax: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const parts: AsyncIterable<Buffer> = response;
  for await (const chunk of parts) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > bodyBytesMax) throw final(`its answer is larger than ${Math.floor(bodyBytesMax / 1024 / 1024)} MiB`);
    chunks.push(chunk);
  }
  // A body that is cut off ends without an error where it had no length.
  if (!response.complete) throw new WebFailure("its answer broke off", { isSent: true, isFinal: false });
  return Buffer.concat(chunks);
}

function headersOf(response: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

/** Whether a host name is this machine. */
export const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/u.test(hostname);
