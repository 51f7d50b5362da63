/** The events of one calendar, by the semantics of the API's description: ids, ETags, sequence, merging patches, deleted ones kept. */

import { isObject, type EventFields } from "./google-answer.ts";

/** Taken from nobody: set by the service, or immutable. */
const ownedByServer: ReadonlySet<string> = new Set([
  "kind",
  "etag",
  "created",
  "updated",
  "sequence",
  "htmlLink",
  "creator",
  "organizer",
  "id",
  "iCalUID",
  "recurringEventId",
  "originalStartTime",
  "eventType",
  "locked",
  "hangoutLink",
]);

export class HeldEvents {
  readonly #events = new Map<string, EventFields>();
  /** When each was changed last, as a count: what sync tokens point into. */
  readonly #changes = new Map<string, number>();
  readonly #nowMs: () => number;
  readonly #owner: string;
  #count = 0;

  constructor(nowMs: () => number, owner: string) {
    this.#nowMs = nowMs;
    this.#owner = owner;
  }

  get changeCount(): number {
    return this.#count;
  }

  /** In the order in which they were created, deleted ones too. */
  all(): readonly EventFields[] {
    return [...this.#events.values()];
  }

  get(id: string): EventFields | undefined {
    return this.#events.get(id) ?? this.#occurrence(id);
  }

  changedAt(id: string): number {
    return this.#changes.get(id) ?? 0;
  }

  insert(id: string, fields: EventFields, uid = `${id}@google.com`): EventFields {
    const at = new Date(this.#nowMs()).toISOString();
    const own = Object.fromEntries(Object.entries(fields).filter(([name]) => !ownedByServer.has(name)));
    const who = { email: this.#owner, self: true };
    return this.#keep(id, {
      kind: "calendar#event",
      status: "confirmed",
      htmlLink: `https://calendar.example.com/event?eid=${id}`,
      created: at,
      creator: who,
      organizer: who,
      reminders: { useDefault: true },
      eventType: "default",
      ...own,
      id,
      iCalUID: uid,
      sequence: 0,
    });
  }

  /** Merges objects, replaces arrays and scalars, takes away what is `null`. */
  patch(id: string, fields: EventFields): EventFields {
    const held = this.get(id) ?? {};
    const own = Object.fromEntries(Object.entries(fields).filter(([name]) => !ownedByServer.has(name)));
    return this.#keep(id, this.#nextSequence(held, merged(held, own)));
  }

  /** Replaces everything that is not the service's. */
  update(id: string, fields: EventFields): EventFields {
    const held = this.get(id) ?? {};
    const kept = Object.fromEntries(Object.entries(held).filter(([name]) => ownedByServer.has(name)));
    const own = Object.fromEntries(Object.entries(fields).filter(([name]) => !ownedByServer.has(name)));
    return this.#keep(id, this.#nextSequence(held, { status: "confirmed", ...own, ...kept }));
  }

  remove(id: string): void {
    const held = this.get(id);
    if (held) this.#keep(id, { ...held, status: "cancelled" });
  }

  /** Occurrences of a series: `RRULE:FREQ=DAILY|WEEKLY;COUNT=N`, with its exceptions in their place. */
  occurrences(id: string): readonly EventFields[] {
    const series = this.#events.get(id);
    const rule = Array.isArray(series?.["recurrence"]) ? String(series["recurrence"][0]) : "";
    const [, frequency, count] = /^RRULE:FREQ=(DAILY|WEEKLY);COUNT=(\d{1,3})$/u.exec(rule) ?? [];
    if (!series || count === undefined) return [];
    const [startMs, endMs] = [timeOf(series["start"]), timeOf(series["end"])];
    const stepMs = (frequency === "DAILY" ? 1 : 7) * 24 * 60 * 60 * 1000;
    return Array.from({ length: Number(count) }, (_unused, at) => {
      const start = { dateTime: new Date(startMs + at * stepMs).toISOString() };
      const end = { dateTime: new Date(endMs + at * stepMs).toISOString() };
      const own = `${id}_${start.dateTime.replaceAll(/[-:]|\.000/gu, "")}`;
      const { recurrence: _, ...rest } = series;
      return this.#events.get(own) ?? { ...rest, id: own, start, end, recurringEventId: id, originalStartTime: start };
    });
  }

  #occurrence(id: string): EventFields | undefined {
    const cut = id.lastIndexOf("_");
    return cut > 0 ? this.occurrences(id.slice(0, cut)).find((one) => one["id"] === id) : undefined;
  }

  #nextSequence(held: EventFields, next: EventFields): EventFields {
    const isMoved = ["start", "end", "recurrence"].some((name) => JSON.stringify(held[name]) !== JSON.stringify(next[name]));
    return { ...next, sequence: Number(held["sequence"] ?? 0) + (isMoved ? 1 : 0) };
  }

  #keep(id: string, fields: EventFields): EventFields {
    this.#count += 1;
    const updated = new Date(this.#nowMs()).toISOString();
    const event = { ...fields, etag: `"${3_500_000_000_000_000 + this.#count * 2}"`, updated };
    this.#events.set(id, event);
    this.#changes.set(id, this.#count);
    return event;
  }
}

/** An event after a patch: objects are merged, arrays and scalars replaced, `null` takes away. */
export function merged(held: EventFields, patch: EventFields): EventFields {
  const next: Record<string, unknown> = { ...held };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete next[name];
    else if (isObject(value)) next[name] = merged(isObject(next[name]) ? next[name] : {}, value);
    else next[name] = value;
  }
  return next;
}

/** Milliseconds since the epoch of an `EventDateTime`; all-day events begin at midnight UTC. */
export function timeOf(when: unknown): number {
  if (!isObject(when)) return Number.NaN;
  return Date.parse(typeof when["dateTime"] === "string" ? when["dateTime"] : `${String(when["date"])}T00:00:00Z`);
}
