/** One date as it is written: a day with or without its year, or a weekday. */

import { dateOf, daysBetween, weekdayOf } from "./calendar-days.ts";
import { months, onlyCapital, weekdayNames, weekdays } from "./calendar-words.ts";
import type { ClockContext, ClockSlot } from "./clock-mention.ts";
import { type ClockToken, isColon, isDash, isNumber, type Reader, skipSpace, tokenAt } from "./clock-tokens.ts";
import { readMeridiem } from "./read-meridiem.ts";

/** What a date text may mean: a day, a day without its year, or only a weekday. */
export interface DateOption {
  readonly date?: string;
  readonly yearless?: string;
  readonly weekday?: number;
}

export interface DateFound {
  readonly from: number;
  readonly to: number;
  /** Token after it. */
  readonly next: number;
  readonly slots: readonly ClockSlot[];
  readonly options: readonly DateOption[];
  readonly asks?: string | undefined;
  readonly settledBy?: string | undefined;
  readonly contradiction?: string | undefined;
  /** Only a date beside a time or another part of a date: `Sat`, `5/30`. */
  readonly isWeak: boolean;
}

interface Day {
  readonly year?: number;
  readonly month: number;
  readonly day: number;
}

/** Figures and words of one date, with every order that they may be in. */
interface DayFound {
  readonly next: number;
  readonly to: number;
  /** By reading: the same text may have its month in another place. */
  readonly ways: readonly { readonly day: Day; readonly slots: readonly ClockSlot[] }[];
  readonly isWeak: boolean;
}

const slotOf = (kind: "day" | "year", token: { readonly from: number; readonly to: number }): ClockSlot => ({
  kind,
  of: "start",
  from: token.from,
  to: token.to,
});

export interface WordFound {
  readonly value: number;
  readonly isLong: boolean;
  readonly from: number;
  readonly to: number;
  readonly next: number;
}

const isLongMonth = (lower: string): boolean => lower.length > 4 || lower === "june" || lower === "july" || lower === "may";

/** A weekday's or month's name, with the dot of an abbreviation inside it. */
export function readName(reader: Reader, at: number, names: ReadonlyMap<string, number>, isSure = false): WordFound | undefined {
  const token = tokenAt(reader, at);
  const value = token.kind === "word" ? names.get(token.lower) : undefined;
  if (value === undefined || (!isSure && onlyCapital.has(token.lower) && token.text === token.lower)) return undefined;
  const isLong = token.lower.endsWith("day") || (names === months && isLongMonth(token.lower));
  const hasDot = !isLong && tokenAt(reader, at + 1).text === ".";
  return { value, isLong, from: token.from, to: hasDot ? tokenAt(reader, at + 1).to : token.to, next: hasDot ? at + 2 : at + 1 };
}

const ordinals: ReadonlySet<string> = new Set(["st", "nd", "rd", "th"]);

/** 1 to 31, with its ordinal letters. */
export function readDayNumber(
  reader: Reader,
  at: number,
): { readonly day: number; readonly from: number; readonly to: number; readonly next: number; readonly isOrdinal: boolean } | undefined {
  const token = tokenAt(reader, at);
  const day = isNumber(token, 1, 2) ? Number(token.text) : 0;
  if (day < 1 || day > 31) return undefined;
  const suffix = tokenAt(reader, at + 1);
  const isOrdinal = ordinals.has(suffix.lower);
  return { day, from: token.from, to: isOrdinal ? suffix.to : token.to, next: at + (isOrdinal ? 2 : 1), isOrdinal };
}

/** A year of four digits, after a comma or a space; not the figures of "2000 hrs" or of a clock. */
export function readYear(
  reader: Reader,
  after: number,
): { readonly year: number; readonly slot: ClockSlot; readonly next: number; readonly to: number } | undefined {
  const comma = tokenAt(reader, after).text === "," ? after + 1 : after;
  const at = skipSpace(reader, comma);
  const token = tokenAt(reader, at);
  const year = isNumber(token, 4, 4) ? Number(token.text) : 0;
  if (at === after || year < 1900 || year > 2199) return undefined;
  const follow = tokenAt(reader, skipSpace(reader, at + 1)).lower;
  // "24 Aug 1915-2015" gives hours; nobody plans for 1915.
  if (year < 1970 && isDash(tokenAt(reader, at + 1)) && isNumber(tokenAt(reader, at + 2), 4, 4)) return undefined;
  if (["hrs", "hr", "h", "hours", "am", "pm"].includes(follow)) return undefined;
  return { year, slot: slotOf("year", token), next: at + 1, to: token.to };
}

