/** What a coding agent sends to the hook that `belay install claude` wrote, and what the hook answers. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Commands } from "./commands.ts";
import type { WorkingCopy, World } from "./world.ts";

/** A tool call as the agent would make it. */
export type ToolCall =
  | { readonly tool: "Bash"; readonly command: string }
  /** The path is within the working copy. */
  | { readonly tool: "Edit"; readonly path: string; readonly find: string; readonly replace: string };

export interface HookAnswer {
  /** `passes`: the hook says nothing. `broken`: it answered in no form that is expected of it, or failed. */
  readonly verdict: "passes" | "deny" | "broken";
  /** What the agent is told. */
  readonly reason: string;
}

export interface Hooks {
  /** A new session of the agent begins. Gives what it is told. */
  begin(): Promise<string>;
  before(call: ToolCall): Promise<HookAnswer>;
  /** The agent would end its turn. */
  stop(): Promise<HookAnswer>;
}

/** The hooks as they stand in the working copy's settings, each run as the agent runs it. Source: Claude Code's documentation of hooks. */
export function openHooks(world: World, commands: Pick<Commands, "hook">, where: WorkingCopy): Hooks {
  const folder = world.copy(where);
  const call = async (event: string, more: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const command = await commandOf(folder, event);
    const input = JSON.stringify({ session_id: "demo", cwd: folder, hook_event_name: event, ...more });
    const { code, text } = await commands.hook(where, command, input);
    if (code !== 0) return { decision: "broken", reason: text };
    try {
      return text.trim() === "" ? {} : JSON.parse(text);
    } catch {
      return { decision: "broken", reason: text };
    }
  };
  return {
    begin: async () => textAt(await call("SessionStart", { source: "startup" }), ["hookSpecificOutput", "additionalContext"]),
    before: async (asked) => answerOf(await call("PreToolUse", toolOf(folder, asked)), ["hookSpecificOutput", "permissionDecision"]),
    stop: async () => answerOf(await call("Stop", { stop_hook_active: false }), ["decision"]),
  };
}

function toolOf(folder: string, asked: ToolCall): Readonly<Record<string, unknown>> {
  if (asked.tool === "Bash") return { tool_name: "Bash", tool_input: { command: asked.command } };
  const { path, find, replace } = asked;
  return { tool_name: "Edit", tool_input: { file_path: join(folder, path), old_string: find, new_string: replace } };
}

async function commandOf(folder: string, event: string): Promise<string> {
  const settings: unknown = JSON.parse(await readFile(join(folder, ".claude", "settings.json"), "utf8"));
  return textAt(settings, ["hooks", event, 0, "hooks", 0, "command"]);
}

function answerOf(output: unknown, path: readonly string[]): HookAnswer {
  const said = textAt(output, path) || textAt(output, ["decision"]);
  const reason = textAt(output, ["hookSpecificOutput", "permissionDecisionReason"]) || textAt(output, ["reason"]);
  if (said === "") return { verdict: "passes", reason };
  return { verdict: said === "deny" || said === "block" ? "deny" : "broken", reason };
}

function textAt(value: unknown, path: readonly (string | number)[]): string {
  let at = value;
  for (const part of path)
    at = typeof at === "object" && at !== null ? Object.entries(at).find(([key]) => key === String(part))?.[1] : undefined;
  return typeof at === "string" ? at : "";
}
