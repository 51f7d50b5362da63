/** The headers that stay with an object, and those that ask for what this sandbox does not have. */

import type { Bucket, Version } from "./bucket.ts";
import { checksumOf, type Checksum } from "./checksums.ts";
import { versionHeader } from "./cloud.ts";
import { S3Error } from "./s3-error.ts";

type Headers = Readonly<Record<string, string>>;

const kept = ["cache-control", "content-disposition", "content-language", "expires", "x-amz-website-redirect-location"] as const;

/** S3 User Guide, "Working with object metadata": names and values together, in bytes of UTF-8. */
const metadataBytesMax = 2048;

/** What these request headers make S3 keep beside the bytes. */
export function headersToKeep(headers: Headers): Record<string, string> {
  const result: Record<string, string> = { "content-type": headers["content-type"] ?? "binary/octet-stream" };
  for (const name of kept) {
    const value = headers[name];
    if (value !== undefined) result[name] = value;
  }
  const encoding = (headers["content-encoding"] ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "" && one !== "aws-chunked");
  if (encoding.length > 0) result["content-encoding"] = encoding.join(",");
  let metadataBytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith("x-amz-meta-")) continue;
    result[name] = value;
    metadataBytes += name.length - "x-amz-meta-".length + Buffer.byteLength(value);
  }
  if (metadataBytes > metadataBytesMax) {
    throw new S3Error("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
      details: { Size: String(metadataBytes), MaxSizeAllowed: String(metadataBytesMax) },
    });
  }
  return result;
}

/** Values that change nothing; any other value of these headers is answered with 501. */
const harmless: Readonly<Record<string, readonly string[]>> = {
  "x-amz-acl": ["private", "bucket-owner-full-control"],
  "x-amz-storage-class": ["STANDARD"],
  "x-amz-server-side-encryption": ["AES256"],
  // Objects have no tags here, so there is nothing to copy or to leave.
  "x-amz-tagging-directive": ["COPY", "REPLACE"],
  "x-amz-object-lock-legal-hold": ["OFF"],
};

const unknown = /^x-amz-(?:grant-|tagging$|object-lock-|server-side-encryption-|copy-source-server-side-|write-offset-bytes$|if-match-)/u;

/** Throws 501 where headers ask for encryption by key, grants, tags, locks or the like: a success would be a lie. */
export function refuseUnknownHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) {
    const allowed = harmless[name];
    if (allowed ? allowed.includes(value) : !unknown.test(name)) continue;
    throw new S3Error("NotImplemented", "A header you provided implies functionality that is not implemented", {
      details: { Header: name },
    });
  }
}

/** S3 User Guide, "User-defined object metadata": values beyond US-ASCII come back as RFC 2047 says. */
function asciiValue(value: string): string {
  return /^[\u0020-\u007E\t]*$/u.test(value) ? value : `=?UTF-8?B?${Buffer.from(value, "utf8").toString("base64")}?=`;
}

/** Whole seconds, as HTTP spells them. */
export const httpDate = (atMs: number): string => new Date(atMs).toUTCString();

/** The headers of an answer about an object, without its length. */
export function describeObject(bucket: Bucket, version: Version): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(version.headers)) headers[name] = asciiValue(value);
  return {
    ...headers,
    etag: version.etag,
    "last-modified": httpDate(version.modifiedAtMs),
    "accept-ranges": "bytes",
    ...versionHeader(bucket, version.id),
  };
}

/** The checksum of an object; one that nobody gave is S3's own. */
export function checksumOfVersion(version: Version): Checksum {
  return version.checksum ?? { algorithm: "crc64nvme", value: checksumOf("crc64nvme", version.blob.read()), isComposite: false };
}

/** How answers spell a checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return {
    [`x-amz-checksum-${checksum.algorithm}`]: checksum.value,
    "x-amz-checksum-type": checksum.isComposite ? "COMPOSITE" : "FULL_OBJECT",
  };
}
