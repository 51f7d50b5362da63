/** From what was read to what it may mean. */

import type { Moment } from "../value.ts";
import { daySeconds, fromUtcMs, plusDays, secondsOf, timeOf } from "./calendar-days.ts";
import type { ClockContext, ClockReading, WrittenZone } from "./clock-mention.ts";
import type { Draft, Point } from "./draft.ts";
import type { DateOption } from "./read-date.ts";
import { isOwnZone, type Turned, turned, turnedUndated, wrapped } from "./zone-turns.ts";

export interface Readings {
  readonly readings: readonly ClockReading[];
  readonly asks?: string | undefined;
}

/** More than a person could choose from says no more than that it is unclear. */
const readingsMax = 8;

interface Times {
  readonly start: number;
  readonly end?: number;
}

const elapsed = (start: number, end: number): number => wrapped(end - start);

/**
 * Each start with each end that it may have. Where one end leaves its half of the day open, it is the one that makes the range
 * shortest, but not empty: "11:30–2:30 PM" takes three hours, not fifteen; "11 PM to 3" ends at night.
 */
function timesOf(starts: readonly number[], ends: readonly number[]): readonly Times[] {
  const [first, last] = [starts[0], ends[0]];
  if (starts.length === 1 && ends.length === 1 && first !== undefined && last !== undefined) return [{ start: first, end: last }];
  const span = ({ start, end = start }: Times): number => elapsed(start, end) || daySeconds;
  const shortest = (all: readonly Times[]): readonly Times[] => all.toSorted((a, b) => span(a) - span(b)).slice(0, 1);
  if (starts.length > 1 && ends.length === 1) return shortest(starts.flatMap((start) => ends.map((end) => ({ start, end }))));
  return starts.flatMap((start) => shortest(ends.map((end) => ({ start, end }))));
}

const zoneOf = (point: Point | undefined): WrittenZone | undefined => point?.zone?.zone;

interface Side {
  readonly option: DateOption;
  readonly seconds: number | undefined;
  readonly zone: WrittenZone | undefined;
}

/** One end of a reading, on the kind's clock. */
function momentsOf({ option, seconds, zone }: Side, about: ClockContext): Turned {
  const { date, weekday } = option;
  if (date !== undefined) return seconds === undefined ? { moments: [{ kind: "moment", date }] } : turned(date, seconds, zone, about);
  if (seconds === undefined) return { moments: [withWeekday({ kind: "moment" }, weekday)] };
  if (isOwnZone(zone, about)) return { moments: [withWeekday({ kind: "moment", time: timeOf(seconds) }, weekday)] };
  const { moments, asks } = turnedUndated(seconds, zone, about);
  return { moments: moments.map((moment) => withWeekday(moment, weekday)), asks };
}

const withWeekday = (moment: Moment, weekday: number | undefined): Moment => (weekday === undefined ? moment : { ...moment, weekday });

/** The end's date: its own, else the start's, or the day after where the clock has gone round. */
function endOption(start: DateOption, own: DateOption | undefined, times: Times): DateOption {
  if (own?.date !== undefined || start.date === undefined || times.end === undefined) return own ?? {};
  return { date: times.end <= times.start ? plusDays(start.date, 1) : start.date };
}

interface Chosen {
  readonly draft: Draft;
  readonly option: DateOption;
  readonly endOwn: DateOption | undefined;
  readonly times: Times | undefined;
}

function pair({ draft, option, endOwn, times }: Chosen, about: ClockContext): Readings {
  const end = draft.end;
  const startZone = zoneOf(draft.start) ?? zoneOf(end);
  const starts = momentsOf({ option, seconds: times?.start, zone: startZone }, about);
  const base = startZone === undefined && option.yearless === undefined ? undefined : saidBeside(startZone, option);
  if (end === undefined) {
    return { readings: starts.moments.map((start) => (base === undefined ? { start } : { start, ...base })), asks: starts.asks };
  }
  const other = times === undefined ? (endOwn ?? {}) : endOption(option, endOwn, times);
  const ends = momentsOf({ option: other, seconds: times?.end, zone: zoneOf(end) ?? startZone }, about);
  const asks = starts.asks ?? ends.asks;
  const all = starts.moments.flatMap((start) =>
    ends.moments
      .filter((one) => isAfter(start, one))
      .map((one) => (base === undefined ? { start, end: one } : { start, end: one, ...base })),
  );
  return { readings: all, asks };
}

