/**
 * Whether edited bytes are what their edits say, and nothing else. It shares no code with what applies edits, so that no mistake
 * there can hide here: it walks both bodies byte by byte, and hashes what lies outside of the spans from the edited side.
 */

import type { Digest, Sha256 } from "../../brand.ts";
import type { CheckedEdit } from "./checked-edit.ts";

export type EditVerdict =
  | { readonly kind: "good" }
  /** `why`: one clause for people, without a full stop. */
  | { readonly kind: "bad"; readonly why: string };

const bad = (why: string): EditVerdict => ({ kind: "bad", why });

/** `edits`: in the order of their spans. Never throws. */
export function checkEdits(before: Uint8Array, after: Uint8Array, edits: readonly CheckedEdit[], sha256: Sha256): EditVerdict {
  let here = 0;
  let there = 0;
  for (const edit of edits) {
    const { start, end } = edit.span;
    if (start < here || end < start || end > before.length)
      return bad(`the span ${start} to ${end} is not within what is left of the bytes`);
    for (; here < start; here += 1, there += 1) {
      if (before[here] !== after[there]) return bad(`byte ${here}, outside of every span, is another one after the edit`);
    }
    if (!holdsAt(before, here, edit.old) || edit.old.length !== end - start)
      return bad(`the span ${start} to ${end} does not hold what the edit says it replaces`);
    if (!holdsAt(after, there, edit.new)) return bad(`the span ${start} to ${end} was not replaced by what the edit says`);
    here = end;
    there += edit.new.length;
  }
  if (before.length - here !== after.length - there) return bad("what follows the last span has another length after the edit");
  for (; here < before.length; here += 1, there += 1) {
    if (before[here] !== after[there]) return bad(`byte ${here}, outside of every span, is another one after the edit`);
  }
  return checkMeant(before, edits, digestOfRest(after, edits, sha256));
}

/** The bytes are as the edits say; whether the edits are as they should be. */
function checkMeant(before: Uint8Array, edits: readonly CheckedEdit[], outside: Digest): EditVerdict {
  const emptied = edits.find((edit) => isEmptied(before, edit));
  if (emptied) return bad(`the edit at ${emptied.span.start} leaves an element without the text that it had`);
  const other = edits.find((edit) => edit.outside !== outside);
  return other ? bad(`the edit at ${other.span.start} was made for other surroundings`) : { kind: "good" };
}

const [less, greater] = [0x3c, 0x3e];
/** Spaces, line ends, and the noughts that a character of UTF-16 has. */
const isBlank = (byte: number | undefined): boolean => byte === 0 || byte === 0x20 || (byte !== undefined && byte >= 9 && byte <= 13);

/** Whether an edit takes all that stands between two tags. */
function isEmptied(before: Uint8Array, { span, old, new: said }: CheckedEdit): boolean {
  if (!said.every(isBlank) || old.every(isBlank)) return false;
  let [start, { end }] = [span.start - 1, span];
  while (isBlank(before[start])) start -= 1;
  while (isBlank(before[end])) end += 1;
  return before[start] === greater && before[end] === less;
}

function holdsAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let step = 0; step < wanted.length; step += 1) if (bytes[at + step] !== wanted[step]) return false;
  return true;
}

/** What is not new in the edited bytes, each piece after its length: the format that `outside` is in. */
function digestOfRest(after: Uint8Array, edits: readonly CheckedEdit[], sha256: Sha256): Digest {
  const isNew = new Uint8Array(after.length + 1);
  const sizes: number[] = [];
  let grown = 0;
  let last = 0;
  for (const { span, new: said } of edits) {
    const start = span.start + grown;
    isNew.fill(1, start, start + said.length);
    sizes.push(start - last);
    last = start + said.length;
    grown += said.length - (span.end - span.start);
  }
  sizes.push(after.length - last);
  const rest = after.filter((_, at) => isNew[at] === 0);
  const hashed: Uint8Array = new Uint8Array(rest.length + sizes.length * 8);
  let from = 0;
  let to = 0;
  for (const size of sizes) {
    for (let digit = 0; digit < 8; digit += 1) hashed[to + 7 - digit] = digit < 6 ? Math.floor(size / 256 ** digit) % 256 : 0;
    hashed.set(rest.subarray(from, from + size), to + 8);
    from += size;
    to += 8 + size;
  }
  return sha256(hashed);
}
