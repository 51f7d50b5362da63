/** Recurrence rules (RFC 5545, section 3.3.10) on a wall clock, never further than a window asks. */

import { dayMs, readTime, type WallMs } from "./wall-time.ts";

const frequencies = ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
type Frequency = (typeof frequencies)[number];

interface WeekdayRule {
  /** 0 is Sunday. */
  readonly day: number;
  /** The first, second, or last (-1) of the month or year; 0 for every. */
  readonly nth: number;
}

export interface RecurrenceRule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count?: number;
  /** As written: compared on the series' own clock unless it is UTC. */
  readonly until?: { readonly wallMs: WallMs; readonly isUtc: boolean; readonly isDate: boolean };
  /** 0 is Sunday. */
  readonly weekStart: number;
  readonly byDay: readonly WeekdayRule[];
  /** By name without `BY`: `MONTH`, `MONTHDAY`, `YEARDAY`, `WEEKNO`, `HOUR`, `MINUTE`, `SECOND`, `SETPOS`. */
  readonly by: Readonly<Record<string, readonly number[]>>;
}

const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const bounds: Readonly<Record<string, number>> = {
  MONTH: 12,
  MONTHDAY: 31,
  YEARDAY: 366,
  WEEKNO: 53,
  HOUR: 23,
  MINUTE: 59,
  SECOND: 60,
  SETPOS: 366,
};

/** A rule as written; `undefined` for what is none. */
export function readRule(text: string): RecurrenceRule | undefined {
  const said = new Map(
    text
      .trim()
      .toUpperCase()
      .split(";")
      .map((part) => [part.slice(0, part.indexOf("=")).trim(), part.slice(part.indexOf("=") + 1).trim()] as const),
  );
  const frequency = frequencies.find((each) => each === said.get("FREQ"));
  if (frequency === undefined) return undefined;
  const by = numbersOf(said);
  const byDay = (said.get("BYDAY") ?? "").split(",").flatMap((each) => weekdayRule(each));
  const hasBadDays = said.has("BYDAY") && byDay.length !== said.get("BYDAY")?.split(",").length;
  const end = endOf(said);
  const interval = positive(said.get("INTERVAL") ?? "1");
  if (!by || hasBadDays || !end || interval === undefined) return undefined;
  return { frequency, interval, weekStart: Math.max(0, weekdays.indexOf(said.get("WKST") ?? "MO")), byDay, by, ...end };
}

type Said = ReadonlyMap<string, string>;

/** The lists of numbers; `undefined` where one holds something else. */
function numbersOf(said: Said): Record<string, readonly number[]> | undefined {
  const by: Record<string, readonly number[]> = {};
  for (const [name, max] of Object.entries(bounds)) {
    const list = said.get(`BY${name}`);
    if (list === undefined) continue;
    const numbers = list.split(",").map(Number);
    if (!numbers.every((each) => Number.isInteger(each) && Math.abs(each) <= max)) return undefined;
    by[name] = numbers;
  }
  return by;
}

/** COUNT and UNTIL; `undefined` where one of them is none. */
function endOf(said: Said): Pick<RecurrenceRule, "count" | "until"> | undefined {
  const [untilText, countText] = [said.get("UNTIL"), said.get("COUNT")];
  const until = untilText === undefined ? undefined : readTime(untilText);
  const count = positive(countText);
  if ((untilText !== undefined && !until) || (countText !== undefined && count === undefined)) return undefined;
  return { ...(count !== undefined && { count }), ...(until && { until }) };
}

function weekdayRule(text: string): WeekdayRule[] {
  const [, nth = "", name = ""] = /^([+-]?\d{1,3})?([A-Z]{2})$/u.exec(text.trim()) ?? [];
  const day = weekdays.indexOf(name);
  return day === -1 ? [] : [{ day, nth: Number(nth) }];
}

