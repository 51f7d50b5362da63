/** A caching edge in front of one bucket: it shows the old page until an invalidation takes effect, as visitors of CloudFront see it. */

import type { Distribution } from "../cloudfront/distribution.ts";
import { decodedPath } from "../cloudfront/invalidation-paths.ts";
import { randomId } from "../cloudfront/random-id.ts";
import { escaped } from "../cloudfront/xml.ts";
import type { Clock, SandboxHandler, SandboxRequest, SandboxResponse } from "../wire.ts";
import { errorFreshForMs, freshForMs } from "./freshness.ts";
import { visitorAnswer } from "./visitor-answer.ts";
import type { CachedResponse } from "./visitor-answer.ts";

/** Paths kept at once; the one that was asked for longest ago goes first. */
const entriesMax = 10_000;

/** A bucket's current object, as S3 would answer a GET. */
export interface OriginObject {
  readonly bytes: Uint8Array;
  /** Lower-case names: `content-type`, `etag`, `last-modified`, `x-amz-meta-…`; nothing that belongs to one reply, such as a length. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface EdgeOptions {
  readonly distribution: Distribution;
  /** The current object of a bucket; `undefined` where there is none. */
  readonly origin: (bucket: string, key: string) => Promise<OriginObject | undefined>;
  /** Whether an invalidation that covers the decoded path took effect since the instant, and by now. */
  readonly isPurged: (distributionId: string, decodedPath: string, sinceMs: number) => boolean;
  readonly clock: Clock;
  /** From 0 inclusive to 1 exclusive. */
  readonly random: () => number;
}

interface Entry extends CachedResponse {
  /** When the bucket was asked, not when it answered: what was purged in between is old. Milliseconds since the epoch. */
  readonly askedAtMs: number;
  readonly freshForMs: number;
}

type Source = "Hit" | "Miss" | "RefreshHit" | "Error";

function errorResponse(status: number, code: string, message: string): CachedResponse {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml", server: "AmazonS3" }, bytes: Buffer.from(xml) };
}

/** A reader that may not list the bucket cannot tell a missing key from a forbidden one. */
const missing = (status: 403 | 404): CachedResponse =>
  status === 403
    ? errorResponse(403, "AccessDenied", "Access Denied")
    : errorResponse(404, "NoSuchKey", "The specified key does not exist.");

const found = ({ bytes, headers }: OriginObject): CachedResponse => ({ status: 200, headers: { ...headers, server: "AmazonS3" }, bytes });

/** The key that a path shows; `undefined` where the path is no valid percent-encoding. */
function keyOf(path: string, { originPath, defaultRootObject, rewrite }: Distribution): string | undefined {
  try {
    const below = path === "/" ? `/${defaultRootObject}` : decodeURIComponent(rewrite(path));
    return `${originPath}${below}`.slice(1);
  } catch {
    return undefined;
  }
}

/** An edge with an empty cache. It holds no connection and no timer. */
export function openEdge(options: EdgeOptions): { readonly handle: SandboxHandler } {
  const { distribution, origin, isPurged, clock, random } = options;
  const entries = new Map<string, Entry>();

  const keep = (path: string, entry: Entry): void => {
    entries.delete(path);
    entries.set(path, entry);
    const [oldest] = entries.keys();
    if (entries.size > entriesMax && oldest !== undefined) entries.delete(oldest);
  };

  const ask = async (path: string): Promise<CachedResponse> => {
    const key = keyOf(path, distribution);
    if (key === undefined) return errorResponse(400, "InvalidURI", "Could not parse the specified URI.");
    const object = await origin(distribution.bucket, key);
    return object ? found(object) : missing(distribution.missingStatus);
  };

  /** A changed header alone does not show here: the bucket calls bytes unchanged by their ETag, and the old headers stay. */
  const refreshed = (kept: Entry | undefined, given: CachedResponse): kept is Entry =>
    kept !== undefined && given.status === 200 && kept.status === 200 && kept.headers["etag"] === given.headers["etag"];

  const look = async (path: string): Promise<{ readonly source: Source; readonly response: CachedResponse; readonly ageMs: number }> => {
    const nowMs = clock.now();
    const known = entries.get(path);
    const kept = known && !isPurged(distribution.id, decodedPath(path), known.askedAtMs) ? known : undefined;
    const sourceOf = (source: Source, response: CachedResponse): Source => (response.status < 400 ? source : "Error");
    if (kept && nowMs - kept.askedAtMs < kept.freshForMs) {
      keep(path, kept);
      return { source: sourceOf("Hit", kept), response: kept, ageMs: nowMs - kept.askedAtMs };
    }
    const given = await ask(path);
    const isRefresh = refreshed(kept, given);
    const response = isRefresh ? kept : given;
    const forMs = given.status === 200 ? freshForMs(given.headers, nowMs) : errorFreshForMs;
    if (forMs === undefined) entries.delete(path);
    else keep(path, { status: response.status, headers: response.headers, bytes: response.bytes, askedAtMs: nowMs, freshForMs: forMs });
    return { source: sourceOf(isRefresh ? "RefreshHit" : "Miss", response), response, ageMs: 0 };
  };

  const ownHeaders = (source: Source, ageMs: number): Readonly<Record<string, string>> => ({
    date: new Date(clock.now()).toUTCString(),
    "x-cache": `${source} from cloudfront`,
    via: `1.1 ${distribution.domainName} (CloudFront)`,
    "x-amz-cf-pop": "BOX50-P1",
    "x-amz-cf-id": randomId(56, random),
    ...(source === "Hit" ? { age: String(Math.floor(ageMs / 1000)) } : {}),
  });

  const handle = async (request: SandboxRequest): Promise<SandboxResponse> => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      const refusal = errorResponse(403, "MethodNotAllowed", "This distribution allows GET and HEAD only.");
      return { status: 403, headers: { ...refusal.headers, ...ownHeaders("Error", 0) }, body: refusal.bytes };
    }
    const { source, response, ageMs } = await look(request.path);
    const answer = visitorAnswer(request, response);
    return { ...answer, headers: { ...answer.headers, ...ownHeaders(source, ageMs) } };
  };
  return { handle };
}
