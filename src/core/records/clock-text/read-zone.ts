/** A zone written after a time: `PDT`, `Z`, `-07:00`, `GMT-0700`, `(Pacific Time)`. */

import { zoneWords } from "./calendar-words.ts";
import type { ClockSlot, WrittenZone } from "./clock-mention.ts";
import { isColon, isNumber, type Reader, skipSpace, tokenAt } from "./clock-tokens.ts";

export interface ZoneFound {
  readonly zone: WrittenZone;
  readonly slots: readonly ClockSlot[];
  readonly to: number;
  readonly next: number;
}

/** `-07:00`, `+0530`, `+2` (only after GMT or UTC), at this token. Minutes east of UTC. */
export function readOffset(
  reader: Reader,
  at: number,
  isShortFine: boolean,
): { readonly offset: number; readonly to: number; readonly next: number } | undefined {
  const sign = tokenAt(reader, at).text;
  const hours = tokenAt(reader, at + 1);
  if (!["+", "-", "−"].includes(sign) || sign === "" || hours.kind !== "number") return undefined;
  const found = (hour: number, minute: number, last: number): ReturnType<typeof readOffset> =>
    hour > 14 || minute > 59
      ? undefined
      : { offset: (sign === "+" ? 1 : -1) * (hour * 60 + minute), to: tokenAt(reader, last).to, next: last + 1 };
  if (isNumber(hours, 4, 4)) return found(Number(hours.text.slice(0, 2)), Number(hours.text.slice(2)), at + 1);
  if (!isNumber(hours, isShortFine ? 1 : 2, 2)) return undefined;
  const minutes = tokenAt(reader, at + 3);
  if (isColon(tokenAt(reader, at + 2)) && isNumber(minutes, 2, 2)) return found(Number(hours.text), Number(minutes.text), at + 3);
  return found(Number(hours.text), 0, at + 1);
}

const places: ReadonlyMap<string, string> = new Map([
  ["pacific", "America/Los_Angeles"],
  ["mountain", "America/Denver"],
  ["central", "America/Chicago"],
  ["eastern", "America/New_York"],
]);

/** `Pacific Time`, `Pacific Daylight Time`, in brackets or not, at this token. */
function readPlace(reader: Reader, at: number): ZoneFound | undefined {
  const bracket = tokenAt(reader, at).text === "(" ? 1 : 0;
  const first = tokenAt(reader, at + bracket);
  const iana = places.get(first.lower);
  if (iana === undefined) return undefined;
  let word = skipSpace(reader, at + bracket + 1);
  const season = tokenAt(reader, word);
  const isSeason = season.lower === "daylight" || season.lower === "standard";
  if (isSeason) word = skipSpace(reader, word + 1);
  const time = tokenAt(reader, word);
  if (time.lower !== "time") return undefined;
  const slots: ClockSlot[] = isSeason ? [{ kind: "zone-name", of: "start", from: season.from, to: season.to }] : [];
  const last = bracket === 1 && tokenAt(reader, word + 1).text === ")" ? word + 1 : word;
  const to = tokenAt(reader, last).to;
  return { zone: { text: reader.text.slice(first.from, time.to), iana }, slots, to, next: last + 1 };
}

/** `GMT-0700`: the offset is what counts. */
function withOffset(reader: Reader, at: number): ZoneFound | undefined {
  const found = readOffset(reader, at, true);
  if (found === undefined) return undefined;
  const slot: ClockSlot = { kind: "offset", of: "start", from: tokenAt(reader, at).from, to: found.to };
  const name = readPlace(reader, skipSpace(reader, found.next));
  const rest =
    name === undefined ? { slots: [slot], to: found.to, next: found.next } : { slots: [slot, ...name.slots], to: name.to, next: name.next };
  return { zone: { text: reader.text.slice(slot.from, slot.to), offset: found.offset }, ...rest };
}

/** The zone after a time whose last token is before `after`. */
export function readZone(reader: Reader, after: number): ZoneFound | undefined {
  const at = skipSpace(reader, after);
  const token = tokenAt(reader, at);
  if (token.text === "(" && zoneWords.has(tokenAt(reader, at + 1).text) && tokenAt(reader, at + 2).text === ")") {
    const inner = tokenAt(reader, at + 1);
    const slot: ClockSlot = { kind: "zone-name", of: "start", from: inner.from, to: inner.to };
    return {
      zone: { text: inner.text, iana: zoneWords.get(inner.text) ?? "UTC" },
      slots: [slot],
      to: tokenAt(reader, at + 2).to,
      next: at + 3,
    };
  }
  const iana = token.kind === "word" ? zoneWords.get(token.text) : undefined;
  if (iana === undefined) return token.text === "(" || token.kind === "word" ? readPlace(reader, at) : undefined;
  const offset = iana === "UTC" && token.text !== "Z" ? withOffset(reader, at + 1) : undefined;
  if (offset !== undefined) return offset;
  return {
    zone: { text: token.text, iana },
    slots: [{ kind: "zone-name", of: "start", from: token.from, to: token.to }],
    to: token.to,
    next: at + 1,
  };
}
