/** The figures or words of one clock time, before anything says which half of the day it is in. */

import { numberWords, tens } from "./calendar-words.ts";
import { isColon, isDash, isNumber, type Reader, skipSpace, tokenAt } from "./clock-tokens.ts";

export interface Figures {
  readonly from: number;
  readonly to: number;
  /** Token after them. */
  readonly next: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly separator: string;
  readonly hourDigits: 1 | 2;
  readonly isShort: boolean;
  readonly hasSeconds: boolean;
  readonly fraction: number;
  readonly isWords: boolean;
  /** Written with a nought in front: 04:30. */
  readonly isPadded: boolean;
}

interface Written {
  readonly from: number;
  readonly to: number;
  readonly next: number;
  readonly minute: number;
  readonly separator: string;
  readonly isShort: boolean;
}

/** One literal for all kinds: adversarial texts hold hundreds of thousands of figures, and spreading objects is what they would cost. */
const figuresOf = (hour: string, written: Written, seconds: Seconds): Figures => ({
  from: written.from,
  to: written.to,
  next: written.next,
  hour: Number(hour),
  minute: written.minute,
  second: seconds.second,
  separator: written.separator,
  hourDigits: hour.length === 1 ? 1 : 2,
  isShort: written.isShort,
  hasSeconds: seconds.hasSeconds,
  fraction: seconds.fraction,
  isWords: false,
  isPadded: hour.length === 2 && hour.startsWith("0"),
});

type Seconds = Pick<Figures, "second" | "hasSeconds" | "fraction" | "next">;
const noSeconds: Seconds = { second: 0, hasSeconds: false, fraction: 0, next: 0 };

/** Two digits below 60, directly here. */
const sixty = (reader: Reader, at: number): number | undefined => {
  const token = tokenAt(reader, at);
  return isNumber(token, 2, 2) && Number(token.text) < 60 ? Number(token.text) : undefined;
};

/** `:45` and `:45.123` after the minutes. */
function readSeconds(reader: Reader, at: number): Seconds {
  const second = isColon(tokenAt(reader, at)) ? sixty(reader, at + 1) : undefined;
  if (second === undefined) return { second: 0, hasSeconds: false, fraction: 0, next: at };
  const digits = tokenAt(reader, at + 3);
  const hasFraction = /^[.,]$/u.test(tokenAt(reader, at + 2).text) && isNumber(digits, 1, 9);
  return { second, hasSeconds: true, fraction: hasFraction ? digits.text.length : 0, next: at + (hasFraction ? 4 : 2) };
}

/** More of a chain after it (10:20:30:40, 00:1a:2b) makes it something else. */
const isChained = (reader: Reader, at: number): boolean =>
  isColon(tokenAt(reader, at)) && (tokenAt(reader, at + 1).kind === "number" || tokenAt(reader, at + 1).kind === "word");

function withColon(reader: Reader, at: number): Figures | undefined {
  const hour = tokenAt(reader, at);
  const minute = sixty(reader, at + 2);
  if (minute === undefined) return undefined;
  const seconds = readSeconds(reader, at + 3);
  const { next } = seconds;
  if (isChained(reader, next)) return undefined;
  const separator = tokenAt(reader, at + 1).text;
  return figuresOf(hour.text, { from: hour.from, to: tokenAt(reader, next - 1).to, next, minute, separator, isShort: false }, seconds);
}

/** `4.30`, `16h30`: one mark or letter between. */
function withOther(reader: Reader, at: number): Figures | undefined {
  const [hour, mark, digits, after] = [tokenAt(reader, at), tokenAt(reader, at + 1), tokenAt(reader, at + 2), tokenAt(reader, at + 3)];
  const minute = sixty(reader, at + 2);
  if (minute === undefined) return undefined;
  if (mark.text === "." && after.text === "." && tokenAt(reader, at + 4).kind === "number") return undefined;
  if (mark.text !== "." && (after.lower === "m" || after.lower === "min")) return undefined;
  return figuresOf(hour.text, { from: hour.from, to: digits.to, next: at + 3, minute, separator: mark.text, isShort: false }, noSeconds);
}

/** `1630`, `430`. */
function compact(reader: Reader, at: number): Figures | undefined {
  const { text, from, to } = tokenAt(reader, at);
  const minute = Number(text.slice(-2));
  if (minute > 59) return undefined;
  return figuresOf(text.slice(0, -2), { from, to, next: at + 1, minute, separator: "", isShort: false }, noSeconds);
}

export function readFigures(reader: Reader, at: number): Figures | undefined {
  const token = tokenAt(reader, at);
  if (isNumber(token, 3, 4)) return compact(reader, at);
  if (!isNumber(token, 1, 2)) return undefined;
  const mark = tokenAt(reader, at + 1);
  if (isColon(mark)) return withColon(reader, at);
  const other = mark.text === "." || mark.lower === "h" ? withOther(reader, at) : undefined;
  return (
    other ?? figuresOf(token.text, { from: token.from, to: token.to, next: at + 1, minute: 0, separator: ":", isShort: true }, noSeconds)
  );
}

/** Past a space or a hyphen between two number words. */
const betweenWords = (reader: Reader, at: number): number => (isDash(tokenAt(reader, at)) ? at + 1 : skipSpace(reader, at));

/** `thirty`, `thirty five`, `fifteen`: from 10 to 59. */
function minuteWords(reader: Reader, at: number): { readonly minute: number; readonly last: number } | undefined {
  const word = tokenAt(reader, at).lower;
  const teen = numberWords.get(word);
  if (teen !== undefined && teen >= 10 && teen < 20) return { minute: teen, last: at };
  const ten = tens.get(word);
  if (ten === undefined) return undefined;
  const unitAt = betweenWords(reader, at + 1);
  const unit = numberWords.get(tokenAt(reader, unitAt).lower) ?? 0;
  return unit >= 1 && unit <= 9 ? { minute: ten + unit, last: unitAt } : { minute: ten, last: at };
}

/** `seven`, `seven thirty five`. */
export function readWordFigures(reader: Reader, at: number): Figures | undefined {
  const word = tokenAt(reader, at);
  const hour = word.kind === "word" ? numberWords.get(word.lower) : undefined;
  if (hour === undefined || hour === 0 || hour > 12 + 11) return undefined;
  const minutes = minuteWords(reader, betweenWords(reader, at + 1));
  const last = minutes?.last ?? at;
  const [to, next, minute] = [tokenAt(reader, last).to, last + 1, minutes?.minute ?? 0];
  const figures = figuresOf(String(hour), { from: word.from, to, next, minute, separator: " ", isShort: minutes === undefined }, noSeconds);
  return { ...figures, isWords: true };
}
