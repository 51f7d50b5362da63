/** What keeps an agent's hooks from guarding although they stand in its settings. Changes nothing. */

import type { AgentName } from "../../core/guard/agent-call.ts";
import { pointerPath } from "../../core/agents/launcher.ts";
import { settingsPlaces } from "../../core/agents/settings-places.ts";
import { switchesIn } from "../../core/agents/switched-off.ts";
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

/** In the order of `agents`; all levels count, since an agent reads them all. */
export async function notInForce(bench: InstallBench, agents: readonly AgentName[]): Promise<readonly Hindrance[]> {
  const found: Hindrance[] = [];
  for (const agent of agents) {
    for (const { level, file } of settingsPlaces(agent, { project: bench.folder, home: bench.home })) {
      const text = await bench.files.read(file).catch(() => undefined);
      if (text === undefined) continue;
      const document = file.endsWith(".toml") ? text : parseJsonc(text)?.value;
      const names = switchesIn({ file, level, document }).flatMap(({ name, does }) => (does === "off" ? [name] : []));
      if (names.length > 0)
        found.push({ agents: [agent], path: shown(bench, file), what: `switches hooks off (${names.join(", ")})`, kind: "hooks" });
    }
  }
  if (agents.length > 0 && (await lacksLauncher(bench)))
    found.push({ agents, path: `~/${pointerPath}`, what: "is missing: every call of an agent is refused", kind: "launcher" });
  return found;
}

function shown({ folder, home }: InstallBench, file: string): string {
  if (folder !== undefined && file.startsWith(`${folder}/`)) return file.slice(folder.length + 1);
  return file.startsWith(`${home}/`) ? `~/${file.slice(home.length + 1)}` : file;
}

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
