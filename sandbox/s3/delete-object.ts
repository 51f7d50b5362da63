/** DeleteObject and DeleteObjects. */

import type { Bucket, Version } from "./bucket.ts";
import type { Change } from "./change.ts";
import { bucketOf, versionHeader, xmlAnswer, type Call, type Cloud, type Operation } from "./cloud.ts";
import { checkDelete } from "./conditions.ts";
import { versionNamed } from "./read-object.ts";
import { S3Error } from "./s3-error.ts";
import { branch, childText, leaf, readXml, s3Document, type XmlElement } from "./xml.ts";

/** S3 API reference, DeleteObjects. */
const deletesMax = 1000;

interface Removal {
  readonly key: string;
  readonly versionId?: string;
  readonly match?: string;
}

interface Removed {
  /** A delete marker was made, or one was removed. */
  readonly isMarker: boolean;
  /** The version that is gone, or the marker that was made. */
  readonly id?: string;
}

/** Removes one version, or what a plain DELETE removes. Throws where its condition does not hold, and changes nothing then. */
function removeOne(cloud: Cloud, bucket: Bucket, removal: Removal, nowMs: number): Removed {
  const { key, versionId, match } = removal;
  if (versionId !== undefined) return removeVersion(cloud, bucket, { key, versionId, ...(match === undefined ? {} : { match }) });
  checkDelete(bucket.current(key), key, match);
  const before = bucket.newest(key);
  if (bucket.versioning === "never") {
    if (before) cloud.commit({ kind: "version-dropped", bucket: bucket.name, key, id: before.id });
    return { isMarker: false };
  }
  const marker = deleteMarker(
    key,
    bucket.nextId(() => cloud.draw()),
    nowMs,
  );
  cloud.commit({ kind: "version-added", bucket: bucket.name, version: marker });
  return { isMarker: true, id: marker.id };
}

function removeVersion(cloud: Cloud, bucket: Bucket, { key, versionId, match }: Removal & { readonly versionId: string }): Removed {
  const found = bucket.versionsOf(key).find(({ id }) => id === versionId);
  if (!found) {
    // Deleting a version that is gone succeeds; an id that S3 would not give out does not.
    checkDelete(undefined, key, match);
    if (versionId !== "null" && versionId.length !== 32) versionNamed(bucket, key, versionId);
    return { isMarker: false, id: versionId };
  }
  checkDelete(found.isMarker ? undefined : found, key, match);
  const change: Change = { kind: "version-dropped", bucket: bucket.name, key, id: versionId };
  cloud.commit(change);
  return { isMarker: found.isMarker, id: versionId };
}

function deleteMarker(key: string, id: string, nowMs: number): Version {
  const nothing = { id: "", read: () => new Uint8Array() };
  return { key, id, isMarker: true, etag: "", sizeBytes: 0, headers: {}, modifiedAtMs: nowMs, blob: nothing };
}

/** Headers that make sense only where they are refused: a condition that is silently ignored deletes what it should protect. */
function refuseConditions(call: Call, names: readonly string[]): void {
  const found = names.find((name) => call.request.headers[name] !== undefined);
  if (found === undefined) return;
  throw new S3Error("NotImplemented", "A header you provided implies functionality that is not implemented", {
    details: { Header: found },
  });
}

const directoryOnly = ["if-none-match", "x-amz-if-match-last-modified-time", "x-amz-if-match-size"] as const;

export const deleteObject: Operation = (cloud, call) => {
  const bucket = bucketOf(cloud, call.bucket);
  refuseConditions(call, directoryOnly);
  const versionId = call.request.query.get("versionId");
  const match = call.request.headers["if-match"];
  const removed = removeOne(
    cloud,
    bucket,
    { key: call.key, ...(versionId === null ? {} : { versionId }), ...(match === undefined ? {} : { match }) },
    call.nowMs,
  );
  return {
    status: 204,
    headers: {
      ...(removed.isMarker ? { "x-amz-delete-marker": "true" } : {}),
      ...(removed.id === undefined ? {} : versionHeader(bucket, removed.id)),
    },
  };
};

export const deleteObjects: Operation = (cloud, call) => {
  const bucket = bucketOf(cloud, call.bucket);
  refuseConditions(call, ["if-match", ...directoryOnly]);
  if (call.request.headers["content-md5"] === undefined && !call.checksum) {
    throw new S3Error("InvalidRequest", "Missing required header for this request: Content-MD5");
  }
  const request = readXml(call.body, "Delete");
  const objects = request?.children.get("Object") ?? [];
  if (!request || objects.length === 0 || objects.length > deletesMax) throw malformedDelete();
  const removals = objects.map(removalOf);
  const isQuiet = childText(request, "Quiet") === "true";
  const answers = removals.map((removal) => {
    try {
      const removed = removeOne(cloud, bucket, removal, call.nowMs);
      return isQuiet ? "" : deletedXml(removal, removed);
    } catch (error) {
      if (error instanceof S3Error) return errorXml(removal, error);
      throw error;
    }
  });
  return xmlAnswer(s3Document("DeleteResult", ...answers));
};

function malformedDelete(): S3Error {
  return new S3Error("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
}

function removalOf(object: XmlElement): Removal {
  const key = childText(object, "Key");
  if (key === undefined || key === "") throw malformedDelete();
  // Size and LastModifiedTime are conditions of directory buckets.
  if (object.children.has("Size") || object.children.has("LastModifiedTime")) {
    throw new S3Error("NotImplemented", "A parameter you provided implies functionality that is not implemented");
  }
  const versionId = childText(object, "VersionId");
  const match = childText(object, "ETag");
  return { key, ...(versionId === undefined ? {} : { versionId }), ...(match === undefined ? {} : { match }) };
}

function deletedXml(removal: Removal, removed: Removed): string {
  const asked = removal.versionId === undefined ? "" : leaf("VersionId", removal.versionId);
  const marker = removed.isMarker ? leaf("DeleteMarker", true) + leaf("DeleteMarkerVersionId", removed.id ?? "null") : "";
  return branch("Deleted", leaf("Key", removal.key), asked, marker);
}

function errorXml(removal: Removal, error: S3Error): string {
  const asked = removal.versionId === undefined ? "" : leaf("VersionId", removal.versionId);
  return branch("Error", leaf("Key", removal.key), asked, leaf("Code", error.code), leaf("Message", error.message));
}
