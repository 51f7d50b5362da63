import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { calendarOn, keyFileOf } from "../../../test/fakes/google-calendar/calendar-on-fake.ts";
import { refusal } from "../../../test/fakes/google-calendar/google-answer.ts";
import { startCalendarFake, type CalendarFake } from "../../../test/fakes/google-calendar/google-calendar-fake.ts";
import { bodyOf, bytesOf, type Body } from "../../core/body.ts";
import { asRevision } from "../../core/brand.ts";
import { canonicalBytes } from "../../core/canonical-json.ts";
import type { Observed, Provenance } from "../../core/plan/plan.ts";
import type { CallOptions, Store, WriteOutcome } from "../../ports/store.ts";
import { sha256, sha256OfText } from "../shared/sha256.ts";

interface AnyEvent {
  readonly id: string;
  readonly [field: string]: unknown;
}

const live: CallOptions = { signal: new AbortController().signal };
const absent = { kind: "absent" } as const;
const charter = {
  id: "sunset00",
  summary: "Sunset charter · Ines",
  description: "Code S2FJLN. Boarding 15 minutes before.",
  start: { dateTime: "2026-05-30T16:30:00-07:00", timeZone: "America/Los_Angeles" },
  end: { dateTime: "2026-05-30T19:30:00-07:00", timeZone: "America/Los_Angeles" },
};
const earlier = {
  ...charter,
  start: { ...charter.start, dateTime: "2026-05-30T15:30:00-07:00" },
  end: { ...charter.end, dateTime: "2026-05-30T18:30:00-07:00" },
};

const bodyFor = (event: object): Body => {
  const bytes = canonicalBytes(event);
  return bodyOf(bytes, sha256(bytes));
};

async function eventIn(store: Store, key: string): Promise<unknown> {
  const reading = await store.read(key, live);
  return reading && JSON.parse(new TextDecoder().decode(await bytesOf(reading.body)));
}

async function keysOf(listed: AsyncIterable<Observed>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of listed) keys.push(key);
  return keys;
}

const seen = async (store: Store, key = charter.id): Promise<Observed> => {
  const reading = await store.read(key, live);
  if (!reading) throw new Error(`${key} is not there`);
  return reading.observed;
};
const create = async (store: Store, event: AnyEvent = charter): Promise<WriteOutcome> =>
  await store.write({ key: event.id, expect: absent, body: bodyFor(event), headers: {} }, live);
const replace = async (store: Store, event: AnyEvent, more: object = {}): Promise<WriteOutcome> => {
  const { revision } = await seen(store, event.id);
  return await store.write({ key: event.id, expect: { kind: "unchanged", revision }, body: bodyFor(event), headers: {}, ...more }, live);
};
const nobody = async (): Promise<boolean> => await Promise.resolve(false);

