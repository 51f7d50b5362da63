/** A store that counts what is asked of it and loses replies on demand, around any other store. */

import { bodyOf, bytesOf } from "../../src/core/body.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import type { CallOptions, Store, WriteOutcome } from "../../src/ports/store.ts";

/** `lost-before`: the request never arrives. `lost-after`: it is carried out and its reply never arrives. */
export type Fault = "lost-before" | "lost-after";
type Verb = "list" | "read" | "write" | "remove";

export interface WatchedStore extends Store {
  readonly calls: Record<Verb, number>;
  /** Faults for the next writes and removals, in order; `undefined` lets one through. */
  readonly faults: (Fault | undefined)[];
  /** Whether a call is under way. */
  isBusy(): boolean;
  /** Runs right before the next write is handed on, and then no more. */
  beforeWrite: (() => Promise<void>) | undefined;
  /** Reads of keys that begin with this throw. */
  unreachable: string | undefined;
}

export const calm: CallOptions = { signal: new AbortController().signal };

export function watch(inner: Store): WatchedStore {
  const calls = { list: 0, read: 0, write: 0, remove: 0 };
  const faults: (Fault | undefined)[] = [];
  const unanswered = { kind: "unknown", cause: new Error("the reply was lost") } as const;
  let busy = 0;
  const during = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    busy += 1;
    try {
      return await act();
    } finally {
      busy -= 1;
    }
  };
  const faulty = async (act: () => Promise<WriteOutcome>): Promise<WriteOutcome> => {
    const fault = faults.shift();
    if (fault === "lost-before") return unanswered;
    const outcome = await act();
    return fault === "lost-after" ? unanswered : outcome;
  };
  const watched: WatchedStore = {
    name: inner.name,
    guarantees: async (options) => await inner.guarantees(options),
    calls,
    faults,
    isBusy: () => busy > 0,
    beforeWrite: undefined,
    unreachable: undefined,
    list(prefix, options) {
      calls.list += 1;
      return inner.list(prefix, options);
    },
    async read(key, options) {
      calls.read += 1;
      if (watched.unreachable !== undefined && key.startsWith(watched.unreachable)) throw new Error("no route to the store");
      return await during(async () => await inner.read(key, options));
    },
    async write(request, options) {
      calls.write += 1;
      const before = watched.beforeWrite;
      watched.beforeWrite = undefined;
      await before?.();
      return await during(async () => await faulty(async () => await inner.write(request, options)));
    },
    async remove(request, options) {
      calls.remove += 1;
      return await during(async () => await faulty(async () => await inner.remove(request, options)));
    },
  };
  return watched;
}

/** How many calls `act` made of each verb. */
export async function countCalls(store: WatchedStore, act: () => Promise<unknown>): Promise<Record<Verb, number>> {
  const before = { ...store.calls };
  await act();
  const { list, read, write, remove } = store.calls;
  return { list: list - before.list, read: read - before.read, write: write - before.write, remove: remove - before.remove };
}

/** Puts bytes under a key whatever is there: what a careless hand or a failing disk does. */
export async function overwrite(store: Store, key: string, bytes: Uint8Array | string): Promise<void> {
  const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  const held = await store.read(key, calm);
  const expect = held ? ({ kind: "unchanged", revision: held.observed.revision } as const) : ({ kind: "absent" } as const);
  const outcome = await store.write({ key, expect, body: bodyOf(data, sha256(data)), headers: {} }, calm);
  if (outcome.kind !== "written") throw new Error(`the test could not overwrite ${key}: ${outcome.kind}`);
}

/** Deletes a key whatever is there. */
export async function wipe(store: Store, key: string): Promise<void> {
  const held = await store.read(key, calm);
  if (held) await store.remove({ key, expect: { kind: "unchanged", revision: held.observed.revision } }, calm);
}

/** The text under a key; empty where there is none. */
export async function textAt(store: Store, key: string): Promise<string> {
  const held = await store.read(key, calm);
  return held ? new TextDecoder().decode(await bytesOf(held.body)) : "";
}

/** Every key under a prefix. */
export async function keysUnder(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, calm)) keys.push(key);
  return keys;
}
