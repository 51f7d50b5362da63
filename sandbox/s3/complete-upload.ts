/** CompleteMultipartUpload: the parts become one object, under the same conditions as a PUT. */

import { hash } from "node:crypto";
import type { Part, Upload } from "./bucket.ts";
import { checksumAlgorithms, checksumOf, compositeOf, type Checksum } from "./checksums.ts";
import { bucketOf, versionHeader, xmlAnswer, type Call, type Operation } from "./cloud.ts";
import { checkWrite, isSameEtag } from "./conditions.ts";
import { givenChecksum } from "./request-body.ts";
import { S3Error } from "./s3-error.ts";
import { uploadOf } from "./upload-part.ts";
import { newVersion } from "./write-object.ts";
import { childText, leaf, readXml, s3Document, type XmlElement } from "./xml.ts";

/** S3 User Guide, "Multipart upload limits": every part but the last. */
const partBytesMin = 5 * 1024 * 1024;

export const completeMultipartUpload: Operation = (cloud, call) => {
  const upload = uploadOf(cloud, call);
  const bucket = bucketOf(cloud, call.bucket);
  const parts = partsNamed(call, upload);
  checkWrite(bucket.current(call.key), call.key, call.request.headers);
  const bytes = new Uint8Array(Buffer.concat(parts.map(({ blob }) => blob.read())));
  const checksum = checksumOfParts(upload, parts, bytes);
  checkGiven(givenChecksum(call.request.headers), checksum, bytes);
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.replaceAll('"', ""), "hex")));
  const etag = `"${hash("md5", digests, "hex")}-${parts.length}"`;
  const version = newVersion(cloud, call, { etag, bytes, headers: upload.start.headers, ...(checksum ? { checksum } : {}) });
  cloud.commit(
    { kind: "version-added", bucket: call.bucket, version },
    { kind: "upload-ended", bucket: call.bucket, uploadId: upload.start.id },
  );
  const sum = checksum
    ? leaf(`Checksum${checksum.algorithm.toUpperCase()}`, checksum.value) +
      leaf("ChecksumType", checksum.isComposite ? "COMPOSITE" : "FULL_OBJECT")
    : "";
  const location = leaf("Location", `/${call.bucket}/${call.key}`);
  const names = location + leaf("Bucket", call.bucket) + leaf("Key", call.key);
  return xmlAnswer(s3Document("CompleteMultipartUploadResult", names, leaf("ETag", etag), sum), versionHeader(bucket, version.id));
};

/** The parts that the request lists, in its order. Throws unless they ascend, exist under these ETags and are large enough. */
function partsNamed(call: Call, upload: Upload): Part[] {
  const listed = readXml(call.body, "CompleteMultipartUpload")?.children.get("Part") ?? [];
  if (listed.length === 0) {
    throw new S3Error("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
  }
  let before = 0;
  const parts: Part[] = [];
  for (const element of listed) {
    const number = Number(childText(element, "PartNumber"));
    if (!(number > before))
      throw new S3Error("InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.");
    before = number;
    parts.push(partNamed(element, number, upload));
  }
  const small = parts.slice(0, -1).find(({ sizeBytes }) => sizeBytes < partBytesMin);
  if (!small) return parts;
  throw new S3Error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
    details: {
      ProposedSize: String(small.sizeBytes),
      MinSizeAllowed: String(partBytesMin),
      PartNumber: String(small.number),
      ETag: small.etag,
    },
  });
}

function partNamed(element: XmlElement, number: number, upload: Upload): Part {
  const part = upload.parts.get(number);
  const { algorithm: begun, isComposite } = upload.start;
  if (isComposite && begun && childText(element, `Checksum${begun.toUpperCase()}`) === undefined) {
    throw new S3Error(
      "InvalidRequest",
      `The upload was created using a ${begun} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
    );
  }
  const etag = childText(element, "ETag") ?? "";
  const isSameChecksum = checksumAlgorithms.every((algorithm) => {
    const given = childText(element, `Checksum${algorithm.toUpperCase()}`);
    return given === undefined || (part?.checksum?.algorithm === algorithm && part.checksum.value === given);
  });
  if (part && isSameEtag(etag, part.etag) && isSameChecksum) return part;
  throw new S3Error(
    "InvalidPart",
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { details: { UploadId: upload.start.id, PartNumber: String(number), ETag: etag } },
  );
}

function checksumOfParts(upload: Upload, parts: readonly Part[], bytes: Uint8Array): Checksum | undefined {
  const { algorithm, isComposite } = upload.start;
  if (!algorithm) return undefined;
  const ofParts = parts.map(({ checksum }) => checksum?.value ?? "");
  return { algorithm, value: isComposite ? compositeOf(algorithm, ofParts) : checksumOf(algorithm, bytes), isComposite };
}

/** The sender's checksum of the finished object, if it gave one. */
function checkGiven(given: Checksum | undefined, known: Checksum | undefined, bytes: Uint8Array): void {
  if (!given) return;
  const expected = known?.algorithm === given.algorithm ? known.value : checksumOf(given.algorithm, bytes);
  if (expected === given.value) return;
  throw new S3Error("BadDigest", `The ${given.algorithm.toUpperCase()} you specified did not match the calculated checksum.`);
}
