/** What is asked of which agent, and what becomes of the answers: with hooks that are no processes. */

import { describe, expect, test } from "vitest";
import { placesOf } from "../../core/attack/attack-places.ts";
import { corpusFor } from "../../core/attack/corpus.ts";
import type { HookEnd } from "../../core/attack/hook-end.ts";
import { payloadsOf } from "../../core/attack/payload.ts";
import { guardCommand } from "../../core/agents/launcher.ts";
import type { AgentName } from "../../core/guard/agent-call.ts";
import type { GuardScope } from "../../core/guard/scope.ts";
import type { HookRunner, HookStart } from "../../ports/hook-runner.ts";
import type { AttackBench } from "./attack-bench.ts";
import { attack, type AttackRequest, type AttackResult } from "./attack.ts";

const project = "/work/pier";
const home = "/home/pier";
const scope: GuardScope = {
  folder: project,
  buckets: [{ name: "pier-live", label: "production", target: "production", prefix: "", except: [] }],
  distributions: [{ name: "E1PIER", label: "production", target: "production" }],
  tables: [],
  urls: [],
  folders: [],
  sites: [],
  stateFolders: [],
  hasRecords: false,
};

/** What every call's tool input is in JSON, and whether it has to be stopped. */
const known = new Map(
  corpusFor(placesOf({ scope, home, page: undefined, target: undefined })).rows.flatMap(({ call, mustStop }) =>
    (["claude", "codex"] as const).flatMap((agent) =>
      payloadsOf(agent, call, { sessionId: "", project }).map(({ input }) => [JSON.stringify(input["tool_input"]), mustStop] as const),
    ),
  ),
);

const asksOf = ({ input }: HookStart): string =>
  JSON.stringify(Object.entries(JSON.parse(input)).find(([name]) => name === "tool_input")?.[1]);
const isOf = ({ args }: HookStart, agent: AgentName): boolean => args.join(" ").endsWith(`belay guard ${agent}`);
const nothing = async (): Promise<void> => await Promise.resolve();
const refuses: HookEnd = { kind: "ended", exit: 2, stdout: "", stderr: "no" };
const passes: HookEnd = { kind: "ended", exit: 0, stdout: "", stderr: "" };

/** Answers as the corpus wants it; to what is no call of the corpus, a refusal. */
const rightly = (start: HookStart): HookEnd => {
  if (start.fault === "kill") return { kind: "killed" };
  if (start.fault === "hold" || start.env["HOME"]?.endsWith("/stalled") === true) return { kind: "late" };
  try {
    return known.get(asksOf(start)) === false ? passes : refuses;
  } catch {
    return refuses;
  }
};

const settingsOf = (agent: AgentName, command = guardCommand(agent, "gate")): string =>
  JSON.stringify({ hooks: { PreToolUse: [{ hooks: [{ type: "command", command }] }] } });
const installed: Readonly<Record<string, string>> = {
  [`${project}/.claude/settings.json`]: settingsOf("claude"),
  [`${project}/.codex/hooks.json`]: settingsOf("codex"),
};

interface Tried {
  readonly result: AttackResult;
  /** The starts of each agent's hooks. */
  readonly starts: (agent: AgentName) => readonly HookStart[];
  /** At once, at most. */
  readonly most: number;
  readonly isScratchGone: boolean;
}

interface Trial {
  readonly files?: Readonly<Record<string, string>>;
  readonly families?: AttackRequest["families"];
  readonly answer?: (start: HookStart) => HookEnd;
  /** Of every agent's program. */
  readonly version?: string;
}

