import { createHash } from "node:crypto";
import { request as plainRequest, type IncomingMessage } from "node:http";
import { request as secureRequest } from "node:https";
import { BelayError } from "../../core/belay-error.ts";
import { asDigest, type Digest } from "../../core/brand.ts";
import type { LookOptions, Probe, Sight } from "../../ports/probe.ts";
import { cacheStatus } from "./cache-status.ts";
import { decodedBody } from "./decoded-body.ts";
import { causeOf, plainText } from "./plain-cause.ts";

export interface ProbeSetup {
  /** For one look, its redirects included. */
  readonly timeoutMs?: number;
  readonly bodyBytesMax?: number;
}

const defaultTimeoutMs = 30_000;
const defaultBodyBytesMax = 100 * 1024 * 1024;
const redirectsMax = 5;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

// No compression is asked for: the digest is that of the bytes as the store holds them.
const requestHeaders = { accept: "*/*", "accept-encoding": "identity", "user-agent": "belay" };

/** Why nothing was learned, in plain words, of an address that would answer the same again. */
class Unreachable extends Error {}

/**
 * Sees what a visitor gets. Redirects are followed on the same host only, at most five.
 *
 * It speaks through node's own client rather than `fetch`, which undoes a Content-Encoding without being asked: the
 * digest of a page that is stored compressed would then never be that of its stored bytes.
 */
export function openProbe({ timeoutMs = defaultTimeoutMs, bodyBytesMax = defaultBodyBytesMax }: ProbeSetup = {}): Probe {
  return { look: async (url, options) => await look(url, { timeoutMs, bodyBytesMax }, options) };
}

async function look(address: string, limits: Required<ProbeSetup>, options: LookOptions): Promise<Sight> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  try {
    return await seen(address, limits.bodyBytesMax, { ...options, signal: AbortSignal.any([options.signal, timeout]) });
  } catch (error) {
    if (options.signal.aborted)
      throw new BelayError("interrupted", "Looking at the site was interrupted.", "Run the same command again.", { cause: error });
    if (error instanceof Unreachable) return { kind: "unreachable", cause: error.message, isFinal: true };
    if (timeout.aborted) return { kind: "unreachable", cause: `no full answer came within ${limits.timeoutMs / 1000} seconds` };
    return { kind: "unreachable", cause: causeOf(error) };
  }
}

async function seen(address: string, bodyBytesMax: number, options: LookOptions): Promise<Sight> {
  let url = addressOf(address);
  for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
    const response = await ask(url, options);
    const next = redirectOf(response, url);
    if (!next) return await sightOf(response, bodyBytesMax, options);
    response.destroy();
    url = next;
  }
  throw new Unreachable(`it redirects more than ${redirectsMax} times`);
}

async function sightOf(response: IncomingMessage, bodyBytesMax: number, { keepBytesMax, isHeadOnly }: LookOptions): Promise<Sight> {
  const headers = headersOf(response);
  const cache = cacheStatus(headers);
  const status = response.statusCode ?? 0;
  if (isHeadOnly) response.destroy();
  const { digest, bytes } = isHeadOnly ? nothing : await readBody(response, bodyBytesMax, keepBytesMax ?? 0);
  const body = keepBytesMax === undefined ? undefined : bytes && decodedBody(bytes, headers["content-encoding"], keepBytesMax);
  return { kind: "seen", status, digest, headers, ...(cache && { cache }), ...(body && { body }) };
}

/** Not every server knows HEAD (RFC 9110, section 15.5.6): those are asked for the page, and its body is not read. */
async function ask(url: URL, { isHeadOnly, signal }: LookOptions): Promise<IncomingMessage> {
  if (!isHeadOnly) return await send("GET", url, signal);
  const response = await send("HEAD", url, signal);
  if (response.statusCode !== 405 && response.statusCode !== 501) return response;
  response.destroy();
  return await send("GET", url, signal);
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") throw new Unreachable(`${plainText(text)} is not an http or https address`);
  return url;
}

async function send(method: "GET" | "HEAD", url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === "https:" ? secureRequest : plainRequest;
  return await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(url, { method, headers: requestHeaders, signal }, resolve);
    // After the response has begun, its own stream reports what goes wrong; this listener keeps the rest from crashing.
    sent.on("error", reject);
    sent.end();
  });
}

/** Where the response sends visitors; `undefined` where it is the answer itself. */
function redirectOf({ statusCode = 0, headers }: IncomingMessage, from: URL): URL | undefined {
  const { location } = headers;
  if (!redirectStatuses.has(statusCode) || location === undefined) return undefined;
  if (!URL.canParse(location, from.href)) throw new Unreachable("it redirects to something that is no address");
  const to = new URL(location, from);
  if (to.host !== from.host) throw new Unreachable(`it redirects to another host, ${plainText(to.host)}`);
  if (from.protocol === "https:" && to.protocol !== "https:")
    throw new Unreachable("it redirects from https to an address without encryption");
  return addressOf(to.href);
}

interface ReadBody {
  readonly digest: Digest;
  /** Absent where there are more than were to be kept. */
  readonly bytes?: Uint8Array;
}

const nothing: ReadBody = { digest: asDigest(createHash("sha256").digest("hex")) };

async function readBody(response: IncomingMessage, bodyBytesMax: number, keepBytesMax: number): Promise<ReadBody> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const kept: Buffer[] = [];
  const chunks: AsyncIterable<Buffer> = response;
  for await (const chunk of chunks) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > bodyBytesMax) throw new Unreachable(`it is larger than ${Math.floor(bodyBytesMax / 1024 / 1024)} MiB`);
    hash.update(chunk);
    if (sizeBytes <= keepBytesMax) kept.push(chunk);
    else kept.length = 0;
  }
  const digest = asDigest(hash.digest("hex"));
  return sizeBytes <= keepBytesMax ? { digest, bytes: Buffer.concat(kept) } : { digest };
}

function headersOf(response: IncomingMessage): Record<string, string> {
  const headers: [string, string][] = [];
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers.push([plainText(name), plainText(Array.isArray(value) ? value.join(", ") : value)]);
  }
  return Object.fromEntries(headers);
}
