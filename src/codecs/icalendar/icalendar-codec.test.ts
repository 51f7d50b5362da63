import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Edit, RecordDocument, Segment } from "../../core/records/document.ts";
import { canonicalCalendar } from "./canonical-calendar.ts";
import { icalendarCodec } from "./icalendar-codec.ts";

const utf8 = new TextEncoder();
const event = (...lines: readonly string[]): string =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//harbour//EN", "BEGIN:VEVENT", ...lines, "END:VEVENT", "END:VCALENDAR", ""].join("\r\n");

function documentOf(text: string | Uint8Array): RecordDocument {
  const read = icalendarCodec.read(typeof text === "string" ? utf8.encode(text) : text, {});
  if (read.kind === "unreadable") throw new Error(read.why);
  return read.document;
}

function whyOf(text: string | Uint8Array): string {
  const read = icalendarCodec.read(typeof text === "string" ? utf8.encode(text) : text, {});
  return read.kind === "unreadable" ? read.why : "";
}

function segment(document: RecordDocument, name: string): Segment {
  const found = document.segments.find(({ place }) => place.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

/** The bytes with some edits, as whoever applies a plan makes them. */
function edited(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let kept = 0;
  const parts: Uint8Array[] = [];
  for (const { span, bytes: put } of edits) {
    parts.push(bytes.subarray(kept, span.start), put);
    kept = span.end;
  }
  return Buffer.concat([...parts, bytes.subarray(kept)]);
}

/** A part of a segment said otherwise, sealed. */
function said(document: RecordDocument, name: string, from: string, to: string): string {
  const held = segment(document, name);
  const at = held.text.indexOf(from);
  const [span] = held.spans(at, at + from.length);
  const bytes = held.encode(to);
  if (!span || !bytes || at === -1) throw new Error("it cannot be said there");
  return Buffer.from(document.seal(edited(document.bytes, [{ span, bytes }]))).toString("utf8");
}

const others = (text: Uint8Array): string[] =>
  Buffer.from(text)
    .toString("utf8")
    .replaceAll(/\r\nSUMMARY:[^\r]*(?:\r\n [^\r]*)*/gu, "")
    .split("\r\n");

const tended = (text: string): string => {
  const document = documentOf(text);
  return Buffer.from(edited(document.bytes, document.upkeep?.("1", "2026-05-22T17:58:00.123Z") ?? [])).toString("utf8");
};

const shownAs = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

describe("segments", () => {
  it("are named for their property, with its parameters, and belong to their event", () => {
    const { segments, parts } = documentOf(
      event("UID:4711", 'DTSTART;TZID="America/Los_Angeles":20260530T163000', "SUMMARY:Sunset\\, for two"),
    );
    expect(parts).toEqual(["4711"]);
    expect(segments.find(({ place }) => place.name === "DTSTART")?.place).toEqual({
      medium: "property",
      name: "DTSTART",
      label: "DTSTART of UID 4711",
      part: "4711",
      parameters: { TZID: "America/Los_Angeles" },
      isDatum: true,
    });
    expect(segments.map(({ text }) => text)).toContain("Sunset, for two");
  });

  it("read carets in parameters, names in lower case, line feeds alone, tabs as folds and a missing last newline", () => {
    const text =
      "\uFEFFbegin:vcalendar\nbegin:vevent\nuid:7\nattendee;cn=Ada ^'Skip^' Moor^nMate:mailto:ada@example.org\nsummary:one\n\ttwo\nend:vevent\nend:vcalendar";
    const document = documentOf(text);
    expect(segment(document, "ATTENDEE").place.parameters).toEqual({ CN: 'Ada "Skip" Moor\nMate' });
    expect(segment(document, "SUMMARY").text).toBe("onetwo");
  });

  it("are found again in the bytes, whatever is folded within a character and escaped", () => {
    const whole = utf8.encode(event("UID:1", "DESCRIPTION:Café"));
    const at = Buffer.from(whole).indexOf(Buffer.from("é")) + 1;
    const folded = Buffer.concat([whole.subarray(0, at), Buffer.from("\r\n "), whole.subarray(at)]);
    const document = documentOf(folded);
    const held = segment(document, "DESCRIPTION");
    expect(held.text).toBe("Café");
    expect(held.spans(3, 4)).toEqual([{ start: at - 1, end: at + 4 }]);
    expect(held.spans(0, 3)).toEqual([{ start: at - 4, end: at - 1 }]);
  });

  it("say any text again as it was, and leave the other lines' bytes alone", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 120 }), fc.string({ unit: "grapheme", maxLength: 120 }), (before, after) => {
        // oxlint-disable-next-line no-control-regex -- what no calendar can hold.
        const [first, second] = [before, after].map((text) => text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f]/gu, ""));
        const document = documentOf(event("UID:1", "SUMMARY:x", "LOCATION:Dock\\; 4", `X-OTHER:${"long ".repeat(30)}`));
        const written = documentOf(utf8.encode(said(document, "SUMMARY", "x", first ?? "")));
        expect(segment(written, "SUMMARY").text).toBe(first);
        const [span] = segment(written, "SUMMARY").spans(0, first?.length ?? 0);
        const bytes = segment(written, "SUMMARY").encode(second ?? "");
        if (!span || !bytes) throw new Error("it cannot be said");
        const again = written.seal(edited(written.bytes, [{ span, bytes }]));
        expect(segment(documentOf(again), "SUMMARY").text).toBe(second);
        expect(others(again)).toEqual(others(document.bytes));
      }),
      { numRuns: 100 },
    );
  });

  it("that change fold their own line at 75 octets, and no other", () => {
    const long = `X-LONG:${"a".repeat(200)}`;
    const text = said(documentOf(event("UID:1", "SUMMARY:short", long)), "SUMMARY", "short", "ü".repeat(60));
    const lines = text.split("\r\n");
    expect(lines).toContain(long);
    expect(lines.filter((line) => line !== long).every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    expect(segment(documentOf(text), "SUMMARY").text).toBe("ü".repeat(60));
  });

  it("of a list are its values, and a comma within one stays", () => {
    const document = documentOf(event("UID:1", "CATEGORIES:sail\\, slow,sunset", "EXDATE:20260530T163000Z,20260531T163000Z"));
    const texts = document.segments.filter(({ place }) => ["CATEGORIES", "EXDATE"].includes(place.name)).map(({ text }) => text);
    expect(texts).toEqual(["sail, slow", "sunset", "20260530T163000Z", "20260531T163000Z"]);
  });

  it("read quoted-printable of old calendars, over soft line breaks", () => {
    const document = documentOf(event("UID:1", "SUMMARY;ENCODING=QUOTED-PRINTABLE:Caf=C3=A9 at 4:30=", " PM"));
    expect(segment(document, "SUMMARY").text).toBe("Café at 4:30 PM");
    expect(segment(documentOf(said(document, "SUMMARY", "4:30", "3:30")), "SUMMARY").text).toBe("Café at 3:30 PM");
  });

  it("with bytes that are no UTF-8 take nothing but ASCII, and keep those bytes", () => {
    const bytes = Buffer.from(event("UID:1", "SUMMARY:Caf\u00e9 4:30"), "latin1");
    const document = documentOf(bytes);
    expect(segment(document, "SUMMARY").encode("é")).toBeUndefined();
    const [span] = segment(document, "SUMMARY").spans(5, 9);
    expect(span && bytes.subarray(span.start, span.end).toString("latin1")).toBe("4:30");
  });

  it("keep bare commas of a property that no standard knows", () => {
    const document = documentOf(event("UID:1", "X-APPLE-STRUCTURED-LOCATION;VALUE=URI:geo:37.8,-122.4", "X-NOTE:a,b", "X-TEXT:a\\,b"));
    expect(segment(document, "X-NOTE").encode("c,d")).toEqual(utf8.encode("c,d"));
    expect(segment(document, "X-TEXT").encode("c,d")).toEqual(utf8.encode("c\\,d"));
  });

  it("take no line breaks where a value has no escapes", () => {
    expect(segment(documentOf(event("UID:1", "URL:https://example.org/")), "URL").encode("a\nb")).toBeUndefined();
  });
});

