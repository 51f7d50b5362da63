/** Cursor. cursor.com/docs/hooks. `ask` is honoured by the two `before…Execution` events only, so `preToolUse` leaves shell and MCP to them. */

import {
  type AgentSetup,
  hookSeconds,
  type ManagedFacts,
  type ManagedText,
  type SetupFacts,
  type WantedFile,
  type WantedHook,
} from "./agent-setup.ts";
import { guardCommand, managedCommand, mcpWords } from "./launcher.ts";
import type { Json, Piece } from "./piece.ts";

const hooks: readonly WantedHook[] = [
  { event: "beforeShellExecution", role: "gate" },
  { event: "beforeMCPExecution", role: "gate" },
  {
    event: "preToolUse",
    role: "gate",
    matcher: "Write|Edit|StrReplace|MultiEdit|EditNotebook|search_replace|edit_file|ApplyPatch|apply_patch|Delete|delete_file",
  },
  { event: "sessionStart", role: "bystander" },
  { event: "stop", role: "bystander" },
];

export const cursorSetup: AgentSetup = {
  name: "cursor",
  title: "Cursor",
  program: "cursor-agent",
  traces: [".cursor", ".cursorrules"],
  instructions: "AGENTS.md",
  files,
  notes: () => ["Cursor has no deny rules that name a bucket: here its hooks are all there is, and they fail closed."],
  managed,
};

function files({ hasMcp }: SetupFacts): readonly WantedFile[] {
  const [command, ...args] = mcpWords;
  return [
    {
      path: ".cursor/hooks.json",
      what: "hooks",
      form: "json",
      pieces: [
        { path: ["version"], kind: "property", value: 1, isShared: true },
        ...hooks.map((hook): Piece => ({
          path: ["hooks", hook.event],
          kind: "element",
          value: entry(hook, guardCommand("cursor", hook.role)),
        })),
      ],
    },
    ...(hasMcp
      ? [
          {
            path: ".cursor/mcp.json",
            what: "MCP server",
            form: "json",
            pieces: [{ path: ["mcpServers", "belay"], kind: "property", value: { command, args } }],
          } as const,
        ]
      : []),
  ];
}

const entry = ({ role, matcher }: WantedHook, command: string): Json => ({
  command,
  ...(matcher === undefined ? {} : { matcher }),
  timeout: hookSeconds[role],
  ...(role === "gate" ? { failClosed: true } : {}),
});

function managed({ dist }: ManagedFacts): readonly ManagedText[] {
  const text = `${JSON.stringify(
    { version: 1, hooks: Object.fromEntries(hooks.map((hook) => [hook.event, [entry(hook, managedCommand("cursor", hook.role, dist))]])) },
    undefined,
    2,
  )}\n`;
  return [{ path: "/etc/cursor/hooks.json", text }];
}
