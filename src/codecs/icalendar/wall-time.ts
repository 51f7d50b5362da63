/** Dates, times and offsets as RFC 5545 writes them (sections 3.3.4, 3.3.5 and 3.3.14). */

import type { Moment } from "../../core/records/value.ts";

/** A point on some wall clock: milliseconds as if that clock were UTC's. */
export type WallMs = number;

export interface WrittenTime {
  readonly wallMs: WallMs;
  readonly isDate: boolean;
  readonly isUtc: boolean;
}

export const dayMs = 86_400_000;
const minuteMs = 60_000;
const dateTime = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z?))?$/iu;
const offset = /^([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?$/u;

/** `20260530`, `20260530T163000` or `20260530T233000Z`; `undefined` for what is no date of the calendar. Second 60 counts as 59. */
export function readTime(text: string): WrittenTime | undefined {
  const [, year, month, day, hour, minute, second = "00", zulu = ""] = dateTime.exec(text.trim()) ?? [];
  if (year === undefined) return undefined;
  const at = new Date(0);
  at.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (at.getUTCMonth() !== Number(month) - 1 || at.getUTCDate() !== Number(day)) return undefined;
  if (hour === undefined) return { wallMs: at.getTime(), isDate: true, isUtc: false };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  at.setUTCHours(Number(hour), Number(minute), Math.min(Number(second), 59));
  return { wallMs: at.getTime(), isDate: false, isUtc: zulu !== "" };
}

/** Milliseconds of `-0700` or `+053045`. */
export function readOffset(text: string): number | undefined {
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = offset.exec(text.trim()) ?? [];
  if (sign === undefined) return undefined;
  const ms = (Number(hours) * 60 + Number(minutes)) * minuteMs + Number(seconds) * 1000;
  return sign === "-" ? -ms : ms;
}

/** `2026-05-30` and `16:30`, or `16:30:20` where the seconds are not zero. */
export function wallParts(wallMs: WallMs): { readonly date: string; readonly time: string } {
  const [date = "", rest = ""] = new Date(wallMs).toISOString().split("T");
  return { date, time: rest.slice(6, 8) === "00" ? rest.slice(0, 5) : rest.slice(0, 8) };
}

/** The other way; `undefined` for a moment without a date. One without a time is at the day's beginning. */
export function wallOfMoment({ date, time }: Pick<Moment, "date" | "time">): WallMs | undefined {
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T${time ?? "00:00"}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** `20260530T163000`, with a `Z` for UTC; `20260530` for a date. */
export function writeTime(wallMs: WallMs, form: "date" | "local" | "utc"): string {
  const text = new Date(wallMs).toISOString().slice(0, 19).replaceAll(/[-:]/gu, "");
  return form === "date" ? text.slice(0, 8) : form === "utc" ? `${text}Z` : text;
}
