/**
 * Codex. Hooks, rules and requirements: developers.openai.com/codex/hooks, /rules, /enterprise/managed-configuration; the execpolicy of
 * 0.169.0. hooks.json takes no key at its root but `hooks` and `description`.
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
import { type CommandPrefix, deniedCommands, reasonFor, spelledOut } from "./deny-rules.ts";
import { guardCommand, type HookRole, managedCommand, mcpWords } from "./launcher.ts";
import type { Json, Piece } from "./piece.ts";

/** Without a matcher a hook sees every tool: Codex's shell goes by several names. */
const hooks: readonly WantedHook[] = [
  { event: "PreToolUse", role: "gate" },
  { event: "SessionStart", role: "bystander" },
  { event: "Stop", role: "bystander" },
];

export const codexSetup: AgentSetup = {
  name: "codex",
  title: "Codex",
  program: "codex",
  traces: [".codex"],
  instructions: "AGENTS.md",
  files,
  notes,
  managed,
};

function files({ scope, hasMcp }: SetupFacts): readonly WantedFile[] {
  return [
    { path: ".codex/hooks.json", what: "hooks", form: "json", pieces: hooks.map(hookPiece) },
    { path: ".codex/rules/belay.rules", what: "rules", form: "own", text: rulesText(scope) },
    ...(hasMcp ? [serverFile] : []),
  ];
}

const serverFile: WantedFile = {
  path: ".codex/config.toml",
  what: "MCP server",
  form: "toml",
  body: ["[mcp_servers.belay]", `command = ${basic(mcpWords[0])}`, `args = [${mcpWords.slice(1).map(literal).join(", ")}]`, ""].join("\n"),
  // A second table of that name, or a table beside an inline one, would make the whole file unreadable.
  rival: /^\s*(?:\[\s*["']?mcp_servers["']?\s*\.\s*["']?belay["']?\s*[.\]]|["']?mcp_servers["']?\s*(?:=|\.\s*["']?belay\b))/mu,
};

function notes({ level }: SetupFacts): readonly string[] {
  return [
    "Codex runs a new or changed hook only once a person has looked at it: type /hooks in Codex and trust belay's.",
    ...(level === "project" ? ["Codex reads a project's .codex only where the project is trusted."] : []),
  ];
}

const group = (role: HookRole, command: string): Json => ({
  hooks: [{ type: "command", command, timeout: hookSeconds[role] }],
});

const hookPiece = ({ event, role }: WantedHook): Piece => ({
  path: ["hooks", event],
  kind: "element",
  value: group(role, guardCommand("codex", role)),
});

/** Starlark. The examples are checked by Codex when it loads the file. */
function rulesText(scope: SetupFacts["scope"]): string {
  const rules = deniedCommands(scope).map((prefix) =>
    [
      "prefix_rule(",
      `    pattern = ${starlark(prefix)},`,
      '    decision = "forbidden",',
      `    justification = ${basic(reasonFor(prefix))},`,
      `    match = [${spelledOut(prefix).slice(0, 1).map(basic).join(", ")}],`,
      ")",
      "",
    ].join("\n"),
  );
  return ["# Written by `belay install codex`; `belay uninstall codex` takes it away.", "", ...rules].join("\n");
}

const starlark = (prefix: CommandPrefix): string =>
  `[${prefix.map((word) => (typeof word === "string" ? basic(word) : `[${word.map(basic).join(", ")}]`)).join(", ")}]`;

function managed({ scope, dist }: ManagedFacts): readonly ManagedText[] {
  const text = [
    "# belay: hooks and rules that nobody on this machine turns off.",
    "allow_managed_hooks_only = true",
    'allowed_sandbox_modes = ["read-only", "workspace-write"]',
    "",
    "[features]",
    "hooks = true",
    "",
    "[hooks]",
    `managed_dir = ${basic(dist)}`,
    "",
    ...hooks.flatMap(({ event, role }) => [
      `[[hooks.${event}]]`,
      `[[hooks.${event}.hooks]]`,
      'type = "command"',
      `command = '''${managedCommand("codex", role, dist)}'''`,
      `timeout = ${hookSeconds[role]}`,
      "",
    ]),
    "[rules]",
    "prefix_rules = [",
    ...deniedCommands(scope).map(
      (prefix) => `  { pattern = [${prefix.map(token).join(", ")}], decision = "forbidden", justification = ${basic(reasonFor(prefix))} },`,
    ),
    "]",
    "",
  ].join("\n");
  return [{ path: "/etc/codex/requirements.toml", text }];
}

const token = (word: string | readonly string[]): string =>
  typeof word === "string" ? `{ token = ${basic(word)} }` : `{ any_of = [${word.map(basic).join(", ")}] }`;

/** A basic string, the same in TOML and Starlark for texts without control characters. */
function basic(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** The words of a launcher hold no single quote. */
function literal(text: string): string {
  return `'${text}'`;
}
