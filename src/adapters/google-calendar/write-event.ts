/** Events created, replaced and deleted, each held to what was seen. */

import { BelayError } from "../../core/belay-error.ts";
import type { Revision, Sha256 } from "../../core/brand.ts";
import type { Observed, Provenance } from "../../core/plan/plan.ts";
import type { CallOptions, Confirm, RemoveRequest, WriteOutcome } from "../../ports/store.ts";
import type { Answer, CalendarCaller, Call } from "./calendar-call.ts";
import {
  contentOf,
  eventFrom,
  isCancelled,
  isRecord,
  provenanceMark,
  readOnlyFields,
  seenEvent,
  textIn,
  withDefaults,
  type EventJson,
} from "./event-body.ts";
import { eventOfKey, isNewEvent, keyOfEvent, requireNewEvent } from "./event-key.ts";
import { eventPatch } from "./event-patch.ts";
import { errorOf, isTrouble } from "./google-problem.ts";
import { listEvents } from "./list-events.ts";

/** What a write needs of its store. */
export interface EventPlace {
  readonly caller: CalendarCaller;
  readonly calendarId: string;
  /** Whom Google tells. */
  readonly sendUpdates: "all" | "none";
  readonly sha256: Sha256;
  /** The event as Google has it now, a deleted one too. */
  readonly read: (key: string, options: CallOptions) => Promise<EventJson | undefined>;
}

export interface EventWrite {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly provenance?: Provenance;
  readonly confirm?: Confirm;
}

/**
 * Inserts, then looks whether there is one such event: Google does not promise to notice that an id is taken. An id that a
 * deleted event still holds is given back to life by a change that is held to the deleted event's ETag.
 */
export async function createEvent(place: EventPlace, write: EventWrite, options: CallOptions): Promise<WriteOutcome> {
  const { key } = write;
  const { calendarId, sendUpdates } = place;
  // Google takes no such id for a new event: it can only be one of its own that was deleted, an occurrence for example.
  if (!isNewEvent(key)) return await takenId(place, write, options);
  const requestBody = { ...writable(marked(eventFrom(write.bytes, key), write.provenance)), id: eventOfKey(key) };
  if (!(await mayWrite(write))) return { kind: "conflict", found: undefined };
  const what = `create event ${key} in ${calendarId}`;
  const answer = await send(place, options, {
    what,
    send: async (events, sent) => await events.insert({ calendarId, sendUpdates, requestBody }, sent),
  });
  if (answer.kind === "problem" && answer.problem.status === 409) return await takenId(place, write, options);
  const outcome = await outcomeOf(place, { answer, key, what }, options);
  return outcome.kind === "written" ? await lookedAtAgain(place, { key, outcome }, options) : outcome;
}

async function takenId(place: EventPlace, write: EventWrite, options: CallOptions): Promise<WriteOutcome> {
  const held = await place.read(write.key, options);
  if (!held) {
    requireNewEvent(write.key);
    return { kind: "unknown", cause: new Error(`Google says that the id ${write.key} is taken, and shows no such event`) };
  }
  if (!isCancelled(held)) return { kind: "conflict", found: seenEvent(held, place.sha256).observed };
  const wanted = eventFrom(write.bytes, write.key);
  return await changeEvent(place, { write, held, wanted, etag: textIn(held, "etag") ?? "" }, options);
}

/** Changes what differs from the event that was seen. A conflict where Google has another one by now. */
export async function replaceEvent(
  place: EventPlace,
  write: EventWrite & { readonly revision: Revision },
  options: CallOptions,
): Promise<WriteOutcome> {
  const wanted = eventFrom(write.bytes, write.key);
  const held = await place.read(write.key, options);
  if (!held || isCancelled(held)) return { kind: "conflict", found: undefined };
  if (textIn(held, "etag") !== write.revision) return { kind: "conflict", found: seenEvent(held, place.sha256).observed };
  return await changeEvent(place, { write, held, wanted, etag: write.revision }, options);
}

interface EventChange {
  readonly write: EventWrite;
  readonly held: EventJson;
  readonly wanted: EventJson;
  readonly etag: string;
}

async function changeEvent(place: EventPlace, { write, held, wanted, etag }: EventChange, options: CallOptions): Promise<WriteOutcome> {
  const { key } = write;
  const { calendarId, sendUpdates } = place;
  const prior = contentOf(held);
  const patch = eventPatch(withDefaults(prior), withDefaults({ ...readOnlyOf(prior), ...wanted }));
  // Google counts a patch without content as a change; what is there is what was asked for.
  if (!patch) return { kind: "written", revision: seenEvent(held, place.sha256).observed.revision };
  if (!(await mayWrite(write))) return { kind: "conflict", found: undefined };
  const eventId = eventOfKey(key);
  const requestBody = marked(patch, write.provenance);
  const what = `change event ${key} of ${calendarId}`;
  const answer = await send(place, options, {
    what,
    ifMatch: etag,
    send: async (events, sent) => await events.patch({ calendarId, eventId, sendUpdates, requestBody }, sent),
  });
  return await outcomeOf(place, { answer, key, what }, options);
}

