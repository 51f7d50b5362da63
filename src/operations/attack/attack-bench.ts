/** What `doctor --attack` works with. Made by compose/, or by a test. */

import type { HookRunner } from "../../ports/hook-runner.ts";
import type { InstallBench } from "../agents/install-bench.ts";

export interface AttackBench extends InstallBench {
  readonly hooks: HookRunner;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of this machine; so many hooks run at a time. */
  readonly cores: number;
  /** Sixteen hexadecimal digits that nobody else has. */
  readonly nonce: () => string;
}
