/** `belay doctor --attack` by the built command line, against hooks as `belay install` writes them, and against hooks that somebody tampered with. */

import { existsSync } from "node:fs";
import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { belay, expectExit, type Ran } from "../support/run-belay.ts";
import { openAttackWorld, type AttackWorld } from "./attack-world.ts";

let world: AttackWorld;
let programs: string;

beforeEach(async () => {
  world = await openAttackWorld();
  await rm(join(world.home, ".config"), { recursive: true });
  programs = join(world.root, "bin");
  await claudeIs("2.1.300");
});
afterEach(async () => await world.close());

async function claudeIs(version: string): Promise<void> {
  await world.put("bin/claude", `#!/bin/sh\necho "${version} (Claude Code)"\n`);
  await chmod(join(programs, "claude"), 0o755);
}

const run = async (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  await belay(words, {
    cwd: world.project,
    // Nobody is asked about walls: the buckets of this world are nowhere.
    env: {
      HOME: world.home,
      PATH: `${programs}:${process.env["PATH"] ?? ""}`,
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_ACCESS_KEY_ID: "x",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_REGION: "us-west-2",
      ...env,
    },
  });
const attack = async (words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran> =>
  await run(["doctor", "--attack", ...words], env);
const settings = (): string => join(world.project, ".claude/settings.json");

async function edited(path: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(path, after);
}

async function filesOf(folder: string): Promise<Record<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(await Promise.all(files.map(async (path) => [path, await readFile(path, "utf8")])));
}

describe("belay doctor --attack", { timeout: 120_000 }, () => {
  test("Claude Code and Codex as installed: everything is stopped, harmless calls pass, and the project is left as it was", async () => {
    expectExit(await run(["install", "claude", "codex", "--yes"]), 0);
    // The guard keeps what it read of belay.yaml; that is there before the first look.
    await attack(["--agent", "claude", "--family", "infrastructure"]);
    const before = await filesOf(world.root);
    const ran = await attack(["--family", "infrastructure", "--family", "harmless-mcp", "--json"]);
    expectExit(ran, 0);
    const told: unknown = JSON.parse(ran.stdout);
    expect(told).toMatchObject({
      outcome: "safe",
      leftOut: 0,
      agents: [
        { agent: "claude", version: "2.1.300", outcome: "safe", attacks: { tried: 5, through: 0 }, harmless: { tried: 6, through: 6 } },
        { agent: "codex", outcome: "safe", trust: "not-recorded", attacks: { tried: 5, through: 0 }, harmless: { tried: 6, through: 6 } },
      ],
    });
    expect(await filesOf(world.root)).toEqual(before);
    expect(existsSync(join(world.project, ".belay/guard/sessions"))).toBe(false);
  });

  test.each<[string, () => Promise<void>, Readonly<Record<string, string>>, string]>([
    [
      "the hook is taken out",
      async () => await edited(settings(), (text) => JSON.stringify({ ...JSON.parse(text), hooks: {} })),
      {},
      "no hook of the guard's stands",
    ],
    ["the settings are gone", async () => await rm(settings()), {}, "no hook of the guard's stands"],
    [
      "the hook says nothing before it asks the guard",
      async () => await edited(settings(), (text) => text.replaceAll("sh -c 'belay_run=", "sh -c 'exit 0; belay_run=")),
      {},
      "said nothing",
    ],
    [
      "the hook sees another tool only",
      async () => await edited(settings(), (text) => text.replace('"Bash|', '"')),
      {},
      "is asked about this tool",
    ],
    [
      "hooks are disabled in local settings",
      async () => await world.put("project/.claude/settings.local.json", '{ "disableAllHooks": true }'),
      {},
      "disableAllHooks",
    ],
    ["safe mode is set in the environment", async () => await Promise.resolve(), { CLAUDE_CODE_SAFE_MODE: "1" }, "CLAUDE_CODE_SAFE_MODE"],
    ["the launcher lets everything pass", async () => await world.put("home/.config/belay/belay.sh", "exit 0\n"), {}, "said nothing"],
    ["the launcher crashes", async () => await world.put("home/.config/belay/belay.sh", "exit 7\n"), {}, "exit 7"],
  ])("tampered with: %s, and it is told with exit 3", async (_, tamper, env, why) => {
    // Before 2.1.295 a hook that fails lets the call run.
    await claudeIs("2.1.200");
    expectExit(await run(["install", "claude", "--yes"]), 0);
    await tamper();
    const ran = await attack(["--family", "infrastructure", "--json"], env);
    expectExit(ran, 3);
    const told: unknown = JSON.parse(ran.stdout);
    expect(told).toMatchObject({ outcome: "unsafe", agents: [{ agent: "claude", attacks: { tried: 5, through: 5, stopped: 0 } }] });
    expect(ran.stdout).toContain(why);
  });

  test("a launcher that leads to nothing refuses everything: no attack gets through, and no work either", async () => {
    expectExit(await run(["install", "claude", "--yes"]), 0);
    await edited(join(world.home, ".config/belay/belay.sh"), (text) => text.replaceAll("/dist/guard.sh", "/gone/guard.sh"));
    const ran = await attack(["--family", "harmless-mcp", "--family", "infrastructure"]);
    expectExit(ran, 3);
    expect(ran.stdout).toContain("5 of 5 attacks stopped, 0 of 6 harmless calls let through");
    expect(ran.stdout).toContain("harmless, and not let through (6)");
  });

  test("killed, stalled, missing and fed with garbage: what an agent would do is said, by its version", async () => {
    expectExit(await run(["install", "claude", "codex", "--yes"]), 0);
    const ran = await attack(["--family", "garbage", "--json"]);
    expectExit(ran, 0);
    const { agents }: { agents: { agent: string; faults: { fault: string; is: string; limit: boolean; why: string }[] }[] } = JSON.parse(
      ran.stdout,
    );
    const [claude, codex] = agents.map(({ faults }) => new Map(faults.map((one) => [one.fault, one])));
    for (const fault of ["killed", "stalled"]) {
      expect(claude?.get(fault)).toMatchObject({ is: "stopped", why: expect.stringContaining("refuses the call") });
      expect(codex?.get(fault)).toMatchObject({ is: "through", limit: true });
    }
    for (const fault of ["missing", "stale", "without-node", "garbage"]) {
      expect(claude?.get(fault)).toMatchObject({ is: "stopped" });
      expect(codex?.get(fault)).toMatchObject({ is: "stopped" });
    }
  });

  test("a newer Claude Code whose settings do not ask it to fail closed is unsafe, and fits in 80 columns", async () => {
    expectExit(await run(["install", "claude", "--yes"]), 0);
    await edited(settings(), (text) => text.replaceAll(/,\s*"onFailure":\s*"block"/gu, ""));
    const ran = await attack(["--family", "garbage"], { COLUMNS: "80" });
    expectExit(ran, 3);
    expect(ran.stdout).toContain("✖ If the hook fails (killed before it answers)");
    expect(ran.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("words that mean nothing are refused with what was meant", async () => {
    expect(await attack(["--family", "wraper"])).toMatchObject({ exit: 2, stderr: expect.stringContaining("--family wrapper") });
    expect(await run(["doctor", "--agent", "claude"])).toMatchObject({ exit: 2, stderr: expect.stringContaining("--attack") });
    const none = await attack([]);
    expect(none).toMatchObject({ exit: 2, stderr: expect.stringContaining("belay install") });
  });
});
