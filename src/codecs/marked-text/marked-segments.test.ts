import { describe, expect, test } from "vitest";
import { zoneRules } from "../zones/zone-rules.ts";
import { googleEventCodec } from "../google-event/google-event-codec.ts";
import { icalendarCodec } from "../icalendar/icalendar-codec.ts";
import { claimsOf } from "../../core/records/claims/claims-of.ts";
import type { ReadAbout } from "../../core/records/claims/read-about.ts";
import type { RecordCodec, RecordDocument } from "../../core/records/document.ts";
import { applyEdits } from "../../core/records/edits/apply-edits.ts";
import { orderEdits } from "../../core/records/edits/order-edits.ts";
import { editsFor } from "../../core/records/edits-for.ts";
import type { RecordKind } from "../../core/records/kind.ts";
import type { Value } from "../../core/records/value.ts";
import { asStoreName } from "../../core/brand.ts";
import { recordSystem } from "../../../test/support/record-system.ts";

const ask = { kind: "ask" } as const;
const system = recordSystem("calendar", { medium: "calendar", store: asStoreName("caldav:https://cal.example.org/") });
const kind: RecordKind = {
  name: "trip",
  zone: "America/Los_Angeles",
  fields: [
    { name: "start", type: "datetime", authority: ask, words: [] },
    { name: "guest", type: "person", authority: ask, words: ["guest"] },
  ],
  systems: [system],
  pointers: [],
  identity: { keys: [], match: [], oneToOne: [] },
  features: [],
  watch: { everyMs: 1, perHourMax: 1, flapsMax: 1 },
};
const about: ReadAbout = { kind, system, zones: zoneRules, zoneNamed: () => undefined, today: "2026-05-01" };

function opened(codec: RecordCodec, text: string): RecordDocument {
  const read = codec.read(new TextEncoder().encode(text), {});
  if (read.kind === "unreadable") throw new Error(read.why);
  return read.document;
}

/** The document once it begins at half past three and is Ann & Co's. */
function edited(document: RecordDocument): string {
  const [part = ""] = document.parts;
  const values: Readonly<Record<string, Value>> = {
    start: { kind: "moment", date: "2026-05-30", time: "15:30" },
    guest: { kind: "text", text: "Ann & Co" },
  };
  const decisions = Object.entries(values).map(([field, value]) => ({ field, value, how: "person" as const, because: "told" }));
  const { edits, unwritable } = editsFor(document, claimsOf(document, part, about), decisions, about);
  expect(unwritable).toEqual([]);
  return new TextDecoder().decode(document.seal(applyEdits(document.bytes, orderEdits(edits) ?? [])));
}

const google = (description: string, time = "15:30"): string =>
  JSON.stringify({ description, start: { dateTime: `2026-05-30T${time}:00-07:00`, timeZone: "America/Los_Angeles" } });
const unfolded = (text: string): string => text.replaceAll("\r\n ", "");

const calendar = (time: string, hour: string, [plain, marked]: readonly [string, string]): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//x//y//EN",
    "BEGIN:VEVENT",
    "UID:1",
    "DTSTAMP:20260101T000000Z",
    `DTSTART;TZID=America/Los_Angeles:20260530T${hour}3000`,
    `DESCRIPTION:Saturday\\, May 30\\, 2026\\, ${time} PM\\nGuest: ${plain}`,
    `X-ALT-DESC;FMTTYPE=text/html:<p>May 30\\, 2026\\,`,
    ` <b>${time}</b> PM<br>Guest: ${marked}</p>`,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
const textsOf = (description: string): readonly string[] =>
  opened(googleEventCodec, google(description))
    .segments.filter(({ place }) => place.label.includes("description") && !place.isStruck)
    .map(({ text }) => text);

describe("a description that is HTML", () => {
  test("is read as it is shown, its addresses apart", () => {
    expect(textsOf('<b>4:30</b>&nbsp;PM<br>Guest: Jo &amp; Co<!-- x --><a href="https://x.example/?a=1&amp;b=2">map</a>')).toEqual([
      "4:30\u00a0PM\nGuest: Jo & Comap",
      "https://x.example/?a=1&b=2",
    ]);
  });

  test("is none where brackets hold an address or a comparison", () => {
    for (const text of ["Jonah <jonah@example.org> at 4:30 PM", "before <4:30 PM> & after", "a < b"]) expect(textsOf(text)).toEqual([text]);
  });

  test("is edited between its tags, at Google", () => {
    const before = "<p>Saturday, <b>May 30, 2026</b>, <i>4:30</i>&nbsp;PM</p><p>Guest: Jonah Reed</p>";
    const after = "<p>Saturday, <b>May 30, 2026</b>, <i>3:30</i>&nbsp;PM</p><p>Guest: Ann &amp; Co</p>";
    expect(edited(opened(googleEventCodec, google(before, "16:30")))).toBe(google(after));
  });

  test("says nothing by what it strikes out", () => {
    const text = "<s>Saturday, May 30, 2026, 4:30 PM</s> Saturday, May 30, 2026, 3:30 PM";
    expect(edited(opened(googleEventCodec, google(text)))).toBe(google(text));
  });

  test("is edited in X-ALT-DESC as in DESCRIPTION, escapes and folds included", () => {
    const now = edited(opened(icalendarCodec, calendar("4:30", "16", ["Jonah Reed", "Jonah Reed"])));
    expect(unfolded(now)).toBe(unfolded(calendar("3:30", "15", ["Ann & Co", "Ann &amp\\; Co"])));
  });
});
