/** What one document, or one part of it, claims about a record. */

import { findClockText } from "../clock-text/find-clock-text.ts";
import type { ClockContext, ClockMention } from "../clock-text/clock-mention.ts";
import type { Claim, Unexplained } from "../claim.ts";
import { canonicalText } from "../compare-values.ts";
import type { RecordDocument, Segment } from "../document.ts";
import type { EventTime } from "../event-times.ts";
import type { Moment, Value } from "../value.ts";
import { dayField, halfOf } from "../day-and-time.ts";
import { listAt } from "../list-elements.ts";
import { clockUnits, isCode, type ClockTexts, type ClockUnit } from "./clock-units.ts";
import { explainClocks, type Explained } from "./explain-clocks.ts";
import { fieldsAt, startField, type PlacedField } from "./field-places.ts";
import { foreignPlace } from "./foreign-place.ts";
import { findKnown, type KnownValues } from "./known-values.ts";
import { linkClaims } from "./link-claims.ts";
import { clockContext, type ReadAbout } from "./read-about.ts";
import { whyNotMeant } from "./name-mention.ts";
import { halfClaims } from "./half-claims.ts";
import { ownCodes } from "./own-codes.ts";
import { isOwnValue } from "./own-names.ts";
import { isMoment, readText } from "./read-text.ts";
import { readTemplate } from "./template-text.ts";
import { wordClaims } from "./word-claims.ts";

export interface Claims {
  readonly claims: readonly Claim[];
  readonly unexplained: readonly Unexplained[];
}

/** Claims in the order of the document. */
export function claimsOf(document: RecordDocument, part: string, about: ReadAbout): Claims {
  const placed = new Map<number, readonly PlacedField[]>();
  for (const [index, { place, text }] of document.segments.entries()) {
    if (place.part !== part || place.isTemplate) continue;
    const fields = fieldsAt(place, about.kind, about.system).filter(
      ({ isNamesake, field }) => !isNamesake || isOwnValue(field, text, place),
    );
    if (fields.length > 0) placed.set(index, fields);
  }
  const codes = ownCodes(document, part, placed, about);
  const direct = [...placed].flatMap(([index, fields]) => fields.flatMap((field) => placedClaims(document, index, field, about)));
  const clocks = clockClaims(document, part, { taken: new Set(placed.keys()), direct }, about);
  const texts = document.segments.flatMap((segment, index) =>
    segment.place.part !== part || segment.place.isTemplate || segment.place.isDatum || placed.has(index)
      ? []
      : textClaims(segment, index, about),
  );
  const own = [...codes, ...linkClaims(document, part, new Set(placed.keys()), about)];
  const found = [
    ...direct,
    ...clocks.claims,
    ...texts.filter((text) => !own.some((link) => isShortFor(text, link))),
    ...own.filter((one) => !texts.some((text) => isSameMention(one, text))),
  ];
  // Of a range whose one end is foreign nothing is ours.
  const whys = new Map<string, string>();
  const clocked = new Set(clocks.claims);
  for (const claim of found) {
    const why =
      foreignPlace(claim.place, claim.field, about.system) ??
      (clocked.has(claim) ? (foreignDay(claim, about) ?? unmappedDatum(claim, document, about)) : undefined);
    if (why !== undefined) whys.set(mentionName(claim), why);
  }
  const wholes = whys.size === 0 ? found : found.filter((claim) => !whys.has(mentionName(claim)));
  const claims = halfClaims(wholes, about.kind);
  const foreign = whys.size === 0 ? [] : clocks.claims.flatMap((claim) => foreignClock(claim, whys.get(mentionName(claim))));
  return {
    claims: claims.toSorted((one, other) => one.segment - other.segment || one.from - other.from),
    unexplained: [...clocks.unexplained.map((one) => justifiedByPlace(one, about)), ...foreign, ...withoutHalf(wholes, claims)],
  };
}

/** A time of the day tells the day too, so it has to be one at a place that may. */
function foreignDay({ place, field }: Claim, { kind, system }: ReadAbout): string | undefined {
  const day = dayField(kind)?.name;
  return day !== undefined && field === startField(kind)?.name ? foreignPlace(place, day, system) : undefined;
}

/** Texts that stand where a field does and say nothing that it could hold: a day beside the word for a time. */
function withoutHalf(wholes: readonly Claim[], halves: readonly Claim[]): Unexplained[] {
  if (wholes === halves) return [];
  const said = new Set(halves.map(mentionName));
  return wholes.flatMap((whole) => {
    const { raw, spans, place, value, readings = [] } = whole;
    return said.has(mentionName(whole)) ? [] : [{ raw, spans, place, readings: value ? [value] : readings }];
  });
}

