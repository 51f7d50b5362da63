/** Makes a mention say another value, in its own written form. */

import type { Moment } from "../value.ts";
import { secondsOf } from "./calendar-days.ts";
import type { ClockContext, ClockHint, ClockMention, ClockReading, WrittenZone } from "./clock-mention.ts";
import { moved } from "./clock-readings.ts";
import { findClockText } from "./find-clock-text.ts";
import { durationLike, type Replacement } from "./write-duration.ts";
import { type Job, type Target, writeSlot } from "./write-slots.ts";
import { inWrittenZone, isOwnZone, offsetAt } from "./zone-turns.ts";

export interface NewValue {
  readonly start?: Moment;
  readonly end?: Moment;
  /** Minutes. */
  readonly duration?: number;
}

export interface Cannot {
  /** One clause for people, without a full stop. */
  readonly cannot: string;
}

const isCannot = (found: Target | Cannot): found is Cannot => "cannot" in found;

const shown = ({ date, time }: Moment): string => [date, time].filter((one) => one !== undefined).join(" ");

interface Goal {
  readonly old: Moment;
  readonly next: Moment | undefined;
  readonly zone: WrittenZone | undefined;
}

/** The zone for the new moment: an offset that was the kind's own at the old moment is the kind's own at the new one. */
function zoneFor(old: Moment, zone: WrittenZone | undefined, about: ClockContext): WrittenZone | undefined {
  if (zone?.offset === undefined) return zone;
  const before = inWrittenZone(old, { text: "", iana: about.zone }, about);
  return before !== undefined && offsetAt(before.ms, about.zone, about) === zone.offset ? { text: zone.text, iana: about.zone } : zone;
}

const nameOf = (zone: WrittenZone | undefined, about: ClockContext): string => zone?.text ?? about.textZone ?? about.zone;

/** The offset that tells two equal times apart: the new one's, or the old one's where only the other bound moves. */
function offsetSaid(old: Moment, next: Moment | undefined): string | undefined {
  const isMoved = next?.date !== undefined || next?.time !== undefined;
  return next?.offset ?? (isMoved ? undefined : old.offset);
}

/** A time of another zone, or one with a date, goes by way of its instant. */
function turnedTarget({ old, next, zone }: Goal, time: string, about: ClockContext): Target | Cannot {
  const said = next?.date ?? old.date;
  const date = said ?? about.hint?.date;
  if (date === undefined) return { cannot: `without a date it is not known what ${time} is in ${nameOf(zone, about)}` };
  const offset = offsetSaid(old, next);
  const moment: Moment = { kind: "moment", date, time };
  const written = zoneFor(old, zone, about);
  const wall = inWrittenZone(offset === undefined ? moment : { ...moment, offset }, written, about);
  if (wall === undefined) return { cannot: `the clock of ${about.zone} shows ${date} ${time} never or twice` };
  const minutes = written?.offset ?? offsetAt(wall.ms, written?.iana ?? about.zone, about);
  return { date: said === undefined ? undefined : wall.date, seconds: wall.seconds, ms: wall.ms, offset: minutes };
}

/** Where a bound goes, on the clock that it is written for. */
function targetOf(goal: Goal, about: ClockContext): Target | Cannot {
  const { old, next, zone } = goal;
  const [date, time, weekday] = [next?.date ?? old.date, next?.time ?? old.time, next?.weekday ?? old.weekday];
  if (time === undefined) return { date, weekday };
  if (date === undefined && isOwnZone(zone, about)) return { weekday, seconds: secondsOf(time) };
  const turned = turnedTarget(goal, time, about);
  return isCannot(turned) ? turned : { ...turned, weekday };
}

/** The start as the text writes it: of a time counted from another, the other one. */
const writtenStart = (moment: Moment | undefined, reading: ClockReading): Moment | undefined =>
  moment === undefined || reading.relation === undefined ? moment : moved(moment, -reading.relation.minutes);

function targetsOf(mention: ClockMention, reading: ClockReading, to: NewValue, about: ClockContext): Job["targets"] | Cannot {
  const { zones } = mention.form;
  const startZone = zones.start ?? zones.end;
  const start = targetOf(
    { old: writtenStart(reading.start, reading) ?? reading.start, next: writtenStart(to.start, reading), zone: startZone },
    about,
  );
  if (isCannot(start)) return start;
  if (mention.form.shape !== "range" || reading.end === undefined) return { start };
  const end = targetOf({ old: reading.end, next: to.end, zone: zones.end ?? startZone }, about);
  return isCannot(end) ? end : { start, end };
}

