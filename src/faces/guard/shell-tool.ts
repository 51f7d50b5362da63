/** Inputs of tools that run a shell's text. */

import type { AgentCall } from "../../core/guard/agent-call.ts";
import { patchBegins } from "../../operations/guard/patch/read-patch.ts";
import { quoted } from "../../operations/guard/mcp-effects.ts";
import { type Around, type HookInput, MalformedHook } from "./agent-face.ts";
import { pathFrom, textIn } from "./hook-fields.ts";
import { changesInPatch } from "./file-tool.ts";

const folderNames = ["workdir", "dir_path", "directory", "working_directory", "cwd"] as const;

/** A command, and the files of a patch inside it. Throws `MalformedHook` where there is no command. */
export function shellCalls(input: HookInput, cwd: string, around: Around, names: readonly string[] = ["command", "cmd"]): AgentCall[] {
  const command = commandIn(input, names);
  if (command === undefined) throw new MalformedHook(`its input has no ${names[0] ?? "command"}`);
  const folder = textIn(input, ...folderNames);
  const at = folder === undefined ? cwd : pathFrom(folder, cwd, around);
  const shell: AgentCall = { kind: "shell", dialect: "bash", command, cwd: at };
  if (!command.includes(patchBegins)) return [shell];
  const changes = changesInPatch(command, at, around);
  return changes.length === 0 ? [shell] : [shell, { kind: "files", changes }];
}

export function powershellCall(input: HookInput, cwd: string): AgentCall {
  const command = commandIn(input, ["command", "script"]);
  if (command === undefined) throw new MalformedHook("its input has no command");
  return { kind: "shell", dialect: "powershell", command, cwd };
}

/** A list of words (`["bash", "-lc", "…"]`) becomes the command line that gives exactly them. */
function commandIn(input: HookInput, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = input[name];
    if (typeof value === "string") return value;
    if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === "string")) return quoted(value);
  }
  return undefined;
}

/** A tool that nobody here knows: what looks like a command is read as one, the rest passes. */
export function unknownTool(tool: string, input: HookInput, cwd: string, around: Around): AgentCall[] {
  if (commandIn(input, ["command", "cmd", "script"]) !== undefined) return shellCalls(input, cwd, around, ["command", "cmd", "script"]);
  return textIn(input, "code") === undefined ? [{ kind: "other", tool }] : [{ kind: "mcp", server: "", tool, input }];
}

/** `mcp__server__tool`; `undefined` where it is no tool of an MCP server. */
export function mcpCall(tool: string, input: unknown): AgentCall | undefined {
  if (!tool.startsWith("mcp__")) return undefined;
  const [server = "", ...rest] = tool.slice("mcp__".length).split("__");
  return { kind: "mcp", server, tool: rest.join("__"), input };
}
