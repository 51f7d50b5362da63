/** DTSTART, DTEND and DURATION of an event in the terms of a kind of record. */

import { instantOf } from "../../core/records/derive.ts";
import { moveEvent } from "../../core/records/event-move.ts";
import type { EventTime, EventTimes, TimeContext } from "../../core/records/event-times.ts";
import type { Moment } from "../../core/records/value.ts";
import { rawValue, type ContentLine } from "./content-line.ts";
import { propertyOf } from "./component-tree.ts";
import { countsDays, readLength, writeLength, type Length } from "./event-length.ts";
import type { EventPart } from "./event-parts.ts";
import { readLine, shown } from "./read-event-time.ts";
import type { CalendarEvents, ReadTime } from "./read-time.ts";
import { seriesBar } from "./series-bar.ts";
import { eventTime } from "./told-time.ts";
import { dayMs, wallOfMoment, type WallMs } from "./wall-time.ts";
import type { WallClock } from "./zone-reader.ts";

/** When a part takes place. `start` is absent where it has no DTSTART; one that cannot be read has no readings, and says why. */
export function eventTimesOf(events: CalendarEvents, part: EventPart, context: TimeContext): EventTimes {
  const { bytes } = events.calendar;
  const startLine = propertyOf(part.event, "DTSTART");
  const start = startLine && readLine(bytes, startLine, part, context);
  const isAllDay = start?.written.isDate ?? false;
  const startTime =
    startLine && (start ? eventTime(start, events.segmentOf(startLine), context) : unread(bytes, startLine, events.segmentOf(startLine)));
  const { end, lengthLine } = endOf(events, part, { start, context });
  const minutes = start && end?.read && minutesBetween(start, end.read);
  const times = {
    ...(startTime && { start: startTime }),
    ...(end && { end: end.time }),
    ...(minutes !== undefined && { minutes }),
    isEndByDuration: lengthLine !== undefined,
    isAllDay,
  };
  return {
    ...times,
    rewrite: (decided) =>
      moveEvent(
        {
          times,
          context,
          textAt: (segment) => textAt(events, part, segment),
          ...(start && { bar: (moment) => barOf(events, part, { start, moment, context }) }),
          ...(start && lengthLine && { lengthText: (from, to) => lengthText({ start, context }, [from, to], rawValue(bytes, lengthLine)) }),
        },
        decided,
      ),
  };
}

function textAt({ calendar, segmentOf }: CalendarEvents, { event }: EventPart, segment: number): string {
  const line = event.properties.find((each) => segmentOf(each) === segment);
  return line ? rawValue(calendar.bytes, line) : "";
}

function unread(bytes: Uint8Array, line: ContentLine, segment: number | undefined): EventTime {
  const why = `${shown(rawValue(bytes, line))} is no ${line.name === "DURATION" ? "length" : "date or time"} as calendars write them`;
  return { ...(segment !== undefined && { segment }), readings: [], why, zone: "", write: () => undefined };
}

interface FoundEnd {
  /** `read`: not included, as the calendar has it. */
  readonly end?: { readonly time: EventTime; readonly read?: ReadTime };
  /** Where the end is said as a length. */
  readonly lengthLine?: ContentLine;
}

interface EndFacts {
  readonly start: ReadTime | undefined;
  readonly context: TimeContext;
}

interface StartOf {
  readonly start: ReadTime;
  readonly context: TimeContext;
}

function endOf(events: CalendarEvents, part: EventPart, { start, context }: EndFacts): FoundEnd {
  const { bytes } = events.calendar;
  const line = propertyOf(part.event, "DTEND");
  if (line) {
    const read = readLine(bytes, line, part, context);
    if (!read) return { end: { time: unread(bytes, line, events.segmentOf(line)) } };
    const time = eventTime(lastDayOf(read, start), events.segmentOf(line), context, read.written.isDate ? dayMs : 0);
    return { end: { time: { ...time, ...impliedBy(read, start) }, read } };
  }
  const lengthLine = propertyOf(part.event, "DURATION");
  if (!lengthLine || !start) return {};
  const length = readLength(rawValue(bytes, lengthLine));
  const segment = events.segmentOf(lengthLine);
  if (!length) return { end: { time: unread(bytes, lengthLine, segment) } };
  const read = { ...start, written: { ...start.written, wallMs: after(start, length) } };
  const time = { ...eventTime(lastDayOf(read, start), segment, context), ...impliedBy(read, start), write: () => undefined };
  return { end: { time, read }, lengthLine };
}

