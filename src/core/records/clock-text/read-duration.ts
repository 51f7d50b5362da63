/** Lengths of time: "3 hours", "2.5 hrs", "three-hour", "1 hour 30 minutes", "half an hour". */

import { durationUnits, numberWords } from "./calendar-words.ts";
import type { ClockSlot } from "./clock-mention.ts";
import { isDash, isNumber, type Reader, skipSpace, tokenAt } from "./clock-tokens.ts";

export interface DurationFound {
  readonly from: number;
  readonly to: number;
  readonly next: number;
  /** Minutes; two where a span of lengths was written: "2–3 hours". */
  readonly options: readonly number[];
  readonly slots: readonly ClockSlot[];
}

interface Amount {
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly next: number;
}

/** `3`, `2.5`, `2½`, `½`, `three`, `an`. */
function readAmount(reader: Reader, at: number): Amount | undefined {
  const token = tokenAt(reader, at);
  if (token.text === "½") return { value: 0.5, from: token.from, to: token.to, next: at + 1 };
  if (token.kind === "word") {
    const value = token.lower === "an" ? 1 : numberWords.get(token.lower);
    return value === undefined || value === 0 ? undefined : { value, from: token.from, to: token.to, next: at + 1 };
  }
  if (!isNumber(token, 1, 3)) return undefined;
  const [mark, digits] = [tokenAt(reader, at + 1), tokenAt(reader, at + 2)];
  if (mark.text === "½") return { value: Number(token.text) + 0.5, from: token.from, to: mark.to, next: at + 2 };
  if (mark.text === "." && isNumber(digits, 1, 2))
    return { value: Number(`${token.text}.${digits.text}`), from: token.from, to: digits.to, next: at + 3 };
  return { value: Number(token.text), from: token.from, to: token.to, next: at + 1 };
}

interface Component {
  readonly minutes: number;
  readonly to: number;
  readonly next: number;
  readonly unit: number;
  readonly slot: ClockSlot;
}

/** An amount and its unit. */
function readComponent(reader: Reader, at: number): Component | undefined {
  const amount = readAmount(reader, at);
  if (amount === undefined) return undefined;
  const gap = isDash(tokenAt(reader, amount.next)) ? amount.next + 1 : skipSpace(reader, amount.next);
  const word = tokenAt(reader, gap);
  const unit = word.kind === "word" ? durationUnits.get(word.lower) : undefined;
  if (unit === undefined) return undefined;
  // 16h30 is a clock, and so is "an" before anything but a full word.
  if (word.lower === "h" && tokenAt(reader, gap + 1).kind === "number" && !durationUnits.has(tokenAt(reader, gap + 2).lower))
    return undefined;
  const slot: ClockSlot = {
    kind: "duration",
    of: "start",
    from: amount.from,
    to: amount.to,
    minutes: unit,
    unitFrom: word.from,
    unitTo: word.to,
  };
  return { minutes: Math.round(amount.value * unit), to: word.to, next: gap + 1, unit, slot };
}

/** "half an hour", "half-hour": 30 minutes, in words that say nothing else. */
function readHalf(reader: Reader, at: number): DurationFound | undefined {
  const first = tokenAt(reader, at);
  if (first.lower !== "half") return undefined;
  const gap = isDash(tokenAt(reader, at + 1)) ? at + 2 : skipSpace(reader, at + 1);
  const word = tokenAt(reader, gap).lower === "an" ? skipSpace(reader, gap + 1) : gap;
  const unit = tokenAt(reader, word);
  if (unit.lower !== "hour") return undefined;
  return { from: first.from, to: unit.to, next: word + 1, options: [30], slots: [] };
}

/** The minutes after the hours: "3 hours 30 minutes", "1 hour and 15 min". */
function readRest(reader: Reader, after: number): Component | undefined {
  const at = skipSpace(reader, tokenAt(reader, after).text === "," ? after + 1 : after);
  const and = tokenAt(reader, at).lower === "and" ? skipSpace(reader, at + 1) : at;
  const rest = readComponent(reader, and);
  return rest?.unit === 1 && rest.minutes < 60 ? rest : undefined;
}

/** "2" in "2–3 hours": the same unit as what follows. */
function readSpan(reader: Reader, at: number): DurationFound | undefined {
  const first = readAmount(reader, at);
  if (first === undefined || tokenAt(reader, at).kind !== "number") return undefined;
  const mark = skipSpace(reader, first.next);
  const token = tokenAt(reader, mark);
  if (!isDash(token) && token.lower !== "to" && token.lower !== "or") return undefined;
  const second = readComponent(reader, skipSpace(reader, mark + 1));
  if (second === undefined || tokenAt(reader, skipSpace(reader, mark + 1)).kind !== "number") return undefined;
  return {
    from: first.from,
    to: second.to,
    next: second.next,
    options: [Math.round(first.value * second.unit), second.minutes],
    slots: [],
  };
}

/** A length that begins at this token. */
export function readDuration(reader: Reader, at: number): DurationFound | undefined {
  const special = readHalf(reader, at) ?? readSpan(reader, at);
  if (special !== undefined) return special;
  const first = readComponent(reader, at);
  if (first === undefined) return undefined;
  const rest = first.unit === 60 ? readRest(reader, first.next) : undefined;
  const slots = rest === undefined ? [first.slot] : [first.slot, rest.slot];
  const last = rest ?? first;
  return { from: tokenAt(reader, at).from, to: last.to, next: last.next, options: [first.minutes + (rest?.minutes ?? 0)], slots };
}
