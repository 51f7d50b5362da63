/** Off-switches that are set now: which of them keep the guard's hooks from running. */

import type { AgentName } from "../guard/agent-call.ts";
import { offSwitchesIn } from "./off-switches.ts";
import { fieldsOf, reach } from "./reach.ts";
import { settingsFileAt } from "./settings-file.ts";
import type { SettingsPlace } from "./settings-places.ts";

export interface SetSwitch {
  /** The settings that it stands in; `undefined`: the environment. */
  readonly file: string | undefined;
  readonly name: string;
  /** `off`: no hook but an administrator's runs. `changes`: hooks run, under other conditions than belay set. */
  readonly does: "off" | "changes";
}

interface Settings extends SettingsPlace {
  /** A parsed JSON value; of TOML the text. */
  readonly document: unknown;
}

const safeMode = /^(?:env )?CLAUDE_CODE_(?:SAFE_MODE|SIMPLE)=(?!(?:0|false|no|off)?$)/iu;

/** Switches that stand in one settings file. */
export function switchesIn({ file, level, document }: Settings): readonly SetSwitch[] {
  const kind = settingsFileAt(file);
  if (kind === undefined) return [];
  return offSwitchesIn(kind, document).flatMap((name): SetSwitch[] => {
    // Trust that a person has given to a hook is recorded there, and switches nothing off.
    if (/^\[+\s*hooks\s*\.\s*["']?state/u.test(name)) return [];
    // Which hooks the administrator leaves to others is no tampering in the administrator's own file.
    if (/allow_?managed_?hooks_?only/iu.test(name)) return level === "managed" ? [{ file, name, does: "off" }] : [];
    if (name === "server belay") return [];
    if (name.startsWith("env ")) return [{ file, name: name.slice("env ".length), does: safeMode.test(name) ? "off" : "changes" }];
    return [{ file, name, does: "off" }];
  });
}

/** Switches of the environment that this command, and so an agent beside it, was started in. */
export function switchesOfEnvironment(agent: AgentName, env: Readonly<Record<string, string | undefined>>): readonly SetSwitch[] {
  const moving: Readonly<Record<AgentName, readonly string[]>> = {
    claude: ["CLAUDE_CONFIG_DIR"],
    codex: ["CODEX_HOME"],
    cursor: ["CURSOR_CONFIG_DIR"],
    gemini: ["GEMINI_CLI_HOME", "GEMINI_CLI_SYSTEM_SETTINGS_PATH"],
    opencode: ["OPENCODE_CONFIG", "OPENCODE_CONFIG_DIR"],
  };
  const set = (name: string): boolean => (env[name] ?? "") !== "";
  const off =
    agent === "claude" ? ["CLAUDE_CODE_SAFE_MODE", "CLAUDE_CODE_SIMPLE"].filter((name) => safeMode.test(`${name}=${env[name] ?? ""}`)) : [];
  return [
    ...off.map((name): SetSwitch => ({ file: undefined, name: `${name}=${env[name] ?? ""}`, does: "off" })),
    ...moving[agent].filter(set).map((name): SetSwitch => ({ file: undefined, name: `${name}=${env[name] ?? ""}`, does: "changes" })),
  ];
}

/** Variables that Claude Code's settings set for its hooks too. */
export const variablesIn = (document: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fieldsOf(reach(document, "env"))).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