describe("a Google calendar", () => {
  let fake: CalendarFake;
  beforeEach(async () => {
    fake = await startCalendarFake();
  });
  afterEach(async () => await fake.close());

  const requestsOf = (method: string): CalendarFake["requests"] => fake.requests.filter((request) => request.method === method);

  describe("what is written", () => {
    it("an event that was created reads back byte by byte as it was written", async () => {
      const { store } = calendarOn(fake);
      expect(await create(store)).toMatchObject({ kind: "written" });
      expect((await seen(store)).digest).toBe(bodyFor(charter).digest);
      expect(await eventIn(store, charter.id)).toEqual(charter);
    });

    it("only fields that differ are sent, and what the event says besides stays", async () => {
      const { store } = calendarOn(fake);
      const guests = [{ email: "ines@example.com", responseStatus: "accepted" }];
      fake.events.insert(charter.id, { ...charter, attendees: guests, colorId: "7", conferenceData: { conferenceId: "abc" } });
      const event: unknown = await eventIn(store, charter.id);
      expect(
        await replace(store, { ...charter, ...(typeof event === "object" && event), start: earlier.start, end: earlier.end }),
      ).toMatchObject({
        kind: "written",
      });
      expect(requestsOf("patch").map(({ body }) => body)).toEqual([
        { start: { dateTime: earlier.start.dateTime }, end: { dateTime: earlier.end.dateTime } },
      ]);
      expect(fake.events.get(charter.id)).toMatchObject({
        attendees: guests,
        colorId: "7",
        conferenceData: { conferenceId: "abc" },
        sequence: 1,
      });
    });

    it("a field that was taken away is taken away there, also within another one", async () => {
      const { store } = calendarOn(fake);
      fake.events.insert(charter.id, { ...charter, location: "Pier 4", extendedProperties: { shared: { crew: "Noor", boat: "Alba" } } });
      await replace(store, { ...charter, extendedProperties: { shared: { crew: "Noor" } } });
      expect(await eventIn(store, charter.id)).toEqual({ ...charter, extendedProperties: { shared: { crew: "Noor" } } });
    });

    it("reminders that were changed and put back are the calendar's own again", async () => {
      const { store } = calendarOn(fake);
      fake.events.insert(charter.id, charter);
      await replace(store, { ...charter, reminders: { useDefault: false, overrides: [{ method: "popup", minutes: 5 }] } });
      await replace(store, charter);
      expect(fake.events.get(charter.id)).toMatchObject({ reminders: { useDefault: true } });
      expect(await eventIn(store, charter.id)).toEqual(charter);
    });

    it("nothing is sent where nothing differs", async () => {
      const { store } = calendarOn(fake);
      fake.events.insert(charter.id, charter);
      const { revision } = await seen(store);
      expect(await replace(store, charter)).toEqual({ kind: "written", revision });
      expect(requestsOf("patch")).toEqual([]);
    });

    it.each([
      ["its organizer", { organizer: { email: "other@example.com" } }],
      ["its UID", { iCalUID: "other@example.com" }],
      ["which series it belongs to", { recurringEventId: "other" }],
    ])("a change of %s is refused before anything is sent", async (_, change) => {
      const { store } = calendarOn(fake);
      fake.events.insert(charter.id, charter);
      await expect(replace(store, { ...charter, ...change })).rejects.toMatchObject({ code: "input-invalid" });
      expect(requestsOf("patch")).toEqual([]);
    });

    it("a list of guests of which the calendar shows only some is never written back", async () => {
      const { store } = calendarOn(fake);
      const some = { ...charter, attendees: [{ email: "ines@example.com" }], attendeesOmitted: true };
      fake.events.insert(charter.id, some);
      await expect(replace(store, { ...some, attendees: [] })).rejects.toMatchObject({ code: "input-invalid" });
    });

    it.each([
      [false, "none"],
      [true, "all"],
    ])("with isNotifying %s Google is told to tell: %s", async (isNotifying, sendUpdates) => {
      const { store } = calendarOn(fake, { isNotifying });
      await create(store);
      await replace(store, earlier);
      const { revision } = await seen(store);
      await store.remove({ key: charter.id, expect: { kind: "unchanged", revision } }, live);
      expect(fake.told.map((told) => [told.method, told.sendUpdates])).toEqual([
        ["insert", sendUpdates],
        ["patch", sendUpdates],
        ["delete", sendUpdates],
      ]);
    });

    it("who wrote it comes back until somebody else writes, and is no part of the event", async () => {
      const { store } = calendarOn(fake);
      fake.events.insert(charter.id, charter);
      const digest = bodyFor(earlier).digest;
      const provenance: Provenance = { plan: sha256OfText("plan"), release: "r7", digest, actor: "Ada", at: "2026-05-20T14:02:00.000Z" };
      await replace(store, earlier, { provenance });
      expect(await seen(store)).toMatchObject({ digest, provenance });
      fake.events.patch(charter.id, { summary: "moved by hand" });
      expect(await seen(store)).not.toHaveProperty("provenance");
      expect(await eventIn(store, charter.id)).toEqual({ ...earlier, summary: "moved by hand" });
    });

    it.each([
      ["no JSON", "not json"],
      ["no object", "[]"],
      ["another event's", JSON.stringify({ ...charter, id: "another0" })],
      ["without an id", JSON.stringify({ ...charter, id: undefined })],
      ["with the server's bookkeeping", JSON.stringify({ ...charter, etag: '"1"' })],
    ])("a body that is %s is refused before anything is sent", async (_, text) => {
      const { store } = calendarOn(fake);
      const bytes = new TextEncoder().encode(text);
      const write = store.write({ key: charter.id, expect: absent, body: bodyOf(bytes, sha256(bytes)), headers: {} }, live);
      await expect(write).rejects.toMatchObject({ code: "input-invalid" });
      expect(fake.requests).toEqual([]);
    });

    it("what Google will not have is told in its words", async () => {
      const { store } = calendarOn(fake);
      const backwards = create(store, { ...charter, start: charter.end, end: charter.start });
      await expect(backwards).rejects.toMatchObject({ code: "input-invalid", message: expect.stringContaining("time range is empty") });
    });

    it("a calendar that is only looked at is asked for no right to write, and refuses before anything is sent", async () => {
      const key = keyFileOf(fake);
      const { store } = calendarOn(fake, { isReadOnly: true, credentials: { keyFile: "KEY", env: { KEY: key.path } } });
      await expect(create(store)).rejects.toMatchObject({ code: "not-supported", remedy: expect.stringContaining("by hand") });
      expect(await store.guarantees(live)).toEqual({ create: "none", replace: "none", delete: "none" });
      expect(fake.requests).toEqual([]);
      expect(await keysOf(store.list("", live))).toEqual([]);
      const [assertion] = requestsOf("token").map(({ body }) => new URLSearchParams(String(body)).get("assertion"));
      const claims: unknown = JSON.parse(Buffer.from(assertion?.split(".")[1] ?? "", "base64url").toString("utf8"));
      expect(claims).toMatchObject({ scope: "https://www.googleapis.com/auth/calendar.events.readonly" });
      key.close();
    });
  });

  describe("one event, not two", () => {
    it("an id that a deleted event holds is given back to it, guarded by the deleted event's ETag", async () => {
      const { store } = calendarOn(fake);
      await create(store);
      const { revision } = await seen(store);
      expect(await store.remove({ key: charter.id, expect: { kind: "unchanged", revision } }, live)).toEqual({ kind: "removed" });
      expect(await store.read(charter.id, live)).toBeUndefined();
      const buried = String(fake.events.get(charter.id)?.["etag"]);
      expect(await create(store, earlier)).toMatchObject({ kind: "written" });
      expect(await eventIn(store, charter.id)).toEqual(earlier);
      expect(requestsOf("patch")[0]?.headers["if-match"]).toBe(buried);
      expect(fake.events.all()).toHaveLength(1);
    });

    it("a collision that Google did not notice is found by looking again, and is nothing that passes for done", async () => {
      const { store } = calendarOn(fake);
      fake.events.insert(charter.id, charter);
      fake.missCollisions();
      const outcome = await create(store);
      expect(outcome).toMatchObject({ kind: "unknown", isUnchecked: true, cause: expect.objectContaining({ code: "unsettled" }) });
      expect(outcome.kind === "unknown" && String(outcome.cause)).toContain("sunset00, twin1");
    });

    it("an event that somebody changed right after it was created is not reported as ours", async () => {
      const { store } = calendarOn(fake);
      fake.fail({ method: "insert", action: { kind: "alter", change: (body) => ({ ...body, etag: '"1"' }) } });
      expect(await create(store)).toMatchObject({ kind: "unknown" });
    });

    it("an id that Google would not take is refused, unless one of its own deleted events has it", async () => {
      const { store } = calendarOn(fake);
      await expect(create(store, { ...charter, id: "UPPER-case" })).rejects.toMatchObject({ code: "key-invalid" });
      await expect(create(store, { ...charter, id: "abc" })).rejects.toMatchObject({ code: "key-invalid" });
      expect(requestsOf("insert")).toEqual([]);
    });
  });

  describe("occurrences of a series", () => {
    const series = { ...charter, id: "weekly00", recurrence: ["RRULE:FREQ=WEEKLY;COUNT=3"] };
    const second = "weekly00_20260606T233000Z";
    const window = { fromMs: Date.UTC(2026, 5, 6), toMs: Date.UTC(2026, 5, 8) };

    it("one can be found by its time, read, changed and deleted without the others", async () => {
      const { store } = calendarOn(fake);
      fake.events.insert(series.id, series);
      const [found, ...others] = await store.instances(series.id, window, live);
      expect(others).toEqual([]);
      expect(found?.observed.key).toBe(second);
      const occurrence: unknown = await eventIn(store, second);
      expect(occurrence).toMatchObject({ recurringEventId: series.id, originalStartTime: { dateTime: "2026-06-06T23:30:00.000Z" } });
      const moved = { id: second, ...(typeof occurrence === "object" && occurrence), start: { dateTime: "2026-06-06T22:30:00.000Z" } };
      expect(await replace(store, moved)).toMatchObject({ kind: "written" });
      expect(await keysOf(store.list("", live))).toEqual([series.id, second]);
      expect(await eventIn(store, series.id)).toEqual(series);
      const { revision } = await seen(store, second);
      expect(await store.remove({ key: second, expect: { kind: "unchanged", revision } }, live)).toEqual({ kind: "removed" });
      expect(await store.read(second, live)).toBeUndefined();
      // Google lists exceptions that were called off for good.
      expect(await keysOf(store.list("", live))).toEqual([series.id]);
      expect(await create(store, moved)).toMatchObject({ kind: "written" });
      expect(await eventIn(store, second)).toMatchObject({ start: { dateTime: "2026-06-06T22:30:00.000Z" } });
    });
  });

  const fill = (count: number): void => {
    for (let at = 0; at < count; at += 1) fake.events.insert(`event${String(at).padStart(4, "0")}`, charter);
  };

  describe("listing", () => {
    it("goes through every page, and hands all bodies over for the price of the listing", async () => {
      const { store } = calendarOn(fake);
      fill(7);
      fake.setPageSize(3);
      const bodies: string[] = [];
      for await (const { body } of store.readAll("event", live)) bodies.push(new TextDecoder().decode(await bytesOf(body)));
      expect(bodies).toHaveLength(7);
      expect(requestsOf("list")).toHaveLength(3);
      expect(requestsOf("get")).toEqual([]);
    });

    it.each([
      ["ends without the token of a complete one", (body: object) => ({ ...body, nextSyncToken: undefined })],
      ["holds what is no list", (body: object) => ({ ...body, items: "none" })],
      ["holds what is no event", (body: object) => ({ ...body, items: [1] })],
    ])("half a list, one that %s, is an error and never the end", async (_, change) => {
      const { store } = calendarOn(fake);
      fill(2);
      fake.fail({ method: "list", times: 9, action: { kind: "alter", change } });
      await expect(keysOf(store.list("", live))).rejects.toMatchObject({ code: "store-unreachable" });
    });

    it("a list that names the same page again and again is an error", async () => {
      const { store } = calendarOn(fake);
      const page = { status: 200, body: { items: [], nextPageToken: "again" } };
      fake.fail({ method: "list", times: 9, action: { kind: "answer", answer: page } });
      await expect(keysOf(store.list("", live))).rejects.toMatchObject({ message: expect.stringContaining("same page twice") });
    });

    it("a page that stays away ends in an error, not in the pages before it", async () => {
      const { store } = calendarOn(fake);
      fill(5);
      fake.setPageSize(2);
      fake.fail({ method: "list", after: 1, times: 99, action: { kind: "lose-reply" } });
      await expect(keysOf(store.list("", live))).rejects.toMatchObject({ code: "store-unreachable" });
    });

    it("a page that is lost once is asked for again", async () => {
      const { store, slept } = calendarOn(fake);
      fill(5);
      fake.setPageSize(2);
      fake.fail({ method: "list", after: 1, action: { kind: "lose-reply" } });
      expect(await keysOf(store.list("", live))).toHaveLength(5);
      expect(slept).toEqual([200]);
    });

    it("an answer without any event is an empty calendar only where it is complete", async () => {
      const { store } = calendarOn(fake);
      expect(await keysOf(store.list("", live))).toEqual([]);
      fake.fail({ method: "list", action: { kind: "answer", answer: { status: 200, body: {} } } });
      await expect(keysOf(store.list("", live))).rejects.toMatchObject({ message: expect.stringContaining("without a sync token") });
    });
  });

  describe("changes since a look", () => {
    it("tells what changed and what went, and nothing else", async () => {
      const { store } = calendarOn(fake);
      for (const id of ["first00", "second0", "third00"]) fake.events.insert(id, charter);
      const first = await store.changesSince(undefined, live);
      expect(first).toMatchObject({ kind: "all", observed: [{ key: "first00" }, { key: "second0" }, { key: "third00" }] });
      expect(await store.changesSince(first.token, live)).toMatchObject({ kind: "changes", changed: [], removed: [] });
      fake.events.patch("second0", { summary: "moved" });
      fake.events.remove("third00");
      const next = await store.changesSince(first.token, live);
      expect(next).toMatchObject({ kind: "changes", changed: [{ key: "second0" }], removed: ["third00"] });
      expect(await store.changesSince(next.token, live)).toMatchObject({ kind: "changes", changed: [], removed: [] });
    });

    it("looks at everything again where Google no longer knows the token", async () => {
      const { store } = calendarOn(fake);
      fake.events.insert("first00", charter);
      const { token } = await store.changesSince(undefined, live);
      fake.expireSyncTokens();
      const again = await store.changesSince(token, live);
      expect(again).toMatchObject({ kind: "all", observed: [{ key: "first00" }] });
      expect(await store.changesSince(again.token, live)).toMatchObject({ kind: "changes" });
    });

    it("changes that come in pages come whole, or are an error", async () => {
      const { store } = calendarOn(fake);
      const { token } = await store.changesSince(undefined, live);
      for (const id of ["first00", "second0", "third00"]) fake.events.insert(id, charter);
      fake.setPageSize(2);
      expect(await store.changesSince(token, live)).toMatchObject({ changed: [{}, {}, {}] });
      fake.fail({ method: "list", after: 1, times: 99, action: { kind: "answer", answer: refusal(503, "backendError", "Backend Error") } });
      await expect(store.changesSince(token, live)).rejects.toMatchObject({ code: "store-unreachable" });
    });
  });

  describe("faults", () => {
    const busy = [
      ["403 rateLimitExceeded", refusal(403, "rateLimitExceeded", "Rate Limit Exceeded")],
      ["403 userRateLimitExceeded", refusal(403, "userRateLimitExceeded", "User Rate Limit Exceeded")],
      ["429", refusal(429, "rateLimitExceeded", "Too Many Requests")],
    ] as const;

    it.each(busy)("%s is waited out with growing pauses, for writes too", async (_, answer) => {
      const { store, slept } = calendarOn(fake);
      fake.fail({ method: "insert", times: 3, action: { kind: "answer", answer } });
      expect(await create(store)).toMatchObject({ kind: "written" });
      expect(slept).toEqual([1000, 2000, 4000]);
    });

    it("a quota that stays used up is an error after a bounded time, and nothing has landed", async () => {
      const { store, slept } = calendarOn(fake);
      fake.fail({ method: "insert", times: 99, action: { kind: "answer", answer: busy[0][1] } });
      await expect(create(store)).rejects.toMatchObject({
        code: "store-unreachable",
        message: expect.stringContaining("rateLimitExceeded"),
      });
      expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(90_000);
      expect(fake.events.all()).toEqual([]);
    });

    it("a used-up day is not waited for", async () => {
      const { store, slept } = calendarOn(fake);
      fake.fail({
        method: "get",
        times: 9,
        action: { kind: "answer", answer: refusal(403, "quotaExceeded", "Calendar usage limits exceeded.") },
      });
      await expect(store.read(charter.id, live)).rejects.toMatchObject({ code: "store-unreachable" });
      expect(slept).toEqual([]);
    });

    it.each(["lose-reply", "lose-request"] as const)("a write whose answer is lost (%s) is unknown and is not sent twice", async (kind) => {
      const { store } = calendarOn(fake);
      fake.events.insert(charter.id, charter);
      fake.fail({ method: "patch", action: { kind } });
      expect(await replace(store, earlier)).toMatchObject({ kind: "unknown" });
      expect(requestsOf("patch")).toHaveLength(kind === "lose-reply" ? 1 : 0);
      expect((await seen(store)).digest).toBe(bodyFor(kind === "lose-reply" ? earlier : charter).digest);
    });

    it("a create whose reply is lost is unknown; asked again it is a conflict that shows our own event", async () => {
      const { store } = calendarOn(fake);
      fake.fail({ method: "insert", action: { kind: "lose-reply" } });
      expect(await create(store)).toMatchObject({ kind: "unknown" });
      expect(await create(store)).toMatchObject({ kind: "conflict", found: { digest: bodyFor(charter).digest } });
      expect(fake.events.all()).toHaveLength(1);
    });

    it("a server in trouble leaves a write unknown and is asked again for a read", async () => {
      const { store, slept } = calendarOn(fake);
      fake.events.insert(charter.id, charter);
      const { revision } = await seen(store);
      for (const method of ["delete", "get"] as const)
        fake.fail({ method, action: { kind: "answer", answer: refusal(503, "backendError", "Backend Error") } });
      expect(await store.remove({ key: charter.id, expect: { kind: "unchanged", revision } }, live)).toMatchObject({ kind: "unknown" });
      expect(await seen(store)).toMatchObject({ revision });
      expect(slept).toEqual([200]);
    });

    it("an ETag that is out of date is a conflict, and nothing is written", async () => {
      const { store } = calendarOn(fake);
      fake.events.insert(charter.id, charter);
      const stale = { kind: "unchanged", revision: asRevision('"1"') } as const;
      expect(await store.remove({ key: charter.id, expect: stale }, live)).toMatchObject({ kind: "conflict", found: { key: charter.id } });
      const { revision } = await seen(store);
      // Between our look and our write a stranger comes: Google itself refuses.
      const strangerComes = (body: object): object => {
        fake.events.patch(charter.id, { colorId: "3" });
        return body;
      };
      fake.fail({ method: "get", action: { kind: "alter", change: strangerComes } });
      const outcome = await store.write(
        { key: charter.id, expect: { kind: "unchanged", revision }, body: bodyFor(earlier), headers: {} },
        live,
      );
      expect(outcome).toMatchObject({ kind: "conflict", found: { key: charter.id } });
      expect(fake.events.get(charter.id)).toMatchObject({ start: charter.start, colorId: "3" });
    });

    it("a calendar that is not shared with the account does not read as events that are gone", async () => {
      const { store } = calendarOn(fake, { calendarId: "other@group.calendar.example.com" });
      await expect(store.read(charter.id, live)).rejects.toMatchObject({ code: "store-missing" });
      await expect(keysOf(store.list("", live))).rejects.toMatchObject({ code: "store-missing" });
    });

    it("a server that is not there throws, and nothing was sent", async () => {
      const { store } = calendarOn(fake, { endpoint: "http://127.0.0.1:9" });
      await expect(create(store)).rejects.toMatchObject({ code: "store-unreachable" });
    });

    it("an abort during a write is unknown, during a read it is thrown", async () => {
      const { store } = calendarOn(fake);
      fake.events.insert(charter.id, charter);
      const { revision } = await seen(store);
      const stop = new AbortController();
      fake.fail({ method: "delete", action: { kind: "alter", change: (body) => body } });
      const sent = store.remove(
        {
          key: charter.id,
          expect: { kind: "unchanged", revision },
          confirm: async () => {
            setTimeout(() => stop.abort(new Error("a person stopped it")), 0);
            return await Promise.resolve(true);
          },
        },
        { signal: stop.signal },
      );
      expect((await sent).kind).toMatch(/^(?:unknown|removed)$/u);
      await expect(store.read(charter.id, { signal: stop.signal })).rejects.toThrow("a person stopped it");
    });

    it("who no longer owns the plan sends nothing", async () => {
      const { store } = calendarOn(fake);
      const outcome = await store.write({ key: charter.id, expect: absent, body: bodyFor(charter), headers: {}, confirm: nobody }, live);
      expect(outcome).toEqual({ kind: "conflict", found: undefined });
      expect(requestsOf("insert")).toEqual([]);
    });
  });

  describe("signing in", () => {
    it("a service account signs an assertion that the token endpoint checks, once for many calls", async () => {
      const key = keyFileOf(fake);
      const { store } = calendarOn(fake, { credentials: { keyFile: "KEY", env: { KEY: key.path } } });
      await create(store);
      await seen(store);
      expect(fake.tokens.granted()).toBe(1);
      key.close();
    });

    it("a token that stopped being good is asked for anew, once", async () => {
      const { store } = calendarOn(fake);
      await create(store);
      fake.tokens.revokeAccess();
      expect(await seen(store)).toMatchObject({ key: charter.id });
      expect(fake.tokens.granted()).toBe(2);
    });

    it.each([
      ["a variable that is not set", { env: {} }, "GOOGLE_APPLICATION_CREDENTIALS"],
      ["a file that is not there", { keyFile: "KEY", env: { KEY: "/nowhere/key.json" } }, "KEY"],
      ["half of an OAuth client", { clientId: "ID", env: { ID: "id" } }, "refresh-token"],
      [
        "a refresh token that was revoked",
        { clientId: "A", clientSecret: "B", refreshToken: "C", env: { A: "harbor.apps.example.com", B: "harbor-secret", C: "old" } },
        "revoked",
      ],
      ["a client that nobody knows", { clientId: "A", clientSecret: "B", refreshToken: "C", env: { A: "a", B: "b", C: "c" } }, "sign in"],
    ])("%s is an error that says what to do", async (_, credentials, words) => {
      const { store } = calendarOn(fake, { credentials });
      await expect(store.read(charter.id, live)).rejects.toMatchObject({
        code: "credentials-missing",
        message: expect.stringContaining(words),
      });
    });

    it.each([
      ["another account", { client_email: "stranger@example.com" }],
      ["a key that is none", { private_key: "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n" }],
      ["another kind of file", { type: "external_account" }],
    ])("a key file of %s is refused without a word of the key", async (_, more) => {
      const key = keyFileOf(fake, more);
      const { store } = calendarOn(fake, { credentials: { keyFile: "KEY", env: { KEY: key.path } } });
      const refused = await store.read(charter.id, live).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refused).toMatchObject({ code: "credentials-missing" });
      expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toMatch(/PRIVATE KEY|assertion=/u);
      key.close();
    });

    it.each(["https://calendar.example.com", "http://10.0.0.7:80", "nonsense"])(
      "credentials are sent nowhere but to Google: not to %s",
      async (endpoint) => {
        const { store } = calendarOn(fake, { endpoint });
        await expect(store.read(charter.id, live)).rejects.toMatchObject({ code: "usage" });
      },
    );
  });
});