function positive(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/u.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

export interface Window {
  /** Both included. */
  readonly fromMs: WallMs;
  readonly toMs: WallMs;
  readonly instancesMax: number;
  /** UNTIL of a rule that says it in UTC, on the series' wall clock. */
  readonly untilWallMs?: WallMs;
}

/** Periods that are looked at for one window: a rule that never comes true ends, and a daily one may begin 270 years before. */
const periodsMax = 100_000;

/**
 * Instances of a rule within a window, in order, the first one (`startMs`) included whether or not the rule names it, as RFC 5545 has
 * it. A rule of which more periods would have to be looked at than `periodsMax` ends there.
 */
export function occurrences(rule: RecurrenceRule, startMs: WallMs, window: Window): readonly WallMs[] {
  const found: WallMs[] = [];
  const untilMs = untilOf(rule, window);
  let [counted, period] = [0, rule.count === undefined ? firstPeriod(rule, startMs, window.fromMs) : 0];
  const add = (at: WallMs): boolean => {
    if (at > untilMs || at > window.toMs || found.length >= window.instancesMax) return false;
    counted += 1;
    if (counted > (rule.count ?? Infinity)) return false;
    if (at >= window.fromMs) found.push(at);
    return true;
  };
  const periods = period + periodsMax;
  // DTSTART is the first instance, and counts.
  if (!add(startMs)) return found;
  for (; period < periods; period += 1) {
    const begins = periodStart(rule, startMs, period);
    if (begins > Math.min(untilMs, window.toMs)) break;
    for (const at of instancesIn(rule, startMs, begins)) if (at > startMs && !add(at)) return found;
  }
  return found;
}

function untilOf({ until }: RecurrenceRule, { untilWallMs }: Window): WallMs {
  if (!until) return Infinity;
  if (until.isDate) return until.wallMs + dayMs - 1;
  return until.isUtc ? (untilWallMs ?? until.wallMs) : until.wallMs;
}

const lengths: Readonly<Record<Frequency, number>> = {
  SECONDLY: 1000,
  MINUTELY: 60_000,
  HOURLY: 3_600_000,
  DAILY: dayMs,
  WEEKLY: 7 * dayMs,
  MONTHLY: 31 * dayMs,
  YEARLY: 366 * dayMs,
};

/** A period shortly before the window: what lies before is not counted where no COUNT asks for it. */
function firstPeriod({ frequency, interval }: RecurrenceRule, startMs: WallMs, fromMs: WallMs): number {
  return Math.max(0, Math.floor((fromMs - startMs) / (lengths[frequency] * interval)) - 2);
}

/** Where the period with that number begins. */
function periodStart({ frequency, interval, weekStart }: RecurrenceRule, startMs: WallMs, period: number): WallMs {
  const start = new Date(startMs);
  const steps = period * interval;
  if (frequency === "YEARLY") return utc(start.getUTCFullYear() + steps, 0);
  if (frequency === "MONTHLY") return utc(start.getUTCFullYear(), start.getUTCMonth() + steps);
  if (frequency === "WEEKLY") return dayOf(startMs) - ((start.getUTCDay() - weekStart + 7) % 7) * dayMs + steps * 7 * dayMs;
  return Math.floor(startMs / lengths[frequency]) * lengths[frequency] + steps * lengths[frequency];
}

/** The first of a month. Years below 100 are meant as they are. */
function utc(year: number, month: number): WallMs {
  const at = new Date(0);
  at.setUTCFullYear(year, month, 1);
  return at.getTime();
}
const dayOf = (ms: WallMs): WallMs => Math.floor(ms / dayMs) * dayMs;

/** Instances of one period, in order. */
function instancesIn(rule: RecurrenceRule, startMs: WallMs, begins: WallMs): readonly WallMs[] {
  const days = daysOf(rule, begins).filter((day) => isDayMeant(rule, day, startMs));
  const at = days.flatMap((day) => timesOf(rule, startMs, begins).map((time) => day + time));
  const positions = rule.by["SETPOS"];
  if (!positions) return at;
  const chosen = positions.flatMap((position) => at.at(position > 0 ? position - 1 : position) ?? []);
  return [...new Set(chosen)].toSorted((left, right) => left - right);
}

function daysOf({ frequency }: RecurrenceRule, begins: WallMs): readonly WallMs[] {
  const start = new Date(begins);
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth()];
  const end =
    frequency === "YEARLY"
      ? utc(year + 1, 0)
      : frequency === "MONTHLY"
        ? utc(year, month + 1)
        : dayOf(begins) + (frequency === "WEEKLY" ? 7 : 1) * dayMs;
  return Array.from({ length: Math.round((end - dayOf(begins)) / dayMs) }, (_, at) => dayOf(begins) + at * dayMs);
}