const monthSlot = (name: WordFound): ClockSlot => ({
  kind: "month",
  of: "start",
  from: name.from,
  to: name.to,
  style: "name",
  isLong: name.isLong,
});

/** "May 30", "May 30th, 2026". */
function monthFirst(reader: Reader, at: number, isSure: boolean): DayFound | undefined {
  const name = readName(reader, at, months, isSure);
  const day = name === undefined ? undefined : readDayNumber(reader, skipSpace(reader, name.next));
  if (name === undefined || day === undefined) return undefined;
  // "in May 4:30 PM" and "May 4 PM" name hours.
  if (isColon(tokenAt(reader, day.next)) && tokenAt(reader, day.next + 1).kind === "number") return undefined;
  if (!day.isOrdinal && readMeridiem(reader, day.next) !== undefined) return undefined;
  const year = readYear(reader, day.next);
  const slots = [monthSlot(name), slotOf("day", day), ...(year === undefined ? [] : [year.slot])];
  const value: Day = { ...(year === undefined ? {} : { year: year.year }), month: name.value + 1, day: day.day };
  return { next: year?.next ?? day.next, to: year?.to ?? day.to, ways: [{ day: value, slots }], isWeak: false };
}

/** "30 May 2026", "30th of May". */
function dayFirst(reader: Reader, at: number): DayFound | undefined {
  const day = readDayNumber(reader, at);
  if (day === undefined) return undefined;
  const dot = tokenAt(reader, day.next).text === "." ? day.next + 1 : day.next;
  const gap = isDash(tokenAt(reader, dot)) ? dot + 1 : skipSpace(reader, dot);
  const of = tokenAt(reader, gap).lower === "of" ? skipSpace(reader, gap + 1) : gap;
  const name = readName(reader, of, months);
  if (name === undefined) return undefined;
  const hyphen = isDash(tokenAt(reader, name.next)) && isNumber(tokenAt(reader, name.next + 1), 4, 4);
  const year = hyphen ? hyphenYear(reader, name.next + 1) : readYear(reader, name.next);
  const slots = [slotOf("day", day), monthSlot(name), ...(year === undefined ? [] : [year.slot])];
  const value: Day = { ...(year === undefined ? {} : { year: year.year }), month: name.value + 1, day: day.day };
  return { next: year?.next ?? name.next, to: year?.to ?? name.to, ways: [{ day: value, slots }], isWeak: false };
}

const hyphenYear = (reader: Reader, at: number): ReturnType<typeof readYear> => {
  const token = tokenAt(reader, at);
  return { year: Number(token.text), slot: slotOf("year", token), next: at + 1, to: token.to };
};

const positions = { mdy: ["month", "day", "year"], dmy: ["day", "month", "year"], ymd: ["year", "month", "day"] } as const;

/** Orders in which figures may stand: by their size, by the mark between them, by what is configured. */
function ordersOf(first: string, mark: string, order: ClockContext["dateOrder"]): readonly ("mdy" | "dmy" | "ymd")[] {
  if (first.length === 4) return ["ymd"];
  if (mark === ".") return ["dmy"];
  return order === "mdy" || order === "dmy" ? [order] : ["mdy", "dmy"];
}

/** Two or three numbers with the same mark between them, of as many digits as dates have. */
function dateFigures(reader: Reader, at: number): readonly ClockToken[] {
  const mark = tokenAt(reader, at + 1).text;
  if (!["/", ".", "-"].includes(mark)) return [];
  const [first, second, third] = [tokenAt(reader, at), tokenAt(reader, at + 2), tokenAt(reader, at + 4)];
  const isYearFirst = isNumber(first, 4, 4);
  if (!isNumber(second, 1, 2) || !(isYearFirst || isNumber(first, 1, 2))) return [];
  if (tokenAt(reader, at + 3).text !== mark || third.kind !== "number") return mark === "/" ? [first, second] : [];
  return (isYearFirst ? isNumber(third, 1, 2) : isNumber(third, 2, 4)) ? [first, second, third] : [];
}

