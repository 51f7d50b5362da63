/** An S3 that lives in this process: every operation is decided in one synchronous step once its body has arrived. */

import { join } from "node:path";
import type { Clock, SandboxHandler, SandboxRequest, SandboxResponse } from "../wire.ts";
import { folderBlobs, memoryBlobs } from "./blobs.ts";
import type { Bucket } from "./bucket.ts";
import * as bucketOperations from "./bucket-operations.ts";
import { makeChange, type Buckets, type Change } from "./change.ts";
import type { Call, Cloud, Operation } from "./cloud.ts";
import { settingOperations } from "./bucket-settings.ts";
import { completeMultipartUpload } from "./complete-upload.ts";
import { deleteObject, deleteObjects } from "./delete-object.ts";
import { openJournal } from "./journal.ts";
import { listObjectVersions } from "./list-versions.ts";
import { listObjects, listObjectsV2 } from "./list-objects.ts";
import { listMultipartUploads, listParts } from "./list-uploads.ts";
import { readObject } from "./read-object.ts";
import { receiveBody } from "./request-body.ts";
import { errorResponse, S3Error } from "./s3-error.ts";
import { decodedOr, s3OperationOf, targetOf } from "./s3-operation.ts";
import { abortMultipartUpload, createMultipartUpload, uploadPart, uploadPartCopy } from "./upload-part.ts";
import { copyObject, putObject } from "./write-object.ts";

const operations: Readonly<Record<string, Operation>> = {
  ListBuckets: bucketOperations.listBuckets,
  CreateBucket: bucketOperations.createBucket,
  HeadBucket: bucketOperations.headBucket,
  DeleteBucket: bucketOperations.deleteBucket,
  GetBucketLocation: bucketOperations.getBucketLocation,
  GetBucketVersioning: bucketOperations.getBucketVersioning,
  PutBucketVersioning: bucketOperations.putBucketVersioning,
  ...settingOperations,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  GetObject: readObject,
  HeadObject: readObject,
  PutObject: putObject,
  CopyObject: copyObject,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
  ListMultipartUploads: listMultipartUploads,
};

/** S3 User Guide, "Naming objects": bytes of UTF-8. */
const keyBytesMax = 1024;

export interface S3Options {
  readonly clock: Clock;
  /** From 0 up to 1, as Math.random. Version ids and upload ids are drawn from it. */
  readonly random: () => number;
  /** Everything survives there; without it, everything is in memory. One process at a time. */
  readonly folder?: string;
  /** What GetBucketLocation and HeadBucket say; us-east-1 unless told. */
  readonly region?: string;
}

/** The current object of a key, as the service holds it. */
export interface StoredObject {
  /** Not to be changed. */
  readonly bytes: Uint8Array;
  /** Lower-case names: what S3 answers with the bytes, such as content-type, cache-control and x-amz-meta-…. */
  readonly headers: Readonly<Record<string, string>>;
  /** In quotes. */
  readonly etag: string;
  /** Milliseconds since the epoch; S3 tells only whole seconds. */
  readonly lastModified: number;
  /** `null` where the bucket keeps no versions. */
  readonly versionId: string;
}

export interface S3Service {
  readonly handle: SandboxHandler;
  /** Throws where the name is taken or none that S3 allows. */
  createBucket(name: string, options?: { readonly versioning?: boolean }): void;
  /** `undefined` where there is no such bucket or key, or a delete marker. */
  get(bucket: string, key: string): StoredObject | undefined;
  /** Writes without any condition, as a stranger would. Headers by lower-case name. */
  put(bucket: string, key: string, bytes: Uint8Array, headers?: Readonly<Record<string, string>>): StoredObject;
  /** Deletes without any condition, as a stranger would. */
  remove(bucket: string, key: string): void;
  /** Keys with a current object; 0 for a bucket that does not exist. */
  objectCount(bucket: string): number;
  /** Lets go of the folder. */
  close(): void;
}

