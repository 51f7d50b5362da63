import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aligned, cutTo, padTo, widthOf, wrap } from "./text-width.ts";

describe("the width of a text", () => {
  test.each([
    ["tide", 4],
    ["", 0],
    ["é", 1],
    ["e\u0301", 1],
    ["港", 2],
    ["한국", 4],
    ["ｔ", 2],
    ["⛵", 2],
    ["👩‍👩‍👧", 2],
    ["✖", 1],
    ["“a”", 3],
    ["\u001b[31mred\u001b[39m", 3],
  ])("of %j is %i columns", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

test("a cut text never exceeds its columns and keeps what fits", () => {
  expect(cutTo("港の時刻表", 7)).toBe("港の時…");
  expect(cutTo("harbour", 7)).toBe("harbour");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), fc.integer({ min: 1, max: 30 }), (text, width) => {
      expect(widthOf(cutTo(text, width))).toBeLessThanOrEqual(width);
    }),
  );
});

test("wrapped lines keep every word in order, and none is wider than asked but a single long word", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z港]{1,14}$/u), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 10, max: 40 }),
      (words, width) => {
        const lines = wrap(words.join(" "), { width, first: "> ", rest: "  " });
        expect(lines.map((line) => line.slice(2)).join(" ")).toBe(words.join(" "));
        expect(lines.filter((line) => line.slice(2).includes(" ") && widthOf(line) > width)).toEqual([]);
      },
    ),
  );
});

test("two spaces within a text do not set the next line askew", () => {
  expect(wrap("aaaa bbbb  cccc", { width: 9 })).toEqual(["aaaa bbbb", "cccc"]);
  expect(wrap("aaaa bb   cccc", { width: 8 })).toEqual(["aaaa bb", "cccc"]);
});

test("columns stand under one another whatever the script", () => {
  expect(
    aligned([
      ["港", "x"],
      ["tide", "y"],
      ["", "z"],
    ]),
  ).toEqual(["港    x", "tide  y", "      z"]);
  expect(padTo("港", 4)).toBe("港  ");
});
