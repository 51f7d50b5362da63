import type { CallOptions, WriteOutcome } from "../../ports/store.ts";
import { readObject } from "./read-object.ts";
import type { S3Place } from "./s3-place.ts";

/** A conflict, with what stands there now and its digest. */
export async function conflictAt(place: S3Place, key: string, options: CallOptions): Promise<WriteOutcome> {
  const found = await readObject(place, key, options);
  return { kind: "conflict", found: found?.reading.observed };
}
