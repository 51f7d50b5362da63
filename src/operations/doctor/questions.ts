/** Asking about a set-up: every question has its own time, and an answer that does not come is an answer too. */

import { BelayError } from "../../core/belay-error.ts";
import { told, type Told, type Untold } from "../../core/doctor/told.ts";
import type { Runtime } from "../../ports/runtime.ts";
import type { CallOptions } from "../../ports/store.ts";

/** The longest that one question waits for its answer. */
const questionMsMax = 10_000;

export type Ask = <Value>(question: (options: CallOptions) => Promise<Value>) => Promise<Told<Value>>;

/**
 * Asks under the command's signal. A `BelayError` becomes *untold* with its message, and so does a question whose time is over, whatever it
 * still does. Throws the signal's reason where the command was interrupted, and what is a bug.
 */
export function asker(runtime: Pick<Runtime, "sleep">, { signal }: CallOptions, limitMs: number = questionMsMax): Ask {
  return async (question) => {
    signal.throwIfAborted();
    const own = new AbortController();
    const either = AbortSignal.any([signal, own.signal]);
    const late = runtime.sleep(limitMs, either).then(
      () => tooLate(limitMs),
      () => tooLate(limitMs),
    );
    try {
      const answer = await Promise.race([question({ signal: either }).then(told), late]);
      signal.throwIfAborted();
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BelayError) return { kind: "untold", why: clause(error.message), remedy: error.remedy };
      throw error;
    } finally {
      own.abort();
    }
  };
}

const tooLate = (limitMs: number): Untold => ({
  kind: "untold",
  why: `no answer came within ${limitMs / 1000} seconds`,
  remedy: "Check the network, then: belay doctor",
});

/** A message as the end of a sentence: without its full stop, its first letter small where a word begins with it. */
function clause(message: string): string {
  const [line = ""] = message.split("\n");
  const text = line.replace(/\.\s*$/u, "");
  return /^[A-Z][a-z]/u.test(text) && !/^(?:Distribution|Invalidation)\b/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
