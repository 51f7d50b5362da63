/** What a request asks of S3, by the words of its API. Where a request means something else, it is named so that nobody mistakes it. */

import type { SandboxRequest } from "../wire.ts";

export interface S3Target {
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Percent-encoded, as it came; empty for a bucket. */
  readonly encodedKey: string;
}

/** Path style, or the virtual hosts `bucket.localhost` and `bucket.s3.localhost`, with or without a port. */
export function targetOf(request: SandboxRequest): S3Target {
  const host = (request.headers["host"] ?? "").replace(/:\d+$/u, "").toLowerCase();
  const bucket = /^(.+?)(?:\.s3)?\.localhost$/u.exec(host)?.[1];
  const path = request.path.replace(/^\//u, "");
  if (bucket !== undefined && bucket !== "s3") return { bucket, encodedKey: path };
  const slash = path.indexOf("/");
  return slash === -1 ? { bucket: path, encodedKey: "" } : { bucket: path.slice(0, slash), encodedKey: path.slice(slash + 1) };
}

/** A percent-encoded text decoded, or as it is where the encoding is broken. */
export function decodedOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

interface Route {
  readonly operation: string;
  /** Query parameters without which the request is another one, and those that it may have besides. */
  readonly needs: readonly string[];
  readonly takes: readonly string[];
  /** A header that tells two operations apart. */
  readonly header?: string;
}

const route = (operation: string, needs: readonly string[] = [], takes: readonly string[] = [], header?: string): Route => ({
  operation,
  needs,
  takes,
  ...(header === undefined ? {} : { header }),
});

const page = ["prefix", "delimiter", "max-keys", "encoding-type"] as const;
const shown = ["cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires"].map(
  (name) => `response-${name}`,
);

/** Documents that a bucket keeps about itself, by query parameter, with the operations that read, put and delete each. */
export const bucketSettings: Readonly<Record<string, Readonly<Partial<Record<"GET" | "PUT" | "DELETE", string>>>>> = {
  acl: { GET: "GetBucketAcl", PUT: "PutBucketAcl" },
  encryption: { GET: "GetBucketEncryption", PUT: "PutBucketEncryption", DELETE: "DeleteBucketEncryption" },
  lifecycle: { GET: "GetBucketLifecycleConfiguration", PUT: "PutBucketLifecycleConfiguration", DELETE: "DeleteBucketLifecycle" },
  logging: { GET: "GetBucketLogging", PUT: "PutBucketLogging" },
  ownershipControls: { GET: "GetBucketOwnershipControls", PUT: "PutBucketOwnershipControls", DELETE: "DeleteBucketOwnershipControls" },
  policy: { GET: "GetBucketPolicy", PUT: "PutBucketPolicy", DELETE: "DeleteBucketPolicy" },
  publicAccessBlock: { GET: "GetPublicAccessBlock", PUT: "PutPublicAccessBlock", DELETE: "DeletePublicAccessBlock" },
  website: { GET: "GetBucketWebsite", PUT: "PutBucketWebsite", DELETE: "DeleteBucketWebsite" },
};

const settingRoutes = (method: "GET" | "PUT" | "DELETE"): readonly Route[] =>
  Object.entries(bucketSettings).flatMap(([setting, operations]) => {
    const operation = operations[method];
    return operation === undefined ? [] : [route(operation, [setting])];
  });

/** By level (service, bucket or key) and method. The first route whose needs are met counts. */
const routes: Readonly<Record<string, readonly Route[]>> = {
  "service GET": [route("ListBuckets")],
  "bucket GET": [
    route("GetBucketLocation", ["location"]),
    route("GetBucketVersioning", ["versioning"]),
    ...settingRoutes("GET"),
    route("ListObjectVersions", ["versions"], [...page, "key-marker", "version-id-marker"]),
    route("ListMultipartUploads", ["uploads"], ["prefix", "key-marker", "upload-id-marker", "max-uploads", "encoding-type"]),
    route("ListObjectsV2", ["list-type"], [...page, "continuation-token", "start-after", "fetch-owner"]),
    route("ListObjects", [], [...page, "marker"]),
  ],
  "bucket HEAD": [route("HeadBucket")],
  "bucket PUT": [route("PutBucketVersioning", ["versioning"]), ...settingRoutes("PUT"), route("CreateBucket")],
  "bucket DELETE": [...settingRoutes("DELETE"), route("DeleteBucket")],
  "bucket POST": [route("DeleteObjects", ["delete"])],
  "key GET": [
    route("ListParts", ["uploadId"], ["max-parts", "part-number-marker", "encoding-type"]),
    route("GetObjectTagging", ["tagging"], ["versionId"]),
    route("GetObject", [], ["versionId", ...shown]),
  ],
  "key HEAD": [route("HeadObject", [], ["versionId", ...shown])],
  "key PUT": [
    route("UploadPartCopy", ["partNumber", "uploadId"], [], "x-amz-copy-source"),
    route("UploadPart", ["partNumber", "uploadId"]),
    route("PutObjectTagging", ["tagging"], ["versionId"]),
    route("CopyObject", [], [], "x-amz-copy-source"),
    route("PutObject"),
  ],
  "key POST": [route("CreateMultipartUpload", ["uploads"]), route("CompleteMultipartUpload", ["uploadId"])],
  "key DELETE": [
    route("AbortMultipartUpload", ["uploadId"]),
    route("DeleteObjectTagging", ["tagging"], ["versionId"]),
    route("DeleteObject", [], ["versionId"]),
  ],
};

/** Parameters that say nothing about the operation: SDKs name it, presigned requests carry their signature. */
const isAside = (name: string): boolean => name === "x-id" || /^x-amz-/iu.test(name);

/**
 * The operation's name in the S3 API, or the method with the parameter that no route knows (`GET ?acl`): such a request
 * is answered with 501, never taken for the plain operation.
 */
export function s3OperationOf(request: SandboxRequest): string {
  const { bucket, encodedKey } = targetOf(request);
  const level = bucket === "" ? "service" : encodedKey === "" ? "bucket" : "key";
  const found = routes[`${level} ${request.method}`]?.find(
    ({ needs, header }) =>
      needs.every((name) => request.query.has(name)) && (header === undefined || request.headers[header] !== undefined),
  );
  const stranger = [...request.query.keys()].find((name) => !isAside(name) && !found?.needs.includes(name) && !found?.takes.includes(name));
  if (stranger !== undefined) return `${request.method} ?${stranger}`;
  return found?.operation ?? `${request.method} ${level}`;
}
