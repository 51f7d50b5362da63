import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { calendarOn } from "../../fakes/google-calendar/calendar-on-fake.ts";
import { startCalendarFake, type CalendarFake } from "../../fakes/google-calendar/google-calendar-fake.ts";
import { sha256 } from "../../../src/adapters/shared/sha256.ts";
import { googleEventCodec } from "../../../src/codecs/google-event/google-event-codec.ts";
import { zoneRules } from "../../../src/codecs/zones/zone-rules.ts";
import { bodyOf, bytesOf } from "../../../src/core/body.ts";
import { claimsOf } from "../../../src/core/records/claims/claims-of.ts";
import type { ReadAbout } from "../../../src/core/records/claims/read-about.ts";
import { showValue } from "../../../src/core/records/compare-values.ts";
import type { RecordDocument } from "../../../src/core/records/document.ts";
import { applyEdits } from "../../../src/core/records/edits/apply-edits.ts";
import { orderEdits } from "../../../src/core/records/edits/order-edits.ts";
import { editsFor, type EditsFor } from "../../../src/core/records/edits-for.ts";
import type { Field, RecordKind, RecordSystem } from "../../../src/core/records/kind.ts";
import type { Moment } from "../../../src/core/records/value.ts";
import type { CallOptions } from "../../../src/ports/store.ts";
import { booking } from "./records-world.ts";

const live: CallOptions = { signal: new AbortController().signal };
const google = (from: RecordSystem): RecordSystem => ({ ...from, name: "calendar", medium: "calendar", fields: {} });
const [anySystem] = booking.systems;
if (!anySystem) throw new Error("the kind has no system");
const system = google(anySystem);
const kind: RecordKind = { ...booking, systems: [system] };
const about: ReadAbout = {
  kind,
  system,
  zones: zoneRules,
  zoneNamed: (name) => (zoneRules.isZone(name) ? name : undefined),
  today: "2026-05-01",
};
const at = (date: string, time?: string): Moment => ({ kind: "moment", date, ...(time !== undefined && { time }) });
const zone = { timeZone: "America/Los_Angeles" };

function documentOf(event: object | Uint8Array): RecordDocument {
  const bytes = event instanceof Uint8Array ? event : new TextEncoder().encode(JSON.stringify(event));
  const read = googleEventCodec.read(bytes, {});
  if (read.kind === "unreadable") throw new Error(read.why);
  return read.document;
}

const said = (event: object): string[] =>
  claimsOf(documentOf(event), "", about).claims.map(
    ({ field, value, readings = [], place }) =>
      `${place.name} ${field} ${value ? showValue(value) : `? ${readings.map((each) => showValue(each)).join(" or ")}`}`,
  );

const madeFor = (document: RecordDocument, decided: Readonly<Record<string, Moment>>): EditsFor =>
  editsFor(
    document,
    claimsOf(document, "", about),
    Object.entries(decided).map(([field, value]) => ({ field, value, how: "person" as const, because: "told" })),
    about,
  );

const dayEvent = { summary: "Regatta", start: { date: "2026-05-30" }, end: { date: "2026-06-01" } };
const timed = (more: object = {}): object => ({
  summary: "Charter",
  start: { dateTime: "2026-05-30T16:30:00-07:00", ...zone },
  end: { dateTime: "2026-05-30T19:30:00-07:00", ...zone },
  ...more,
});
const east = (time: string): object => ({ dateTime: `2026-05-30T${time}`, timeZone: "America/New_York" });
const earlier = { start: at("2026-05-30", "15:30"), end: at("2026-05-30", "18:30") };

describe("an event of Google Calendar", () => {
  it("of whole days ends on its last day", () => {
    expect(said(dayEvent)).toEqual(["start.date start 2026-05-30", "end.date end 2026-05-31"]);
    expect(said({ ...dayEvent, end: { date: "2026-05-31" } })).toEqual(["start.date start 2026-05-30"]);
  });

  it.each([
    ["its offset", { dateTime: "2026-05-30T16:30:00-07:00" }, "2026-05-30 16:30"],
    ["its offset, whatever its zone", { dateTime: "2026-05-30T23:30:00Z", ...zone }, "2026-05-30 16:30"],
    ["its zone where it has no offset", { dateTime: "2026-05-30T19:30:00", timeZone: "America/New_York" }, "2026-05-30 16:30"],
    ["nothing where it has neither", { dateTime: "2026-05-30T16:30:00" }, "? 2026-05-30 16:30"],
    [
      "nothing where that happens twice",
      { dateTime: "2026-11-01T01:30:00", ...zone },
      "? 2026-11-01 01:30 -07:00 or 2026-11-01 01:30 -08:00",
    ],
  ])("is told by %s", (_, start, expected) => {
    expect(said({ start })).toEqual([`start.dateTime start ${expected}`]);
  });

  it("claims nothing by what Google keeps for itself", () => {
    const kept = {
      recurringEventId: "series0",
      originalStartTime: { dateTime: "2026-05-30T16:30:00-07:00", ...zone },
      created: "2026-05-30T23:30:00Z",
      extendedProperties: { private: { other: "2026-05-30T16:30:00-07:00" } },
      attachments: [{ title: "Plan of 4:30 PM" }],
    };
    expect(said(timed(kept))).toEqual(["start.dateTime start 2026-05-30 16:30", "end.dateTime end 2026-05-30 19:30"]);
  });
});

