/** From the bytes of one object to what it shows of records. */

import { ianaOf } from "../../codecs/zones/iana-of.ts";
import type { PageLook } from "../../codecs/html-document/page-signs.ts";
import { zoneRules } from "../../codecs/zones/zone-rules.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { Claim, Sighting } from "../../core/records/claim.ts";
import { claimsOf } from "../../core/records/claims/claims-of.ts";
import { isMoment, readText } from "../../core/records/claims/read-text.ts";
import { candidatesMax } from "../../core/records/claims/start-theory.ts";
import { ownNames } from "../../core/records/claims/own-names.ts";
import { readTemplate } from "../../core/records/claims/template-text.ts";
import type { Value } from "../../core/records/value.ts";
import { dayField } from "../../core/records/day-and-time.ts";
import { isPlaceNamed, standardNames, startField } from "../../core/records/claims/field-places.ts";
import type { KnownValues } from "../../core/records/claims/known-values.ts";
import type { ReadAbout } from "../../core/records/claims/read-about.ts";
import type { RecordCodec, RecordDocument } from "../../core/records/document.ts";
import type { RecordKind, RecordSystem } from "../../core/records/kind.ts";
import { redirectTarget } from "../../core/records/redirect-page.ts";

export interface Sighted {
  readonly sightings: readonly Sighting[];
  /** A page that only leads to another one. */
  readonly redirect?: string;
  readonly unreadable?: string;
}

export interface SightingFacts {
  readonly kind: RecordKind;
  readonly system: RecordSystem;
  readonly codec: RecordCodec;
  readonly observed: Observed;
  readonly bytes: Uint8Array;
  readonly isTemplate: boolean;
  readonly known?: KnownValues;
  /** `2026-05-30`. */
  readonly today?: string;
  /** What a page is looked at for before it is read, and what is read of it. Without it the whole page is. */
  readonly look?: PageLook;
}

export function aboutOf({ kind, system, known, today }: Pick<SightingFacts, "kind" | "system" | "known" | "today">): ReadAbout {
  return {
    kind,
    system,
    zones: zoneRules,
    zoneNamed: (name) => (zoneRules.isZone(name) ? name : ianaOf(name)),
    ...(known && { known }),
    ...(today !== undefined && { today: `${yearMonth(today)}-15` }),
  };
}

/** A date without a year is the nearest to the middle of this month: who reads the same text later in the month reads the same day. */
export const yearMonth = (today: string): string => today.slice(0, 7);

const smallMax = 4096;

export function sightDocument(facts: SightingFacts): Sighted {
  const { system, codec, observed, bytes } = facts;
  if (system.medium === "pages" && bytes.length <= smallMax) {
    const redirect = redirectTarget(new TextDecoder().decode(bytes));
    if (redirect !== undefined) return { sightings: [], redirect };
  }
  // A page that may be meant by its address is read in any case: what it links to may matter.
  const { look } = facts;
  const looked = look?.(bytes);
  if (looked?.mayHold === false && addressClaims(observed.key, facts).length === 0) return { sightings: sightingsIn(unread(bytes), facts) };
  const read = codec.read(
    bytes,
    observed.headers ?? {},
    looked && {
      signs: (unpacked) => (unpacked === bytes ? looked : look?.(unpacked))?.signs,
      names: namesOf(facts.kind),
    },
  );
  if (read.kind === "unreadable") return { sightings: [], unreadable: read.why };
  const sightings = sightingsIn(read.document, facts);
  return sightings.some((sighting) => isTimetable(sighting, facts)) ? { sightings: [], unreadable: timetable } : { sightings };
}

const namesByKind = new WeakMap<RecordKind, ReadonlySet<string>>();

/** Names that are read whatever stands there: the same for every page of a kind. */
function namesOf(kind: RecordKind): ReadonlySet<string> {
  const known = namesByKind.get(kind);
  if (known) return known;
  const names = new Set([...standardNames, ...ownNames(kind)]);
  namesByKind.set(kind, names);
  return names;
}

const timetable = `it says more than ${candidatesMax} different times and no start: a timetable, and no page of one record`;

