/** PutObject and CopyObject. */

import { hash } from "node:crypto";
import type { Version } from "./bucket.ts";
import { checksumOf, algorithmNamed, type Checksum } from "./checksums.ts";
import { bucketOf, isoSeconds, versionHeader, xmlAnswer, type Call, type Cloud, type Operation } from "./cloud.ts";
import { checkWrite, failedReadCondition, preconditionFailed } from "./conditions.ts";
import { checksumHeaders, headersToKeep, refuseUnknownHeaders } from "./object-headers.ts";
import { versionToRead } from "./read-object.ts";
import { decodedOr } from "./s3-operation.ts";
import { S3Error } from "./s3-error.ts";
import { leaf, s3Document } from "./xml.ts";

/** S3 API reference, CopyObject: a single copy takes at most 5 GB. */
const copyBytesMax = 5 * 1024 ** 3;

export function md5Etag(bytes: Uint8Array): string {
  return `"${hash("md5", bytes, "hex")}"`;
}

interface NewVersion {
  readonly etag: string;
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
}

/** The version that this call adds to its key. Nothing has happened yet. */
export function newVersion(cloud: Cloud, call: Call, { bytes, ...parts }: NewVersion): Version {
  return {
    ...parts,
    key: call.key,
    id: bucketOf(cloud, call.bucket).nextId(() => cloud.draw()),
    isMarker: false,
    sizeBytes: bytes.byteLength,
    modifiedAtMs: call.nowMs,
    blob: cloud.blobs.keep(bytes),
  };
}

export const putObject: Operation = (cloud, call) => {
  const bucket = bucketOf(cloud, call.bucket);
  const { headers } = call.request;
  refuseUnknownHeaders(headers);
  const toKeep = headersToKeep(headers);
  checkWrite(bucket.current(call.key), call.key, headers);
  const checksum = call.checksum ?? askedChecksum(call);
  const etag = md5Etag(call.body);
  const version = newVersion(cloud, call, { etag, bytes: call.body, headers: toKeep, ...(checksum ? { checksum } : {}) });
  cloud.commit({ kind: "version-added", bucket: call.bucket, version });
  return {
    status: 200,
    headers: { etag, "content-length": "0", ...checksumHeaders(checksum), ...versionHeader(bucket, version.id) },
  };
};

/** The checksum that S3 is asked to work out by itself. */
function askedChecksum(call: Call): Checksum | undefined {
  const name = call.request.headers["x-amz-checksum-algorithm"];
  if (name === undefined) return undefined;
  const algorithm = algorithmNamed(name);
  if (!algorithm) throw new S3Error("InvalidRequest", "Checksum algorithm provided is unsupported.");
  return { algorithm, value: checksumOf(algorithm, call.body), isComposite: false };
}

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly version: Version;
  /** `x-amz-copy-source-version-id`, where the source's bucket keeps versions. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Bucket, key and version that `x-amz-copy-source` names: `/bucket/key?versionId=…`, percent-encoded. */
export function copySourceName(header: string): { readonly bucket: string; readonly key: string; readonly versionId?: string } | undefined {
  const parts = /^(?:\/|%2F)?([^/?%]+)(?:\/|%2F)(.+?)(?:\?versionId=([^&]*))?$/iu.exec(header);
  const [, bucket, key, versionId] = parts ?? [];
  if (bucket === undefined || key === undefined) return undefined;
  return { bucket, key: decodedOr(key), ...(versionId === undefined ? {} : { versionId }) };
}

/** The version to copy from, with its own conditions checked. */
export function copySourceOf(cloud: Cloud, call: Call): CopySource {
  const { headers } = call.request;
  const name = copySourceName(headers["x-amz-copy-source"] ?? "");
  if (!name) throw new S3Error("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  const bucket = bucketOf(cloud, name.bucket);
  const version = versionToRead(bucket, name.key, name.versionId);
  if (failedReadCondition(version, headers, "x-amz-copy-source-")) throw preconditionFailed("x-amz-copy-source-If-…");
  const id = versionHeader(bucket, version.id)["x-amz-version-id"];
  return { bucket: name.bucket, key: name.key, version, headers: id === undefined ? {} : { "x-amz-copy-source-version-id": id } };
}

export const copyObject: Operation = (cloud, call) => {
  const bucket = bucketOf(cloud, call.bucket);
  const { headers } = call.request;
  refuseUnknownHeaders(headers);
  const source = copySourceOf(cloud, call);
  const kept = copiedHeaders(call, source);
  if (source.version.sizeBytes > copyBytesMax) {
    throw new S3Error(
      "InvalidRequest",
      "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120",
    );
  }
  checkWrite(bucket.current(call.key), call.key, headers);
  const bytes = source.version.blob.read();
  const algorithm = algorithmNamed(headers["x-amz-checksum-algorithm"] ?? "") ?? source.version.checksum?.algorithm;
  const checksum = algorithm && { algorithm, value: checksumOf(algorithm, bytes), isComposite: false };
  const etag = md5Etag(bytes);
  const version = newVersion(cloud, call, { etag, bytes, headers: kept, ...(checksum ? { checksum } : {}) });
  cloud.commit({ kind: "version-added", bucket: call.bucket, version });
  const sum = checksum ? leaf(`Checksum${checksum.algorithm.toUpperCase()}`, checksum.value) : "";
  const document = s3Document("CopyObjectResult", leaf("LastModified", isoSeconds(call.nowMs)), leaf("ETag", etag), sum);
  return xmlAnswer(document, { ...source.headers, ...versionHeader(bucket, version.id) });
};

/** The source's headers, or the request's own where the directive says so. Redirects are never copied, by the API reference. */
function copiedHeaders(call: Call, source: CopySource): Readonly<Record<string, string>> {
  const { headers } = call.request;
  const directive = headers["x-amz-metadata-directive"] ?? "COPY";
  if (directive === "REPLACE") return headersToKeep(headers);
  if (directive !== "COPY") throw new S3Error("InvalidArgument", "Unknown metadata directive.");
  const isItself = source.bucket === call.bucket && source.key === call.key;
  const redirect = headers["x-amz-website-redirect-location"];
  if (isItself && redirect === undefined && !/\?versionId=/u.test(headers["x-amz-copy-source"] ?? "")) {
    throw new S3Error(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const { "x-amz-website-redirect-location": _redirect, ...copied } = source.version.headers;
  return redirect === undefined ? copied : { ...copied, "x-amz-website-redirect-location": redirect };
}
