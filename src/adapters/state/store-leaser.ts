import { BelayError } from "../../core/belay-error.ts";
import { bodyOf, bytesOf } from "../../core/body.ts";
import type { Expectation } from "../../core/plan/plan.ts";
import type { Held, Lease, Leaser } from "../../ports/leaser.ts";
import type { Runtime } from "../../ports/runtime.ts";
import type { CallOptions, Store } from "../../ports/store.ts";
import { describeProcess } from "../shared/process-identity.ts";
import { leaseBytes, leaseKey, parseLease, type LeaseFile, type LeaseOwner } from "./lease-file.ts";
import { keepRenewed } from "./lease-renewal.ts";

export interface LeaserSetup {
  readonly store: Store;
  readonly runtime: Runtime;
  readonly owner: LeaseOwner;
  /** True only on proof: another start of the machine, or no such process. A stranger's host is never provably dead. */
  isProvablyDead(owner: LeaseOwner): Promise<boolean> | boolean;
  readonly ttlMs?: number;
  /**
   * How the renewal waits. Give one whose timer does not keep the process alive (`setTimeout` with `ref: false`), so
   * that a command that forgot its lease can still end. `runtime.sleep` where it is left out.
   */
  readonly pause?: Runtime["sleep"];
}

const defaultTtlMs = 60_000;
const attemptsMax = 6;
// S3 refuses requests from clocks that are further off, so a lease that runs longer than this was not written by a sane one.
const skewMaxMs = 15 * 60_000;

/** Leases as objects of a store, `leases/<target>.json`. Courtesy only: expectations are what keep bytes safe. */
export function openLeaser(setup: LeaserSetup): Leaser {
  return { acquire: async (target, purpose, options) => await acquire(setup, { target, purpose }, options) };
}

interface Wish {
  readonly target: string;
  readonly purpose: string;
}

/** What to write to become the owner. */
interface Way {
  readonly expect: Expectation;
  readonly generation: number;
  readonly predecessor: Lease["predecessor"];
  /** What the owner before had written. */
  readonly taken?: LeaseFile;
}

const freely: Way = { expect: { kind: "absent" }, generation: 1, predecessor: "none" };

async function acquire(setup: LeaserSetup, { target, purpose }: Wish, options: CallOptions): Promise<Lease | Held> {
  const { store, runtime, owner, ttlMs = defaultTtlMs } = setup;
  const key = leaseKey(target);
  const nonce = runtime.nonce();
  let way = freely;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const untilMs = runtime.now() + ttlMs;
    const file: LeaseFile = {
      format: 1,
      target,
      purpose,
      owner,
      generation: way.generation,
      nonce,
      isUncertain: way.predecessor === "unknown",
      ttlMs,
      untilMs,
    };
    const bytes = leaseBytes(file);
    const { predecessor, taken } = way;
    const before = taken && { taken };
    const renewal = { store, runtime, pause: setup.pause ?? (async (ms, signal) => await runtime.sleep(ms, signal)) };
    const outcome = await store.write({ key, expect: way.expect, body: bodyOf(bytes, runtime.sha256(bytes)), headers: {} }, options);
    if (outcome.kind === "written") {
      return { kind: "lease", predecessor, ...keepRenewed(renewal, { key, file, revision: outcome.revision, ...before }) };
    }
    const reading = await store.read(key, options);
    const found = reading && parseLease(await bytesOf(reading.body));
    if (reading && found?.nonce === nonce) {
      return { kind: "lease", predecessor, ...keepRenewed(renewal, { key, file: found, revision: reading.observed.revision, ...before }) };
    }
    const next = reading ? await wayPast(setup, found, { kind: "unchanged", revision: reading.observed.revision }) : freely;
    if ("kind" in next) return next;
    way = next;
  }
  throw new BelayError(
    "lease-held",
    `The lease of ${target} changed hands too often to be taken.`,
    "Run the same command again in a moment.",
  );
}

/** How to take over from what was found, or the answer that it is held. A lease that cannot be read holds nobody off. */
async function wayPast(setup: LeaserSetup, found: LeaseFile | undefined, expect: Expectation): Promise<Way | Held> {
  if (!found) return { expect, generation: 1, predecessor: "unknown" };
  const generation = found.generation + 1;
  if (await setup.isProvablyDead(found.owner))
    return { expect, generation, predecessor: found.isUncertain ? "unknown" : "dead", taken: found };
  const leftMs = found.untilMs - setup.runtime.now();
  if (leftMs <= 0 || leftMs > found.ttlMs + skewMaxMs) return { expect, generation, predecessor: "unknown" };
  return { kind: "held", by: `${found.owner.actor} (${describeProcess(found.owner)})`, purpose: found.purpose, untilMs: found.untilMs };
}
