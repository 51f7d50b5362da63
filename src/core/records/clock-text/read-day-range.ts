/** Several days in one date: "May 30–31, 2026", "30/31 May", "Sat–Sun, May 30–31". They are read together or not at all. */

import { dateOf } from "./calendar-days.ts";
import { months, weekdays } from "./calendar-words.ts";
import type { ClockContext, ClockSlot } from "./clock-mention.ts";
import { isColon, isDash, isNumber, type Reader, skipSpace, tokenAt } from "./clock-tokens.ts";
import { isFreeAfter, type Point } from "./draft.ts";
import { type DateFound, type DateOption, readDate, readDayNumber, readName, readYear } from "./read-date.ts";
import { readMeridiem } from "./read-meridiem.ts";

export interface DayRange {
  readonly start: Point;
  readonly end: Point;
}

const joints: ReadonlySet<string> = new Set(["to", "through", "thru", "until", "till", "and", "&", "+", "/", "bis", "und", "et", "y"]);

/** Past what joins two days; `isTight`: no space stands there. */
function pastJoint(reader: Reader, after: number): { readonly next: number; readonly isTight: boolean } | undefined {
  const at = skipSpace(reader, after);
  const token = tokenAt(reader, at);
  if (!isDash(token) && !joints.has(token.lower)) return undefined;
  const last = isDash(token) && isDash(tokenAt(reader, at + 1)) ? at + 1 : at;
  const next = skipSpace(reader, last + 1);
  return { next, isTight: at === after && next === last + 1 };
}

const pointOf = (date: DateFound): Point => ({ date, to: date.to, next: date.next });

/** The same month's other day. */
function withDay({ date, yearless, weekday: _weekday }: DateOption, day: number, year: number | undefined): DateOption | undefined {
  const month = Number((date ?? `2024-${yearless ?? ""}`).slice(5, 7));
  const said = dateOf(year ?? (date === undefined ? 2024 : Number(date.slice(0, 4))), month, day);
  if (said === undefined) return undefined;
  return date === undefined && year === undefined ? { yearless: said.slice(5) } : { date: said };
}

const dayOf = ({ date, yearless }: DateOption): number => Number((date ?? yearless ?? "").slice(-2));

/** Whether a number after a date counts something else: it is a time, a part of a longer chain, or of things. */
function isOther(reader: Reader, next: number, isTight: boolean): boolean {
  const mark = tokenAt(reader, next);
  const isChain = (isColon(mark) || isDash(mark) || mark.text === "/" || mark.text === ".") && tokenAt(reader, next + 1).kind === "number";
  return isChain || readMeridiem(reader, next) !== undefined || !(isTight || isFreeAfter(reader, next));
}

const isNamedMonth = ({ slots }: DateFound): boolean => slots.some((slot) => slot.kind === "month" && slot.style === "name");
const hasYear = ({ slots }: DateFound): boolean => slots.some((slot) => slot.kind === "year");

/** The one way to read a date; `undefined` where there are several. */
const onlyOption = ({ options: [option, ...others] }: DateFound): DateOption | undefined => (others.length === 0 ? option : undefined);

type DayNumber = NonNullable<ReturnType<typeof readDayNumber>>;

const daySlot = ({ from, to }: DayNumber): ClockSlot => ({ kind: "day", of: "start", from, to });

/** The number of a later day than this option's, after what joins the two. */
function readLater(reader: Reader, after: number, option: DateOption): DayNumber | undefined {
  const joint = pastJoint(reader, after);
  const day = joint && readDayNumber(reader, joint.next);
  if (joint === undefined || day === undefined || day.day <= dayOf(option)) return undefined;
  const isSure = day.isOrdinal || readYear(reader, day.next) !== undefined;
  return isSure || !isOther(reader, day.next, joint.isTight) ? day : undefined;
}

/** "–31, 2026" after "May 30". */
export function readLastDay(reader: Reader, first: DateFound): DateFound | undefined {
  const option = isNamedMonth(first) && !hasYear(first) ? onlyOption(first) : undefined;
  const day = option && readLater(reader, first.next, option);
  if (option === undefined || day === undefined) return undefined;
  const year = readYear(reader, day.next);
  const said = withDay(option, day.day, year?.year);
  if (said === undefined) return undefined;
  const common = { from: day.from, options: [said], isWeak: false };
  if (year === undefined) return { ...common, to: day.to, next: day.next, slots: [daySlot(day)] };
  return { ...common, to: year.to, next: year.next, slots: [daySlot(day), year.slot] };
}

/** "30–31 May 2026", "30./31. May": the first day has no month of its own. */
function readFirstDay(reader: Reader, at: number, about: ClockContext): DayRange | undefined {
  const day = isNumber(tokenAt(reader, at), 1, 2) ? readDayNumber(reader, at) : undefined;
  const joint = day && pastJoint(reader, tokenAt(reader, day.next).text === "." ? day.next + 1 : day.next);
  const last = joint && readDayOfMonth(reader, joint.next, about);
  const option = last && onlyOption(last);
  if (!day || !last || !option || day.day >= dayOf(option)) return undefined;
  const said = withDay(option, day.day, undefined);
  if (said === undefined) return undefined;
  const first: DateFound = { from: day.from, to: day.to, next: day.next, slots: [daySlot(day)], options: [said], isWeak: false };
  return { start: pointOf(first), end: pointOf(last) };
}

/** "31 May": a date that begins with its day and names its month. */
function readDayOfMonth(reader: Reader, at: number, about: ClockContext): DateFound | undefined {
  const date = readDayNumber(reader, at) && readDate(reader, at, about);
  return date?.slots[0]?.kind === "day" && isNamedMonth(date) ? date : undefined;
}

const weekdaySlot = ({ from, to }: { readonly from: number; readonly to: number }): ClockSlot => ({
  kind: "weekday",
  of: "start",
  from,
  to,
});

/** "Sat–Sun, " before the days; the weekdays are those of the first and of the last. */
function readWeekdays(reader: Reader, at: number, about: ClockContext): DayRange | undefined {
  const first = readName(reader, at, weekdays);
  const joint = first && pastJoint(reader, first.next);
  const second = joint && readName(reader, joint.next, weekdays);
  if (!first || !second) return undefined;
  const comma = [",", "·"].includes(tokenAt(reader, second.next).text) ? second.next + 1 : second.next;
  const days = readDays(reader, skipSpace(reader, comma), about);
  if (days?.start.date === undefined || days.end.date === undefined) return undefined;
  return {
    start: { ...days.start, date: { ...days.start.date, from: first.from, slots: [weekdaySlot(first), ...days.start.date.slots] } },
    end: { ...days.end, date: { ...days.end.date, slots: [weekdaySlot(second), ...days.end.date.slots] } },
  };
}

function readDays(reader: Reader, at: number, about: ClockContext): DayRange | undefined {
  if (tokenAt(reader, at).kind === "number") return readFirstDay(reader, at, about);
  if (readName(reader, at, months) === undefined) return undefined;
  const first = readDate(reader, at, about);
  const last = first && readLastDay(reader, first);
  if (!first || !last) return undefined;
  const [option] = first.options;
  const year = hasYear(last) ? Number(last.options[0]?.date?.slice(0, 4)) : undefined;
  const said = option && withDay(option, dayOf(option), year);
  return said && { start: pointOf({ ...first, options: [said] }), end: pointOf(last) };
}

/** A range of days that begins at this token, and of which only the last, or neither, is a date by itself. */
export function readDayRange(reader: Reader, at: number, about: ClockContext): DayRange | undefined {
  return readDays(reader, at, about) ?? readWeekdays(reader, at, about);
}
