/** What `belay install` works with on this machine. */

import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { openAgentPrograms } from "../adapters/agents/agent-programs.ts";
import { openSettingsFiles } from "../adapters/disk/settings-files.ts";
import { sha256 } from "../adapters/shared/sha256.ts";
import type { InstallBench } from "../operations/agents/install-bench.ts";

export interface InstallerOptions {
  /** Absolute folder of belay.yaml; `undefined` where there is none. */
  readonly folder: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** The package's folder, and the program that runs Node. */
  readonly packageFolder: string;
  readonly node: string;
}

export function openInstaller({ folder, env, packageFolder, node }: InstallerOptions): InstallBench {
  const home = env["HOME"] ?? "";
  return {
    files: openSettingsFiles(),
    programs: openAgentPrograms(env),
    sha256: (text) => sha256(new TextEncoder().encode(text)),
    home: isAbsolute(home) ? home : homedir(),
    folder,
    machine: { node, dist: join(packageFolder, "dist") },
  };
}
