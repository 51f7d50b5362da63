/** AM, PM and what stands in for them. */

import type { ClockSlot } from "./clock-mention.ts";
import { type Reader, skipSpace, tokenAt } from "./clock-tokens.ts";

export type Half = "am" | "pm";

export interface MeridiemFound {
  /** `night`: the hour decides. */
  readonly half: Half | "night";
  readonly slot: ClockSlot;
  readonly next: number;
  /** A lone `a` or `p`, which may be a word. */
  readonly isLetter: boolean;
}

type Letters = { readonly half: Half; readonly to: number; readonly next: number; readonly isLetter: boolean };

/** `p.m.`, `p. m.`, `p m`, `p.m`, after the letter. */
function dotted(reader: Reader, at: number, half: Half): Letters | undefined {
  const isDot = tokenAt(reader, at + 1).text === ".";
  const m = skipSpace(reader, isDot ? at + 2 : at + 1);
  if (tokenAt(reader, m).lower !== "m" || (!isDot && m === at + 1)) return undefined;
  const last = isDot && tokenAt(reader, m + 1).text === "." ? m + 1 : m;
  return { half, to: tokenAt(reader, last).to, next: last + 1, isLetter: false };
}

function letters(reader: Reader, at: number, isAttached: boolean): Letters | undefined {
  const token = tokenAt(reader, at);
  if (token.lower === "am" || token.lower === "pm") return { half: token.lower, to: token.to, next: at + 1, isLetter: false };
  if (token.lower !== "a" && token.lower !== "p") return undefined;
  const half = token.lower === "a" ? "am" : "pm";
  const found = dotted(reader, at, half);
  if (found !== undefined) return found;
  return isAttached ? { half, to: token.to, next: at + 1, isLetter: true } : undefined;
}

const dayParts: ReadonlyMap<string, Half | "night"> = new Map([
  ["morning", "am"],
  ["afternoon", "pm"],
  ["evening", "pm"],
  ["night", "night"],
]);

/** "in the afternoon", "at night". */
function dayPart(reader: Reader, at: number): MeridiemFound | undefined {
  const first = tokenAt(reader, at);
  if (first.lower !== "in" && first.lower !== "at") return undefined;
  let word = skipSpace(reader, at + 1);
  if (first.lower === "in") {
    if (tokenAt(reader, word).lower !== "the") return undefined;
    word = skipSpace(reader, word + 1);
  }
  const token = tokenAt(reader, word);
  const half = dayParts.get(token.lower);
  if (half === undefined || (first.lower === "at" && half !== "night")) return undefined;
  return {
    half,
    slot: { kind: "meridiem", of: "start", from: first.from, to: token.to, style: "day-part" },
    next: word + 1,
    isLetter: false,
  };
}

/** What says AM or PM at this token, or after one run of spaces. */
export function readMeridiem(reader: Reader, after: number): MeridiemFound | undefined {
  const dot = tokenAt(reader, after).text === "." && /^[ap]m$/u.test(tokenAt(reader, after + 1).lower) ? 1 : 0;
  const at = skipSpace(reader, after + dot);
  const token = tokenAt(reader, at);
  if (token.kind !== "word") return undefined;
  if (token.lower === "noon" || token.lower === "midnight") {
    const half = token.lower === "noon" ? "pm" : "am";
    return { half, slot: { kind: "meridiem", of: "start", from: token.from, to: token.to, style: "noon" }, next: at + 1, isLetter: false };
  }
  const found = letters(reader, at, at === after);
  if (found === undefined) return dayPart(reader, at);
  const slot: ClockSlot = { kind: "meridiem", of: "start", from: token.from, to: found.to, style: "letters" };
  return { half: found.half, slot, next: found.next, isLetter: found.isLetter };
}
