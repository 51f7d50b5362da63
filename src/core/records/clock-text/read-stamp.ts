/** ISO 8601 dates and date-times, extended and basic, as machines write them. */

import { dateOf } from "./calendar-days.ts";
import type { ClockContext, ClockSlot, ClockStyle } from "./clock-mention.ts";
import { type ClockToken, isColon, isNumber, type Reader, tokenAt } from "./clock-tokens.ts";
import type { ClockFound } from "./read-clock.ts";
import type { DateFound } from "./read-date.ts";
import { readFigures } from "./read-figures.ts";
import { readMeridiem } from "./read-meridiem.ts";
import { readOffset, type ZoneFound } from "./read-zone.ts";

export interface StampFound {
  readonly date: DateFound;
  readonly clock?: ClockFound;
  readonly zone?: ZoneFound;
  readonly to: number;
  readonly next: number;
}

type Figures = Pick<ClockToken, "from" | "to" | "text">;

/** Year, month and day of `2026-05-30` or `20260530` at this token; none where it is neither. */
function stampFigures(reader: Reader, at: number): readonly Figures[] {
  const first = tokenAt(reader, at);
  if (first.kind !== "number" || (first.text.length !== 4 && first.text.length !== 8)) return none;
  if (isNumber(first, 8, 8)) {
    const cut = (from: number, to: number): Figures => ({ from: first.from + from, to: first.from + to, text: first.text.slice(from, to) });
    return [cut(0, 4), cut(4, 6), cut(6, 8)];
  }
  const [month, day] = [tokenAt(reader, at + 2), tokenAt(reader, at + 4)];
  const areJoined = tokenAt(reader, at + 1).text === "-" && tokenAt(reader, at + 3).text === "-";
  return areJoined && isNumber(month, 2, 2) && isNumber(day, 2, 2) ? [first, month, day] : none;
}

const none: readonly Figures[] = [];

function stampDate(reader: Reader, at: number): DateFound | undefined {
  const [year, month, day] = stampFigures(reader, at);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = dateOf(Number(year.text), Number(month.text), Number(day.text));
  if (date === undefined) return undefined;
  const slots: ClockSlot[] = [
    { kind: "year", of: "start", from: year.from, to: year.to },
    { kind: "month", of: "start", from: month.from, to: month.to, style: "number" },
    { kind: "day", of: "start", from: day.from, to: day.to },
  ];
  const next = at + (tokenAt(reader, at).text.length === 8 ? 1 : 5);
  return { from: year.from, to: day.to, next, slots, options: [{ date }], isWeak: false };
}

/** `163000` or `1630`. */
function basicClock(reader: Reader, at: number): ClockFound | undefined {
  const token = tokenAt(reader, at);
  if (!isNumber(token, 4, 6) || token.text.length === 5) return undefined;
  const [hour, minute, second] = [0, 2, 4].map((from) => Number(token.text.slice(from, from + 2)));
  if (hour === undefined || minute === undefined || second === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  const style: ClockStyle = { ...isoStyle, separator: "", hasSeconds: token.text.length === 6 };
  return clockOf(token, at + 1, style, hour * 3600 + minute * 60 + second);
}

const isoStyle: ClockStyle = {
  hours: 24,
  hourDigits: 2,
  separator: ":",
  isShort: false,
  meridiem: "none",
  hasSeconds: false,
  fraction: 0,
  isWords: false,
};

function clockOf(at: { readonly from: number; readonly to: number }, next: number, style: ClockStyle, seconds: number): ClockFound {
  const slot: ClockSlot = { kind: "clock", of: "start", from: at.from, to: at.to, style };
  const kind = { meridiem: false, is24: true, isWeak: false, needsOther: false, isWords: false };
  return { from: at.from, to: at.to, next, slots: [slot], options: [seconds], as24: seconds, ...kind };
}

/** `16:30`, `16:30:00.000`, with two digits for the hour. */
function extendedClock(reader: Reader, at: number): ClockFound | undefined {
  if (!isNumber(tokenAt(reader, at), 2, 2) || !isColon(tokenAt(reader, at + 1))) return undefined;
  const figures = readFigures(reader, at);
  if (figures === undefined || figures.hour > 23) return undefined;
  const style: ClockStyle = { ...isoStyle, separator: figures.separator, hasSeconds: figures.hasSeconds, fraction: figures.fraction };
  return clockOf(figures, figures.next, style, figures.hour * 3600 + figures.minute * 60 + figures.second);
}

/** `Z` or an offset directly after the figures, or after one space as databases write it. */
function stampZone(reader: Reader, at: number): ZoneFound | undefined {
  const token = tokenAt(reader, at);
  const slotAt = (to: number): ClockSlot => ({ kind: "offset", of: "start", from: token.from, to });
  if (token.text === "Z" || token.text === "z")
    return { zone: { text: token.text, iana: "UTC" }, slots: [slotAt(token.to)], to: token.to, next: at + 1 };
  const found = readOffset(reader, at, false);
  if (found === undefined) return undefined;
  return {
    zone: { text: reader.text.slice(token.from, found.to), offset: found.offset },
    slots: [slotAt(found.to)],
    to: found.to,
    next: found.next,
  };
}

/** A time that stands after an ISO date: after `T`, or after one space and without AM or PM. */
function stampClock(reader: Reader, at: number): ClockFound | undefined {
  const mark = tokenAt(reader, at);
  if (mark.lower === "t") return extendedClock(reader, at + 1) ?? basicClock(reader, at + 1);
  if (mark.text !== " ") return undefined;
  const clock = extendedClock(reader, at + 1);
  return clock === undefined || readMeridiem(reader, clock.next) !== undefined ? undefined : clock;
}

/** Eight digits are a date only before a time, or where they are all that a value holds. */
const isAlone = (reader: Reader, about: ClockContext): boolean => about.isCode === true && reader.text.trim().length === 8;

export function readStamp(reader: Reader, at: number, about: ClockContext): StampFound | undefined {
  const date = stampDate(reader, at);
  if (date === undefined) return undefined;
  const clock = stampClock(reader, date.next);
  if (clock === undefined) {
    const isBasic = date.next === at + 1;
    return isBasic && !isAlone(reader, about) ? undefined : { date, to: date.to, next: date.next };
  }
  const gap = tokenAt(reader, clock.next).text === " " && /^[+Z]$/u.test(tokenAt(reader, clock.next + 1).text) ? 1 : 0;
  const zone = stampZone(reader, clock.next + gap);
  if (zone === undefined) return { date, clock, to: clock.to, next: clock.next };
  return { date, clock, zone, to: zone.to, next: zone.next };
}