/** A time that stands alone in an attribute of an item whose times belay.yaml maps: that it fits a rule is chance. */
function unmappedDatum({ place, segment }: Claim, { segments }: RecordDocument, { kind, system }: ReadAbout): string | undefined {
  const start = startField(kind)?.name;
  if (place.medium !== "item" || system.medium !== "table" || start === undefined || !system.fields[start]) return undefined;
  return isCode(place, segments[segment]?.text ?? "") ? `belay.yaml maps no field to ${place.name}` : undefined;
}

/** A page may show no more of a link's address than its host. */
const isShortFor = (text: Claim, { field, raw, place }: Claim): boolean =>
  text.field === field && place.medium === "attribute" && canonicalText(raw, "link").startsWith(`${canonicalText(text.raw, "link")}/`);

const isSameMention = (one: Claim, other: Claim): boolean =>
  one.segment === other.segment && one.field === other.field && one.from < other.to && one.to > other.from;

const mentionName = ({ segment, from, to }: Claim): string => `${segment} ${from} ${to}`;

/** A clock text of a foreign place: left as it is, and listed where it says an old value. */
function foreignClock({ raw, spans, place, value, readings = [] }: Claim, justification: string | undefined): Unexplained[] {
  const moments = value ? [value] : readings;
  return justification === undefined ? [] : [{ raw, spans, place, justification, readings: moments }];
}

/** What no field explains at a place where no start could stand either. */
function justifiedByPlace(found: Unexplained, { kind, system }: ReadAbout): Unexplained {
  const start = startField(kind)?.name;
  const why = found.justification ?? (start === undefined ? undefined : foreignPlace(found.place, start, system));
  return why === undefined ? found : { ...found, justification: why };
}

const segmentAt = ({ segments }: RecordDocument, index: number): Segment[] => segments.slice(index, index + 1);

/** A place that holds one field. */
function placedClaims(document: RecordDocument, index: number, placed: PlacedField, about: ReadAbout): Claim[] {
  return segmentAt(document, index).flatMap((segment): Claim[] => {
    const { field, as } = placed;
    const ofEvent = isMoment(field.type) ? eventClaims(document, { segment, index }, placed, about) : undefined;
    if (ofEvent) return ofEvent;
    const whole = { from: 0, to: segment.text.length };
    const slot = as === undefined ? whole : readTemplate(segment.text, as, field.name, placed.part);
    if (!slot || slot.from === slot.to) return [];
    if (isMoment(field.type)) return momentClaims({ segment, index, slot }, placed, about);
    const raw = segment.text.slice(slot.from, slot.to);
    const value = (field.type === "people" ? listAt(document, index) : undefined) ?? readText(raw, field.type);
    if (!value && (raw.trim() === "" || about.system.fields[field.name] === undefined)) return [];
    return [
      { ...evidence({ segment, index }, slot), field: field.name, raw, because: placed.because, ...(value ? { value } : { readings: [] }) },
    ];
  });
}

/** `undefined` where no time of an event stands there. */
function eventClaims(document: RecordDocument, at: At, placed: PlacedField, about: ReadAbout): Claim[] | undefined {
  const time = eventTimeAt(document, at.index, about);
  if (!time) return undefined;
  return time.isImplied && placed.field.type !== "date" ? [] : [eventClaim(at, placed, time)];
}

/** When an event is, as its calendar says it: zones that only the calendar defines, and those that nobody knows, included. */
function eventTimeAt({ segments, eventTimes }: RecordDocument, index: number, about: ReadAbout): EventTime | undefined {
  const part = segments[index]?.place.part;
  if (!eventTimes || part === undefined) return undefined;
  const { start, end } = eventTimes(part, { zones: about.zones, zone: about.kind.zone, ianaOf: about.zoneNamed }) ?? {};
  return [start, end].find((time) => time?.segment === index);
}

function eventClaim(at: At, { field, because }: PlacedField, { moment, readings = [], why }: EventTime): Claim {
  const { text } = at.segment;
  return {
    ...evidence(at, { from: 0, to: text.length }),
    field: field.name,
    raw: text,
    because: why === undefined ? because : `${because}: ${why}`,
    ...(moment ? { value: moment } : { readings }),
  };
}

interface Slot {
  readonly from: number;
  readonly to: number;
}
interface At {
  readonly segment: Segment;
  readonly index: number;
}

