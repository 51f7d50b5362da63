/** Names of calendar events that belay creates, so that the same record never becomes two events. */

import type { Sha256 } from "../brand.ts";

// RFC 4648, section 7, in lower case: the only characters that Google Calendar takes in an id.
const digits = "0123456789abcdefghijklmnopqrstuv";
const encoder = new TextEncoder();

/** The id of a record's event: base32hex of a digest of kind and record, 52 characters. The same two always give the same id. */
export function eventIdOf(kind: string, record: string, sha256: Sha256): string {
  const digest = sha256(encoder.encode(JSON.stringify([kind, record])));
  const bits = Array.from(digest, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0")).join("");
  const groups = bits.match(/.{1,5}/gu) ?? [];
  return groups.map((group) => digits.charAt(Number.parseInt(group.padEnd(5, "0"), 2))).join("");
}
