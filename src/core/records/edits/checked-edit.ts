import type { Digest, Sha256 } from "../../brand.ts";
import type { Edit, Span } from "../document.ts";

/** An edit with what it is held against before anything is written. */
export interface CheckedEdit {
  readonly span: Span;
  readonly old: Uint8Array;
  readonly new: Uint8Array;
  /** `outsideDigest` of all edits of the same bytes together. */
  readonly outside: Digest;
}

/** Records of sorted edits that do not overlap. */
export function checkedEdits(before: Uint8Array, edits: readonly Edit[], sha256: Sha256): readonly CheckedEdit[] {
  const outside = outsideDigest(
    before,
    edits.map(({ span }) => span),
    sha256,
  );
  return edits.map(({ span, bytes }) => ({ span, old: before.slice(span.start, span.end), new: bytes, outside }));
}

/**
 * SHA-256 over what lies outside of sorted spans, piece by piece, each after its length in bytes (eight bytes, the highest first).
 * How long the spans are does not count, so bytes keep this digest when only their spans are edited.
 */
export function outsideDigest(bytes: Uint8Array, spans: readonly Span[], sha256: Sha256): Digest {
  const pieces = [...spans.map(({ start }, at) => bytes.subarray(spans[at - 1]?.end ?? 0, start)), bytes.subarray(spans.at(-1)?.end ?? 0)];
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + 8 + piece.byteLength, 0));
  const view = new DataView(joined.buffer);
  let at = 0;
  for (const piece of pieces) {
    view.setBigUint64(at, BigInt(piece.byteLength));
    joined.set(piece, at + 8);
    at += 8 + piece.byteLength;
  }
  return sha256(joined);
}
