/** `belay doctor --attack` against hooks as `belay install` writes them, started as agents start them, and against hooks that somebody tampered with. */

import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openAttacker } from "../../../src/compose/open-attacker.ts";
import { corpusFor } from "../../../src/core/attack/corpus.ts";
import type { AttackRow, Family } from "../../../src/core/attack/attack.ts";
import type { AgentName } from "../../../src/core/guard/agent-call.ts";
import type { GuardScope } from "../../../src/core/guard/scope.ts";
import { attack, type AttackResult } from "../../../src/operations/attack/attack.ts";
import { openAgentAttack } from "../../../src/operations/attack/attack-agent.ts";
import type { AttackBench } from "../../../src/operations/attack/attack-bench.ts";
import { lookAtHooks } from "../../../src/operations/attack/look-at-hooks.ts";
import { belay, belayMain, expectExit, type Ran } from "../support/run-belay.ts";
import { guardsOf, openAttackWorld, placesIn, type AttackWorld } from "./attack-world.ts";

let world: AttackWorld;
let scope: GuardScope;
let installed: Readonly<Record<string, string>>;

beforeAll(async () => {
  world = await openAttackWorld();
  const [guard] = await guardsOf(world);
  if (guard === undefined) throw new Error("nothing is guarded in this world");
  scope = guard.bench.scope;
  await rm(join(world.home, ".config"), { recursive: true });
  await claudeIs("2.1.300");
  expectExit(await run(["install", "claude", "codex", "--yes"]), 0);
  installed = await filesOf(world.root);
});
beforeEach(async () => {
  for (const path of Object.keys(await filesOf(world.root))) if (!(path in installed)) await rm(path);
  for (const [path, text] of Object.entries(installed)) await writeFile(path, text);
});
afterAll(async () => await world.close());

async function claudeIs(version: string): Promise<void> {
  await world.put("bin/claude", `#!/bin/sh\necho "${version} (Claude Code)"\n`);
  await chmod(join(world.root, "bin", "claude"), 0o755);
}

const env = (): Record<string, string> => ({
  HOME: world.home,
  PATH: `${join(world.root, "bin")}:${process.env["PATH"] ?? ""}`,
  // Nobody is asked about walls: the buckets of this world are nowhere.
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  AWS_MAX_ATTEMPTS: "1",
  AWS_ACCESS_KEY_ID: "x",
  AWS_SECRET_ACCESS_KEY: "x",
  AWS_REGION: "us-west-2",
});

const run = async (words: readonly string[]): Promise<Ran> => await belay(words, { cwd: world.project, env: env() });

/** Hooks of this machine as real processes; the built belay behind them. */
const benchOf = (extra: Readonly<Record<string, string>> = {}): AttackBench =>
  openAttacker({
    folder: world.project,
    env: { ...env(), ...extra },
    packageFolder: dirname(dirname(belayMain)),
    node: process.execPath,
  });

const context = { signal: new AbortController().signal, report: () => undefined, isAttended: false };

async function attacked(
  agents: readonly AgentName[],
  families: readonly Family[],
  extra: Readonly<Record<string, string>> = {},
): Promise<AttackResult> {
  return await attack(benchOf(extra), { scope, agents, families, target: undefined }, context);
}

const settings = (): string => join(world.project, ".claude/settings.json");
const launcher = (): string => join(world.home, ".config/belay/belay.sh");

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

/** The first row of every family. */
function firstOfEach(rows: readonly AttackRow[]): readonly AttackRow[] {
  return rows.filter(({ family }, at) => rows.findIndex((other) => other.family === family) === at);
}

