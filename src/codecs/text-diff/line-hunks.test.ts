import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { commonAnchors } from "./anchors.ts";
import { lineHunks } from "./line-hunks.ts";

/** Replays hunks over `before`; equals `after` exactly when the hunks are right. */
function replay(before: readonly string[], after: readonly string[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const hunk of lineHunks(before, after)) {
    result.push(...before.slice(at, hunk.beforeStart), ...after.slice(hunk.afterStart, hunk.afterEnd));
    at = hunk.beforeEnd;
  }
  return [...result, ...before.slice(at)];
}

const lines = array(constantFrom("a\n", "b\n", "c\n", "\n", "</div>\n"), { maxLength: 60 });

describe("lineHunks", () => {
  test("hunks turn one text into the other, whatever the texts", () => {
    assert(
      property(lines, lines, (before, after) => {
        expect(replay(before, after)).toEqual(after);
      }),
    );
  });

  test("equal texts have no hunks", () => {
    assert(
      property(lines, (text) => {
        expect(lineHunks(text, [...text])).toEqual([]);
      }),
    );
  });

  test("one changed line in ten thousand is one hunk of one line", () => {
    const before = Array.from({ length: 10_000 }, (_, at) => `line ${at}\n`);
    const after = before.with(5_000, "changed\n");
    expect(lineHunks(before, after)).toEqual([{ beforeStart: 5_000, beforeEnd: 5_001, afterStart: 5_000, afterEnd: 5_001 }]);
  });

  test("texts too different for the exact algorithm still keep their unique common lines", () => {
    const before = Array.from({ length: 6_000 }, (_, at) => (at % 3 === 0 ? `kept ${at}\n` : `old ${at}\n`));
    const after = Array.from({ length: 6_000 }, (_, at) => (at % 3 === 0 ? `kept ${at}\n` : `new ${at}\n`));
    const hunks = lineHunks(before, after);
    expect(hunks).toHaveLength(2_000);
    expect(replay(before, after)).toEqual(after);
  });

  test("a million lines that have nothing in common are one block", () => {
    const before = Array.from({ length: 500_000 }, (_, at) => `${at % 7}\n`);
    const after = Array.from({ length: 500_000 }, (_, at) => `x${at % 5}\n`);
    expect(lineHunks(before, after)).toEqual([{ beforeStart: 0, beforeEnd: 500_000, afterStart: 0, afterEnd: 500_000 }]);
  });
});

describe("commonAnchors", () => {
  test("a line that moved on one side is no anchor", () => {
    expect(commonAnchors([1, 2, 3, 4], [[1, 3, 4, 2]])).toEqual([
      [0, 0],
      [2, 1],
      [3, 2],
    ]);
  });

  test("a line that is repeated on any side is no anchor", () => {
    expect(
      commonAnchors(
        [1, 2, 3],
        [
          [1, 2, 2, 3],
          [2, 1],
        ],
      ),
    ).toEqual([[0, 0, 1]]);
  });
});
