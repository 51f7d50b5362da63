import { describe, expect, it } from "vitest";
import { asRevision, asStoreName } from "../../core/brand.ts";
import { claimsOf } from "../../core/records/claims/claims-of.ts";
import type { ReadAbout } from "../../core/records/claims/read-about.ts";
import { showValue } from "../../core/records/compare-values.ts";
import { decide } from "../../core/records/decide.ts";
import type { Decision } from "../../core/records/decision.ts";
import type { RecordDocument } from "../../core/records/document.ts";
import { applyEdits } from "../../core/records/edits/apply-edits.ts";
import { orderEdits } from "../../core/records/edits/order-edits.ts";
import { editsFor } from "../../core/records/edits-for.ts";
import type { Field, RecordKind } from "../../core/records/kind.ts";
import type { Moment, Value } from "../../core/records/value.ts";
import { zoneRules } from "../zones/zone-rules.ts";
import { icalendarCodec } from "./icalendar-codec.ts";
import { recordSystem } from "../../../test/support/record-system.ts";

const zone = "America/Los_Angeles";
const tz = `;TZID=${zone}`;
const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  type: "datetime",
  authority: { kind: "ask" },
  words: [],
  ...more,
});
const startAndEnd = [field("start"), field("end", { derivation: { kind: "offset", from: "start", minutes: 180 } })];

interface Case {
  readonly fields?: readonly Field[];
  readonly part?: string;
  readonly decided?: Readonly<Record<string, Value>>;
}

function aboutOf({ fields = startAndEnd }: Case): ReadAbout {
  const system = recordSystem("calendar", { medium: "calendar", store: asStoreName("caldav:https://cal.example.org/crew/") });
  const kind: RecordKind = {
    name: "charter",
    zone,
    fields,
    systems: [system],
    pointers: [],
    identity: { keys: [], match: [], oneToOne: [] },
    features: [],
    watch: { everyMs: 60_000, perHourMax: 30, flapsMax: 3 },
  };
  return { kind, system, zones: zoneRules, zoneNamed: (name) => (zoneRules.isZone(name) ? name : undefined), today: "2026-05-01" };
}

const wrapped = (lines: readonly string[]): string =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20260509T120000Z", ...lines, "END:VEVENT", "END:VCALENDAR", ""].join(
    "\r\n",
  );

function documentOf(text: string): RecordDocument {
  const read = icalendarCodec.read(new TextEncoder().encode(text), {});
  if (read.kind === "unreadable") throw new Error(read.why);
  return read.document;
}

/** Texts that no field explains, with the reason why none does. */
const left = (lines: readonly string[]): string[] =>
  claimsOf(documentOf(wrapped(lines)), "1", aboutOf({})).unexplained.map(({ raw, justification = "?" }) => `${raw}: ${justification}`);

const said = (lines: readonly string[], one: Case = {}): string[] =>
  claimsOf(documentOf(wrapped(lines)), one.part ?? "1", aboutOf(one)).claims.map(({ field: name, value, readings = [], place }) =>
    `${place.name} ${name} ${value ? showValue(value) : `? ${readings.map((each) => showValue(each)).join(" or ")}`}`.trim(),
  );

interface Edited {
  /** Lines that are there now and were not. */
  readonly lines: readonly string[];
  readonly why: readonly string[];
}

function edited(lines: readonly string[], one: Case): Edited {
  const document = documentOf(wrapped(lines));
  const part = one.part ?? "1";
  const about = aboutOf(one);
  const decisions = Object.entries(one.decided ?? {}).map(([name, value]): Decision => ({
    field: name,
    value,
    how: "person",
    because: "told",
  }));
  const made = editsFor(document, claimsOf(document, part, about), decisions, about);
  const all = [...made.edits, ...(made.edits.length === 0 ? [] : (document.upkeep?.(part, "2026-05-10T10:00:00Z") ?? []))];
  const ordered = orderEdits(all);
  if (!ordered) throw new Error("two corrections fall on the same bytes");
  const after = new TextDecoder().decode(document.seal(applyEdits(document.bytes, ordered)));
  const before = new Set(wrapped(lines).split("\r\n"));
  return {
    lines: after.split("\r\n").filter((line) => !before.has(line) && !/^(?:DTSTAMP|SEQUENCE)/u.test(line)),
    why: made.unwritable.map(({ raw, why }) => `${raw}: ${why}`),
  };
}