describe("doctor --attack", { timeout: 120_000 }, () => {
  test("the built command: Claude Code and Codex as installed stop everything, and the project is left as it was", async () => {
    const ran = await run(["doctor", "--attack", "--family", "infrastructure", "--json"]);
    expectExit(ran, 0);
    const told: unknown = JSON.parse(ran.stdout);
    const all = { outcome: "safe", attacks: { tried: 5, through: 0 }, harmless: { tried: 0, through: 0 }, sampled: null };
    expect(told).toMatchObject({
      outcome: "safe",
      leftOut: 0,
      agents: [
        { agent: "claude", version: "2.1.300", ...all },
        { agent: "codex", trust: "not-recorded", ...all },
      ],
    });
    const { [join(world.project, ".belay/cache/guard-scope.json")]: _kept, ...after } = await filesOf(world.root);
    expect(after).toEqual(installed);
  });

  test.each<AgentName>(["claude", "codex"])("%s: the installed hook answers one row of every family as the corpus asks", async (agent) => {
    const bench = benchOf();
    const all = firstOfEach(corpusFor(placesIn(world, await guardsOf(world))).rows);
    expect(all.length).toBeGreaterThan(17);
    // A command's text is the same from every agent.
    const rows = all.filter(({ call, mustStop }, at) => agent === "claude" || call.kind !== "shell" || at === 0 || !mustStop);
    const forget = bench.hooks.forgetter(world.project);
    const asking = {
      bench,
      hooks: await lookAtHooks(bench, agent),
      project: world.project,
      signal: context.signal,
      forget: (id: string) => forget({ agent, id }),
    };
    const share = { hooks: asking.hooks, asked: rows, left: [], like: undefined, withFaults: false, onRow: () => undefined };
    const tried = await openAgentAttack(asking, share);
    for (const task of tried.working) await task();
    const wrong = tried.result().results.filter(({ row, is }) => (is !== "through") !== row.mustStop);
    expect(wrong.map(({ row, is, why }) => `${row.id}: ${is}, ${why}`)).toEqual([]);
    expect(tried.result().results).toHaveLength(rows.length);
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
    ["the launcher lets everything pass", async () => await writeFile(launcher(), "exit 0\n"), {}, "said nothing"],
    ["the launcher crashes", async () => await writeFile(launcher(), "exit 7\n"), {}, "exit 7"],
  ])("tampered with: %s, and every attack gets through", async (_, tamper, extra, why) => {
    // Before 2.1.295 a hook that fails lets the call run.
    await claudeIs("2.1.200");
    await tamper();
    const [agent] = (await attacked(["claude"], ["infrastructure"], extra)).agents;
    const through = agent?.through.get("infrastructure") ?? [];
    expect([agent?.isSafe, agent?.attacks.length, through.length]).toEqual([false, 5, 5]);
    expect(through[0]?.why).toContain(why);
  });

  test("the built command ends with 3 where an attack gets through, and shows which in 80 columns, with the walls behind it", async () => {
    await writeFile(launcher(), "exit 0\n");
    const ran = await run(["doctor", "--attack", "--agent", "claude", "--family", "infrastructure"]);
    expectExit(ran, 3);
    expect(ran.stdout).toContain("0 of 5 attacks stopped");
    expect(ran.stdout).toContain("terraform apply");
    expect(ran.stdout).toContain("behind it: ");
    expect(ran.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("a launcher that leads to nothing refuses everything: no attack gets through, and no work either", async () => {
    await edited(launcher(), (text) => text.replaceAll("/dist/guard.sh", "/gone/guard.sh"));
    const [agent] = (await attacked(["claude"], ["harmless-mcp", "infrastructure"])).agents;
    expect([agent?.through.size, agent?.hindered.length, agent?.harmless.length, agent?.isSafe]).toEqual([0, 6, 6, false]);
  });

  test("killed, stalled, missing and fed with garbage, the hook of a Claude Code that fails closed lets nothing through", async () => {
    const [claude] = (await attacked(["claude"], ["garbage"])).agents;
    const faults = claude?.faults ?? [];
    const byName = new Map(faults.map((one) => [one.fault, one]));
    for (const fault of ["killed", "stalled"] as const)
      expect(byName.get(fault)).toMatchObject({ is: "stopped", why: expect.stringContaining("refuses the call") });
    // Whoever waits for the end of an input that has none does not wait for long.
    for (const fault of ["input-held", "missing", "stale", "without-node"] as const)
      expect(byName.get(fault)).toMatchObject({ is: "stopped" });
    const garbage = faults.filter(({ fault }) => fault === "garbage");
    expect(garbage.length).toBeGreaterThan(5);
    expect(garbage.filter(({ is }) => is !== "stopped")).toEqual([]);
    expect(claude?.isSafe).toBe(true);
  });

  test("words that mean nothing are refused with what was meant", async () => {
    expect(await run(["doctor", "--attack", "--family", "wraper"])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("--family wrapper"),
    });
    expect(await run(["doctor", "--agent", "claude"])).toMatchObject({ exit: 2, stderr: expect.stringContaining("--attack") });
    for (const folder of [".claude", ".codex", ".belay"]) await rm(join(world.project, folder), { recursive: true });
    for (const file of ["CLAUDE.md", "AGENTS.md", ".mcp.json"]) await rm(join(world.project, file), { force: true });
    const none = await run(["doctor", "--attack"]);
    expect(none).toMatchObject({ exit: 2, stderr: expect.stringContaining("belay install") });
  });
});
