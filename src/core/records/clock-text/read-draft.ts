/** One mention: a date, a time, a range, a length or a time counted from another, in any of the orders that people write them in. */

import type { ClockContext, ClockSlot } from "./clock-mention.ts";
import { indexAt, isColon, isDash, isNumber, type Reader, skipSpace, tokenAt, tokenBefore } from "./clock-tokens.ts";
import { type Draft, isFreeAfter, type Point } from "./draft.ts";
import { type ClockFound, readClock } from "./read-clock.ts";
import { type DateFound, readDate } from "./read-date.ts";
import { readDayRange, readLastDay } from "./read-day-range.ts";
import { readDuration } from "./read-duration.ts";
import { as24Hours, besideOther, isDatedPair, isDottedPair, isRange, pastSeparator } from "./read-range.ts";
import { readStamp } from "./read-stamp.ts";
import { readZone } from "./read-zone.ts";

const joints = new Set(",·•|@(;•∙⋅●/~");
const jointWords: ReadonlySet<string> = new Set([
  "at",
  "from",
  "between",
  "starting",
  "beginning",
  "on",
  "around",
  "about",
  "approximately",
]);

interface Joint {
  readonly next: number;
  /** The last word in it. */
  readonly word: string;
}

/** Past what people put between a date and a time: spaces, one mark, "at", "from", "starting at". */
function pastJoint(reader: Reader, after: number): Joint {
  let at = skipSpace(reader, after);
  const mark = tokenAt(reader, at);
  if (joints.has(mark.text) || isDash(mark) || isColon(mark)) at = skipSpace(reader, at + 1);
  let word = mark.text === "@" ? "at" : "";
  for (let count = 0; count < 2 && jointWords.has(tokenAt(reader, at).lower); count += 1) {
    word = tokenAt(reader, at).lower;
    at = skipSpace(reader, at + 1);
  }
  return { next: at, word };
}

/** What stands before a time where a date does, and no word. */
const afterDate = "(date)";

/** A time, with the end of the range that it begins. */
interface Span {
  readonly start: Point;
  readonly end?: Point;
}

/** Words after which a bare hour is a time. */
const leads: ReadonlySet<string> = new Set(["at", "around", "by", "until", "till", "til", "from", "before", "after", "@", "~"]);

/** Whether a time may stand by itself. `lead`: the word before it. */
function isAlone(reader: Reader, clock: ClockFound, lead: string): boolean {
  if (clock.needsOther) return false;
  if (!clock.isWeak) return true;
  const isMinuteless = clock.isWords && clock.slots.some((slot) => slot.kind === "clock" && slot.style.isShort);
  return leads.has(lead) && !isMinuteless && isFreeAfter(reader, clock.next);
}

const clockPoint = (reader: Reader, clock: ClockFound): Point => {
  const zone = readZone(reader, clock.next);
  return zone === undefined ? { clock, to: clock.to, next: clock.next } : { clock, zone, to: zone.to, next: zone.next };
};

/** A time at this token, and its range. `lead`: the word before. */
function readSpanOf(reader: Reader, at: number, about: ClockContext, lead: string): Span | undefined {
  const clock = readClock(reader, at, about.isCode === true);
  if (clock === undefined) return undefined;
  const start = clockPoint(reader, clock);
  const ended = readEnd(reader, at, start, { about, lead });
  if (ended !== undefined) return ended;
  return isAlone(reader, clock, lead) ? { start } : undefined;
}

/** The end of a range that begins with a point whose first clock token is `at`. */
function readEnd(
  reader: Reader,
  at: number,
  start: Point,
  { about, lead }: { readonly about: ClockContext; readonly lead: string },
): Span | undefined {
  const next = pastSeparator(reader, start.next, lead === "between");
  if (next === undefined || start.clock === undefined) return undefined;
  const end = readFullPoint(reader, next, about) ?? endOf(reader, next, about);
  if (end?.clock === undefined) return undefined;
  if ((lead === afterDate || lead === "at") && isDatedPair(start.clock, end.clock))
    return { start: { ...start, clock: as24Hours(start.clock) }, end: { ...end, clock: as24Hours(end.clock) } };
  if (!isRange(reader, at, start.clock, end.clock)) return undefined;
  return { start: { ...start, clock: besideOther(start.clock, end.clock) }, end: { ...end, clock: besideOther(end.clock, start.clock) } };
}

function endOf(reader: Reader, at: number, about: ClockContext): Point | undefined {
  const clock = readClock(reader, at, about.isCode === true);
  return clock === undefined ? undefined : clockPoint(reader, clock);
}

