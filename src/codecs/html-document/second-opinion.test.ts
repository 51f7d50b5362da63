import { describe, expect, it } from "vitest";
import { secondOpinion } from "./second-opinion.ts";

/** What is said of replacing one text of a page, where it first stands. */
function opinionOn(page: string, from: string, to: string): string {
  const encoder = new TextEncoder();
  const start = encoder.encode(page.slice(0, page.indexOf(from))).length;
  const opinion = secondOpinion(encoder.encode(page), {}, [
    { span: { start, end: start + encoder.encode(from).length }, bytes: encoder.encode(to) },
  ]);
  return opinion.kind === "agrees" ? "agrees" : opinion.why;
}

describe("the second opinion on a page's edits", () => {
  it.each([
    ["<p>at 4:30 PM</p>", "4:30", "3:30"],
    ["<p>at <b>4:30</b></p>", "4:30", ""],
    [`<p title="4:30">x</p>`, "4:30", "a &quot;b&quot;"],
    ["<p>ü–\r\n4:30</p>\r\n<script>\r\nvar a = '5:30';\r\n</script>", "5:30", "6:30"],
    ["<!-- at 4:30 -->", "4:30", "3:30"],
    ["<template><p>4:30</p></template>", "4:30", "3:30"],
    [`<script>a = 4 / 2; b = /'/; c = '4:30'</script>`, "4:30", "3:30"],
    ["<script>a = `x ${b} 4:30`; import('x')</script>", "4:30", "3:30"],
    [`<script type="application/ld+json">{"a":["4:30"]}</script>`, "4:30", "3:30"],
  ])("agrees where a value changes: %s", (page, from, to) => {
    expect(opinionOn(page, from, to)).toBe("agrees");
  });

  it.each([
    ["<p>at 4:30 PM</p>", "4:30", "<b>3:30</b>", "structure"],
    [`<p title="4:30">x</p>`, "4:30", `3" id="y`, "structure"],
    [`<p title=4:30>x</p>`, "4:30", "3 PM", "structure"],
    ["<p class=a>x</p>", "class", "style", "structure"],
    ["<p>4:30</p>", "p>4:30", "i>3:30", "structure"],
    [`<p  >4:30</p>`, "  ", " ", "no text and no attribute's value"],
    ["<script>a = '4:30'</script>", "4:30", "3:30'; b = '", "not be the same code"],
    ["<script>a = b / c / 4</script>", "b", "d", "not be the same code"],
    ["<script>a = '4:30'</script>", "4:30", "</script><b>", "not be the same code"],
    ["<script>a = '4:30' b c</script>", "4:30", "3:30", "not be the same code"],
    [`<script type="application/ld+json">{"a":"4:30"}</script>`, "4:30", `3","b":"4`, "not be the same code"],
    [`<script type="application/ld+json">{"a":"4:30"}</script>`, `"a"`, `"b"`, "not be the same code"],
    ["<p>x</p></body></html><!-- 4:30 -->", "4:30", "--><!--", "structure"],
    ["<p>x<!--4:30--></p>", "x<!--4:30", "y<!--3:30", "in which none of them lies"],
    [`<meta charset="utf-8"><p>4:30</p>`, "utf-8", "latin1", "another character encoding"],
    [`${"<div>".repeat(600)}4:30`, "4:30", "3:30", "deep"],
  ])("refuses what would change more: %s", (page, from, to, why) => {
    expect(opinionOn(page, from, to)).toContain(why);
  });
});
