/** One call of an agent, put to the hooks that the agent would start before it. */

import { understood, type Understood } from "../../core/attack/agent-semantics.ts";
import type { AttackCall } from "../../core/attack/attack.ts";
import { type InstalledHook, matches } from "../../core/agents/installed-hook.ts";
import { opencodeDriver } from "../../core/attack/opencode-driver.ts";
import { payloadsOf } from "../../core/attack/payload.ts";
import type { AgentName } from "../../core/guard/agent-call.ts";
import type { HookStart } from "../../ports/hook-runner.ts";
import type { AttackBench } from "./attack-bench.ts";
import type { AgentHooks } from "./look-at-hooks.ts";

/** Nobody waits longer for one row, whatever the settings say. */
const rowMsMax = 15_000;

export interface Asking {
  readonly bench: AttackBench;
  readonly hooks: AgentHooks;
  /** Absolute. */
  readonly project: string;
  readonly signal: AbortSignal;
  /** Takes away what the guard noted of a session: what is tried here must harden no later answer. */
  readonly forget: (sessionId: string) => void;
}

/** The strictest answer of all hooks that see the call; without any, it gets through. */
export async function askHooks(asking: Asking, call: AttackCall, sessionId: string): Promise<Understood> {
  try {
    return await askEach(asking, call, sessionId);
  } finally {
    asking.forget(sessionId);
  }
}

async function askEach(asking: Asking, call: AttackCall, sessionId: string): Promise<Understood> {
  const { bench, hooks, project, signal } = asking;
  let best: Understood = { is: "through", why: whyUnseen(hooks) };
  for (const payload of payloadsOf(hooks.agent, call, { sessionId, project })) {
    for (const hook of hooks.hooks) {
      if (hook.event !== payload.event || !matches(hook, payload.subject)) continue;
      const start = startOf(asking, hook, JSON.stringify(payload.input));
      const answer = understood(hooks, hook, await bench.hooks.run(start, { signal }));
      if (answer.is === "stopped") return answer;
      if (answer.is === "asked" || best.is === "through") best = answer;
    }
  }
  return best;
}

function whyUnseen({ hooks, silenced, switches }: AgentHooks): string {
  const off = switches.find(({ does }) => does === "off");
  if (hooks.length > 0) return "no hook of the guard's is asked about this tool";
  if (silenced.length > 0 && off) return `hooks are switched off by ${off.name}`;
  return "no hook of the guard's stands in its settings";
}

/** As the agent starts it. */
export function startOf(
  { bench, hooks, project }: Pick<Asking, "bench" | "hooks" | "project">,
  hook: InstalledHook,
  input: string,
): HookStart {
  const env = { ...bench.env, ...hooks.variables, ...variablesOf(hooks.agent, project) };
  const limitMs = Math.min(hook.timeoutMs, rowMsMax);
  const [program, args] = commandOf(hooks.agent, hook, { node: bench.machine.node, shell: env["SHELL"], project });
  // Cursor starts a user's hooks in its own folder.
  const cwd = hooks.agent === "cursor" && hook.level === "user" ? `${bench.home}/.cursor` : project;
  return { program, args, cwd, env, input, limitMs };
}

function variablesOf(agent: AgentName, project: string): Readonly<Record<string, string>> {
  switch (agent) {
    case "claude":
      return { CLAUDE_PROJECT_DIR: project };
    case "cursor":
      return { CURSOR_PROJECT_DIR: project };
    case "gemini":
      return { GEMINI_PROJECT_DIR: project, CLAUDE_PROJECT_DIR: project };
    case "codex":
    case "opencode":
      return {};
  }
}

interface Machine {
  readonly node: string;
  readonly shell: string | undefined;
  readonly project: string;
}

function commandOf(
  agent: AgentName,
  { command, args }: InstalledHook,
  { node, shell, project }: Machine,
): readonly [string, readonly string[]] {
  if (agent === "opencode") return [node, ["--input-type=module", "-e", opencodeDriver, command, project]];
  if (args !== undefined) return [command, args];
  if (agent === "gemini") return ["bash", ["-c", command]];
  return agent === "codex" ? [shell === undefined || shell === "" ? "/bin/sh" : shell, ["-lc", command]] : ["/bin/sh", ["-c", command]];
}

/** The hook that is asked about shell commands; `undefined` where none is. */
export const shellHook = ({ agent, hooks }: AgentHooks): InstalledHook | undefined => {
  const shell = payloadsOf(agent, { kind: "shell", command: "ls" }, { sessionId: "", project: "/" });
  return hooks.find((hook) => shell.some(({ event, subject }) => event === hook.event && matches(hook, subject)));
};
