/** What each piece of a mention says once its value is another. */

import { plusDays, weekdayOf } from "./calendar-days.ts";
import type { Bound, ClockContext, ClockSlot } from "./clock-mention.ts";
import { figuresLike, meridiemLike } from "./write-clock.ts";
import type { Replacement } from "./write-duration.ts";
import { dayLike, inCaseOf, monthLike, offsetLike, weekdayLike } from "./write-names.ts";
import { offsetAt } from "./zone-turns.ts";

/** A moment on the clock of the zone that its text was written for. */
export interface Target {
  readonly date?: string | undefined;
  readonly weekday?: number | undefined;
  readonly seconds?: number | undefined;
  readonly ms?: number | undefined;
  /** Minutes east of UTC, for a written offset. */
  readonly offset?: number;
}

export interface Job {
  readonly text: string;
  readonly slots: readonly ClockSlot[];
  readonly targets: { readonly [bound in Bound]?: Target };
  readonly about: ClockContext;
}

type SlotOf<Kind extends ClockSlot["kind"]> = Extract<ClockSlot, { kind: Kind }>;

const rawOf = ({ text }: Job, slot: ClockSlot): string => text.slice(slot.from, slot.to);

const clocksOf = (job: Job): readonly SlotOf<"clock">[] => job.slots.filter((slot): slot is SlotOf<"clock"> => slot.kind === "clock");
const meridiemsOf = (job: Job): readonly SlotOf<"meridiem">[] =>
  job.slots.filter((slot): slot is SlotOf<"meridiem"> => slot.kind === "meridiem" && slot.style === "letters");

/** The mark before minutes as this mention writes it elsewhere. */
const separatorOf = (job: Job): string =>
  clocksOf(job).find(({ style }) => !style.isShort && style.separator !== "")?.style.separator ?? ":";

/** AM or PM as this mention writes it, with the space before it. */
function writtenMeridiem(job: Job, seconds: number): string | undefined {
  const [sample] = meridiemsOf(job);
  if (sample === undefined) return undefined;
  const clock = clocksOf(job).find((slot) => slot.of === sample.of);
  const gap = clock === undefined ? " " : job.text.slice(clock.to, sample.from);
  return `${gap}${meridiemLike(rawOf(job, sample), "letters", seconds) ?? ""}`;
}

const day = 86_400;
const elapsed = (start: number, end: number): number => (end - start + day) % day || day;

/** Whether a reader would still give this time the half of the day that it has, where the other one's AM or PM stands for both. */
function isStillShared(job: Job, slot: SlotOf<"clock">, seconds: number): boolean {
  const other = job.targets[slot.of === "start" ? "end" : "start"]?.seconds;
  if (other === undefined) return false;
  const twin = (seconds + day / 2) % day;
  const span = (one: number): number => (slot.of === "start" ? elapsed(one, other) : elapsed(other, one));
  return span(seconds) < span(twin);
}

function writeClock(job: Job, slot: SlotOf<"clock">, seconds: number): Replacement | undefined {
  const sibling = clocksOf(job).find((one) => one !== slot && one.style.hourDigits === 2);
  const isPadded = slot.style.hourDigits === 2 || (sibling !== undefined && !slot.style.isShort && rawOf(job, slot).length >= 5);
  const style = isPadded ? { ...slot.style, hourDigits: 2 as const } : slot.style;
  const figures = figuresLike(rawOf(job, slot), style, seconds, separatorOf(job));
  if (figures === undefined) return undefined;
  const needsOwn = slot.style.meridiem === "shared" && !isStillShared(job, slot, seconds);
  const meridiem = needsOwn ? writtenMeridiem(job, seconds) : "";
  if (meridiem === undefined) return undefined;
  const to = figures.dropsFullHour ? (slot.style.fullHourTo ?? slot.to) : slot.to;
  return { from: slot.from, to, text: `${figures.text}${meridiem}` };
}

const wordSeconds: Readonly<Record<string, number>> = { noon: 43_200, midday: 43_200, midnight: 0 };

/** "noon" and "midnight" stay, change places, or turn into figures in the manner of the other time. */
function writeClockWord(job: Job, slot: SlotOf<"clock-word">, seconds: number): Replacement {
  const raw = rawOf(job, slot);
  const { from, to } = slot;
  if (wordSeconds[raw.toLowerCase()] === seconds) return { from, to, text: raw };
  if (seconds === 0 || seconds === 43_200) return { from, to, text: inCaseOf(raw, seconds === 0 ? "midnight" : "noon") };
  const sibling = clocksOf(job)[0];
  const base = sibling?.style ?? {
    hours: 12,
    hourDigits: 1,
    separator: ":",
    isShort: true,
    meridiem: "own",
    hasSeconds: false,
    fraction: 0,
    isWords: false,
  };
  const { shift: _shift, ...style } = { ...base, isShort: base.hours !== 24, isWords: false };
  const figures = figuresLike("", style, seconds, separatorOf(job))?.text ?? "";
  const letters = style.hours === 24 ? "" : (writtenMeridiem(job, seconds) ?? ` ${seconds >= 43_200 ? "PM" : "AM"}`);
  return { from, to, text: `${figures}${letters}` };
}

const isFigureMonth = (job: Job): boolean => job.slots.some((slot) => slot.kind === "month" && slot.style === "number");

