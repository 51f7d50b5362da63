/** What this machine and this checkout have: programs, agents' folders. */

import { access, constants, readFile, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { AgentSetup, WorkingCopyFacts } from "../../core/doctor/machine-facts.ts";

export interface WorkingCopySetup {
  /** The folder of belay.yaml. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether git would leave belay's folder alone; `undefined` outside a repository. */
  readonly isStateIgnored: boolean | undefined;
}

/** Coding agents by the folder that they keep beside a project, with the files in it that can hold hooks. */
const agentFiles: Readonly<Record<string, readonly string[]>> = {
  ".claude": ["settings.json", "settings.local.json"],
  ".codex": ["config.toml", "hooks.json"],
  ".cursor": ["hooks.json", "mcp.json"],
  ".gemini": ["settings.json"],
};
/** Settings are small; what is larger is something else. */
const settingsBytesMax = 1024 * 1024;

/** Never throws: what cannot be read is not there. */
export async function inspectWorkingCopy({ folder, env, isStateIgnored }: WorkingCopySetup): Promise<WorkingCopyFacts> {
  const [hasGit, hasSshKeygen, agents] = await Promise.all([
    isOnPath("git", env),
    isOnPath("ssh-keygen", env),
    Promise.all(Object.entries(agentFiles).map(async ([name, files]) => await agentIn(folder, name, files))),
  ]);
  return {
    nodeVersion: process.versions.node,
    hasGit,
    hasSshKeygen,
    ...(isStateIgnored !== undefined && { isStateIgnored }),
    agents: agents.flatMap((agent) => agent ?? []),
  };
}

async function isOnPath(program: string, { PATH = "" }: WorkingCopySetup["env"]): Promise<boolean> {
  const folders = PATH.split(delimiter).filter((folder) => folder !== "");
  const found = await Promise.all(folders.map(async (folder) => await isRunnable(join(folder, program))));
  return found.includes(true);
}

async function isRunnable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function agentIn(folder: string, name: string, files: readonly string[]): Promise<AgentSetup | undefined> {
  const isThere = await stat(join(folder, name)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isThere) return undefined;
  const texts = await Promise.all(files.map(async (file) => await settingsText(join(folder, name, file))));
  return { folder: name, namesBelay: texts.some((text) => /\bbelay\b/u.test(text)) };
}

async function settingsText(path: string): Promise<string> {
  try {
    return (await stat(path)).size > settingsBytesMax ? "" : await readFile(path, "utf8");
  } catch {
    return "";
  }
}
