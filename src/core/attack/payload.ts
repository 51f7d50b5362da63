/** What an agent sends to its hook about one call. Sources: those of src/faces/guard, which reads the same. */

import type { AgentName } from "../guard/agent-call.ts";
import type { AttackCall } from "./attack.ts";

/** One hook input: under which event, and what a matcher is held against. */
export interface Payload {
  readonly event: string;
  /** The tool's name, or for Cursor's shell event the command. */
  readonly subject: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface PayloadFacts {
  readonly sessionId: string;
  /** Absolute folder of the project, which the agent works in. */
  readonly project: string;
}

/** Every hook input that the agent sends about the call; empty where it has no tool for it. Any one refusal stops the call. */
export function payloadsOf(agent: AgentName, call: AttackCall, facts: PayloadFacts): readonly Payload[] {
  switch (agent) {
    case "claude":
      return claude(call, facts);
    case "codex":
      return codex(call, facts);
    case "cursor":
      return cursor(call, facts);
    case "gemini":
      return gemini(call, facts);
    case "opencode":
      return opencode(call, facts);
  }
}

interface Tool {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

function claude(call: AttackCall, { sessionId, project }: PayloadFacts): readonly Payload[] {
  const tool = claudeTool(call);
  if (tool === undefined) return [];
  const input = {
    session_id: sessionId,
    transcript_path: `${project}/.belay-attack.jsonl`,
    cwd: project,
    permission_mode: "bypassPermissions",
    hook_event_name: "PreToolUse",
    tool_name: tool.name,
    tool_input: tool.input,
    tool_use_id: "toolu_01",
  };
  return [{ event: "PreToolUse", subject: tool.name, input }];
}

function claudeTool(call: AttackCall): Tool | undefined {
  switch (call.kind) {
    case "shell":
      return { name: "Bash", input: { command: call.command, description: "Run it" } };
    case "write":
      return { name: "Write", input: { file_path: call.path, content: call.text } };
    case "edit":
      return { name: "Edit", input: { file_path: call.path, old_string: call.before, new_string: call.after } };
    case "delete":
      return undefined;
    case "mcp":
      return { name: `mcp__${call.server}__${call.tool}`, input: call.input };
  }
}

function codex(call: AttackCall, { sessionId, project }: PayloadFacts): readonly Payload[] {
  const tool = codexTool(call);
  const input = {
    session_id: sessionId,
    turn_id: "turn-1",
    transcript_path: null,
    cwd: project,
    hook_event_name: "PreToolUse",
    model: "gpt-5",
    permission_mode: "bypassPermissions",
    tool_name: tool.name,
    tool_input: tool.input,
    tool_use_id: "call_01",
  };
  return [{ event: "PreToolUse", subject: tool.name, input }];
}

function codexTool(call: AttackCall): Tool {
  switch (call.kind) {
    case "shell":
      return { name: "Bash", input: { command: call.command } };
    case "mcp":
      return { name: `mcp__${call.server}__${call.tool}`, input: call.input };
    case "write":
    case "edit":
    case "delete":
      return { name: "apply_patch", input: { command: patchOf(call) } };
  }
}

/** Each line behind a sign of the patch. */
const marked = (sign: string, text: string): readonly string[] =>
  text
    .replace(/\n$/u, "")
    .split("\n")
    .map((line) => sign + line);

/** Codex's patch format. A whole file is added, over one that is there too. */
function patchOf(call: Extract<AttackCall, { readonly kind: "write" | "edit" | "delete" }>): string {
  const body =
    call.kind === "write"
      ? [`*** Add File: ${call.path}`, ...marked("+", call.text)]
      : call.kind === "edit"
        ? [`*** Update File: ${call.path}`, "@@", ...marked("-", call.before), ...marked("+", call.after)]
        : [`*** Delete File: ${call.path}`];
  return ["*** Begin Patch", ...body, "*** End Patch", ""].join("\n");
}

function cursor(call: AttackCall, { sessionId, project }: PayloadFacts): readonly Payload[] {
  const base = { conversation_id: sessionId, generation_id: "generation-1", workspace_roots: [project] };
  const before = (event: string, subject: string, input: Readonly<Record<string, unknown>>): Payload => ({
    event,
    subject,
    input: { ...base, hook_event_name: event, ...input },
  });
  const tool = (name: string, input: Readonly<Record<string, unknown>>): Payload =>
    before("preToolUse", name, { tool_name: name, tool_input: input, tool_use_id: "tool-1", cwd: project });
  switch (call.kind) {
    case "shell":
      return [
        before("beforeShellExecution", call.command, { command: call.command, cwd: project }),
        tool("Shell", { command: call.command, working_directory: project }),
      ];
    case "mcp":
      return [
        before("beforeMCPExecution", call.tool, { tool_name: call.tool, tool_input: JSON.stringify(call.input), command: call.server }),
        tool(`MCP:${call.tool}`, call.input),
      ];
    case "write":
      return [tool("Write", { file_path: call.path, content: call.text })];
    case "edit":
      return [tool("Edit", { file_path: call.path, old_string: call.before, new_string: call.after })];
    case "delete":
      return [tool("Delete", { file_path: call.path })];
  }
}

function gemini(call: AttackCall, { sessionId, project }: PayloadFacts): readonly Payload[] {
  const tool = geminiTool(call);
  if (tool === undefined) return [];
  const input = {
    session_id: sessionId,
    transcript_path: `${project}/.belay-attack.json`,
    cwd: project,
    hook_event_name: "BeforeTool",
    timestamp: "2026-01-01T00:00:00.000Z",
    tool_name: tool.name,
    tool_input: tool.input,
    ...(call.kind === "mcp" ? { mcp_context: { server_name: call.server, tool_name: call.tool } } : {}),
  };
  return [{ event: "BeforeTool", subject: tool.name, input }];
}

function geminiTool(call: AttackCall): Tool | undefined {
  switch (call.kind) {
    case "shell":
      return { name: "run_shell_command", input: { command: call.command, description: "Run it" } };
    case "write":
      return { name: "write_file", input: { file_path: call.path, content: call.text } };
    case "edit":
      return { name: "replace", input: { file_path: call.path, old_string: call.before, new_string: call.after } };
    case "delete":
      return undefined;
    case "mcp":
      return { name: `mcp_${call.server}_${call.tool}`, input: call.input };
  }
}

/** Not a hook's input: what OpenCode gives to a plugin's `tool.execute.before`. */
function opencode(call: AttackCall, { sessionId }: PayloadFacts): readonly Payload[] {
  const { name, input } = opencodeTool(call);
  return [{ event: "tool.execute.before", subject: name, input: { tool: name, sessionID: sessionId, callID: "call-1", args: input } }];
}

function opencodeTool(call: AttackCall): Tool {
  switch (call.kind) {
    case "shell":
      return { name: "bash", input: { command: call.command, description: "Run it" } };
    case "write":
      return { name: "write", input: { filePath: call.path, content: call.text } };
    case "edit":
      return { name: "edit", input: { filePath: call.path, oldString: call.before, newString: call.after } };
    case "delete":
      return { name: "apply_patch", input: { patchText: patchOf(call) } };
    case "mcp":
      return { name: `${call.server}_${call.tool}`, input: call.input };
  }
}
