/** What `doctor --attack` works with. Made by compose/, or by a test. */

import type { HookRunner } from "../../ports/hook-runner.ts";
import type { InstallBench } from "../agents/install-bench.ts";

export interface AttackBench extends InstallBench {
  readonly hooks: HookRunner;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sixteen hexadecimal digits that nobody else has. */
  readonly nonce: () => string;
}
