/** How copies inside S3 are asked for: headers that name and pin the source, and what the answers tell. */

import { encodeComponent, encodePath } from "../shared/aws/encode-path.ts";
import { childText, readXml } from "../shared/aws/xml.ts";
import { quotedEtag } from "./conditions.ts";
import { secondOf } from "./revision.ts";

export interface CopyFrom {
  readonly bucket: string;
  /** In the bucket, prefix included. */
  readonly name: string;
  /** The copy is made of an object with this ETag, or not at all. */
  readonly etag: string;
  /** Where the source keeps versions: then it is made of this one, whatever has become the newest. */
  readonly versionId?: string;
}

/** The source, and the condition on it: for CopyObject and UploadPartCopy. */
export function sourceHeaders({ bucket, name, etag, versionId }: CopyFrom, isBare: boolean): Readonly<Record<string, string>> {
  const version = versionId === undefined ? "" : `?versionId=${encodeComponent(versionId)}`;
  return {
    "x-amz-copy-source": `${encodePath(`${bucket}/${name}`).slice(1)}${version}`,
    "x-amz-copy-source-if-match": quotedEtag(etag, isBare),
  };
}

/**
 * Of CopyObject: the source, and that nothing comes along but the bytes. Headers are those of the request, as with a PUT, and tags
 * none, which spares the right to read them. The server works out the SHA-256 of what it has copied, and tells it.
 */
export const copyHeaders = (from: CopyFrom, isBare: boolean): Readonly<Record<string, string>> => ({
  ...sourceHeaders(from, isBare),
  "x-amz-metadata-directive": "REPLACE",
  "x-amz-tagging-directive": "REPLACE",
  "x-amz-checksum-algorithm": "SHA256",
});

/** What the answer to a copy says of it. */
export interface Copied {
  /** As the server spells it. */
  readonly etag: string;
  /** In hexadecimal; absent where the server does not tell. */
  readonly sha256?: string;
  /** LastModified, in seconds since the epoch. */
  readonly second?: number;
}

/** `undefined` for an error document, which may follow the status 200 here, and for anything else that names no ETag. */
export function readCopied(text: string): Copied | undefined {
  try {
    const root = readXml(text);
    const etag = root.name === "Error" ? undefined : childText(root, "ETag");
    if (etag === undefined || etag === "") return undefined;
    const sha256 = hexOf(childText(root, "ChecksumSHA256"));
    const second = secondOf(childText(root, "LastModified"));
    return { etag, ...(sha256 !== undefined && { sha256 }), ...(second !== undefined && { second }) };
  } catch {
    return undefined;
  }
}

/** A SHA-256 of all bytes in hexadecimal; `undefined` for one over the sums of parts, which ends in their number. */
export function hexOf(base64: string | undefined): string | undefined {
  if (base64 === undefined || !/^[A-Za-z0-9+/]{43}=$/u.test(base64)) return undefined;
  return Buffer.from(base64, "base64").toString("hex");
}
