/** Reading stretches of the ledger's chain, link by link. */

import type { BelayError } from "../../core/belay-error.ts";
import { bytesOf } from "../../core/body.ts";
import type { Digest, Sha256 } from "../../core/brand.ts";
import { noHash, type Entry } from "../../core/ledger/entry.ts";
import { fold, type LedgerState } from "../../core/ledger/fold.ts";
import type { CallOptions, Store } from "../../ports/store.ts";
import { parseEntry } from "./entry-codec.ts";
import { brokenAt } from "./ledger-broken.ts";
import { entryKey } from "./ledger-keys.ts";

/** Where the chain lies and how its links are hashed. */
export interface Chain {
  readonly store: Store;
  readonly sha256: Sha256;
}

/** An entry with the digest of the bytes that it was read from. */
export interface StoredEntry {
  readonly entry: Entry;
  readonly hash: Digest;
}

const parallelMax = 16;

/** One entry, or `ledger-broken` where it is missing or cannot be read. */
export async function readEntry(chain: Chain, seq: number, options: CallOptions): Promise<StoredEntry> {
  const reading = await chain.store.read(entryKey(seq), options);
  if (!reading) throw brokenAt(seq, "is missing");
  const bytes = await bytesOf(reading.body);
  return { entry: parseEntry(bytes, seq), hash: chain.sha256(bytes) };
}

/** From `first` to `last`, whichever of the two is greater; both included. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** Reads in parallel and yields in order, so that all that lies before a broken entry is still handed over. */
async function* readRange(chain: Chain, { first, last }: Range, options: CallOptions): AsyncGenerator<StoredEntry, void, undefined> {
  const way = first <= last ? 1 : -1;
  const length = Math.abs(last - first) + 1;
  for (let done = 0; done < length; done += parallelMax) {
    const readings = Array.from({ length: Math.min(parallelMax, length - done) }, async (_, at) => {
      return await readEntry(chain, first + way * (done + at), options);
    });
    // Each one is awaited below in its turn, or not at all once an earlier one has failed; none may go unhandled meanwhile.
    for (const reading of readings) reading.catch(() => undefined);
    for (const reading of readings) yield await reading;
  }
}

/**
 * Folds the entries after `from` up to `to` into it. `undefined` when the chain does not hold `from.head` at its place,
 * so that `from` says nothing about this chain; throws `ledger-broken` at any later link that does not fit.
 */
export async function advance(chain: Chain, from: LedgerState, to: number, options: CallOptions): Promise<LedgerState | undefined> {
  const base = from.head;
  if (base.seq === to) {
    const isHead = to === 0 || (await readEntry(chain, to, options)).hash === base.hash;
    return isHead ? from : undefined;
  }
  let state = from;
  for await (const { entry, hash } of readRange(chain, { first: base.seq + 1, last: to }, options)) {
    if (entry.prev !== state.head.hash && state === from) return undefined;
    if (entry.prev !== state.head.hash) throw misfit(entry.seq - 1);
    state = fold(state, entry, hash);
  }
  return state;
}

const misfit = (seq: number): BelayError =>
  brokenAt(seq, `does not have the hash that entry ${seq + 1} says it had: one of the two was changed`);

/** Every entry from `head` down to the first. Each must have the hash that the one after it holds. */
export async function* descend(chain: Chain, head: number, options: CallOptions): AsyncGenerator<Entry, void, undefined> {
  let awaited: string | undefined;
  if (head === 0) return;
  for await (const { entry, hash } of readRange(chain, { first: head, last: 1 }, options)) {
    if (awaited !== undefined && hash !== awaited) throw misfit(entry.seq);
    awaited = entry.prev;
    yield entry;
  }
  if (awaited !== undefined && awaited !== noHash) throw brokenAt(1, "is not the first of its chain: it names an entry before it");
}
