import { invariant } from "../../belay-error.ts";
import type { Edit } from "../document.ts";

/** The bytes with each span replaced. Edits are sorted and do not overlap (see `orderEdits`); anything else is a bug. */
export function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const grown = edits.reduce((sum, { span, bytes: said }) => sum + said.byteLength - (span.end - span.start), 0);
  const edited = new Uint8Array(Math.max(0, bytes.byteLength + grown));
  let from = 0;
  let to = 0;
  for (const [at, { span, bytes: said }] of edits.entries()) {
    const isShared = span.start === span.end && edits[at - 1]?.span.start === span.start;
    invariant(span.start >= from && span.end >= span.start && span.end <= bytes.byteLength, "edits are sorted, apart and within the bytes");
    invariant(!isShared, "two insertions do not share a place");
    edited.set(bytes.subarray(from, span.start), to);
    to += span.start - from;
    edited.set(said, to);
    to += said.byteLength;
    from = span.end;
  }
  edited.set(bytes.subarray(from), to);
  return edited;
}
