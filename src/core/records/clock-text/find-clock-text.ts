/** The clock-text grammar: finds times, dates, ranges and lengths in running text, and says what each may mean. */

import { durationUnits, months, numberWords, weekdays } from "./calendar-words.ts";
import type { ClockContext, ClockForm, ClockMention, ClockPart, ClockSlot } from "./clock-mention.ts";
import { clockReadings } from "./clock-readings.ts";
import { clockTokens, isColon, isNumber, type Reader, tokenAt } from "./clock-tokens.ts";
import type { Draft } from "./draft.ts";
import { mayBegin } from "./may-begin.ts";
import { isGlued, isParameter, justificationOf, type NoTime, readNoTime } from "./not-a-time.ts";
import { readDraft } from "./read-draft.ts";
import { readStamp } from "./read-stamp.ts";
import { atEnd, slotsOfPoint } from "./read-range.ts";
import { settled } from "./settle-readings.ts";

const starters: ReadonlySet<string> = new Set([
  ...weekdays.keys(),
  ...months.keys(),
  ...numberWords.keys(),
  ...durationUnits.keys(),
  ..."noon midday midnight half quarter a an twenty thirty".split(" "),
]);

function slotsOf(draft: Draft): readonly ClockSlot[] {
  if (draft.epoch !== undefined) return [draft.epoch.slot];
  const slots: ClockSlot[] = [];
  if (draft.start !== undefined) slots.push(...slotsOfPoint(draft.start));
  if (draft.end !== undefined) slots.push(...atEnd(slotsOfPoint(draft.end)));
  if (draft.duration !== undefined) slots.push(...draft.duration.slots);
  return slots.every((slot, at) => at === 0 || (slots[at - 1]?.from ?? 0) <= slot.from) ? slots : slots.toSorted((a, b) => a.from - b.from);
}

function shapeOf(draft: Draft): ClockForm["shape"] {
  if (draft.epoch !== undefined) return "epoch";
  if (draft.relation !== undefined) return "relation";
  if (draft.start === undefined) return "duration";
  return draft.end === undefined ? "point" : "range";
}

