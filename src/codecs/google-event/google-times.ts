/** `start` and `end` of an event at Google in the terms of a kind of record. */

import { momentAt } from "../../core/records/clock-text/zone-turns.ts";
import { instantOf } from "../../core/records/derive.ts";
import type { Segment } from "../../core/records/document.ts";
import { moveEvent } from "../../core/records/event-move.ts";
import type { EventTime, EventTimes, TimeContext } from "../../core/records/event-times.ts";
import type { Moment } from "../../core/records/value.ts";

const dayMs = 86_400_000;
/** RFC 3339, and without an offset where `timeZone` says the zone. */
const dateTime = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/iu;

/** One end as it is written. */
interface When {
  readonly segment: number;
  readonly text: string;
  readonly isDate: boolean;
  /** `timeZone` beside it. */
  readonly zone: string | undefined;
  /** What it may mean: one instant where it is clear. Of a date midnight in UTC. */
  readonly instants: readonly number[];
  /** Why it does not mean one. */
  readonly why?: string;
}

/** `undefined` for what has no start. The end of an all-day event is the day after its last ("the (exclusive) end time"). */
export function googleTimes(segments: readonly Segment[], context: TimeContext): EventTimes | undefined {
  const [start, end] = [whenOf(segments, "start", context), whenOf(segments, "end", context)];
  if (!start) return undefined;
  const isRecurring = segments.some(({ place }) => place.name.startsWith("recurrence["));
  const minutes = end && minutesBetween(start, end);
  const times = {
    start: timeOf(start, context),
    ...(end && { end: end.isDate ? lastDay(end, start) : timeOf(end, context) }),
    ...(minutes !== undefined && { minutes }),
    isEndByDuration: false,
    isAllDay: start.isDate,
  };
  return {
    ...times,
    rewrite: (decided) =>
      moveEvent(
        { times, context, textAt: (segment) => segments[segment]?.text ?? "", ...(isRecurring && { bar: () => seriesBar }) },
        decided,
      ),
  };
}

const seriesBar =
  "it is a series, and what was moved or called off of it are events of their own that Google finds by the old time: move the series in Google Calendar, which takes them along";

function whenOf(segments: readonly Segment[], name: "start" | "end", context: TimeContext): When | undefined {
  const found = (part: string): number => segments.findIndex(({ place }) => place.name === `${name}.${part}`);
  const zone = segments[found("timeZone")]?.text;
  const segment = found("dateTime") === -1 ? found("date") : found("dateTime");
  const text = segments[segment]?.text;
  if (text === undefined) return undefined;
  const isDate = segments[segment]?.place.name === `${name}.date`;
  return { segment, text, isDate, zone, ...(isDate ? dayIn(text) : instantsIn(text, zone, context)) };
}

type Meant = Pick<When, "instants" | "why">;