describe("parts", () => {
  it("tell an instance from its series, and a repeated UID by its number", () => {
    const two = event(
      "UID:1",
      "RECURRENCE-ID:20260530T163000Z",
      "END:VEVENT",
      "BEGIN:VEVENT",
      "UID:1",
      "END:VEVENT",
      "BEGIN:VEVENT",
      "UID:1",
    );
    const document = documentOf(two);
    expect(document.parts).toEqual(["1 20260530T163000Z", "1", "1 (2)"]);
    expect(document.flaws).toEqual(["line 11: an event has the UID and RECURRENCE-ID of an earlier one"]);
  });

  it("tell who changed them last and when", () => {
    const held = event(
      "UID:1",
      "DTSTAMP:20260501T100000Z",
      "LAST-MODIFIED:20260520T093000Z",
      "SEQUENCE:3",
      "ORGANIZER;CN=Mara:mailto:mara@example.org",
    );
    expect(documentOf(held).told?.("1")).toEqual({ changedAt: "2026-05-20T09:30:00.000Z", by: "Mara", sequence: 3 });
    expect(documentOf(event("UID:1")).told?.("1")).toEqual({});
  });
});

describe("upkeep", () => {
  it("raises SEQUENCE, sets DTSTAMP and LAST-MODIFIED, and keeps every other byte", () => {
    const before = event("UID:1", "DTSTAMP:20260501T100000Z", "LAST-MODIFIED;X-A=b:20260501T100000Z", "SEQUENCE:9", "X-OWN:1");
    expect(tended(before)).toBe(before.replaceAll("20260501T100000Z", "20260522T175800Z").replace("SEQUENCE:9", "SEQUENCE:10"));
  });

  it("puts SEQUENCE in where there is none, in its place where properties are sorted", () => {
    expect(tended(event("DTSTAMP:20260501T100000Z", "RRULE:FREQ=DAILY", "SUMMARY:x", "UID:1"))).toContain(
      "RRULE:FREQ=DAILY\r\nSEQUENCE:1\r\nSUMMARY",
    );
    expect(tended(event("UID:1", "SUMMARY:x"))).toContain("SUMMARY:x\r\nSEQUENCE:1\r\nEND:VEVENT");
  });

  it("leaves a canonical calendar canonical", () => {
    const document = documentOf(
      canonicalCalendar(utf8.encode(event("UID:1", "SUMMARY:x", "DTSTAMP:20260501T100000Z", "DTSTART:20260530T163000Z"))),
    );
    const bytes = edited(document.bytes, document.upkeep?.("1", "2026-05-22T17:58:00Z") ?? []);
    expect(canonicalCalendar(bytes)).toEqual(new Uint8Array(bytes));
  });
});

