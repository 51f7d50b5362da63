/**
 * Claude Code's hooks (https://code.claude.com/docs/en/hooks, as of v2.1.29x). It blocks on exit 2 or on a JSON decision with exit 0;
 * every other exit lets the call run. To say nothing is to leave the decision to the person's own permission rules: `allow` would
 * skip them, so the guard never says it.
 */

import type { AgentSession, GuardEvent } from "../../core/guard/agent-call.ts";
import type { Answer } from "../../operations/guard/answer.ts";
import { type AgentFace, type Around, blocked, type HookInput, type HookReply, json, type ReadHook, silent } from "./agent-face.ts";
import { fieldsIn, foldersFrom, neededText, sessionOf, textIn } from "./hook-fields.ts";
import { sessionEvent } from "./session-events.ts";
import { toolCalls } from "./tool-calls.ts";

const tools = {
  Bash: "shell",
  Monitor: "shell",
  PowerShell: "powershell",
  Write: "file",
  Edit: "file",
  MultiEdit: "file",
  NotebookEdit: "file",
} as const;

const moments = { SessionStart: "session-start", Stop: "stop", SubagentStop: "stop", SessionEnd: "session-end" } as const;

export const claudeFace: AgentFace = { name: "claude", read, closed: blocked };

function read(input: HookInput, around: Around): ReadHook {
  const name = neededText(input, "hook_event_name");
  const session = sessionOf("claude", { id: textIn(input, "session_id"), cwd: textIn(input, "cwd") }, around);
  const events: GuardEvent[] =
    name === "PreToolUse"
      ? toolCalls(tools, neededText(input, "tool_name"), fieldsIn(input, "tool_input"), { cwd: session.cwd, around }).map((call) => ({
          kind: "call",
          session,
          call,
        }))
      : [otherEvent(name, input, session)];
  return {
    events,
    folders: foldersFrom(around.env["CLAUDE_PROJECT_DIR"], around.cwd),
    canAsk: name === "PreToolUse",
    reply: (answer) => replyTo(name, answer),
  };
}

function otherEvent(name: string, input: HookInput, session: AgentSession): GuardEvent {
  return name === "ConfigChange"
    ? { kind: "config-change", session, file: textIn(input, "file_path") }
    : sessionEvent(moments, name, input, session);
}

function replyTo(event: string, answer: Answer): HookReply {
  switch (answer.kind) {
    case "pass":
      return silent;
    case "deny":
      // Before a tool, and after its settings were edited, a refusal has different words.
      return event === "PreToolUse" ? decision("deny", answer.text) : json({ decision: "block", reason: answer.text });
    case "ask":
      return decision("ask", answer.text);
    case "context":
      return json({ hookSpecificOutput: { hookEventName: event, additionalContext: answer.text } });
    case "hold":
      return json({ decision: "block", reason: answer.text });
  }
}

const decision = (permissionDecision: "deny" | "ask", permissionDecisionReason: string): HookReply =>
  json({ hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision, permissionDecisionReason } });
