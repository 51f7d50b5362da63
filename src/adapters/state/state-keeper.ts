/** The ledger's state with as few reads as can be: what is known is kept, what is new is folded. */

import { bytesOf } from "../../core/body.ts";
import { asRevision, type Revision } from "../../core/brand.ts";
import type { LedgerHead } from "../../core/ledger/entry.ts";
import { emptyState, type LedgerState } from "../../core/ledger/fold.ts";
import type { LedgerOptions } from "../../ports/ledger.ts";
import type { CallOptions } from "../../ports/store.ts";
import { advance, readEntry, type Chain } from "./chain.ts";
import { brokenAt } from "./ledger-broken.ts";
import { checkpointEvery, checkpointKey, checkpointPrefix, entryPrefix, newest, type Listed } from "./ledger-keys.ts";
import { parseCheckpoint, parseState } from "./state-codec.ts";

/**
 * Where one machine keeps the last state that it folded, for one ledger. What it gives back is believed only where
 * the chain holds its head; a cache that is lost, damaged or of another ledger costs reads, never truth.
 */
export interface StateCache {
  load(): Promise<Cached | undefined>;
  save(cached: { readonly state: LedgerState; readonly headRevision?: Revision }): Promise<void>;
}

export interface Cached {
  readonly state: unknown;
  /** The store's revision of the head entry, where it was known: while the listing reports the same, the entry need not be read. */
  readonly headRevision?: unknown;
}

const nowhere: Listed = { seq: 0, revision: asRevision("") };
const checkpointsTriedMax = 3;

/** Whether two heads are the same entry with the same bytes. */
export const isSameHead = (left: LedgerHead, right: LedgerHead): boolean => left.seq === right.seq && left.hash === right.hash;

/** Knows the last state that this process has folded, and how to come from it to the present one. */
export class StateKeeper {
  readonly chain: Chain;
  #known: LedgerState = emptyState;
  readonly #cache: StateCache | undefined;

  constructor(chain: Chain, cache: StateCache | undefined) {
    this.chain = chain;
    this.#cache = cache;
  }

  /** The newest entry; `seq` 0 where there is none. */
  async headListed(options: CallOptions): Promise<Listed> {
    const [head] = await newest(this.chain.store, entryPrefix, { signal: options.signal, limit: 1 });
    return head ?? nowhere;
  }

  async state(options: LedgerOptions): Promise<LedgerState> {
    // Taken before the listing: an append of this process that lands meanwhile must not look like a listing that lags.
    const known = this.#known;
    if (options.mayBeOld === true && known.head.seq > 0) return known;
    const head = await this.headListed(options);
    const to = head.seq;
    if (to === known.head.seq) return known;
    if (to < known.head.seq) {
      // A listing may lag behind on some servers; an entry that is really gone is a broken ledger.
      const { hash } = await readEntry(this.chain, known.head.seq, options);
      if (hash === known.head.hash) return known;
      throw brokenAt(known.head.seq, "is not the one that this run has read before");
    }
    const state = known.head.seq > 0 ? await advance(this.chain, known, to, options) : await this.#fromAfar(head, options);
    if (!state) throw brokenAt(known.head.seq, "is not the one that this run has read before");
    await this.remember(state, head.revision);
    return state;
  }

  /** The last known state where that is the one expected, at no request; else the present one. */
  async stateFor(expect: LedgerHead, options: CallOptions): Promise<LedgerState> {
    const known = this.#known;
    return known.head.seq > 0 && isSameHead(known.head, expect) ? known : await this.state(options);
  }

  /** Takes note of a later state of this chain, here and in the cache. */
  async remember(state: LedgerState, headRevision?: Revision): Promise<void> {
    if (state.head.seq <= this.#known.head.seq) return;
    this.#known = state;
    try {
      await this.#cache?.save({ state, ...(headRevision === undefined ? {} : { headRevision }) });
    } catch {
      // A cache that cannot be written makes the next run slower and nothing else.
    }
  }

  async #fromAfar({ seq: to, revision }: Listed, options: CallOptions): Promise<LedgerState> {
    const cached = await this.#cached();
    if (cached && cached.state.head.seq === to && cached.headRevision === revision) return cached.state;
    for await (const base of this.#bases(cached?.state, to, options)) {
      const state = await advance(this.chain, base, to, options);
      if (state) return state;
    }
    const state = await advance(this.chain, emptyState, to, options);
    if (!state) throw brokenAt(1, "is not the first of its chain: it names an entry before it");
    return state;
  }

  /** States that may spare reads, the cheapest first. Each must still be found on the chain. */
  async *#bases(cached: LedgerState | undefined, to: number, options: CallOptions): AsyncGenerator<LedgerState, void, undefined> {
    const isUsable = cached !== undefined && cached.head.seq <= to;
    const isNear = isUsable && to - cached.head.seq <= checkpointEvery;
    if (isNear) yield cached;
    if (to >= checkpointEvery) {
      const limit = checkpointsTriedMax;
      for (const { seq } of await newest(this.chain.store, checkpointPrefix, { signal: options.signal, limit })) {
        const state = seq <= to ? await this.#checkpoint(seq, options) : undefined;
        if (state) yield state;
      }
    }
    if (isUsable && !isNear) yield cached;
  }

  async #cached(): Promise<{ readonly state: LedgerState; readonly headRevision: unknown } | undefined> {
    try {
      const cached = await this.#cache?.load();
      const state = parseState(cached?.state);
      return state && { state, headRevision: cached?.headRevision };
    } catch {
      return undefined;
    }
  }

  async #checkpoint(seq: number, options: CallOptions): Promise<LedgerState | undefined> {
    const reading = await this.chain.store.read(checkpointKey(seq), options);
    const state = reading && parseCheckpoint(await bytesOf(reading.body));
    return state?.head.seq === seq ? state : undefined;
  }
}
