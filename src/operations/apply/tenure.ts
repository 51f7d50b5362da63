/** Whether this process still owns the plan it is applying (decision 12). */

import type { PlanId } from "../../core/brand.ts";
import { targetState, type LedgerState } from "../../core/ledger/fold.ts";
import type { CallOptions } from "../../ports/store.ts";
import type { Workbench } from "../workbench.ts";

/**
 * A write that was allowed this long ago has landed or never will: longer than any adapter goes on trying one, its last
 * attempt included (S3: begun within 25 seconds, 30 for an attempt).
 */
export const requestTimeoutMs = 60_000;
/** What a process had sent to a remote store before it died is carried out within this time, or never. */
export const lateArrivalMs = 30_000;
/** For so long an owner may write without asking again; whoever takes over waits this and the request timeout first. */
export const tenureMs = 60_000;

/** How often a slow ledger is asked before the plan is left to `resume`. */
const asksMax = 3;

export interface Tenure {
  /** False once somebody else adopted the plan, or ended it. Asks the ledger only when the last answer is old. */
  holds(options: CallOptions): Promise<boolean>;
  /** Asks now. */
  confirm(options: CallOptions): Promise<boolean>;
}

export interface Owned {
  readonly target: string;
  readonly plan: PlanId;
  /** Sequence number of our own *started* or *adopted* entry. */
  readonly ownedSince: number;
  /** Milliseconds since the epoch, taken before that entry was sent: its reply may have been long on its way. */
  readonly ownedAtMs: number;
}

export function openTenure(bench: Workbench, owned: Owned): Tenure {
  let confirmedAtMs = owned.ownedAtMs;
  let hasLost = false;
  const confirm = async (options: CallOptions): Promise<boolean> => {
    const askedAtMs = bench.runtime.now();
    if (!hasLost) hasLost = !isOwner(await bench.ledger.state(options), bench.site.name, owned);
    confirmedAtMs = askedAtMs;
    return !hasLost;
  };
  return {
    confirm,
    holds: async (options) => {
      for (let ask = 0; ask <= asksMax; ask += 1) {
        if (hasLost) return false;
        // An answer counts from when it was asked for: one that took too long to come is too old to act on.
        if (bench.runtime.now() - confirmedAtMs < tenureMs) return true;
        await confirm(options);
      }
      return false;
    },
  };
}

function isOwner(state: LedgerState, site: string, { target, plan, ownedSince }: Owned): boolean {
  const { open } = targetState(state, site, target);
  return open !== null && open.plan === plan && open.ownedSince === ownedSince;
}
