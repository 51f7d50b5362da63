/** What a session's beginning and end are told from. Only the ledger may be asked over the network, and not for long. */

import type { LedgerState } from "../../core/ledger/fold.ts";
import type { GuardedSite } from "../../core/guard/scope.ts";
import type { KnowingBench } from "./known-of-live.ts";

export interface HandOffBench extends KnowingBench {
  /** The ledger's state, asked for with a deadline; never rejects. `undefined` where not even an old one is at hand. */
  readonly ledger: () => Promise<ReadLedger | undefined>;
  readonly ledgerAtHand: () => Promise<LedgerState | undefined>;
  /** Never rejects: what cannot be looked at holds nothing up. */
  readonly unpublishedSince: (site: GuardedSite, sinceMs: number) => Promise<Unpublished>;
}

export interface ReadLedger {
  readonly state: LedgerState;
  /** It could not be reached in time: this is what this machine has read last. */
  readonly isOld: boolean;
}

/** Keys that were changed in the working copy, and that no target was seen to hold as they are. */
export interface Unpublished {
  readonly paths: readonly string[];
  /** There may be more: not everything was looked at. */
  readonly isCut: boolean;
}
