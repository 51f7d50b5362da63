/** What keeps an agent's hooks from guarding although they stand in its settings. Changes nothing. */

import type { AgentName } from "../../core/guard/agent-call.ts";
import type { Level } from "../../core/agents/agent-setup.ts";
import { pointerPath } from "../../core/agents/launcher.ts";
import { offSwitchesIn } from "../../core/agents/off-switches.ts";
import { settingsFileAt } from "../../core/agents/settings-file.ts";
import { parseJsonc } from "../../codecs/jsonc/tree.ts";
import type { InstallBench } from "./install-bench.ts";
import { pathIn } from "./receipt-book.ts";

export interface Hindrance {
  readonly agents: readonly AgentName[];
  /** As a person names it: below the project, or `~/…`. */
  readonly path: string;
  /** One clause: `switches hooks off (disableAllHooks)`. */
  readonly what: string;
  /** `launcher`: the hook refuses everything. `hooks`: it is never asked. */
  readonly kind: "hooks" | "launcher";
}

/** Where a switch of hooks may stand. The others have none that belay knows of. */
const places: Readonly<Partial<Record<AgentName, readonly string[]>>> = {
  claude: [".claude/settings.json", ".claude/settings.local.json"],
  codex: [".codex/config.toml"],
  gemini: [".gemini/settings.json"],
};

/** Of all that may be dangerous in settings, what turns hooks off as a whole. */
const turnsOff = (name: string): boolean =>
  /^(?:disableAllHooks|allowManagedHooksOnly|hooks\.enabled|disabled .*)$/u.test(name) ||
  /^env CLAUDE_CODE_(?:SAFE_MODE|SIMPLE)=(?!0?$|false$)/u.test(name) ||
  /(?:=\s*false|=\s*true|\})\s*(?:#.*)?$/u.test(name.startsWith("env ") ? "" : name);

/** In the order of `agents`; both levels count, since an agent reads both. */
export async function notInForce(bench: InstallBench, agents: readonly AgentName[]): Promise<readonly Hindrance[]> {
  const levels: readonly Level[] = bench.folder === undefined ? ["user"] : ["project", "user"];
  const found: Hindrance[] = [];
  for (const agent of agents) {
    for (const { path, level } of (places[agent] ?? []).flatMap((one) => levels.map((each) => ({ path: one, level: each })))) {
      const text = await bench.files.read(pathIn(bench, level, path));
      const file = settingsFileAt(path);
      if (text === undefined || file === undefined) continue;
      const names = offSwitchesIn(file, file.form === "toml" ? text : parseJsonc(text)?.value).filter(turnsOff);
      if (names.length > 0)
        found.push({ agents: [agent], path: shown(level, path), what: `switches hooks off (${names.join(", ")})`, kind: "hooks" });
    }
  }
  if (agents.length > 0 && (await lacksLauncher(bench)))
    found.push({ agents, path: `~/${pointerPath}`, what: "is missing: every call of an agent is refused", kind: "launcher" });
  return found;
}

const shown = (level: Level, path: string): string => (level === "user" ? `~/${path}` : path);

const foldersMax = 64;

/** Neither this machine's launcher nor a package in the project: by these two a hook finds belay. */
async function lacksLauncher(bench: InstallBench): Promise<boolean> {
  if (await bench.files.exists(pathIn(bench, "user", pointerPath))) return false;
  let folder = bench.folder ?? "";
  for (let climbed = 0; folder !== "" && climbed < foldersMax; climbed += 1) {
    if (await bench.files.exists(`${folder}/node_modules/@belay-site/belay/dist/guard.sh`)) return false;
    folder = folder.slice(0, folder.lastIndexOf("/"));
  }
  return true;
}
