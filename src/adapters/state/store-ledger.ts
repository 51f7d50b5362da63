import { BelayError, invariant } from "../../core/belay-error.ts";
import { bodyOf, bytesOf } from "../../core/body.ts";
import type { Digest, Revision } from "../../core/brand.ts";
import { canonicalBytes } from "../../core/canonical-json.ts";
import type { Entry, EntryBody, LedgerHead } from "../../core/ledger/entry.ts";
import { fold, type LedgerState } from "../../core/ledger/fold.ts";
import type { Appended, Ledger } from "../../ports/ledger.ts";
import type { Runtime } from "../../ports/runtime.ts";
import type { CallOptions, Store } from "../../ports/store.ts";
import { descend } from "./chain.ts";
import { parseEntry } from "./entry-codec.ts";
import { checkpointEvery, checkpointKey, entryKey } from "./ledger-keys.ts";
import { checkpointBytes } from "./state-codec.ts";
import { isSameHead, StateKeeper, type Cached, type StateCache } from "./state-keeper.ts";

export type { Cached, StateCache };

export interface LedgerSetup {
  readonly store: Store;
  readonly runtime: Runtime;
  readonly cache?: StateCache;
}

/** One try and three more. */
const writesMax = 4;
const retryPauseMs = 200;

/**
 * The ledger as objects of a store: entry N+1 is created if absent, so that of racing appends one wins.
 * An uncontended append is one request (one more every 128 entries), and `state()` is one LIST plus a read per new entry.
 */
export function openLedger(setup: LedgerSetup): Ledger {
  const keeper = new StateKeeper({ store: setup.store, sha256: setup.runtime.sha256 }, setup.cache);
  const { store } = setup;
  return {
    ...(store.serverNowMs && { serverNowMs: () => store.serverNowMs?.() }),
    state: async (options) => await keeper.state(options),
    append: async (body, expect, options) => await append(setup, keeper, { body, expect }, options),
    async *entries(options) {
      yield* descend(keeper.chain, (await keeper.headListed(options)).seq, options);
    },
  };
}

interface Wish {
  readonly body: EntryBody;
  readonly expect: LedgerHead;
}

async function append(setup: LedgerSetup, keeper: StateKeeper, wish: Wish, options: CallOptions): Promise<Appended> {
  const { store, runtime } = setup;
  const base = await keeper.stateFor(wish.expect, options);
  if (!isSameHead(base.head, wish.expect)) return { kind: "moved", head: base.head };
  const entry: Entry = {
    ...wish.body,
    format: 1,
    seq: base.head.seq + 1,
    // For people: nothing is ordered by it, since the clocks of two machines may differ.
    at: new Date(runtime.now()).toISOString(),
    prev: base.head.hash,
    nonce: runtime.nonce(),
  };
  const bytes = canonicalBytes(entry);
  // An entry that cannot be read back would close the ledger for everyone.
  invariant(parseEntry(bytes, entry.seq).kind === entry.kind, "a ledger entry reads back as what it is");
  const hash = runtime.sha256(bytes);
  const { isOurs, revision } = await place({ store, runtime, seq: entry.seq, bytes, hash }, options);
  if (!isOurs) return { kind: "moved", head: (await keeper.state(options)).head };
  const state = fold(base, entry, hash);
  await keeper.remember(state, revision);
  if (entry.seq % checkpointEvery === 0) await checkpoint(setup, state, options);
  return { kind: "appended", entry, head: state.head };
}

interface Placing {
  readonly store: Store;
  readonly runtime: Runtime;
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly hash: Digest;
}

interface Placed {
  readonly isOurs: boolean;
  readonly revision?: Revision;
}

/**
 * Whether the entry at this place is ours in the end. After anything but a clear success it looks: the nonce makes our
 * bytes unlike anybody else's, so equal bytes are our own write whose reply was lost.
 */
async function place({ store, runtime, seq, bytes, hash }: Placing, options: CallOptions): Promise<Placed> {
  const key = entryKey(seq);
  let doubt: unknown;
  for (let attempt = 1; attempt <= writesMax; attempt += 1) {
    try {
      if (attempt > 1) await runtime.sleep(retryPauseMs * (attempt - 1), options.signal);
      const outcome = await store.write({ key, expect: { kind: "absent" }, body: bodyOf(bytes, hash), headers: {} }, options);
      if (outcome.kind === "written") return { isOurs: true, revision: outcome.revision };
      doubt = outcome.kind === "unknown" ? outcome.cause : (doubt ?? outcome);
      const found = await store.read(key, options);
      if (found) return { isOurs: runtime.sha256(await bytesOf(found.body)) === hash, revision: found.observed.revision };
    } catch (error) {
      // Before the first doubt a thrown write has not landed, so its error is the whole truth.
      if (doubt === undefined || options.signal.aborted) throw error;
      doubt = error;
    }
  }
  throw new BelayError(
    "unsettled",
    `Whether ledger entry ${seq} (${key}) was written is not known: ${writesMax} attempts brought no clear answer.`,
    "Run `belay resume` once the store of the state answers again.",
    { cause: doubt },
  );
}

/** Best effort: an append that has landed is never reported as anything else because of its checkpoint. */
async function checkpoint({ store, runtime }: LedgerSetup, state: LedgerState, options: CallOptions): Promise<void> {
  const bytes = checkpointBytes(state);
  const body = bodyOf(bytes, runtime.sha256(bytes));
  try {
    await store.write({ key: checkpointKey(state.head.seq), expect: { kind: "absent" }, body, headers: {} }, options);
  } catch {
    // The next checkpoint stands in for this one; until then a fresh machine reads more entries.
  }
}
