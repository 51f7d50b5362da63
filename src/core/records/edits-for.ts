/** Which bytes of one object change so that it says what was decided, each mention in its own written form (R7). */

import type { Claim, Sighting } from "./claim.ts";
import { knownElsewhere, mentionOf } from "./claims/claims-of.ts";
import { inAddress } from "./claims/name-mention.ts";
import type { ReadAbout } from "./claims/read-about.ts";
import { isMoment } from "./claims/read-text.ts";
import type { ClockMention, ClockReading } from "./clock-text/clock-mention.ts";
import { rewriteClock } from "./clock-text/rewrite-clock.ts";
import { isUnread } from "./cell-values.ts";
import { canonicalText, compareValues, showValue } from "./compare-values.ts";
import type { Decision } from "./decision.ts";
import type { Edit, RecordDocument, Segment } from "./document.ts";
import { alignSlices, type TextSlice } from "./edits/align-slices.ts";
import { eventTexts, type EventText } from "./event-edits.ts";
import { fieldNamed } from "./kind.ts";
import { elementChange, listNameOf } from "./list-elements.ts";
import type { Moment, Value } from "./value.ts";

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
    for (const claim of wrong) old.set(claim.field, [...(old.get(claim.field) ?? []), ...valuesOf(claim)]);
    const own = event.get(first.segment);
    follows.delete(first.segment);
    const written = own ? wholeText(own, segment) : (doubtful(first, group, segment, about) ?? rewritten(wrong, segment, decisions, about));
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
  if (first.because !== knownElsewhere) return undefined;
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
  if (claim.value && compareValues(claim.value, decision.value, type) !== "differs") return false;
  if (claim.value) return listNameOf(claim.place) === undefined || elementChange(claim, decision.value) !== undefined;
  // What it says is not known, so that nothing can say it is right: all of `every` nothing is true.
  const readings = claim.readings ?? [];
  return readings.every((reading) => compareValues(reading, decision.value, type) === "differs");
}

type Written = { readonly slices: readonly TextSlice[] } | { readonly why: string };

/** No slice where the text is the same. */
function wholeText(own: EventText, { text }: Segment): Written {
  if ("why" in own) return own;
  return { slices: own.text === text ? [] : [{ from: 0, to: text.length, text: own.text }] };
}

function rewritten(wrong: readonly Claim[], segment: Segment, decisions: readonly Decision[], about: ReadAbout): Written {
  const [first] = wrong;
  const type = first && fieldNamed(about.kind, first.field)?.type;
  if (!first || !type) return { why: "no field of the kind is meant" };
  if (isUnread(first)) return { why: `cannot be read as ${first.field}` };
  const valueOf = (claim: Claim): Value | undefined => decisions.find(({ field }) => field === claim.field)?.value;
  if (!isMoment(type)) return inItsLayer(rewrittenText(first, valueOf(first), about), segment);
  const found = mentionOf(first, segment, about);
  return found ? rewrittenTime(wrong, segment, valueOf, found) : { why: "it cannot be read as a time of one meaning" };
}

function rewrittenText(first: Claim, value: Value | undefined, about: ReadAbout): Written {
  const change = value && elementChange(first, value);
  if (change && "why" in change) return change;
  const text = change?.text ?? (value && textFor(value, first, about));
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

/** Both ends of a range together. */
function rewrittenTime(
  wrong: readonly Claim[],
  segment: Segment,
  valueOf: (claim: Claim) => Value | undefined,
  found: NonNullable<ReturnType<typeof mentionOf>>,
): Written {
  const momentOf = (claim: Claim | undefined): Moment | undefined => {
    const value = claim && valueOf(claim);
    return value?.kind === "moment" ? value : undefined;
  };
  const start = momentOf(wrong.find(({ role }) => role !== "end"));
  const end = momentOf(wrong.find(({ role }) => role === "end"));
  const slices = rewriteClock(
    settledAs(found.mention, wrong, segment.text),
    segment.text,
    { ...(start && { start }), ...(end && { end }) },
    found.context,
  );
  if ("cannot" in slices) return { why: slices.cannot };
  return slices.length === 0 ? { why: "no part of it says what has to change" } : { slices };
}

/** Of a text of several readings the one that the rest of the page has settled on. Where letters touch it, it may be garbled. */
function settledAs(mention: ClockMention, claims: readonly Claim[], text: string): ClockMention {
  if (mention.readings.length < 2 || /^[\p{L}\p{N}]/u.test(text.slice(mention.to))) return mention;
  const isMeant = ({ start, end }: ClockReading): boolean =>
    claims.every(({ value, role }) => value?.kind === "moment" && isSameTime(role === "end" ? end : start, value));
  const [only, ...others] = mention.readings.filter(isMeant);
  return only && others.length === 0 ? { ...mention, readings: [only] } : mention;
}

const isSameTime = (read: Moment | undefined, meant: Moment): boolean =>
  read !== undefined &&
  (read.time === undefined || read.time === meant.time) &&
  (read.date === undefined || meant.date === undefined || read.date === meant.date);

/** In capitals where it was in capitals; a first name where there was a first name. */
function textFor(value: Value, claim: Claim, { kind }: ReadAbout): string | undefined {
  if (value.kind === "list") return listed(value.items, claim.raw);
  const text = showValue(value);
  const type = fieldNamed(kind, claim.field)?.type;
  if (type === "link") return addressLike(claim.raw, text);
  const isFirstName = type === "person" && !/\s|\p{Lo}/u.test(claim.raw.trim()) && /\s/u.test(text);
  const said = isFirstName ? (text.split(/\s+/u)[0] ?? text) : text;
  const kept = type === "key" && claim.raw.startsWith("#") && !said.startsWith("#") ? `#${said}` : said;
  return isLoud(claim.raw) && canonicalText(claim.raw) !== claim.raw ? kept.toUpperCase() : kept;
}

const isLoud = (raw: string): boolean => raw.length > 1 && raw === raw.toUpperCase() && raw !== raw.toLowerCase();

/** An address that is shown without its scheme stays without. */
const addressLike = (raw: string, address: string): string =>
  /^[a-z][a-z\d+.-]*:|^\//iu.test(raw) ? address : address.replace(/^https?:\/\//iu, "");

function listed(items: readonly string[], raw: string): string {
  const joint = /\s(?<joint>&|and|und|et|y|og|och)\s/u.exec(raw)?.groups?.["joint"];
  const last = items.at(-1);
  const mark = /\s*(?:[,;/]\s*|\n\s*)/u.exec(raw)?.[0] ?? ", ";
  if (joint === undefined || items.length < 2 || last === undefined) return items.join(mark);
  return `${items.slice(0, -1).join(mark)} ${joint} ${last}`;
}

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