function dayIn(text: string): Meant {
  const midnight = /^\d{4}-\d\d-\d\d$/u.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  const isDay = !Number.isNaN(midnight) && isoDay(midnight) === text;
  return isDay ? { instants: [midnight] } : { instants: [], why: "it is no day of the calendar" };
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function instantsIn(text: string, said: string | undefined, context: TimeContext): Meant {
  const [, date, time, seconds = ":00", , offset] = dateTime.exec(text) ?? [];
  if (date === undefined || time === undefined) return { instants: [], why: "it is no date and time" };
  if (offset !== undefined) {
    const instant = Date.parse(text);
    return Number.isNaN(instant) ? { instants: [], why: "it is no date and time" } : { instants: [instant] };
  }
  const zone = zoneNamed(said, context);
  const wall = seconds === ":00" ? time : `${time}${seconds}`;
  const instants = dayIn(date).instants.length === 0 ? [] : context.zones.instantsOf(date, wall, zone ?? context.zone);
  if (zone === undefined) return { instants, why: "it names neither an offset nor a zone that is known" };
  if (instants.length === 0) return { instants, why: "that time does not exist: the clocks are set forward over it" };
  return instants.length === 1 ? { instants } : { instants, why: "that time happens twice: the clocks are set back over it" };
}

function zoneNamed(name: string | undefined, { zones, ianaOf }: TimeContext): string | undefined {
  if (name === undefined) return undefined;
  return zones.isZone(name) ? name : ianaOf?.(name);
}

function minutesBetween(start: When, end: When): number | undefined {
  const [from, to] = [start.instants[0], end.instants[0]];
  if (from === undefined || to === undefined || start.why !== undefined || end.why !== undefined) return undefined;
  return start.isDate === end.isDate && to >= from ? Math.round((to - from) / 60_000) : undefined;
}

/** The day before the one that stands there; some write the first day itself. */
function lastDay(end: When, start: When): EventTime {
  const first = (start.isDate ? start.instants[0] : undefined) ?? -Infinity;
  const [only] = end.instants;
  return {
    segment: end.segment,
    ...(only === undefined
      ? { readings: [], ...(end.why !== undefined && { why: end.why }) }
      : { moment: dayAt(Math.max(first, only - dayMs)) }),
    ...(only !== undefined && only - dayMs <= first && { isImplied: true as const }),
    zone: "date",
    write: (moment) => dayText(moment, dayMs),
  };
}

function timeOf(when: When, context: TimeContext): EventTime {
  const { segment, why, zone, text } = when;
  const readings = when.instants.map((instant) => (when.isDate ? dayAt(instant) : momentAt(instant, context)));
  const [only] = readings;
  return {
    segment,
    ...(only && why === undefined ? { moment: only } : { readings, why: why ?? "it cannot be read" }),
    zone: zone ?? dateTime.exec(text)?.[5] ?? "date",
    write: (moment) => (when.isDate ? dayText(moment, 0) : timeText(moment, when, context)),
  };
}

const dayAt = (ms: number): Moment => ({ kind: "moment", date: isoDay(ms) });

function dayText({ date }: Moment, afterMs: number): string | undefined {
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(ms) ? undefined : isoDay(ms + afterMs);
}

/** In the form in which it stands: in its own zone where it names one, with its offset, in UTC. */
function timeText(moment: Moment, { text, zone: said, instants }: When, context: TimeContext): string | undefined {
  const instant = instantOf(moment, { zone: context.zone, rules: context.zones });
  const [, , , seconds, fraction = "", written] = dateTime.exec(text) ?? [];
  if (instant === undefined) return undefined;
  const named = zoneNamed(said, context);
  const wall = context.zones.wallOf(instant, named ?? context.zone);
  const full = wall.time.length === 5 && seconds !== undefined ? `${wall.time}:00` : wall.time;
  const local = `${wall.date}T${full}${fraction.replaceAll(/\d/gu, "0")}`;
  if (written === undefined) {
    const isClear = named !== undefined && context.zones.instantsOf(wall.date, wall.time, named).length === 1;
    return isClear ? local : undefined;
  }
  const [before] = instants;
  const isOwn = before !== undefined && context.zones.wallOf(before, named ?? context.zone).offset === written;
  if (isOwn) return `${local}${wall.offset}`;
  return inOffset(instant, written, { hasSeconds: seconds !== undefined, fraction });
}

/** On a clock that is not the zone's own: in UTC, or with the offset that stands there. */
function inOffset(
  instant: number,
  offset: string,
  { hasSeconds, fraction }: { readonly hasSeconds: boolean; readonly fraction: string },
): string {
  const [, sign = "+", hours = "0", minutes = "0"] = /^([+-])(\d\d):(\d\d)$/u.exec(offset) ?? [];
  const shift = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
  const iso = new Date(instant + shift).toISOString();
  return `${iso.slice(0, hasSeconds ? 19 : 16)}${fraction.replaceAll(/\d/gu, "0")}${offset}`;
}