const evidence = ({ segment, index }: At, { from, to }: Slot): Pick<Claim, "spans" | "segment" | "from" | "to" | "place"> => ({
  spans: segment.spans(from, to),
  segment: index,
  from,
  to,
  place: segment.place,
});

/** The first clock text of the place, in the zone that it names: by belay.yaml, by its own parameter, else the kind's. */
function momentClaims({ segment, index, slot }: At & { readonly slot: Slot }, placed: PlacedField, about: ReadAbout): Claim[] {
  const [mention] = mentionsAt(segment, slot, placed.zone, about);
  const readings = (mention?.readings ?? []).map(({ start }) => onlyPart(start, placed.part)).filter((one) => mayHold(one, placed, about));
  if (!mention || readings.length === 0) {
    const raw = segment.text.slice(slot.from, slot.to);
    const isOther = mention !== undefined && mention.readings.length > 0 && about.system.fields[placed.field.name] === undefined;
    if (raw.trim() === "" || isOther) return [];
    return [{ ...evidence({ segment, index }, slot), field: placed.field.name, raw, readings: [], because: placed.because }];
  }
  const [only, ...others] = readings;
  const value = others.length === 0 ? only : undefined;
  const { from, to, raw } = mention;
  const settled = mention.settledBy === undefined ? {} : { settledBy: mention.settledBy };
  const common = { ...evidence({ segment, index }, { from, to }), raw, because: placed.because, ...settled };
  const role = mention.readings.some(({ end }) => end !== undefined) ? { role: "start" as const } : {};
  return [{ ...common, field: placed.field.name, ...role, ...(value ? { value } : { readings }) }];
}

/** A day where the time of that day stands says the day; anywhere else a field's place has to say what the field can hold. */
function mayHold(moment: Moment, { field }: PlacedField, { kind, system }: ReadAbout): boolean {
  if (moment.date === undefined && moment.time === undefined) return false;
  const day = field.name === startField(kind)?.name ? dayField(kind) : undefined;
  return halfOf(moment, field) !== undefined || (day !== undefined && system.fields[day.name] === undefined);
}

const onlyPart = ({ kind, date, time, offset }: Moment, part: PlacedField["part"]): Moment =>
  part === "date"
    ? { kind, ...(date !== undefined && { date }) }
    : part === "time"
      ? { kind, ...(time !== undefined && { time }) }
      : { kind, ...(date !== undefined && { date }), ...(time !== undefined && { time }), ...(offset !== undefined && { offset }) };

function mentionsAt(segment: Segment, slot: Slot, zone: string | undefined, about: ReadAbout): readonly ClockMention[] {
  const { place, text } = segment;
  const said = place.parameters?.["TZID"];
  const textZone = zone ?? (said === undefined ? undefined : about.zoneNamed(said));
  const context = clockContext(about, { isCode: place.medium === "property" || place.medium === "item" || isCode(place, text), textZone });
  return findClockText(text, context).filter((mention) => mention.from >= slot.from && mention.to <= slot.to);
}

/** The clock text that a claim was read from, and what it was read with. */
export function mentionOf(
  claim: Claim,
  segment: Segment,
  about: ReadAbout,
): { readonly mention: ClockMention; readonly context: ClockContext } | undefined {
  const { place, text } = segment;
  const placed = fieldsAt(place, about.kind, about.system).find(({ field }) => field.name === claim.field);
  const said = place.parameters?.["TZID"];
  const textZone = placed?.zone ?? (placed && said !== undefined ? about.zoneNamed(said) : undefined);
  const isData = placed !== undefined && (place.medium === "property" || place.medium === "item");
  const context = clockContext(about, { isCode: isData || isCode(place, text), textZone });
  const mention = findClockText(text, context).find(({ from, to }) => from === claim.from && to === claim.to);
  return mention && { mention, context };
}

interface Direct {
  readonly taken: ReadonlySet<number>;
  readonly direct: readonly Claim[];
}

