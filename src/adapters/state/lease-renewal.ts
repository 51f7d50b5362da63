/** Holding on to a lease in the background, and letting go of it. */

import { BelayError } from "../../core/belay-error.ts";
import { bodyOf, bytesOf } from "../../core/body.ts";
import type { Revision } from "../../core/brand.ts";
import type { Lease } from "../../ports/leaser.ts";
import type { Runtime } from "../../ports/runtime.ts";
import type { CallOptions, Store, WriteOutcome } from "../../ports/store.ts";
import { sha256 } from "../shared/sha256.ts";
import { leaseBytes, parseLease, type LeaseFile } from "./lease-file.ts";

export interface Renewing {
  readonly store: Store;
  readonly runtime: Runtime;
  readonly pause: Runtime["sleep"];
}

/** A lease as it was last known to be ours. */
export interface Holding {
  readonly key: string;
  readonly file: LeaseFile;
  readonly revision: Revision;
  /** What the owner before had written. */
  readonly taken?: LeaseFile;
}

const renewalsPerTtl = 3;
// A day with the usual time to live: nothing that belay does takes longer, so a lease that nobody released ends too.
const renewalsMax = 4320;
const removalsMax = 3;

/**
 * Renews the lease until it is let go of, which stops that at once; `release` also deletes it if it is still ours.
 * Neither ever throws: a lease that is lost or cannot be reached runs out by itself, and nothing rests on it.
 */
export function keepRenewed(renewing: Renewing, holding: Holding): Pick<Lease, "release" | "abandon"> {
  const stop = new AbortController();
  const last = renewUntil(renewing, holding, stop.signal);
  let released: Promise<void> | undefined;
  return {
    release: async () => {
      stop.abort();
      released ??= release(renewing.store, last);
      await released;
    },
    abandon: async () => {
      stop.abort();
      released ??= handBack(renewing.store, last);
      await released;
    },
  };
}

/** The lease as it stands when the signal fires, or `undefined` once it is somebody else's. */
async function renewUntil(renewing: Renewing, holding: Holding, signal: AbortSignal): Promise<Holding | undefined> {
  let held: Holding = holding;
  for (let renewal = 1; renewal <= renewalsMax && !signal.aborted; renewal += 1) {
    try {
      await renewing.pause(held.file.ttlMs / renewalsPerTtl, signal);
    } catch {
      return held;
    }
    if (signal.aborted) return held;
    try {
      const next = await renew(renewing, held, { signal });
      if (!next) return undefined;
      held = next;
    } catch {
      // The store did not answer: two more renewals fit into the time that is left.
    }
  }
  return held;
}

async function renew({ store, runtime }: Renewing, held: Holding, options: CallOptions): Promise<Holding | undefined> {
  const file: LeaseFile = { ...held.file, untilMs: runtime.now() + held.file.ttlMs };
  const bytes = leaseBytes(file);
  const expect = { kind: "unchanged", revision: held.revision } as const;
  const outcome = await store.write({ key: held.key, expect, body: bodyOf(bytes, runtime.sha256(bytes)), headers: {} }, options);
  return outcome.kind === "written" ? { ...held, file, revision: outcome.revision } : await stillOurs(store, held, options);
}

async function stillOurs(store: Store, held: Holding, options: CallOptions): Promise<Holding | undefined> {
  const reading = await store.read(held.key, options);
  const file = reading && parseLease(await bytesOf(reading.body));
  return reading && file?.nonce === held.file.nonce ? { ...held, file, revision: reading.observed.revision } : undefined;
}

async function handBack(store: Store, last: Promise<Holding | undefined>): Promise<void> {
  const held = await last;
  if (!held?.taken) return await release(store, last);
  const bytes = leaseBytes(held.taken);
  const request = {
    key: held.key,
    expect: { kind: "unchanged", revision: held.revision },
    body: bodyOf(bytes, sha256(bytes)),
    headers: {},
  } as const;
  try {
    await store.write(request, { signal: new AbortController().signal });
  } catch {
    // It runs out by itself; then nothing is known of the owner before, and whoever resumes waits longer.
  }
}

async function release(store: Store, last: Promise<Holding | undefined>): Promise<void> {
  const held = await last;
  try {
    if (held) await letGo(store, held);
  } catch {
    // It runs out by itself; the work that it announced is over and must not fail for its sake.
  }
}

/** Where the store does not delete under guard, or not for us, the lease stays and says that it is over. */
async function giveUp(store: Store, { key, file, revision }: Holding, options: CallOptions): Promise<WriteOutcome> {
  const expect = { kind: "unchanged", revision } as const;
  try {
    return await store.remove({ key, expect }, options);
  } catch (error) {
    const isBarred = error instanceof BelayError && (error.code === "store-unguarded" || error.code === "store-denied");
    if (!isBarred) throw error;
    const bytes = leaseBytes({ ...file, untilMs: 0 });
    return await store.write({ key, expect, body: bodyOf(bytes, sha256(bytes)), headers: {} }, options);
  }
}

async function letGo(store: Store, held: Holding): Promise<void> {
  // Its own signal: after an interruption the lease is still to be given back.
  const options = { signal: new AbortController().signal };
  let ours: Holding | undefined = held;
  for (let removal = 1; ours && removal <= removalsMax; removal += 1) {
    const outcome = await giveUp(store, ours, options);
    if (outcome.kind === "removed" || outcome.kind === "written") return;
    // A renewal whose reply was lost leaves a newer revision that is ours all the same.
    ours = await stillOurs(store, ours, options);
  }
}
