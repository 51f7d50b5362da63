/** Arithmetic on days and clocks without a zone. Dates are `2026-05-30`, clocks seconds since midnight. */

const dayMs = 86_400_000;
export const daySeconds = 86_400;

const two = (value: number): string => String(value).padStart(2, "0");

const midnightMs = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** `undefined` where the calendar has no such day, or the year has not four digits. */
export function dateOf(year: number, month: number, day: number): string | undefined {
  if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const date = `${year}-${two(month)}-${two(day)}`;
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day ? date : undefined;
}

/** 0 is Sunday. */
export const weekdayOf = (date: string): number => new Date(midnightMs(date)).getUTCDay();

export const plusDays = (date: string, days: number): string => new Date(midnightMs(date) + days * dayMs).toISOString().slice(0, 10);

/** Days from one date to another, negative where it lies before. */
export const daysBetween = (from: string, to: string): number => Math.round((midnightMs(to) - midnightMs(from)) / dayMs);

/** `15:30`, with `:20` where seconds are not zero. */
export function timeOf(seconds: number): string {
  const [hour, minute, second] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${two(hour)}:${two(minute)}${second === 0 ? "" : `:${two(second)}`}`;
}

/** Seconds since midnight of `15:30` or `15:30:20`. */
export function secondsOf(time: string): number {
  const [hour = 0, minute = 0, second = 0] = time.split(":").map(Number);
  return hour * 3600 + minute * 60 + second;
}

/** Wall clock read as if it were UTC, in milliseconds. */
export const asUtcMs = (date: string, seconds: number): number => midnightMs(date) + seconds * 1000;

/** The other way: date and seconds since midnight of an instant in UTC. */
export function fromUtcMs(ms: number): { readonly date: string; readonly seconds: number } {
  const date = new Date(ms).toISOString().slice(0, 10);
  return { date, seconds: Math.floor((ms - midnightMs(date)) / 1000) };
}
