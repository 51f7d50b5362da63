/** The second half of a range, and what it says about the first. */

import { beforeLabel } from "./calendar-words.ts";
import type { ClockSlot } from "./clock-mention.ts";
import { isDash, type Reader, skipSpace, tokenAt, tokenBefore } from "./clock-tokens.ts";
import { isFreeAfter, type Point } from "./draft.ts";
import type { ClockFound } from "./read-clock.ts";

const untilWords: ReadonlySet<string> = new Set(["to", "until", "til", "till", "through", "thru", "bis", "à", "hasta"]);

/** Past what stands between the two ends: a dash of any kind (or two hyphens), "to", "until", "and" after "between". `undefined` where nothing does. */
export function pastSeparator(reader: Reader, after: number, isBetween: boolean): number | undefined {
  const at = skipSpace(reader, after);
  const token = tokenAt(reader, at);
  if (isDash(token)) {
    const last = isDash(tokenAt(reader, at + 1)) ? at + 1 : at;
    return skipSpace(reader, last + 1);
  }
  const word = token.text === "'" || token.text === "’" ? at + 1 : at;
  const { lower } = tokenAt(reader, word);
  if (!untilWords.has(lower) && !(isBetween && lower === "and")) return undefined;
  const next = skipSpace(reader, word + 1);
  // `until` may be followed by words that add nothing.
  return ["about", "around", "approximately"].includes(tokenAt(reader, next).lower) ? skipSpace(reader, next + 1) : next;
}

/** Whether two times make a range, and not a label beside a time or two counts. */
export function isRange(reader: Reader, at: number, start: ClockFound, end: ClockFound): boolean {
  if (end.isWeak && !isFreeAfter(reader, end.next)) return false;
  const isBareEnd = end.isWeak || end.needsOther;
  const isTelling = end.meridiem || (end.is24 && !isBareEnd);
  if ((start.needsOther && !isTelling) || (end.needsOther && !start.meridiem)) return false;
  if (!start.isWeak) return true;
  const isLabel = beforeLabel.has(tokenBefore(reader, at).lower);
  return !isBareEnd && !isLabel && (isTelling || !start.isWords);
}

type ClockOnly = Extract<ClockSlot, { kind: "clock" }>;

const sharing = (slot: ClockOnly): ClockSlot => ({ ...slot, style: { ...slot.style, hours: 12, meridiem: "shared" } });

/** Hours of two digits stay so on the 24-hour clock: 1000 turns into 0900, 10:30 into 09:30. */
function on24(slot: ClockOnly): ClockSlot {
  const { isShort, separator, hasSeconds } = slot.style;
  const rest = (isShort ? 0 : separator.length + 2) + (hasSeconds ? 3 : 0);
  return { ...slot, style: { ...slot.style, hours: 24, hourDigits: slot.to - slot.from - rest >= 2 ? 2 : 1 } };
}

const withClock = (clock: ClockFound, change: (slot: ClockOnly) => ClockSlot): readonly ClockSlot[] =>
  clock.slots.map((slot) => (slot.kind === "clock" ? change(slot) : slot));

/** One time of a range, knowing the other: it shares its AM or PM, or is on the 24-hour clock with it. */
export function besideOther(clock: ClockFound, other: ClockFound): ClockFound {
  if (clock.meridiem) return clock;
  if (other.meridiem && !clock.is24) return { ...clock, slots: withClock(clock, sharing) };
  const isOther24 = other.is24 && !other.meridiem;
  return isOther24 && !clock.is24 ? { ...clock, is24: true, options: [clock.as24], slots: withClock(clock, on24) } : clock;
}

const isFourDigits = ({ needsOther, from, to, slots }: ClockFound): boolean =>
  needsOther && to - from === 4 && slots.every((slot) => slot.kind === "clock" && slot.style.separator === "");

/** "Jun 7 1440-1825": two times of four digits, which only a date or "at" before them makes times. */
export const isDatedPair = (start: ClockFound, end: ClockFound): boolean => isFourDigits(start) && isFourDigits(end);

const priced = new Set("€$£¥₹%");
const priceWords: ReadonlySet<string> = new Set([
  "eur",
  "euro",
  "euros",
  "chf",
  "usd",
  "gbp",
  "dollars",
  "pounds",
  "km",
  "m",
  "kg",
  "cm",
  "ft",
  "stars",
]);
const isDotted = ({ needsOther, slots }: ClockFound): boolean =>
  needsOther && slots.every((slot) => slot.kind === "clock" && slot.style.separator === ".");

/** "6 June 2026, 18.30–21.00": two times with dots, which the date before them makes times, and no amount after them makes none. */
export function isDottedPair(reader: Reader, start: ClockFound, end: ClockFound): boolean {
  const after = tokenAt(reader, skipSpace(reader, end.next));
  const isAmount = priced.has(after.text) || priceWords.has(after.lower);
  const isChained = tokenAt(reader, end.next).text === "." && tokenAt(reader, end.next + 1).kind === "number";
  return isDotted(start) && isDotted(end) && !isAmount && !isChained;
}

/** On the 24-hour clock, whatever else the figures could mean. */
export const as24Hours = (clock: ClockFound): ClockFound => ({
  ...clock,
  is24: true,
  options: [clock.as24],
  slots: withClock(clock, on24),
});

export const atEnd = (slots: readonly ClockSlot[]): readonly ClockSlot[] => slots.map((slot) => ({ ...slot, of: "end" }));

/** Slots of a whole point. */
export function slotsOfPoint({ date, clock, zone }: Point): readonly ClockSlot[] {
  if (zone === undefined && (date === undefined || clock === undefined)) return (date ?? clock)?.slots ?? [];
  return [...(date?.slots ?? []), ...(clock?.slots ?? []), ...(zone?.slots ?? [])];
}
