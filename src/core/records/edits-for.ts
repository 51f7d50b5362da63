/** Which bytes of one object change so that it says what was decided, each mention in its own written form (R7). */

import type { Claim, Sighting } from "./claim.ts";
import { mentionOf } from "./claims/claims-of.ts";
import { inAddress } from "./claims/name-mention.ts";
import type { ReadAbout } from "./claims/read-about.ts";
import { startField } from "./claims/field-places.ts";
import { isMoment } from "./claims/read-text.ts";
import type { ClockMention, ClockReading } from "./clock-text/clock-mention.ts";
import { rewriteClock } from "./clock-text/rewrite-clock.ts";
import { isUnread, saidBy } from "./cell-values.ts";
import { compareValues } from "./compare-values.ts";
import { dayField, isOfDay, onDay } from "./day-and-time.ts";
import type { Decision } from "./decision.ts";
import type { Edit, RecordDocument, Segment } from "./document.ts";
import { alignSlices, type TextSlice } from "./edits/align-slices.ts";
import { eventTexts, type EventText } from "./event-edits.ts";
import { fieldNamed, type RecordKind } from "./kind.ts";
import { elementChange, listNameOf } from "./list-elements.ts";
import { textFor } from "./text-for.ts";
import type { FieldType, Moment, Value } from "./value.ts";

/** One mention that changes. */
export interface MentionEdit {
  readonly field: string;
  readonly where: string;
  readonly before: string;
  readonly after: string;
}

/** A mention that has to change and cannot be written by belay. */
export interface Unwritable {
  readonly raw: string;
  readonly where: string;
  readonly why: string;
}

export interface EditsFor {
  readonly edits: readonly Edit[];
  readonly mentions: readonly MentionEdit[];
  readonly unwritable: readonly Unwritable[];
  /** Values that the object held and holds no more, by field. */
  readonly old: ReadonlyMap<string, readonly Value[]>;
}

/** `claims`: of one part of the document. */
export function editsFor(
  document: RecordDocument,
  { claims }: Pick<Sighting, "claims">,
  decisions: readonly Decision[],
  about: ReadAbout,
): EditsFor {
  const made: Making = { edits: [], mentions: [], unwritable: [] };
  const old = new Map<string, Value[]>();
  const event = eventTexts(document, { claims, isWrong: (claim) => isWrong(claim, decisions, about) }, decisions, about);
  const follows = new Set(event.keys());
  for (const group of groupsOf(claims)) {
    const wrong = group.filter((claim) => isWrong(claim, decisions, about));
    const [first] = wrong;
    const segment = first && document.segments[first.segment];
    if (!first || !segment) continue;
    for (const [field, values] of oldValues(wrong, claims, about)) old.set(field, [...(old.get(field) ?? []), ...values]);
    const own = event.get(first.segment);
    follows.delete(first.segment);
    const written = own
      ? wholeText(own, segment)
      : (doubtful(first, group, segment, about) ?? rewritten({ wrong, group }, segment, decisions, about));
    const { from, to, raw } = first;
    take(made, { segment, from, to, raw, field: [...new Set(wrong.map(({ field }) => field))].join(", ") }, written);
  }
  // Properties of an event that follow from those: its length, an end that is nobody's field.
  for (const [index, own] of event) {
    const segment = follows.has(index) ? document.segments[index] : undefined;
    const field = claims.find((claim) => claim.segment === index)?.field ?? "end";
    if (segment) take(made, { segment, from: 0, to: segment.text.length, raw: segment.text, field }, wholeText(own, segment));
  }
  return { ...made, old };
}

/** Why a text that no label introduces is not replaced by itself. */
function doubtful(first: Claim, group: readonly Claim[], segment: Segment, { kind }: ReadAbout): { readonly why: string } | undefined {
  if (first.isUnlabelled !== true) return undefined;
  const other = group.find(({ field }) => field !== first.field);
  if (other) return { why: `may be the ${other.field} as well as the ${first.field}` };
  const isLinked = fieldNamed(kind, first.field)?.type === "key" && inAddress(segment, first) !== undefined;
  return isLinked ? { why: "is part of an address, and nobody knows where a new one would lead" } : undefined;
}

interface Making {
  readonly edits: Edit[];
  readonly mentions: MentionEdit[];
  readonly unwritable: Unwritable[];
}

interface Mention extends Pick<Claim, "from" | "to" | "raw" | "field"> {
  readonly segment: Segment;
}

function take({ edits, mentions, unwritable }: Making, { segment, from, to, raw, field }: Mention, written: Written): void {
  const where = segment.place.label;
  if ("why" in written) {
    unwritable.push({ raw, where, why: written.why });
    return;
  }
  // Of an event a length stays as it is where start and end move together.
  if (written.slices.length === 0) return;
  const bytes = bytesOfEdits(written.slices, segment);
  if (typeof bytes === "string") {
    unwritable.push({ raw, where, why: bytes });
    return;
  }
  edits.push(...bytes);
  mentions.push({ field, where, before: segment.text.slice(from, to), after: spliced(segment.text, { from, to }, written.slices) });
}

