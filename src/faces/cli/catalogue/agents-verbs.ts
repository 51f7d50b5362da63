/** Coding agents: what guards them, what serves them. */

import { groups, type Option, type Verb } from "./verb.ts";

const agent = {
  name: "AGENT",
  kind: "word",
  isRequired: false,
  isList: true,
  description: "claude, codex, cursor, gemini, opencode, or all; install alone says which are in use here",
} as const;

const level: readonly Option[] = [
  { flags: "--project", description: "in this project's folder, for everybody who has it; so unless told" },
  { flags: "--user", description: "in your own settings, for every project on this machine" },
];

export const agentsVerbs: readonly Verb[] = [
  {
    name: "install",
    summary: "put the guard into a coding agent's settings",
    group: groups.agents,
    arguments: [agent],
    options: [
      ...level,
      { flags: "--managed", description: "print what an administrator puts in place on every machine; write nothing" },
      { flags: "--no-mcp", description: "without the entry for `belay mcp`" },
      { flags: "--check", description: "write nothing; say what is missing or differs, for CI" },
      { flags: "--refresh", description: "only the block in CLAUDE.md and AGENTS.md" },
      { flags: "-y, --yes", description: "write without asking" },
    ],
    load: () => import("../verbs/install.ts").then((verb) => verb.runInstall),
  },
  {
    name: "uninstall",
    summary: "a person takes the guard out of a coding agent's settings again",
    group: groups.agents,
    arguments: [{ ...agent, description: "claude, codex, cursor, gemini, opencode, or all" }],
    options: [...level, { flags: "-y, --yes", description: "write without asking" }],
    load: () => import("../verbs/uninstall.ts").then((verb) => verb.runUninstall),
  },
  {
    name: "guard",
    summary: "answer one hook of a coding agent; its settings call this, people need not",
    group: groups.agents,
    arguments: [
      { ...agent, isRequired: true, isList: false, description: "claude, codex, cursor, gemini or opencode: whose JSON comes on stdin" },
    ],
    options: [],
    load: () => import("../verbs/guard.ts").then((verb) => verb.runGuardVerb),
  },
  {
    name: "mcp",
    summary: "serve a coding agent over stdin and stdout (MCP): tools that cannot overwrite, approve or widen",
    group: groups.agents,
    arguments: [],
    options: [],
    load: () => import("../verbs/mcp.ts").then((verb) => verb.runMcp),
  },
];
