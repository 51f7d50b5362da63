import { describe, expect, test } from "vitest";
import type { Field, RecordKind } from "../kind.ts";
import type { FieldType } from "../value.ts";
import { wordClaims } from "./word-claims.ts";

const field = (name: string, type: FieldType): Field => ({ name, type, authority: { kind: "ask" }, words: [name] });
const kind: RecordKind = {
  name: "booking",
  zone: "Europe/Berlin",
  fields: [
    field("guest", "person"),
    field("mail", "email"),
    field("web", "link"),
    field("phone", "phone"),
    field("where", "place"),
    field("note", "text"),
  ],
  systems: [],
  pointers: [],
  identity: { keys: [], match: [], oneToOne: [] },
  features: [],
  watch: { everyMs: 60_000, perHourMax: 30, flapsMax: 3 },
};
const said = (text: string): readonly string[] =>
  wordClaims(text, kind).map(({ field: name, from, to }) => `${name}=${text.slice(from, to)}`);

describe("the value behind a label", () => {
  test.each([
    ["Mail: ana@x.example. Thanks", ["mail=ana@x.example"]],
    ["Web: https://x.example/a,b?q=1:2.", ["web=https://x.example/a,b?q=1:2"]],
    ["Web: www.x.example/a, and more", ["web=www.x.example/a"]],
    ["Phone: +1 (619) 555-0100, ext", ["phone=+1 (619) 555-0100"]],
    ["Where: Pier 4, Harbor Dr.", ["where=Pier 4, Harbor Dr"]],
    ["Where: Pier 4, Harbor Dr. Suite 5\nNext: x", ["where=Pier 4, Harbor Dr. Suite 5"]],
    ["Note: Bring a coat, 4:30 sharp (or later). Then sail", ["note=Bring a coat, 4:30 sharp (or later)"]],
  ])("is whole by its type's own grammar: %s", (text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  test.each([
    ["Guest: Ana Reyes\nPhone: on file", ["guest=Ana Reyes"]],
    ["Where: Pier 4 Bring: coat", ["where=Pier 4"]],
    ["Where: Pier 4 | Note: warm", ["where=Pier 4", "note=warm"]],
  ])("ends before the next label: %s", (text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  test("goes on over the end of a wrapped line where a family name stands there", () => {
    expect(said("Guest: Ana\n   Reyes sails")).toEqual(["guest=Ana\n   Reyes"]);
    expect(said("Guest: Ana\nPhone: 5550100")).toEqual(["guest=Ana", "phone=5550100"]);
  });

  test("is nobody's name where the label without a colon begins the name of a thing", () => {
    expect(said("Guest Wi-Fi Password")).toEqual([]);
    expect(said("Guest Ana Reyes")).toEqual(["guest=Ana Reyes"]);
  });
});
