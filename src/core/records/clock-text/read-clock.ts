/** One time of day as it is written. */

import { daySeconds } from "./calendar-days.ts";
import { numberWords, tens } from "./calendar-words.ts";
import type { ClockSlot, ClockStyle } from "./clock-mention.ts";
import { isNumber, type Reader, skipSpace, tokenAt } from "./clock-tokens.ts";
import { type Figures, readFigures, readWordFigures } from "./read-figures.ts";
import { type Half, type MeridiemFound, readMeridiem } from "./read-meridiem.ts";

export interface ClockFound {
  readonly from: number;
  readonly to: number;
  /** Token after it. */
  readonly next: number;
  readonly slots: readonly ClockSlot[];
  /** Seconds since midnight: one where the half of the day is known, else two, the earlier first. */
  readonly options: readonly number[];
  readonly meridiem: boolean;
  readonly is24: boolean;
  /** What the figures say on a 24-hour clock. */
  readonly as24: number;
  /** A bare number or word, which is a time only beside another one. */
  readonly isWeak: boolean;
  /** `4.30`, `430`: a time only where another one beside it brings AM, PM or "hrs". */
  readonly needsOther: boolean;
  readonly isWords: boolean;
}

const fullHour: ReadonlySet<string> = new Set(["o'clock", "o’clock", "oclock"]);
const hourMarks: ReadonlySet<string> = new Set(["hrs", "hr", "h", "uhr"]);

interface Suffix {
  readonly next: number;
  readonly to: number;
  readonly kind: "none" | "hours" | "full-hour";
}

/** `hrs`, `h`, `Uhr` after figures, `hours` after four digits; `o'clock` after an hour. */
function readSuffix(reader: Reader, figures: Figures): Suffix {
  const at = skipSpace(reader, figures.next);
  const token = tokenAt(reader, at);
  const found = (kind: "hours" | "full-hour"): Suffix => ({ next: at + 1, to: token.to, kind });
  if (figures.isShort && fullHour.has(token.lower)) return found("full-hour");
  const isCompact = figures.separator === "";
  if (figures.isShort ? token.lower === "uhr" : hourMarks.has(token.lower)) return found("hours");
  const isFour = isCompact && figures.to - figures.from === 4;
  if (isFour && token.lower === "hours" && tokenAt(reader, skipSpace(reader, at + 1)).lower !== "of") return found("hours");
  return { next: figures.next, to: figures.to, kind: "none" };
}

function hourWithHalf(hour: number, half: Half | "night"): number | undefined {
  if (half === "night") return hour === 12 ? 0 : hour >= 5 && hour < 12 ? hour + 12 : hour < 5 || hour > 17 ? hour % 24 : undefined;
  if (half === "am") return hour > 12 ? undefined : hour % 12;
  return hour === 0 || hour > 23 ? undefined : hour < 12 ? hour + 12 : hour;
}

/** Hours that the figures may stand for; none where they are no time. */
function hourOptions(figures: Figures, half: Half | "night" | undefined, is24: boolean): readonly number[] {
  const { hour, minute, second } = figures;
  if (half !== undefined) {
    const one = hourWithHalf(hour, half);
    return one === undefined ? [] : [one];
  }
  if (hour === 24) return minute === 0 && second === 0 && !figures.isShort ? [0] : [];
  if (hour > 24) return [];
  return is24 ? [hour] : [hour % 12, (hour % 12) + 12];
}

/** "12 noon" is a time, "4 noon" is none. */
const isSense = (figures: Figures, meridiem: MeridiemFound | undefined): boolean =>
  meridiem?.slot.kind !== "meridiem" || meridiem.slot.style !== "noon" || figures.hour === 12;

function clockStyle(figures: Figures, suffix: Suffix, hours: ClockStyle["hours"]): ClockStyle {
  const { hourDigits, separator, isShort, hasSeconds, fraction, isWords, isPadded } = figures;
  // 10 PM tells nothing about how 9 PM would be written; 09:30 and a 24-hour 10:30 do.
  const digits = isPadded || (hours === 24 && hourDigits === 2) ? 2 : 1;
  const meridiem = hours === 12 ? "own" : "none";
  const style: ClockStyle = { hours, hourDigits: digits, separator, isShort, meridiem, hasSeconds, fraction, isWords };
  return suffix.kind === "full-hour" ? { ...style, fullHourTo: suffix.to } : style;
}

/** A lone "a" after a bare hour ("9a") is a word too often. */
function meridiemOf(reader: Reader, figures: Figures, after: number): MeridiemFound | undefined {
  const found = readMeridiem(reader, after);
  const isDoubtful = found?.isLetter === true && found.half === "am" && figures.isShort;
  return isDoubtful && tokenAt(reader, found.next).kind !== "mark" ? undefined : found;
}

/** Whether figures without AM or PM are on the 24-hour clock. In code, two digits for the hour are enough. */
function isOn24(figures: Figures, suffix: Suffix, isCode: boolean): boolean {
  if (suffix.kind === "hours" || figures.isPadded || figures.hour > 12 || figures.hour === 0) return true;
  return isCode && !figures.isShort && figures.to - figures.from >= 5;
}

/** `4.30`, `430`. */
const isUncertain = ({ isShort, separator }: Figures): boolean => !isShort && (separator === "." || separator === "");

