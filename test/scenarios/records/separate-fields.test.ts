/** Kinds that keep the day and the times of a record as fields of their own: what a text says of a moment is read, and edited, half by half. */

import { describe, expect, test } from "vitest";
import { showValue } from "../../../src/core/records/compare-values.ts";
import { withDays } from "../../../src/core/records/day-and-time.ts";
import type { Field, RecordKind } from "../../../src/core/records/kind.ts";
import type { Moment } from "../../../src/core/records/value.ts";
import { audit } from "../../../src/operations/records/audit.ts";
import { reconcile, type ReconcileResult } from "../../../src/operations/records/reconcile.ts";
import { lookOnce, type WatchMemory } from "../../../src/operations/records/watch-look.ts";
import { booking, context, event, item, memoryBook, RecordsWorld } from "./records-world.ts";

const ask = { kind: "ask" } as const;
const from = (name: string, minutes: number): Pick<Field, "derivation"> => ({ derivation: { kind: "offset", from: name, minutes } });
const fields: readonly Field[] = [
  { name: "day", type: "date", authority: ask, words: [] },
  { name: "start", type: "time", authority: ask, words: [] },
  { name: "end", type: "time", authority: ask, words: [], ...from("start", 180) },
  { name: "arrival", type: "time", authority: ask, words: ["arrive"], ...from("start", -30) },
  { name: "guest", type: "person", authority: ask, words: [] },
  { name: "code", type: "key", authority: ask, words: [] },
];
const places = { day: { at: "charter_date" }, start: { at: "start_time" }, code: { at: "guest_code" }, guest: { at: "guest_name" } };

const kindWith = (changed: Readonly<Record<string, Field>> = {}): RecordKind => ({
  ...booking,
  fields: withDays(fields.map((field) => changed[field.name] ?? field)),
  systems: booking.systems.map((system) => ({ ...system, fields: system.name === "record" ? places : {} })),
  pointers: [],
});
const kind = kindWith();

