/** From a belay.yaml to a workbench that knows nothing of records. */

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openLookBook } from "../adapters/disk/look-book.ts";
import { openSeenFolder } from "../adapters/disk/seen-folder.ts";
import { openProbe } from "../adapters/http/http-probe.ts";
import { isProvablyDead, thisProcess, type ProcessIdentity } from "../adapters/shared/process-identity.ts";
import { sha256 } from "../adapters/shared/sha256.ts";
import type { LeaseOwner } from "../adapters/state/lease-file.ts";
import { openLeaser } from "../adapters/state/store-leaser.ts";
import { openLedger } from "../adapters/state/store-ledger.ts";
import { openVault } from "../adapters/state/store-vault.ts";
import { localStateFolder, type Config } from "../config/config.ts";
import { policyOf } from "../config/policy-of.ts";
import { BelayError } from "../core/belay-error.ts";
import { canonicalBytes } from "../core/canonical-json.ts";
import type { Actor } from "../core/ledger/entry.ts";
import type { Site } from "../core/site.ts";
import type { Workbench } from "../operations/workbench.ts";
import type { Runtime } from "../ports/runtime.ts";
import { detectActor } from "./detect-actor.ts";
import { lazyHistory } from "./lazy-history.ts";
import { ledgerCache } from "./ledger-cache.ts";
import { lazyBrowser } from "./open-browser.ts";
import { edgesOf } from "./open-edge.ts";
import { plainStore, siteFolder } from "./open-folder.ts";
import { lazyNotifier } from "./open-notifier.ts";
import { lazySigner, readSigners } from "./open-signer.ts";
import { isBucket, openState, openTargets } from "./open-stores.ts";
import { baseOf } from "./place-base.ts";
import { defaultHeaders, exceptions, headersOf } from "./site-rules.ts";
import { endpointOf, type Surroundings } from "./surroundings.ts";

/** Calls of one operation at once: disks gain nothing from more, the way to a bucket does. */
const callsAtOnce = { folders: 16, buckets: 64 };

export interface WorkbenchOptions {
  /** `--by`: shown as claimed. */
  readonly by?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Time and chance; this machine's own where it is left out. */
  readonly runtime?: Runtime;
}

/** Throws `usage` where there are several sites and none was named, or no such site. */
export async function openPlainWorkbench(config: Config, siteName: string | undefined, options: WorkbenchOptions): Promise<Workbench> {
  const site = siteNamed(config, siteName);
  const { runtime = machine } = options;
  const local = join(config.folder, localStateFolder);
  const [actor, owner] = await Promise.all([detectActor(options.env, { by: options.by, folder: config.folder }), thisProcess()]);
  const usesBuckets = [config.stateStore, ...site.targets.map((target) => target.store)].some(isBucket);
  const concurrency = site.limits.requestsMax ?? (usesBuckets ? callsAtOnce.buckets : callsAtOnce.folders);
  const about: Surroundings = { env: options.env, local, concurrency, runtime };
  const state = await openState(config, about);
  const signers = await readSigners(config);
  const policyDocument = canonicalBytes(policyOf(config, site, signers));
  // What was seen can be seen again; after a power cut a torn piece of it is noticed and counts as forgotten.
  const own = plainStore(local, { scratch: join(local, "scratch", "own"), isDurable: false });
  return {
    site,
    policy: sha256(policyDocument),
    actor,
    folder: siteFolder(site, local),
    storeOf: openTargets(site, about),
    edgeOf: edgesOf(about),
    ledger: openLedger({ store: state, runtime, cache: ledgerCache(config, about) }),
    leaser: openLeaser({ store: state, runtime, owner: leaseOwner(owner, actor), isProvablyDead, pause: quietPause }),
    isStateShared: isBucket(config.stateStore),
    vault: openVault({ store: state }),
    seenBytes: openSeenFolder(join(local, "seen")),
    base: baseOf(own, { config, site, about }),
    looks: openLookBook({ folder: local, endpoint: endpointOf(options.env) }),
    history: lazyHistory(site.root),
    probe: openProbe(),
    inspector: async () =>
      (await import("./open-inspector.ts")).openInspector({ folder: config.folder, state, stateStore: config.stateStore, about }),
    hardener: async () => (await import("./open-hardener.ts")).openHardener(about),
    browser: lazyBrowser(options.env),
    notifier: lazyNotifier(config, about),
    signer: lazySigner(config, signers, options.env),
    signers,
    policyDocument,
    runtime,
    snapshots: plainStore(join(local, "snapshots"), { scratch: join(local, "scratch", "snapshots") }),
    headersFor: headersOf(site),
    defaultHeadersFor: await defaultHeaders(site),
    isExcepted: exceptions(site),
    concurrency,
  };
}

const leaseOwner = (process: ProcessIdentity, actor: Actor): LeaseOwner => ({
  ...process,
  get actor() {
    return actor.name;
  },
});

function siteNamed({ sites }: Config, name: string | undefined): Site {
  const [only, ...others] = sites;
  if (name === undefined && only && others.length === 0) return only;
  const named = sites.find((site) => site.name === name);
  if (named) return named;
  const known = sites.map((site) => site.name).join(", ");
  throw new BelayError(
    "usage",
    name === undefined ? "There are several sites in belay.yaml." : `There is no site "${name}" in belay.yaml.`,
    `Add --site NAME. Sites: ${known}`,
  );
}

const machine: Runtime = {
  now: () => Date.now(),
  sleep: async (ms, signal) => await pause(ms, undefined, { signal }),
  nonce: () => randomBytes(8).toString("hex"),
  sha256,
};

/** Renewing a lease must not keep a finished command alive. */
const quietPause: Runtime["sleep"] = async (ms, signal) => await pause(ms, undefined, { signal, ref: false });
