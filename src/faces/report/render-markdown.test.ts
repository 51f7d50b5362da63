import { describe, expect, test } from "vitest";
import { hostileTexts } from "../../../test/support/hostile-texts.ts";
import { factsOf, fileOf } from "../../../test/support/report-facts.ts";
import { fenced, lineText } from "./markdown-text.ts";
import { markdownMark, renderMarkdown } from "./render-markdown.ts";

/** What stands outside code blocks, where Markdown and HTML are obeyed. */
function outsideFences(markdown: string): string {
  const kept: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split("\n")) {
    const run = /^ *(`{3,})/u.exec(line)?.[1];
    if (fence === undefined && run !== undefined) fence = run;
    else if (fence !== undefined && line.trim() === fence) fence = undefined;
    else if (fence === undefined) kept.push(line);
  }
  expect(fence).toBe(undefined);
  return kept.join("\n");
}

const hostile = (text: string): string =>
  renderMarkdown(
    factsOf(
      [
        fileOf({
          path: `${text}.html`,
          before: `${text}\n`,
          after: `new\n${text}\n\`\`\`\`\n`,
          because: text,
          headers: { [text]: text },
          loss: { vanishes: [{ kind: "link", text, line: 1 }], appears: [{ kind: "heading", text, line: 2 }], tokens: [text] },
        }),
      ],
      {
        title: text,
        emergency: text,
        changes: [{ id: "r1", title: text, by: text }],
        refusals: [{ rule: "D1", code: "unseen", paths: [text], message: text, remedy: text }],
      },
    ),
  );

describe("renderMarkdown", () => {
  test.each(hostileTexts)("whatever a page, key, header or name holds is neither tag, link, mention nor heading: %j", (text) => {
    const outside = outsideFences(hostile(text)).replace(markdownMark, "");
    expect(outside.match(/<(?!\/?(?:details|summary)>)[^>]*>/gu)).toBe(null);
    expect(outside).not.toMatch(/\]\(|@\w|(?:^|[^&])#\d|https?:|\\/u);
    // The report's own heading and folds, and no others.
    expect(outside.match(/^#/gmu)).toEqual(["#"]);
    expect([outside.match(/<details>/gu)?.length, outside.match(/<\/details>/gu)?.length]).toEqual([2, 2]);
  });

  test("a table's row stays one row, whatever stands in it", () => {
    const rows = outsideFences(hostile("a | b\n| c |\r\n`d`"))
      .split("\n")
      .filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(3);
    expect(rows.every((row) => row.split("|").length === 7)).toBe(true);
  });

  test("it says what to run, what visitors lose and gain, and the proof", () => {
    const file = fileOf({
      path: "index.html",
      before: "<h1>Ten</h1>\n",
      after: "<h1>Nine</h1>\n",
      loss: { vanishes: [{ kind: "heading", text: "Ten", line: 1 }], appears: [{ kind: "heading", text: "Nine", line: 1 }] },
    });
    const markdown = renderMarkdown(factsOf([file], { needs: { count: 1, keys: "any", approvers: "anyone" } }));
    expect(markdown.startsWith(`${markdownMark}\n### Promotion to production: Summer hours\n`)).toBe(true);
    expect(markdown).toContain("belay approve 1a2b3c4d1a2b");
    expect(markdown).toMatch(/Visitors would lose\*\*\n\n- heading: Ten[\s\S]*Visitors would gain\*\*\n\n- heading: Nine/u);
    expect(markdown).toContain("```diff\n-<h1>Ten</h1>\n+<h1>Nine</h1>\n```");
    expect(markdown).toMatch(/^local {19}b{64}/mu);
    expect(markdown).toContain("production invalidation pending");
  });

  test("however much changes, it fits one comment of a pull request and says what it left out", () => {
    const line = "a line that was changed, with <signs> & `ticks`\n".repeat(400);
    const one = fileOf({ path: "page", before: line, after: line.toUpperCase() });
    const files = Array.from({ length: 300 }, (_, at) => ({ ...one, path: `${"deep/".repeat(20)}${at}.html` }));
    const markdown = renderMarkdown(factsOf(files));
    expect(markdown.length).toBeLessThanOrEqual(60_000);
    expect(markdown).toMatch(/… and \d+ more files/u);
    expect(markdown).toMatch(/\d+ files found no room here in full/u);
    expect(outsideFences(markdown)).toContain("proof, plan");
  });

  test("credentials do not leave", () => {
    expect(hostile(`AKIA${"Q".repeat(16)}`)).not.toContain("AKIAQ");
  });
});

describe("fenced", () => {
  test("no run of backticks inside ends the block", () => {
    expect(fenced("a\n`````\nb", "text")).toBe("``````text\na\n`````\nb\n``````");
  });

  test("a lone carriage return, which ends a line for Markdown, is made visible", () => {
    expect(fenced("a\r```\rb", "text")).toBe("````text\na[U+000D]```[U+000D]b\n````");
  });
});

describe("lineText", () => {
  test("plain words stay as they are", () => {
    expect(lineText("img/hero-dusk.jpg, 3 of 4 (new)")).toBe("img/hero-dusk.jpg, 3 of 4 &#40;new&#41;");
  });

  test("what begins a list at the start of a line is text", () => {
    expect([lineText("- a"), lineText("12. a"), lineText("+ a")]).toEqual(["&#45; a", "&#49;&#50;. a", "&#43; a"]);
  });
});
