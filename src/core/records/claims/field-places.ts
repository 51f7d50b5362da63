/** Which field a structured place holds: by belay.yaml first, then by the standards that the place belongs to. */

import type { Place } from "../document.ts";
import type { Field, RecordKind, RecordSystem } from "../kind.ts";
import { listNameOf } from "../list-elements.ts";
import { fieldCalled, plainName } from "./own-names.ts";
import { isMoment } from "./read-text.ts";

export interface PlacedField {
  readonly field: Field;
  readonly because: string;
  /** The zone that belay.yaml names for this place. */
  readonly zone?: string;
  /** Only the date, or only the time of day, stands there. */
  readonly part?: "date" | "time";
  /** A template where the field is a part of the text. */
  readonly as?: string;
  /** The place only has the field's name: it holds the field where its text can be one. */
  readonly isNamesake?: true;
}

/** The field of a place, where it is told. Texts in prose are none: they are read mention by mention. */
export function fieldsAt(place: Place, kind: RecordKind, system: RecordSystem): readonly PlacedField[] {
  const named = kind.fields.flatMap((field): PlacedField[] => {
    const told = system.fields[field.name];
    if (!told) return [];
    const { at, dateAt, zone, as } = told;
    const more = { ...(zone !== undefined && { zone }), ...(as !== undefined && { as }) };
    if (isPlaceNamed(place, at) || (field.type === "people" && listNameOf(place) === at)) {
      return [{ field, because: `${at} in belay.yaml`, ...more, ...(dateAt !== undefined && { part: "time" as const }) }];
    }
    return dateAt !== undefined && isPlaceNamed(place, dateAt)
      ? [{ field, because: `${dateAt} in belay.yaml`, ...more, part: "date" }]
      : [];
  });
  if (named.length > 0) return named;
  const standard = byStandard(place, kind, system);
  return standard ? [standard] : [];
}

/** How a place on a page begins in belay.yaml; what does not begin so is none. */
export const placeMedia: RegExp = /^(?<medium>json-ld|microdata|attribute|script|meta|title|text):?(?<rest>.*)$/u;

/** `json-ld:startDate`, or the bare name of an attribute of an item, a property of an event. */
export function isPlaceNamed({ medium, name }: Place, at: string): boolean {
  const [, prefix, rest] = placeMedia.exec(at) ?? [];
  if (prefix !== undefined && rest !== undefined && (rest !== "" || prefix === "title")) {
    return medium === prefix && (name === rest || name.endsWith(`.${rest}`));
  }
  return (medium === "item" || medium === "property") && (name === at || name.toUpperCase() === at.toUpperCase());
}

/** schema.org Event, RFC 5545 and the Calendar API name their parts; a table's attribute may have the field's own name. */
const standards: Readonly<Record<string, "start" | "end">> = {
  startDate: "start",
  endDate: "end",
  DTSTART: "start",
  DTEND: "end",
  DURATION: "end",
  "start.dateTime": "start",
  "start.date": "start",
  "end.dateTime": "end",
  "end.date": "end",
};

/** Last parts of names that are a field wherever structured data have them. */
export const standardNames: ReadonlySet<string> = new Set(Object.keys(standards));

function byStandard(place: Place, kind: RecordKind, system: RecordSystem): PlacedField | undefined {
  // An event's length says its end, unless the kind has a field for the length itself.
  const own = place.name === "DURATION" ? namesake(place, kind, system) : undefined;
  const standard = own ?? standardMoment(place, kind, system) ?? standardPlace(place, kind, system) ?? namesake(place, kind, system);
  if (standard) return standard;
  const called = fieldCalled(place, kind, system);
  return called && { field: called, because: `${prefixes[place.medium] ?? `${place.medium} `}${place.name}`, isNamesake: true };
}

const isEventSystem = ({ medium }: RecordSystem): boolean => medium === "calendar" || medium === "feed";
const prefixes: Partial<Readonly<Record<Place["medium"], string>>> = { "json-ld": "JSON-LD ", microdata: "microdata " };

function standardMoment({ medium, name }: Place, kind: RecordKind, system: RecordSystem): PlacedField | undefined {
  const isSchema = medium === "json-ld" || medium === "microdata";
  const last = isSchema ? (name.split(".").at(-1) ?? name) : name;
  if (!(isSchema || isEventSystem(system)) || !Object.hasOwn(standards, last)) return undefined;
  const field = standards[last] === "start" ? startField(kind) : endField(kind);
  return field && { field, because: `${prefixes[medium] ?? ""}${name}` };
}

/** An event's LOCATION, where the kind has one place. */
function standardPlace({ medium, name }: Place, kind: RecordKind, system: RecordSystem): PlacedField | undefined {
  const isLocation = (medium === "property" && name === "LOCATION") || (system.medium === "calendar" && name === "location");
  const [only, ...others] = isLocation ? kind.fields.filter(({ type }) => type === "place") : [];
  return only && others.length === 0 ? { field: only, because: name } : undefined;
}

/** An attribute, or an event's property, that has the field's own name: `guest_name` of a table, STATUS of an event. */
function namesake({ medium, name }: Place, kind: RecordKind, system: RecordSystem): PlacedField | undefined {
  const isOwn =
    medium === "property" ? isEventSystem(system) : medium === "item" && (system.medium === "table" || system.medium === "calendar");
  if (!isOwn) return undefined;
  const field = kind.fields.find((one) => plainName(one.name) === plainName(name));
  return field && { field, because: `attribute ${name}` };
}

/** The moment that others are counted from: the field called `start`, else the first that derives from nothing. */
export function startField({ fields }: Pick<RecordKind, "fields">): Field | undefined {
  return (
    fields.find(({ name, type }) => name === "start" && isMoment(type)) ??
    fields.find(({ type, derivation }) => (type === "datetime" || type === "time") && derivation === undefined) ??
    fields.find(({ type, derivation }) => type === "date" && derivation === undefined)
  );
}

/** Where a range that begins at the start ends: the field called `end`, else the one that is counted forward from the start. */
export function endField(kind: Pick<RecordKind, "fields">): Field | undefined {
  const start = startField(kind);
  return (
    kind.fields.find(({ name, type }) => name === "end" && isMoment(type)) ??
    kind.fields.find(({ derivation }) => derivation?.kind === "offset" && derivation.from === start?.name && derivation.minutes > 0)
  );
}