async function tried({ files = installed, families = [], answer = rightly, version }: Trial = {}): Promise<Tried> {
  const starts: HookStart[] = [];
  let [running, most, scratches, nonce] = [0, 0, 0, 0];
  const hooks: HookRunner = {
    run: async (start) => {
      starts.push(start);
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return answer(start);
    },
    scratch: async () => {
      scratches += 1;
      const gone = async (): Promise<void> => await Promise.resolve(void (scratches -= 1));
      return await Promise.resolve({ path: "/tmp/scratch", write: nothing, link: nothing, remove: gone });
    },
    forgetter: () => () => undefined,
  };
  const bench: AttackBench = {
    files: {
      read: async (path) => await Promise.resolve(files[path]),
      exists: async (path) => await Promise.resolve(path in files),
      write: async () => await Promise.resolve({ kind: "moved" }),
      remove: async () => await Promise.resolve({ kind: "moved" }),
    },
    programs: { versionOf: async () => await Promise.resolve(version) },
    sha256: () => "",
    home,
    folder: project,
    machine: { node: "node", dist: "/opt/belay/dist" },
    hooks,
    env: {},
    cores: 4,
    nonce: () => `${(nonce += 1)}`,
  };
  const context = { signal: new AbortController().signal, report: () => undefined, isAttended: false };
  const result = await attack(bench, { scope, agents: ["claude", "codex"], families, target: undefined }, context);
  return { result, starts: (agent) => starts.filter((start) => isOf(start, agent)), most, isScratchGone: scratches === 0 };
}

const reportOf = ({ result }: Tried, agent: AgentName): AttackResult["agents"][number] => {
  const found = result.agents.find(({ hooks }) => hooks.agent === agent);
  if (found === undefined) throw new Error(`${agent} was not attacked`);
  return found;
};

