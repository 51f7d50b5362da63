import { BelayError } from "../core/belay-error.ts";
import type { Held, Lease } from "../ports/leaser.ts";
import type { Context, Workbench } from "./workbench.ts";

/** Announces the work at a target while it lasts. `waitMs` is how long to wait for another's lease to end. */
export async function withLease<Result>(
  bench: Workbench,
  { target, purpose, waitMs }: { readonly target: string; readonly purpose: string; readonly waitMs: number },
  context: Context,
  work: (predecessor: Lease["predecessor"]) => Promise<Result>,
): Promise<Result | Held> {
  const untilMs = bench.runtime.now() + waitMs;
  let lease = await bench.leaser.acquire(`${bench.site.name}-${target}`, purpose, context);
  while (lease.kind === "held") {
    if (bench.runtime.now() >= untilMs) return lease;
    context.report({ phase: "waiting", done: 0 });
    await bench.runtime.sleep(pollMs, context.signal);
    lease = await bench.leaser.acquire(`${bench.site.name}-${target}`, purpose, context);
  }
  let keepsProof = false;
  try {
    return await work(lease.predecessor);
  } catch (error) {
    // Of an owner that died in the middle the lease is the proof: whoever resumes need not wait, as long as it is there.
    keepsProof = lease.predecessor === "dead" && error instanceof BelayError && error.code === "unsettled";
    throw error;
  } finally {
    await (keepsProof ? lease.abandon() : lease.release());
  }
}

const pollMs = 500;

/** Tells another's lease from an answer of the work. */
export const isHeld = (answer: { readonly kind: string }): answer is Held => answer.kind === "held" && "untilMs" in answer;