/** A page of so many times that none was taken for the start, and that does not name the record it is of. */
function isTimetable({ claims, unexplained }: Sighting, { kind, system }: SightingFacts): boolean {
  if (system.medium !== "pages" || unexplained.length <= candidatesMax) return false;
  if (claims.some(({ field }) => kind.identity.keys.includes(field))) return false;
  const start = startField(kind)?.name;
  if (claims.some(({ field, isAddress }) => field === start && !isAddress)) return false;
  return new Set(unexplained.flatMap(({ readings }) => readings.map((one) => JSON.stringify(one)))).size > candidatesMax;
}

/** A page that says nothing. */
const unread = (bytes: Uint8Array): RecordDocument => ({ segments: [], parts: [""], bytes, seal: (sealed) => sealed });

function sightingsIn(document: RecordDocument, facts: SightingFacts): Sighting[] {
  const { system, observed, isTemplate } = facts;
  const about = aboutOf(facts);
  return document.parts.map((part): Sighting => {
    const { claims, unexplained } = claimsOf(document, part, about);
    const told = document.told?.(part) ?? {};
    const changedAt = told.changedAt ?? (observed.modifiedAtMs === undefined ? undefined : new Date(observed.modifiedAtMs).toISOString());
    const by = told.by ?? observed.provenance?.actor ?? observed.owner;
    return {
      id: `${system.name} ${observed.key}${part === "" ? "" : `#${part}`}`,
      system: system.name,
      at: { store: system.store, key: observed.key },
      part,
      revision: observed.revision,
      claims: [...claims, ...addressClaims(observed.key, facts)],
      unexplained,
      ...(isTemplate && { isTemplate: true as const }),
      ...(changedAt !== undefined && { changedAt }),
      ...(by !== undefined && { by }),
      ...(told.sequence !== undefined && { sequence: told.sequence }),
      ...pointsIn(document, part, facts),
      ...linksIn(document, system),
    };
  });
}

/** What an address tells: the day in a slug, and what belay.yaml reads out of it. Evidence of which record it is, never a claim. */
function addressClaims(key: string, { kind, system }: Pick<SightingFacts, "kind" | "system">): Claim[] {
  const start = startField(kind);
  const told = kind.fields.flatMap((field): Claim[] => {
    const place = system.fields[field.name];
    if (place?.at !== "key" || place.as === undefined) return [];
    const name = key.slice(key.lastIndexOf("/") + 1);
    const text = place.as.includes("/") ? key : name;
    const slot = readTemplate(text, place.as, field.name, undefined);
    const raw = slot && text.slice(slot.from, slot.to);
    const value =
      raw === undefined || isMoment(field.type) ? undefined : readText(field.type === "key" ? raw : raw.replaceAll("-", " "), field.type);
    return raw === undefined || !value ? [] : [addressClaim(field.name, value, raw)];
  });
  const date = /(?<!\d)(?<date>20\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?!\d)/u.exec(key)?.groups?.["date"];
  const day = dayField(kind) ?? (start?.type === "time" ? undefined : start);
  return day && date !== undefined ? [addressClaim(day.name, { kind: "moment", date }, date), ...told] : told;
}

const addressClaim = (field: string, value: Value, raw: string): Claim => ({
  field,
  value,
  raw,
  spans: [],
  segment: -1,
  from: 0,
  to: 0,
  isAddress: true,
  place: { medium: "item", name: "key", label: "its address", part: "" },
  because: `${raw} in its address`,
});

function pointsIn(document: RecordDocument, part: string, { kind, system }: SightingFacts): Pick<Sighting, "points"> {
  const points = kind.pointers
    .filter(({ from }) => from === system.name)
    .flatMap(({ at, to }) =>
      document.segments.filter(({ place }) => place.part === part && isPlaceNamed(place, at)).map(({ text }) => ({ at, to, raw: text })),
    )
    .filter(({ raw }) => raw.trim() !== "");
  return points.length === 0 ? {} : { points };
}

function linksIn({ links = [] }: RecordDocument, { medium }: RecordSystem): Pick<Sighting, "links"> {
  return medium !== "pages" || links.length === 0 ? {} : { links };
}
