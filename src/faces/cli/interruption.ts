/** Ctrl-C: the first asks the work to stop cleanly, the second ends the process. */

import type { CliSetup } from "./cli-setup.ts";
import { exits } from "./exit-codes.ts";
import type { Screen } from "./screen.ts";

export interface Interruption {
  readonly signal: AbortSignal;
  /** Called right before a target is written to: from then on stopping means putting back, or of several parts that what has landed stays. */
  readonly startsWriting: StartsWriting;
  readonly stop: () => void;
}

/** `parts`: what is written are parts that each stay once they have landed. */
export type StartsWriting = (what?: "parts") => void;

export function watchInterrupts({ onInterrupt, exitNow }: Pick<CliSetup, "onInterrupt" | "exitNow">, screen: Screen): Interruption {
  const controller = new AbortController();
  let isWriting = false;
  let arePartsKept = false;
  const stop = onInterrupt(() => {
    if (controller.signal.aborted) {
      const open = arePartsKept ? "the next run of the same command finishes it first" : "run belay resume, or belay undo";
      screen.tell(isWriting ? `stopped at once. What was under way is not settled: ${open}.` : "stopped at once.");
      exitNow(exits.interrupted);
      return;
    }
    const ending = arePartsKept
      ? "what is under way ends first; what has landed stays…"
      : "writes under way are finished, pages already written are put back…";
    screen.tell(isWriting ? `stopping: ${ending}` : "stopping…");
    controller.abort();
  });
  return {
    signal: controller.signal,
    startsWriting: (what) => {
      isWriting = true;
      arePartsKept = what === "parts";
    },
    stop,
  };
}