const at = (date: string, time?: string): Moment => ({ kind: "moment", date, ...(time !== undefined && { time }) });
const earlier = { start: at("2026-05-30", "15:30"), end: at("2026-05-30", "18:30") };

describe("what an event claims", () => {
  it.each([
    ["an all-day event", ["DTSTART;VALUE=DATE:20260530"], ["DTSTART start 2026-05-30"]],
    [
      "several days, of which the last is included",
      ["DTSTART;VALUE=DATE:20260530", "DTEND;VALUE=DATE:20260602"],
      ["DTSTART start 2026-05-30", "DTEND end 2026-06-01"],
    ],
    ["a day that ends on itself", ["DTSTART;VALUE=DATE:20260530", "DTEND;VALUE=DATE:20260530"], ["DTSTART start 2026-05-30"]],
    ["one day as its rule wants it", ["DTSTART;VALUE=DATE:20260530", "DTEND;VALUE=DATE:20260531"], ["DTSTART start 2026-05-30"]],
    ["a time that happens twice", [`DTSTART${tz}:20261101T013000`], ["DTSTART start ? 2026-11-01 01:30 -07:00 or 2026-11-01 01:30 -08:00"]],
    ["a time that is skipped", [`DTSTART${tz}:20260308T023000`], ["DTSTART start ?"]],
    ["a zone that nobody knows", ["DTSTART;TZID=Nowhere/Foo:20260530T163000"], ["DTSTART start ? 2026-05-30 16:30"]],
    ["a date that is none", ["DTSTART:20260231T163000"], ["DTSTART start ?"]],
    ["a length", [`DTSTART${tz}:20260530T163000`, "DURATION:PT2H"], ["DTSTART start 2026-05-30 16:30", "DURATION end 2026-05-30 18:30"]],
  ])("of %s is its start and its end, and nothing of its bookkeeping", (_, lines, expected) => {
    const bookkeeping = [
      "CREATED:20260530T233000Z",
      "LAST-MODIFIED:20260530T233000Z",
      "COMPLETED:20260530T233000Z",
      "RECURRENCE-ID:20260530T233000Z",
      "SEQUENCE:1630",
      "RELATED-TO:20260530T233000Z",
      "BEGIN:VALARM",
      "TRIGGER:-PT30M",
      "ACKNOWLEDGED:20260530T233000Z",
      "END:VALARM",
    ];
    expect(said([...lines, ...bookkeeping], { part: "1 20260530T233000Z" })).toEqual(expected);
  });

  it("stands in its texts too", () => {
    expect(said([`DTSTART${tz}:20260530T163000`, "SUMMARY:Sail at 4:30 PM", "DESCRIPTION:Until 7:30 PM\\nBring a jacket"])).toEqual([
      "DTSTART start 2026-05-30 16:30",
      "SUMMARY start 16:30",
      "DESCRIPTION end 19:30",
    ]);
  });

  it("of one whole day ends on that day where a field is a day", () => {
    const fields = [field("start"), field("end", { type: "date" })];
    const lines = ["DTSTART;VALUE=DATE:20260530", "DTEND;VALUE=DATE:20260531"];
    expect(said(lines, { fields })).toEqual(["DTSTART start 2026-05-30", "DTEND end 2026-05-30"]);
    expect(edited(lines, { fields, decided: { end: at("2026-05-31") } }).lines).toEqual(["DTEND;VALUE=DATE:20260601"]);
  });

  it("of one whole day raises no question of its own when it moves", () => {
    const { claims } = claimsOf(documentOf(wrapped(["DTSTART;VALUE=DATE:20260530", "DTEND;VALUE=DATE:20260531"])), "1", aboutOf({}));
    const sighting = {
      id: "calendar 1",
      system: "calendar",
      at: { store: asStoreName("caldav:https://cal.example.org/crew/"), key: "1.ics" },
      part: "1",
      revision: asRevision("1"),
      claims,
      unexplained: [],
    };
    const entity = { id: "1", sightings: [sighting], links: [], doubts: [] };
    const answers = [{ field: "start", value: at("2026-06-05", "15:30"), because: "told" }];
    expect(decide({ kind: aboutOf({}).kind, entity, rules: zoneRules, answers }).questions).toEqual([]);
  });

  it("in the addresses of guests is read, and never written", () => {
    const lines = [
      `DTSTART${tz}:20260530T163000`,
      "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.org",
      "ORGANIZER:mailto:mara@example.org",
    ];
    const named = documentOf(wrapped(lines)).segments.filter(({ place }) => /^(?:ATTENDEE|ORGANIZER|UID)$/u.test(place.name));
    expect(named.map((segment) => [segment.place.name, segment.encode("mailto:bo@example.org")])).toEqual([
      ["UID", undefined],
      ["ATTENDEE", undefined],
      ["ORGANIZER", undefined],
    ]);
  });

  it("of a type is replaced by nothing that this type cannot say", () => {
    const lines = [`DTSTART${tz}:20260530T163000`, "DURATION:PT3H", "SEQUENCE:1", "RRULE:FREQ=DAILY", "EXDATE:20260530T163000"];
    const typed = documentOf(wrapped(lines)).segments.filter(({ place }) => place.part === "1" && place.name !== "UID");
    expect(typed.map((segment) => segment.encode("4 h"))).toEqual(typed.map(() => undefined));
    expect(typed).toHaveLength(6);
  });

  it("leaves an alarm at a moment of its own, to itself, and says so", () => {
    const lines = [
      `DTSTART${tz}:20260530T163000`,
      "BEGIN:VALARM",
      "ACTION:DISPLAY",
      "TRIGGER;VALUE=DATE-TIME:20260530T233000Z",
      "END:VALARM",
    ];
    expect(said(lines)).toEqual(["DTSTART start 2026-05-30 16:30"]);
    expect(left(lines)).toEqual(["20260530T233000Z: an alarm at a time of its own does not move with the event"]);
    expect(edited(lines, { decided: earlier }).lines).toEqual([`DTSTART${tz}:20260530T153000`]);
  });

  it("of a length is the length where the kind has a field for that", () => {
    const fields = [field("start"), field("duration", { type: "duration" })];
    const lines = [`DTSTART${tz}:20260530T163000`, "DURATION:PT3H"];
    expect(said(lines, { fields })).toEqual(["DTSTART start 2026-05-30 16:30", "DURATION duration 3 h"]);
    expect(edited(lines, { fields, decided: { duration: { kind: "duration", minutes: 240 } } })).toEqual({
      lines: ["DURATION:PT4H"],
      why: [],
    });
  });

  it.each([
    ["by its STATUS", wrapped(["STATUS:CANCELLED", "DTSTART:20260530T163000Z"])],
    ["by the METHOD of its calendar", wrapped(["DTSTART:20260530T163000Z"]).replace("VERSION:2.0", "METHOD:CANCEL")],
  ])("is nothing once it was called off %s", (_, text) => {
    expect(documentOf(text).parts).toEqual([]);
  });
});