/** Times of day, in milliseconds, that the rule names in a period. */
function timesOf({ frequency, by }: RecurrenceRule, startMs: WallMs, begins: WallMs): readonly number[] {
  const rank = frequencies.indexOf(frequency);
  const [start, period] = [new Date(startMs), new Date(begins)];
  // What is finer than the frequency is expanded, what is as coarse or coarser only limits it.
  const part = (name: string, isFixed: boolean, of: (date: Date) => number): readonly number[] => {
    const named = by[name];
    if (!isFixed) return named ? named.toSorted((left, right) => left - right) : [of(start)];
    return named && !named.includes(of(period)) ? [] : [of(period)];
  };
  const hours = part("HOUR", rank <= 2, (date) => date.getUTCHours());
  const minutes = part("MINUTE", rank <= 1, (date) => date.getUTCMinutes());
  const seconds = part("SECOND", rank === 0, (date) => date.getUTCSeconds());
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000)),
  );
}

/** Whether the rule names a day. */
function isDayMeant(rule: RecurrenceRule, day: WallMs, startMs: WallMs): boolean {
  const { by, frequency } = rule;
  const date = new Date(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (by["MONTH"] && !by["MONTH"].includes(month + 1)) return false;
  const monthDays = Math.round((utc(year, month + 1) - utc(year, month)) / dayMs);
  if (by["MONTHDAY"] && !isNumbered(by["MONTHDAY"], date.getUTCDate(), monthDays)) return false;
  const yearDays = Math.round((utc(year + 1, 0) - utc(year, 0)) / dayMs);
  const yearDay = Math.round((day - utc(year, 0)) / dayMs) + 1;
  if (by["YEARDAY"] && !isNumbered(by["YEARDAY"], yearDay, yearDays)) return false;
  if (by["WEEKNO"] && !isInWeeks(by["WEEKNO"], day, rule.weekStart)) return false;
  if (rule.byDay.length > 0) return isWeekdayMeant(rule, date, { monthDays, yearDay, yearDays });
  return frequency === "WEEKLY" || frequency === "MONTHLY" || frequency === "YEARLY" ? isImplied(rule, date, new Date(startMs)) : true;
}

const isNumbered = (numbers: readonly number[], at: number, length: number): boolean =>
  numbers.includes(at) || numbers.includes(at - length - 1);

/** Days that no BY part names are DTSTART's. */
function isImplied({ frequency, by }: RecurrenceRule, date: Date, start: Date): boolean {
  if (by["MONTHDAY"] || by["YEARDAY"]) return true;
  if (frequency === "WEEKLY" || by["WEEKNO"]) return date.getUTCDay() === start.getUTCDay();
  const isSameDay = date.getUTCDate() === start.getUTCDate();
  return isSameDay && (frequency === "MONTHLY" || by["MONTH"] !== undefined || date.getUTCMonth() === start.getUTCMonth());
}

interface DayPlace {
  readonly monthDays: number;
  readonly yearDay: number;
  readonly yearDays: number;
}

function isWeekdayMeant({ byDay, by, frequency }: RecurrenceRule, date: Date, { monthDays, yearDay, yearDays }: DayPlace): boolean {
  const isOfMonth = frequency === "MONTHLY" || (frequency === "YEARLY" && by["MONTH"] !== undefined);
  const [at, length] = isOfMonth ? [date.getUTCDate(), monthDays] : [yearDay, yearDays];
  const counts = isOfMonth || (frequency === "YEARLY" && !by["WEEKNO"]);
  return byDay.some(({ day, nth }) => {
    if (day !== date.getUTCDay()) return false;
    if (nth === 0 || !counts) return true;
    return nth > 0 ? Math.ceil(at / 7) === nth : Math.ceil((length - at + 1) / 7) === -nth;
  });
}

/** Weeks by number: the first has at least four days of its year. */
function isInWeeks(weeks: readonly number[], day: WallMs, weekStart: number): boolean {
  const year = new Date(day).getUTCFullYear();
  const first = firstWeek(year, weekStart);
  if (day < first) return false;
  const next = firstWeek(year + 1, weekStart);
  if (day >= next) return false;
  return isNumbered(weeks, Math.floor((day - first) / (7 * dayMs)) + 1, Math.round((next - first) / (7 * dayMs)));
}

function firstWeek(year: number, weekStart: number): WallMs {
  const fourth = utc(year, 0) + 3 * dayMs;
  return fourth - ((new Date(fourth).getUTCDay() - weekStart + 7) % 7) * dayMs;
}