/** A stamp, or a date with one time after it; without its range. */
function readFullPoint(reader: Reader, at: number, about: ClockContext): Point | undefined {
  const stamp = readStamp(reader, at, about);
  if (stamp !== undefined) return stamp;
  const date = readDate(reader, at, about);
  if (date === undefined) return undefined;
  const joint = pastJoint(reader, date.next);
  const clock = readClock(reader, joint.next, about.isCode === true);
  if (clock === undefined || !isAlone(reader, clock, joint.word)) return undefined;
  return { ...clockPoint(reader, clock), date };
}

/** Past the slash between two instants, as itself or as links encode it. */
function pastSlash(reader: Reader, at: number): number | undefined {
  if (tokenAt(reader, at).text === "/") return at + 1;
  const isEncoded = tokenAt(reader, at).text === "%" && tokenAt(reader, at + 1).text === "2" && tokenAt(reader, at + 2).lower === "f";
  return isEncoded ? at + 3 : undefined;
}

function spanFromStamp(reader: Reader, at: number, about: ClockContext): Span | undefined {
  const stamp = readStamp(reader, at, about);
  if (stamp === undefined) return undefined;
  const slash = pastSlash(reader, stamp.next);
  const end = slash === undefined ? undefined : readStamp(reader, slash, about);
  if (end !== undefined && (end.clock === undefined) === (stamp.clock === undefined)) return { start: stamp, end };
  if (stamp.clock !== undefined) return readEnd(reader, at, stamp, { about, lead: "" }) ?? { start: stamp };
  return spanFromDate(reader, stamp.date, about);
}

/** A date, then its time or range, or the last day of a range of days. `undefined` for a weak date without either. */
function spanFromDate(reader: Reader, date: DateFound, about: ClockContext): Span | undefined {
  const joint = pastJoint(reader, date.next);
  const span = dottedSpan(reader, joint.next, about) ?? readSpanOf(reader, joint.next, about, joint.word || afterDate);
  if (span !== undefined) return { ...span, start: { ...span.start, date } };
  const start: Point = { date, to: date.to, next: date.next };
  if (date.isWeak) return undefined;
  const next = pastSeparator(reader, date.next, tokenBefore(reader, date.next).lower === "between");
  const own = next === undefined ? undefined : (readStamp(reader, next, about)?.date ?? readDate(reader, next, about));
  const last = own ?? readLastDay(reader, date);
  if (last === undefined || last.isWeak || !hasDay(date) || !hasDay(last)) return { start };
  return { start: { ...start, date: sameYear(reader, date, last, about) }, end: { date: last, to: last.to, next: last.next } };
}

/** A range of dotted times, right after its date. */
function dottedSpan(reader: Reader, at: number, about: ClockContext): Span | undefined {
  const start = readClock(reader, at, about.isCode === true);
  const next = start && pastSeparator(reader, start.next, tokenBefore(reader, at).lower === "between");
  const end = next === undefined ? undefined : readClock(reader, next, about.isCode === true);
  if (!start || !end || !isDottedPair(reader, start, end)) return undefined;
  const is24 = start.is24 || end.is24;
  const [from, to] = is24 ? [as24Hours(start), as24Hours(end)] : [start, end];
  return { start: clockPoint(reader, from), end: clockPoint(reader, to) };
}

const hasYear = (date: DateFound): boolean => date.slots.some((slot) => slot.kind === "year");

/** "May 30 – June 2, 2026": the year of the last day is the first one's too. */
function sameYear(reader: Reader, date: DateFound, last: DateFound, about: ClockContext): DateFound {
  const today = last.options[0]?.date;
  const { hint: _hint, ...plain } = about;
  const at = indexAt(reader, date.from);
  return hasYear(date) || !hasYear(last) || today === undefined ? date : (readDate(reader, at, { ...plain, today }) ?? date);
}

const hasDay = (date: DateFound): boolean => date.slots.some((slot) => slot.kind === "day");

/** The date after a time: "4:30–7:30 PM on Saturday, May 30". */
function trailingDate(reader: Reader, after: number, about: ClockContext): DateFound | undefined {
  const joint = pastJoint(reader, after);
  if (joint.word !== "" && joint.word !== "on") return undefined;
  const stamp = readStamp(reader, joint.next, about);
  const date = stamp === undefined ? readDate(reader, joint.next, about) : stamp.clock === undefined ? stamp.date : undefined;
  if (date === undefined || joint.word === "on") return date;
  // What has a time of its own after it begins the next mention.
  return readSpanOf(reader, pastJoint(reader, date.next).next, about, "") === undefined ? date : undefined;
}

