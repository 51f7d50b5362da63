import { expect, test } from "vitest";
import { booking } from "../../../../test/scenarios/records/records-world.ts";
import { findKnown, indexKnown } from "./known-values.ts";

const known = indexKnown(booking, [["guest", { kind: "text", text: "Jonah Reed" }]]);

test("a known name is found beside every mark and in every width of its letters, and no part of a word is one", () => {
  const found = [
    "– Jonah Reed – 4 PM",
    "“Jonah Reed”",
    "Jonah Reed’s trip",
    "Ana·Jonah\u00A0Reed…",
    "\uFF2Aonah Reed",
    "é Jonah Reed",
    "Jonah’s – Ana Reed",
    "Jonah’Reed",
    "Jonahé Reed",
  ].map((text) => findKnown(text, known).map(({ from, to }) => text.slice(from, to)));
  expect(found).toEqual([
    ["Jonah Reed"],
    ["Jonah Reed"],
    ["Jonah Reed"],
    ["Jonah\u00A0Reed"],
    ["\uFF2Aonah Reed"],
    ["Jonah Reed"],
    [],
    [],
    [],
  ]);
});
