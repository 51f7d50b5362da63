import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecordDocument, Segment } from "../../core/records/document.ts";
import { itemBytes, itemOf, plainNumber } from "../../core/records/typed-item.ts";
import { itemCodec } from "./item-codec.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

function open(content: string | Uint8Array): RecordDocument {
  const read = itemCodec.read(typeof content === "string" ? bytesOf(content) : content, {});
  if (read.kind === "unreadable") throw new Error(read.why);
  return read.document;
}

function segment(document: RecordDocument, name: string): Segment {
  const found = document.segments.find(({ place }) => place.name === name);
  if (!found) throw new Error(`no ${name}: ${document.segments.map(({ place }) => place.name).join(", ")}`);
  return found;
}

/** The sealed text after one part of a segment was replaced; `undefined` where it cannot be said. */
function edited(document: RecordDocument, at: Segment, [from, to]: readonly [number, number], text: string): string | undefined {
  const [span] = at.spans(from, to);
  const said = at.encode(text);
  if (!span || !said) return undefined;
  const { bytes } = document;
  return textOf(document.seal(Buffer.concat([bytes.subarray(0, span.start), said, bytes.subarray(span.end)])));
}

const typed =
  '{"crew":{"SS":["ada","mara"]},"guest_code":{"S":"S2FJLN"},"n":{"N":"12.30"},"open":{"BOOL":true},"photo":{"B":"AAEC"},"spare":{"NULL":true},"trip":{"M":{"legs":{"L":[{"S":"out"},{"N":"2"}]},"start_time":{"S":"15:30"}}}}';

describe("an item of DynamoDB", () => {
  it("has a segment for each scalar, named by its path without types", () => {
    const seen = open(typed).segments.map(({ place, text }) => [place.name, text, place.parameters?.["type"]]);
    expect(seen).toEqual([
      ["crew[0]", "ada", "SS"],
      ["crew[1]", "mara", "SS"],
      ["guest_code", "S2FJLN", "S"],
      ["n", "12.30", "N"],
      ["open", "true", "BOOL"],
      ["trip.legs[0]", "out", "S"],
      ["trip.legs[1]", "2", "N"],
      ["trip.start_time", "15:30", "S"],
    ]);
  });

  it("keeps every other byte when one value is edited, numbers as they were written included", () => {
    const document = open(typed);
    expect(edited(document, segment(document, "trip.start_time"), [0, 2], "16")).toBe(typed.replace("15:30", "16:30"));
  });

  it("puts an edited set in order, as its store will give it back", () => {
    const document = open(typed);
    expect(edited(document, segment(document, "crew[0]"), [0, 3], "zoe")).toBe(typed.replace('["ada","mara"]', '["mara","zoe"]'));
  });

  it("spells a new number as DynamoDB will, and refuses what is none", () => {
    const document = open(typed);
    const number = segment(document, "n");
    expect(edited(document, number, [0, 5], "14.50")).toBe(typed.replace("12.30", "14.5"));
    for (const wrong of ["noon", "", "1".repeat(39), "0x10", "1e200", "NaN"]) expect(number.encode(wrong)).toBeUndefined();
  });

  it("takes only true and false for a truth value", () => {
    const truth = segment(open(typed), "open");
    expect([truth.encode("false") === undefined, truth.encode("no")]).toEqual([false, undefined]);
  });

  it.each([
    ["a type that is none", '{"a":{"X":"1"}}', ["a.X"]],
    ["two types at once", '{"a":{"S":"1","N":"1"}}', ["a.S", "a.N"]],
    ["an attribute that is a text", '{"a":{"S":"1"},"b":"2"}', ["a.S", "b"]],
  ])("is no item with %s: its JSON is read as it stands", (_, text, names) => {
    expect(open(text).segments.map(({ place }) => place.name)).toEqual(names);
  });

  it("tells when and by whom it was changed, where its attributes say so", () => {
    const told = open('{"updated_at":{"S":"2026-05-20T10:00:00-07:00"},"updated_by":{"S":"Ada"}}').told?.("");
    expect(told).toEqual({ changedAt: "2026-05-20T17:00:00.000Z", by: "Ada" });
    expect(open('{"updated_at":{"N":"1779296400"}}').told?.("")).toEqual({ changedAt: "2026-05-20T17:00:00.000Z" });
    expect(open('{"updated_at":{"S":"20 May"}}').told).toBeUndefined();
  });
});

