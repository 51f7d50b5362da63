/** How long an event takes, as DURATION says it: days by the calendar, the rest as time that passes (RFC 5545, section 3.3.6). */

import { dayMs } from "./wall-time.ts";

export interface Length {
  readonly days: number;
  readonly ms: number;
}

const form = /^([+-]?)P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/iu;
/** A hundred years: what is longer is a mistake, and would leave the calendar. */
const daysMax = 36_525;
const units = [
  ["H", 3_600_000],
  ["M", 60_000],
  ["S", 1000],
] as const;

/** `undefined` for what is no length, or a negative one. */
export function readLength(text: string): Length | undefined {
  const [all, sign, weeks = "0", days = "0", ...times] = form.exec(text.trim()) ?? [];
  if (all === undefined || sign === "-" || /[PT]$/iu.test(all)) return undefined;
  const whole = Number(weeks) * 7 + Number(days);
  const ms = units.reduce((sum, [, unitMs], at) => sum + Number(times[at] ?? "0") * unitMs, 0);
  return whole + ms / dayMs <= daysMax ? { days: whole, ms } : undefined;
}

/** Whether a length counts days, which are as long as the calendar makes them. */
export const countsDays = (text: string): boolean => /[WD]/iu.test(text);

/** A length in the form of another: in its units as far as they go, with those that it names although they are zero. */
export function writeLength(length: Length, like: string): string {
  const [, sign = "", weeks, days, ...times] = form.exec(like.trim()) ?? [];
  if (weeks !== undefined && length.ms === 0 && length.days % 7 === 0) return `${sign}P${length.days / 7}W`;
  const told = units.map(([name, unitMs], at) => ({ name, unitMs, isNamed: times[at] !== undefined }));
  const named = told.filter(({ isNamed }) => isNamed);
  const finest = named.at(-1);
  // Units that were left out come in where those that are named would leave something over.
  const isWhole = finest !== undefined && length.ms % finest.unitMs === 0;
  let rest = length.ms;
  const parts = (isWhole ? named : told).map(({ name, unitMs, isNamed }) => {
    const amount = Math.floor(rest / unitMs);
    rest -= amount * unitMs;
    return amount > 0 || isNamed ? `${amount}${name}` : "";
  });
  const time = parts.join("");
  const date = length.days > 0 || days !== undefined ? `${length.days}D` : "";
  return `${sign}P${date}${time === "" ? (date === "" ? "T0S" : "") : `T${time}`}`;
}
