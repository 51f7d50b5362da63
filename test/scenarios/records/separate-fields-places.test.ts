/** Where kinds with a day and a time of their own keep them: whole moments in one place, other zones, records that are looked for, rules. */

import { describe, expect, test } from "vitest";
import { googleEventCodec } from "../../../src/codecs/google-event/google-event-codec.ts";
import { icalendarCodec } from "../../../src/codecs/icalendar/icalendar-codec.ts";
import { openHtmlCodec } from "../../../src/codecs/html-document/html-codec.ts";
import { itemCodec } from "../../../src/codecs/item-document/item-codec.ts";
import { zoneRules } from "../../../src/codecs/zones/zone-rules.ts";
import { parseConfig } from "../../../src/config/load-config.ts";
import { claimsOf } from "../../../src/core/records/claims/claims-of.ts";
import type { ReadAbout } from "../../../src/core/records/claims/read-about.ts";
import { showValue } from "../../../src/core/records/compare-values.ts";
import { applyEdits } from "../../../src/core/records/edits/apply-edits.ts";
import { orderEdits } from "../../../src/core/records/edits/order-edits.ts";
import { editsFor } from "../../../src/core/records/edits-for.ts";
import { fieldMeant, withValue, type Query } from "../../../src/core/records/find-query.ts";
import { systemNamed, type RecordKind } from "../../../src/core/records/kind.ts";
import type { RecordCodec } from "../../../src/core/records/document.ts";
import type { Moment } from "../../../src/core/records/value.ts";
import { findRecord } from "../../../src/operations/records/find-record.ts";
import { readAnswer } from "../../../src/operations/records/read-answer.ts";
import { context, item, RecordsWorld } from "./records-world.ts";

const yaml = (fields: string, places: string, zone = "Europe/Berlin"): string => `version: 1
state: dir:../state
site: { root: site, targets: { production: { store: "s3://example-production" } } }
records:
  booking:
    zone: ${zone}
    fields:
      day: date
      start: time
${fields}
      guest: person
      code: key
    systems:
      table: { store: "dynamodb:trips", region: eu-central-1, key: [code], fields: { code: code, guest: guest, ${places} } }
      pages: { target: production, match: "g/*.html" }
      google: { store: "google-calendar:crew@example.org", key-file: env:GOOGLE_KEY }
      feed: { store: "ics:https://feed.example.org/a.ics" }
`;

function kindOf(fields = "      end: start + 3h", places = "day: day, start: start", zone?: string): RecordKind {
  const [kind] = parseConfig(yaml(fields, places, zone), "/w/belay.yaml").records;
  if (!kind) throw new Error("no kind");
  return kind;
}

const codecs: Readonly<Record<string, RecordCodec>> = {
  table: itemCodec,
  pages: openHtmlCodec({ gunzip: () => undefined, gzip: (bytes) => bytes }),
  google: googleEventCodec,
  feed: icalendarCodec,
};

interface Read {
  /** `field value`, sorted. */
  readonly said: readonly string[];
  readonly unexplained: readonly string[];
  /** The text once that is decided, or why it cannot be. */
  readonly decided: (values: Readonly<Record<string, Moment>>) => string;
}

function read(kind: RecordKind, name: string, text: string): Read {
  const system = systemNamed(kind, name);
  const found = codecs[name]?.read(new TextEncoder().encode(text), { "content-type": "text/html" });
  if (!system || found?.kind !== "document") throw new Error(`${name} cannot be read`);
  const { document } = found;
  const about: ReadAbout = {
    kind,
    system,
    zones: zoneRules,
    zoneNamed: (zone) => (zoneRules.isZone(zone) ? zone : undefined),
    today: "2026-05-01",
  };
  const [part = ""] = document.parts;
  const claims = claimsOf(document, part, about);
  return {
    said: claims.claims
      .map(
        ({ field, value, readings = [] }) =>
          `${field} ${value ? showValue(value) : `? ${readings.map((one) => showValue(one)).join(" or ")}`}`,
      )
      .toSorted(),
    unexplained: claims.unexplained.map(({ raw }) => raw),
    decided: (values) => {
      const decisions = Object.entries(values).map(([field, value]) => ({ field, value, how: "person" as const, because: "told" }));
      const { edits, unwritable } = editsFor(document, claims, decisions, about);
      if (unwritable.length > 0) return unwritable.map(({ raw, why }) => `${raw}: ${why}`).join("; ");
      const ordered = orderEdits(edits);
      return ordered ? new TextDecoder().decode(applyEdits(document.bytes, ordered)) : "edits overlap";
    },
  };
}

const at = (time: string): Moment => ({ kind: "moment", time });
const on = (date: string): Moment => ({ kind: "moment", date });
const zoned = (time: string): object => ({ dateTime: `2026-05-30T${time}:00+02:00`, timeZone: "Europe/Berlin" });
const when = (date: string, time: string): Moment => ({ kind: "moment", date, time });
const half4 = at("15:30");

