/** ListObjectVersions: every version and delete marker, keys in order, newest first within a key. */

import type { Bucket, Version } from "./bucket.ts";
import { ownerXml } from "./bucket-operations.ts";
import { bucketOf, countOf, isoSeconds, xmlAnswer, type Call, type Operation } from "./cloud.ts";
import type { Position } from "./key-index.ts";
import { commonPrefixOf, commonPrefixXml, contentXml, echoXml, listingRequest, type ListingRequest } from "./listing.ts";
import { S3Error } from "./s3-error.ts";
import { branch, leaf, s3Document } from "./xml.ts";

const pageMax = 1000;

type Entry = { readonly prefix: string } | { readonly version: Version; readonly isLatest: boolean };

interface Marker {
  readonly key: string;
  /** Empty: after all versions of the key. */
  readonly versionId: string;
}

/** Versions of a key that come after the one with that id; all of them where it is gone, since repeating is safe and skipping is not. */
function versionsAfter(bucket: Bucket, { key, versionId }: Marker): readonly Version[] {
  const newestFirst = bucket.versionsOf(key).toReversed();
  const at = newestFirst.findIndex(({ id }) => id === versionId);
  return newestFirst.slice(at + 1);
}

function* entriesOf(bucket: Bucket, request: ListingRequest, marker: Marker): Generator<Entry> {
  if (marker.versionId !== "") {
    for (const version of versionsAfter(bucket, marker)) yield { version, isLatest: bucket.newest(marker.key) === version };
  }
  const isPrefix = commonPrefixOf(marker.key, request) === marker.key;
  const after: Position | undefined = marker.key === "" ? undefined : { text: marker.key, isPrefix };
  const keys = bucket.keysFrom(request.prefix, after);
  for (let step = keys.next(); step.done !== true;) {
    const { key } = step.value;
    const prefix = commonPrefixOf(key, request);
    if (prefix !== undefined) yield { prefix };
    else for (const version of versionsAfter(bucket, { key, versionId: "" })) yield { version, isLatest: bucket.newest(key) === version };
    step = keys.next(prefix === undefined ? undefined : { text: prefix, isPrefix: true });
  }
}

function entryXml(entry: Entry, request: ListingRequest): string {
  if ("prefix" in entry) return commonPrefixXml(request, entry.prefix);
  const { version, isLatest } = entry;
  const named = leaf("Key", request.spell(version.key)) + leaf("VersionId", version.id) + leaf("IsLatest", isLatest);
  if (version.isMarker) return branch("DeleteMarker", named, leaf("LastModified", isoSeconds(version.modifiedAtMs)), ownerXml);
  return branch("Version", named, contentXml(version), ownerXml);
}

function markerOf(call: Call): Marker {
  const marker = { key: call.request.query.get("key-marker") ?? "", versionId: call.request.query.get("version-id-marker") ?? "" };
  if (marker.versionId !== "" && marker.key === "") {
    throw new S3Error("InvalidArgument", "A version-id marker cannot be specified without a key marker.", {
      details: { ArgumentName: "version-id-marker", ArgumentValue: marker.versionId },
    });
  }
  return marker;
}

export const listObjectVersions: Operation = (cloud, call) => {
  const bucket = bucketOf(cloud, call.bucket);
  const request = listingRequest(call);
  const marker = markerOf(call);
  const maxKeys = countOf(call, "max-keys", pageMax);
  const entries: Entry[] = [];
  let isTruncated = false;
  for (const entry of entriesOf(bucket, request, marker)) {
    // A page of no keys has no next one, or it would never end.
    isTruncated = entries.length >= maxKeys && maxKeys > 0;
    if (entries.length >= maxKeys) break;
    entries.push(entry);
  }
  const last = isTruncated ? entries.at(-1) : undefined;
  return xmlAnswer(
    s3Document(
      "ListVersionsResult",
      leaf("Name", bucket.name),
      echoXml(request, { Prefix: request.prefix, KeyMarker: marker.key }, maxKeys),
      leaf("VersionIdMarker", marker.versionId),
      leaf("IsTruncated", isTruncated),
      last ? nextXml(last, request) : "",
      ...entries.map((entry) => entryXml(entry, request)),
    ),
  );
};

function nextXml(last: Entry, request: ListingRequest): string {
  if ("prefix" in last) return leaf("NextKeyMarker", request.spell(last.prefix));
  return leaf("NextKeyMarker", request.spell(last.version.key)) + leaf("NextVersionIdMarker", last.version.id);
}
