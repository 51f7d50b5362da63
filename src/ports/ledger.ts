import type { Entry, EntryBody, LedgerHead } from "../core/ledger/entry.ts";
import type { LedgerState } from "../core/ledger/fold.ts";
import type { CallOptions } from "./store.ts";

export type Appended =
  | { readonly kind: "appended"; readonly entry: Entry; readonly head: LedgerHead }
  | { readonly kind: "moved"; readonly head: LedgerHead };

export interface LedgerOptions extends CallOptions {
  /**
   * What this process has folded last is good enough, where it has folded anything. For whoever appends next: on an old
   * state the append is told `moved`.
   */
  readonly mayBeOld?: boolean;
}

/** Append-only and hash-chained: entry N+1 is created if absent, so of two racing appends one is told `moved`. */
export interface Ledger {
  /** The clock of the server that keeps it, in milliseconds since the epoch, once it has answered. Absent where none does: only this machine's clock is left then. */
  readonly serverNowMs?: () => number | undefined;
  /** What all entries up to the head add up to. Reads only entries that this machine has not folded yet. */
  state(options: LedgerOptions): Promise<LedgerState>;
  /** Compare-and-swap on the head. An append of ours whose reply was lost is recognised by its nonce and reported as appended. */
  append(body: EntryBody, expect: LedgerHead, options: CallOptions): Promise<Appended>;
  /** Every entry, newest first, with the chain checked on the way: a gap or a wrong hash throws `ledger-broken` at that entry. */
  entries(options: CallOptions): AsyncIterable<Entry>;
}