/** Whether days and months in figures have a nought in front: as the others show, or as the mark between them makes likely. */
function isPaddedDate(job: Job): boolean {
  const parts = job.slots.filter((slot) => slot.kind === "day" || (slot.kind === "month" && slot.style === "number"));
  const raws = parts.map((slot) => rawOf(job, slot));
  if (raws.some((raw) => raw.startsWith("0"))) return true;
  // An HTTP date has two digits for its day.
  if (!isFigureMonth(job)) return clocksOf(job).some(({ style }) => style.hasSeconds);
  if (raws.some((raw) => raw.length === 1)) return false;
  const mark = job.text.slice(parts[0]?.to, (parts[0]?.to ?? 0) + 1);
  return mark !== "/";
}

/** A short weekday beside "May" tells that June would be "Jun". */
function isLongMonth(job: Job, slot: SlotOf<"month">): boolean {
  if (rawOf(job, slot).toLowerCase() !== "may") return slot.isLong === true;
  const other = job.slots.find((one) => one.kind === "month" && one !== slot && rawOf(job, one).toLowerCase() !== "may");
  if (other?.kind === "month") return other.isLong === true;
  const weekday = job.slots.find((one) => one.kind === "weekday");
  return weekday === undefined || /day$/iu.test(rawOf(job, weekday));
}

/** The season's letter or word of a zone, where the old one was right for the old date; else as it was. */
function zoneNameLike(raw: string, ms: number, about: ClockContext): string {
  const winter = Math.min(
    ...["01-15", "07-15"].map((tail) => offsetAt(Date.parse(`${new Date(ms).getUTCFullYear()}-${tail}T12:00:00Z`), about.zone, about)),
  );
  const isSummer = offsetAt(ms, about.zone, about) !== winter;
  if (/^(?:daylight|standard)$/iu.test(raw)) return inCaseOf(raw, isSummer ? "daylight" : "standard");
  return raw.replace(/^(AK|[PMCE])[SD]T$/u, (_whole, place: string) => `${place}${isSummer ? "D" : "S"}T`);
}

function writeDate(job: Job, slot: ClockSlot, date: string): string | undefined {
  const raw = rawOf(job, slot);
  if (slot.kind === "weekday") return weekdayLike(raw, weekdayOf(date));
  if (slot.kind === "year") return raw.length === 2 ? date.slice(2, 4) : date.slice(0, 4);
  if (slot.kind === "day") return dayLike(raw, Number(date.slice(8)), isPaddedDate(job));
  if (slot.kind !== "month") return undefined;
  if (slot.style === "name") return monthLike(raw, Number(date.slice(5, 7)), isLongMonth(job, slot));
  return isPaddedDate(job) ? date.slice(5, 7) : String(Number(date.slice(5, 7)));
}

function writeZone(job: Job, slot: ClockSlot, target: Target): string | undefined {
  const raw = rawOf(job, slot);
  if (slot.kind === "offset") return target.offset === undefined ? raw : offsetLike(raw, target.offset);
  return target.ms === undefined ? raw : zoneNameLike(raw, target.ms, job.about);
}

/** A weekday, of a date or alone. 4 January 2026 is a Sunday. */
function writeWeekday(job: Job, slot: ClockSlot, { date, weekday }: Target): Written {
  const known = date ?? (weekday === undefined ? undefined : plusDays("2026-01-04", weekday));
  return known === undefined ? "same" : said(slot, writeDate(job, slot, known));
}

const writeDayPart = (job: Job, slot: ClockSlot, { date }: Target): Written =>
  date === undefined ? "same" : said(slot, writeDate(job, slot, date));

const writeEpoch = (slot: SlotOf<"epoch">, { ms }: Target): Written =>
  ms === undefined ? undefined : said(slot, String(Math.floor(ms / slot.unit)));

type Written = Replacement | "same" | undefined;

const said = ({ from, to }: ClockSlot, text: string | undefined): Replacement | undefined =>
  text === undefined ? undefined : { from, to, text };

type TimeSlot = SlotOf<"clock"> | SlotOf<"clock-word"> | SlotOf<"meridiem">;

function writeTime(job: Job, slot: TimeSlot, seconds: number | undefined): Written {
  if (seconds === undefined) return "same";
  if (slot.kind === "clock") return writeClock(job, slot, seconds);
  if (slot.kind === "clock-word") return writeClockWord(job, slot, seconds);
  return said(slot, meridiemLike(rawOf(job, slot), slot.style, seconds));
}

/** The new text of one slot, `"same"` where its bound has no such value, `undefined` where its manner cannot say it. */
export function writeSlot(job: Job, slot: ClockSlot): Written {
  const target = job.targets[slot.of];
  if (target === undefined) return "same";
  switch (slot.kind) {
    case "clock":
    case "clock-word":
    case "meridiem":
      return writeTime(job, slot, target.seconds);
    case "weekday":
      return writeWeekday(job, slot, target);
    case "month":
    case "day":
    case "year":
      return writeDayPart(job, slot, target);
    case "offset":
    case "zone-name":
      return said(slot, writeZone(job, slot, target));
    case "epoch":
      return writeEpoch(slot, target);
    case "duration":
      return "same";
  }
}
