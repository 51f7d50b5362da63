/** Which files say how an agent runs. By their names alone: they are the same in a project, in a home folder and in /etc. */

import type { AgentName } from "../guard/agent-call.ts";

export interface SettingsFile {
  readonly agent: AgentName | "several";
  /** `own`: belay's as a whole. `json`: with comments. `toml`: read line by line. */
  readonly form: "json" | "toml" | "own";
}

/** Endings of paths, with the slash before them: another `hooks.json` is nobody's settings. */
const files: readonly (readonly [string, SettingsFile])[] = [
  ["/.claude/settings.json", { agent: "claude", form: "json" }],
  ["/.claude/settings.local.json", { agent: "claude", form: "json" }],
  ["/claude-code/managed-settings.json", { agent: "claude", form: "json" }],
  ["/ClaudeCode/managed-settings.json", { agent: "claude", form: "json" }],
  ["/.claude.json", { agent: "claude", form: "json" }],
  ["/.mcp.json", { agent: "claude", form: "json" }],
  ["/.codex/hooks.json", { agent: "codex", form: "json" }],
  ["/.codex/config.toml", { agent: "codex", form: "toml" }],
  ["/codex/requirements.toml", { agent: "codex", form: "toml" }],
  ["/codex/managed_config.toml", { agent: "codex", form: "toml" }],
  ["/.codex/rules/belay.rules", { agent: "codex", form: "own" }],
  ["/.cursor/hooks.json", { agent: "cursor", form: "json" }],
  ["/cursor/hooks.json", { agent: "cursor", form: "json" }],
  ["/Cursor/hooks.json", { agent: "cursor", form: "json" }],
  ["/.cursor/mcp.json", { agent: "cursor", form: "json" }],
  ["/.gemini/settings.json", { agent: "gemini", form: "json" }],
  ["/gemini-cli/settings.json", { agent: "gemini", form: "json" }],
  ["/.gemini/policies/belay.toml", { agent: "gemini", form: "own" }],
  ["/gemini-cli/policies/belay.toml", { agent: "gemini", form: "own" }],
  ["/.opencode/plugins/belay.js", { agent: "opencode", form: "own" }],
  ["/opencode/plugins/belay.js", { agent: "opencode", form: "own" }],
  ["/opencode.json", { agent: "opencode", form: "json" }],
  ["/opencode.jsonc", { agent: "opencode", form: "json" }],
  ["/.config/belay/belay.sh", { agent: "several", form: "own" }],
  ["/.config/belay/installed.json", { agent: "several", form: "own" }],
];

/** `path` is absolute, or relative to a project. Fragments that Claude Code merges count by their folder. */
export function settingsFileAt(path: string): SettingsFile | undefined {
  const at = `/${path.replaceAll("\\", "/")}`.replaceAll(/\/(?:\.?\/)+/gu, "/");
  if (/\/managed-settings\.d\/[^/]+\.json$/u.test(at)) return { agent: "claude", form: "json" };
  return files.find(([ending]) => at.endsWith(ending))?.[1];
}
