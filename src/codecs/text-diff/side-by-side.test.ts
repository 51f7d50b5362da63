import { array, assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { pairLines } from "./pair-lines.ts";
import { sideBySide, type Cell, type DiffRow, type SideBySide } from "./side-by-side.ts";
import { markedLines, type Piece } from "./word-marks.ts";

const rowsOf = ({ parts }: SideBySide): DiffRow[] => parts.flatMap((part) => part.rows);
const textOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.kind === "cut" ? `<${piece.count}>` : piece.text)).join("");
const marksOf = (pieces: readonly Piece[]): string[] => pieces.flatMap((piece) => (piece.kind === "marked" ? [piece.text] : []));
const side = (rows: readonly DiffRow[], name: "left" | "right"): Cell[] =>
  rows.flatMap((row) => (name === "left" ? ("left" in row ? [row.left] : []) : "right" in row ? [row.right] : []));
const numbered = (count: number): string => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`).join("");

describe("sideBySide", () => {
  test("equal texts have no parts", () => {
    expect(sideBySide({ before: "a\n", after: "a\n" })).toEqual({ parts: [], added: 0, removed: 0, leftOut: 0 });
  });

  test("both texts can be read back from the rows, each line once, in order", () => {
    const line = constantFrom("a\n", "b b\n", "c c c\n", "the boat sails\n", "the boat sails at ten\n", "x\n");
    assert(
      property(array(line), array(line), (left, right) => {
        const all = sideBySide({ before: left.join(""), after: right.join(""), foldedMax: 1_000 });
        if (all.parts.length === 0) return;
        const rows = rowsOf(all);
        expect(side(rows, "left").map(({ line: at, pieces }) => [at, textOf(pieces)])).toEqual(
          left.map((text, at) => [at + 1, text.trimEnd()]),
        );
        expect(side(rows, "right").map(({ line: at, pieces }) => [at, textOf(pieces)])).toEqual(
          right.map((text, at) => [at + 1, text.trimEnd()]),
        );
      }),
    );
  });

  test("unchanged lines far from a change are folded, and counted", () => {
    const before = numbered(100);
    const { parts } = sideBySide({ before, after: before.replace("line 50\n", "line fifty\n"), foldedMax: 60 });
    expect(parts.map((part) => (part.kind === "fold" ? [part.count, part.firstLeft, part.rows.length] : part.rows.length))).toEqual([
      [46, 1, 46],
      7,
      // No room is left for these, so only their number is told.
      [47, 54, 0],
    ]);
  });

  test("what finds no room is counted, so that nothing is missing without a word", () => {
    const all = sideBySide({ before: "", after: numbered(1_000), changedMax: 10 });
    expect(rowsOf(all)).toHaveLength(10);
    expect([all.added, all.removed, all.leftOut]).toEqual([1_000, 0, 990]);
  });

  test("where only the ends of lines differ, the ends are shown", () => {
    const [row] = rowsOf(sideBySide({ before: "a\r\n", after: "a\n" }));
    expect(row?.kind === "changed" && [textOf(row.left.pieces), textOf(row.right.pieces)]).toEqual(["a␍␊", "a␊"]);
    const [last] = rowsOf(sideBySide({ before: "a", after: "a\n" }));
    expect(last?.kind === "changed" && [textOf(last.left.pieces), textOf(last.right.pieces)]).toEqual(["a", "a␊"]);
  });

  test("a change within what may not be shown is still told", () => {
    const all = sideBySide({ before: "key=one\n", after: "key=two\n", shown: { before: "key=[…]\n", after: "key=[…]\n" } });
    expect(rowsOf(all)).toMatchObject([{ kind: "changed", isHidden: true }]);
    expect(JSON.stringify(all)).not.toMatch(/one|two/u);
  });

  test("nothing of a side is shown whose shown form has other lines", () => {
    const all = sideBySide({ before: "secret\nb\n", after: "c\n", shown: { before: "x\n", after: "c\n" } });
    expect(JSON.stringify(all)).not.toContain("secret");
  });

  test("a line of a megabyte is shown around its change", () => {
    const [head, tail] = ["word ".repeat(100_000), " word".repeat(100_000)];
    const [row] = rowsOf(sideBySide({ before: `${head}ten${tail}\n`, after: `${head}noon${tail}\n` }));
    expect(row?.kind).toBe("changed");
    const [left = "", right = ""] = row?.kind === "changed" ? [textOf(row.left.pieces), textOf(row.right.pieces)] : [];
    expect(left.length + right.length).toBeLessThan(1_000);
    expect([left, right]).toEqual([expect.stringContaining("word ten word"), expect.stringContaining("word noon word")]);
    expect(left).toMatch(/^<\d+>.*<\d+>$/u);
  });
});

describe("markedLines", () => {
  test("whole words are marked, and white space between two of them", () => {
    const { left, right } = markedLines("<p>We sail at ten sharp from the pier</p>", "<p>We sail at half past ten from the pier</p>");
    expect([marksOf(left), marksOf(right)]).toEqual([[expect.stringContaining("sharp")], [expect.stringContaining("half past")]]);
    expect([textOf(left), textOf(right)]).toEqual([
      "<p>We sail at ten sharp from the pier</p>",
      "<p>We sail at half past ten from the pier</p>",
    ]);
  });

  test("a word is never cut in two, nor a pair of surrogates", () => {
    expect(marksOf(markedLines("the price is 390 today", "the price is 395 today").right)).toEqual(["395"]);
    expect(marksOf(markedLines("we like 😀 here all day", "we like 😁 here all day").right).every((text) => text.isWellFormed())).toBe(
      true,
    );
  });

  test("lines that have hardly anything in common are not marked word by word", () => {
    expect(marksOf(markedLines("alpha beta gamma", "one two three").left)).toEqual([]);
  });

  test("whatever the lines are, they read as they were", () => {
    assert(
      property(string({ maxLength: 300 }), string({ maxLength: 300 }), (before, after) => {
        const { left, right } = markedLines(before, after);
        expect([textOf(left), textOf(right)]).toEqual([before, after]);
      }),
    );
  });
});

describe("pairLines", () => {
  test("a line stands beside the one that it resembles", () => {
    expect(pairLines(["<h1>The boat sails</h1>", "<p>x</p>"], ["<p>new here</p>", "<h1>The boat sails today</h1>", "<p>x</p>"])).toEqual([
      [undefined, 0],
      [0, 1],
      [1, 2],
    ]);
  });

  test("every line of both sides stands in it once, in order", () => {
    const line = constantFrom("a b", "a c", "x y z", "", "q");
    assert(
      property(array(line), array(line), (left, right) => {
        const pairs = pairLines(left, right);
        expect(pairs.flatMap(([at]) => at ?? [])).toEqual(left.map((_, at) => at));
        expect(pairs.flatMap(([, at]) => at ?? [])).toEqual(right.map((_, at) => at));
      }),
    );
  });
});
