import { describe, expect, test } from "vitest";

import { tomlTasks } from "./toml-tasks.ts";

const tasksOf = (text: string): Record<string, readonly string[]> => Object.fromEntries(tomlTasks(text, /^tool\.x\.tasks$/u));

describe("tasks in TOML", () => {
  test("are texts, lists, inline tables and tables of their own", () => {
    const text = `[project]
lint = "not a task"
[tool.x.tasks]
build = "hugo --minify" # with a comment
"two-words" = 'echo "a"'
all = ["build", "two-words"]
up = { cmd = "make up", help = "says how", env = { A = "b" } }
many = [
  "one", # a comment with "quotes"
  { shell = "two" },
]
dotted.cmd = "three"
[tool.x.tasks.own]
help = "no command"
cmd = """
four \\
  five"""
[[tool.x.tasks.own.sequence]]
cmd = "six"
[tool.y.tasks]
other = "nor this"
`;
    expect(tasksOf(text)).toEqual({
      build: ["hugo --minify"],
      "two-words": ['echo "a"'],
      all: ["build", "two-words", "build two-words"],
      up: ["make up"],
      many: ["one", "two", "one two"],
      dotted: ["three"],
      own: ["\nfour   five", "six"],
    });
  });

  test("of a function are the module that holds it", () => {
    expect(tasksOf(`[tool.x.tasks]\nup = { script = "site.up:main" }\nin = { call = "site.in" }`)).toEqual({
      up: ["python3 -m site.up"],
      in: ["python3 -m site.in"],
    });
  });

  test.each([
    ["quotes without an end", '"""a'],
    ["single quotes without an end", "'''a"],
    ["brackets", "a = ["],
    ["braces", "{a={"],
    ["headers", "[tool.x.tasks\n"],
    ["keys without values", `${"a".repeat(50)}.b `],
    ["blank lines", "\n \t\n"],
    ["backslashes", String.raw`a = "\\\"`],
  ])("that are a heap of %s are read in time", (_, piece) => {
    const text = `[tool.x.tasks]\n${piece.repeat(Math.ceil(250_000 / piece.length))}`;
    const from = performance.now();
    tasksOf(text);
    expect(performance.now() - from).toBeLessThan(1000);
  });
});
