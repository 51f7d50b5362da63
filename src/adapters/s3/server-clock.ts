import type { Runtime } from "../../ports/runtime.ts";
import { secondOf } from "./revision.ts";

/** Longer than this no second is waited for: the two clocks disagree by more than waiting would mend. */
const waitMsMax = 3_000;
const pausesMax = 10;

/** The server's clock as its `Date` headers tell it: whole seconds, so always read as the earliest time that fits. */
export class ServerClock {
  readonly #runtime: Pick<Runtime, "now" | "sleep">;
  /** How far the server's clock is at least ahead of ours. */
  #aheadMs: number | undefined;

  constructor(runtime: Pick<Runtime, "now" | "sleep">) {
    this.#runtime = runtime;
  }

  /** Takes the time from an answer that has just come. */
  note(date: string | undefined): void {
    const second = secondOf(date);
    if (second !== undefined) this.#aheadMs = second * 1000 - this.#runtime.now();
  }

  /** The server's time in milliseconds since the epoch, at the earliest; `undefined` before its first answer. */
  nowMs(): number | undefined {
    return this.#aheadMs === undefined ? undefined : this.#runtime.now() + this.#aheadMs;
  }

  /** Returns once the server's clock has left this second, so that what is written then gets a later one. */
  async leave(second: number, signal: AbortSignal): Promise<void> {
    for (let pause = 0; pause < pausesMax; pause += 1) {
      const waitMs = (second + 1) * 1000 - (this.nowMs() ?? this.#runtime.now());
      if (waitMs <= 0 || waitMs > waitMsMax) return;
      await this.#runtime.sleep(waitMs, signal);
    }
  }
}
