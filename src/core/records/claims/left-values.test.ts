import { expect, test } from "vitest";
import { booking } from "../../../../test/scenarios/records/records-world.ts";
import type { RecordDocument, Segment } from "../document.ts";
import type { Value } from "../value.ts";
import { leftValues } from "./left-values.ts";

const text = (said: string): Value => ({ kind: "text", text: said });

/** What a page of one line leaves of an old guest where another one holds. */
function left(line: string, old: string, held: string): readonly string[] {
  const place = { medium: "text", name: "", label: "<p>, line 1", part: "" } as const;
  const segment: Segment = { text: line, place, spans: () => [], encode: () => undefined };
  const document: RecordDocument = { segments: [segment], parts: [""], bytes: new Uint8Array(), seal: (bytes) => bytes };
  const about = { kind: booking, part: "", claims: [], old: new Map([["guest", [text(old)]]]), held: [text(held)] };
  return leftValues(document, about).map(({ raw, isOpen }) => `${raw}: ${isOpen ? "open" : "told"}`);
}

test("a copy of an old name is left open, and so is a part of it that the new one has not", () => {
  expect(left("Welcome, Ana Lee", "Ana Lee", "Petra Lund")).toEqual(["Ana Lee: open"]);
  expect(left("Ana's crew", "Ana Lee", "Bo Lee")).toEqual(["Ana: open"]);
});

test("what holds is no old name, however the old one was spaced", () => {
  expect(left("Welcome, Ana Lee", "Ana  Lee", "Ana Lee")).toEqual([]);
  expect(left("Welcome, Ana Lee", "ANA\u00a0Lee", "Ana Lee")).toEqual([]);
});
