import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { hasConflictMarkers } from "./conflict-markers.ts";
import { twoWayConflict } from "./two-way-conflict.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const labels = { local: "working copy", live: "20 May" };
const conflict = (local: string, live: string): { text: string; conflicts: number } => {
  const outcome = twoWayConflict({ local: bytes(local), live: bytes(live), labels });
  if (outcome.kind === "not-text") throw new Error("text was taken for something else");
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(outcome.bytes);
  return { text, conflicts: outcome.kind === "conflict" ? outcome.conflicts : 0 };
};

/** The text with every conflict decided for one side. */
function chosen(text: string, side: "yours" | "live"): string {
  let where: "both" | "yours" | "live" = "both";
  let kept = "";
  for (const line of text.split(/(?<=\n)/u)) {
    if (line.startsWith("<<<<<<< ")) where = "yours";
    else if (line.startsWith("=======")) where = "live";
    else if (line.startsWith(">>>>>>> ")) where = "both";
    else if (where === "both" || where === side) kept += line;
  }
  return kept;
}

describe("twoWayConflict", () => {
  test("common lines stand once and what differs is a conflict, also where one side only adds", () => {
    expect(conflict("a\nb\nc\n", "a\nb\nnew\nc\n")).toEqual({
      text: "a\nb\n<<<<<<< yours (working copy)\n=======\nnew\n>>>>>>> live (20 May)\nc\n",
      conflicts: 1,
    });
  });

  test("choosing one side everywhere gives that side back", () => {
    const text = array(constantFrom("a\n", "b\n", "c\n", "\n"), { maxLength: 20 }).map((lines) => lines.join(""));
    assert(
      property(text, text, (local, live) => {
        const result = conflict(local, live).text;
        expect(chosen(result, "yours")).toBe(local);
        expect(chosen(result, "live")).toBe(live);
      }),
    );
  });

  test("equal bytes are no conflict", () => {
    expect(twoWayConflict({ local: bytes("\uFEFFa\r\n"), live: bytes("\uFEFFa\r\n"), labels })).toEqual({
      kind: "merged",
      bytes: bytes("\uFEFFa\r\n"),
    });
  });

  test("where words and endings differ, the lines take live's endings and only words conflict", () => {
    const { text, conflicts } = conflict("a\nb\nc\n", "a\r\nB\r\nc\r\n");
    expect(conflicts).toBe(1);
    expect(text).toBe("a\r\n<<<<<<< yours (working copy)\r\nb\r\n=======\r\nB\r\n>>>>>>> live (20 May)\r\nc\r\n");
  });

  test("a difference in nothing but endings is a conflict too", () => {
    const { text, conflicts } = conflict("a\nb\n", "a\r\nb\r\n");
    expect(conflicts).toBe(1);
    expect(chosen(text, "yours")).toBe("a\nb\n");
    expect(chosen(text, "live")).toBe("a\r\nb\r\n");
  });

  test("a byte order mark that one side lacks is a conflict in the first line", () => {
    const { text } = conflict("a\nb\n", "\uFEFFa\nb\n");
    expect(chosen(text, "live")).toBe("\uFEFFa\nb\n");
    expect(chosen(text, "yours")).toBe("a\nb\n");
  });

  test("binary bytes are not merged", () => {
    expect(twoWayConflict({ local: Uint8Array.of(0), live: bytes("a"), labels })).toEqual({ kind: "not-text" });
  });
});

describe("hasConflictMarkers", () => {
  test("every conflict that belay writes is found, also with CRLF", () => {
    expect(hasConflictMarkers(bytes(conflict("a\n", "b\n").text))).toBe(true);
    expect(hasConflictMarkers(bytes(conflict("a\r\n", "b\r\n").text))).toBe(true);
  });

  test("a heading that is underlined with equals signs is no conflict", () => {
    expect(hasConflictMarkers(bytes("Moorings\n=======\n\nSlip 7.\n"))).toBe(false);
    expect(hasConflictMarkers(bytes("Moorings\n========\n<<<<<<< not closed\n"))).toBe(false);
  });

  test("markers out of order, indented or longer are no conflict", () => {
    expect(hasConflictMarkers(bytes("<<<<<<< a\n>>>>>>> b\n"))).toBe(false);
    expect(hasConflictMarkers(bytes(">>>>>>> b\n=======\n<<<<<<< a\n"))).toBe(false);
    expect(hasConflictMarkers(bytes("  <<<<<<< a\n=======\n>>>>>>> b\n"))).toBe(false);
    expect(hasConflictMarkers(bytes("<<<<<<<< a\n=======\n>>>>>>>> b\n"))).toBe(false);
  });

  test("markers are found in bytes that are not UTF-8", () => {
    expect(hasConflictMarkers(Uint8Array.of(0xe9, 10, ...bytes("<<<<<<< a\n=======\n>>>>>>> b")))).toBe(true);
  });
});
