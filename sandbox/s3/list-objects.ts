/** ListObjects and ListObjectsV2. */

import type { Bucket, Version } from "./bucket.ts";
import { ownerXml } from "./bucket-operations.ts";
import type { Checksum } from "./checksums.ts";
import { bucketOf, countOf, xmlAnswer, type Call, type Operation } from "./cloud.ts";
import type { Position } from "./key-index.ts";
import { commonPrefixOf, commonPrefixXml, contentXml, echoXml, listingRequest, type ListingRequest } from "./listing.ts";
import { S3Error } from "./s3-error.ts";
import { escapeXml, leaf, s3Document } from "./xml.ts";

/** S3 API reference: a page holds at most so many keys and common prefixes. */
const pageMax = 1000;

interface Page {
  readonly versions: readonly Version[];
  readonly prefixes: readonly string[];
  /** Where the next page begins: there is one. */
  readonly next?: Position;
}

function pageOf(bucket: Bucket, request: ListingRequest, after: Position | undefined, maxKeys: number): Page {
  const versions: Version[] = [];
  const prefixes: string[] = [];
  const keys = bucket.keysFrom(request.prefix, after);
  let last: Position | undefined;
  for (let step = keys.next(); step.done !== true;) {
    const newest = step.value.value.at(-1);
    const version = newest?.isMarker === false ? newest : undefined;
    const prefix = version && commonPrefixOf(version.key, request);
    if (version && versions.length + prefixes.length >= maxKeys) return { versions, prefixes, ...(last ? { next: last } : {}) };
    if (prefix !== undefined) {
      prefixes.push(prefix);
      last = { text: prefix, isPrefix: true };
      step = keys.next(last);
      continue;
    }
    if (version) {
      versions.push(version);
      last = { text: version.key, isPrefix: false };
    }
    step = keys.next();
  }
  return { versions, prefixes };
}

function entriesXml(page: Page, request: ListingRequest, isOwned: boolean): string {
  const owner = isOwned ? ownerXml : "";
  let contents = "";
  for (const version of page.versions) {
    const sum = version.checksum ? checksumXml(version.checksum) : ownChecksumXml;
    contents += `<Contents><Key>${escapeXml(request.spell(version.key))}</Key>${contentXml(version)}${sum}${owner}</Contents>`;
  }
  return contents + page.prefixes.map((prefix) => commonPrefixXml(request, prefix)).join("");
}

/** Listings name a checksum's algorithm and kind, never its value. */
function checksumXml({ algorithm, isComposite }: Omit<Checksum, "value">): string {
  return leaf("ChecksumAlgorithm", algorithm.toUpperCase()) + leaf("ChecksumType", isComposite ? "COMPOSITE" : "FULL_OBJECT");
}

const ownChecksumXml = checksumXml({ algorithm: "crc64nvme", isComposite: false });

/** A continuation token is opaque: a letter for what it stands behind, then the name. */
function tokenOf({ text, isPrefix }: Position): string {
  return Buffer.from(`${isPrefix ? "p" : "k"}${text}`, "utf8").toString("base64url");
}

function positionOf(token: string): Position {
  const text = Buffer.from(token, "base64url").toString("utf8");
  if (!/^[pk]./su.test(text)) {
    throw new S3Error("InvalidArgument", "The continuation token provided is incorrect", {
      details: { ArgumentName: "continuation-token" },
    });
  }
  return { text: text.slice(1), isPrefix: text.startsWith("p") };
}

function startOf(call: Call): Position | undefined {
  const token = call.request.query.get("continuation-token");
  if (token !== null) return positionOf(token);
  const after = call.request.query.get("start-after") ?? "";
  return after === "" ? undefined : { text: after, isPrefix: false };
}

export const listObjectsV2: Operation = (cloud, call) => {
  const bucket = bucketOf(cloud, call.bucket);
  const { query } = call.request;
  if (query.get("list-type") !== "2") throw new S3Error("InvalidArgument", "Invalid List Type specified in Request");
  const request = listingRequest(call);
  const maxKeys = countOf(call, "max-keys", pageMax);
  const page = pageOf(bucket, request, startOf(call), maxKeys);
  const token = query.get("continuation-token");
  const after = query.get("start-after");
  return xmlAnswer(
    s3Document(
      "ListBucketResult",
      leaf("Name", bucket.name),
      echoXml(request, { Prefix: request.prefix, ...(after === null ? {} : { StartAfter: after }) }, maxKeys),
      token === null ? "" : leaf("ContinuationToken", token),
      leaf("KeyCount", page.versions.length + page.prefixes.length),
      leaf("IsTruncated", page.next !== undefined),
      page.next ? leaf("NextContinuationToken", tokenOf(page.next)) : "",
      entriesXml(page, request, query.get("fetch-owner") === "true"),
    ),
  );
};

export const listObjects: Operation = (cloud, call) => {
  const bucket = bucketOf(cloud, call.bucket);
  const request = listingRequest(call);
  const maxKeys = countOf(call, "max-keys", pageMax);
  const marker = call.request.query.get("marker") ?? "";
  // The marker of a page that ended with a common prefix is that prefix: everything behind it has been told.
  const isPrefix = commonPrefixOf(marker, request) === marker;
  const page = pageOf(bucket, request, marker === "" ? undefined : { text: marker, isPrefix }, maxKeys);
  return xmlAnswer(
    s3Document(
      "ListBucketResult",
      leaf("Name", bucket.name),
      echoXml(request, { Prefix: request.prefix, Marker: marker }, maxKeys),
      leaf("IsTruncated", page.next !== undefined),
      // Without a delimiter the last key is the marker, and S3 does not repeat it.
      page.next && request.delimiter !== "" ? leaf("NextMarker", request.spell(page.next.text)) : "",
      entriesXml(page, request, true),
    ),
  );
};
