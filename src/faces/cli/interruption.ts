/** Ctrl-C: the first asks the work to stop cleanly, the second ends the process. */

import type { CliSetup } from "./cli-setup.ts";
import { exits } from "./exit-codes.ts";
import type { Screen } from "./screen.ts";

export interface Interruption {
  readonly signal: AbortSignal;
  /** Called right before a target is written to: from then on stopping means putting back. */
  readonly startsWriting: () => void;
  readonly stop: () => void;
}

export function watchInterrupts({ onInterrupt, exitNow }: Pick<CliSetup, "onInterrupt" | "exitNow">, screen: Screen): Interruption {
  const controller = new AbortController();
  let isWriting = false;
  const stop = onInterrupt(() => {
    if (controller.signal.aborted) {
      screen.tell(isWriting ? "stopped at once. What was under way is not settled: run belay resume, or belay undo." : "stopped at once.");
      exitNow(exits.interrupted);
      return;
    }
    screen.tell(isWriting ? "stopping: writes under way are finished, pages already written are put back…" : "stopping…");
    controller.abort();
  });
  return {
    signal: controller.signal,
    startsWriting: () => {
      isWriting = true;
    },
    stop,
  };
}
