/** DTSTART, DTEND and DURATION of an event in the terms of a kind of record. */

import type { EventTime, EventTimes, TimeContext } from "../../core/records/event-times.ts";
import type { Moment } from "../../core/records/value.ts";
import { parameterOf, rawValue, type ContentLine } from "./content-line.ts";
import { propertyOf, type Component } from "./component-tree.ts";
import type { EventPart } from "./event-parts.ts";
import type { CalendarEvents, ReadTime } from "./read-time.ts";
import { seriesInstances } from "./series-instances.ts";
import { dayMs, readDuration, readTime, wallOfMoment, wallParts, writeTime, type WallMs, type WrittenTime } from "./wall-time.ts";
import { clockOf, ianaClock, type WallClock } from "./zone-reader.ts";

/** When a part takes place. `start` is absent where it has no DTSTART that can be read. */
export function eventTimesOf(events: CalendarEvents, part: EventPart, context: TimeContext): EventTimes {
  const startLine = propertyOf(part.event, "DTSTART");
  const start = startLine && readLine(events.calendar.bytes, startLine, part, context);
  const isAllDay = start?.written.isDate ?? false;
  const startTime = startLine && start && eventTime(start, events.segmentOf(startLine), context);
  const { end, isByDuration } = endOf(events, part, { start, context });
  const minutes = start && end && minutesBetween(start, end.read);
  return {
    ...(startTime && { start: startTime }),
    ...(end && { end: end.time }),
    ...(minutes !== undefined && { minutes }),
    isEndByDuration: isByDuration,
    isAllDay,
    isRecurring: part.event.properties.some(({ name }) => name === "RRULE" || name === "RDATE"),
    instances: (fromDate, toDate) => (start ? seriesInstances(events, { part, start, context }, { fromDate, toDate }) : []),
  };
}

interface FoundEnd {
  readonly end?: { readonly time: EventTime; readonly read: ReadTime };
  readonly isByDuration: boolean;
}

function endOf(
  events: CalendarEvents,
  part: EventPart,
  { start, context }: { readonly start: ReadTime | undefined; readonly context: TimeContext },
): FoundEnd {
  const { bytes } = events.calendar;
  const line = propertyOf(part.event, "DTEND");
  const read = line && readLine(bytes, line, part, context);
  if (line && read) {
    // DTEND of an all-day event is the day after (RFC 5545, section 3.6.1).
    const told = read.written.isDate ? { ...read, written: { ...read.written, wallMs: read.written.wallMs - dayMs } } : read;
    return { end: { time: eventTime(told, events.segmentOf(line), context, read.written.isDate ? dayMs : 0), read }, isByDuration: false };
  }
  const lengthLine = propertyOf(part.event, "DURATION");
  const length = lengthLine && readDuration(rawValue(bytes, lengthLine));
  if (!start || length === undefined || length < 0) return { isByDuration: false };
  const after = moved(start, length);
  const shown = start.written.isDate
    ? { ...after, written: { ...after.written, wallMs: Math.max(start.written.wallMs, after.written.wallMs - dayMs) } }
    : after;
  return { end: { time: eventTime(shown, undefined, context), read: after }, isByDuration: true };
}

/** A length of hours is time that passes, one of whole days the same hour of another day: they differ where clocks are changed. */
function moved(start: ReadTime, lengthMs: number): ReadTime {
  const [clock] = start.clocks;
  const instants = clock && !start.written.isDate && start.clocks.length === 1 ? clock.instantsOf(start.written.wallMs) : [];
  const [instant] = instants;
  const wallMs =
    clock && instants.length === 1 && instant !== undefined && lengthMs % dayMs !== 0
      ? clock.wallOf(instant + lengthMs)
      : start.written.wallMs + lengthMs;
  return { ...start, written: { ...start.written, wallMs } };
}

function minutesBetween(start: ReadTime, end: ReadTime): number | undefined {
  if (start.clocks.length !== 1 || end.clocks.length !== 1) return undefined;
  const [from, to] = [start, end].map(({ written, clocks: [clock] }) =>
    written.isDate ? [written.wallMs] : (clock?.instantsOf(written.wallMs) ?? []),
  );
  const [first, last] = [from?.[0], to?.[0]];
  const isClear = from?.length === 1 && to?.length === 1 && first !== undefined && last !== undefined;
  return isClear && last >= first ? Math.round((last - first) / 60_000) : undefined;
}

/** A time property with the clocks that it may be meant by; `undefined` where it is no time. */
function readLine(bytes: Uint8Array, line: ContentLine, part: EventPart, context: TimeContext): ReadTime | undefined {
  const written = readTime(rawValue(bytes, line));
  if (!written) return undefined;
  const kindClock = ianaClock(context.zone, context);
  const tzid = parameterOf(line, "TZID") ?? "";
  if (written.isDate) return { written, zone: "date", clocks: [kindClock] };
  const utc: WallClock = { name: "UTC", isIana: true, instantsOf: (wallMs) => [wallMs], wallOf: (instantMs) => instantMs };
  const named = tzid === "" ? undefined : clockOf(tzid, part.calendar, bytes, context);
  if (written.isUtc) {
    const isContradicted = named && named.wallOf(written.wallMs) !== written.wallMs;
    return isContradicted
      ? { written, zone: tzid, clocks: [utc, named], why: `it is written in UTC and names the zone ${shown(tzid)}` }
      : { written, zone: "UTC", clocks: [utc] };
  }
  if (named) return { written, zone: named.name, clocks: [named] };
  if (tzid !== "") return { written, zone: tzid, clocks: [], why: `its zone ${shown(tzid)} is neither known nor defined in the calendar` };
  return floating(bytes, part, { written, kindClock, context });
}