describe("one place that says both", () => {
  test("is a day and a start, in a table, and each half is written alone", () => {
    const kind = kindOf("      end: start + 3h", "day: starts, start: starts, end: ends");
    const trip = read(kind, "table", item({ code: "AB12", ends: "2026-05-30T17:30:00Z", starts: "2026-05-30T14:30:00Z" }));
    expect(trip.said).toEqual(["code AB12", "day 2026-05-30", "end 2026-05-30 19:30", "start 16:30"]);
    expect(trip.decided({ start: half4 })).toContain("2026-05-30T13:30:00Z");
    expect(trip.decided({ day: on("2026-05-31"), end: when("2026-05-31", "19:30") })).toContain("2026-05-31T14:30:00Z");
    expect(trip.decided({ start: at("01:00") })).toContain("2026-05-29T23:00:00Z");
  });

  test("says the day too where only the start is mapped", () => {
    const kind = kindOf("      end: start + 3h", "start: starts");
    expect(read(kind, "table", item({ starts: "2026-05-30 16:30" })).said).toEqual(["day 2026-05-30", "start 16:30"]);
  });

  test("is an event of Google, and a whole day says a day alone", () => {
    const kind = kindOf();
    const trip = read(kind, "google", JSON.stringify({ summary: "Trip", start: zoned("16:30"), end: zoned("19:30") }));
    expect(trip.said).toEqual(["day 2026-05-30", "end 2026-05-30 19:30", "start 16:30"]);
    const moved = trip.decided({ day: on("2026-12-05"), end: when("2026-12-05", "19:30") });
    expect(moved).toContain('"2026-12-05T16:30:00+01:00"');
    expect(moved).toContain('"2026-12-05T19:30:00+01:00"');
    const wholeDay = read(kind, "google", JSON.stringify({ summary: "Trip", start: { date: "2026-05-30" }, end: { date: "2026-05-31" } }));
    expect(wholeDay.said).toEqual(["day 2026-05-30"]);
    expect(wholeDay.decided({ start: half4 })).toContain('"2026-05-30"');
  });

  test("is an event of a feed in another zone: the day is the kind's own", () => {
    const ics = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260530T223000Z\r\nSUMMARY:Night trip\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
    expect(read(kindOf(), "feed", ics).said).toEqual(["day 2026-05-31", "start 00:30"]);
  });
});

describe("prose", () => {
  test("that may mean two days is unsure about the day alone, and stays as it is", () => {
    const page = read(kindOf(), "pages", "<p>5/6/2026, 16:30–19:30</p>");
    expect(page.said).toEqual(["day ? 2026-05-06 or 2026-06-05", "end ? 2026-05-06 19:30 or 2026-06-05 19:30", "start 16:30"]);
    expect(page.decided({ start: half4 })).toMatch(/^5\/6\/2026, 16:30–19:30: /u);
  });

  test("that may mean two hours is unsure about the start alone", () => {
    expect(read(kindOf(), "pages", "<p>Saturday, May 30, 2026, 4:30–7:30</p>").said).toEqual([
      "day 2026-05-30",
      "end ? 2026-05-30 07:30 or 2026-05-30 19:30",
      "start ? 04:30 or 16:30",
    ]);
  });

  test("about another time of the day is of that day, unless it says another one", () => {
    const kind = kindOf("      dinner: { type: time, words: [dinner] }");
    const page = read(kind, "pages", "<p>May 30, 2026, 4:30 PM</p><p>Dinner on May 30, 2026 at 8 PM</p><p>Dinner: May 29, 2026, 7 PM</p>");
    expect(page.said).toEqual(["day 2026-05-30", "day 2026-05-30", "dinner 19:00", "dinner 20:00", "start 16:30"]);
    expect(page.decided({ day: on("2026-06-06") })).toContain("<p>Dinner on June 6, 2026 at 8 PM</p><p>Dinner: May 29, 2026, 7 PM</p>");
  });

  test("that gives a day where a time was to stand is listed, and claims nothing", () => {
    const kind = kindOf("      dinner: { type: time, words: [dinner] }");
    const page = read(kind, "pages", "<p>June 6, 2026, 4:30 PM</p><p>Dinner: May 29, 2026</p>");
    expect(page.said).toEqual(["day 2026-06-06", "start 16:30"]);
    expect(page.unexplained).toEqual(["May 29, 2026"]);
  });

  test("says a day where a kind has nothing but days, whatever time stands beside it", () => {
    const days = { ...kindOf(), fields: kindOf().fields.filter(({ name }) => name === "day") };
    const page = read(days, "pages", "<p>Saturday, May 30, 2026, 4:30 PM</p>");
    expect(page.said).toEqual(["day 2026-05-30"]);
    expect(page.decided({ day: on("2026-06-07") })).toBe("<p>Sunday, June 7, 2026, 4:30 PM</p>");
  });
});

describe("a record whose day is a field of its own", () => {
  const kind = kindOf();
  const held = {
    table: { AB12: item({ code: "AB12", day: "2026-05-30", guest: "Odile Marchetti", start: "16:30" }) },
    pages: { "g/odile.html": "<title>Odile Marchetti</title><p>30.05.2026, 16:30 – 19:30</p>" },
  };
  const query = (...said: readonly (readonly [string, string])[]): Query =>
    said.reduce<Query>((all, [word, text]) => {
      const field = fieldMeant(kind, word)?.field ?? word;
      return withValue(all, field, readAnswer(kind, field, text, "2026-05-01"));
    }, new Map());

  test("is found by its date with a name, and its page is linked to its item without a key", async () => {
    const { bench } = new RecordsWorld({ kind: { ...kind, identity: { ...kind.identity, keys: [] } }, held });
    const { found } = await findRecord(bench, query(["date", "2026-05-30"], ["guest", "Odile Marchetti"]), context);
    expect(found.map(({ objects }) => objects.map(({ key }) => key).toSorted())).toEqual([["AB12", "g/odile.html"]]);
    expect((await findRecord(bench, query(["date", "2026-05-31"], ["guest", "Odile Marchetti"]), context)).found).toEqual([]);
  });

  test("takes a start with its day as a word on both", () => {
    expect(readAnswer(kind, "start", "2026-05-31 15:30", "2026-05-01")).toEqual(when("2026-05-31", "15:30"));
    expect(readAnswer(kind, "start", "15:30", "2026-05-01")).toEqual(half4);
    expect(() => readAnswer(kind, "start", "2026-03-29 02:30", "2026-03-01")).toThrow("skips");
  });
});
