/** What identity looks at: a sighting without its evidence, and the rules of its kind. */

import type { Claim, Sighting } from "../claim.ts";
import { startField } from "../claims/field-places.ts";
import { dayField } from "../day-and-time.ts";
import type { Sketch } from "../sketch.ts";
import type { IdentityRules, RecordKind } from "../kind.ts";
import type { FieldType, Value } from "../value.ts";

export interface Traits {
  /** Unique in one resolution: the sighting's. */
  readonly id: string;
  readonly system: string;
  /** A template or a sample: links with nothing. */
  readonly isTemplate?: true;
  readonly values: ReadonlyMap<string, readonly Value[]>;
  /** Free words about it: a slug, a title. Evidence of a guest or of a day where no field has one; never against anything. */
  readonly text?: string;
  /** Of a recurring event: the series' UID, and which instance this is. A series without instance is the series itself. */
  readonly series?: string;
  readonly instance?: string;
  /** Forms under which pointers name it: a key, its last part, that without `.html`. */
  readonly names?: readonly string[];
  readonly points?: readonly { readonly to: string; readonly raw: string }[];
}

/** The kind's rules as identity uses them. */
export interface MatchRules extends IdentityRules {
  readonly typeOf: (field: string) => FieldType;
  /** The field whose day and time tell one record from another, and the one that ends it. By default the first moment that any sighting says. */
  readonly start?: string;
  readonly end?: string;
  /** The field of the start's day, where the start is only a time. */
  readonly day?: string;
}

/** The start is the first moment of the kind that follows from no other field; the end the first that follows from it by a positive offset, or is named so. */
export function matchRules(kind: RecordKind): MatchRules {
  const typeOf = (name: string): FieldType => kind.fields.find((field) => field.name === name)?.type ?? "text";
  const moments = kind.fields.filter(({ type, name }) => isMoment(type) && !kind.identity.match.includes(name));
  const day = moments.find(({ name }) => name === dayField(kind)?.name)?.name;
  const time = day === undefined ? undefined : startField(kind)?.name;
  const start = time ?? moments.find((field) => field.derivation === undefined)?.name;
  const end =
    moments.find(({ derivation }) => derivation?.kind === "offset" && derivation.from === start && derivation.minutes > 0) ??
    moments.find(({ name }) => name === "end" && name !== start);
  return {
    ...kind.identity,
    typeOf,
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end: end.name }),
    ...(day !== undefined && { day }),
  };
}

export const isMoment = (type: FieldType): boolean => type === "datetime" || type === "date" || type === "time";

/** Claims that can be read in one way only; what is ambiguous speaks neither for nor against anything. A sighting and its sketch have the same traits. */
export function traitsOf(sighting: Sighting | Sketch): Traits {
  const { id, system, isTemplate, part, at, points } = sighting;
  const [series = "", instance] = part.split(/ (?=\S+$)/u);
  return {
    id,
    system,
    ...(isTemplate === undefined ? {} : { isTemplate }),
    values: valuesOf(sighting.claims),
    text: lastPart(at.key).replace(/\.[a-z]{2,5}$/u, ""),
    ...(series === "" ? {} : { series }),
    ...(instance === undefined ? {} : { instance }),
    names: namesOf(at.key),
    points: (points ?? []).map(({ to, raw }) => ({ to, raw })),
  };
}

type SaidOfField = Pick<Claim, "field"> & Partial<Pick<Claim, "value" | "place">>;

function valuesOf(claims: readonly SaidOfField[]): ReadonlyMap<string, readonly Value[]> {
  const values = new Map<string, Value[]>();
  for (const { field, value, place } of claims) {
    if (value === undefined || place?.isTemplate === true) continue;
    const known = values.get(field);
    if (known === undefined) values.set(field, [value]);
    else known.push(value);
  }
  return values;
}

const lastPart = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

function namesOf(key: string): readonly string[] {
  const last = lastPart(key);
  return [...new Set([key, key.replace(/\.html?$/u, ""), last, last.replace(/\.html?$/u, "")])];
}

/** How a pointer's text compares with a name: without host, leading slashes, query, fragment and `.html`. */
export const pointed = (raw: string): string =>
  raw
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/iu, "")
    .replace(/[?#][^]*$/u, "")
    .replace(/^\/+|(?<!\/)\/+$/gu, "")
    .replace(/\.html?$/u, "");
