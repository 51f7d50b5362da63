/**
 * Gemini CLI. docs/hooks/reference.md, docs/reference/policy-engine.md and docs/reference/configuration.md of 0.61.0. Timeouts are in
 * milliseconds. Policies of a project are read by no version so far (issue 18186), those of a user and of an administrator are.
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

const hooks: readonly WantedHook[] = [
  { event: "BeforeTool", role: "gate", matcher: "run_shell_command|write_file|replace|edit|mcp_.*" },
  { event: "SessionStart", role: "bystander" },
  { event: "AfterAgent", role: "bystander" },
  { event: "SessionEnd", role: "bystander" },
];

export const geminiSetup: AgentSetup = {
  name: "gemini",
  title: "Gemini CLI",
  program: "gemini",
  traces: [".gemini", "GEMINI.md"],
  instructions: "AGENTS.md",
  files,
  notes,
  managed,
};

function files({ level, hasMcp }: SetupFacts): readonly WantedFile[] {
  const [command, ...args] = mcpWords;
  const server: Piece = { path: ["mcpServers", "belay"], kind: "property", value: { command, args } };
  return [
    {
      path: ".gemini/settings.json",
      what: hasMcp ? "hooks and MCP server" : "hooks",
      form: "json",
      pieces: [
        ...hooks.map((hook): Piece => ({
          path: ["hooks", hook.event],
          kind: "element",
          value: group(hook, guardCommand("gemini", hook.role)),
        })),
        ...(hasMcp ? [server] : []),
      ],
    },
    // A user's rules hold in every project, so they name no bucket of this one.
    ...(level === "user"
      ? [
          {
            path: ".gemini/policies/belay.toml",
            what: "policy",
            form: "own",
            text: policyText(undefined, "`belay install gemini --user`"),
          } as const,
        ]
      : []),
  ];
}

function notes({ level }: SetupFacts): readonly string[] {
  return [
    "Gemini CLI shows new hooks of a project once, and runs them only in a folder that is trusted.",
    ...(level === "project"
      ? ["Gemini CLI reads AGENTS.md where its setting context.fileName names it; GEMINI.md may hold the line @AGENTS.md."]
      : []),
  ];
}

const group = ({ role, matcher }: WantedHook, command: string): Json => ({
  ...(matcher === undefined ? {} : { matcher }),
  hooks: [{ name: "belay", type: "command", command, timeout: hookSeconds[role] * 1000 }],
});

/** `commandPrefix` ends at a word by itself. */
const policyText = (scope: ManagedFacts["scope"], by: string): string =>
  [
    `# Written by ${by}.`,
    "[[rule]]",
    'toolName = "run_shell_command"',
    "commandPrefix = [",
    ...deniedCommands(scope)
      .flatMap(spelledOut)
      .map((line) => `  "${line}",`),
    "]",
    'decision = "deny"',
    "priority = 990",
    "",
  ].join("\n");

function managed({ scope, dist }: ManagedFacts): readonly ManagedText[] {
  const settings = {
    hooksConfig: { enabled: true },
    hooks: Object.fromEntries(hooks.map((hook) => [hook.event, [group(hook, managedCommand("gemini", hook.role, dist))]])),
  };
  return [
    { path: "/etc/gemini-cli/settings.json", text: `${JSON.stringify(settings, undefined, 2)}\n` },
    { path: "/etc/gemini-cli/policies/belay.toml", text: policyText(scope, "an administrator, from `belay install gemini --managed`") },
  ];
}