describe("what is no whole calendar", () => {
  it.each([
    ["is empty", "", "it holds no BEGIN:VCALENDAR"],
    [
      "was cut off",
      event("UID:1").slice(0, -27),
      "it ends inside VEVENT, which begins at line 4: it was cut off, or END:VEVENT is missing",
    ],
    ["ends what is not open", event("END:VALARM"), "line 5 ends VALARM where VEVENT of line 4 is open"],
    ["is a page", "<!doctype html><title>Sign in</title>", "it holds no BEGIN:VCALENDAR"],
    ["is an event alone", "BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n", "line 1 begins VEVENT outside of VCALENDAR"],
  ])("%s and is unreadable, with the reason", (_, text, why) => {
    expect(whyOf(text)).toBe(why);
  });

  it("is UTF-16, and is unreadable", () => {
    expect(whyOf(Buffer.from(`\uFEFF${event("UID:1")}`, "utf16le"))).toContain("UTF-16");
  });

  it("never makes the codec throw", () => {
    const lines = fc.constantFrom(
      "BEGIN:VCALENDAR",
      "END:VCALENDAR",
      "BEGIN:VEVENT",
      "END:VEVENT",
      "DTSTART;TZID=:x",
      "RRULE:FREQ=",
      ' "',
      ";:;=\\",
      "DTSTART:99999999T999999",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(lines, fc.string()), { maxLength: 20 }), fc.uint8Array({ maxLength: 30 }), (words, tail) => {
        const read = icalendarCodec.read(Buffer.concat([Buffer.from(words.join("\r\n")), tail]), {});
        expect(["document", "unreadable"]).toContain(read.kind);
      }),
      { numRuns: 300 },
    );
  });

  it("is read as far as it is sound, with what is wrong", () => {
    const document = documentOf(event("UID:1", "no colon here", "SUMMARY:x"));
    expect(document.flaws).toEqual(["line 6: it is no content line: it has no name, or no colon after it"]);
    expect(segment(document, "SUMMARY").text).toBe("x");
  });
});

describe("the canonical form", () => {
  it("is the same for every order, width and case in which a server writes a calendar", () => {
    const ours = event(
      "UID:1",
      'ATTENDEE;ROLE=CHAIR;CN="Ada":mailto:a@example.org',
      "DTSTART:20260530T163000Z",
      `SUMMARY:${"é".repeat(50)}`,
    );
    const theirs = [
      "BEGIN:VCALENDAR\nprodid:-//harbour//EN\nVERSION:2.0\nBEGIN:VEVENT\ndtstart:20260530T163000Z\n",
      "ATTENDEE;CN=Ada;ROLE=CHAIR:mailto:a@example.org\nSUMMARY:é\n ",
      `${"é".repeat(49)}\nUID:1\nEND:VEVENT\nEND:VCALENDAR`,
    ].join("");
    expect(shownAs(canonicalCalendar(utf8.encode(theirs)))).toBe(shownAs(canonicalCalendar(utf8.encode(ours))));
  });

  it("keeps every property, parameter and byte of a value, and is its own form", () => {
    const lines = [
      'X-B;X-P="a:b";X-Q=c,"d;e":one\\,two,three',
      "ATTACH;ENCODING=BASE64;VALUE=BINARY:AAEC",
      "COMMENT:second",
      "COMMENT:first",
      "BEGIN:VALARM",
      "TRIGGER:-PT15M",
      "ACTION:DISPLAY",
      "END:VALARM",
    ];
    const form = canonicalCalendar(utf8.encode(event("UID:1", ...lines)));
    expect(canonicalCalendar(form)).toEqual(form);
    expect(shownAs(form).split("\r\n")).toEqual([
      "BEGIN:VCALENDAR",
      "PRODID:-//harbour//EN",
      "VERSION:2.0",
      "BEGIN:VEVENT",
      "ATTACH;ENCODING=BASE64;VALUE=BINARY:AAEC",
      "COMMENT:second",
      "COMMENT:first",
      "UID:1",
      'X-B;X-P="a:b";X-Q=c,"d;e":one\\,two,three',
      "BEGIN:VALARM",
      "ACTION:DISPLAY",
      "TRIGGER:-PT15M",
      "END:VALARM",
      "END:VEVENT",
      "END:VCALENDAR",
      "",
    ]);
  });

  it("of what cannot be read is what it was", () => {
    const cut = utf8.encode(event("UID:1").slice(0, -20));
    expect(canonicalCalendar(cut)).toBe(cut);
  });
});
