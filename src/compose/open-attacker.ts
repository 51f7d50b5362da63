/** What `belay doctor --attack` works with on this machine. */

import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { openHookRunner } from "../adapters/agents/hook-runner.ts";
import { forgetSession } from "../adapters/disk/guard-memory.ts";
import type { AttackBench } from "../operations/attack/attack-bench.ts";
import { openInstaller, type InstallerOptions } from "./open-installer.ts";

export const openAttacker = (options: InstallerOptions): AttackBench => ({
  ...openInstaller(options),
  hooks: openHookRunner({ env: options.env, forgetSession }),
  env: options.env,
  cores: availableParallelism(),
  nonce: () => randomBytes(8).toString("hex"),
});