/** Deletes the event that was seen. Google keeps a deleted event's id, and shows it as cancelled for a while. */
export async function removeEvent(place: EventPlace, request: RemoveRequest, options: CallOptions): Promise<WriteOutcome> {
  const { key, expect } = request;
  const { calendarId, sendUpdates } = place;
  const eventId = eventOfKey(key);
  if (!(await mayWrite(request))) return { kind: "conflict", found: undefined };
  const what = `delete event ${key} of ${calendarId}`;
  const answer = await send(place, options, {
    what,
    ifMatch: expect.revision,
    send: async (events, sent) => await events.delete({ calendarId, eventId, sendUpdates }, sent),
  });
  return answer.kind === "done" ? { kind: "removed" } : await outcomeOf(place, { answer, key, what }, options);
}

const mayWrite = async ({ confirm }: { readonly confirm?: Confirm }): Promise<boolean> => (confirm ? await confirm() : true);

const send = async (place: EventPlace, { signal }: CallOptions, call: Omit<Call, "isRepeatable" | "signal">): Promise<Answer> =>
  await place.caller.send({ ...call, isRepeatable: false, signal });

/** Said when an event is made, and never changed afterwards. */
const saidOnce: ReadonlySet<string> = new Set(["eventType", "privateCopy"]);

/** Without what Google does not take from anybody. */
const writable = (event: EventJson): EventJson =>
  Object.fromEntries(Object.entries(event).filter(([name]) => saidOnce.has(name) || !readOnlyFields.has(name)));

/** What nobody may change is taken as it is where the body that is to be written leaves it out. */
const readOnlyOf = (event: EventJson): EventJson => Object.fromEntries(Object.entries(event).filter(([name]) => readOnlyFields.has(name)));

/** With the private property that says who wrote it, beside what else the event says there. */
function marked(event: EventJson, provenance: Provenance | undefined): EventJson {
  const mark = provenanceMark(provenance);
  if (Object.keys(mark).length === 0) return event;
  const properties = isRecord(event["extendedProperties"]) ? event["extendedProperties"] : {};
  const own = isRecord(properties["private"]) ? properties["private"] : {};
  return { ...event, extendedProperties: { ...properties, private: { ...own, ...mark } } };
}

interface Sent {
  readonly answer: Answer;
  readonly key: string;
  readonly what: string;
}

/** What became of a conditional write. Throws only where nothing was done. */
async function outcomeOf(place: EventPlace, { answer, key, what }: Sent, options: CallOptions): Promise<WriteOutcome> {
  if (answer.kind === "lost") return { kind: "unknown", cause: answer.cause };
  if (answer.kind === "done") {
    const etag = isRecord(answer.data) ? textIn(answer.data, "etag") : undefined;
    if (etag === undefined) return { kind: "unknown", cause: new Error("Google's answer names no ETag") };
    return { kind: "written", revision: seenEvent(answer.data, place.sha256).observed.revision };
  }
  const { problem } = answer;
  if (problem.status === 412 || problem.status === 404 || problem.status === 410)
    return { kind: "conflict", found: await found(place, key, options) };
  const error = errorOf(problem, what);
  if (isTrouble(problem) || problem.status === 409) return { kind: "unknown", cause: error };
  throw error;
}

async function found(place: EventPlace, key: string, options: CallOptions): Promise<Observed | undefined> {
  const held = await place.read(key, options);
  return held && !isCancelled(held) ? seenEvent(held, place.sha256).observed : undefined;
}

type Written = Extract<WriteOutcome, { kind: "written" }>;

/** "We cannot guarantee that ID collisions will be detected at event creation time", says the API's description of `id`. */
async function lookedAtAgain(
  place: EventPlace,
  { key, outcome }: { readonly key: string; readonly outcome: Written },
  options: CallOptions,
): Promise<WriteOutcome> {
  try {
    const held = await place.read(key, options);
    if (!held || textIn(held, "etag") !== outcome.revision)
      return { kind: "unknown", cause: new Error(`event ${key} was created, and something else stands there by now`) };
    const uid = textIn(held, "iCalUID");
    if (uid === undefined) return outcome;
    const { calendarId, caller } = place;
    const same = await listEvents(caller, { calendarId, signal: options.signal, uid });
    const events = same === "expired" ? [] : same.events.filter((event) => !isCancelled(event) && event["recurringEventId"] === undefined);
    if (events.length <= 1) return outcome;
    const keys = events.map((event) => keyOfEvent(textIn(event, "id") ?? "")).join(", ");
    return { kind: "unknown", isUnchecked: true, cause: twice(key, keys, calendarId) };
  } catch (error) {
    // It has landed; whether it is the only one could not be seen.
    return { kind: "unknown", cause: error };
  }
}

const twice = (key: string, keys: string, calendarId: string): BelayError =>
  new BelayError(
    "unsettled",
    `Event ${key} was created in ${calendarId}, which now holds more than one with its identity: ${keys}.`,
    "Delete all but one of them in Google Calendar, then run the same command again.",
  );
