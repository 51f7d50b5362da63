/** GetObject and HeadObject. */

import type { Bucket, Version } from "./bucket.ts";
import { byteRangeOf, type ByteRange } from "./byte-range.ts";
import { bucketOf, versionHeader, type Call, type Operation } from "./cloud.ts";
import { failedReadCondition, isSameEtag, noSuchKey, preconditionFailed } from "./conditions.ts";
import { checksumHeaders, checksumOfVersion, describeObject, httpDate } from "./object-headers.ts";
import { S3Error } from "./s3-error.ts";

/** A version by its id, delete markers included. Throws where there is none, and where the id has no shape that S3 gives out. */
export function versionNamed(bucket: Bucket, key: string, id: string): Version {
  if (!/^(?:null|[A-Za-z0-9._-]{32})$/u.test(id)) {
    throw new S3Error("InvalidArgument", "Invalid version id specified", { details: { ArgumentName: "versionId", ArgumentValue: id } });
  }
  const version = bucket.versionsOf(key).find((one) => one.id === id);
  if (version) return version;
  throw new S3Error("NoSuchVersion", "The specified version does not exist.", { details: { Key: key, VersionId: id } });
}

/** The version that a read asks for. Throws 404 where there is none or a delete marker is in the way, 405 for a marker asked for by id. */
export function versionToRead(bucket: Bucket, key: string, id: string | null | undefined): Version {
  const version = id === null || id === undefined ? bucket.newest(key) : versionNamed(bucket, key, id);
  if (!version) throw noSuchKey(key);
  if (!version.isMarker) return version;
  const headers = { "x-amz-delete-marker": "true", ...versionHeader(bucket, version.id) };
  if (id === null || id === undefined) throw noSuchKey(key, headers);
  throw new S3Error("MethodNotAllowed", "The specified method is not allowed against this resource.", {
    headers: { ...headers, allow: "DELETE", "last-modified": httpDate(version.modifiedAtMs) },
    details: { ResourceType: "DeleteMarker" },
  });
}

function overrides(call: Call): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of call.request.query) if (name.startsWith("response-")) headers[name.slice("response-".length)] = value;
  return headers;
}

/** The part that is asked for; `undefined` for all of it. Throws 416 for bytes beyond the end. */
function askedRange(version: Version, headers: Readonly<Record<string, string>>): ByteRange | undefined {
  const ifRange = headers["if-range"];
  if (ifRange !== undefined && !isSameEtag(ifRange, version.etag)) return undefined;
  const range = byteRangeOf(headers["range"], version.sizeBytes);
  if (range !== "unsatisfiable") return range;
  throw new S3Error("InvalidRange", "The requested range is not satisfiable", {
    details: { RangeRequested: headers["range"] ?? "", ActualObjectSize: String(version.sizeBytes) },
    headers: { "content-range": `bytes */${version.sizeBytes}` },
  });
}

/** GET and HEAD: the same answer, whose body HEAD leaves out. */
export const readObject: Operation = (cloud, call) => {
  const bucket = bucketOf(cloud, call.bucket);
  const { headers, query } = call.request;
  const version = versionToRead(bucket, call.key, query.get("versionId"));
  const described = describeObject(bucket, version);
  const failed = failedReadCondition(version, headers);
  if (failed === "precondition-failed") throw preconditionFailed(headers["if-match"] === undefined ? "If-Unmodified-Since" : "If-Match");
  if (failed === "not-modified") {
    const { "content-type": _type, ...rest } = described;
    return { status: 304, headers: rest };
  }
  const range = askedRange(version, headers);
  // A checksum covers the whole object, so part of it comes without one.
  const isAsked = headers["x-amz-checksum-mode"]?.toUpperCase() === "ENABLED" && !range;
  const all = { ...described, ...(isAsked ? checksumHeaders(checksumOfVersion(version)) : {}), ...overrides(call) };
  const { first, last } = range ?? { first: 0, last: version.sizeBytes - 1 };
  const answer = {
    status: range ? 206 : 200,
    headers: {
      ...all,
      "content-length": String(last + 1 - first),
      ...(range ? { "content-range": `bytes ${first}-${last}/${version.sizeBytes}` } : {}),
    },
  };
  if (call.request.method === "HEAD") return answer;
  const bytes = version.blob.read();
  return { ...answer, body: range ? bytes.subarray(first, last + 1) : bytes };
};
