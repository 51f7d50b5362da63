/** A calendar at Google as a store: each event is an object. */

import { BelayError } from "../../core/belay-error.ts";
import { bodyOf, bytesOf } from "../../core/body.ts";
import { asStoreName, type StoreName } from "../../core/brand.ts";
import { compareKeys } from "../../core/paths/key.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { ChangeFeed, FeedChanges } from "../../ports/change-feed.ts";
import type { Runtime } from "../../ports/runtime.ts";
import type { CallOptions, Guarantees, ListOptions, Reading, RemoveRequest, Store, WriteOutcome, WriteRequest } from "../../ports/store.ts";
import { CalendarCaller } from "./calendar-call.ts";
import { googleCredentials, type CredentialSources } from "./credentials.ts";
import { isCancelled, isRecord, seenEvent, textIn, type EventJson } from "./event-body.ts";
import { eventOfKey, keyOfEvent } from "./event-key.ts";
import { listEvents, type Listing } from "./list-events.ts";
import { createEvent, removeEvent, replaceEvent, type EventPlace } from "./write-event.ts";

export interface GoogleCalendarOptions {
  /** As Google spells it: `primary`, or an address such as `…@group.calendar.google.com`. */
  readonly calendarId: string;
  readonly credentials: CredentialSources;
  readonly runtime: Pick<Runtime, "now" | "sleep" | "sha256">;
  /** Whether guests are told of changes. Otherwise `sendUpdates=none` goes with every write. */
  readonly isNotifying: boolean;
  /** Writes are refused before anything is sent, and the account is asked for no right to them. */
  readonly isReadOnly?: boolean;
  /** Where a stand-in for Google listens on this machine; `BELAY_GOOGLE_ENDPOINT`, for tests. */
  readonly endpoint?: string;
  /** From 0 up to 1; spreads out clients that were turned away together. */
  readonly random?: () => number;
}

/** What a look at changes found. `all`: no token was given, or Google no longer knew it; what is not listed is not there. */
export type CalendarChanges =
  | { readonly kind: "all"; readonly observed: readonly Observed[]; readonly token: string }
  | { readonly kind: "changes"; readonly changed: readonly Observed[]; readonly removed: readonly string[]; readonly token: string };

export interface GoogleCalendar extends Store {
  /** All events with their bodies, by key, for the price of the listing: reading them one by one would use up Google's quota. */
  readAll(prefix: string, options: CallOptions): AsyncIterable<Reading>;
  /** What has changed since the token of an earlier look. */
  changesSince(token: string | undefined, options: CallOptions): Promise<CalendarChanges>;
  readonly feed: ChangeFeed;
  /** Occurrences of a series that begin before `toMs` and end after `fromMs`, in milliseconds since the epoch. */
  instances(key: string, window: { readonly fromMs: number; readonly toMs: number }, options: CallOptions): Promise<readonly Reading[]>;
}

/**
 * Opens a calendar; nothing is sent, read or loaded before the first call.
 *
 * A key is an event's id, a body its JSON with sorted keys and without the server's bookkeeping, a revision its ETag. Replaces
 * and deletes are held to the ETag by Google itself. Creates are held to the id, which Google does not promise to find taken, so
 * each is looked at once more. Only fields that differ are sent. Nothing can be put back as it was: guests may have been told, and
 * SEQUENCE goes up; what puts back is another change.
 */
export function openGoogleCalendar(options: GoogleCalendarOptions): GoogleCalendar {
  const { calendarId, isReadOnly = false, endpoint } = options;
  const connect = async (): ReturnType<ConstructorParameters<typeof CalendarCaller>[0]> => {
    const [{ openClient }, credentials] = await Promise.all([import("./google-client.ts"), googleCredentials(options.credentials)]);
    return openClient({ credentials, isReadOnly, ...(endpoint !== undefined && { endpoint }) });
  };
  return new CalendarStore(options, new CalendarCaller(connect, options.runtime, options.random ?? Math.random), calendarId);
}

class CalendarStore implements GoogleCalendar {
  readonly name: StoreName;
  readonly isRemote = true;
  readonly feed: ChangeFeed = { changesSince: async (token, options) => told(token, await this.changesSince(token, options)) };
  readonly #place: EventPlace;
  readonly #isReadOnly: boolean;
  /** Whether an answer has proven that the calendar is there for this account. */
  #isThere = false;