/** Opens the service on its folder, or empty. Throws where the folder's journal is damaged. */
export function openS3(options: S3Options): S3Service {
  const { cloud, close } = openCloud(options);
  let requests = 0;
  const directly = (operation: string, bucket: string, key: string, parts: Partial<Call> = {}): SandboxResponse => {
    const request = { method: "PUT", path: "/", query: new URLSearchParams(), headers: {}, body: nothing };
    return run(cloud, { request, operation, bucket, key, body: new Uint8Array(), nowMs: options.clock.now(), ...parts });
  };
  const get = (bucket: string, key: string): StoredObject | undefined => stored(cloud.buckets.get(bucket), key);
  return {
    handle: async (request) => {
      requests += 1;
      const requestId = requests.toString(16).toUpperCase().padStart(16, "0");
      return answered(cloud, request, { requestId, clock: options.clock });
    },
    createBucket: (name, { versioning = false } = {}) => {
      directly("CreateBucket", name, "");
      if (versioning) cloud.commit({ kind: "versioning-set", bucket: name, versioning: "Enabled" });
    },
    get,
    put: (bucket, key, bytes, headers = {}) => {
      const request = { method: "PUT", path: "/", query: new URLSearchParams(), headers, body: nothing };
      directly("PutObject", bucket, key, { request, body: new Uint8Array(bytes) });
      const written = get(bucket, key);
      if (!written) throw new Error(`${key} is not there after it was written`);
      return written;
    },
    remove: (bucket, key) => {
      directly("DeleteObject", bucket, key);
    },
    objectCount: (bucket) => cloud.buckets.get(bucket)?.objectCount ?? 0,
    close,
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function openCloud({ folder, random, region = "us-east-1" }: S3Options): { readonly cloud: Cloud; readonly close: () => void } {
  const buckets: Buckets = new Map();
  const blobs = folder === undefined ? memoryBlobs() : folderBlobs(join(folder, "blobs"));
  const journal = folder === undefined ? undefined : openJournal(folder, blobs, (change) => makeChange(buckets, change));
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
  const cloud: Cloud = {
    buckets,
    blobs,
    region,
    commit: (...changes: readonly Change[]) => {
      journal?.append(changes);
      for (const change of changes) makeChange(buckets, change);
    },
    draw: () => Array.from({ length: 32 }, () => letters.charAt(Math.floor(random() * letters.length))).join(""),
  };
  return { cloud, close: () => journal?.close() };
}

function stored(bucket: Bucket | undefined, key: string): StoredObject | undefined {
  const version = bucket?.current(key);
  if (!version) return undefined;
  const { etag, headers, modifiedAtMs, id } = version;
  return { bytes: version.blob.read(), headers, etag, lastModified: modifiedAtMs, versionId: id };
}

function run(cloud: Cloud, call: Call): SandboxResponse {
  const operation = operations[call.operation];
  if (operation) return operation(cloud, call);
  throw new S3Error("NotImplemented", `A header or query you provided implies functionality that is not implemented: ${call.operation}`);
}

/** One request, answered. Only what is no answer of S3 is thrown: a body that broke off, a damaged folder, a bug. */
async function answered(
  cloud: Cloud,
  request: SandboxRequest,
  { requestId, clock }: { readonly requestId: string; readonly clock: Clock },
): Promise<SandboxResponse> {
  try {
    const operation = s3OperationOf(request);
    const { bucket, encodedKey } = targetOf(request);
    const key = checkedKey(encodedKey);
    const received = await receiveBody(request, operation !== "CompleteMultipartUpload");
    const { bytes: body, checksum } = received;
    const nowMs = clock.now();
    const answer = run(cloud, { request, operation, bucket: decodedOr(bucket), key, body, nowMs, ...(checksum ? { checksum } : {}) });
    return { ...answer, headers: { ...answer.headers, date: new Date(nowMs).toUTCString(), "x-amz-request-id": requestId } };
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    const { status, code, message, details, headers } = error;
    const about = { resource: request.path, method: request.method, requestId, nowMs: clock.now() };
    return errorResponse({ status, code, message, details, headers, ...about });
  }
}

function checkedKey(encoded: string): string {
  try {
    const key = decodeURIComponent(encoded);
    if (Buffer.byteLength(key) > keyBytesMax) throw new S3Error("KeyTooLongError", "Your key is too long");
    return key;
  } catch (error) {
    if (error instanceof URIError) throw new S3Error("InvalidURI", "Couldn't parse the specified URI.");
    throw error;
  }
}
