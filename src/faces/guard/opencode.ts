/**
 * The protocol between belay's plugin for OpenCode and `belay guard opencode`: OpenCode has no command hooks, so the plugin pipes one
 * JSON document in and reads one back.
 *
 *     in   {"event": "tool", "tool": "bash", "args": {"command": "…"}, "sessionID": "…", "cwd": "/abs", "root": "/abs"}
 *          {"event": "session-start" | "session-idle" | "session-end", "sessionID": "…", "cwd": "/abs", "root": "/abs"}
 *     out  {"decision": "allow"}                        the call goes on
 *          {"decision": "deny", "reason": "…"}          the plugin throws an Error with the reason
 *          {"decision": "allow", "context": "…"}        facts, after session-start
 *          {"decision": "allow", "followup": "…"}       what the agent is asked for, after session-idle
 *
 * `tool`, `args` and `sessionID` are those of `tool.execute.before` (its `input.tool`, `output.args`, `input.sessionID`); `cwd` is the
 * plugin's `directory`, `root` its `worktree`. `"isRepeated": true` says that the session was already asked once. Whatever is not exit 0
 * with a decision of `allow` is a refusal: a plugin that cannot start belay throws too.
 *
 * Tools and their arguments: sst/opencode, packages/opencode/src/tool (bash, write, edit, multiedit, patch, apply_patch, batch).
 */

import type { AgentCall, GuardEvent } from "../../core/guard/agent-call.ts";
import type { Answer } from "../../operations/guard/answer.ts";
import { type AgentFace, type Around, type HookInput, type HookReply, json, MalformedHook, type ReadHook } from "./agent-face.ts";
import { fieldsIn, foldersFrom, isFields, listIn, neededText, sessionOf, textIn } from "./hook-fields.ts";
import { sessionEvent } from "./session-events.ts";
import { toolCalls, type ToolPlace } from "./tool-calls.ts";

const refusal = (reason: string): HookReply => json({ decision: "deny", reason });

const tools = {
  bash: "shell",
  shell: "shell",
  write: "file",
  edit: "file",
  multiedit: "file",
  patch: "patch",
  apply_patch: "patch",
} as const;

const moments = { "session-start": "session-start", "session-idle": "stop", "session-end": "session-end" } as const;

export const opencodeFace: AgentFace = { name: "opencode", read, closed: refusal };

/** `batch` runs several tools in one call; it does not run itself. */
const batchDepthMax = 3;

function read(input: HookInput, around: Around): ReadHook {
  const name = textIn(input, "event") ?? "tool";
  const session = sessionOf("opencode", { id: textIn(input, "sessionID"), cwd: textIn(input, "cwd") }, around);
  const events: GuardEvent[] =
    name === "tool"
      ? callsOf(neededText(input, "tool"), fieldsIn(input, "args"), { cwd: session.cwd, around, depth: 0 }).map((call) => ({
          kind: "call",
          session,
          call,
        }))
      : [sessionEvent(moments, name, input, session)];
  return { events, folders: foldersFrom(input["root"], around.cwd), canAsk: false, reply: replyTo };
}

interface Place extends ToolPlace {
  readonly depth: number;
}

function callsOf(tool: string, args: HookInput, place: Place): AgentCall[] {
  if (tool === "batch") return batched(args, place);
  // Its own tools stand in the table, or have no underscore; whatever else has one is `server_tool` of an MCP server.
  const cut = tool.indexOf("_");
  if (Object.hasOwn(tools, tool) || tool.startsWith("mcp__") || cut <= 0) return toolCalls(tools, tool, args, place);
  return [{ kind: "mcp", server: tool.slice(0, cut), tool: tool.slice(cut + 1), input: args }];
}

function batched(args: HookInput, place: Place): AgentCall[] {
  if (place.depth >= batchDepthMax) throw new MalformedHook("its batches hold batches");
  return listIn(args, "tool_calls").flatMap((one) => {
    if (!isFields(one)) throw new MalformedHook("a call of its batch is no object");
    return callsOf(neededText(one, "tool"), fieldsIn(one, "parameters"), { ...place, depth: place.depth + 1 });
  });
}

function replyTo(answer: Answer): HookReply {
  switch (answer.kind) {
    case "pass":
      return json({ decision: "allow" });
    case "deny":
    case "ask":
      return refusal(answer.text);
    case "context":
      return json({ decision: "allow", context: answer.text });
    case "hold":
      return json({ decision: "allow", followup: answer.text });
  }
}