/** Runs of digits, of letters and of anything else. */
const runsOf = (text: string): readonly string[] => text.match(/\d+|\p{L}+|[^\d\p{L}]+/gu) ?? [];

const size = (runs: readonly string[]): number => runs.join("").length;

const isAlike = (one: string, other: string | undefined): boolean =>
  one === other || (other !== undefined && /^\d/u.test(one) && /^\d/u.test(other));

/** Without what stays as it is: "4:30" to "3:30" replaces the 4; "18:30" to "19:15" the 18 and the 30, and leaves the mark between them. */
function least(text: string, { from, to, text: next }: Replacement): readonly Replacement[] {
  const [before, after] = [runsOf(text.slice(from, to)), runsOf(next)];
  if (before.length === after.length && before.every((run, index) => isAlike(run, after[index])))
    return before.flatMap((run, index) => {
      const at = from + size(before.slice(0, index));
      return run === after[index] ? [] : [{ from: at, to: at + run.length, text: after[index] ?? "" }];
    });
  const short = Math.min(before.length, after.length);
  let head = 0;
  while (head < short && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < short - head && before.at(-tail - 1) === after.at(-tail - 1)) tail += 1;
  const kept = after.slice(head, after.length - tail).join("");
  return [{ from: from + size(before.slice(0, head)), to: to - size(before.slice(before.length - tail)), text: kept }];
}

/** Replacements of every slot that says something else now. */
function replacementsOf(job: Job): readonly Replacement[] | undefined {
  const found: Replacement[] = [];
  for (const slot of job.slots) {
    const written = writeSlot(job, slot);
    if (written === undefined) return undefined;
    if (written !== "same" && written.text !== job.text.slice(written.from, written.to)) found.push(...least(job.text, written));
  }
  return found;
}

export function withReplacements(text: string, replacements: readonly Replacement[]): string {
  let [made, at] = ["", 0];
  for (const { from, to, text: next } of replacements.toSorted((a, b) => a.from - b.from)) {
    made += text.slice(at, from) + next;
    at = to;
  }
  return made + text.slice(at);
}

/** Characters on either side that a mention is read with again. */
const around = 300;

/** The mention's neighbourhood after the change, and where the mention begins in it. */
function neighbourhood(
  mention: ClockMention,
  text: string,
  replacements: readonly Replacement[],
  about: ClockContext,
): { readonly text: string; readonly at: number } {
  const isWhole = about.isCode === true && mention.raw === text.trim();
  const from = isWhole || mention.from <= around ? 0 : mention.from - around;
  const to = isWhole ? text.length : Math.min(text.length, mention.to + around);
  const local = replacements.map((one) => ({ ...one, from: one.from - from, to: one.to - from }));
  return { text: withReplacements(text.slice(from, to), local), at: mention.from - from };
}

const agrees = (one: string | undefined, other: string | undefined): boolean => one === undefined || other === undefined || one === other;

const says = (read: Moment | undefined, wanted: Moment | undefined): boolean => {
  if (wanted === undefined || read === undefined) return wanted?.time === undefined;
  return agrees(read.date, wanted.date) && agrees(read.time, wanted.time) && agrees(read.offset, wanted.offset);
};