describe("plain JSON", () => {
  const event =
    '{\n  "kind": "calendar#event",\n  "sequence": 3,\n  "start": { "dateTime": "2026-05-30T16:30:00-07:00" },\n  "summary": "Sunset — Zoë \\u00e9\\ud83d\\ude00!",\n  "updated": "2026-05-20T10:00:00.000Z",\n  "attendees": [null, {"a.b": 1}]\n}\n';

  it("keeps its white space, its escapes and everything else around an edit", () => {
    const document = open(event);
    const start = segment(document, "start.dateTime");
    expect(edited(document, start, [11, 16], "15:30")).toBe(event.replace("16:30", "15:30"));
    expect(segment(document, 'attendees[1]["a.b"]').text).toBe("1");
  });

  it("finds the bytes of each character, escaped or not, and never parts a pair", () => {
    const document = open(event);
    const summary = segment(document, "summary");
    expect(summary.text).toBe("Sunset — Zoë é😀!");
    const sliced = (from: number, to: number): string => {
      const [span] = summary.spans(from, to);
      return textOf(document.bytes.subarray(span?.start, span?.end));
    };
    expect([sliced(7, 8), sliced(11, 12), sliced(13, 14), sliced(16, 17)]).toEqual(["—", "ë", "\\u00e9", "!"]);
    expect([sliced(14, 15), sliced(15, 16), sliced(14, 16)]).toEqual(Array.from({ length: 3 }, () => "\\ud83d\\ude00"));
  });

  it("of a calendar's event tells its last change and sequence", () => {
    expect(open(event).told?.("")).toEqual({ changedAt: "2026-05-20T10:00:00.000Z", sequence: 3 });
  });

  it("with a byte order mark counts it in every span", () => {
    const document = open(`\uFEFF{"a":"x"}`);
    expect(segment(document, "a").spans(0, 1)).toEqual([{ start: 9, end: 10 }]);
  });

  it("marks a text with a placeholder as a template's", () => {
    expect(segment(open('{"a":"from {{start}} on"}'), "a").place.isTemplate).toBe(true);
  });

  it.each([
    ["not UTF-8", new Uint8Array([0x22, 0xff, 0x22]), "it is not in UTF-8"],
    ["cut", '{"a":', "it is no JSON: it breaks off"],
    ["followed by something", "{} x", "it is no JSON: it goes wrong at character 4"],
    ["with a comma too many", '{"a":1,}', "it is no JSON: it goes wrong at character 8"],
    ["one name twice", '{"a":1,"a":2}', 'one object has the name "a" twice'],
    ["a number that JSON lacks", "[01]", "it is no JSON: it goes wrong at character 3"],
    ["too deep", `${"[".repeat(300)}${"]".repeat(300)}`, "it nests deeper than 200 levels"],
  ])("is unreadable where it is %s", (_, content, why) => {
    expect(itemCodec.read(typeof content === "string" ? bytesOf(content) : content, {})).toEqual({ kind: "unreadable", why });
  });

  it("any value can be put in any text's place, and nothing else changes", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 12 });
    fc.assert(
      fc.property(fc.dictionary(text, text, { minKeys: 1, maxKeys: 4 }), text, fc.nat(), (held, put, pick) => {
        const document = open(JSON.stringify(held));
        const at = document.segments[pick % document.segments.length];
        const name = Object.keys(held)[pick % document.segments.length] ?? "";
        if (!at) throw new Error("no segment");
        const after: unknown = JSON.parse(edited(document, at, [0, at.text.length], put) ?? "");
        expect(after).toEqual(Object.fromEntries(Object.entries(held).map(([each, value]) => [each, each === name ? put : value])));
      }),
      { numRuns: 200 },
    );
  });
});

describe("typed items", () => {
  it("of equal content have equal bytes, whatever the order of attributes and members", () => {
    const one = itemOf({ b: { NS: ["2", "1"] }, a: { S: "x" } });
    const other = itemOf({ a: { S: "x" }, b: { NS: ["1", "2"] } });
    expect(one && other && textOf(itemBytes(one))).toBe(other && textOf(itemBytes(other)));
  });

  it.each([
    ["12.30", "12.3"],
    ["1E+2", "100"],
    ["-0", "0"],
    ["0012", "12"],
    [".5", "0.5"],
    ["-1.50e-3", "-0.0015"],
    ["1".repeat(38), "1".repeat(38)],
    ["1E125", `1${"0".repeat(125)}`],
    ["1E-130", `0.${"0".repeat(129)}1`],
    ["1E126", undefined],
    ["1E-131", undefined],
    ["1".repeat(39), undefined],
    ["1.2.3", undefined],
    [".", undefined],
  ])("the number %s is spelt %s", (text, plain) => {
    expect(plainNumber(text)).toBe(plain);
  });
});
