/** One time of day, in the manner in which another was written. */

import { daySeconds } from "./calendar-days.ts";
import { numberWords, tens } from "./calendar-words.ts";
import type { ClockSlot, ClockStyle } from "./clock-mention.ts";
import { inCaseOf } from "./write-names.ts";

const two = (value: number): string => String(value).padStart(2, "0");
const wordFor = (words: ReadonlyMap<string, number>, value: number): string | undefined => [...words].find(([, one]) => one === value)?.[0];

/** `thirty`, `thirty-five`, `fifteen`. */
function minuteWord(minute: number): string | undefined {
  if (minute < 10) return undefined;
  if (minute < 20) return wordFor(numberWords, minute);
  const ten = wordFor(tens, minute - (minute % 10));
  const unit = wordFor(numberWords, minute % 10);
  return minute % 10 === 0 ? ten : ten === undefined || unit === undefined ? undefined : `${ten} ${unit}`;
}

function inWords(sample: string, hour: number, minute: number): string | undefined {
  const hours = wordFor(numberWords, hour);
  const minutes = minute === 0 ? "" : minuteWord(minute);
  if (hours === undefined || minutes === undefined) return undefined;
  return inCaseOf(sample, minutes === "" ? hours : `${hours} ${minutes}`);
}

export interface Figures {
  readonly text: string;
  /** Words that only fit a full hour have to go. */
  readonly dropsFullHour: boolean;
}

/** Seconds since midnight in figures or words, without AM or PM. `separator`: what stands before minutes that were not written so far. */
export function figuresLike(sample: string, style: ClockStyle, seconds: number, separator: string): Figures | undefined {
  const base = (seconds - (style.shift ?? 0) * 60 + daySeconds) % daySeconds;
  const [hour24, minute, second] = [Math.floor(base / 3600), Math.floor(base / 60) % 60, base % 60];
  if (style.shift !== undefined && base % 3600 !== 0) return undefined;
  if (second !== 0 && !style.hasSeconds) return undefined;
  const hour = style.hours === 24 ? hour24 : ((hour24 + 11) % 12) + 1;
  if (style.isWords) {
    const text = inWords(sample, hour, minute);
    return text === undefined ? undefined : { text, dropsFullHour: false };
  }
  const hours = style.hourDigits === 2 ? two(hour) : String(hour);
  if (style.isShort && minute === 0) return { text: hours, dropsFullHour: false };
  const seconds60 = style.hasSeconds ? `${style.separator}${two(second)}${fractionLike(sample, style)}` : "";
  return { text: `${hours}${style.isShort ? separator : style.separator}${two(minute)}${seconds60}`, dropsFullHour: style.isShort };
}

/** As many digits as before, all nought: moments have no fractions. */
const fractionLike = (sample: string, { fraction }: ClockStyle): string =>
  fraction === 0 ? "" : `${sample.at(-fraction - 1) ?? "."}${"0".repeat(fraction)}`;

const hoursOfParts: readonly (readonly [RegExp, number, number])[] = [
  [/morning/iu, 0, 12],
  [/afternoon/iu, 12, 18],
  [/evening/iu, 16, 24],
];

/** AM or PM for a time, in the manner of a sample; `undefined` where its words fit no such time. */
export function meridiemLike(
  sample: string,
  style: Extract<ClockSlot, { kind: "meridiem" }>["style"],
  seconds: number,
): string | undefined {
  const isPm = seconds >= 43_200;
  if (style === "letters") {
    const letter = isPm ? "p" : "a";
    return `${/^[AP]/u.test(sample) ? letter.toUpperCase() : letter}${sample.slice(1)}`;
  }
  if (style === "noon") {
    const word = seconds === 43_200 ? "noon" : seconds === 0 ? "midnight" : undefined;
    return word === undefined ? (isPm ? "PM" : "AM") : inCaseOf(sample, word);
  }
  const hour = seconds / 3600;
  const fits = hoursOfParts.some(([words, from, to]) => words.test(sample) && hour >= from && hour < to);
  const isNight = /night/iu.test(sample) && (hour < 5 || hour >= 17);
  return fits || isNight ? sample : undefined;
}
