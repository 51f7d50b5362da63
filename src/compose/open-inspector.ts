/** What `belay doctor` looks through. Loaded by that command alone: everything that speaks to AWS comes with it. */

import { runGit } from "../adapters/git/git-run.ts";
import { hostNames } from "../adapters/inspect/host-names.ts";
import { hostedRecords } from "../adapters/inspect/hosted-records.ts";
import { inspectBucket } from "../adapters/inspect/inspect-bucket.ts";
import { inspectCaller, simulateFor } from "../adapters/inspect/inspect-caller.ts";
import { inspectCertificate } from "../adapters/inspect/inspect-certificate.ts";
import { inspectDistribution } from "../adapters/inspect/inspect-distribution.ts";
import { inspectWorkingCopy } from "../adapters/inspect/inspect-working-copy.ts";
import { openS3Store } from "../adapters/s3/s3-store.ts";
import { connectS3 } from "../adapters/shared/aws/connect.ts";
import type { Wire } from "../adapters/shared/aws/wire.ts";
import { describeProcess, isProvablyDead } from "../adapters/shared/process-identity.ts";
import { leaseKey, parseLease } from "../adapters/state/lease-file.ts";
import { localStateFolder } from "../config/config.ts";
import { parseStore } from "../config/store-address.ts";
import { BelayError } from "../core/belay-error.ts";
import { bytesOf } from "../core/body.ts";
import type { StoreName } from "../core/brand.ts";
import type { LeaseFacts } from "../core/doctor/machine-facts.ts";
import type { Inspector } from "../ports/inspector.ts";
import type { CallOptions, Guarantees, Store } from "../ports/store.ts";
import { jsonCache } from "./json-cache.ts";
import { placeOf, type Surroundings } from "./surroundings.ts";

export interface InspectorSetup {
  /** The folder of belay.yaml. */
  readonly folder: string;
  /** Where leases are. */
  readonly state: Store;
  readonly stateStore: StoreName;
  readonly about: Surroundings;
}

/** Nothing is asked before the first question. */
export function openInspector({ folder, state, stateStore, about }: InspectorSetup): Inspector {
  const { env, runtime } = about;
  const setup = { env, runtime };
  const address = parseStore(stateStore, "/");
  return {
    stateBucket: typeof address !== "string" && address.kind === "s3" ? address.bucket : undefined,
    bucket: (name) => inspectBucket(name, setup),
    distribution: async (id, options) => await inspectDistribution(id, setup, options),
    caller: async (options) => await inspectCaller(setup, options),
    simulate: async (asked, options) => await simulateFor(asked, setup, options),
    names: async (host, options) => await hostNames(host, {}, options),
    hostedRecords: async (host, options) => await hostedRecords(host, setup, options),
    certificate: async (host, port, options) => await inspectCertificate(host, port, options),
    knownGuarantees: async (name, options) => await knownGuarantees(name, about, options),
    lease: async (name, options) => await leaseOf(name, state, options),
    workingCopy: async (options) => await inspectWorkingCopy({ folder, env, isStateIgnored: await isStateIgnored(folder, options) }),
  };
}

/** Opens the bucket with what was found before, and with a wire that lets nothing through which would try it again. */
async function knownGuarantees(name: StoreName, about: Surroundings, options: CallOptions): Promise<Guarantees | undefined> {
  const address = parseStore(name, "/");
  if (typeof address === "string" || address.kind !== "s3") return undefined;
  const { bucket, prefix } = address;
  const { env, runtime } = about;
  const untried = new BelayError("not-supported", "Nothing is written to find out.", "belay doctor --probe");
  const mute = (wire: Wire): Wire => ({ base: wire.base, isAws: wire.isAws, send: () => Promise.reject(untried) });
  const store = openS3Store({
    name,
    bucket,
    prefix,
    runtime,
    wire: async () => mute(await connectS3(bucket, { env, now: () => runtime.now() })),
    canary: jsonCache("canary", placeOf(name, about), about),
    watchesHeaders: false,
  });
  try {
    return await store.guarantees(options);
  } catch (error) {
    if (error === untried) return undefined;
    throw error;
  }
}

async function leaseOf(name: string, state: Store, options: CallOptions): Promise<LeaseFacts | undefined> {
  const reading = await state.read(leaseKey(name), options);
  const lease = reading && parseLease(await bytesOf(reading.body));
  if (!lease) return undefined;
  const { owner, purpose, untilMs } = lease;
  return { by: `${owner.actor} (${describeProcess(owner)})`, purpose, untilMs, isOwnerDead: await isProvablyDead(owner) };
}

/** `git check-ignore` ends with 0 for what is ignored, 1 for what is not, 128 outside a repository; it takes no literal path. */
async function isStateIgnored(folder: string, options: CallOptions): Promise<boolean | undefined> {
  const end = await runGit(folder, ["--no-literal-pathspecs", "check-ignore", "-q", "--", `${localStateFolder}/any`], options);
  if (end.kind === "missing" || end.exit > 1) return undefined;
  return end.exit === 0;
}
