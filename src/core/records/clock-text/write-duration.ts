/** A length of time, in the manner in which another was written. */

import { numberWords } from "./calendar-words.ts";
import type { ClockSlot } from "./clock-mention.ts";
import { inCaseOf } from "./write-names.ts";

type DurationSlot = Extract<ClockSlot, { kind: "duration" }>;

export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Hours in figures, with at most two decimals, with ½ where the sample has it, or in a word. */
function amountLike(sample: string, value: number): string | undefined {
  if (/^\p{L}+$/u.test(sample)) {
    const word = [...numberWords].find(([, one]) => one === value)?.[0];
    return word === undefined ? undefined : inCaseOf(sample, word);
  }
  if (sample.includes("½") && value % 1 === 0.5) return value < 1 ? "½" : `${Math.floor(value)}½`;
  const hundredths = value * 100;
  return Number.isInteger(hundredths) ? String(value) : undefined;
}

/** The unit in singular or plural, where it is a word that has both and stands apart from its number ("a 3-hour trip" has none). */
function unitLike(text: string, slot: DurationSlot, value: number): readonly Replacement[] {
  const unit = text.slice(slot.unitFrom, slot.unitTo);
  if (!/^(?:hour|minute|hr|min)s?$/iu.test(unit) || !/^\s+$/u.test(text.slice(slot.to, slot.unitFrom))) return [];
  const isSpelled = /^(?:hour|minute)/iu.test(unit);
  // "3 hr" and "20 min" never had a plural.
  if (!isSpelled && !/s$/iu.test(unit) && value !== 1) return [];
  const bare = unit.replace(/s$/iu, "");
  const plural = unit === unit.toUpperCase() ? "S" : "s";
  const next = value > 0 && value <= 1 ? bare : `${bare}${plural}`;
  return next === unit ? [] : [{ from: slot.unitFrom, to: slot.unitTo, text: next }];
}

function withAmount(text: string, slot: DurationSlot, value: number): readonly Replacement[] | undefined {
  const amount = amountLike(text.slice(slot.from, slot.to), value);
  return amount === undefined ? undefined : [{ from: slot.from, to: slot.to, text: amount }, ...unitLike(text, slot, value)];
}

/** What makes the slots of a length say so many minutes; `undefined` where their manner cannot. */
export function durationLike(text: string, slots: readonly ClockSlot[], minutes: number): readonly Replacement[] | undefined {
  const [first, second] = slots.filter((slot): slot is DurationSlot => slot.kind === "duration");
  if (first === undefined) return undefined;
  if (second === undefined) return withAmount(text, first, minutes / first.minutes);
  const hours = withAmount(text, first, Math.floor(minutes / 60));
  const rest = withAmount(text, second, minutes % 60);
  return hours === undefined || rest === undefined || minutes < 60 ? undefined : [...hours, ...rest];
}