const valuesOf = ({ value, readings = [] }: Claim): readonly Value[] => (value ? [value] : readings);

/** What wrong claims say, by field: a day with the start that the object has on it, and a time with its day. */
function oldValues(
  wrong: readonly Claim[],
  claims: readonly Claim[],
  { kind }: ReadAbout,
): readonly (readonly [string, readonly Value[]])[] {
  const day = dayField(kind)?.name;
  const said = saidBy({ claims }, kind);
  return wrong.map((claim) => {
    const name = claim.field === day ? (startField(kind)?.name ?? claim.field) : claim.field;
    const values = name === claim.field ? valuesOf(claim) : (said.get(name)?.claims ?? []).flatMap(valuesOf);
    const days =
      claim.field === day ? valuesOf(claim) : isTimeOfDay(claim, kind) ? (said.get(day ?? "")?.claims ?? []).flatMap(valuesOf) : [];
    return [name, days.length === 0 ? values : values.flatMap((value) => days.map((one) => onDay(value, one)))];
  });
}

const isTimeOfDay = ({ field }: Claim, kind: RecordKind): boolean => kind.fields.some((one) => one.name === field && isOfDay(one));

/** Both ends of a range are one text, and change together. */
function groupsOf(claims: readonly Claim[]): readonly (readonly Claim[])[] {
  const groups = new Map<string, Claim[]>();
  for (const claim of claims) {
    if (claim.isAddress) continue;
    const name = `${claim.segment} ${claim.from} ${claim.to}`;
    groups.set(name, [...(groups.get(name) ?? []), claim]);
  }
  return [...groups.values()];
}

function isWrong(claim: Claim, decisions: readonly Decision[], { kind }: ReadAbout): boolean {
  const decision = decisions.find(({ field }) => field === claim.field);
  if (!decision) return false;
  const type = fieldNamed(kind, claim.field)?.type;
  if (isOneOfSeveral(claim, decision, type)) return false;
  if (claim.value && compareValues(claim.value, decision.value, type) !== "differs") return false;
  if (claim.value) return listNameOf(claim.place) === undefined || elementChange(claim, decision.value) !== undefined;
  // What it says is not known, so that nothing can say it is right: all of `every` nothing is true.
  const readings = claim.readings ?? [];
  return readings.every((reading) => compareValues(reading, decision.value, type) === "differs");
}

/** A name by itself, where several people were decided: it says nothing of the list. */
export const isOneOfSeveral = ({ isUnlabelled }: Pick<Claim, "isUnlabelled">, { value }: Decision, type: FieldType | undefined): boolean =>
  isUnlabelled === true && type === "people" && (value.kind !== "list" || value.items.length !== 1);

type Written = { readonly slices: readonly TextSlice[] } | { readonly why: string };

/** No slice where the text is the same. */
function wholeText(own: EventText, { text }: Segment): Written {
  if ("why" in own) return own;
  return { slices: own.text === text ? [] : [{ from: 0, to: text.length, text: own.text }] };
}

interface Mentioned {
  readonly wrong: readonly Claim[];
  /** Everything that the same text says. */
  readonly group: readonly Claim[];
}

function rewritten({ wrong, group }: Mentioned, segment: Segment, decisions: readonly Decision[], about: ReadAbout): Written {
  const [first] = wrong;
  const type = first && fieldNamed(about.kind, first.field)?.type;
  if (!first || !type) return { why: "no field of the kind is meant" };
  if (isUnread(first)) return { why: `cannot be read as ${first.field}` };
  const valueOf = (claim: Claim): Value | undefined => decisions.find(({ field }) => field === claim.field)?.value;
  if (!isMoment(type)) return inItsLayer(rewrittenText(first, valueOf(first), about), segment);
  const found = mentionOf(first, segment, about);
  return found ? rewrittenTime({ wrong, group }, segment, valueOf, found) : { why: "it cannot be read as a time of one meaning" };
}

function rewrittenText(first: Claim, value: Value | undefined, about: ReadAbout): Written {
  if (first.value === undefined && (first.readings ?? []).length > 1) return { why: "it can be read as several names" };
  const change = value && elementChange(first, value);
  if (change && "why" in change) return change;
  const text = change?.text ?? (value && textFor(value, first, fieldNamed(about.kind, first.field)?.type));
  return text === undefined ? { why: "there is no way to write it" } : { slices: [{ from: first.from, to: first.to, text }] };
}

