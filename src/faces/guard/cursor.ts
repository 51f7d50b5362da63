/**
 * Cursor's hooks (https://cursor.com/docs/agent/hooks). Every answer is JSON: no output, or broken JSON, lets the call run unless the
 * hook was installed with `failClosed`. `ask` is honoured before a shell command or an MCP tool, and not in `preToolUse`.
 */

import type { AgentCall, GuardEvent } from "../../core/guard/agent-call.ts";
import type { Answer } from "../../operations/guard/answer.ts";
import { type AgentFace, type Around, type HookInput, type HookReply, json, MalformedHook, type ReadHook } from "./agent-face.ts";
import { fieldsIn, foldersFrom, listIn, neededText, sessionOf, textIn } from "./hook-fields.ts";
import { sessionEvent } from "./session-events.ts";
import { shellCalls } from "./shell-tool.ts";
import { toolCalls, type ToolPlace } from "./tool-calls.ts";

export const cursorFace: AgentFace = { name: "cursor", read, closed: (text) => permission("deny", text) };

const tools = {
  Shell: "shell",
  Bash: "shell",
  run_terminal_cmd: "shell",
  Write: "file",
  Edit: "file",
  StrReplace: "file",
  MultiEdit: "file",
  EditNotebook: "file",
  search_replace: "file",
  edit_file: "file",
  ApplyPatch: "patch",
  apply_patch: "patch",
  Delete: "deletion",
  delete_file: "deletion",
} as const;

const moments = { sessionStart: "session-start", stop: "stop", subagentStop: "stop", sessionEnd: "session-end" } as const;

const asking = new Set(["beforeShellExecution", "beforeMCPExecution"]);

function read(input: HookInput, around: Around): ReadHook {
  const name = neededText(input, "hook_event_name");
  const roots = foldersFrom(...listIn(input, "workspace_roots"));
  const cwd = textIn(input, "cwd");
  const id = textIn(input, "conversation_id", "session_id");
  const session = sessionOf("cursor", { id, cwd: cwd === undefined || cwd === "" ? roots[0] : cwd }, around);
  const calls = callsOf(name, input, session.cwd, around);
  const events: GuardEvent[] = calls?.map((call) => ({ kind: "call", session, call })) ?? [sessionEvent(moments, name, input, session)];
  const folders = [...roots, ...foldersFrom(around.env["CURSOR_PROJECT_DIR"], around.cwd)];
  return { events, folders, canAsk: asking.has(name), reply: (answer) => replyTo(name, answer) };
}

/** `undefined` where the event is about no call. */
function callsOf(name: string, input: HookInput, cwd: string, around: Around): AgentCall[] | undefined {
  switch (name) {
    case "beforeShellExecution":
      return shellCalls({ command: input["command"] }, cwd, around);
    case "beforeMCPExecution":
      return [{ kind: "mcp", server: serverOf(input), tool: neededText(input, "tool_name"), input: mcpInput(input["tool_input"]) }];
    case "preToolUse":
      return callsBefore(neededText(input, "tool_name"), fieldsIn(input, "tool_input"), { cwd, around });
    default:
      return undefined;
  }
}

function callsBefore(tool: string, given: HookInput, place: ToolPlace): AgentCall[] {
  if (tool.startsWith("MCP:")) return [{ kind: "mcp", server: "", tool: tool.slice("MCP:".length), input: given }];
  return toolCalls(tools, tool, given, place);
}

/** Cursor names no server; what starts it says whether it is ours. */
const serverOf = (input: HookInput): string =>
  /(?:^|[\s/\\])belay(?:\.js)?["']?\s+mcp\s*$/u.test(textIn(input, "command") ?? "")
    ? "belay"
    : (textIn(input, "server", "server_name") ?? "");

/** The input of an MCP tool comes as JSON in a string. */
function mcpInput(given: unknown): unknown {
  if (typeof given !== "string") return given;
  if (given.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(given);
    return value;
  } catch {
    throw new MalformedHook("its tool_input is no JSON");
  }
}

/** Events that ask for no permission take an empty object; the ones that do get an answer in so many words. */
const permitting = new Set([
  "beforeShellExecution",
  "beforeMCPExecution",
  "preToolUse",
  "beforeReadFile",
  "beforeTabFileRead",
  "subagentStart",
]);

function replyTo(event: string, answer: Answer): HookReply {
  switch (answer.kind) {
    case "pass":
      if (event === "beforeSubmitPrompt") return json({ continue: true });
      return json(permitting.has(event) ? { permission: "allow" } : {});
    case "deny":
      return permission("deny", answer.text);
    case "ask":
      return permission(asking.has(event) ? "ask" : "deny", answer.text);
    case "context":
      return json({ additional_context: answer.text });
    case "hold":
      return json({ followup_message: answer.text });
  }
}

const permission = (verdict: "deny" | "ask", text: string): HookReply =>
  json({ permission: verdict, user_message: text, agent_message: text });
