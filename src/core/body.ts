import type { Digest } from "./brand.ts";

/**
 * Bytes of a known digest and length that may be opened more than once.
 * `open` yields exactly those bytes or throws `BelayError("input-changed")` before its last chunk ends,
 * so a receiver that commits only after the last chunk can never commit other bytes.
 */
export interface Body {
  readonly digest: Digest;
  readonly sizeBytes: number;
  open(): AsyncIterable<Uint8Array>;
}

/** A body of bytes that are already in memory. The caller must not change them afterwards. */
export function bodyOf(bytes: Uint8Array, digest: Digest): Body {
  return {
    digest,
    sizeBytes: bytes.byteLength,
    async *open() {
      yield bytes;
    },
  };
}

/** All bytes of a body in one array. For objects that are known to fit in memory. */
export async function bytesOf(body: Body): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.open()) chunks.push(chunk);
  const [only] = chunks;
  if (chunks.length === 1 && only) return only;
  const bytes = new Uint8Array(body.sizeBytes);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
