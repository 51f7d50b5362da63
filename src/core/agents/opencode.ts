/**
 * OpenCode. opencode.ai/docs/plugins, opencode.ai/v2/docs/build/plugins/migrate-v1: one module serves both, as `server` for version 1
 * (1.17 and newer) and as `setup` for version 2. It has no deny rule for us: the last rule that matches wins there, so a later one undoes it.
 */

import type { AgentSetup, ManagedText, SetupFacts, WantedFile } from "./agent-setup.ts";
import { mcpWords } from "./launcher.ts";
import { opencodePlugin } from "./opencode-plugin.ts";

export const opencodeSetup: AgentSetup = {
  name: "opencode",
  title: "OpenCode",
  program: "opencode",
  traces: [".opencode", "opencode.json", "opencode.jsonc"],
  instructions: "AGENTS.md",
  files,
  notes: () => ["OpenCode loads plugins when it starts: start it again."],
  managed: (): readonly ManagedText[] => [{ path: "~/.config/opencode/plugins/belay.js", text: opencodePlugin }],
};

function files({ level, hasMcp }: SetupFacts): readonly WantedFile[] {
  const folder = level === "project" ? "" : ".config/opencode/";
  const server: WantedFile = {
    path: `${folder}opencode.json`,
    aliases: [`${folder}opencode.jsonc`],
    what: "MCP server",
    form: "json",
    pieces: [{ path: ["mcp", "belay"], kind: "property", value: { type: "local", command: mcpWords, enabled: true } }],
  };
  const plugin: WantedFile = {
    path: level === "project" ? ".opencode/plugins/belay.js" : `${folder}plugins/belay.js`,
    what: "plugin",
    form: "own",
    text: opencodePlugin,
  };
  return hasMcp ? [plugin, server] : [plugin];
}
