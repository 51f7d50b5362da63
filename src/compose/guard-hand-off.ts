/** What the guard looks up rarely and may take longer for: the ledger, the base book, records. Loaded when a session begins or ends. */

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { touchedSince } from "../adapters/disk/touched-files.ts";
import { sha256 } from "../adapters/shared/sha256.ts";
import { parseState } from "../adapters/state/state-codec.ts";
import { localStateFolder, type Config } from "../config/config.ts";
import type { Digest } from "../core/brand.ts";
import type { GuardedSite } from "../core/guard/scope.ts";
import type { LedgerState } from "../core/ledger/fold.ts";
import type { Site } from "../core/site.ts";
import type { HandOffBench, ReadLedger, Unpublished } from "../operations/guard/hand-off-bench.ts";
import type { KnowingBench } from "../operations/guard/known-of-live.ts";
import { unpublishedIn } from "../operations/guard/unpublished.ts";
import { ledgerCache } from "./ledger-cache.ts";
import { plainStore } from "./open-folder.ts";
import { baseOf } from "./place-base.ts";
import { openPlainWorkbench } from "./plain-workbench.ts";
import { published } from "./site-rules.ts";

/** A session does not wait longer for the record: what was read last is told instead. */
const ledgerMs = 3000;
const fileBytesMax = 32 * 1024 * 1024;

/** The process ends by itself only when what was asked over the network has been given up: whoever has its answer ends it. */
export function openHandOff(config: Config, bench: KnowingBench, env: NodeJS.ProcessEnv): HandOffBench {
  const atHand = ledgerAtHand(config, env);
  return {
    ...bench,
    ledgerAtHand: atHand,
    ledger: async () => await ledgerInTime(config, atHand, env),
    unpublishedSince: async (site, sinceMs) => await unpublishedSince(config, { site, sinceMs, env }),
  };
}

/** The state that this machine has folded last, as its cache holds it: nobody has held it against the chain. */
export function ledgerAtHand(config: Config, env: NodeJS.ProcessEnv): () => Promise<LedgerState | undefined> {
  return async () => parseState((await ledgerCache(config, { local: join(config.folder, localStateFolder), env }).load())?.state);
}

async function ledgerInTime(config: Config, atHand: HandOffBench["ledgerAtHand"], env: NodeJS.ProcessEnv): Promise<ReadLedger | undefined> {
  const now = asked(config, env).catch(() => undefined);
  const state = await Promise.race([now, pause(ledgerMs, undefined, { ref: false })]);
  if (state) return { state, isOld: false };
  const old = await atHand();
  return old && { state: old, isOld: true };
}

async function asked(config: Config, env: NodeJS.ProcessEnv): Promise<LedgerState> {
  const bench = await openPlainWorkbench(config, config.sites[0]?.name, { env });
  return await bench.ledger.state({ signal: AbortSignal.timeout(ledgerMs) });
}

interface Asking {
  readonly site: GuardedSite;
  readonly sinceMs: number;
  readonly env: NodeJS.ProcessEnv;
}

async function unpublishedSince(config: Config, asking: Asking): Promise<Unpublished> {
  const site = config.sites.find((one) => one.name === asking.site.name);
  try {
    return site ? await inWorkingCopy(config, site, asking) : { paths: [], isCut: false };
  } catch {
    return { paths: [], isCut: false };
  }
}

async function inWorkingCopy(config: Config, site: Site, { site: { liveTargets }, sinceMs, env }: Asking): Promise<Unpublished> {
  const local = join(config.folder, localStateFolder);
  const touched = touchedSince({ root: site.root, sinceMs, ...published(site) });
  if (touched.files.length === 0 && touched.folders.size === 0) return { paths: [], isCut: false };
  const own = plainStore(local, { scratch: join(local, "scratch", "own"), isDurable: false });
  const isThere = (key: string): boolean => statSync(join(site.root, key), { throwIfNoEntry: false }) !== undefined;
  const targets = site.targets.map((target) => target.name);
  return await unpublishedIn(
    baseOf(own, { config, site, about: { env } }),
    { ...touched, isThere, digestOf: (key) => digestAt(join(site.root, key)) },
    { targets, liveTargets },
    { signal: AbortSignal.timeout(ledgerMs) },
  );
}

function digestAt(path: string): Digest | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size > fileBytesMax) return undefined;
  return sha256(readFileSync(path));
}
