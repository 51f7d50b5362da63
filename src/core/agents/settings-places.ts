/** Where an agent reads its settings from. */

import type { AgentName } from "../guard/agent-call.ts";

export type HookLevel = "project" | "user" | "managed";

export interface SettingsPlace {
  readonly level: HookLevel;
  /** Absolute. */
  readonly file: string;
}

export interface SettingsFolders {
  /** `undefined` outside of any project. */
  readonly project: string | undefined;
  readonly home: string;
}

/** Relative to the project, to the home folder, or absolute. Nearest to the project first. */
const paths: Readonly<Record<AgentName, Readonly<Record<HookLevel, readonly string[]>>>> = {
  claude: {
    managed: ["/etc/claude-code/managed-settings.json", "/Library/Application Support/ClaudeCode/managed-settings.json"],
    project: [".claude/settings.local.json", ".claude/settings.json"],
    user: [".claude/settings.json"],
  },
  codex: {
    managed: ["/etc/codex/requirements.toml"],
    project: [".codex/hooks.json", ".codex/config.toml"],
    user: [".codex/hooks.json", ".codex/config.toml"],
  },
  cursor: { managed: ["/etc/cursor/hooks.json"], project: [".cursor/hooks.json"], user: [".cursor/hooks.json"] },
  gemini: { managed: ["/etc/gemini-cli/settings.json"], project: [".gemini/settings.json"], user: [".gemini/settings.json"] },
  opencode: { managed: [], project: [".opencode/plugins/belay.js"], user: [".config/opencode/plugins/belay.js"] },
};

const levels: readonly HookLevel[] = ["managed", "project", "user"];

/** An administrator's first, then the project's, then the user's; each file once. */
export function settingsPlaces(agent: AgentName, { project, home }: SettingsFolders): readonly SettingsPlace[] {
  const places = levels.flatMap((level) =>
    paths[agent][level].flatMap((path): SettingsPlace[] => {
      if (level === "managed") return [{ level, file: path }];
      const root = level === "user" ? home : project;
      return root === undefined ? [] : [{ level, file: `${root}/${path}` }];
    }),
  );
  return places.filter(({ file }, at) => places.findIndex((other) => other.file === file) === at);
}
