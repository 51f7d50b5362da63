/** Buckets themselves: creating, finding, versioning, deleting. */

import { bucketOf, isoSeconds, xmlAnswer, type Operation } from "./cloud.ts";
import { S3Error } from "./s3-error.ts";
import { branch, childText, leaf, readXml, s3Document } from "./xml.ts";

/** The canonical user that everything belongs to; invented. */
export const ownerXml: string = branch("Owner", leaf("ID", "5a6d".repeat(16)), leaf("DisplayName", "sandbox"));

/** S3 User Guide, "General purpose bucket naming rules", without the reserved prefixes and suffixes. */
function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u.test(name) && !name.includes("..") && !/^\d+(?:\.\d+){3}$/u.test(name);
}

/** Since April 2023 a new bucket lets no stranger in, and no list of grants speaks for it. Source: S3 User Guide, "Blocking public access". */
const newBucketSettings: Readonly<Record<string, string>> = {
  publicAccessBlock: Buffer.from(
    s3Document(
      "PublicAccessBlockConfiguration",
      ...["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"].map((name) => leaf(name, true)),
    ),
  ).toString("utf8"),
  ownershipControls: Buffer.from(s3Document("OwnershipControls", branch("Rule", leaf("ObjectOwnership", "BucketOwnerEnforced")))).toString(
    "utf8",
  ),
};

export const createBucket: Operation = (cloud, call) => {
  if (!isBucketName(call.bucket)) {
    throw new S3Error("InvalidBucketName", "The specified bucket is not valid.", { details: { BucketName: call.bucket } });
  }
  if (cloud.buckets.has(call.bucket)) {
    throw new S3Error("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.", {
      details: { BucketName: call.bucket },
    });
  }
  const { bucket } = call;
  cloud.commit(
    { kind: "bucket-created", bucket, atMs: call.nowMs },
    ...Object.entries(newBucketSettings).map(([setting, document]) => ({ kind: "setting-put", bucket, setting, document }) as const),
  );
  return { status: 200, headers: { location: `/${call.bucket}`, "content-length": "0" } };
};

export const headBucket: Operation = (cloud, call) => {
  bucketOf(cloud, call.bucket);
  return { status: 200, headers: { "x-amz-bucket-region": cloud.region } };
};

export const deleteBucket: Operation = (cloud, call) => {
  const bucket = bucketOf(cloud, call.bucket);
  if (!bucket.isEmpty) {
    throw new S3Error("BucketNotEmpty", "The bucket you tried to delete is not empty", { details: { BucketName: call.bucket } });
  }
  cloud.commit({ kind: "bucket-deleted", bucket: call.bucket });
  return { status: 204, headers: {} };
};

export const listBuckets: Operation = (cloud) => {
  const buckets = [...cloud.buckets.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const entries = buckets.map(({ name, createdAtMs }) =>
    branch("Bucket", leaf("Name", name), leaf("CreationDate", isoSeconds(createdAtMs))),
  );
  return xmlAnswer(s3Document("ListAllMyBucketsResult", ownerXml, branch("Buckets", ...entries)));
};

export const getBucketLocation: Operation = (cloud, call) => {
  bucketOf(cloud, call.bucket);
  // For the oldest region the answer is empty, by the API reference.
  return xmlAnswer(s3Document("LocationConstraint", cloud.region === "us-east-1" ? "" : cloud.region));
};

export const getBucketVersioning: Operation = (cloud, call) => {
  const { versioning } = bucketOf(cloud, call.bucket);
  return xmlAnswer(s3Document("VersioningConfiguration", versioning === "never" ? "" : leaf("Status", versioning)));
};

export const putBucketVersioning: Operation = (cloud, call) => {
  bucketOf(cloud, call.bucket);
  const configuration = readXml(call.body, "VersioningConfiguration");
  const status = configuration && childText(configuration, "Status");
  if (status !== "Enabled" && status !== "Suspended") {
    throw new S3Error("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
  }
  if (configuration && childText(configuration, "MfaDelete") === "Enabled") {
    throw new S3Error("NotImplemented", "A parameter you provided implies functionality that is not implemented");
  }
  cloud.commit({ kind: "versioning-set", bucket: call.bucket, versioning: status });
  return { status: 200, headers: { "content-length": "0" } };
};
