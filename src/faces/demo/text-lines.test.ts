import { describe, expect, test } from "vitest";
import { masked, textLines } from "./text-lines.ts";

describe("masked", () => {
  test("keeps every offset and line end", () => {
    const text = "a<!-- b\r\nc -->d<SCRIPT>e\nf</Script>g<svg>h";
    const blank = masked(text);
    expect(blank).toHaveLength(text.length);
    expect(blank.replaceAll(" ", "")).toBe("a\r\nd\n>g");
  });

  test("a page of openings without an end takes time in proportion to its length", () => {
    const startedAt = performance.now();
    masked("<!--<script".repeat(50_000));
    masked("<pre>".repeat(100_000));
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe("textLines", () => {
  test("gives whole lines of one element, once each, with their numbers", () => {
    const page = "<p>one</p>\r\n  <li class=x>two</li>\n<p>half\n</p>\n<p>twice</p>\n<p>twice</p>\n<p>1234</p>\n<h1>last</h1>";
    expect(textLines(page, masked(page)).map(({ number, text, isParagraph }) => [number, text, isParagraph])).toEqual([
      [1, "<p>one</p>", true],
      [2, "<li class=x>two</li>", true],
      [8, "<h1>last</h1>", false],
    ]);
  });
});