describe("an event that moves", () => {
  it.each([
    ["DTEND", "DTEND;TZID=America/Los_Angeles:20260530T193000", ["DTEND;TZID=America/Los_Angeles:20260530T183000"]],
    ["a DURATION that stays as long", "DURATION:PT3H", []],
    ["a DURATION that was too short", "DURATION:PT2H", ["DURATION:PT3H"]],
    ["a DURATION in minutes", "DURATION:PT100M", ["DURATION:PT180M"]],
    ["a DURATION with all its units", "DURATION:P0DT1H30M0S", ["DURATION:P0DT3H0M0S"]],
  ])("takes its end along: %s", (_, end, changed) => {
    expect(edited([`DTSTART${tz}:20260530T163000`, end], { decided: earlier })).toEqual({
      lines: [`DTSTART${tz}:20260530T153000`, ...changed],
      why: [],
    });
  });

  it("keeps an end that is right, whatever its length becomes", () => {
    const decided = { start: at("2026-05-30", "15:30"), end: at("2026-05-30", "19:30") };
    expect(edited([`DTSTART${tz}:20260530T163000`, "DURATION:PT3H"], { decided }).lines).toEqual([
      `DTSTART${tz}:20260530T153000`,
      "DURATION:PT4H",
    ]);
    expect(edited([`DTSTART${tz}:20260530T163000`, "DTEND:20260531T023000Z"], { decided }).lines).toEqual([`DTSTART${tz}:20260530T153000`]);
  });

  it("takes an end along that is nobody's field, so that it lasts as long", () => {
    const fields = [field("start")];
    const decided = { start: at("2026-05-30", "20:30") };
    expect(edited([`DTSTART${tz}:20260530T163000`, "DTEND:20260531T023000Z"], { fields, decided }).lines).toEqual([
      `DTSTART${tz}:20260530T203000`,
      "DTEND:20260531T063000Z",
    ]);
  });

  it("counts a length of hours as time that passes, and one of days by the calendar", () => {
    const decided = { start: at("2026-10-31", "20:00"), end: at("2026-11-01", "20:00") };
    const starts = `DTSTART${tz}:20261031T180000`;
    expect(edited([starts, "DURATION:P2D"], { decided }).lines).toEqual([`DTSTART${tz}:20261031T200000`, "DURATION:P1D"]);
    expect(edited([starts, "DURATION:PT2H"], { decided }).lines).toEqual([`DTSTART${tz}:20261031T200000`, "DURATION:PT25H"]);
  });

  it("of whole days goes to another day, and ends before the day after its last", () => {
    const lines = ["DTSTART;VALUE=DATE:20260530", "DTEND;VALUE=DATE:20260531"];
    const decided = { start: at("2026-06-05", "15:30"), end: at("2026-06-05", "18:30") };
    const moved = ["DTSTART;VALUE=DATE:20260605", "DTEND;VALUE=DATE:20260606"];
    expect(edited(lines, { decided })).toEqual({ lines: moved, why: [] });
    expect(edited(lines, { decided: { start: at("2026-06-05") } })).toEqual({ lines: moved, why: [] });
    expect(
      edited(["DTSTART;VALUE=DATE:20260530", "DURATION:P1W"], { decided: { start: at("2026-06-05"), end: at("2026-06-18") } }).lines,
    ).toEqual(["DTSTART;VALUE=DATE:20260605", "DURATION:P2W"]);
    expect(edited(lines, { decided: { start: at("2026-05-30", "15:30") } })).toEqual({ lines: [], why: [] });
  });

  it("out of a gap or a fold is written once somebody said when it is", () => {
    const decided = { start: at("2026-03-08", "10:30") };
    expect(edited([`DTSTART${tz}:20260308T023000`], { decided }).lines).toEqual([`DTSTART${tz}:20260308T103000`]);
    expect(edited([`DTSTART${tz}:20261101T013000`], { decided: { start: at("2026-11-01", "03:30") } }).lines).toEqual([
      `DTSTART${tz}:20261101T033000`,
    ]);
  });

  it.each([
    ["that nobody knows the zone of", ["DTSTART;TZID=Nowhere/Foo:20260530T163000"], earlier, "neither known nor defined"],
    ["into a gap", [`DTSTART${tz}:20260307T023000`], { start: at("2026-03-08", "02:30") }, "2026-03-08 02:30 does not exist"],
    ["into a fold", [`DTSTART${tz}:20261031T013000`], { start: at("2026-11-01", "01:30") }, "2026-11-01 01:30 happens twice"],
    [
      "so that it would end first",
      [`DTSTART${tz}:20260530T163000`, `DTEND${tz}:20260530T193000`],
      { start: at("2026-05-30", "20:30"), end: at("2026-05-30", "19:30") },
      "it would end (2026-05-30 19:30) before it has begun (2026-05-30 20:30)",
    ],
    ["whose start cannot be read", ["DTSTART:2026-05-30"], earlier, '"2026-05-30" is no date or time as calendars write them'],
  ])("is left alone, with the reason: one %s", (_, lines, decided, why) => {
    const found = edited(lines, { decided });
    expect(found.lines).toEqual([]);
    expect(found.why[0]).toContain(why);
  });
});