const impliedBy = ({ written }: ReadTime, start: ReadTime | undefined): Pick<EventTime, "isImplied"> =>
  written.isDate && start?.written.isDate && written.wallMs - dayMs <= start.written.wallMs ? { isImplied: true } : {};

/** DTEND of an all-day event is the day after (RFC 5545, section 3.6.1); many write the day itself for a single one. */
function lastDayOf(end: ReadTime, start: ReadTime | undefined): ReadTime {
  if (!end.written.isDate) return end;
  const first = start?.written.isDate ? start.written.wallMs : -Infinity;
  return { ...end, written: { ...end.written, wallMs: Math.max(first, end.written.wallMs - dayMs) } };
}

/** Days are the same hour of another day, the rest is time that passes: they differ where clocks are changed. */
function after({ written, clocks }: ReadTime, { days, ms }: Length): WallMs {
  const wallMs = written.wallMs + days * dayMs;
  const [clock] = clocks;
  const instant = written.isDate || ms === 0 || clocks.length !== 1 ? undefined : clock && onlyInstant(clock, wallMs);
  return clock && instant !== undefined ? clock.wallOf(instant + ms) : wallMs + ms;
}

function onlyInstant(clock: WallClock, wallMs: WallMs): number | undefined {
  const [instant, other] = clock.instantsOf(wallMs);
  return other === undefined ? instant : undefined;
}

function minutesBetween(start: ReadTime, end: ReadTime): number | undefined {
  if (start.clocks.length !== 1 || end.clocks.length !== 1) return undefined;
  const [first, last] = [start, end].map(({ written, clocks: [clock] }) =>
    written.isDate ? written.wallMs : clock && onlyInstant(clock, written.wallMs),
  );
  return first !== undefined && last !== undefined && last >= first ? Math.round((last - first) / 60_000) : undefined;
}

interface Moved extends StartOf {
  readonly moment: Moment;
}

function barOf(events: CalendarEvents, part: EventPart, { start, moment, context }: Moved): string | undefined {
  const toMs = wallOn(start, moment, context);
  const { wallMs: fromMs } = start.written;
  return seriesBar(events, part, { fromMs, toMs: toMs ?? Number.NaN, clock: start.clocks[0] });
}

/** A moment of the kind's zone on the clock of a time that stands in the calendar. */
function wallOn({ written, clocks: [clock], zone }: ReadTime, moment: Moment, context: TimeContext): WallMs | undefined {
  const wallMs = wallOfMoment(moment);
  if (wallMs === undefined || written.isDate || !clock || (zone === "floating" && clock.name === context.zone)) return wallMs;
  const instant = instantOf(moment, { zone: context.zone, rules: context.zones });
  return instant === undefined ? undefined : clock.wallOf(instant);
}

/** By days and the rest where the length that stands there counts days, else as time that passes; only what says exactly that end. */
function lengthText({ start, context }: StartOf, [from, to]: readonly [Moment, Moment], like: string): string | undefined {
  const [fromMs, toMs] = [wallOn(start, from, context), wallOn(start, to, context)];
  if (fromMs === undefined || toMs === undefined) return undefined;
  const begun = { ...start, written: { ...start.written, wallMs: fromMs } };
  const [clock] = start.clocks;
  const ends = start.written.isDate ? toMs + dayMs : toMs;
  const [first, last] = start.written.isDate || !clock ? [fromMs, ends] : [onlyInstant(clock, fromMs), onlyInstant(clock, ends)];
  if (first === undefined || last === undefined) return undefined;
  const days = Math.floor((ends - fromMs) / dayMs);
  const byDays = { days, ms: ends - fromMs - days * dayMs };
  const candidates = start.written.isDate || countsDays(like) ? [byDays, { days: 0, ms: last - first }] : [{ days: 0, ms: last - first }];
  return candidates
    .filter((length) => !start.written.isDate || length.ms === 0)
    .map((length) => writeLength(length, like))
    .find((text) => {
      const length = readLength(text);
      return length !== undefined && after(begun, length) === ends;
    });
}
