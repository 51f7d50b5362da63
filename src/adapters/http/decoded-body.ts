import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

/**
 * A body as browsers read it, with its content encodings undone, the last one first (RFC 9110, section 8.4). `undefined` where
 * one is not known, the bytes are not what it says, or more than `bytesMax` would come of it.
 */
export function decodedBody(bytes: Uint8Array, contentEncoding: string | undefined, bytesMax: number): Uint8Array | undefined {
  const encodings = (contentEncoding ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
  let decoded: Uint8Array = bytes;
  for (const encoding of encodings.toReversed()) {
    const undo = decoders.get(encoding);
    if (!undo) return undefined;
    try {
      decoded = undo(decoded, { maxOutputLength: bytesMax });
    } catch {
      return undefined;
    }
  }
  return decoded;
}

type Decoder = (bytes: Uint8Array, limits: { readonly maxOutputLength: number }) => Uint8Array;

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["gzip", gunzipSync],
  ["x-gzip", gunzipSync],
  ["deflate", inflateSync],
  ["br", brotliDecompressSync],
]);
