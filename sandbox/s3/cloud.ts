/** What the operations work on, and what they are called with. */

import type { SandboxRequest, SandboxResponse } from "../wire.ts";
import type { Blobs } from "./blobs.ts";
import type { Bucket } from "./bucket.ts";
import type { Buckets, Change } from "./change.ts";
import type { Checksum } from "./checksums.ts";
import { S3Error } from "./s3-error.ts";

export interface Cloud {
  readonly buckets: Buckets;
  readonly blobs: Blobs;
  readonly region: string;
  /** Remembers and makes these changes, all or none. */
  commit(...changes: readonly Change[]): void;
  /** 32 characters that nobody else will draw: version ids, upload ids. */
  draw(): string;
}

/** A request whose body has arrived. From here to the answer nothing else happens in the sandbox. */
export interface Call {
  readonly request: SandboxRequest;
  readonly operation: string;
  readonly bucket: string;
  /** Decoded. */
  readonly key: string;
  readonly body: Uint8Array;
  /** The body's own, given by the sender and found to be right. */
  readonly checksum?: Checksum;
  /** The one instant of this call, in milliseconds since the epoch. */
  readonly nowMs: number;
}

export type Operation = (cloud: Cloud, call: Call) => SandboxResponse;

export function bucketOf(cloud: Cloud, name: string): Bucket {
  const bucket = cloud.buckets.get(name);
  if (!bucket) throw new S3Error("NoSuchBucket", "The specified bucket does not exist", { details: { BucketName: name } });
  return bucket;
}

/** A query parameter that is a whole number from 0 on; `most` where it is absent or larger. */
export function countOf(call: Call, name: string, most: number): number {
  const text = call.request.query.get(name);
  if (text === null || text === "") return most;
  if (!/^\d{1,9}$/u.test(text)) {
    throw new S3Error("InvalidArgument", `Provided ${name} not an integer or within integer range`, {
      details: { ArgumentName: name, ArgumentValue: text },
    });
  }
  return Math.min(Number(text), most);
}

/** An answer that is an XML document. */
export function xmlAnswer(document: Uint8Array, headers: Readonly<Record<string, string>> = {}): SandboxResponse {
  return {
    status: 200,
    headers: { ...headers, "content-type": "application/xml", "content-length": String(document.byteLength) },
    body: document,
  };
}

/** As XML says it: whole seconds, spelt with three zeros. */
export function isoSeconds(atMs: number): string {
  const seconds = Math.floor(atMs / 1000);
  if (seconds !== lastSpelt.seconds) lastSpelt = { seconds, text: new Date(seconds * 1000).toISOString() };
  return lastSpelt.text;
}

/** Neighbours in a listing were mostly written in the same second. */
let lastSpelt = { seconds: 0, text: new Date(0).toISOString() };

/** `x-amz-version-id`, where the bucket keeps versions or once did. */
export function versionHeader(bucket: Bucket, id: string): Record<string, string> {
  return bucket.versioning === "never" ? {} : { "x-amz-version-id": id };
}
