/** What an agent is about to do, in one form for every agent; and what it is told. */

export type AgentName = "claude" | "codex" | "cursor" | "gemini" | "opencode";

export interface AgentSession {
  readonly agent: AgentName;
  /** As the agent names it; "" where it does not. */
  readonly id: string;
  /** Absolute. */
  readonly cwd: string;
}

export type AgentCall =
  | { readonly kind: "shell"; readonly dialect: "bash" | "powershell"; readonly command: string; readonly cwd: string }
  /** A file tool: one call may touch several files. */
  | { readonly kind: "files"; readonly changes: readonly FileChange[] }
  /** A tool of an MCP server. `texts`: every string of its input. */
  | { readonly kind: "mcp"; readonly server: string; readonly tool: string; readonly input: unknown }
  /** A tool that changes nothing, or that the guard does not know. */
  | { readonly kind: "other"; readonly tool: string };

export interface FileChange {
  /** Absolute. */
  readonly path: string;
  readonly verb: "write" | "delete";
  /** The whole text afterwards, where it can be told. */
  readonly after?: string;
}

export type GuardEvent =
  | { readonly kind: "call"; readonly session: AgentSession; readonly call: AgentCall }
  | { readonly kind: "session-start"; readonly session: AgentSession; readonly source: string }
  /** `isRepeated`: the agent was already held once and stops again. */
  | { readonly kind: "stop"; readonly session: AgentSession; readonly isRepeated: boolean }
  | { readonly kind: "session-end"; readonly session: AgentSession }
  /** Its settings were edited while it runs. */
  | { readonly kind: "config-change"; readonly session: AgentSession; readonly file: string | undefined }
  | { readonly kind: "unknown"; readonly name: string };
