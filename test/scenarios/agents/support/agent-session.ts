/** What an agent does: it asks its hooks before each call, and makes the call where they let it. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Ran } from "../../support/run-belay.ts";
import { openHooks, type HookAnswer, type HookedAgent } from "./agent-hooks.ts";
import { runProgram, type Env } from "./run-program.ts";

/** One call of a tool. Paths are relative to the project. */
export type ToolCall =
  | { readonly kind: "run"; readonly command: string }
  | { readonly kind: "write"; readonly file: string; readonly text: string }
  | { readonly kind: "edit"; readonly file: string; readonly from: string; readonly to: string };

export const run = (command: string): ToolCall => ({ kind: "run", command });
export const write = (file: string, text: string): ToolCall => ({ kind: "write", file, text });
export const edit = (file: string, [from, to]: readonly [from: string, to: string]): ToolCall => ({ kind: "edit", file, from, to });

export interface Tried extends HookAnswer {
  /** What a command said; absent where it was not run. */
  readonly ran?: Ran;
}

export interface AgentSession {
  /** What it is told at its beginning. */
  start(): Promise<HookAnswer>;
  tries(call: ToolCall): Promise<Tried>;
  stop(isRepeated?: boolean): Promise<HookAnswer>;
}

export interface SessionOptions {
  readonly agent: HookedAgent;
  readonly id: string;
  readonly folder: string;
  /** Of the agent's own processes: hooks and shells alike. */
  readonly env: Env;
}

export function openSession(options: SessionOptions): AgentSession {
  const { agent, folder, env } = options;
  const hooks = openHooks(agent, folder, env);
  const asked = dialects[agent](options);
  return {
    start: async () => await hooks.ask(...asked.start),
    tries: async (call) => {
      const answer = await hooks.ask(...asked.call(call));
      if (answer.verdict === "refused" || answer.verdict === "asks") return answer;
      const ran = await perform(call, folder, env);
      return { ...answer, ...(ran && { ran }) };
    },
    stop: async (isRepeated = false) => await hooks.ask(...asked.stop(isRepeated)),
  };
}

/** Makes the call, whatever anybody says of it. */
export async function perform(call: ToolCall, folder: string, env: Env): Promise<Ran | undefined> {
  if (call.kind === "run") return await runProgram("bash", ["-c", call.command], { cwd: folder, env });
  const path = join(folder, call.file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, call.kind === "write" ? call.text : replaced(await readFile(path, "utf8"), call));
  return undefined;
}

/** As agents' editors do: a text that does not stand there exactly once is an error. */
function replaced(text: string, { file, from, to }: { readonly file: string; readonly from: string; readonly to: string }): string {
  const [before, after, ...more] = text.split(from);
  if (before === undefined || after === undefined || more.length > 0) throw new Error(`${file} has to hold this once: ${from}`);
  return before + to + after;
}

type Asked = readonly [event: string, fields: Readonly<Record<string, unknown>>, matched: string];

interface Dialect {
  readonly start: Asked;
  readonly call: (call: ToolCall) => Asked;
  readonly stop: (isRepeated: boolean) => Asked;
}

/** Hook inputs: code.claude.com/docs/en/hooks, developers.openai.com/codex/hooks, cursor.com/docs/agent/hooks. */
const dialects: Readonly<Record<HookedAgent, (about: SessionOptions) => Dialect>> = {
  claude: ({ id, folder }) => {
    const common = { session_id: id, transcript_path: join(folder, "..", "transcript.jsonl"), cwd: folder, permission_mode: "default" };
    const tool = (name: string, input: unknown): Asked => [
      "PreToolUse",
      { ...common, tool_name: name, tool_input: input, tool_use_id: "toolu_1" },
      name,
    ];
    return {
      start: ["SessionStart", { ...common, source: "startup" }, "startup"],
      call: (call) => {
        if (call.kind === "run") return tool("Bash", { command: call.command, description: "As asked" });
        const file_path = join(folder, call.file);
        if (call.kind === "write") return tool("Write", { file_path, content: call.text });
        return tool("Edit", { file_path, old_string: call.from, new_string: call.to, replace_all: false });
      },
      stop: (isRepeated) => ["Stop", { ...common, stop_hook_active: isRepeated }, ""],
    };
  },
  codex: ({ id, folder }) => {
    const common = { session_id: id, turn_id: "1", transcript_path: null, cwd: folder, model: "m", permission_mode: "default" };
    const tool = (name: string, command: string): Asked => [
      "PreToolUse",
      { ...common, tool_name: name, tool_input: { command }, tool_use_id: "call_1" },
      name,
    ];
    return {
      start: ["SessionStart", { ...common, source: "startup" }, "startup"],
      call: (call) => (call.kind === "run" ? tool("Bash", call.command) : tool("apply_patch", patchOf(call))),
      stop: (isRepeated) => ["Stop", { ...common, stop_hook_active: isRepeated, last_assistant_message: "Done." }, ""],
    };
  },
  cursor: ({ id, folder }) => {
    const common = { conversation_id: id, generation_id: "1", workspace_roots: [folder], cursor_version: "2.4" };
    return {
      start: ["sessionStart", { ...common, session_id: id, composer_mode: "agent" }, ""],
      call: (call) => {
        if (call.kind === "run") return ["beforeShellExecution", { ...common, command: call.command, cwd: folder }, call.command];
        const path = join(folder, call.file);
        const input =
          call.kind === "write" ? { file_path: path, content: call.text } : { file_path: path, old_string: call.from, new_string: call.to };
        return ["preToolUse", { ...common, cwd: folder, tool_name: "Write", tool_input: input }, "Write"];
      },
      stop: (isRepeated) => ["stop", { ...common, status: "completed", loop_count: isRepeated ? 1 : 0 }, ""],
    };
  },
};

const signed = (text: string, sign: string): string[] => text.split("\n").map((line) => `${sign}${line}`);

function patchOf(call: Exclude<ToolCall, { readonly kind: "run" }>): string {
  const body =
    call.kind === "write"
      ? [`*** Add File: ${call.file}`, ...signed(call.text.replace(/\n$/u, ""), "+")]
      : [`*** Update File: ${call.file}`, "@@", ...signed(call.from, "-"), ...signed(call.to, "+")];
  return ["*** Begin Patch", ...body, "*** End Patch", ""].join("\n");
}