/** "5/30/2026", "30.05.2026", "2026/05/30", "5/30" (weak). */
function inFigures(reader: Reader, at: number, order: ClockContext["dateOrder"]): DayFound | undefined {
  const figures = dateFigures(reader, at);
  const [first, last] = [figures.at(0), figures.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const mark = tokenAt(reader, at + 1).text;
  const next = at + figures.length * 2 - 1;
  // 10.0.0.1 and 1/2/26/5 are no dates.
  if (tokenAt(reader, next).text === mark && tokenAt(reader, next + 1).kind === "number") return undefined;
  const waysIn = (orders: ReturnType<typeof ordersOf>): DayFound["ways"] =>
    orders.flatMap((one) => wayOf(new Map(figures.map((token, place) => [positions[one][place], token] as const))) ?? []);
  const ways = waysIn(ordersOf(first.text, mark, order));
  // 5/30/2026 has one reading, whatever comes first elsewhere.
  return { next, to: last.to, ways: ways.length > 0 ? ways : waysIn(ordersOf(first.text, mark, undefined)), isWeak: figures.length < 3 };
}

function wayOf(
  by: ReadonlyMap<"day" | "month" | "year" | undefined, { readonly from: number; readonly to: number; readonly text: string }>,
): DayFound["ways"][number] | undefined {
  const [day, month, year] = [by.get("day"), by.get("month"), by.get("year")];
  if (day === undefined || month === undefined || year?.text.length === 3) return undefined;
  const value = {
    ...(year === undefined ? {} : { year: Number(year.text.length === 2 ? `20${year.text}` : year.text) }),
    month: Number(month.text),
    day: Number(day.text),
  };
  if (dateOf(value.year ?? 2024, value.month, value.day) === undefined) return undefined;
  const slots: ClockSlot[] = [slotOf("day", day), { kind: "month", of: "start", from: month.from, to: month.to, style: "number" }];
  return { day: value, slots: year === undefined ? slots : [...slots, slotOf("year", year)] };
}

interface Resolved {
  readonly option: DateOption;
  readonly settledBy?: string | undefined;
}

/** The year nearest to a day, among those in which its weekday is the one that was said. */
function nearestYear(day: Day, weekday: number | undefined, base: string): Resolved | undefined {
  const year = Number(base.slice(0, 4));
  const near = [year - 1, year, year + 1].map((one) => dateOf(one, day.month, day.day)).filter((date) => date !== undefined);
  const fitting = weekday === undefined ? [] : near.filter((date) => weekdayOf(date) === weekday);
  const [best] = (fitting.length > 0 ? fitting : near).toSorted((a, b) => Math.abs(daysBetween(base, a)) - Math.abs(daysBetween(base, b)));
  if (best === undefined) return undefined;
  const isByWeekday = fitting.length === 1 && weekday !== undefined;
  return {
    option: { date: best },
    settledBy: isByWeekday ? `the year in which it is a ${weekdayNames[weekday] ?? ""}` : `the year nearest to ${base}`,
  };
}

/** A day with its year: as written, else as the hint has it, else the nearest to today. `undefined` where there is no such day. */
function withYear(day: Day, weekday: number | undefined, { hint, today }: ClockContext): Resolved | undefined {
  const date = dateOf(day.year ?? 2024, day.month, day.day);
  if (date === undefined) return undefined;
  if (day.year !== undefined) return { option: { date } };
  const yearless = date.slice(5);
  if (hint?.date?.slice(5) === yearless) return { option: { date: hint.date }, settledBy: `the sibling value ${hint.date}` };
  const base = today ?? hint?.date;
  const nearest = base === undefined ? undefined : nearestYear(day, weekday, base);
  return nearest ?? { option: weekday === undefined ? { yearless } : { yearless, weekday } };
}

function settleOrder(
  resolved: readonly (Resolved & { readonly slots: readonly ClockSlot[] })[],
  weekday: number | undefined,
  about: ClockContext,
): { readonly kept: typeof resolved; readonly by?: string } {
  if (resolved.length < 2) return { kept: resolved };
  const dates = new Set(resolved.map(({ option }) => option.date ?? option.yearless));
  if (dates.size < 2) return { kept: resolved.slice(0, 1) };
  const byWeekday =
    weekday === undefined ? [] : resolved.filter(({ option }) => option.date !== undefined && weekdayOf(option.date) === weekday);
  if (byWeekday.length === 1) return { kept: byWeekday, by: "the weekday beside it" };
  const byHint = resolved.filter(({ option }) => option.date !== undefined && option.date === about.hint?.date);
  return byHint.length === 1 ? { kept: byHint, by: `the sibling value ${about.hint?.date ?? ""}` } : { kept: resolved };
}

const weekdaySlot = (weekday: WordFound): ClockSlot => ({ kind: "weekday", of: "start", from: weekday.from, to: weekday.to });

const weekdayAlone = (weekday: WordFound): DateFound => ({
  from: weekday.from,
  to: weekday.to,
  next: weekday.next,
  slots: [weekdaySlot(weekday)],
  options: [{ weekday: weekday.value }],
  isWeak: !weekday.isLong,
});

/** Figures and words of a day, with the weekday before them. `undefined` where there is no such day. */
function dayWith(from: number, weekday: WordFound | undefined, found: DayFound, about: ClockContext): DateFound | undefined {
  const resolved = found.ways.flatMap(({ day, slots }) => {
    const one = withYear(day, weekday?.value, about);
    return one === undefined ? [] : [{ option: one.option, settledBy: one.settledBy, slots }];
  });
  const { kept, by } = settleOrder(resolved, weekday?.value, about);
  const [first] = kept;
  if (first === undefined) return undefined;
  const slots = weekday === undefined ? first.slots : [weekdaySlot(weekday), ...first.slots];
  const isOne = kept.length === 1;
  return {
    from,
    to: found.to,
    next: found.next,
    slots,
    options: kept.map(({ option }) => option),
    asks: isOne ? undefined : "month or day may come first",
    settledBy: by ?? first.settledBy,
    contradiction: isOne ? contradictionOf(first.option.date, weekday?.value) : undefined,
    isWeak: found.isWeak && weekday === undefined,
  };
}

/** "sat may 30": without a capital it is one where a month and its day follow. */
function smallWeekday(reader: Reader, at: number): WordFound | undefined {
  const weekday = readName(reader, at, weekdays, true);
  return weekday && monthFirst(reader, afterWeekday(reader, weekday.next), true) ? weekday : undefined;
}

/** A date that begins at this token. */
export function readDate(reader: Reader, at: number, about: ClockContext): DateFound | undefined {
  const weekday = readName(reader, at, weekdays) ?? smallWeekday(reader, at);
  const dayAt = weekday === undefined ? at : afterWeekday(reader, weekday.next);
  const found = monthFirst(reader, dayAt, weekday !== undefined) ?? inFigures(reader, dayAt, about.dateOrder) ?? dayFirst(reader, dayAt);
  const day = found === undefined ? undefined : dayWith(tokenAt(reader, at).from, weekday, found, about);
  if (day !== undefined) return day;
  return weekday === undefined ? undefined : weekdayAlone(weekday);
}

function contradictionOf(date: string | undefined, weekday: number | undefined): string | undefined {
  if (date === undefined || weekday === undefined || weekdayOf(date) === weekday) return undefined;
  return `${weekdayNames[weekday] ?? ""}, but ${date} is a ${weekdayNames[weekdayOf(date)] ?? ""}`;
}

/** Past a comma, spaces and "the" between a weekday and its day. */
function afterWeekday(reader: Reader, after: number): number {
  const comma = tokenAt(reader, after).text === "," ? after + 1 : after;
  const at = skipSpace(reader, comma);
  return tokenAt(reader, at).lower === "the" ? skipSpace(reader, at + 1) : at;
}