/** The same where AM or PM was said (`found`) and where it was not. */
function fromFigures(reader: Reader, figures: Figures, isCode: boolean): ClockFound | undefined {
  const suffix = readSuffix(reader, figures);
  const found = meridiemOf(reader, figures, suffix.next);
  if (!isSense(figures, found)) return undefined;
  const is24 = found === undefined && isOn24(figures, suffix, isCode);
  const hours = hourOptions(figures, found?.half, is24);
  if (hours.length === 0) return undefined;
  const style = clockStyle(figures, suffix, found === undefined ? (is24 ? 24 : "open") : 12);
  const clock: ClockSlot = { kind: "clock", of: "start", from: figures.from, to: figures.to, style };
  const rest = figures.minute * 60 + figures.second;
  const isBare = found === undefined && suffix.kind === "none";
  const end = found === undefined ? suffix : { to: found.slot.to, next: found.next };
  return {
    from: figures.from,
    to: end.to,
    next: end.next,
    slots: found === undefined ? [clock] : [clock, found.slot],
    options: hours.map((hour) => hour * 3600 + rest),
    as24: (figures.hour % 24) * 3600 + rest,
    meridiem: found !== undefined,
    is24,
    isWeak: isBare && (figures.isShort || figures.isWords),
    needsOther: isBare && isUncertain(figures),
    isWords: figures.isWords,
  };
}

const clockWords: ReadonlyMap<string, number> = new Map([
  ["noon", 43_200],
  ["midday", 43_200],
  ["midnight", 0],
]);

function fromWord(reader: Reader, at: number): ClockFound | undefined {
  const token = tokenAt(reader, at);
  const seconds = token.kind === "word" ? clockWords.get(token.lower) : undefined;
  if (seconds === undefined) return undefined;
  const slot: ClockSlot = { kind: "clock-word", of: "start", from: token.from, to: token.to };
  const kind = { meridiem: true, is24: false, isWeak: false, needsOther: false, isWords: false };
  return { from: token.from, to: token.to, next: at + 1, slots: [slot], options: [seconds], as24: seconds, ...kind };
}

const minuteWord: ReadonlySet<string> = new Set(["minutes", "minute", "mins", "min"]);
const quarters: ReadonlyMap<string, number> = new Map([
  ["half", 30],
  ["quarter", 15],
]);

/** Minutes before "past" or "to", and whether a word says that they are minutes. */
function readCount(reader: Reader, at: number): { readonly minutes: number; readonly next: number; readonly isSaid: boolean } | undefined {
  const first = tokenAt(reader, at);
  const start = first.lower === "a" ? skipSpace(reader, at + 1) : at;
  const token = tokenAt(reader, start);
  const quarter = quarters.get(token.lower);
  if (quarter !== undefined) return { minutes: quarter, next: start + 1, isSaid: true };
  const count = isNumber(token, 1, 2) ? Number(token.text) : (numberWords.get(token.lower) ?? tens.get(token.lower));
  if (count === undefined || count < 1 || count > 59) return undefined;
  const word = skipSpace(reader, start + 1);
  const unit = tokenAt(reader, word).lower;
  if (unit === "quarters" && count === 3) return { minutes: 45, next: word + 1, isSaid: true };
  return minuteWord.has(unit) ? { minutes: count, next: word + 1, isSaid: true } : { minutes: count, next: start + 1, isSaid: false };
}

/** "half past", "a quarter to", "20 minutes to", "ten past": minutes that they add to the hour after them, and where that stands. */
function readShift(reader: Reader, at: number): { readonly minutes: number; readonly next: number } | undefined {
  const count = readCount(reader, at);
  if (count === undefined) return undefined;
  const word = skipSpace(reader, count.next);
  const lower = tokenAt(reader, word).lower;
  const next = skipSpace(reader, word + 1);
  if (lower === "past") return { minutes: count.minutes, next };
  return count.isSaid && count.minutes !== 30 && lower === "to" ? { minutes: -count.minutes, next } : undefined;
}

function shifted(base: ClockFound, minutes: number, from: number): ClockFound {
  const slots = base.slots.map((slot): ClockSlot => (slot.kind === "clock" ? { ...slot, style: { ...slot.style, shift: minutes } } : slot));
  const options = base.options.map((seconds) => (seconds + minutes * 60 + daySeconds) % daySeconds);
  return { ...base, from, slots, options, as24: (base.as24 + minutes * 60 + daySeconds) % daySeconds, isWeak: false };
}

/** A time of day that begins at this token. `isCode`: two digits before the colon are then a 24-hour clock. */
export function readClock(reader: Reader, at: number, isCode: boolean): ClockFound | undefined {
  const shift = readShift(reader, at);
  const figures = readFigures(reader, shift?.next ?? at) ?? readWordFigures(reader, shift?.next ?? at);
  if (shift !== undefined) {
    const base = figures?.isShort === true ? fromFigures(reader, figures, isCode) : undefined;
    if (base !== undefined) return shifted(base, shift.minutes, tokenAt(reader, at).from);
    const own = readFigures(reader, at) ?? readWordFigures(reader, at);
    return own === undefined ? undefined : fromFigures(reader, own, isCode);
  }
  return figures === undefined ? fromWord(reader, at) : fromFigures(reader, figures, isCode);
}
