/** An event as bytes: what of it is content, what is the server's bookkeeping, and what nobody may write. */

import { BelayError } from "../../core/belay-error.ts";
import { asDigest, asRevision, type Sha256 } from "../../core/brand.ts";
import { canonicalBytes, canonicalJson } from "../../core/canonical-json.ts";
import type { Observed, Provenance } from "../../core/plan/plan.ts";
import { keyOfEvent } from "./event-key.ts";

export type EventJson = Readonly<Record<string, unknown>>;

/** Change with every write, or with nobody's: left out of the body. */
const bookkeeping: ReadonlySet<string> = new Set(["kind", "etag", "created", "updated", "sequence", "htmlLink"]);

/**
 * Stand in the body, so that they are seen and compared, and are never written. Source: "read-only" and "immutable" in the
 * API's description of Event.
 */
export const readOnlyFields: ReadonlySet<string> = new Set([
  "attendeesOmitted",
  "birthdayProperties",
  "conferenceData",
  "creator",
  "eventType",
  "gadget",
  "hangoutLink",
  "iCalUID",
  "id",
  "locked",
  "organizer",
  "originalStartTime",
  "privateCopy",
  "recurringEventId",
]);

/** The private property that carries who wrote an event through belay. It is no part of the body. */
const provenanceName = "belay";
/** Google takes no longer value of a private property. Source: "Extended properties" in the Calendar API guides. */
const propertyCharsMax = 1024;

export const isRecord = (value: unknown): value is EventJson => typeof value === "object" && value !== null && !Array.isArray(value);
export const textIn = (value: unknown, name: string): string | undefined => {
  const held = isRecord(value) ? value[name] : undefined;
  return typeof held === "string" ? held : undefined;
};

/** An event as a store sees it. */
export interface SeenEvent {
  readonly observed: Observed;
  readonly bytes: Uint8Array;
}

/** Deleted events stay readable for a while, and exceptions of a series that were called off stay for good. */
export const isCancelled = (event: EventJson): boolean => event["status"] === "cancelled";

/** What Google fills in where nothing is said; left out of the body, so that what is written reads back as it was. */
const defaults: Readonly<Record<string, unknown>> = {
  eventType: "default",
  reminders: { useDefault: true },
  status: "confirmed",
};

/** Fields that Google gives a value where they are left out, with that value: what a patch compares. */
export const withDefaults = (event: EventJson): EventJson => ({ ...defaults, ...event });

/** The content of an event: its JSON without bookkeeping, without what every event of this calendar says, and without belay's mark. */
export function contentOf(event: EventJson): EventJson {
  return withoutMark(
    Object.fromEntries(Object.entries(event).filter(([name, value]) => !bookkeeping.has(name) && !isUsual(event, name, value))),
  );
}

function isUsual(event: EventJson, name: string, value: unknown): boolean {
  if (name === "creator") return true;
  if (name === "organizer") return isRecord(value) && value["self"] === true;
  if (name === "iCalUID") return value === `${String(event["id"])}@google.com`;
  return Object.hasOwn(defaults, name) && canonicalJson(value) === canonicalJson(defaults[name]);
}

function withoutMark(event: EventJson): EventJson {
  const properties = event["extendedProperties"];
  const own = isRecord(properties) ? properties["private"] : undefined;
  if (!isRecord(properties) || !isRecord(own) || own[provenanceName] === undefined) return event;
  const others = without(own, provenanceName);
  const left = Object.keys(others).length === 0 ? without(properties, "private") : { ...properties, private: others };
  return Object.keys(left).length === 0 ? without(event, "extendedProperties") : { ...event, extendedProperties: left };
}

const without = (from: EventJson, left: string): EventJson => Object.fromEntries(Object.entries(from).filter(([name]) => name !== left));

/** What a store reports of an event. Throws `store-unreachable` for an answer that is no event. */
export function seenEvent(event: unknown, sha256: Sha256): SeenEvent {
  const [id, etag] = [textIn(event, "id"), textIn(event, "etag")];
  if (!isRecord(event) || id === undefined || etag === undefined) {
    throw new BelayError("store-unreachable", "Google Calendar sent something that is no event.", "Run the same command again.");
  }
  const bytes = canonicalBytes(contentOf(event));
  const digest = sha256(bytes);
  const modifiedAtMs = Date.parse(textIn(event, "updated") ?? "");
  const provenance = provenanceOf(event);
  const owner = textIn(event["organizer"], "email") ?? textIn(event["creator"], "email");
  const isOurs = provenance?.digest === digest;
  const observed: Observed = {
    key: keyOfEvent(id),
    revision: asRevision(etag),
    sizeBytes: bytes.byteLength,
    digest,
    headers: {},
    ...(Number.isFinite(modifiedAtMs) && { modifiedAtMs }),
    ...(isOurs && { provenance }),
    ...(!isOurs && owner !== undefined && { owner }),
  };
  return { observed, bytes };
}

/** The private properties that say who wrote it. What does not fit is left out: it is a courtesy. */
export function provenanceMark(provenance: Provenance | undefined): Readonly<Record<string, string>> {
  const text = provenance && JSON.stringify(provenance);
  return text !== undefined && text.length <= propertyCharsMax ? { [provenanceName]: text } : {};
}

function provenanceOf(event: EventJson): Provenance | undefined {
  const properties = event["extendedProperties"];
  const text = isRecord(properties) ? textIn(properties["private"], provenanceName) : undefined;
  const value = text === undefined ? undefined : jsonOf(text);
  const [plan, release, digest] = [textIn(value, "plan"), textIn(value, "release"), textIn(value, "digest")];
  const [actor, at, parent, commit] = [textIn(value, "actor"), textIn(value, "at"), textIn(value, "parent"), textIn(value, "commit")];
  if (plan === undefined || release === undefined || digest === undefined || actor === undefined || at === undefined) return undefined;
  return {
    plan: asDigest(plan),
    release,
    digest: asDigest(digest),
    ...(parent !== undefined && { parent: asDigest(parent) }),
    ...(commit !== undefined && { commit }),
    actor,
    at,
  };
}

/** The event that bytes to be written stand for. Throws `input-invalid` where they are none, or hold what an event's body never does. */
export function eventFrom(bytes: Uint8Array, key: string): EventJson {
  const event = jsonOf(new TextDecoder().decode(bytes));
  const problem = !isRecord(event)
    ? "is no JSON object"
    : Object.keys(event).some((name) => bookkeeping.has(name))
      ? `holds ${Object.keys(event).find((name) => bookkeeping.has(name))}, which is the server's`
      : textIn(event, "id") === undefined || keyOfEvent(textIn(event, "id") ?? "") !== key
        ? "does not say the id that its key says"
        : undefined;
  if (problem !== undefined || !isRecord(event))
    throw new BelayError(
      "input-invalid",
      `What is to be written as event ${key} ${problem ?? "is no event"}.`,
      "Write an event's JSON as reading one gives it.",
    );
  return event;
}

/** Parsed JSON; `undefined` for what is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