const saidBeside = (zone: WrittenZone | undefined, { yearless }: DateOption): Pick<ClockReading, "zoneSaid" | "yearless"> => ({
  ...(zone !== undefined && { zoneSaid: zone.text }),
  ...(yearless !== undefined && { yearless }),
});

/** A range that ends before it begins is none, where both are dated. */
const isAfter = (start: Moment, end: Moment): boolean =>
  start.date === undefined ||
  end.date === undefined ||
  (start.date === end.date ? (start.time ?? "") <= (end.time ?? "") : start.date < end.date) ||
  end.offset !== undefined;

/** Times of day of a draft; one without any where it has only dates. */
function draftTimes({ start, end }: Draft): readonly (Times | undefined)[] {
  const starts = start?.clock?.options;
  if (starts === undefined) return [undefined];
  const ends = end?.clock?.options;
  return ends === undefined ? starts.map((one) => ({ start: one })) : timesOf(starts, ends);
}

/** Of the one way in which most mentions can be meant. */
function onlyReadings(chosen: Chosen, about: ClockContext): Readings {
  const { readings, asks } = pair(chosen, about);
  return { readings: readings.slice(0, readingsMax), asks: chosen.draft.start?.date?.asks ?? asks };
}

const daysOf = (point: Point | undefined): readonly DateOption[] | undefined => point?.date?.options;

const anyDay: readonly DateOption[] = [{}];
const noDay: readonly undefined[] = [undefined];

/** Everything that start and end say, as readings. */
function pointReadings(draft: Draft, about: ClockContext): Readings {
  const options = daysOf(draft.start) ?? anyDay;
  const endOptions = daysOf(draft.end) ?? noDay;
  const times = draftTimes(draft);
  if (options.length * endOptions.length * times.length === 1)
    return onlyReadings({ draft, option: options[0] ?? {}, endOwn: endOptions[0], times: times[0] }, about);
  const chosen = options.flatMap((option) => endOptions.flatMap((endOwn) => times.map((one) => ({ draft, option, endOwn, times: one }))));
  const found = chosen.map((one) => pair(one, about));
  const halves = times.length > 1 ? "it does not say AM or PM" : undefined;
  const asks = draft.start?.date?.asks ?? halves ?? found.find((one) => one.asks !== undefined)?.asks;
  return { readings: found.flatMap((one) => one.readings).slice(0, readingsMax), asks };
}

/** Some minutes later (or earlier) on the wall clock. */
export function moved(moment: Moment, minutes: number): Moment {
  if (moment.time === undefined) return moment;
  const total = secondsOf(moment.time) + minutes * 60;
  const { offset: _offset, ...rest } = moment;
  const time = timeOf(wrapped(total));
  return { ...rest, time, ...(moment.date === undefined ? {} : { date: plusDays(moment.date, Math.floor(total / daySeconds)) }) };
}

const nothing: Moment = { kind: "moment" };

/** A length: alone, counted from a word, counted from a time, or after the time that it begins at. */
function withDuration(draft: Draft, minutes: number, points: readonly ClockReading[]): readonly ClockReading[] {
  const { relation, start } = draft;
  if (relation?.to !== undefined) return [{ start: nothing, relation: { minutes: relation.sign * minutes, to: relation.to } }];
  if (start === undefined) return [{ start: nothing, duration: minutes }];
  if (relation === undefined) return points.map((one) => ({ ...one, end: moved(one.start, minutes), duration: minutes }));
  const signed = relation.sign * minutes;
  return points.map((one) => ({ ...one, start: moved(one.start, signed), relation: { minutes: signed, to: one.start.time ?? "" } }));
}

export function clockReadings(draft: Draft, about: ClockContext): Readings {
  if (draft.epoch !== undefined) {
    const { date, seconds } = fromUtcMs(draft.epoch.ms);
    return { readings: turned(date, seconds, { text: "epoch", offset: 0 }, about).moments.map((start) => ({ start })) };
  }
  const points = draft.start === undefined ? { readings: [] } : pointReadings(draft, about);
  const { duration } = draft;
  if (duration === undefined) return points;
  const readings = duration.options.flatMap((minutes) => withDuration(draft, minutes, points.readings));
  return duration.options.length > 1 ? { readings, asks: "it gives a span of lengths" } : { ...points, readings };
}
