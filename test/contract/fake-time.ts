/** A runtime whose time passes only when a test says so. */

import { sha256 } from "../../src/adapters/shared/sha256.ts";
import type { Runtime } from "../../src/ports/runtime.ts";

interface Sleeper {
  readonly untilMs: number;
  wake(): void;
}

export interface FakeTime extends Runtime {
  /** Waits for `pass` where `sleep` moves the clock by itself. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Lets so many milliseconds pass, waking sleepers in order and giving each time to do its work. */
  pass(ms: number): Promise<void>;
  /** Sleepers that wait for `pass`. */
  sleepers(): number;
}

let drawn = 0;

/** Lets work that has been woken come to rest: `isBusy` tells of calls that are still under way. */
async function settle(isBusy: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20 || isBusy(); turn += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** Opens a clock at the given moment. Nonces differ between all clocks of one test run. */
export function openFakeTime(startMs: number = Date.UTC(2026, 4, 20, 12), isBusy: () => boolean = () => false): FakeTime {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => nowMs,
    sha256,
    nonce() {
      drawn += 1;
      return drawn.toString(16).padStart(16, "0");
    },
    async sleep(ms, signal) {
      signal.throwIfAborted();
      nowMs += ms;
    },
    pause: async (ms, signal) =>
      await new Promise<void>((resolve, reject) => {
        if (signal.aborted) return reject(new Error("woken"));
        const wake = (): void => {
          signal.removeEventListener("abort", interrupt);
          resolve();
        };
        const sleeper: Sleeper = { untilMs: nowMs + ms, wake };
        const interrupt = (): void => {
          sleepers.delete(sleeper);
          reject(new Error("woken"));
        };
        sleepers.add(sleeper);
        signal.addEventListener("abort", interrupt, { once: true });
      }),
    async pass(ms) {
      const endMs = nowMs + ms;
      await settle(isBusy);
      for (;;) {
        const [next] = [...sleepers].toSorted((left, right) => left.untilMs - right.untilMs);
        if (!next || next.untilMs > endMs) break;
        sleepers.delete(next);
        nowMs = next.untilMs;
        next.wake();
        await settle(isBusy);
      }
      nowMs = endMs;
    },
    sleepers: () => sleepers.size,
  };
}
