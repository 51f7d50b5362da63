import { describe, expect, it } from "vitest";
import { patchedText } from "../../../src/operations/guard/patch/patched-text.ts";
import { readPatch } from "../../../src/operations/guard/patch/read-patch.ts";

const patched = (text: string, lines: readonly string[]): string | undefined => {
  const [section] = readPatch(["*** Begin Patch", "*** Update File: a", ...lines, "*** End Patch"].join("\n"));
  return section?.kind === "update" ? patchedText(text, section.hunks) : undefined;
};
const text = "def one():\n    return 1\n\ndef two():\n    return 1\n";

describe("a patch makes of a file what apply_patch makes of it", () => {
  it.each([
    ["by its context", ["@@", " def two():", "-    return 1", "+    return 2"], "def one():\n    return 1\n\ndef two():\n    return 2\n"],
    [
      "below the line behind @@",
      ["@@ def two():", "-    return 1", "+    return 2"],
      "def one():\n    return 1\n\ndef two():\n    return 2\n",
    ],
    ["without any @@", ["-def one():", "+def eins():"], "def eins():\n    return 1\n\ndef two():\n    return 1\n"],
    [
      "at the end of the file",
      ["@@", "-    return 1", "+    return 9", "*** End of File"],
      "def one():\n    return 1\n\ndef two():\n    return 9\n",
    ],
    [
      "twice, in order",
      ["@@", "-    return 1", "+    return 3", "@@", "-    return 1", "+    return 4"],
      "def one():\n    return 3\n\ndef two():\n    return 4\n",
    ],
    [
      "after what it has just added",
      ["@@", "     return 1", "+    return 1", "@@", "-    return 1", "+    return 4"],
      "def one():\n    return 1\n    return 1\n\ndef two():\n    return 4\n",
    ],
    [
      "with blanks that differ at ends of lines",
      ["@@", " def two():  ", "-    return 1 ", "+    return 5"],
      "def one():\n    return 1\n\ndef two():  \n    return 5\n",
    ],
    ["with additions alone, at the end", ["@@", "+# end"], `${text}# end\n`],
    [
      "before the next section's blank line",
      ["@@", "-def one():", "+def x():", ""],
      "def x():\n    return 1\n\ndef two():\n    return 1\n",
    ],
  ])("%s", (_, lines, after) => {
    expect(patched(text, lines)).toBe(after);
  });

  it("and nothing where a hunk has no place", () => {
    expect(patched(text, ["@@", "-def three():", "+def drei():"])).toBeUndefined();
  });

  it("what stands around the sections is no file", () => {
    expect(readPatch("prose\n*** Begin Patch\n+x\n*** End Patch\n*** Update Files: a")).toEqual([]);
    expect(readPatch("*** Add File: a\r\n+one\r\n+two")).toEqual([{ kind: "add", path: "a", text: "one\ntwo\n" }]);
  });

  it("a thousand hunks in a large file are given up, not waited for", () => {
    const large = Array.from({ length: 200_000 }, (_, at) => `line ${at}`).join("\n");
    const hunks = Array.from({ length: 1000 }, () => ["@@", "-line 199999", "+x"]).flat();
    expect(patched(large, hunks)).toBeUndefined();
  });
});