/** A text within JSON, or within markup, that is itself the text of an attribute or of a script is written for both. */
function inItsLayer(written: Written, { text, place }: Segment): Written {
  if ("why" in written || (place.medium !== "attribute" && place.medium !== "script")) return written;
  if (isJson(text)) return { slices: written.slices.map((slice) => ({ ...slice, text: JSON.stringify(slice.text).slice(1, -1) })) };
  const isMarkup = /<[a-z/!]/iu.test(text) && written.slices.some((slice) => /[<>&"']/u.test(slice.text));
  return isMarkup ? { why: "stands in markup within code, where the new text cannot be written" } : written;
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/u.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Both ends of a range together, and of each its day and its time. */
function rewrittenTime(
  { wrong, group }: Mentioned,
  segment: Segment,
  valueOf: (claim: Claim) => Value | undefined,
  found: NonNullable<ReturnType<typeof mentionOf>>,
): Written {
  const momentOf = (claims: readonly Claim[]): Moment | undefined => {
    const moments = claims.flatMap((claim) => valueOf(claim) ?? []).filter((value) => value.kind === "moment");
    return moments.length === 0 ? undefined : Object.assign({ kind: "moment" as const }, ...moments);
  };
  const start = momentOf(wrong.filter(({ role }) => role !== "end"));
  const end = momentOf(wrong.filter(({ role }) => role === "end"));
  const slices = rewriteClock(
    settledAs(found.mention, { wrong, group }, segment.text),
    segment.text,
    { ...(start && { start }), ...(end && { end }) },
    found.context,
  );
  if ("cannot" in slices) return { why: slices.cannot };
  return slices.length === 0 ? { why: "no part of it says what has to change" } : { slices };
}

/** Of a text of several readings the one that the rest of the page has settled on. Where letters touch it, it may be garbled. */
function settledAs(mention: ClockMention, { wrong, group }: Mentioned, text: string): ClockMention {
  if (mention.readings.length < 2 || /^[\p{L}\p{N}]/u.test(text.slice(mention.to))) return mention;
  const said = group.filter((claim) => claim.value !== undefined || wrong.includes(claim));
  const isMeant = ({ start, end }: ClockReading): boolean =>
    said.every(({ value, role }) => value?.kind === "moment" && isSameTime(role === "end" ? end : start, value));
  const [only, ...others] = mention.readings.filter(isMeant);
  return only && others.length === 0 ? { ...mention, readings: [only] } : mention;
}

const isSameTime = (read: Moment | undefined, meant: Moment): boolean =>
  read !== undefined &&
  (read.time === undefined || meant.time === undefined || read.time === meant.time) &&
  (read.date === undefined || meant.date === undefined || read.date === meant.date);

/** What stands in several pieces between tags changes piece by piece: no text goes from one tag into another. */
function bytesOfEdits(slices: readonly TextSlice[], segment: Segment): Edit[] | string {
  const edits: Edit[] = [];
  for (const slice of slices) {
    const pieces = piecesOf(slice, segment);
    if (!pieces) return dividedByTags;
    for (const { from, to, text } of pieces) {
      const bytes = segment.encode(text);
      const [span, ...others] = from === to ? insertionAt(segment, from) : segment.spans(from, to);
      if (bytes === undefined || !span) return "the new text cannot be written in this place";
      if (others.length > 0) return dividedByTags;
      edits.push({ span, bytes });
    }
  }
  return edits;
}

const dividedByTags = "tags divide it, and it is not known which part of the new text belongs into which of them";

/** A change as it is where no tag divides what it replaces; else each word of it, or each character where there are as many as before. */
function piecesOf(slice: TextSlice, segment: Segment): readonly TextSlice[] | undefined {
  const isWhole = ({ from, to }: TextSlice): boolean => from === to || segment.spans(from, to).length < 2;
  if (isWhole(slice)) return [slice];
  const aligned = alignSlices(slice, segment.text.slice(slice.from, slice.to));
  return aligned?.flatMap((one) => {
    const old = segment.text.slice(one.from, one.to);
    const isAlike = [/^\d+$/u, /^[\p{L}\p{M}]+$/u].some((kind) => kind.test(old) && kind.test(one.text));
    if (isWhole(one) || !isAlike || one.text.length !== old.length) return [one];
    return Array.from({ length: one.text.length }, (_, at) => ({ from: one.from + at, to: one.from + at + 1, text: one.text.charAt(at) }));
  });
}

function insertionAt(segment: Segment, at: number): readonly { readonly start: number; readonly end: number }[] {
  const before = at > 0 ? segment.spans(at - 1, at).at(-1) : undefined;
  if (before) return [{ start: before.end, end: before.end }];
  const [after] = segment.spans(at, at + 1);
  return after ? [{ start: after.start, end: after.start }] : [];
}

function spliced(text: string, { from, to }: Pick<Claim, "from" | "to">, slices: readonly TextSlice[]): string {
  let result = "";
  let at = from;
  for (const slice of slices.toSorted((one, other) => one.from - other.from)) {
    result += text.slice(at, slice.from) + slice.text;
    at = slice.to;
  }
  return result + text.slice(at, to);
}
