/** Names and figures of dates, in the manner of a sample. */

import { monthNames, weekdayNames } from "./calendar-words.ts";

/** In capitals, small letters or with a capital first, as the sample is. */
export function inCaseOf(sample: string, word: string): string {
  const letters = sample.replace(/[^\p{L}]/gu, "");
  if (letters.length > 1 && letters === letters.toUpperCase()) return word.toUpperCase();
  return letters === letters.toLowerCase() ? word.toLowerCase() : `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

const longerWeekdays: readonly string[] = ["Sun", "Mon", "Tues", "Wed", "Thurs", "Fri", "Sat"];

/** `Saturday`, `SAT`, `Thurs.`, as the sample. */
export function weekdayLike(sample: string, weekday: number): string {
  const bare = sample.replace(/\.$/u, "");
  const long = weekdayNames[weekday] ?? "";
  const short = bare.length > 3 ? (longerWeekdays[weekday] ?? "") : long.slice(0, 3);
  const word = /day$/iu.test(bare) ? long : short;
  return `${inCaseOf(bare, word)}${sample.endsWith(".") ? "." : ""}`;
}

/** A month's name, long or short as asked for; `month` from 1. "May" has no shorter form, hence no dot. */
export function monthLike(sample: string, month: number, isLong: boolean): string {
  const bare = sample.replace(/\.$/u, "");
  const long = monthNames[month - 1] ?? "";
  if (isLong || long === "May") return inCaseOf(bare, long);
  const short = long === "September" && bare.length === 4 ? "Sept" : long.slice(0, 3);
  return `${inCaseOf(bare, short)}${sample.endsWith(".") ? "." : ""}`;
}

const ordinalOf = (day: number): string => {
  const isTeen = day > 10 && day < 14;
  return isTeen ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th");
};

/** `5`, `05`, `5th`. */
export function dayLike(sample: string, day: number, isPadded: boolean): string {
  const suffix = sample.replace(/^\d+/u, "");
  const figures = isPadded || sample.startsWith("0") ? String(day).padStart(2, "0") : String(day);
  return suffix === "" ? figures : `${figures}${suffix === suffix.toUpperCase() ? ordinalOf(day).toUpperCase() : ordinalOf(day)}`;
}

/** `-07:00`, `-0700`, `-7`, as the sample; `Z` stays. Minutes east of UTC. */
export function offsetLike(sample: string, minutes: number): string | undefined {
  if (/^z$/iu.test(sample)) return minutes === 0 ? sample : undefined;
  const [hour, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const minus = sample.startsWith("−") ? "−" : "-";
  const sign = minutes < 0 ? minus : "+";
  const digits = sample.replace(/\D/gu, "");
  const hours = digits.length === 1 ? String(hour) : String(hour).padStart(2, "0");
  if (digits.length < 3) return rest === 0 ? `${sign}${hours}` : undefined;
  return `${sign}${hours}${sample.includes(":") ? ":" : ""}${String(rest).padStart(2, "0")}`;
}
