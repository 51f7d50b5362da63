/** The instances of a series within some days. */

import type { TimeContext } from "../../core/records/event-times.ts";
import type { Moment } from "../../core/records/value.ts";
import { rawValue, type ContentLine } from "./content-line.ts";
import { propertyOf } from "./component-tree.ts";
import type { EventPart } from "./event-parts.ts";
import type { CalendarEvents, ReadTime } from "./read-time.ts";
import { occurrences, readRule, type RecurrenceRule } from "./recurrence.ts";
import { dayMs, readTime, wallOfMoment, wallParts, type WallMs } from "./wall-time.ts";
import { clockOf, type WallClock } from "./zone-reader.ts";

export interface Instance {
  readonly start: Moment;
  /** Of an instance that has an event of its own. */
  readonly part?: string;
}

interface Series {
  readonly part: EventPart;
  readonly start: ReadTime;
  readonly context: TimeContext;
}

const instancesMax = 1000;
/** Before the days of the kind's zone are cut out. */
const occurrencesMax = 20_000;
/** Zones are at most a day apart. */
const slackMs = dayMs;

/**
 * Starts within days of the kind's zone, both included, in order. EXDATE takes out, RDATE puts in, and an instance with a part of
 * its own stands where that part says. An event without a rule has one instance. Empty where the zone is not known.
 */
export function seriesInstances(
  events: CalendarEvents,
  series: Series,
  days: { readonly fromDate: string; readonly toDate: string },
): readonly Instance[] {
  const { part, start, context } = series;
  const from = wallOfMoment({ date: days.fromDate });
  const to = wallOfMoment({ date: days.toDate });
  const [clock] = start.clocks;
  if (from === undefined || to === undefined || !clock || start.clocks.length > 1) return [];
  const walls = wallsOf(events, series, { fromMs: from - slackMs, toMs: to + 2 * slackMs, clock });
  const overrides = new Map(part.recurrenceId === undefined ? overridesOf(events, part, clock, context) : []);
  const instances = [...walls].flatMap((wallMs): Instance[] =>
    overrides.has(wallMs) ? [] : momentsAt(wallMs, series, clock).map((at) => ({ start: at })),
  );
  for (const { name, startMs, isDate } of overrides.values())
    if (startMs !== undefined)
      for (const at of momentsAt(startMs, { ...series, start: { ...start, written: { ...start.written, isDate } } }, clock))
        instances.push({ start: at, part: name });
  return instances
    .filter(({ start: { date = "" } }) => date >= days.fromDate && date <= days.toDate)
    .toSorted((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1))
    .slice(0, instancesMax);
}

const sortKey = ({ start: { date = "", time = "" } }: Instance): string => `${date}T${time}`;

function momentsAt(wallMs: WallMs, { start, context }: Series, clock: WallClock): Moment[] {
  const { date } = wallParts(wallMs);
  if (start.written.isDate) return [{ kind: "moment", date }];
  // In a fold the first, in a gap as if the clock had not been changed (RFC 5545, section 3.3.5).
  const instant = clock.instantsOf(wallMs)[0] ?? gapInstant(wallMs, clock);
  const shown = context.zones.wallOf(instant, context.zone);
  return [{ kind: "moment", date: shown.date, time: shown.time }];
}

const gapInstant = (wallMs: WallMs, clock: WallClock): number => (clock.instantsOf(wallMs - dayMs)[0] ?? wallMs - dayMs) + dayMs;

interface Bounds {
  readonly fromMs: WallMs;
  readonly toMs: WallMs;
  readonly clock: WallClock;
}

function wallsOf(
  { calendar: { bytes } }: CalendarEvents,
  { part, start, context }: Series,
  { fromMs, toMs, clock }: Bounds,
): ReadonlySet<WallMs> {
  const { wallMs } = start.written;
  const walls = new Set<WallMs>();
  const rules = part.event.properties.filter(({ name }) => name === "RRULE").flatMap((line) => readRule(rawValue(bytes, line)) ?? []);
  const listed = (name: string): WallMs[] =>
    part.event.properties.filter((line) => line.name === name).flatMap((line) => listedWalls(bytes, line, { part, clock, context }));
  if (wallMs >= fromMs && wallMs <= toMs) walls.add(wallMs);
  for (const rule of rules)
    for (const at of occurrences(rule, wallMs, { fromMs, toMs, instancesMax: occurrencesMax, ...untilOf(rule, clock) })) walls.add(at);
  for (const at of listed("RDATE")) if (at >= fromMs && at <= toMs) walls.add(at);
  for (const at of listed("EXDATE")) {
    walls.delete(at);
    // A date without a time takes out the day (RFC 5545 wants the same type; many write it otherwise).
    const isDay = at % dayMs === 0 && !start.written.isDate;
    for (const each of isDay ? walls : []) if (Math.floor(each / dayMs) * dayMs === at) walls.delete(each);
  }
  return walls;
}

function untilOf({ until }: RecurrenceRule, clock: WallClock): { readonly untilWallMs?: WallMs } {
  return until?.isUtc ? { untilWallMs: clock.wallOf(until.wallMs) } : {};
}

interface Listed {
  readonly part: EventPart;
  readonly clock: WallClock;
  readonly context: TimeContext;
}

/** The dates of an EXDATE, an RDATE or a RECURRENCE-ID on the series' own clock; of a period its beginning. */
function listedWalls(bytes: Uint8Array, line: ContentLine, { part, clock, context }: Listed): WallMs[] {
  const tzid = line.parameters.find(({ name }) => name === "TZID")?.values[0];
  const other = tzid === undefined ? undefined : clockOf(tzid, part.calendar, bytes, context);
  return rawValue(bytes, line)
    .split(",")
    .flatMap((text) => {
      const read = readTime(text.split("/")[0] ?? "");
      if (!read) return [];
      if (read.isUtc) return [clock.wallOf(read.wallMs)];
      if (read.isDate || !other || other.name === clock.name) return [read.wallMs];
      const [instant] = other.instantsOf(read.wallMs);
      return instant === undefined ? [read.wallMs] : [clock.wallOf(instant)];
    });
}

interface Override {
  readonly name: string;
  /** On the series' clock. */
  readonly startMs: WallMs | undefined;
  readonly isDate: boolean;
}

/** Instances with a part of their own, by the time that the series would have them at. */
function overridesOf(
  { calendar: { bytes }, parts }: CalendarEvents,
  part: EventPart,
  clock: WallClock,
  context: TimeContext,
): [WallMs, Override][] {
  return parts
    .filter(({ uid, recurrenceId }) => uid === part.uid && uid !== "" && recurrenceId !== undefined)
    .flatMap((other): [WallMs, Override][] => {
      const [idLine, startLine] = [propertyOf(other.event, "RECURRENCE-ID"), propertyOf(other.event, "DTSTART")];
      const [id] = idLine ? listedWalls(bytes, idLine, { part, clock, context }) : [];
      const [startMs] = startLine && !other.isCancelled ? listedWalls(bytes, startLine, { part, clock, context }) : [];
      const isDate = startLine ? (readTime(rawValue(bytes, startLine))?.isDate ?? false) : false;
      return id === undefined ? [] : [[id, { name: other.name, startMs, isDate }]];
    });
}
