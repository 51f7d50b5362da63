/**
 * Claude Code. Hooks, permissions and settings: code.claude.com/docs/en/hooks, /settings, /permissions; the settings schema inside
 * 2.1.197. `onFailure` is known since 2.1.295.
 */

import {
  type AgentSetup,
  hookSeconds,
  type ManagedFacts,
  type ManagedText,
  type SetupFacts,
  type WantedFile,
  type WantedHook,
} from "./agent-setup.ts";
import { deniedCommands, spelledOut } from "./deny-rules.ts";
import { guardCommand, managedCommand, mcpWords } from "./launcher.ts";
import type { Json, Piece } from "./piece.ts";

const tools = "Bash|PowerShell|Monitor|Write|Edit|MultiEdit|NotebookEdit|mcp__.*";

const hooks: readonly WantedHook[] = [
  { event: "PreToolUse", role: "gate", matcher: tools },
  { event: "SessionStart", role: "bystander", matcher: "startup|resume|clear|compact" },
  { event: "Stop", role: "bystander" },
  { event: "SessionEnd", role: "bystander" },
  { event: "ConfigChange", role: "bystander" },
];

/** Files that are belay's as a whole. Claude Code's sandbox takes such rules over, so they hold for shell commands too. */
const ownFiles = ["Edit(.codex/rules/belay.rules)", "Edit(.opencode/plugins/belay.js)", "Edit(~/.config/belay/**)"];

export const claudeSetup: AgentSetup = {
  name: "claude",
  title: "Claude Code",
  program: "claude",
  traces: [".claude", "CLAUDE.md", ".mcp.json"],
  instructions: "CLAUDE.md",
  files,
  notes,
  managed,
};

function files({ level, scope, hasMcp, version }: SetupFacts): readonly WantedFile[] {
  const knowsFailure = isAtLeast(version, [2, 1, 295]);
  const settings: WantedFile = {
    path: ".claude/settings.json",
    what: "hooks and deny rules",
    form: "json",
    pieces: [...hooks.map((hook) => hookPiece(hook, knowsFailure)), ...rules(scope).map(denyPiece)],
  };
  const [command, ...args] = mcpWords;
  const server: WantedFile = {
    path: ".mcp.json",
    what: "MCP server",
    form: "json",
    pieces: [{ path: ["mcpServers", "belay"], kind: "property", value: { command, args } }],
  };
  return level === "project" && hasMcp ? [settings, server] : [settings];
}

function notes({ level, hasMcp, version }: SetupFacts): readonly string[] {
  const server = `claude mcp add --scope user belay -- ${mcpWords.map((word) => (/[^\w./-]/u.test(word) ? `'${word}'` : word)).join(" ")}`;
  return [
    ...(level === "user" && hasMcp ? [`Claude Code keeps a user's MCP servers among its own data. To have belay's: ${server}`] : []),
    ...(level === "project" && hasMcp ? ["Claude Code asks once whether the MCP server of this project may be used."] : []),
    ...(version !== undefined && !isAtLeast(version, [2, 1, 295])
      ? [`Claude Code ${version} lets a call through whose hook is killed; from 2.1.295 on it does not: update it, then run this again.`]
      : []),
  ];
}

/** Both spellings count wherever one is found: machines of one project may have different versions. */
function hookPiece(hook: WantedHook, knowsFailure: boolean): Piece {
  const closed = group(hook, guardCommand("claude", hook.role), true);
  const open = group(hook, guardCommand("claude", hook.role), false);
  const path = ["hooks", hook.event];
  if (hook.role === "bystander") return { path, kind: "element", value: open };
  return { path, kind: "element", value: knowsFailure ? closed : open, others: [knowsFailure ? open : closed] };
}

const group = ({ role, matcher }: WantedHook, command: string, isClosed: boolean): Json => ({
  ...(matcher === undefined ? {} : { matcher }),
  hooks: [{ type: "command", command, timeout: hookSeconds[role], ...(isClosed ? { onFailure: "block" } : {}) }],
});

const denyPiece = (rule: string): Piece => ({ path: ["permissions", "deny"], kind: "element", value: rule });

const rules = (scope: SetupFacts["scope"]): readonly string[] => [
  ...deniedCommands(scope)
    .flatMap(spelledOut)
    .map((line) => `Bash(${line}:*)`),
  ...ownFiles,
];

function managed({ scope, dist }: ManagedFacts): readonly ManagedText[] {
  const settings = {
    hooks: Object.fromEntries(
      hooks.map((hook) => [hook.event, [group(hook, managedCommand("claude", hook.role, dist), hook.role === "gate")]]),
    ),
    allowManagedHooksOnly: true,
    permissions: { deny: rules(scope), disableBypassPermissionsMode: "disable" },
  };
  const text = `${JSON.stringify(settings, undefined, 2)}\n`;
  return [{ path: "/etc/claude-code/managed-settings.json", text }];
}

/** `undefined` is no version at all. */
export function isAtLeast(version: string | undefined, least: readonly [number, number, number]): boolean {
  const parts = /(\d+)\.(\d+)\.(\d+)/u
    .exec(version ?? "")
    ?.slice(1)
    .map(Number);
  if (!parts) return false;
  const at = least.findIndex((number, index) => parts[index] !== number);
  return at === -1 || (parts[at] ?? 0) > (least[at] ?? 0);
}
