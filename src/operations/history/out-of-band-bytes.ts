/** Bytes of an out-of-band write: what was found and what it replaced, kept before anything is said about them. */

import { BelayError } from "../../core/belay-error.ts";
import type { Body } from "../../core/body.ts";
import type { Known } from "../../core/deploy/deploy-facts.ts";
import type { OutOfBandWrite } from "../../core/ledger/entry.ts";
import { isPage } from "../../core/paths/key.ts";
import type { Content, Observed } from "../../core/plan/plan.ts";
import { isProduction, type Target } from "../../core/site.ts";
import type { Store, StoredVersion } from "../../ports/store.ts";
import { concurrently } from "../concurrently.ts";
import { findBytes } from "../compare/seen-bytes.ts";
import type { Context, Workbench } from "../workbench.ts";

/** Something that belay did not leave, as an observation showed it. */
export interface FoundNow {
  readonly path: string;
  /** `undefined` where the object is gone. */
  readonly live: Known | undefined;
  /** What belay had left there; `undefined` where nothing was. */
  readonly prior: Content | undefined;
}

export interface Finds {
  readonly target: Target;
  readonly store: Store;
  readonly found: readonly FoundNow[];
}

/** Larger objects are named and not kept. */
const keptBytesMax = 64 * 1024 * 1024;
/** What one look keeps in all. */
const keptInAllMax = 256 * 1024 * 1024;
/** How many versions are looked through for the overwritten one. */
const versionsMax = 100;

interface Keeping extends Pick<Finds, "target" | "store"> {
  readonly bench: Workbench;
  readonly context: Context;
  /** Names the folder of plain copies: one a look. */
  readonly stamp: string;
  /** What may still be kept, in bytes. */
  budget: number;
}

/** Each find that still stands, with its bytes and those it replaced in the vault as far as they can be had. */
export async function keepFound(bench: Workbench, { target, store, found }: Finds, context: Context): Promise<OutOfBandWrite[]> {
  const stamp = new Date(bench.runtime.now())
    .toISOString()
    .replaceAll(":", "-")
    .replace(/\.\d+Z$/u, "Z");
  const keeping: Keeping = { bench, target, store, context, stamp, budget: keptInAllMax };
  const kept = await concurrently(found, bench.concurrency, async (find) => await keepOne(keeping, find));
  return kept.flatMap((write) => write ?? []);
}

/** `undefined` where live has moved on since it was observed. */
async function keepOne(keeping: Keeping, { path, live, prior }: FoundNow): Promise<OutOfBandWrite | undefined> {
  const { store, context } = keeping;
  const now = await store.read(path, context);
  if (now?.body.digest !== live?.digest) return undefined;
  const versions = await versionsOf(store, path, context);
  const newest = versions.find(({ isObject }) => isObject === (live !== undefined));
  const unkept = await keepBoth(keeping, { path, prior, versions }, now?.body);
  return {
    path,
    ...(now && { found: now.body.digest, headers: now.observed.headers ?? {}, sizeBytes: now.body.sizeBytes }),
    ...(prior && { prior: prior.digest }),
    ...signsOf(now?.observed, newest),
    ...(unkept.length === 0 ? {} : { unkept }),
  };
}

/** When and by whom, as far as the store tells. What is gone has only its deletion to tell of it. */
function signsOf(now: Observed | undefined, newest: StoredVersion | undefined): Pick<OutOfBandWrite, "at" | "by" | "version"> {
  const atMs = now ? now.modifiedAtMs : newest?.modifiedAtMs;
  return {
    ...(atMs === undefined ? {} : { at: new Date(atMs).toISOString() }),
    ...(now?.owner === undefined ? {} : { by: now.owner }),
    ...(newest === undefined ? {} : { version: newest.id }),
  };
}

/** What could not be kept of the two. */
async function keepBoth(keeping: Keeping, overwritten: Overwritten, found: Body | undefined): Promise<("found" | "prior")[]> {
  const { stamp } = keeping;
  const { path, prior } = overwritten;
  const unkept: ("found" | "prior")[] = [];
  if (found && !(await keep(keeping, found, `${stamp}-out-of-band-found/${path}`))) unkept.push("found");
  if (!prior || prior.digest === found?.digest) return unkept;
  const replaced = await bytesBefore(keeping, { ...overwritten, prior });
  if (!replaced || !(await keep(keeping, replaced, `${stamp}-out-of-band/${path}`))) unkept.push("prior");
  return unkept;
}

/** Whether the bytes are in the vault now. Pages of production also become plain files that a person can open without belay. */
async function keep(keeping: Keeping, body: Body, plainFile: string): Promise<boolean> {
  const { bench, target, context } = keeping;
  if (body.sizeBytes > keptBytesMax || body.sizeBytes > keeping.budget) return false;
  keeping.budget -= body.sizeBytes;
  try {
    await bench.vault.keep(body, context);
  } catch (error) {
    if (error instanceof BelayError) return false;
    throw error;
  }
  if (isProduction(target) && isPage(plainFile))
    await bench.snapshots.write({ key: `${target.name}/${plainFile}`, expect: { kind: "absent" }, body, headers: {} }, context);
  return true;
}

interface Overwritten {
  readonly path: string;
  readonly prior: Content | undefined;
  readonly versions: readonly StoredVersion[];
}

/** From this machine, the vault, or the store's own versions: the nearest that has exactly these bytes. */
async function bytesBefore(
  { bench, store, context }: Keeping,
  { path, prior, versions }: Overwritten & { readonly prior: Content },
): Promise<Body | undefined> {
  const near = await findBytes(bench, prior.digest, [{ store: bench.folder, path }], context);
  if (near) return near;
  for (const version of versions) {
    if (!version.isObject || version.sizeBytes !== prior.sizeBytes) continue;
    const reading = await store.versions?.read(version, context);
    if (reading?.body.digest === prior.digest) return reading.body;
  }
  return undefined;
}

/** A server that keeps no versions, or will not list them for these credentials, has none to tell of. */
async function versionsOf({ versions }: Store, path: string, { signal }: Context): Promise<readonly StoredVersion[]> {
  try {
    return (await versions?.list(path, { signal, limit: versionsMax })) ?? [];
  } catch (error) {
    if (error instanceof BelayError) return [];
    throw error;
  }
}