/** Minutes, then "before" or "after", then a time or a word. */
function readRelation(reader: Reader, at: number, about: ClockContext): Draft | undefined {
  const duration = readDuration(reader, at);
  if (duration === undefined || isPhrase(reader, at)) return undefined;
  const base = { from: duration.from, to: duration.to, next: duration.next, duration };
  const word = skipSpace(reader, duration.next);
  const { lower } = tokenAt(reader, word);
  const isTwo = (lower === "prior" && tokenAt(reader, skipSpace(reader, word + 1)).lower === "to") || lower === "ahead";
  const sign = lower === "before" || isTwo ? -1 : lower === "after" || lower === "past" ? 1 : undefined;
  if (sign === undefined) return fromDuration(reader, at, base, about);
  const after = skipSpace(reader, isTwo ? skipSpace(reader, word + 1) + 1 : word + 1);
  const clock = readClock(reader, after, about.isCode === true);
  if (clock !== undefined && isAlone(reader, clock, "before")) {
    const start = clockPoint(reader, clock);
    return { ...base, to: start.to, next: start.next, start, relation: { sign } };
  }
  const article = ["the", "your", "our"].includes(tokenAt(reader, after).lower) ? skipSpace(reader, after + 1) : after;
  return { ...base, relation: { sign, to: tokenAt(reader, article).lower } };
}

/** "20 minutes to three" is a time, though it begins as a length does. */
const isPhrase = (reader: Reader, at: number): boolean =>
  readClock(reader, at, false)?.slots.some((slot) => slot.kind === "clock" && slot.style.shift !== undefined) === true;

/** "for 2.5 hours from 9": a length and where it begins; else the length alone. */
function fromDuration(reader: Reader, at: number, base: Draft, about: ClockContext): Draft {
  const word = skipSpace(reader, base.next);
  if (tokenBefore(reader, at).lower !== "for" || tokenAt(reader, word).lower !== "from") return base;
  const span = readSpanOf(reader, skipSpace(reader, word + 1), about, "from");
  return span === undefined || span.end !== undefined ? base : { ...base, start: span.start, to: span.start.to, next: span.start.next };
}

/** "from 9 for 2.5 hrs": the length after a time. */
function lengthAfter(reader: Reader, span: Span): Draft["duration"] {
  const word = skipSpace(reader, span.start.next);
  if (span.end !== undefined || tokenAt(reader, word).lower !== "for") return undefined;
  const duration = readDuration(reader, skipSpace(reader, word + 1));
  return duration?.options.length === 1 ? duration : undefined;
}

/** Seconds (ten digits) or milliseconds (thirteen) since the epoch, between 2001 and 2286, where they are all that a value holds. */
function readEpoch(reader: Reader, at: number, about: ClockContext): Draft | undefined {
  const token = tokenAt(reader, at);
  if (about.isCode !== true || reader.text.trim() !== token.text) return undefined;
  if (!isNumber(token, 10, 10) && !isNumber(token, 13, 13)) return undefined;
  const unit = token.text.length === 10 ? 1000 : 1;
  const ms = Number(token.text) * unit;
  if (token.text.startsWith("0")) return undefined;
  const slot: ClockSlot = { kind: "epoch", of: "start", from: token.from, to: token.to, unit };
  return { from: token.from, to: token.to, next: at + 1, epoch: { ms, slot } };
}

/** A span that begins with its date. */
function readDated(reader: Reader, at: number, about: ClockContext): Span | undefined {
  const stamped = spanFromStamp(reader, at, about) ?? readDayRange(reader, at, about);
  const date = stamped === undefined ? readDate(reader, at, about) : undefined;
  return date === undefined ? stamped : spanFromDate(reader, date, about);
}

/** A mention that begins at this token. */
export function readDraft(reader: Reader, at: number, about: ClockContext): Draft | undefined {
  const special = readEpoch(reader, at, about) ?? readRelation(reader, at, about);
  if (special !== undefined) return special;
  const { from } = tokenAt(reader, at);
  const lead = tokenBefore(reader, at).lower;
  const span = readDated(reader, at, about) ?? readSpanOf(reader, at, about, lead);
  if (span === undefined) return undefined;
  const duration = lengthAfter(reader, span);
  if (duration !== undefined) return { from, to: duration.to, next: duration.next, start: span.start, duration };
  const last = span.end ?? span.start;
  const hasDate = span.start.date !== undefined || span.end?.date !== undefined;
  const trailing = hasDate ? undefined : trailingDate(reader, last.next, about);
  if (trailing === undefined) return { from, to: last.to, next: last.next, ...span };
  return { from, to: trailing.to, next: trailing.next, ...span, start: { ...span.start, date: trailing } };
}
