/** Hooks as agents run them: the commands that `belay install` wrote into their settings, and what each agent makes of the answer. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram, type Env } from "./run-program.ts";

export type HookedAgent = "claude" | "codex" | "cursor";

/** What the agent does after its hooks have answered. */
export interface HookAnswer {
  /** `told`: the session goes on, and the agent has read the text. `held`: it is not over yet. */
  readonly verdict: "passes" | "refused" | "asks" | "told" | "held";
  readonly text: string;
}

export interface Hooks {
  /** One event with its fields, the agent's own way. `matched`: what the settings' matcher is held against. */
  ask(event: string, fields: Fields, matched: string): Promise<HookAnswer>;
}

type Fields = Readonly<Record<string, unknown>>;

const settingsOf: Readonly<Record<HookedAgent, string>> = {
  claude: ".claude/settings.json",
  codex: ".codex/hooks.json",
  cursor: ".cursor/hooks.json",
};

/** Reads the settings afresh for every event, as they stand in the project. */
export const openHooks = (agent: HookedAgent, folder: string, env: Env): Hooks => ({
  ask: async (event, fields, matched) => {
    const settings: unknown = JSON.parse(await readFile(join(folder, settingsOf[agent]), "utf8"));
    const commands = commandsFor(entriesAt(settings, event), matched);
    let answer: HookAnswer = { verdict: "passes", text: "" };
    for (const command of commands) {
      const ran = await runProgram("sh", ["-c", command], {
        cwd: folder,
        env: agent === "claude" ? { ...env, CLAUDE_PROJECT_DIR: folder } : env,
        input: JSON.stringify({ hook_event_name: event, ...fields }),
      });
      answer = readings[agent](ran);
      if (answer.verdict !== "passes") break;
    }
    return answer;
  },
});

function entriesAt(settings: unknown, event: string): readonly unknown[] {
  const entries = at(at(settings, "hooks"), event);
  return Array.isArray(entries) ? entries : [];
}

/** Claude Code and Codex keep commands in groups, Cursor keeps them plainly; a matcher is a regular expression over the whole name. */
const commandsFor = (entries: readonly unknown[], matched: string): readonly string[] =>
  entries.flatMap((entry): readonly string[] => {
    const matcher = at(entry, "matcher");
    if (typeof matcher === "string" && !new RegExp(`^(?:${matcher})$`, "u").test(matched)) return [];
    const inner = at(entry, "hooks");
    const commands = Array.isArray(inner) ? inner.map((hook: unknown) => at(hook, "command")) : [at(entry, "command")];
    return commands.flatMap((command) => (typeof command === "string" ? [command] : []));
  });

interface Answered {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Exit 2 blocks; every other failure, and an answer that cannot be read, lets the call run. */
function claudeReading({ exit, stdout, stderr }: Answered): HookAnswer {
  if (exit === 2) return { verdict: "refused", text: stderr };
  const said = exit === 0 ? parsed(stdout) : undefined;
  const own = at(said, "hookSpecificOutput");
  const reason = textOf(at(own, "permissionDecisionReason"));
  switch (at(own, "permissionDecision")) {
    case "deny":
      return { verdict: "refused", text: reason };
    case "ask":
      return { verdict: "asks", text: reason };
    default:
  }
  if (at(said, "decision") === "block") return { verdict: "held", text: textOf(at(said, "reason")) };
  const context = textOf(at(own, "additionalContext"));
  return context === "" ? { verdict: "passes", text: "" } : { verdict: "told", text: context };
}

const codexKnows: ReadonlySet<string> = new Set(["hookEventName", "permissionDecision", "permissionDecisionReason", "additionalContext"]);

/** As Claude Code, but that a question, an empty reason and a field that it does not know make the hook a failed one. */
function codexReading(ran: Answered): HookAnswer {
  const own = at(parsed(ran.stdout), "hookSpecificOutput");
  const isKnown = typeof own !== "object" || own === null || Object.keys(own).every((name) => codexKnows.has(name));
  const answer = claudeReading(ran);
  return answer.verdict === "asks" || answer.text === "" || !isKnown ? { verdict: "passes", text: "" } : answer;
}

/** It was installed with `failClosed`: what cannot be read, and every exit but 0, is a refusal. */
function cursorReading({ exit, stdout, stderr }: Answered): HookAnswer {
  const said = parsed(stdout);
  if (exit !== 0 || said === undefined) return { verdict: "refused", text: stderr };
  const text = textOf(at(said, "agent_message"));
  switch (at(said, "permission")) {
    case "deny":
      return { verdict: "refused", text };
    case "ask":
      return { verdict: "asks", text };
    default:
  }
  const more = textOf(at(said, "followup_message"));
  if (more !== "") return { verdict: "held", text: more };
  const context = textOf(at(said, "additional_context"));
  return context === "" ? { verdict: "passes", text: "" } : { verdict: "told", text: context };
}

const readings: Readonly<Record<HookedAgent, (ran: Answered) => HookAnswer>> = {
  claude: claudeReading,
  codex: codexReading,
  cursor: cursorReading,
};

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

const at = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
