/** The times of one example: when it starts and ends, and what lies at which distance from the start. */

import { daysBetween, secondsOf, weekdayOf } from "../clock-text/calendar-days.ts";
import type { ClockMention, ClockReading } from "../clock-text/clock-mention.ts";
import type { Place } from "../document.ts";
import type { Moment } from "../value.ts";
import { isValue, nameWords, tellingSegments, type Example, type ReadClock } from "./example.ts";
import { roleInProse, roleOfName, type TimeRole } from "./time-roles.ts";

/** A clear mention of a time, with where it stands and what it seems to be. */
export interface SeenTime {
  readonly place: Place;
  readonly raw: string;
  readonly reading: ClockReading;
  readonly role?: TimeRole;
  /** The whole value of a named place, rather than words in prose. */
  readonly isValue: boolean;
}

/** A time of an example, counted from its start. */
export interface Distance {
  readonly field: string;
  readonly word: string;
  /** On the wall clock, negative before. */
  readonly minutes: number;
  readonly at: Moment;
  readonly raw: string;
  readonly place: Place;
  readonly isValue: boolean;
  /** The text itself says that it follows: "30 minutes before departure", "3 hours". */
  readonly isSaid: boolean;
}

export interface ExampleTimes {
  readonly example: Example;
  readonly start?: Moment;
  /** Where the start stands. */
  readonly startPlace?: Place;
  /** Of an item whose date stands apart from its time: the place of the date. */
  readonly datePlace?: Place;
  readonly distances: readonly Distance[];
  /** Clauses for people: where the example disagrees with itself. */
  readonly conflicts: readonly string[];
  /** Clear times that nothing says the meaning of. */
  readonly unnamed: readonly SeenTime[];
}

/** Every time of an example that can be read in one way. */
function seenTimes({ document }: Example, zone: string, readClock: ReadClock): SeenTime[] {
  return tellingSegments(document).flatMap(({ text, place }) => {
    const isCode = isValue(place, text);
    return readClock(text, { zone, isCode }).flatMap((mention): SeenTime[] => {
      const [reading, ...others] = mention.readings;
      if (reading === undefined || others.length > 0) return [];
      const role = roleOf(mention, text, place);
      return [{ place, raw: mention.raw, reading, isValue: isCode, ...(role === undefined ? {} : { role }) }];
    });
  });
}

function roleOf({ from, to, form }: ClockMention, text: string, place: Place): TimeRole | undefined {
  if (place.name !== "" && place.medium !== "text") {
    const named = roleOfName(place.name);
    if (named || isValue(place, text)) return named;
  }
  return form.shape === "range" ? undefined : roleInProse(text, from, to);
}

interface Main {
  readonly start: Moment;
  readonly place: Place;
  readonly datePlace?: Place;
}

/** Reads the times of an example in a zone. Without a start there is nothing to count from, and `distances` is empty. */
export function readTimes(example: Example, zone: string, readClock: ReadClock): ExampleTimes {
  const seen = seenTimes(example, zone, readClock);
  const main = startOf(seen);
  if (main === undefined) return { example, distances: [], conflicts: [], unnamed: [] };
  const starts = seen.filter((one) => isStart(one) && one.reading.start.time !== undefined);
  const other = starts.find(({ reading }) => reading.start.time !== main.start.time);
  const distances = seen.flatMap((one) => distancesOf(one, main.start));
  return {
    example,
    start: main.start,
    startPlace: main.place,
    ...(main.datePlace === undefined ? {} : { datePlace: main.datePlace }),
    distances,
    conflicts:
      other === undefined
        ? []
        : [`${main.start.time ?? ""} (${main.place.label}) and ${other.reading.start.time ?? ""} (${other.place.label})`],
    unnamed: seen.filter((one) => isUnnamed(one, main.start, distances)),
  };
}

const isStart = ({ role, reading }: SeenTime): boolean =>
  role?.field === "start" || (role === undefined && reading.end?.time !== undefined);