function formOf(draft: Draft): ClockForm {
  const [start, end] = [draft.start?.zone?.zone, draft.end?.zone?.zone];
  if (start === undefined && end === undefined) return { shape: shapeOf(draft), slots: slotsOf(draft), zones: noZones };
  const zones = { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
  return { shape: shapeOf(draft), slots: slotsOf(draft), zones };
}

const noZones: ClockForm["zones"] = {};

const clockKinds: ReadonlySet<ClockSlot["kind"]> = new Set<ClockSlot["kind"]>(["clock", "clock-word", "meridiem", "epoch"]);
const dayKinds: ReadonlySet<ClockSlot["kind"]> = new Set<ClockSlot["kind"]>(["day", "month", "year"]);

function roleOf({ kind, of }: ClockSlot, shape: ClockForm["shape"]): ClockPart["role"] {
  if (kind === "weekday" || kind === "duration") return kind;
  if (clockKinds.has(kind)) return of === "end" ? "end" : shape === "range" ? "start" : "at";
  if (dayKinds.has(kind)) return of === "end" ? "end-date" : "date";
  return "zone";
}

/** Of each role the run of its slots, first to last. Slots are in order, and so are the runs. */
function partsOf({ shape, slots }: ClockForm): readonly ClockPart[] {
  const parts: { role: ClockPart["role"]; from: number; to: number }[] = [];
  for (const slot of slots) {
    const role = roleOf(slot, shape);
    const known = parts.find((part) => part.role === role);
    if (known) known.to = slot.to;
    else parts.push({ role, from: slot.from, to: slot.to });
  }
  return parts;
}

const noForm: ClockForm = { shape: "none", slots: [], zones: {} };

function noTime(text: string, from: number, to: number, justification: string): ClockMention {
  return { from, to, raw: text.slice(from, to), readings: [], justification, parts: [], form: noForm };
}

function mentionOf(reader: Reader, at: number, draft: Draft, about: ClockContext): ClockMention | undefined {
  const justification = justificationOf(reader, at, draft);
  if (justification !== undefined) return noTime(reader.text, draft.from, draft.to, justification);
  const { readings: all, asks } = clockReadings(draft, about);
  const { readings, by } = settled(all, about);
  if (readings.length === 0) return undefined;
  const form = formOf(draft);
  const date = draft.start?.date;
  const settledBy = by ?? date?.settledBy;
  const mention: ClockMention = {
    from: draft.from,
    to: draft.to,
    raw: reader.text.slice(draft.from, draft.to),
    readings,
    parts: partsOf(form),
    form,
  };
  const contradiction = date?.contradiction;
  // Most mentions are clear and say no more.
  if (readings.length === 1 && settledBy === undefined && contradiction === undefined) return mention;
  return {
    ...mention,
    ...(readings.length > 1 && { asks: asks ?? "it can be read in several ways" }),
    ...(settledBy !== undefined && { settledBy }),
    ...(contradiction !== undefined && { contradiction }),
  };
}

/** Past a chain of figures that is no time as a whole, and of which no part may be taken for one: 10:20:30:40, 4/5/6/7. */
function chainEnd(reader: Reader, at: number): number {
  let last = at;
  while (tokenAt(reader, last).kind === "number") {
    const mark = tokenAt(reader, last + 1);
    const follow = tokenAt(reader, last + 2);
    const isJoint = isColon(mark) || [".", ",", "/"].includes(mark.text) || (mark.text === "-" && isNumber(follow, 3, 20));
    if (!isJoint || follow.kind !== "number") break;
    last += 2;
  }
  return last + 1;
}

/** In code, only ISO forms may stand among other things; anything else has to be all that there is. */
function isFit(draft: Draft, reader: Reader, about: ClockContext): boolean {
  if (about.isCode !== true) return true;
  const [date] = draft.start?.date?.slots ?? [];
  const isStamp = date?.kind === "year" && date.to - date.from === 4 && draft.start?.date?.slots.length === 3;
  return isStamp || reader.text.slice(draft.from, draft.to) === reader.text.trim();
}

/** Amounts and the like are worth a word where they could be taken for a time: three or four digits, or a clock's marks. */
const isAlike = (text: string, found: NoTime, from: number): boolean => /\d{3}|[:.]\d\d/u.test(text.slice(from, found.to));

/**
 * Every clock text in `text`, in order and without overlap. Time is linear in the length of the text; nothing in it is evaluated.
 * A mention with no reading looks like a time and is none; its justification says what it is.
 */
export function findClockText(text: string, about: ClockContext): readonly ClockMention[] {
  if (!mayHoldClockText(text)) return [];
  const heads = about.heads?.map((head): Reader => ({ text: head, tokens: clockTokens(head) }));
  const reader: Reader = { text, tokens: clockTokens(text), ...(heads && { heads }) };
  const found: ClockMention[] = [];
  for (let at = 0; at < reader.tokens.length;) {
    const token = tokenAt(reader, at);
    const isStarter = token.kind === "number" || token.text === "½" || (token.kind === "word" && starters.has(token.lower));
    at = isStarter ? readAt(reader, at, about, found) : at + 1;
  }
  return found;
}

/** Characters of a link's parameters that may name the zone of its instants. */
const parametersMax = 300;

/** Whether what begins here is no part of something else. An instant that is a link's parameter is its own, unless another one says its zone. */
function isApart(reader: Reader, at: number, about: ClockContext): boolean {
  if (!isGlued(reader, at)) return true;
  const stamp = readStamp(reader, at, about);
  if (stamp === undefined || !isParameter(reader, at, stamp)) return false;
  const { from } = tokenAt(reader, at);
  const near = reader.text.slice(Math.max(0, from - parametersMax), from + parametersMax);
  const zone = /[?&;](?:ctz|stz|tz|tzid|timezone)=(?<zone>[\w/%+-]*)/iu.exec(near)?.groups?.["zone"];
  return zone === undefined || stamp.zone !== undefined || zone.replaceAll(/%2f/giu, "/") === about.zone;
}

/** Reads what begins at this token into `found`; where to go on. */
function readAt(reader: Reader, at: number, about: ClockContext, found: ClockMention[]): number {
  const { from, kind } = tokenAt(reader, at);
  if (kind === "number" && about.isCode !== true && !mayBegin(reader, at)) return chainEnd(reader, at);
  const none = about.isCode === true ? undefined : readNoTime(reader, at);
  if (none !== undefined) {
    if (isAlike(reader.text, none, from)) found.push(noTime(reader.text, from, none.to, none.justification));
    return none.next;
  }
  const draft = isApart(reader, at, about) ? readDraft(reader, at, about) : undefined;
  const mention = draft !== undefined && isFit(draft, reader, about) ? mentionOf(reader, at, draft, about) : undefined;
  if (draft === undefined || mention === undefined) return kind === "number" ? chainEnd(reader, at) : at + 1;
  found.push(mention);
  return draft.next;
}

const sign =
  /noon|mid(?:day|night)|(?:sun|mon|tues|wednes|thurs|fri|satur)day|hour|minute|o['’]?clock|½|\b[ap]\.? ?m\b|(?:morning|afternoon|evening|night|past|quarter)/iu;

/** Most texts that hold a time hold a figure: a loop finds it before a pattern would. */
function hasDigit(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) return true;
  }
  return false;
}

/** A quick look: `false` where `findClockText` would find nothing. */
export const mayHoldClockText = (text: string): boolean => hasDigit(text) || sign.test(text);
