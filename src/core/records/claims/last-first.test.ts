import { expect, test } from "vitest";
import type { Field, RecordKind } from "../kind.ts";
import { inOrderOf } from "./last-first.ts";
import { readText } from "./read-text.ts";
import { wordClaims } from "./word-claims.ts";

const guest: Field = { name: "guest", type: "person", authority: { kind: "ask" }, words: ["guest"] };
const kind: RecordKind = {
  name: "booking",
  zone: "UTC",
  fields: [guest],
  systems: [],
  pointers: [],
  identity: { keys: [], match: [], oneToOne: [] },
  features: [],
  watch: { everyMs: 1, perHourMax: 1, flapsMax: 1 },
};

const said = (text: string): readonly string[] =>
  wordClaims(text, kind).map(({ from, to, value, readings = [] }) => {
    const names = (value ? [value] : readings).map((one) => (one.kind === "text" ? one.text : "?"));
    return `${text.slice(from, to)} = ${names.join(" or ")}`;
  });

test("a family name before a comma is read with the given name behind it", () => {
  expect(said("Guest: O'Brien, Pat")).toEqual(["O'Brien, Pat = Pat O'Brien"]);
  expect(said("Guest: Lund-Ruiz, Kim. Welcome")).toEqual(["Lund-Ruiz, Kim = Kim Lund-Ruiz"]);
  expect(said("Guest: Stone, Amy B. (4 guests)")).toEqual(["Stone, Amy B. = Amy B. Stone"]);
});

test("what may be a town or a second guest behind a comma stays open", () => {
  expect(said("Guest: Stone, Boston")).toEqual(["Stone, Boston = Boston Stone or Stone"]);
  expect(said("Guest: Ana, Ben")).toEqual(["Ana, Ben = Ben Ana or Ana"]);
});

test("other things behind a comma leave the name as it is", () => {
  for (const text of ["Guest: Jonah, May 30", "Guest: Jonah, Captain: Mara", "Guest: Jonah, Saturday", "Guest: Jonah, welcome aboard"])
    expect([text, said(text)]).toEqual([text, ["Jonah = Jonah"]]);
  expect(said("Guest: Max Ruiz, Jr.")).toEqual(["Max Ruiz, Jr. = Max Ruiz, Jr."]);
});

test("a couple is one guest", () => {
  expect(said("Guest: Mr. and Mrs. Smith")).toEqual(["Mr. and Mrs. Smith = Mr. and Mrs. Smith"]);
});

test("a whole text of a place for a person is a name in either order", () => {
  expect(readText("O'Brien, Pat", "person")).toEqual({ kind: "text", text: "Pat O'Brien" });
  expect(readText("Max Ruiz, Jr.", "person")).toEqual({ kind: "text", text: "Max Ruiz, Jr." });
  expect(readText("Port Grace, Pier 3", "place")).toEqual({ kind: "text", text: "Port Grace, Pier 3" });
});

test("a name is written in the order of the one that it replaces", () => {
  expect(inOrderOf("O'Brien, Pat", "Kim van der Ruiz")).toBe("van der Ruiz, Kim");
  expect(inOrderOf("Pat O'Brien", "Kim Lee")).toBe("Kim Lee");
  expect(inOrderOf("O'Brien, Pat", "Max Ruiz, Jr.")).toBeUndefined();
});
