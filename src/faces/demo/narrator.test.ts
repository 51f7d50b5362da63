import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { Narrator } from "./narrator.ts";
import { narrate, quoted, wrapped } from "./narrator.ts";

function told(tell: (narrator: Narrator) => void, colour = false): string {
  let text = "";
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString("utf8");
      done();
    },
  });
  tell(narrate({ out, colour, paceMs: 0, signal: new AbortController().signal }));
  return text;
}

describe("narrate", () => {
  test("a claim that does not hold is thrown and never printed as held", () => {
    let text = "";
    expect(() => {
      text = told((narrator) => narrator.claim("water is dry", false));
    }).toThrow("water is dry");
    expect(text).toBe("");
    expect(told((narrator) => narrator.claim("water is wet", true))).toBe("✔ water is wet\n");
  });

  test("a loss is marked as bad, and a check says nothing; both are thrown where they are not so", () => {
    expect(told((narrator) => narrator.loss("the roof is gone", true))).toBe("✖ the roof is gone\n");
    expect(told((narrator) => narrator.check("the walls stand", true))).toBe("");
    expect(() => told((narrator) => narrator.loss("the roof is gone", false))).toThrow("the roof is gone");
    expect(() => told((narrator) => narrator.check("the walls stand", false))).toThrow("the walls stand");
  });

  test("long output is cut at 120 lines and the rest is counted", () => {
    const text = told((narrator) => narrator.output(Array.from({ length: 150 }, (_, at) => `line ${at}`).join("\n")));
    expect(text).toContain("line 119\n");
    expect(text).not.toContain("line 120");
    expect(text).toContain("… and 30 more lines");
  });

  test("colour is used only when asked for", () => {
    expect(told((narrator) => narrator.seen("x", false), true)).toContain("\u001b[31m");
    expect(told((narrator) => narrator.seen("x", false))).not.toContain("\u001b");
  });

  test("control characters from outside are not passed on to the terminal", () => {
    expect(told((narrator) => narrator.line("a\u001b[2Jb\u202ec"))).toBe("  a?[2Jb?c\n");
  });
});

describe("wrapped", () => {
  test("keeps 80 columns and never loses a word", () => {
    const words = Array.from({ length: 60 }, (_, at) => "w".repeat((at % 11) + 1));
    const lines = wrapped(words.join(" "), "  ");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.map((line) => line.trim()).join(" ")).toBe(words.join(" "));
  });
});

describe("quoted", () => {
  test.each([
    ["index.html", "index.html"],
    ["über/uns.html", "über/uns.html"],
    ["two words.html", "'two words.html'"],
    ["it's.html", "'it'\\''s.html'"],
    ["$(id).html", "'$(id).html'"],
    ["", "''"],
  ])("%s is written %s", (word, written) => {
    expect(quoted(word)).toBe(written);
  });
});
