/** CreateMultipartUpload, UploadPart, UploadPartCopy and AbortMultipartUpload. */

import type { Part, Upload } from "./bucket.ts";
import { byteRangeOf } from "./byte-range.ts";
import { algorithmNamed, checksumOf, type Checksum, type ChecksumAlgorithm } from "./checksums.ts";
import { bucketOf, isoSeconds, xmlAnswer, type Call, type Cloud, type Operation } from "./cloud.ts";
import { checksumHeaders, headersToKeep, refuseUnknownHeaders } from "./object-headers.ts";
import { S3Error } from "./s3-error.ts";
import { leaf, s3Document } from "./xml.ts";
import { copySourceOf, md5Etag } from "./write-object.ts";

/** S3 User Guide, "Multipart upload limits". */
const partNumberMax = 10_000;

export const createMultipartUpload: Operation = (cloud, call) => {
  bucketOf(cloud, call.bucket);
  const { headers } = call.request;
  refuseUnknownHeaders(headers);
  const algorithm = askedAlgorithm(headers["x-amz-checksum-algorithm"]);
  const type = headers["x-amz-checksum-type"]?.toUpperCase();
  const isComposite = algorithm !== undefined && algorithm !== "crc64nvme" && type !== "FULL_OBJECT";
  const isPossible = type === undefined || (type === "COMPOSITE" ? isComposite : algorithm?.startsWith("crc") === true);
  if (!isPossible) throw new S3Error("InvalidRequest", "The checksum type cannot be used with the specified checksum algorithm.");
  const id = cloud.draw();
  const start = { id, key: call.key, headers: headersToKeep(headers), startedAtMs: call.nowMs, isComposite };
  cloud.commit({ kind: "upload-started", bucket: call.bucket, start: { ...start, ...(algorithm ? { algorithm } : {}) } });
  const answer = algorithm
    ? { "x-amz-checksum-algorithm": algorithm.toUpperCase(), "x-amz-checksum-type": isComposite ? "COMPOSITE" : "FULL_OBJECT" }
    : {};
  const names = leaf("Bucket", call.bucket) + leaf("Key", call.key);
  return xmlAnswer(s3Document("InitiateMultipartUploadResult", names, leaf("UploadId", id)), answer);
};

function askedAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  const algorithm = name === undefined ? undefined : algorithmNamed(name);
  if (name !== undefined && !algorithm) throw new S3Error("InvalidRequest", "Checksum algorithm provided is unsupported.");
  return algorithm;
}

/** The upload that a call names. Throws 404 where it has ended or never was this key's. */
export function uploadOf(cloud: Cloud, call: Call): Upload {
  const id = call.request.query.get("uploadId") ?? "";
  const upload = bucketOf(cloud, call.bucket).uploads.get(id);
  if (upload?.start.key === call.key) return upload;
  throw new S3Error(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    {
      details: { UploadId: id },
    },
  );
}

function partNumberOf(call: Call): number {
  const text = call.request.query.get("partNumber") ?? "";
  const number = /^\d{1,5}$/u.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= partNumberMax) return number;
  throw new S3Error("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive", {
    details: { ArgumentName: "partNumber", ArgumentValue: text },
  });
}

function addPart(cloud: Cloud, call: Call, upload: Upload, bytes: Uint8Array): Part {
  const { algorithm } = upload.start;
  const given = call.checksum;
  if (given && algorithm && given.algorithm !== algorithm) {
    throw new S3Error(
      "InvalidRequest",
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm}, actual checksum Type: ${given.algorithm}`,
    );
  }
  const own: Checksum | undefined = algorithm && { algorithm, value: checksumOf(algorithm, bytes), isComposite: false };
  const checksum = given ?? own;
  const part: Part = {
    number: partNumberOf(call),
    etag: md5Etag(bytes),
    sizeBytes: bytes.byteLength,
    modifiedAtMs: call.nowMs,
    blob: cloud.blobs.keep(bytes),
    ...(checksum ? { checksum } : {}),
  };
  cloud.commit({ kind: "part-added", bucket: call.bucket, uploadId: upload.start.id, part });
  return part;
}

export const uploadPart: Operation = (cloud, call) => {
  const upload = uploadOf(cloud, call);
  const part = addPart(cloud, call, upload, call.body);
  const { "x-amz-checksum-type": _type, ...checksum } = checksumHeaders(part.checksum);
  return { status: 200, headers: { etag: part.etag, "content-length": "0", ...checksum } };
};

export const uploadPartCopy: Operation = (cloud, call) => {
  const upload = uploadOf(cloud, call);
  const source = copySourceOf(cloud, call);
  const asked = call.request.headers["x-amz-copy-source-range"];
  const range = byteRangeOf(asked, source.version.sizeBytes);
  const isWhole = asked === undefined;
  const isExact = typeof range === "object" && asked === `bytes=${range.first}-${range.last}`;
  if (!isWhole && !isExact) {
    throw new S3Error("InvalidArgument", `Range specified is not valid for source object of size: ${source.version.sizeBytes}`, {
      details: { ArgumentName: "x-amz-copy-source-range", ArgumentValue: asked },
    });
  }
  const all = source.version.blob.read();
  const part = addPart(cloud, call, upload, typeof range === "object" ? all.slice(range.first, range.last + 1) : all);
  const { checksum } = part;
  const sum = checksum ? leaf(`Checksum${checksum.algorithm.toUpperCase()}`, checksum.value) : "";
  const document = s3Document("CopyPartResult", leaf("LastModified", isoSeconds(part.modifiedAtMs)), leaf("ETag", part.etag), sum);
  return xmlAnswer(document, source.headers);
};

export const abortMultipartUpload: Operation = (cloud, call) => {
  const { start } = uploadOf(cloud, call);
  cloud.commit({ kind: "upload-ended", bucket: call.bucket, uploadId: start.id });
  return { status: 204, headers: {} };
};