describe("attack", () => {
  test("the first agent is asked everything; a second one whose hook starts the same guard, all but shell commands of which every fourth", async () => {
    const all = await tried();
    const [claude, codex] = [reportOf(all, "claude"), reportOf(all, "codex")];
    expect([claude.isSafe, codex.isSafe, claude.sampled]).toEqual([true, true, undefined]);
    expect(claude.results.length).toBeGreaterThan(150);
    expect(codex.sampled).toEqual({ like: "claude", left: expect.any(Number) });
    expect(codex.sampled?.left).toBeGreaterThan(90);
    expect(new Set(codex.results.map(({ row }) => row.family))).toEqual(new Set(claude.results.map(({ row }) => row.family)));
    const others = ({ results }: typeof codex): readonly string[] =>
      results.flatMap(({ row }) => (row.call.kind === "shell" ? [] : [row.id]));
    expect(others(codex)).toEqual(expect.arrayContaining([...others(claude)]));
  });

  test("a sample in which one answer is wrong is followed by the rest", async () => {
    const all = await tried({
      answer: (start) => (isOf(start, "codex") && start.input.includes("terraform apply") ? passes : rightly(start)),
    });
    const codex = reportOf(all, "codex");
    expect(codex.sampled).toBeUndefined();
    expect(codex.results.length).toBeGreaterThanOrEqual(reportOf(all, "claude").results.length);
    expect([...codex.through].map(([family, rows]) => [family, rows.length])).toEqual([["infrastructure", 1]]);
    expect([reportOf(all, "claude").isSafe, codex.isSafe]).toEqual([true, false]);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ["starts another program", { [`${project}/.codex/hooks.json`]: settingsOf("codex", "/opt/other/belay guard codex") }],
    [
      "stands beside one of an administrator",
      {
        "/etc/codex/requirements.toml":
          "[[hooks.PreToolUse]]\n[[hooks.PreToolUse.hooks]]\ncommand = 'sh /opt/guard.sh belay guard codex'\n",
      },
    ],
    [
      "is compared with one whose settings set variables",
      {
        [`${project}/.claude/settings.json`]: JSON.stringify({ ...JSON.parse(settingsOf("claude")), env: { HOME: "/elsewhere" } }),
      },
    ],
  ])("a hook that %s is asked everything", async (_, changed) => {
    const codex = reportOf(await tried({ files: { ...installed, ...changed } }), "codex");
    expect(codex.sampled).toBeUndefined();
    expect(codex.results.length).toBeGreaterThan(150);
  });

  test("with families named, every agent is asked all of them, and faults only with garbage", async () => {
    const some = await tried({ families: ["infrastructure"] });
    for (const agent of ["claude", "codex"] as const) {
      expect(reportOf(some, agent)).toMatchObject({ sampled: undefined, faults: undefined });
      expect(some.starts(agent)).toHaveLength(5);
    }
  });

  test("so many hooks run at once as the machine has cores, and those that only wait beside them", async () => {
    const { most, isScratchGone } = await tried();
    expect(most).toBe(4 + 2 * 3);
    expect(isScratchGone).toBe(true);
  });

  test("faults are told in one order, whenever they ended; the scratch folder goes where a hook cannot even be started, too", async () => {
    const faults = reportOf(await tried({ families: ["garbage"] }), "claude").faults ?? [];
    const codex = new Map((reportOf(await tried({ families: ["garbage"] }), "codex").faults ?? []).map((one) => [one.fault, one]));
    for (const fault of ["killed", "stalled", "input-held"] as const)
      expect(codex.get(fault)).toMatchObject({ is: "through", isLimit: true });
    expect(faults.slice(0, 6).map(({ fault }) => fault)).toEqual(["killed", "input-held", "stalled", "missing", "stale", "without-node"]);
    const { isScratchGone } = await tried({ families: ["garbage"], answer: () => ({ kind: "not-started", why: "ENOENT" }) });
    expect(isScratchGone).toBe(true);
  });

  test("a hook whose program is not there is nobody's limit", async () => {
    const { result } = await tried({ families: ["garbage"], answer: () => ({ kind: "not-started", why: "ENOENT" }) });
    expect(result.agents.map(({ hooks, isSafe }) => [hooks.agent, isSafe])).toEqual([
      ["claude", false],
      ["codex", false],
    ]);
  });

  test("a hook that stalls is waited for a few times, and the rest is told as not tried", async () => {
    const all = await tried({ answer: (start) => (start.fault === undefined ? { kind: "late" } : rightly(start)) });
    const { through, isSafe } = reportOf(all, "claude");
    expect(isSafe).toBe(false);
    expect([...through.values()].flat().some(({ why }) => why.startsWith("not tried"))).toBe(true);
    expect(all.starts("claude").length).toBeLessThan(30);
  });

  test("what was not tried is told as what the last late calls were: refused, where the agent refuses then", async () => {
    const hook = { type: "command", command: guardCommand("claude", "gate"), onFailure: "block" };
    const closed = JSON.stringify({ hooks: { PreToolUse: [{ hooks: [hook] }] } });
    const all = await tried({
      version: "2.1.300",
      files: { ...installed, [`${project}/.claude/settings.json`]: closed },
      answer: (start) => (start.fault === undefined ? { kind: "late" } : rightly(start)),
    });
    const { through, hindered, harmless } = reportOf(all, "claude");
    expect(through.size).toBe(0);
    expect(hindered).toHaveLength(harmless.length);
  });

  test("a newer Claude Code that could refuse when its hook fails, and is not set to, is unsafe; one of unknown version is at its limit", async () => {
    const { faults = [], isSafe } = reportOf(await tried({ families: ["garbage"] }), "claude");
    expect([isSafe, faults.find(({ fault }) => fault === "killed")]).toMatchObject([true, { is: "through", isLimit: true }]);
    const newer = reportOf(await tried({ families: ["garbage"], version: "2.1.300" }), "claude");
    expect([newer.isSafe, newer.faults?.[0]]).toMatchObject([false, { fault: "killed", is: "through", isLimit: false }]);
  });
});

const rowsOf = (folder: string): readonly string[] =>
  corpusFor(placesOf({ scope: { ...scope, folder }, home, page: undefined, target: undefined })).rows.map(({ id }) => id);

test("a project whose folder needs quotation marks loses only commands that name it, and no file tool", () => {
  const plain = rowsOf("/work/pier");
  const odd = new Set(rowsOf("/work/My Büro"));
  const lost = plain.filter((id) => !odd.has(id));
  expect(lost.filter((id) => /^(?:files|mcp)-/u.test(id))).toEqual([]);
  expect(lost.length).toBeGreaterThan(0);
  expect(odd.size).toBeGreaterThan(plain.length / 2);
});
