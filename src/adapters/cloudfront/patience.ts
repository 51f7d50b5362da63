/** Waiting for a CDN: soon at first, then less often, and not for ever. */

import type { CloudFrontSetup } from "./cloudfront-setup.ts";

/** Nineteen of twenty invalidations take less than half a minute, so the first looks come soon. The last pause repeats. */
const pausesMs = [1000, 1000, 1500, 2000, 3000, 4000, 5000] as const;
const longestPauseMs = 5000;
const defaultLimitMs = 10 * 60 * 1000;

export interface Patience {
  /** For messages, in milliseconds. */
  readonly limitMs: number;
  /** The next pause, a tenth shorter or longer by chance. False, without a pause, once the limit has passed. */
  pause(signal: AbortSignal): Promise<boolean>;
  /** What is waited for now is new: the pauses begin anew, the limit stays. */
  renew(): void;
}

export function openPatience({ runtime, limitMs = defaultLimitMs, random = Math.random }: CloudFrontSetup): Patience {
  const endMs = runtime.now() + limitMs;
  let taken = 0;
  return {
    limitMs,
    async pause(signal) {
      const leftMs = endMs - runtime.now();
      if (leftMs <= 0) return false;
      const pauseMs = (pausesMs[taken] ?? longestPauseMs) * (0.9 + random() / 5);
      taken += 1;
      // The last look comes right at the limit.
      await runtime.sleep(Math.min(Math.round(pauseMs), leftMs), signal);
      return true;
    },
    renew() {
      taken = 0;
    },
  };
}