  constructor({ calendarId, isNotifying, isReadOnly = false, runtime }: GoogleCalendarOptions, caller: CalendarCaller, id: string) {
    this.name = asStoreName(`google-calendar:${id}`);
    this.#isReadOnly = isReadOnly;
    this.#place = {
      caller,
      calendarId,
      sendUpdates: isNotifying ? "all" : "none",
      sha256: runtime.sha256,
      read: async (key, options) => await this.#read(key, options),
    };
  }

  async guarantees(options: CallOptions): Promise<Guarantees> {
    options.signal.throwIfAborted();
    if (this.#isReadOnly) return await Promise.resolve({ create: "none", replace: "none", delete: "none" });
    return { create: "checked", replace: "atomic", delete: "atomic" };
  }

  async *list(prefix: string, options: ListOptions): AsyncIterable<Observed> {
    let count = 0;
    for await (const { observed } of this.readAll(prefix, options)) {
      if (options.limit !== undefined && count >= options.limit) return;
      count += 1;
      yield observed;
    }
  }

  async *readAll(prefix: string, options: CallOptions): AsyncIterable<Reading> {
    options.signal.throwIfAborted();
    const { events } = await this.#listing(options);
    const keyed = events
      .filter((event) => !isCancelled(event))
      .map((event) => ({ event, key: keyOfEvent(textIn(event, "id") ?? "") }))
      .filter(({ key }) => key.startsWith(prefix))
      .toSorted((left, right) => compareKeys(left.key, right.key));
    for (const { event } of keyed) {
      options.signal.throwIfAborted();
      yield this.#reading(event);
    }
    options.signal.throwIfAborted();
  }

  async changesSince(token: string | undefined, options: CallOptions): Promise<CalendarChanges> {
    const { calendarId, caller } = this.#place;
    if (token !== undefined) {
      const since = await listEvents(caller, { calendarId, signal: options.signal, since: token });
      if (since !== "expired") return this.#changes(since);
    }
    const { events, token: next } = await this.#listing(options);
    const live = events.filter((event) => !isCancelled(event)).map((event) => this.#reading(event).observed);
    return { kind: "all", observed: live.toSorted((left, right) => compareKeys(left.key, right.key)), token: next };
  }

  async instances(
    key: string,
    { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
    options: CallOptions,
  ): Promise<readonly Reading[]> {
    const eventId = eventOfKey(key);
    const { calendarId, caller } = this.#place;
    const window = { timeMin: new Date(fromMs).toISOString(), timeMax: new Date(toMs).toISOString() };
    const found = await listEvents(caller, { calendarId, signal: options.signal, series: { eventId, ...window } });
    return found === "expired" ? [] : found.events.filter((event) => !isCancelled(event)).map((event) => this.#reading(event));
  }

  async read(key: string, options: CallOptions): Promise<Reading | undefined> {
    const event = await this.#read(key, options);
    return event && !isCancelled(event) ? this.#reading(event) : undefined;
  }

  async write(request: WriteRequest, options: CallOptions): Promise<WriteOutcome> {
    options.signal.throwIfAborted();
    this.#requireWritable();
    const { key, expect, body } = request;
    eventOfKey(key);
    if (Object.keys(request.headers).length > 0)
      throw new BelayError("input-invalid", `${key} is an event, and an event has no headers.`, "Write it without headers.");
    const bytes = await bytesOf(body);
    if (this.#place.sha256(bytes) !== body.digest || bytes.byteLength !== body.sizeBytes)
      throw new BelayError("input-changed", `${key} changed while it was being sent.`, "Run the command again.");
    options.signal.throwIfAborted();
    return expect.kind === "absent"
      ? await createEvent(this.#place, { ...request, bytes }, options)
      : await replaceEvent(this.#place, { ...request, bytes, revision: expect.revision }, options);
  }

  async remove(request: RemoveRequest, options: CallOptions): Promise<WriteOutcome> {
    options.signal.throwIfAborted();
    this.#requireWritable();
    eventOfKey(request.key);
    return await removeEvent(this.#place, request, options);
  }

  #requireWritable(): void {
    if (!this.#isReadOnly) return;
    throw new BelayError(
      "not-supported",
      `${this.name} is read-only for belay.`,
      "Make the change in Google Calendar by hand, or take `read-only` out of belay.yaml.",
    );
  }

  #reading(event: EventJson): Reading {
    const { observed, bytes } = seenEvent(event, this.#place.sha256);
    return { observed, body: bodyOf(bytes, this.#place.sha256(bytes)) };
  }

  #changes({ events, token }: Listing): CalendarChanges {
    const [gone, live] = [events.filter((event) => isCancelled(event)), events.filter((event) => !isCancelled(event))];
    return {
      kind: "changes",
      changed: live.map((event) => this.#reading(event).observed),
      removed: gone.map((event) => keyOfEvent(textIn(event, "id") ?? "")),
      token,
    };
  }

  async #listing({ signal }: CallOptions): Promise<Listing> {
    const { calendarId, caller } = this.#place;
    const listing = await listEvents(caller, { calendarId, signal });
    if (listing !== "expired") return listing;
    throw new BelayError("store-unreachable", `Google says that ${calendarId} is gone.`, "Look at the calendar's id in belay.yaml.");
  }

  /** The event as Google has it, a deleted one too; `undefined` where there has never been one. */
  async #read(key: string, { signal }: CallOptions): Promise<EventJson | undefined> {
    signal.throwIfAborted();
    const eventId = eventOfKey(key);
    const { calendarId, caller } = this.#place;
    const what = `read event ${key} of ${calendarId}`;
    const answer = await caller.read(
      { what, signal, send: async (events, options) => await events.get({ calendarId, eventId }, options) },
      [404, 410],
    );
    if (answer.kind === "done") {
      if (isRecord(answer.data)) return answer.data;
      throw new BelayError("store-unreachable", `Google's answer for event ${key} is no event.`, "Run the same command again.");
    }
    // Google says 404 of a calendar that nobody shared with belay, too: such an event is not gone.
    await this.#requireCalendar(signal);
    return undefined;
  }

  async #requireCalendar(signal: AbortSignal): Promise<void> {
    if (this.#isThere) return;
    const { calendarId, caller } = this.#place;
    const what = `look into ${calendarId}`;
    await caller.read({ what, signal, send: async (events, options) => await events.list({ calendarId, maxResults: 1 }, options) });
    this.#isThere = true;
  }
}

/** Google gives a token with a whole listing only, so the first one costs as much as a look. */
function told(token: string | undefined, changes: CalendarChanges): FeedChanges {
  if (changes.kind === "changes")
    return { kind: "changes", keys: [...changes.changed.map(({ key }) => key), ...changes.removed], token: changes.token };
  const why = token === undefined ? "nothing was seen before" : "Google no longer knows the sync token";
  return { kind: "look-at-all", why, token: changes.token };
}
