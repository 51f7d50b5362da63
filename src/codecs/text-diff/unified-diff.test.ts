import { applyPatch } from "diff";
import { array, assert, constantFrom, nat, property, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { lineCounts } from "./line-counts.ts";
import { unifiedDiff } from "./unified-diff.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const diff = (before: string, after: string, context = 3): string =>
  unifiedDiff({ before: bytes(before), after: bytes(after), beforeName: "live/a.html", afterName: "local/a.html", context });

const piece = constantFrom("one", "two", "three", "", "déjà", "<p>");
const ending = constantFrom("\n", "\r\n");
const text = tuple(array(tuple(piece, ending), { maxLength: 30 }), piece).map(
  ([lines, last]) => lines.map(([line, end]) => line + end).join("") + last,
);

describe("unifiedDiff", () => {
  test("the diff of a changed line shows it between its context", () => {
    expect(diff("a\nb\nc\nd\n", "a\nB\nc\nd\n", 1)).toBe("--- live/a.html\n+++ local/a.html\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
  });

  test("a missing final newline is said on the side that lacks it", () => {
    expect(diff("a\nb\n", "a\nb")).toBe("--- live/a.html\n+++ local/a.html\n@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n");
  });

  test("a line that changes only its ending is a change, and can be shown", () => {
    expect(diff("a\nb\n", "a\r\nb\n")).toContain("-a\n+a\r\n b\n");
    const shown = unifiedDiff({ before: bytes("a\n"), after: bytes("a\r\n"), beforeName: "x", afterName: "y", endings: "shown" });
    expect(shown).toContain("-a\n+a␍\n");
  });

  test("the diff is a patch that turns before into after, byte for byte", () => {
    assert(
      property(text, text, nat(4), (before, after, context) => {
        const patch = diff(before, after, context);
        const applied = patch === "" ? before : applyPatch(before, patch, { autoConvertLineEndings: false });
        expect(applied).toBe(after);
      }),
    );
  });

  test("a file that exists on one side only is compared with /dev/null", () => {
    expect(unifiedDiff({ before: undefined, after: bytes("a\n"), beforeName: "x", afterName: "y" })).toBe(
      "--- /dev/null\n+++ y\n@@ -0,0 +1,1 @@\n+a\n",
    );
  });

  test("binary bytes are named, not printed", () => {
    const before = Uint8Array.of(1, 0, 2);
    expect(unifiedDiff({ before, after: Uint8Array.of(1, 0, 3), beforeName: "x", afterName: "y" })).toBe("Binary files x and y differ\n");
    expect(unifiedDiff({ before, after: Uint8Array.of(1, 0, 2), beforeName: "x", afterName: "y" })).toBe("");
  });

  test("bytes that are not UTF-8 differ where they differ", () => {
    const patch = unifiedDiff({ before: Uint8Array.of(0xe9, 10), after: Uint8Array.of(0xe8, 10), beforeName: "x", afterName: "y" });
    expect(patch).toContain("-é\n+è\n");
  });
});

describe("lineCounts", () => {
  test("a changed line is one added and one removed", () => {
    expect(lineCounts(bytes("a\nb\n"), bytes("a\nB\nc\n"))).toEqual({ added: 2, removed: 1 });
  });

  test("an absent side has no lines", () => {
    expect(lineCounts(undefined, bytes("a\nb"))).toEqual({ added: 2, removed: 0 });
    expect(lineCounts(bytes("a\n"), undefined)).toEqual({ added: 0, removed: 1 });
    expect(lineCounts(undefined, undefined)).toEqual({ added: 0, removed: 0 });
  });

  test("bytes with a NUL are binary", () => {
    expect(lineCounts(bytes("a"), Uint8Array.of(0))).toBe("binary");
  });
});
