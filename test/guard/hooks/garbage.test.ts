import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agents, type HookWorld, isRefusal, openHookWorld, runHook, runPrefilter, shellInput } from "./hook-world.ts";

let world: HookWorld;
beforeAll(() => {
  world = openHookWorld();
});
afterAll(() => {
  world.remove();
});

const write = "aws s3 cp i s3://queenofsandiego-prod/i";
const repeated = (text: string, times: number): string => Array.from({ length: times }, () => text).join("");

/** Commands that nobody types, each with a guarded write somewhere in it. */
const monsters: readonly (readonly [string, string])[] = [
  ["10 MB long", `echo ${repeated("x", 10_000_000)}; ${write}`],
  ["100,000 words", `${repeated("word ", 100_000)}; ${write}`],
  ["100,000 commands", `${repeated("true; ", 100_000)}${write}`],
  ["10,000 parentheses deep", `${repeated("(", 10_000)}${write}${repeated(")", 10_000)}`],
  ["10,000 substitutions deep", `echo ${repeated("$(", 10_000)}${write}${repeated(")", 10_000)}`],
  ["backquotes and backslashes", `echo ${repeated("\\`", 5000)}; ${write}`],
  ["quotes that never match", `${repeated(`'"`, 20_001)} ${write}`],
  ["nested expansions", `${repeated("${a:-", 3000)}${write}${repeated("}", 3000)}; ${write}`],
  ["braces that multiply", `echo ${repeated("{a,b}", 40)}; ${write}`],
  ["here-documents that never end", `${repeated("cat <<A\n", 2000)}${write}`],
];

describe("what no agent sends is refused by the built hook", () => {
  it.each(agents)("%s: input that is cut off, and a command that is no text", async (agent) => {
    for (const input of [shellInput(agent, "ls", world.folder).slice(0, -1), shellInput(agent, 7, world.folder)]) {
      expect(isRefusal(agent, await runHook(agent, { cwd: world.folder, input }))).toBe(true);
    }
  });

  it("input that is empty, binary, or no object", async () => {
    const whole = shellInput("claude", "ls", world.folder);
    for (const input of ["", "null", "[]", "{}", Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0x7d]), `${whole}${whole}`]) {
      expect(isRefusal("claude", await runHook("claude", { cwd: world.folder, input }))).toBe(true);
    }
  });

  it.each(monsters)("a command that is %s", async (_, command) => {
    const input = shellInput("claude", command, world.folder);
    expect(isRefusal("claude", await runHook("claude", { cwd: world.folder, input }))).toBe(true);
  });

  it("JSON 100,000 levels deep, around a call or inside a tool's input", async () => {
    const deep = `${repeated("[", 100_000)}${repeated("]", 100_000)}`;
    const around = `{"a":${deep},${shellInput("claude", write, world.folder).slice(1)}`;
    const inside = JSON.stringify({
      cwd: world.folder,
      hook_event_name: "PreToolUse",
      tool_name: "mcp__s3__put",
      tool_input: { x: "DEEP" },
    }).replace('"DEEP"', deep);
    for (const input of [around, inside]) expect(isRefusal("claude", await runHook("claude", { cwd: world.folder, input }))).toBe(true);
  });

  it("an input without an end is refused at its deadline", async () => {
    const answer = await runHook("claude", { cwd: world.folder, input: undefined });
    expect(answer).toMatchObject({ exit: 2 });
    expect(answer.stderr).toContain("did not end");
  });

  it("through the prefilter too: long, cut off, with characters that no terminal shows", async () => {
    const inputs = [
      shellInput("claude", `ls ${repeated("x", 10_000_000)}; ${write}`, world.folder),
      shellInput("claude", "ls", world.folder).slice(0, -2),
      shellInput("claude", `ls\u0000; ${write}`, world.folder),
      `${shellInput("claude", "ls", world.folder)}}`,
      "",
    ];
    for (const input of inputs) expect(isRefusal("claude", await runPrefilter("claude", { cwd: world.folder, input }))).toBe(true);
  });
});