function clockClaims(document: RecordDocument, part: string, { taken, direct }: Direct, about: ReadAbout): Claims {
  const { units, justified } = clockUnits(document, part, taken, about);
  const start = startField(about.kind)?.name;
  const day = dayField(about.kind)?.name;
  const isOfStart = ({ field }: Claim): boolean => field === start || field === day;
  const stated = joined(direct.filter(isOfStart).flatMap(({ value }) => (value?.kind === "moment" ? [value] : [])));
  // Where belay.yaml says where a start stands, nothing else of the item makes one up; without one nothing follows from it.
  const own = start === undefined ? units : units.filter(({ place }) => foreignPlace(place, start, about.system) === undefined);
  const { explained, unexplained } = explainClocks({
    kind: about.kind,
    clock: { zone: about.kind.zone, rules: about.zones },
    units: stated.length === 0 ? own : units,
    stated,
  });
  const left = stated.length === 0 && own.length < units.length ? [...unexplained, ...without(units, own)] : unexplained;
  const { segments } = document;
  return {
    claims: explained.flatMap((one) => claimOf(one, segments[one.unit.segment]) ?? []),
    unexplained: [
      ...left.flatMap((unit) => unexplainedOf(unit, segments[unit.segment]) ?? []),
      ...justified.flatMap((one) => justifiedOf(one, segments[one.segment]) ?? []),
    ],
  };
}

function without(units: readonly ClockUnit[], own: readonly ClockUnit[]): readonly ClockUnit[] {
  const owned = new Set(own);
  return units.filter((unit) => !owned.has(unit));
}

function justifiedOf({ mention, place }: ClockTexts["justified"][number], segment: Segment | undefined): Unexplained | undefined {
  if (!segment) return undefined;
  const { raw, from, to, justification } = mention;
  const spans = segment.spans(from, to);
  return justification === undefined ? { raw, spans, place, readings: [] } : { raw, spans, place, readings: [], justification };
}

/** A table with a date and a time apart states one start. */
function joined(moments: readonly Moment[]): Moment[] {
  const date = moments.find((moment) => moment.date !== undefined && moment.time === undefined)?.date;
  return moments
    .filter(({ time }) => time !== undefined)
    .map((moment) => (moment.date === undefined && date !== undefined ? { ...moment, date } : moment));
}

type Writable<T> = { -readonly [key in keyof T]: T[key] };

/** Its parts are given one by one: to spread what may be absent would take most of the time that a claim costs. */
function claimOf({ unit, field, value, readings, because, settledBy }: Explained, segment: Segment | undefined): Claim | undefined {
  if (!segment) return undefined;
  const { mention, role, segment: index } = unit;
  const { from, to, raw } = mention;
  const claim: Writable<Claim> = { spans: segment.spans(from, to), segment: index, from, to, place: segment.place, field, raw, because };
  if (role) claim.role = role;
  if (value) claim.value = value;
  else claim.readings = readings ?? unit.readings;
  if (settledBy !== undefined) claim.settledBy = settledBy;
  return claim;
}

function unexplainedOf({ mention, place, readings }: ClockUnit, segment: Segment | undefined): Unexplained | undefined {
  if (!segment) return undefined;
  const spans = segment.spans(mention.from, mention.to);
  const countedFrom = mention.readings.flatMap(({ relation }): Value[] =>
    relation && /^\d{2}:\d{2}/u.test(relation.to) ? [{ kind: "moment", time: relation.to }] : [],
  );
  return { raw: mention.raw, spans, place, readings, ...(countedFrom.length > 0 && { countedFrom }) };
}

const nothingKnown: KnownValues = new Map();

/** Names behind their labels ("Captain: …"), then values that other systems know. */
function textClaims(segment: Segment, index: number, about: ReadAbout): Claim[] {
  if (segment.place.medium === "style" || segment.place.isStruck) return [];
  const found = findKnown(segment.text, about.known ?? nothingKnown);
  const words = wordClaims(segment.text, about.kind);
  if (found.length === 0 && words.length === 0) return [];
  const labelled = words.map(({ from, to, ...said }): Claim => ({
    ...evidence({ segment, index }, { from, to }),
    ...said,
    raw: segment.text.slice(from, to),
  }));
  const known = found
    .filter(({ from, to }) => !labelled.some((one) => from < one.to && to > one.from))
    .filter((one) => !found.some((other) => isWithin(one, other)))
    .flatMap(({ field, from, to }): Claim[] => {
      const raw = segment.text.slice(from, to);
      const type = about.kind.fields.find(({ name }) => name === field)?.type;
      const value = type && readText(raw, type);
      if (!value || whyNotMeant(segment, { from, to }, type)) return [];
      return [{ ...evidence({ segment, index }, { from, to }), field, value, raw, isUnlabelled: true, because: knownElsewhere }];
    });
  return [...labelled, ...known];
}

/** Why a text without a label is taken for a field. */
const knownElsewhere = "another system has this value";

/** A captain's first name in the full name of a guest is the guest's. */
const isWithin = (one: Slot, other: Slot): boolean =>
  other.from <= one.from && one.to <= other.to && other.to - other.from > one.to - one.from;