/** What the siblings will say once the value is the new one. */
function hintFor(old: ClockReading, to: NewValue, about: ClockContext): ClockHint {
  const [start, end] = [writtenStart(to.start ?? old.start, old)?.time, to.end?.time ?? old.end?.time];
  const date = to.start?.date ?? old.start.date ?? about.hint?.date;
  const time = { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
  return date === undefined ? { time } : { date, time };
}

/** Whether what was not to change is as it was. */
function isKept(old: ClockReading, reading: ClockReading, to: NewValue): boolean {
  if (reading.relation?.minutes !== old.relation?.minutes) return false;
  if (to.duration !== undefined) return reading.duration === undefined || reading.duration === to.duration;
  // Without a length, the end is one that was written.
  return to.end !== undefined || old.duration !== undefined || reading.end?.time === old.end?.time;
}

/** Whether a range has a last day of its own, which moves with nothing. */
const hasLastDay = ({ form }: ClockMention): boolean => form.slots.some((slot) => slot.kind === "day" && slot.of === "end");

/** A range stays one, and a last day that was not to change is as it was. */
function isEndKept(
  { mention, reading, old }: { readonly mention: ClockMention; readonly reading: ClockReading; readonly old: ClockReading },
  to: NewValue,
): boolean {
  if (mention.form.shape === "range" && reading.end === undefined) return false;
  return to.end !== undefined || !hasLastDay(mention) || reading.end?.date === old.end?.date;
}

/** The end that a range would be left with, which nobody decided: why it cannot stay. */
function strandedEnd(mention: ClockMention, { start, end }: ClockReading, to: NewValue): string | undefined {
  if (mention.form.shape !== "range" || to.end !== undefined || end === undefined || to.start === undefined) return undefined;
  const begins: Moment = { ...start, ...to.start };
  const isStranded = hasLastDay(mention) ? isBefore(end, begins) : isTimeBefore(end, begins) && !isTimeBefore(end, start);
  const { date: _date, ...face } = end;
  return isStranded
    ? `it would end (${shown(hasLastDay(mention) ? end : face)}) before it begins: nothing was decided about its end`
    : undefined;
}

const isBefore = (one: Moment, other: Moment): boolean =>
  one.date === other.date || one.date === undefined || other.date === undefined
    ? one.time !== undefined && isTimeBefore(one, other)
    : one.date < other.date;

/** On the clock's face, or at the same time: an end that is so belongs to the next day. */
const isTimeBefore = (one: Moment, other: Moment): boolean => one.time !== undefined && other.time !== undefined && one.time <= other.time;

interface Changed {
  readonly mention: ClockMention;
  readonly text: string;
  readonly replacements: readonly Replacement[];
  readonly to: NewValue;
}

/** Reads the changed text again: one reading, and the value that was asked for. */
function isSaid({ mention, text, replacements, to }: Changed, about: ClockContext): boolean {
  const [old] = mention.readings;
  if (old === undefined) return false;
  const near = neighbourhood(mention, text, replacements, about);
  const again = findClockText(near.text, { ...about, hint: hintFor(old, to, about) }).find(({ from }) => from === near.at);
  const [reading, second] = again?.readings ?? [];
  if (reading === undefined || second !== undefined || again?.contradiction !== undefined) return false;
  if (!isEndKept({ mention, reading, old }, to)) return false;
  return isKept(old, reading, to) && says(reading.start, to.start) && says(reading.end, to.end);
}

/** The new length of "from 9 for 3 hours", where an end was given and no length. */
function durationOf(reading: ClockReading, to: NewValue): number | undefined {
  if (to.duration !== undefined || reading.duration === undefined || to.end?.time === undefined) return to.duration;
  const start = to.start?.time ?? reading.start.time;
  if (start === undefined) return undefined;
  return ((secondsOf(to.end.time) - secondsOf(start)) / 60 + 1440) % 1440;
}

function allTargets(mention: ClockMention, reading: ClockReading, to: NewValue, about: ClockContext): Job["targets"] | Cannot {
  const stranded = strandedEnd(mention, reading, to);
  if (stranded !== undefined) return { cannot: stranded };
  return mention.form.shape === "duration" ? {} : targetsOf(mention, reading, to, about);
}

/**
 * The least replacements (UTF-16 offsets into `text`, in order, without overlap) that make `mention`, found in this same `text`,
 * say `to` in the form in which it is written; none where it says so already. What `to` leaves out stays. The result has been read
 * again and says exactly that; where no such text exists in this form, `cannot` says why.
 */
export function rewriteClock(mention: ClockMention, text: string, to: NewValue, about: ClockContext): readonly Replacement[] | Cannot {
  const [reading, second] = mention.readings;
  if (reading === undefined) return { cannot: `it is ${mention.justification ?? "no time"}` };
  if (second !== undefined) return { cannot: mention.asks ?? "it can be read in several ways" };
  const { slots } = mention.form;
  const targets = allTargets(mention, reading, to, about);
  if ("cannot" in targets) return targets;
  const written = replacementsOf({ text, slots, targets, about });
  const minutes = durationOf(reading, to);
  const length =
    minutes === undefined || minutes === reading.duration ? [] : reading.duration === undefined ? [] : durationLike(text, slots, minutes);
  const wanted = [to.start, to.end].filter((moment) => moment !== undefined).map(shown);
  const manner = `"${mention.raw}" has no way to say ${[...wanted, ...(minutes === undefined ? [] : [`${minutes} minutes`])].join("–")}`;
  if (written === undefined || length === undefined) return { cannot: manner };
  const all = [...written, ...length.filter((one) => one.text !== text.slice(one.from, one.to))].toSorted((a, b) => a.from - b.from);
  return isSaid({ mention, text, replacements: all, to }, about) ? all : { cannot: manner };
}
