/**
 * Codex's hooks (https://developers.openai.com/codex/hooks; codex-rs/hooks/src/engine/output_parser.rs and events/pre_tool_use.rs).
 * A reply with `ask`, `allow` without a new input, `continue: false`, `stopReason`, `suppressOutput`, an unknown field or an empty
 * reason marks the hook as failed, and the call goes on. So a refusal is the three fields below and nothing else.
 */

import type { GuardEvent } from "../../core/guard/agent-call.ts";
import type { Answer } from "../../operations/guard/answer.ts";
import { type AgentFace, type Around, blocked, type HookInput, type HookReply, json, type ReadHook, silent } from "./agent-face.ts";
import { fieldsIn, foldersFrom, neededText, sessionOf, textIn } from "./hook-fields.ts";
import { sessionEvent } from "./session-events.ts";
import { toolCalls } from "./tool-calls.ts";

const tools = {
  Bash: "shell",
  shell: "shell",
  shell_command: "shell",
  local_shell: "shell",
  exec_command: "shell",
  "container.exec": "shell",
  unified_exec: "shell",
  write_stdin: "typed",
  apply_patch: "patch",
  Write: "file",
  Edit: "file",
} as const;

const moments = { SessionStart: "session-start", Stop: "stop", SubagentStop: "stop", SessionEnd: "session-end" } as const;

export const codexFace: AgentFace = { name: "codex", read, closed: blocked };

function read(input: HookInput, around: Around): ReadHook {
  const name = neededText(input, "hook_event_name");
  const session = sessionOf("codex", { id: textIn(input, "session_id"), cwd: textIn(input, "cwd") }, around);
  const events: GuardEvent[] =
    name === "PreToolUse" || name === "PermissionRequest"
      ? toolCalls(tools, neededText(input, "tool_name"), fieldsIn(input, "tool_input"), { cwd: session.cwd, around }).map((call) => ({
          kind: "call",
          session,
          call,
        }))
      : [sessionEvent(moments, name, input, session)];
  return { events, folders: foldersFrom(around.cwd), canAsk: false, reply: (answer) => replyTo(name, answer) };
}

function replyTo(event: string, answer: Answer): HookReply {
  switch (answer.kind) {
    case "pass":
      return silent;
    case "deny":
    case "ask":
      return refusal(event, answer.text);
    case "context":
      return json({ hookSpecificOutput: { hookEventName: event, additionalContext: answer.text } });
    case "hold":
      return json({ decision: "block", reason: answer.text });
  }
}

function refusal(event: string, text: string): HookReply {
  if (event === "PermissionRequest") {
    return json({ hookSpecificOutput: { hookEventName: event, decision: { behavior: "deny", message: text } } });
  }
  return json({
    hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "deny", permissionDecisionReason: text },
  });
}
