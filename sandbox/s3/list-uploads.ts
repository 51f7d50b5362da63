/** ListParts and ListMultipartUploads. */

import { ownerXml } from "./bucket-operations.ts";
import { rankOf } from "./byte-order.ts";
import { bucketOf, countOf, isoSeconds, xmlAnswer, type Operation } from "./cloud.ts";
import { listingRequest } from "./listing.ts";
import { uploadOf } from "./upload-part.ts";
import { branch, leaf, s3Document } from "./xml.ts";

/** S3 API reference, ListParts and ListMultipartUploads. */
const pageMax = 1000;

export const listParts: Operation = (cloud, call) => {
  const { start, parts } = uploadOf(cloud, call);
  const { spell, isEncoded } = listingRequest(call);
  const maxParts = countOf(call, "max-parts", pageMax);
  const marker = countOf(call, "part-number-marker", Number.MAX_SAFE_INTEGER);
  const after = call.request.query.has("part-number-marker") ? marker : 0;
  const all = [...parts.values()].filter(({ number }) => number > after).toSorted((left, right) => left.number - right.number);
  const shown = all.slice(0, maxParts);
  const entries = shown.map((part) => {
    const sum = part.checksum ? leaf(`Checksum${part.checksum.algorithm.toUpperCase()}`, part.checksum.value) : "";
    const about = leaf("LastModified", isoSeconds(part.modifiedAtMs)) + leaf("ETag", part.etag) + leaf("Size", part.sizeBytes);
    return branch("Part", leaf("PartNumber", part.number), about, sum);
  });
  return xmlAnswer(
    s3Document(
      "ListPartsResult",
      leaf("Bucket", call.bucket) + leaf("Key", spell(call.key)) + leaf("UploadId", start.id),
      leaf("PartNumberMarker", after),
      leaf("NextPartNumberMarker", shown.at(-1)?.number ?? after),
      leaf("MaxParts", maxParts),
      leaf("IsTruncated", shown.length > 0 && shown.length < all.length),
      isEncoded ? leaf("EncodingType", "url") : "",
      ownerXml,
      leaf("StorageClass", "STANDARD"),
      ...entries,
    ),
  );
};

export const listMultipartUploads: Operation = (cloud, call) => {
  const bucket = bucketOf(cloud, call.bucket);
  const { prefix, spell, isEncoded } = listingRequest(call);
  const keyMarker = call.request.query.get("key-marker") ?? "";
  const idMarker = keyMarker === "" ? "" : (call.request.query.get("upload-id-marker") ?? "");
  const maxUploads = countOf(call, "max-uploads", pageMax);
  const markerRank = rankOf(keyMarker);
  const all = [...bucket.uploads.values()]
    .map(({ start }) => ({ start, rank: rankOf(start.key) }))
    .filter(
      ({ start, rank }) =>
        start.key.startsWith(prefix) && (rank > markerRank || (rank === markerRank && idMarker !== "" && start.id > idMarker)),
    )
    .toSorted((left, right) => (left.rank < right.rank || (left.rank === right.rank && left.start.id < right.start.id) ? -1 : 1));
  const shown = all.slice(0, maxUploads);
  const last = shown.at(-1)?.start;
  const isTruncated = last !== undefined && shown.length < all.length;
  const entries = shown.map(({ start }) => {
    const named = leaf("Key", spell(start.key)) + leaf("UploadId", start.id);
    return branch("Upload", named, ownerXml, leaf("StorageClass", "STANDARD"), leaf("Initiated", isoSeconds(start.startedAtMs)));
  });
  return xmlAnswer(
    s3Document(
      "ListMultipartUploadsResult",
      leaf("Bucket", call.bucket) + leaf("KeyMarker", spell(keyMarker)) + leaf("UploadIdMarker", idMarker),
      isTruncated ? leaf("NextKeyMarker", spell(last.key)) + leaf("NextUploadIdMarker", last.id) : "",
      leaf("Prefix", spell(prefix)),
      leaf("MaxUploads", maxUploads),
      leaf("IsTruncated", isTruncated),
      isEncoded ? leaf("EncodingType", "url") : "",
      ...entries,
    ),
  );
};
