/** From a tool of an agent to calls: each agent has a table of what its tools are. */

import type { AgentCall } from "../../core/guard/agent-call.ts";
import type { Around, HookInput } from "./agent-face.ts";
import { changesOfFileTool, changesOfPatch, deletionOf } from "./file-tool.ts";
import { mcpCall, powershellCall, shellCalls, unknownTool } from "./shell-tool.ts";

/** `typed`: keys for something that runs already, most often a shell. */
export type ToolKind = "shell" | "powershell" | "typed" | "file" | "patch" | "deletion";

export interface ToolPlace {
  readonly cwd: string;
  readonly around: Around;
}

/** Throws `MalformedHook` where the input of a known tool lacks what decides. */
export function toolCalls(
  kinds: Readonly<Record<string, ToolKind>>,
  tool: string,
  input: HookInput,
  { cwd, around }: ToolPlace,
): AgentCall[] {
  switch (Object.hasOwn(kinds, tool) ? kinds[tool] : undefined) {
    case "shell":
      return shellCalls(input, cwd, around);
    case "powershell":
      return [powershellCall(input, cwd)];
    case "typed":
      return shellCalls(input, cwd, around, ["chars", "input", "text", "command"]);
    case "file":
      return [{ kind: "files", changes: changesOfFileTool(input, cwd, around) }];
    case "patch":
      return [{ kind: "files", changes: changesOfPatch(input, cwd, around) }];
    case "deletion":
      return [{ kind: "files", changes: deletionOf(input, cwd, around) }];
    case undefined: {
      const mcp = mcpCall(tool, input);
      return mcp === undefined ? unknownTool(tool, input, cwd, around) : [mcp];
    }
  }
}
