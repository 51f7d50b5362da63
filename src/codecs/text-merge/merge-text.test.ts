import { array, assert, constantFrom, integer, nat, property, tuple, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { hasConflictMarkers } from "./conflict-markers.ts";
import { mergeText, type MergeOutcome } from "./merge-text.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const labels = { live: "release r4" };

interface Told {
  readonly kind: MergeOutcome["kind"];
  readonly text: string;
}
const told = (outcome: MergeOutcome): Told => ({
  kind: outcome.kind,
  text: outcome.kind === "not-text" ? "" : new TextDecoder("utf-8", { ignoreBOM: true }).decode(outcome.bytes),
});
const merge = (base: string, local: string, live: string): Told =>
  told(mergeText({ base: bytes(base), local: bytes(local), live: bytes(live), labels }));

const page = `<!doctype html>
<title>Halyard Day Sails</title>
<h1>Day sails</h1>
<p>Two hours on the bay.</p>
<p>From the public dock.</p>
<footer>Ring us.</footer>
`;

describe("mergeText", () => {
  test("changes in different places are both kept", () => {
    const local = page.replace("Ring us.", "Write to us.");
    const live = page.replace("Day sails</h1>", "Day sails, daily</h1>");
    expect(merge(page, local, live)).toEqual({ kind: "merged", text: live.replace("Ring us.", "Write to us.") });
  });

  test("the same change on both sides is no conflict", () => {
    const both = page.replace("Two hours", "Three hours");
    const live = both.replace("Ring us.", "Write to us.");
    expect(merge(page, both, live)).toEqual({ kind: "merged", text: live });
  });

  test("a line that both changed is a conflict that shows yours, base and live", () => {
    const outcome = merge(page, page.replace("Two hours", "Four hours"), page.replace("Two hours", "Three hours"));
    expect(outcome.kind).toBe("conflict");
    expect(outcome.text).toContain(
      "<h1>Day sails</h1>\n<<<<<<< yours\n<p>Four hours on the bay.</p>\n||||||| base\n<p>Two hours on the bay.</p>\n=======\n" +
        "<p>Three hours on the bay.</p>\n>>>>>>> live (release r4)\n<p>From",
    );
    expect(hasConflictMarkers(bytes(outcome.text))).toBe(true);
  });

  test("every conflict is counted", () => {
    const outcome = mergeText({
      base: bytes("1\n2\n3\n4\n5\n"),
      local: bytes("a\n2\n3\n4\nb\n"),
      live: bytes("x\n2\n3\n4\ny\n"),
      labels,
    });
    expect(outcome).toMatchObject({ kind: "conflict", conflicts: 2 });
  });

  test("lines keep their own endings where the file mixes them", () => {
    const base = "a\r\nb\nc\r\nd\ne\n";
    expect(merge(base, "A\r\nb\nc\r\nd\ne\n", "a\r\nb\nc\r\nd\nE\r\n")).toEqual({ kind: "merged", text: "A\r\nb\nc\r\nd\nE\r\n" });
  });

  test("if only live went from LF to CRLF, the merge has CRLF throughout and no conflict", () => {
    const live = page.replaceAll("\n", "\r\n");
    expect(merge(page, page.replace("Two hours", "Three hours"), live)).toEqual({
      kind: "merged",
      text: live.replace("Two hours", "Three hours"),
    });
  });

  test("if only local went from CRLF to LF, the merge has LF throughout", () => {
    const windows = page.replaceAll("\n", "\r\n");
    expect(merge(windows, page, windows.replace("Ring us.", "Write."))).toEqual({
      kind: "merged",
      text: page.replace("Ring us.", "Write."),
    });
  });

  test("a byte order mark that one side added or removed follows that side", () => {
    const marked = `\uFEFF${page}`;
    const edited = page.replace("Ring us.", "Write.");
    expect(merge(page, edited, `${marked}<p>New.</p>\n`).text.startsWith("\uFEFF<!doctype")).toBe(true);
    expect(merge(marked, page, `${marked}<p>New.</p>\n`)).toEqual({ kind: "merged", text: `${page}<p>New.</p>\n` });
  });

  test("a missing final newline stays missing, and never glues a marker to a line", () => {
    expect(merge("a\nb\nc", "A\nb\nc", "a\nb\nc")).toEqual({ kind: "merged", text: "A\nb\nc" });
    expect(merge("a\nb\nc\nd", "A\nb\nc\nd", "a\nb\nc\nD")).toEqual({ kind: "merged", text: "A\nb\nc\nD" });
    expect(merge("a", "b", "c").text).toBe("<<<<<<< yours\nb\n||||||| base\na\n=======\nc\n>>>>>>> live (release r4)\n");
  });

  test("markers end as the file's lines end", () => {
    expect(merge("a\r\n", "b\r\n", "c\r\n").text).toContain("=======\r\n");
  });

  test("a label cannot write lines of its own", () => {
    const outcome = mergeText({ base: bytes("a\n"), local: bytes("b\n"), live: bytes("c\n"), labels: { live: "x\n>>>>>>> forged" } });
    expect(
      told(outcome)
        .text.split("\n")
        .filter((line) => line.startsWith(">>>>>>>")),
    ).toHaveLength(1);
  });

  test("what is not valid UTF-8, holds a NUL or is too large is not merged", () => {
    const good = bytes("a\n");
    for (const bad of [Uint8Array.of(0xff, 0xfe, 10), Uint8Array.of(65, 0, 10), new Uint8Array(2 * 1024 * 1024).fill(65)]) {
      expect(mergeText({ base: good, local: bad, live: good, labels })).toEqual({ kind: "not-text" });
      expect(mergeText({ base: good, local: good, live: bad, labels })).toEqual({ kind: "not-text" });
      expect(mergeText({ base: bad, local: good, live: good, labels })).toEqual({ kind: "not-text" });
    }
  });

  test("long texts with far-apart changes merge as short ones do", () => {
    const lines = Array.from({ length: 30_000 }, (_, at) => (at % 2 ? "</div>\n" : `<div id="d${at}">\n`));
    const local = lines.with(100, "local\n").toSpliced(20_000, 3);
    const live = lines.with(29_000, "live\n").toSpliced(5_000, 0, "one\n", "two\n");
    const expected = lines.with(29_000, "live\n").with(100, "local\n").toSpliced(20_000, 3).toSpliced(5_000, 0, "one\n", "two\n");
    const outcome = merge(lines.join(""), local.join(""), live.join(""));
    expect(outcome.kind).toBe("merged");
    expect(outcome.text === expected.join("")).toBe(true);
  });
});

const anyText = tuple(
  array(tuple(constantFrom("a", "b", "c", ""), constantFrom("\n", "\r\n")), { maxLength: 12 }),
  constantFrom("", "z", "\uFEFF"),
).map(([lines, last]) => lines.map(([line, ending]) => line + ending).join("") + last);

describe("mergeText, whatever the texts", () => {
  test("two equal sides are the merge", () => {
    assert(
      property(anyText, anyText, (base, side) => {
        expect(merge(base, side, side)).toEqual({ kind: "merged", text: side });
      }),
    );
  });

  test("where one side left base alone the other side is the merge", () => {
    assert(
      property(anyText, anyText, (base, side) => {
        expect(merge(base, side, base)).toEqual({ kind: "merged", text: side });
        expect(merge(base, base, side)).toEqual({ kind: "merged", text: side });
      }),
    );
  });

  test("a merge neither invents a line nor drops one that no side changed", () => {
    const edits = array(tuple(nat(19), constantFrom("drop", "change", "insert")), { maxLength: 4 });
    const base = Array.from({ length: 20 }, (_, at) => `line ${at}\n`);
    const edited = (changes: readonly (readonly [number, string])[], side: string): string[] =>
      base.flatMap((line, at) => {
        const what = changes.find(([place]) => place === at)?.[1];
        if (what === "drop") return [];
        if (what === "change") return [`${side} ${at}\n`];
        return what === "insert" ? [line, `${side} new ${at}\n`] : [line];
      });
    assert(
      property(edits, edits, (mine, theirs) => {
        const [local, live] = [edited(mine, "local"), edited(theirs, "live")];
        const { text } = merge(base.join(""), local.join(""), live.join(""));
        const lines = text.split(/(?<=\n)/u);
        const known = new Set([...base, ...local, ...live]);
        expect(lines.filter((line) => line !== "" && !known.has(line) && !/^(?:[<>|]{7} |=======)/u.test(line))).toEqual([]);
        const untouched = base.filter((line) => local.includes(line) && live.includes(line));
        expect(untouched.filter((line) => !lines.includes(line))).toEqual([]);
        const gained = [...local, ...live].filter((line) => !base.includes(line));
        expect(gained.filter((line) => !lines.includes(line))).toEqual([]);
      }),
    );
  });

  test("no bytes make it throw", () => {
    assert(
      property(uint8Array({ maxLength: 64 }), uint8Array({ maxLength: 64 }), integer({ min: 0, max: 9 }), (base, side, cut) => {
        expect(["merged", "conflict", "not-text"]).toContain(mergeText({ base, local: side, live: base.slice(cut), labels }).kind);
      }),
    );
  });
});