describe("a series", () => {
  const weekly = (rule: string, ...more: string[]): string[] => [
    `DTSTART${tz}:20260530T163000`,
    `DTEND${tz}:20260530T193000`,
    rule,
    ...more,
  ];
  const own = [
    "END:VEVENT",
    "BEGIN:VEVENT",
    "UID:1",
    `RECURRENCE-ID${tz}:20260613T163000`,
    `DTSTART${tz}:20260613T173000`,
    `DTEND${tz}:20260613T203000`,
  ];
  const nextDay = { start: at("2026-05-31", "16:30"), end: at("2026-05-31", "19:30") };
  const later = { start: at("2026-05-30", "17:30"), end: at("2026-05-30", "20:30") };

  it.each([
    ["EXDATE", weekly("RRULE:FREQ=WEEKLY;COUNT=4", `EXDATE${tz}:20260606T163000`), earlier, "EXDATE"],
    ["RDATE", weekly(`RDATE${tz}:20260602T163000`), earlier, "RDATE"],
    ["an instance of its own", weekly("RRULE:FREQ=WEEKLY;COUNT=4", ...own), earlier, "the instance of 20260613T163000 (RECURRENCE-ID)"],
    [
      "an instance that was called off",
      weekly("RRULE:FREQ=WEEKLY;COUNT=4", ...own, "STATUS:CANCELLED"),
      earlier,
      "the instance of 20260613T163000",
    ],
    ["an UNTIL that would cut it", weekly("RRULE:FREQ=WEEKLY;UNTIL=20260620T233000Z"), later, "RRULE (UNTIL)"],
    ["days that it names", weekly("RRULE:FREQ=WEEKLY;BYDAY=SA;COUNT=4"), nextDay, "RRULE (BYDAY)"],
    ["hours that it names", weekly("RRULE:FREQ=DAILY;BYHOUR=16;COUNT=4"), earlier, "RRULE (BYHOUR)"],
  ])("is not moved away from %s", (_, lines, decided, what) => {
    const found = edited(lines, { decided });
    expect(found.lines).toEqual([]);
    expect(found.why[0]).toContain(`it is a series, and ${what}`);
    expect(found.why[0]).toContain("move the series in a calendar program");
  });

  it.each([
    ["COUNT", "RRULE:FREQ=WEEKLY;COUNT=4", nextDay],
    ["days that it names, at another hour", "RRULE:FREQ=WEEKLY;BYDAY=SA;COUNT=4", earlier],
    ["an UNTIL that lets as many through", "RRULE:FREQ=WEEKLY;UNTIL=20260620T233000Z", earlier],
  ])("with %s alone moves", (_, rule, decided) => {
    const found = edited(weekly(rule), { decided });
    expect(found.why).toEqual([]);
    expect(found.lines).toHaveLength(2);
  });

  it("may have its end and its texts changed all the same", () => {
    const lines = weekly("RRULE:FREQ=WEEKLY;COUNT=4", `EXDATE${tz}:20260606T163000`);
    expect(edited(lines, { decided: { end: at("2026-05-30", "20:30") } })).toEqual({ lines: [`DTEND${tz}:20260530T203000`], why: [] });
  });

  it("lets an instance of its own move, which keeps the time that it stands for", () => {
    const decided = { start: at("2026-06-13", "15:30"), end: at("2026-06-13", "18:30") };
    const found = edited(weekly("RRULE:FREQ=WEEKLY;COUNT=4", ...own), { part: "1 20260613T163000", decided });
    expect(found).toEqual({ lines: [`DTSTART${tz}:20260613T153000`, `DTEND${tz}:20260613T183000`], why: [] });
  });

  it("does not move what stands for all later instances too", () => {
    const ranged = own.map((line) => line.replace("RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDFUTURE;"));
    const decided = { start: at("2026-06-13", "15:30"), end: at("2026-06-13", "18:30") };
    expect(edited(weekly("RRULE:FREQ=WEEKLY;COUNT=4", ...ranged), { part: "1 20260613T163000", decided }).why[0]).toContain("RANGE");
  });
});
