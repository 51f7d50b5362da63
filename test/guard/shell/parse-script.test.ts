import { describe, expect, it } from "vitest";
import { parseScript } from "../../../src/codecs/shell-script/parse-script.ts";
import type { ScriptWord, ShellNode, SimpleCommand } from "../../../src/core/guard/shell/script.ts";

function first(text: string): ShellNode {
  const [node] = parseScript(text).statements;
  if (node === undefined) throw new Error(`nothing read in ${text}`);
  return node;
}

function simple(text: string): SimpleCommand {
  const node = first(text);
  if (node.kind !== "simple") throw new Error(`${node.kind} in ${text}`);
  return node;
}

const word = (text: string): ScriptWord => simple(`: ${text}`).words[1]?.word ?? [];

describe("words are pieces", () => {
  it.each([
    ["abc", [{ kind: "literal", text: "abc", isQuoted: false }]],
    ["'a b'", [{ kind: "literal", text: "a b", isQuoted: true }]],
    [String.raw`$'\x2d\n'`, [{ kind: "literal", text: "-\n", isQuoted: true }]],
    [String.raw`\a`, [{ kind: "literal", text: "a", isQuoted: true }]],
    ['""', [{ kind: "literal", text: "", isQuoted: true }]],
    [
      "~/x",
      [
        { kind: "tilde", user: "" },
        { kind: "literal", text: "/x" },
      ],
    ],
    [
      "~ann",
      [
        { kind: "tilde", user: "ann" },
        { kind: "literal", text: "" },
      ],
    ],
    [String.raw`\~/x`, [{ kind: "literal", text: "~/x" }]],
    ["$x", [{ kind: "parameter", name: "x", isQuoted: false }]],
    ['"${x%y}"', [{ kind: "parameter", name: "x", isQuoted: true, operation: { kind: "remove", operator: "%" } }]],
    ["${!x}", [{ kind: "parameter", prefix: "!" }]],
    ["${a[1]}", [{ kind: "parameter", name: "a", index: [{ text: "1" }] }]],
    ["$((1 + 2))", [{ kind: "arithmetic", text: "1 + 2" }]],
    ["<(x)", [{ kind: "process", operator: "<" }]],
    [
      "*.html",
      [
        { kind: "glob", text: "*" },
        { kind: "literal", text: ".html" },
      ],
    ],
    ["{a,b}", [{ kind: "brace", alternatives: [[{ text: "a" }], [{ text: "b" }]] }]],
  ])("%s", (text, pieces) => {
    expect(word(text)).toMatchObject(pieces);
  });

  it.each(["$(a b)", "`a b`", '"$(a b)"', '"`a b`"', "${x:-$(a b)}", "$((1 + $(a b)))", "[$(a b)]*"])("%s holds its script", (text) => {
    expect(JSON.stringify(word(text))).toContain('"text":"b"');
  });
});

describe("commands", () => {
  it("keeps assignments, arrays and their keys apart from words", () => {
    expect(simple("X=1 Y+=2 A=(a [k]=b) cmd X=3")).toMatchObject({
      assignments: [
        { name: "X", isAppended: false },
        { name: "Y", isAppended: true },
        { name: "A", value: { elements: [{ key: undefined }, { key: [{ text: "k" }] }] } },
      ],
      words: [{ word: [{ text: "cmd" }] }, { word: [{ text: "X=3" }] }],
    });
    expect(simple("export X=1").words[1]).toMatchObject({ assignment: { name: "X" } });
  });

  it("here-documents are text, expanded unless the word at their end is quoted", () => {
    expect(simple("a <<E\nx $y\nE\n").redirects).toMatchObject([
      { operator: "<<", target: [{ text: "x " }, { name: "y" }, { text: "\n" }] },
    ]);
    expect(simple("a <<'E'\nx $y\nE\n").redirects).toMatchObject([{ operator: "<<", target: [{ text: "x $y\n" }] }]);
  });

  it("a command behind the opening of a here-document is one", () => {
    expect(parseScript("cat <<E; b\nc\nE\n").statements).toHaveLength(2);
  });

  it("comments are dropped", () => {
    expect(parseScript("# aws s3 rm x").statements).toEqual([]);
    expect(simple("ls # rm x").words).toHaveLength(1);
  });
});

describe("what cannot be read is said", () => {
  it.each(["echo 'open", "if a; then", "a | | b", "echo $(a", "a() {"])("%s is incomplete", (text) => {
    expect(parseScript(text).isComplete).toBe(false);
  });

  it("what was recovered is kept", () => {
    expect(JSON.stringify(parseScript("aws s3 rm x\nif a; then").statements)).toContain("aws");
  });

  it.each(["a", "a; b &", "cat <<E\nno end of it", "f() { a; }", "for x in a; do b; done"])("%s is complete", (text) => {
    expect(parseScript(text).isComplete).toBe(true);
  });

  it.each(["(".repeat(1000), "$(".repeat(1000), `${"a ".repeat(21_000)}; b`.replaceAll(" ", " ;"), "a".repeat((1 << 20) + 1)])(
    "beyond the limits nothing is taken for read (%#)",
    (text) => {
      expect(parseScript(text).isComplete).toBe(false);
    },
  );
});
