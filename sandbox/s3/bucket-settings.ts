/** What a bucket keeps about itself: policy, access, logging and the like. Kept and given back as it came, and enforced nowhere. */

import { ownerXml } from "./bucket-operations.ts";
import { bucketOf, xmlAnswer, type Operation } from "./cloud.ts";
import { S3Error, type S3ErrorCode } from "./s3-error.ts";
import { bucketSettings } from "./s3-operation.ts";
import { branch, leaf, readXml, s3Document } from "./xml.ts";

interface SettingShape {
  /** Root element of its document; absent for the policy, which is JSON. */
  readonly root?: string;
  /** What stands where nothing was put: an answer, or the error that says so. */
  readonly otherwise: { readonly content: readonly string[] } | { readonly code: S3ErrorCode; readonly message: string };
}

const unset = (code: S3ErrorCode, message: string): SettingShape["otherwise"] => ({ code, message });

/** The codes and documents are those of the S3 API reference. */
const shapes: Readonly<Record<string, SettingShape>> = {
  acl: {
    root: "AccessControlPolicy",
    otherwise: {
      content: [
        ownerXml,
        branch("AccessControlList", branch("Grant", branch("Grantee", leaf("ID", "5a6d".repeat(16))), leaf("Permission", "FULL_CONTROL"))),
      ],
    },
  },
  encryption: {
    root: "ServerSideEncryptionConfiguration",
    // S3 has encrypted everything with its own keys since 2023.
    otherwise: { content: [branch("Rule", branch("ApplyServerSideEncryptionByDefault", leaf("SSEAlgorithm", "AES256")))] },
  },
  lifecycle: {
    root: "LifecycleConfiguration",
    otherwise: unset("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
  },
  logging: { root: "BucketLoggingStatus", otherwise: { content: [] } },
  ownershipControls: {
    root: "OwnershipControls",
    otherwise: unset("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"),
  },
  policy: { otherwise: unset("NoSuchBucketPolicy", "The bucket policy does not exist") },
  publicAccessBlock: {
    root: "PublicAccessBlockConfiguration",
    otherwise: unset("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"),
  },
  website: {
    root: "WebsiteConfiguration",
    otherwise: unset("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
  },
};

/** S3 User Guide, "Bucket policies": 20 KB. */
const policyBytesMax = 20 * 1024;

/** Every operation on a setting, by its name in the S3 API. */
export const settingOperations: Readonly<Record<string, Operation>> = Object.fromEntries(
  Object.entries(bucketSettings).flatMap(([setting, { GET, PUT, DELETE }]) => [
    ...(GET === undefined ? [] : [[GET, get(setting)] as const]),
    ...(PUT === undefined ? [] : [[PUT, put(setting)] as const]),
    ...(DELETE === undefined ? [] : [[DELETE, remove(setting)] as const]),
  ]),
);

function get(setting: string): Operation {
  return (cloud, call) => {
    const kept = bucketOf(cloud, call.bucket).settings.get(setting);
    const { root, otherwise } = shapeOf(setting);
    if (kept !== undefined) {
      const bytes = Buffer.from(kept, "utf8");
      if (root !== undefined) return xmlAnswer(bytes);
      return { status: 200, headers: { "content-type": "application/json", "content-length": String(bytes.byteLength) }, body: bytes };
    }
    if ("code" in otherwise) throw new S3Error(otherwise.code, otherwise.message, { details: { BucketName: call.bucket } });
    return xmlAnswer(s3Document(root ?? "", ...otherwise.content));
  };
}

function put(setting: string): Operation {
  return (cloud, call) => {
    bucketOf(cloud, call.bucket);
    const { root } = shapeOf(setting);
    if (root === undefined) checkPolicy(call.body);
    else if (!readXml(call.body, root)) {
      throw new S3Error("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
    }
    cloud.commit({ kind: "setting-put", bucket: call.bucket, setting, document: Buffer.from(call.body).toString("utf8") });
    return root === undefined ? { status: 204, headers: {} } : { status: 200, headers: { "content-length": "0" } };
  };
}

function remove(setting: string): Operation {
  return (cloud, call) => {
    bucketOf(cloud, call.bucket);
    cloud.commit({ kind: "setting-put", bucket: call.bucket, setting });
    return { status: 204, headers: {} };
  };
}

function shapeOf(setting: string): SettingShape {
  const shape = shapes[setting];
  if (!shape) throw new Error(`no shape is known of the setting ${setting}`);
  return shape;
}

function checkPolicy(body: Uint8Array): void {
  const text = Buffer.from(body).toString("utf8");
  if (body.byteLength > policyBytesMax) throw new S3Error("MalformedPolicy", "Policies must be less than 20480 bytes.");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new S3Error("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'");
  }
  if (typeof value !== "object" || value === null || !("Statement" in value)) {
    throw new S3Error("MalformedPolicy", "Missing required field Statement");
  }
}
