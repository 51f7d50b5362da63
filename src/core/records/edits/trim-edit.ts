import type { Edit } from "../document.ts";

/** How the bytes of a document make characters. `bytes`: each byte is one. */
export type CharacterBytes = "utf-8" | "utf-16le" | "utf-16be" | "bytes";

/**
 * The least edit that leaves the same bytes: what stays the same at both ends is taken off, in whole characters, and never in the
 * middle of an entity (`&ndash;`) or an escape (`\u2013`). `undefined` where nothing changes.
 */
export function trimEdit(before: Uint8Array, { span, bytes }: Edit, characters: CharacterBytes): Edit | undefined {
  const old = before.subarray(span.start, span.end);
  let head = 0;
  while (head < old.length && head < bytes.length && old[head] === bytes[head]) head += 1;
  if (head === old.length && head === bytes.length) return undefined;
  while (head > 0 && !(isBoundary(old, head, characters) && isBoundary(bytes, head, characters))) head -= 1;
  const most = Math.min(old.length, bytes.length) - head;
  let tail = 0;
  while (tail < most && old[old.length - 1 - tail] === bytes[bytes.length - 1 - tail]) tail += 1;
  while (tail > 0 && !(isBoundary(old, old.length - tail, characters) && isBoundary(bytes, bytes.length - tail, characters))) tail -= 1;
  return { span: { start: span.start + head, end: span.end - tail }, bytes: bytes.subarray(head, bytes.length - tail) };
}

const [ampersand, backslash] = [0x26, 0x5c];
/** So far back an entity or escape may have begun. */
const escapeUnitsMax = 32;

/** Whether a character begins at byte `at`, and no entity or escape is under way. */
function isBoundary(bytes: Uint8Array, at: number, characters: CharacterBytes): boolean {
  const unit = characters.startsWith("utf-16") ? 2 : 1;
  if (at % unit !== 0) return false;
  if (at < bytes.length && isWithinCharacter(bytes, at, characters)) return false;
  for (let back = 1; back <= escapeUnitsMax && at - back * unit >= 0; back += 1) {
    const code = codeAt(bytes, at - back * unit, characters);
    if (code === ampersand || code === backslash) return false;
    if (!isEscapeUnit(code)) return true;
  }
  return true;
}

/** A trailing byte of UTF-8, or the second half of a surrogate pair. */
function isWithinCharacter(bytes: Uint8Array, at: number, characters: CharacterBytes): boolean {
  if (characters === "utf-8") return ((bytes[at] ?? 0) & 0xc0) === 0x80;
  if (characters === "bytes") return false;
  const code = codeAt(bytes, at, characters);
  return code >= 0xdc_00 && code <= 0xdf_ff;
}

function codeAt(bytes: Uint8Array, at: number, characters: CharacterBytes): number {
  const [first = 0, second = 0] = bytes.subarray(at, at + 2);
  if (characters === "utf-16le") return second * 256 + first;
  return characters === "utf-16be" ? first * 256 + second : first;
}

/** Letters, digits, `#`, `{`: what entities and escapes are made of. */
const isEscapeUnit = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x23 || code === 0x7b;
