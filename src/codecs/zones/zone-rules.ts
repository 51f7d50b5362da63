/** The IANA database as the running Node's ICU has it, read through Temporal. */

import { Temporal } from "temporal-polyfill";
import type { ZoneRules } from "../../core/records/value.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;
/** Offsets of whole days that are kept; a run over many records asks for the same few dates again and again. */
const daysMax = 8192;

/** By zone and day, the offset around that day, in milliseconds: at its UTC midnight less a day, and plus two days. Equal ones mean no change between. */
const steady = new Map<string, Map<number, number | undefined>>();
let daysKept = 0;

const offsetAt = (instantMs: number, zone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;

/** The one offset, in milliseconds, that holds from a day before this UTC day until a day after it; `undefined` where it changes in between. */
function steadyOffset(day: number, zone: string): number | undefined {
  const known = steady.get(zone);
  const kept = known?.get(day);
  if (kept !== undefined || known?.has(day) === true) return kept;
  if (daysKept >= daysMax) {
    steady.clear();
    daysKept = 0;
  }
  // Offsets that changed and changed back within three days would be missed; no zone has done that since 1970.
  const [before, after] = [offsetAt((day - 1) * dayMs, zone), offsetAt((day + 2) * dayMs, zone)];
  const offset = before === after ? before : undefined;
  const days = steady.get(zone) ?? new Map<number, number | undefined>();
  steady.set(zone, days.set(day, offset));
  daysKept += 1;
  return offset;
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** `-07:00`; seconds, which only times before 1972 have, are left out. */
function shownOffset(offsetMs: number): string {
  const minutes = Math.trunc(Math.abs(offsetMs) / 60_000);
  return `${offsetMs < 0 ? "-" : "+"}${pad(Math.trunc(minutes / 60))}:${pad(minutes % 60)}`;
}

/** Midnights of dates as if in UTC, and the dates of such days: a run asks for the same few again and again. */
const midnights = new Map<string, number>();
const datesOfDays = new Map<number, string>();

function midnightOf(date: string): number {
  const known = midnights.get(date);
  if (known !== undefined) return known;
  if (midnights.size >= daysMax) midnights.clear();
  const midnight = Date.parse(`${date}T00:00:00Z`);
  midnights.set(date, midnight);
  return midnight;
}

function dateOfDay(day: number): string {
  const known = datesOfDays.get(day);
  if (known !== undefined) return known;
  if (datesOfDays.size >= daysMax) datesOfDays.clear();
  const date = new Date(day * dayMs).toISOString().slice(0, 10);
  datesOfDays.set(day, date);
  return date;
}

const digitAt = (text: string, at: number): number => text.charCodeAt(at) - 0x30;
const twoDigits = (text: string, at: number): number => {
  const [ten, one] = [digitAt(text, at), digitAt(text, at + 1)];
  return ten >= 0 && ten <= 9 && one >= 0 && one <= 9 ? ten * 10 + one : Number.NaN;
};

/** A wall clock as if it were UTC, in milliseconds. `NaN` where it is no date or no time. */
function wallMs(date: string, time: string): number {
  if (time.length !== 5 || time.charCodeAt(2) !== 0x3a) return Date.parse(`${date}T${time}Z`);
  const [hour, minute] = [twoDigits(time, 0), twoDigits(time, 3)];
  return hour < 24 && minute < 60 ? midnightOf(date) + hour * hourMs + minute * minuteMs : Date.parse(`${date}T${time}Z`);
}

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
    const wall = instantMs + offset;
    const day = Math.floor(wall / dayMs);
    const seconds = Math.floor((wall - day * dayMs) / 1000);
    const [hour, minute, second] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const time = `${pad(hour)}:${pad(minute)}${second === 0 ? "" : `:${pad(second)}`}`;
    return { date: dateOfDay(day), time, offset: shownOffset(offset) };
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