/** The time that most places give as the start; what a structured place says counts more than prose. */
function startOf(seen: readonly SeenTime[]): Main | undefined {
  const timed = seen.filter((one) => isStart(one) && one.reading.start.time !== undefined && one.reading.relation === undefined);
  const candidates = timed.length > 0 ? timed : seen.filter(isPlainTime);
  const weights = new Map<string, number>();
  for (const { reading, isValue: isWhole } of candidates) {
    const time = reading.start.time ?? "";
    weights.set(time, (weights.get(time) ?? 0) + (isWhole ? 3 : 2));
  }
  const [best] = [...weights].toSorted(([, a], [, b]) => b - a);
  const found = candidates.find(({ reading }) => reading.start.time === best?.[0]);
  if (found === undefined) return undefined;
  const dated = candidates.find(({ reading }) => reading.start.time === best?.[0] && reading.start.date !== undefined);
  if (dated) return { start: bare(dated.reading.start), place: (dated.isValue ? dated : found).place };
  const date = dateOf(seen);
  const start: Moment = { ...bare(found.reading.start), ...(date === undefined ? {} : { date: date.reading.start.date ?? "" }) };
  return { start, place: found.place, ...(date?.isValue === true && found.isValue ? { datePlace: date.place } : {}) };
}

/** An item may call its only time just `time`. */
const isPlainTime = ({ place, reading, isValue: isWhole, role }: SeenTime): boolean =>
  isWhole && role === undefined && reading.start.time !== undefined && nameWords(place.name).includes("time");

const bare = ({ date, time }: Moment): Moment => ({
  kind: "moment",
  ...(date === undefined ? {} : { date }),
  ...(time === undefined ? {} : { time }),
});

/** The date that most places give and that is no other field's. */
function dateOf(seen: readonly SeenTime[]): SeenTime | undefined {
  const dated = seen.filter(({ reading, role }) => reading.start.date !== undefined && (role === undefined || role.field === "start"));
  const counts = new Map<string, number>();
  for (const { reading } of dated) counts.set(reading.start.date ?? "", (counts.get(reading.start.date ?? "") ?? 0) + 1);
  const [best] = [...counts].toSorted(([, a], [, b]) => b - a);
  return dated.find(({ reading }) => reading.start.date === best?.[0]);
}

const dayMinutes = 1440;

/** Minutes on the wall clock; a weekday without a date is the first from the start on. `undefined` without a time. */
function wallMinutes(start: Moment, at: Moment): number | undefined {
  if (start.time === undefined || at.time === undefined) return undefined;
  const clock = (secondsOf(at.time) - secondsOf(start.time)) / 60;
  if (start.date === undefined) return clock;
  if (at.date !== undefined) return daysBetween(start.date, at.date) * dayMinutes + clock;
  return at.weekday === undefined ? clock : ((at.weekday - weekdayOf(start.date) + 7) % 7) * dayMinutes + clock;
}

function distancesOf(seen: SeenTime, start: Moment): Distance[] {
  const { place, raw, reading, role, isValue: isWhole } = seen;
  const more = { raw, place, isValue: isWhole };
  if (role !== undefined && role.field !== "start") return distanceOfRole(seen, role, start);
  if (reading.duration !== undefined) return [{ ...more, field: "end", word: "", minutes: reading.duration, at: unsaid, isSaid: true }];
  const isMain = reading.start.time === start.time && (reading.start.date ?? start.date) === start.date;
  const minutes = isMain && reading.end ? wallMinutes(start, reading.end) : undefined;
  if (minutes === undefined || reading.end === undefined) return [];
  return [{ ...more, field: "end", word: "", minutes: forward(minutes), at: reading.end, isSaid: false }];
}

function distanceOfRole({ place, raw, reading, isValue: isWhole }: SeenTime, { field, word }: TimeRole, start: Moment): Distance[] {
  const more = { raw, place, isValue: isWhole, field, word };
  if (reading.relation !== undefined) return [{ ...more, minutes: reading.relation.minutes, at: reading.start, isSaid: true }];
  const minutes = reading.duration === undefined ? wallMinutes(start, reading.start) : undefined;
  if (minutes === undefined) return [];
  return [{ ...more, minutes: field === "end" ? forward(minutes) : minutes, at: reading.start, isSaid: false }];
}

/** A duration names no moment. */
const unsaid: Moment = { kind: "moment" };

/** What ends on the clock before it begins ends on the next day. */
const forward = (minutes: number): number => (minutes < 0 ? minutes + dayMinutes : minutes);

/** A time that no role explains, that is not the start or an end already, and that could be a field. */
function isUnnamed({ role, reading }: SeenTime, start: Moment, distances: readonly Distance[]): boolean {
  const { time } = reading.start;
  if (role !== undefined || time === undefined || time === start.time || reading.end !== undefined) return false;
  return !distances.some(({ at }) => at.time === time);
}
