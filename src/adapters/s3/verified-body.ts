/** Bodies that are checked before their last byte leaves, so that no server ever commits other bytes than were promised. */

import { createHash } from "node:crypto";
import { BelayError } from "../../core/belay-error.ts";
import type { Body } from "../../core/body.ts";

/** Throws this where a source does not yield the bytes of its digest. */
export const inputChanged = (key: string): BelayError =>
  new BelayError(
    "input-changed",
    `${key} changed while it was being read`,
    "Wait until whatever writes it is done, then run the command again.",
  );

/** The bytes of a body, in order. The last chunk comes only when all of them are right; throws `input-changed` otherwise. */
export async function* verifiedChunks(body: Body, key: string): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash("sha256");
  let withheld: Uint8Array | undefined;
  let sizeBytes = 0;
  for await (const chunk of body.open()) {
    if (chunk.byteLength === 0) continue;
    sizeBytes += chunk.byteLength;
    if (sizeBytes > body.sizeBytes) throw inputChanged(key);
    hash.update(chunk);
    if (withheld) yield withheld;
    withheld = chunk;
  }
  if (sizeBytes !== body.sizeBytes || hash.digest("hex") !== body.digest) throw inputChanged(key);
  if (withheld) yield withheld;
}

/** All bytes of a body that fits in memory, checked. */
export async function collectVerified(body: Body, key: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of verifiedChunks(body, key)) chunks.push(chunk);
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks);
}