const jonah = item({
  guest_code: "S2FJLN",
  guest_name: "Jonah Reed",
  charter_date: "2026-05-30",
  start_time: "16:30",
  note: "paid",
});
const page = "g/jonah.html";
const text = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Jonah's charter &ndash; May 30, 2026</title>
<script type="application/ld+json">{"@type":"Event","startDate":"2026-05-30T16:30:00-07:00","endDate":"2026-05-30T19:30:00-07:00"}</script>
</head><body data-start="2026-05-30T23:30:00Z">
<p>Saturday, May 30, 2026, <b>4:30</b>&ndash;7:30 PM</p>
<p><time datetime="2026-05-30T16:30">4:30 PM</time> sharp. Please arrive at 4:00 PM. Guest code S2FJLN</p>
<script>const TRIP = { day: "2026-05-30", time: "16:30" };</script>
</body></html>
`;
type Held = Readonly<Record<string, Readonly<Record<string, string>>>>;
const held: Held = {
  record: { S2FJLN: jonah },
  pages: { [page]: text },
  calendar: { "charter-1.ics": event },
  listing: { "l/1": "<p>Booking S2FJLN, Jonah Reed, Saturday, May 30, 2026, 4:30 PM to 7:30 PM</p>" },
};

/** Each field with what is said of it, by system. */
async function rowsOf(world: RecordsWorld): Promise<Record<string, readonly string[]>> {
  const rows: Record<string, readonly string[]> = {};
  for await (const { matrix } of (await audit(world.bench, { named: undefined, looksAtEdge: false }, context)).records)
    for (const { field, cells } of matrix.rows)
      rows[field] = cells.map(
        ({ sighting, value, verdict }) => `${sighting.split(" ")[0] ?? ""} ${verdict} ${value ? showValue(value) : ""}`,
      );
  return rows;
}

const at = (time: string): Moment => ({ kind: "moment", time });
const on = (date: string): Moment => ({ kind: "moment", date });

async function settle(world: RecordsWorld, answers: Readonly<Record<string, Moment>>): Promise<ReconcileResult> {
  const request = { named: "S2FJLN", keep: undefined, deletes: false, leave: [] };
  const given = Object.entries(answers).map(([field, value]) => ({ field, value, because: "Mara: the guest called" }));
  const go = { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("go" as const) };
  return await reconcile(world.open(memoryBook()), { ...request, answers: given }, go, context);
}

/** With the kind whose table keeps the halves of one datetime apart. */
const whole = (objects: Held): RecordsWorld => new RecordsWorld({ held: objects });

const asksFor = (result: ReconcileResult): readonly string[] =>
  "prepared" in result
    ? result.prepared.questions.map(({ name, choices }) => `${name}: ${choices.map(({ answer }) => answer).join(" | ")}`)
    : [];

describe("a day and a time of their own", () => {
  test("are read from every text that says a moment, in every system", async () => {
    expect(await rowsOf(new RecordsWorld({ kind, held }))).toMatchObject({
      day: ["record agrees 2026-05-30", "pages agrees 2026-05-30", "calendar agrees 2026-05-30", "listing agrees 2026-05-30"],
      start: ["record agrees 16:30", "pages agrees 16:30", "calendar agrees 16:30", "listing agrees 16:30"],
      end: ["record silent ", "pages agrees 2026-05-30 19:30", "calendar agrees 2026-05-30 19:30", "listing agrees 2026-05-30 19:30"],
      arrival: ["record silent ", "pages less 16:00", "calendar silent ", "listing silent "],
    });
  });

  test("differ each by itself: another day says nothing against the time", async () => {
    const other = text.replaceAll("2026-05-30", "2026-05-31").replaceAll("May 30", "May 31").replace("Saturday", "Sunday");
    expect(await rowsOf(new RecordsWorld({ kind, held: { ...held, pages: { [page]: other } } }))).toMatchObject({
      day: ["record differs 2026-05-30", "pages differs 2026-05-31", "calendar differs 2026-05-30", "listing differs 2026-05-30"],
      start: ["record agrees 16:30", "pages agrees 16:30", "calendar agrees 16:30", "listing agrees 16:30"],
    });
  });

  test("change the time alone where the time was decided, each text in its own form", async () => {
    const world = new RecordsWorld({ kind, held });
    const result = await settle(world, { start: at("15:30") });
    expect(asksFor(result)).toEqual([]);
    expect(await world.textOf("pages", page)).toBe(
      text
        .replace("T16:30:00-07:00", "T15:30:00-07:00")
        .replace("T19:30:00-07:00", "T18:30:00-07:00")
        .replace("T23:30:00Z", "T22:30:00Z")
        .replace("<b>4:30</b>&ndash;7:30", "<b>3:30</b>&ndash;6:30")
        .replace("2026-05-30T16:30", "2026-05-30T15:30")
        .replace(">4:30 PM</time>", ">3:30 PM</time>")
        .replace("arrive at 4:00", "arrive at 3:00")
        .replace('time: "16:30"', 'time: "15:30"'),
    );
    expect(await world.textOf("record", "S2FJLN")).toBe(jonah.replace("16:30", "15:30"));
    expect(await world.textOf("calendar", "charter-1.ics")).toContain("DTSTART;TZID=America/Los_Angeles:20260530T153000");
    expect(await world.textOf("calendar", "charter-1.ics")).toContain("DTEND;TZID=America/Los_Angeles:20260530T183000");
  });

  test("change the day alone where the day was decided, with its weekday and all that lies on it", async () => {
    const world = new RecordsWorld({ kind, held });
    const result = await settle(world, { day: on("2026-05-31") });
    expect(result).toMatchObject({ kind: "carried", carried: { kind: "done" } });
    expect(await world.textOf("pages", page)).toBe(
      text.replaceAll("2026-05-30", "2026-05-31").replaceAll("May 30", "May 31").replace("Saturday", "Sunday"),
    );
    expect(await world.textOf("record", "S2FJLN")).toBe(jonah.replace("2026-05-30", "2026-05-31"));
    expect(await world.textOf("calendar", "charter-1.ics")).toContain("DTSTART;TZID=America/Los_Angeles:20260531T163000");
    expect(await world.textOf("calendar", "charter-1.ics")).toContain("DTEND;TZID=America/Los_Angeles:20260531T193000");
  });

  test("have nothing to correct the second time", async () => {
    const world = new RecordsWorld({ kind, held });
    await settle(world, { day: on("2026-05-31"), start: at("15:30") });
    expect((await settle(world, {})).kind).toBe("nothing-to-do");
  });
});

describe("what follows from a time of its own", () => {
  const late = {
    record: { S2FJLN: jonah.replace("16:30", "00:15") },
    pages: {
      [page]: "<h1>Jonah Reed</h1><p>May 30, 2026, 12:15 AM – 3:15 AM</p><p>Arrive on May 29, 2026 at 11:45 PM. Guest code S2FJLN</p>",
    },
  };

  test("has a day of its own where midnight lies between, and moves with both", async () => {
    const world = new RecordsWorld({ kind, held: late });
    expect((await rowsOf(world))["arrival"]).toEqual(["record silent ", "pages agrees 2026-05-29 23:45"]);
    expect((await rowsOf(world))["day"]).toEqual(["record agrees 2026-05-30", "pages agrees 2026-05-30"]);
    await settle(world, { day: on("2026-06-01"), start: at("00:45") });
    expect(await world.textOf("pages", page)).toBe(
      "<h1>Jonah Reed</h1><p>June 1, 2026, 12:45 AM – 3:45 AM</p><p>Arrive on June 1, 2026 at 12:15 AM. Guest code S2FJLN</p>",
    );
  });

  test("ends on the day of the start, or in the night behind it, where only a time was said of the end", async () => {
    const free = kindWith({ end: { name: "end", type: "time", authority: ask, words: [] } });
    expect(free.fields.find(({ name }) => name === "end")).toMatchObject({
      type: "datetime",
      derivation: { kind: "moves-with", from: "day" },
    });
    const world = new RecordsWorld({ kind: free, held });
    await settle(world, { day: on("2026-06-06"), start: at("22:00"), end: at("01:00") });
    const now = await world.textOf("calendar", "charter-1.ics");
    expect(now).toContain("DTSTART;TZID=America/Los_Angeles:20260606T220000");
    expect(now).toContain("DTEND;TZID=America/Los_Angeles:20260607T010000");
    expect(await world.textOf("pages", page)).toContain("Saturday, June 6, 2026, <b>10:00</b>&ndash;1:00 AM");
  });
});

describe("a day and a time that meet", () => {
  const fall = { record: { S2FJLN: jonah.replace("16:30", "01:30").replace("2026-05-30", "2026-11-01") } };
  const spring = { record: { S2FJLN: jonah.replace("16:30", "02:30").replace("2026-05-30", "2026-03-08") } };

  test("are asked about where the clock shows that time twice, and then stand as they were decided", async () => {
    const world = new RecordsWorld({ kind, held: { ...fall, pages: { [page]: "<p>Guest code S2FJLN, 1:30 AM, arrive at 1:00 AM</p>" } } });
    expect(asksFor(await settle(world, {}))).toEqual(["start: 2026-11-01T01:30-07:00 | 2026-11-01T01:30-08:00"]);
    const twice = { kind: "moment", date: "2026-11-01", time: "01:30", offset: "-08:00" } as const;
    const result = await settle(world, { start: twice });
    expect(asksFor(result)).toEqual([]);
    const decisions = "prepared" in result ? result.prepared.identified.plan.records?.decisions : [];
    expect(decisions?.find(({ field }) => field === "end")?.value).toEqual({ kind: "moment", date: "2026-11-01", time: "04:30" });
  });

  test("are asked about where the clock skips that time", async () => {
    const world = new RecordsWorld({ kind, held: spring });
    expect(asksFor(await settle(world, {}))).toEqual(["start: 2026-03-08 03:30 | 2026-03-08 01:30"]);
    expect(asksFor(await settle(world, { start: at("02:45") }))).toEqual(["start: 2026-03-08 03:45 | 2026-03-08 01:45"]);
    expect((await settle(world, { start: at("03:30") })).kind).toBe("carried");
  });

  test("are asked about as well where a table keeps both halves of one datetime apart", async () => {
    expect(asksFor(await settle(whole(fall), {}))).toEqual(["start: 2026-11-01T01:30-07:00 | 2026-11-01T01:30-08:00"]);
    expect(asksFor(await settle(whole(spring), {}))).toEqual(["start: 2026-03-08 03:30 | 2026-03-08 01:30"]);
  });
});

describe("a table that has authority over the day and the time", () => {
  const record = { kind: "system", system: "record" } as const;
  const [day, start] = fields;
  const ruled = kindWith({ ...(day && { day: { ...day, authority: record } }), ...(start && { start: { ...start, authority: record } }) });
  const systems = ruled.systems.filter(({ name }) => name !== "listing");

  test("is followed by watch, in what changed and in what follows from it", async () => {
    const world = new RecordsWorld({ kind: { ...ruled, systems }, held });
    const memory: WatchMemory = new Map();
    const told: string[] = [];
    const look = async (): Promise<void> => await lookOnce(world.bench, memory, ({ kind: what }) => told.push(what), context);
    await look();
    world.stranger("record", "S2FJLN", jonah.replace("2026-05-30", "2026-06-06"));
    await look();
    expect(told).toContain("corrected");
    expect(await world.textOf("pages", page)).toContain("<p>Saturday, June 6, 2026, <b>4:30</b>&ndash;7:30 PM</p>");
    expect(await world.textOf("calendar", "charter-1.ics")).toContain("DTEND;TZID=America/Los_Angeles:20260606T193000");
    world.stranger("record", "S2FJLN", jonah.replace("2026-05-30", "2026-06-06").replace("16:30", "15:30"));
    await look();
    expect(await world.textOf("pages", page)).toContain("<p>Saturday, June 6, 2026, <b>3:30</b>&ndash;6:30 PM</p>");
    expect(await world.textOf("pages", page)).toContain("Please arrive at 3:00 PM");
  });
});
