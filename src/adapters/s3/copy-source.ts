import type { CallOptions } from "../../ports/store.ts";
import type { CopyFrom } from "./copy-requests.ts";
import { hexOf } from "./copy-requests.ts";
import { isHeldBy, type Mark } from "./revision.ts";
import type { S3Place } from "./s3-place.ts";
import { sightOf } from "./sight-of.ts";

/** An object of another bucket, as a look at it has shown. */
export interface CopySource extends CopyFrom {
  readonly place: S3Place;
  readonly key: string;
  readonly sizeBytes: number;
  /** Of all its bytes, in hexadecimal; absent where the server keeps none. */
  readonly sha256?: string;
  /** Of all its bytes, in base64 as S3 has it; absent where the server keeps none. */
  readonly crc64nvme?: string;
}

/** What stands there, if it still is the revision that is meant; nothing of its bytes is read. Throws `store-denied` and the like. */
export async function lookAtSource(place: S3Place, key: string, pinned: Mark, options: CallOptions): Promise<CopySource | undefined> {
  const headers = { "x-amz-checksum-mode": "ENABLED" };
  const ask = { action: "s3:GetObject", method: "HEAD", key, headers, isRepeatable: true } as const;
  const answer = await place.ask(ask, options);
  if (answer.status !== 200 && answer.status !== 404) throw await place.errorOf(answer, ask);
  answer.discard();
  if (answer.status === 404) return undefined;
  const sight = await sightOf(place, key, answer);
  const { versionId } = sight;
  if (!isHeldBy(pinned, sight)) return undefined;
  return {
    place,
    key,
    bucket: place.bucket,
    name: place.inBucket(key),
    etag: sight.etag,
    sizeBytes: Number(answer.headers["content-length"] ?? Number.NaN),
    ...(versionId !== undefined && versionId !== "null" && { versionId }),
    ...checksumsIn(answer.headers),
  };
}

/** A composite checksum is one over the sums of parts, and says nothing of the whole. */
function checksumsIn(headers: Readonly<Record<string, string>>): Pick<CopySource, "sha256" | "crc64nvme"> {
  if ((headers["x-amz-checksum-type"] ?? "FULL_OBJECT") !== "FULL_OBJECT") return {};
  const sha256 = hexOf(headers["x-amz-checksum-sha256"]);
  const crc64nvme = headers["x-amz-checksum-crc64nvme"];
  return { ...(sha256 !== undefined && { sha256 }), ...(crc64nvme !== undefined && { crc64nvme }) };
}
