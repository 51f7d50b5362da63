/** What one visitor gets of a cached response: all of it, a part, or the word that theirs is still good. */

import type { SandboxRequest, SandboxResponse } from "../wire.ts";

/** A response as an edge holds it. */
export interface CachedResponse {
  readonly status: number;
  /** Lower-case names; without `content-length`, which belongs to a reply. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** Bytes `start` up to and including `end`. */
interface Span {
  readonly start: number;
  readonly end: number;
}

const opaque = (etag: string): string => etag.trim().replace(/^W\//u, "");

/** RFC 9110, section 13: an entity tag decides alone where one is given, a date only where none is. */
function isStillGood(headers: SandboxRequest["headers"], cached: CachedResponse): boolean {
  const tags = headers["if-none-match"];
  const { etag, "last-modified": lastModified } = cached.headers;
  if (tags !== undefined) return tags.trim() === "*" || (etag !== undefined && tags.split(",").map(opaque).includes(opaque(etag)));
  const since = Date.parse(headers["if-modified-since"] ?? "");
  const modified = Date.parse(lastModified ?? "");
  return modified <= since;
}

/** The part that one `bytes=` range names; `unsatisfiable` where it lies outside, `undefined` where there is no such range. */
function spanOf(range: string | undefined, sizeBytes: number): Span | "unsatisfiable" | undefined {
  const suffix = /^bytes=-(\d+)$/u.exec(range ?? "")?.[1];
  if (suffix !== undefined) {
    const length = Math.min(Number(suffix), sizeBytes);
    return length === 0 ? "unsatisfiable" : { start: sizeBytes - length, end: sizeBytes - 1 };
  }
  const [, from, to = ""] = /^bytes=(\d+)-(\d*)$/u.exec(range ?? "") ?? [];
  if (from === undefined) return undefined;
  const start = Number(from);
  const end = to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (start >= sizeBytes) return "unsatisfiable";
  return end < start ? undefined : { start, end };
}

function partOf(request: SandboxRequest, cached: CachedResponse): Span | "unsatisfiable" | undefined {
  const condition = request.headers["if-range"];
  // A visitor whose first half is of another version gets the whole.
  if (condition !== undefined && condition !== cached.headers["etag"] && condition !== cached.headers["last-modified"]) return undefined;
  return spanOf(request.headers["range"], cached.bytes.byteLength);
}

/** The reply to a GET or HEAD, before the edge adds its own headers. The content's headers, its encoding too, pass as they are. */
export function visitorAnswer(request: SandboxRequest, cached: CachedResponse): SandboxResponse {
  const isHead = request.method === "HEAD";
  const whole = (headers: Readonly<Record<string, string>>, bytes: Uint8Array, status: number): SandboxResponse => ({
    status,
    headers: { ...headers, "content-length": String(bytes.byteLength) },
    ...(isHead ? {} : { body: bytes }),
  });
  if (cached.status !== 200) return whole(cached.headers, cached.bytes, cached.status);
  if (isStillGood(request.headers, cached)) {
    const kept = Object.entries(cached.headers).filter(([name]) => !name.startsWith("content-"));
    return { status: 304, headers: Object.fromEntries(kept) };
  }
  const headers = { ...cached.headers, "accept-ranges": "bytes" };
  const span = partOf(request, cached);
  const size = cached.bytes.byteLength;
  if (span === undefined) return whole(headers, cached.bytes, 200);
  if (span === "unsatisfiable") return { status: 416, headers: { "content-range": `bytes */${size}`, "content-length": "0" } };
  const part = cached.bytes.subarray(span.start, span.end + 1);
  return whole({ ...headers, "content-range": `bytes ${span.start}-${span.end}/${size}` }, part, 206);
}
