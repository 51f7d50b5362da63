/** What the grammar has read of one mention, before it is said in moments. */

import type { ClockSlot } from "./clock-mention.ts";
import { isDash, type Reader, skipSpace, tokenAt } from "./clock-tokens.ts";
import { afterHour, months, weekdays } from "./calendar-words.ts";
import type { ClockFound } from "./read-clock.ts";
import type { DateFound } from "./read-date.ts";
import type { DurationFound } from "./read-duration.ts";
import type { ZoneFound } from "./read-zone.ts";

/** A date, a time, or both. */
export interface Point {
  readonly date?: DateFound;
  readonly clock?: ClockFound;
  readonly zone?: ZoneFound;
  readonly to: number;
  /** Token after it. */
  readonly next: number;
}

export interface Draft {
  readonly from: number;
  readonly to: number;
  readonly next: number;
  readonly start?: Point;
  readonly end?: Point;
  readonly duration?: DurationFound;
  /** Minutes from what follows, negative before; `to` is a word where no time follows. */
  readonly relation?: { readonly sign: 1 | -1; readonly to?: string };
  /** Milliseconds since the epoch, written as seconds (unit 1000) or milliseconds (unit 1). */
  readonly epoch?: { readonly ms: number; readonly slot: ClockSlot };
}

const counts = new Set("%°/*$€£#+=:×&_½¼¾");

/** Whether nothing after a bare hour makes it the number of something: "to 4 people", "to 4%", "4-foot". */
export function isFreeAfter(reader: Reader, next: number): boolean {
  const token = tokenAt(reader, next);
  if (token.kind === "word" || token.kind === "number") return false;
  if (token.kind === "mark") {
    const follow = tokenAt(reader, next + 1);
    if (token.text === "." || token.text === "," || isDash(token))
      return follow.kind !== "number" && !(isDash(token) && follow.kind === "word");
    return !counts.has(token.text);
  }
  const after = tokenAt(reader, skipSpace(reader, next));
  if (after.kind === "number") return false;
  if (after.kind === "mark") return !counts.has(after.text);
  return after.kind !== "word" || afterHour.has(after.lower) || weekdays.has(after.lower) || months.has(after.lower);
}