interface Floating {
  readonly written: WrittenTime;
  readonly kindClock: WallClock;
  readonly context: TimeContext;
}

/** A time without a zone: by a TZID that stands as a property of its own, else on the clock of whoever looks. */
function floating(bytes: Uint8Array, { event, calendar }: EventPart, { written, kindClock, context }: Floating): ReadTime {
  const own = textNamed(bytes, event, "TZID") ?? textNamed(bytes, calendar, "TZID");
  const ownClock = own === undefined ? undefined : clockOf(own, calendar, bytes, context);
  if (ownClock) return { written, zone: ownClock.name, clocks: [ownClock] };
  const name = textNamed(bytes, calendar, "X-WR-TIMEZONE");
  const other = name === undefined ? undefined : clockOf(name, calendar, bytes, context);
  const here = kindClock.instantsOf(written.wallMs);
  const there = other?.instantsOf(written.wallMs);
  if (other && there?.join(" ") !== here.join(" "))
    return {
      written,
      zone: "floating",
      clocks: [kindClock, other],
      why: `it names no zone, and the calendar is kept in ${shown(other.name)}`,
    };
  return { written, zone: "floating", clocks: [kindClock] };
}

function textNamed(bytes: Uint8Array, component: Component, name: string): string | undefined {
  const line = propertyOf(component, name);
  const text = line && rawValue(bytes, line).trim();
  return text === "" ? undefined : text;
}

// oxlint-disable-next-line no-control-regex -- what a stranger wrote ends up in a terminal.
const shown = (text: string): string => JSON.stringify(text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/gu, "").slice(0, 80));

/** All readings of a time on the kind's clock, without repetition. */
function readingsOf({ written, clocks, zone }: ReadTime, context: TimeContext): readonly Moment[] {
  const { date, time } = wallParts(written.wallMs);
  if (written.isDate) return [{ kind: "moment", date }];
  // Nobody knows the zone: the kind's own is a guess, and stands alone only as one.
  if (clocks.length === 0) return [{ kind: "moment", date, time }];
  const readings = clocks.flatMap((clock) => {
    const instants = clock.instantsOf(written.wallMs);
    return instants.map((instant) =>
      momentOf(instant, context, zone === "floating" || clock.name === context.zone ? instants.length > 1 : undefined),
    );
  });
  return [...new Map(readings.map((moment) => [JSON.stringify(moment), moment])).values()];
}

/** On the kind's clock; with its offset where that clock shows the time twice. */
function momentOf(instantMs: number, { zones, zone }: TimeContext, isTwice?: boolean): Moment {
  const { date, time, offset } = zones.wallOf(instantMs, zone);
  return { kind: "moment", date, time, ...((isTwice ?? zones.instantsOf(date, time, zone).length > 1) && { offset }) };
}

function eventTime(read: ReadTime, segment: number | undefined, context: TimeContext, shownLaterMs = 0): EventTime {
  const readings = readingsOf(read, context);
  const [only] = readings;
  const why = read.why ?? whyOf(read, readings);
  const isClear = only !== undefined && readings.length === 1 && why === undefined;
  return {
    ...(segment !== undefined && { segment }),
    ...(isClear ? { moment: only } : { readings, why: why ?? "it can be read in several ways" }),
    zone: read.zone,
    write: (moment) => (segment === undefined ? undefined : writtenAs(read, moment, context, shownLaterMs)),
  };
}

function whyOf({ written, clocks: [clock] }: ReadTime, readings: readonly Moment[]): string | undefined {
  if (readings.length === 0) return "that time does not exist: the clocks are set forward over it";
  if (readings.length > 1) return "that time happens twice: the clocks are set back over it";
  return !clock && !written.isDate ? "its zone is not known" : undefined;
}

/** A moment of the kind's zone in the form of a time that stands in a calendar. */
function writtenAs({ written, clocks, zone }: ReadTime, moment: Moment, context: TimeContext, shownLaterMs: number): string | undefined {
  const wallMs = wallOfMoment(moment);
  if (wallMs === undefined) return undefined;
  if (written.isDate) return moment.time === undefined ? writeTime(wallMs + shownLaterMs, "date") : undefined;
  const [clock] = clocks;
  if (moment.time === undefined || !clock || clocks.length > 1) return undefined;
  if (zone === "floating" && clock.name === context.zone) return writeTime(wallMs, "local");
  const instant = instantOf(moment, wallMs, context);
  if (instant === undefined) return undefined;
  if (written.isUtc) return writeTime(instant, "utc");
  const there = clock.wallOf(instant);
  // On a clock that shows it twice, what is written would mean the earlier one (RFC 5545, section 3.3.5).
  return clock.instantsOf(there)[0] === instant ? writeTime(there, "local") : undefined;
}

/** The one instant that is meant; `undefined` in a gap, and in a fold where the moment does not say which. */
function instantOf({ offset }: Moment, wallMs: WallMs, context: TimeContext): number | undefined {
  const instants = ianaClock(context.zone, context).instantsOf(wallMs);
  if (instants.length <= 1) return instants[0];
  return instants.find((instant) => context.zones.wallOf(instant, context.zone).offset === offset);
}
