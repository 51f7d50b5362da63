/**
 * Gemini CLI's hooks (google-gemini/gemini-cli, docs/hooks/reference.md). stdout is JSON or nothing; exit 0 with a decision is the
 * preferred form, exit 2 blocks with stderr as the reason. AfterAgent is its stop: to deny it is to send the agent on.
 */

import type { AgentCall, GuardEvent } from "../../core/guard/agent-call.ts";
import type { Answer } from "../../operations/guard/answer.ts";
import { type AgentFace, type Around, type HookInput, type HookReply, json, type ReadHook } from "./agent-face.ts";
import { fieldsIn, foldersFrom, neededText, sessionOf, textIn } from "./hook-fields.ts";
import { sessionEvent } from "./session-events.ts";
import { mcpCall } from "./shell-tool.ts";
import { toolCalls } from "./tool-calls.ts";

const refusal = (reason: string): HookReply => json({ decision: "deny", reason });

const tools = { run_shell_command: "shell", write_file: "file", replace: "file", edit: "file" } as const;

const moments = { SessionStart: "session-start", AfterAgent: "stop", SessionEnd: "session-end" } as const;

export const geminiFace: AgentFace = { name: "gemini", read, closed: refusal };

function read(input: HookInput, around: Around): ReadHook {
  const name = neededText(input, "hook_event_name");
  const session = sessionOf("gemini", { id: textIn(input, "session_id"), cwd: textIn(input, "cwd") }, around);
  const events: GuardEvent[] =
    name === "BeforeTool"
      ? callsOf(input, session.cwd, around).map((call) => ({ kind: "call", session, call }))
      : [sessionEvent(moments, name, input, session)];
  const { GEMINI_PROJECT_DIR: project, CLAUDE_PROJECT_DIR: alias } = around.env;
  return { events, folders: foldersFrom(project, alias, around.cwd), canAsk: false, reply: (answer) => replyTo(name, answer) };
}

function callsOf(input: HookInput, cwd: string, around: Around): AgentCall[] {
  const tool = neededText(input, "tool_name");
  const given = fieldsIn(input, "tool_input");
  const server = textIn(fieldsIn(input, "mcp_context"), "server_name");
  if (server !== undefined) {
    return [{ kind: "mcp", server, tool: textIn(fieldsIn(input, "mcp_context"), "tool_name") ?? tool, input: given }];
  }
  const mcp = mcpCall(tool, given) ?? shortMcpCall(tool, given);
  return mcp === undefined ? toolCalls(tools, tool, given, { cwd, around }) : [mcp];
}

/** Newer builds write `mcp_server_tool`. */
function shortMcpCall(tool: string, input: HookInput): AgentCall | undefined {
  const [prefix, server, ...rest] = tool.split("_");
  return prefix === "mcp" && server !== undefined && rest.length > 0 ? { kind: "mcp", server, tool: rest.join("_"), input } : undefined;
}

function replyTo(event: string, answer: Answer): HookReply {
  switch (answer.kind) {
    case "pass":
      return json({});
    case "deny":
    case "ask":
    case "hold":
      return refusal(answer.text);
    case "context":
      return json({ hookSpecificOutput: { hookEventName: event, additionalContext: answer.text } });
  }
}
