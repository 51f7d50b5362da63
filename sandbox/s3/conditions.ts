/** If-Match and its relatives, as S3 documents them for each operation. */

import type { Version } from "./bucket.ts";
import { S3Error } from "./s3-error.ts";

type Headers = Readonly<Record<string, string>>;

/** ETags are compared with or without their quotes. */
export function isSameEtag(given: string, etag: string): boolean {
  return given.trim().replaceAll('"', "") === etag.replaceAll('"', "");
}

function anyMatches(list: string, etag: string): boolean {
  return list.split(",").some((one) => one.trim() === "*" || isSameEtag(one.replace(/^\s*W\//u, ""), etag));
}

export function preconditionFailed(condition: string): S3Error {
  return new S3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    details: { Condition: condition },
  });
}

export function noSuchKey(key: string, headers: Headers = {}): S3Error {
  return new S3Error("NoSuchKey", "The specified key does not exist.", { details: { Key: key }, headers });
}

function notImplemented(header: string): S3Error {
  return new S3Error("NotImplemented", "A header you provided implies functionality that is not implemented", {
    details: { Header: header },
  });
}

/**
 * The conditions of PutObject, CopyObject (on what it overwrites) and CompleteMultipartUpload: `If-None-Match` takes only `*`,
 * `If-Match` only an ETag, and not both at once. A delete marker counts as absence.
 */
export function checkWrite(current: Version | undefined, key: string, headers: Headers): void {
  const match = headers["if-match"];
  const noneMatch = headers["if-none-match"];
  if (noneMatch !== undefined) {
    if (noneMatch.trim() !== "*" || match !== undefined) throw notImplemented("If-None-Match");
    if (current) throw preconditionFailed("If-None-Match");
  }
  if (match === undefined) return;
  if (match.trim() === "*") throw notImplemented("If-Match");
  if (!current) throw noSuchKey(key);
  if (!isSameEtag(match, current.etag)) throw preconditionFailed("If-Match");
}

/** The condition of DeleteObject, or of one key of DeleteObjects: an ETag, or `*` for whatever there is. */
export function checkDelete(current: Version | undefined, key: string, match: string | undefined): void {
  if (match === undefined) return;
  if (!current) throw noSuchKey(key);
  if (match.trim() !== "*" && !isSameEtag(match, current.etag)) throw preconditionFailed("If-Match");
}

/** Seconds since the epoch of an HTTP date; `undefined` for what is none. */
function secondsOf(date: string | undefined): number | undefined {
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}

/** Conditions of a read under their own names, or under `x-amz-copy-source-…`. An ETag outranks a date (RFC 9110, 13.2.2). */
export function failedReadCondition(version: Version, headers: Headers, prefix = ""): "precondition-failed" | "not-modified" | undefined {
  const header = (name: string): string | undefined => headers[`${prefix}${name}`];
  const modified = Math.floor(version.modifiedAtMs / 1000);
  const match = header("if-match");
  const unmodifiedSince = secondsOf(header("if-unmodified-since"));
  if (match !== undefined && !anyMatches(match, version.etag)) return "precondition-failed";
  if (match === undefined && unmodifiedSince !== undefined && modified > unmodifiedSince) return "precondition-failed";
  const noneMatch = header("if-none-match");
  const modifiedSince = secondsOf(header("if-modified-since"));
  if (noneMatch !== undefined) return anyMatches(noneMatch, version.etag) ? "not-modified" : undefined;
  return modifiedSince !== undefined && modified <= modifiedSince ? "not-modified" : undefined;
}
