import type { CallOptions } from "../../ports/store.ts";
import type { Runtime } from "../../ports/runtime.ts";

export type Attempt =
  | { readonly kind: "delivered" }
  | {
      readonly kind: "failed";
      /** A clause, without addresses. */
      readonly cause: string;
      /** Nothing would come of trying again. */
      readonly isFinal: boolean;
      /** How long the other side wants to be left alone. */
      readonly pauseMs?: number;
    };

export interface Patience {
  /** Of one attempt. */
  readonly timeoutMs: number;
  /** Before the second attempt, the third, and so on: their number and one is the most attempts. */
  readonly pausesMs: readonly number[];
  /** Of all attempts and pauses together. */
  readonly budgetMs: number;
}

export const patience: Patience = { timeoutMs: 5000, pausesMs: [500, 2000], budgetMs: 15_000 };

/** Attempts until one is delivered, final, or the last. Each gets a signal that ends with its time, the budget or the caller's. */
export async function tryAgain(
  attempt: (signal: AbortSignal) => Promise<Attempt>,
  {
    patience: { timeoutMs, pausesMs, budgetMs },
    runtime,
  }: { readonly patience: Patience; readonly runtime: Pick<Runtime, "now" | "sleep"> },
  { signal }: CallOptions,
): Promise<Attempt> {
  const endsAtMs = runtime.now() + budgetMs;
  for (let tries = 0; ; tries += 1) {
    const leftMs = Math.max(endsAtMs - runtime.now(), 1);
    const told = await attempt(AbortSignal.any([signal, AbortSignal.timeout(Math.min(timeoutMs, leftMs))]));
    const pauseMs = pausesMs[tries];
    if (told.kind === "delivered" || told.isFinal || pauseMs === undefined || signal.aborted) return told;
    const waitMs = Math.max(pauseMs, told.pauseMs ?? 0);
    if (runtime.now() + waitMs >= endsAtMs) return told;
    try {
      await runtime.sleep(waitMs, signal);
    } catch (error) {
      if (signal.aborted) return told;
      throw error;
    }
  }
}
