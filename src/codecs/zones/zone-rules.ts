/** The IANA database as the running Node's ICU has it, read through Temporal. */

import { Temporal } from "temporal-polyfill";
import type { ZoneRules } from "../../core/records/value.ts";

const dayMs = 86_400_000;
/** Offsets of whole days that are kept; a run over many records asks for the same few dates again and again. */
const daysMax = 8192;

/** Offsets of a zone around one day, in milliseconds: at its UTC midnight less a day, and plus two days. Equal ones mean no change between. */
const steady = new Map<string, number | undefined>();

const offsetAt = (instantMs: number, zone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;

/** The one offset, in milliseconds, that holds from a day before this UTC day until a day after it; `undefined` where it changes in between. */
function steadyOffset(day: number, zone: string): number | undefined {
  const key = `${zone} ${day}`;
  if (steady.has(key)) return steady.get(key);
  if (steady.size >= daysMax) steady.clear();
  // Offsets that changed and changed back within three days would be missed; no zone has done that since 1970.
  const [before, after] = [offsetAt((day - 1) * dayMs, zone), offsetAt((day + 2) * dayMs, zone)];
  const offset = before === after ? before : undefined;
  steady.set(key, offset);
  return offset;
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** `-07:00`; seconds, which only times before 1972 have, are left out. */
function shownOffset(offsetMs: number): string {
  const minutes = Math.trunc(Math.abs(offsetMs) / 60_000);
  return `${offsetMs < 0 ? "-" : "+"}${pad(Math.trunc(minutes / 60))}:${pad(minutes % 60)}`;
}

/** A wall clock as if it were UTC, in milliseconds. `NaN` where it is no date or no time. */
const wallMs = (date: string, time: string): number => Date.parse(`${date}T${time}Z`);

/**
 * Zones by IANA name or link (`US/Pacific`), as well as `UTC`. Throws a `RangeError` for a zone or date that is none: callers ask
 * `isZone` first, and give dates that exist.
 */
export const zoneRules: ZoneRules = {
  instantsOf(date, time, zone) {
    const wall = wallMs(date, time);
    if (Number.isNaN(wall)) throw new RangeError(`no such date and time: ${date} ${time}`);
    const offset = steadyOffset(Math.floor(wall / dayMs), zone);
    if (offset !== undefined) return [wall - offset];
    const plain = Temporal.PlainDateTime.from(`${date}T${time}`);
    const [earlier, later] = (["earlier", "later"] as const).map((disambiguation) => plain.toZonedDateTime(zone, { disambiguation }));
    if (earlier === undefined || later === undefined) return [];
    if (earlier.epochMilliseconds === later.epochMilliseconds) return [earlier.epochMilliseconds];
    // In a gap the two stand for times on either side of it, neither of which is what was asked for.
    return earlier.toPlainDateTime().equals(plain) ? [earlier.epochMilliseconds, later.epochMilliseconds] : [];
  },

  wallOf(instantMs, zone) {
    const offset = steadyOffset(Math.floor(instantMs / dayMs), zone) ?? offsetAt(instantMs, zone);
    const iso = new Date(instantMs + offset).toISOString();
    const seconds = iso.slice(17, 19);
    return { date: iso.slice(0, 10), time: seconds === "00" ? iso.slice(11, 16) : iso.slice(11, 19), offset: shownOffset(offset) };
  },

  isZone(name) {
    try {
      // An offset is a zone to Temporal, and none to us: it has no rules.
      if (!/^[A-Za-z]/u.test(name)) return false;
      offsetAt(0, name);
      return true;
    } catch {
      return false;
    }
  },
};
