import { BelayError } from "../../core/belay-error.ts";
import type { WireAnswer } from "../shared/aws/wire.ts";
import type { Sight } from "./fresh-writes.ts";
import { spellHeaders } from "./object-headers.ts";
import { bareEtag, secondOf } from "./revision.ts";
import type { S3Place } from "./s3-place.ts";

/** The version of a header, where the bucket keeps versions: `null` is what objects from before are called. */
export const versionIdIn = (headers: Readonly<Record<string, string>>): string | undefined => headers["x-amz-version-id"];

/** What an answer to GET or HEAD shows. Throws `store-unreachable` where it names no ETag or no time: such a server cannot be guarded. */
export async function sightOf(
  place: S3Place,
  key: string,
  { headers }: Pick<WireAnswer, "headers">,
): Promise<Required<Pick<Sight, "spelling">> & Sight> {
  const etag = bareEtag(headers["etag"]);
  const second = secondOf(headers["last-modified"]);
  if (etag === undefined || second === undefined) {
    const { base } = await place.wire();
    throw new BelayError(
      "store-unreachable",
      `${base} answered for ${place.inBucket(key)} without an ETag or Last-Modified`,
      "Use a server that tells both: without them no change can be noticed.",
    );
  }
  const versionId = versionIdIn(headers);
  return { etag, second, spelling: spellHeaders(headers), ...(versionId !== undefined && { versionId }) };
}