describe("what Google keeps, and whom it invited", () => {
  it("is read, and never written, even where belay.yaml has a field there", () => {
    const { segments } = documentOf({
      id: "sunset00",
      iCalUID: "sunset00@google.com",
      originalStartTime: { dateTime: "2026-05-30T16:30:00-07:00" },
      organizer: { email: "crew@example.com" },
      attendees: [{ email: "ana@example.org" }],
    });
    expect(segments.map((segment) => segment.encode("2026"))).toEqual(segments.map(() => undefined));
    expect(segments).toHaveLength(5);
    expect(documentOf({ summary: "x", location: "y" }).segments.map((segment) => segment.encode("z"))).not.toContain(undefined);
    const link: Field = { name: "link", type: "link", authority: { kind: "ask" }, words: [] };
    const placed: RecordSystem = { ...system, fields: { link: { at: "htmlLink" } } };
    const linked: ReadAbout = { ...about, kind: { ...kind, fields: [...kind.fields, link], systems: [placed] }, system: placed };
    const document = documentOf(timed({ htmlLink: "https://calendar.example.com/event?eid=1" }));
    const claims = claimsOf(document, "", linked);
    const value = { kind: "text", text: "https://www.example.com/g/1" } as const;
    const made = editsFor(document, claims, [{ field: "link", value, how: "person", because: "told" }], linked);
    expect(claims.claims.filter(({ field }) => field === "link").map(({ raw }) => raw)).toEqual([
      "https://calendar.example.com/event?eid=1",
    ]);
    expect([made.edits, made.unwritable.map(({ raw }) => raw)]).toEqual([[], ["https://calendar.example.com/event?eid=1"]]);
  });
});

describe("an event that is corrected at Google", () => {
  let fake: CalendarFake;
  beforeEach(async () => {
    fake = await startCalendarFake();
  });
  afterEach(async () => await fake.close());

  /** Reads, edits and writes as a reconcile does; what is there afterwards. */
  async function corrected(
    event: object,
    decided: Readonly<Record<string, Moment>>,
    key = "sunset00",
  ): Promise<Readonly<Record<string, unknown>>> {
    const { store } = calendarOn(fake);
    fake.events.insert("sunset00", { ...event, id: "sunset00" });
    const reading = await store.read(key, live);
    if (!reading) throw new Error("it is not there");
    const document = documentOf(await bytesOf(reading.body));
    const ordered = orderEdits(madeFor(document, decided).edits);
    const bytes = document.seal(applyEdits(document.bytes, ordered ?? []));
    const unchanged = { kind: "unchanged" as const, revision: reading.observed.revision };
    const written = await store.write({ key, expect: unchanged, body: bodyOf(bytes, sha256(bytes)), headers: {} }, live);
    expect(written.kind).toBe("written");
    return fake.events.get(key) ?? {};
  }

  it("of one day goes to another day, and ends the day after", async () => {
    const event = { ...dayEvent, end: { date: "2026-05-31" } };
    expect(await corrected(event, { start: at("2026-06-05", "15:30"), end: at("2026-06-05", "18:30") })).toMatchObject({
      start: { date: "2026-06-05" },
      end: { date: "2026-06-06" },
    });
  });

  it("in another zone stays there, with that zone's offset on that day", async () => {
    expect(
      await corrected(
        { start: east("19:30:00-04:00"), end: east("22:30:00-04:00") },
        { start: at("2026-12-05", "16:30"), end: at("2026-12-05", "19:30") },
      ),
    ).toMatchObject({
      start: { dateTime: "2026-12-05T19:30:00-05:00", timeZone: "America/New_York" },
      end: { dateTime: "2026-12-05T22:30:00-05:00", timeZone: "America/New_York" },
    });
  });

  it("without an offset is written on the clock of its zone", async () => {
    expect(await corrected({ start: east("19:30:00"), end: east("22:30:00") }, earlier)).toMatchObject({
      start: { dateTime: "2026-05-30T18:30:00" },
      end: { dateTime: "2026-05-30T21:30:00" },
    });
  });

  it("as one occurrence of a series keeps the time that it stands for", async () => {
    const after = await corrected(timed({ recurrence: ["RRULE:FREQ=WEEKLY;COUNT=2"] }), earlier, "sunset00_20260530T233000Z");
    expect(after).toMatchObject({
      start: { dateTime: "2026-05-30T22:30:00.000Z" },
      originalStartTime: { dateTime: "2026-05-30T23:30:00.000Z" },
      recurringEventId: "sunset00",
    });
  });

  it("as a series is refused, with what would be orphaned", () => {
    const made = madeFor(documentOf(timed({ recurrence: ["RRULE:FREQ=WEEKLY;COUNT=4"] })), earlier);
    expect(made.edits).toEqual([]);
    expect(made.unwritable[0]?.why).toContain("it is a series");
  });

  it("that Google has locked is refused", () => {
    const made = madeFor(documentOf(timed({ locked: true })), earlier);
    expect(made.edits).toEqual([]);
    expect(made.unwritable).toHaveLength(2);
  });
});
