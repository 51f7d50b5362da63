/** Where the bytes of a step come from, and where bytes that a key once had are found again. */

import { BelayError } from "../../core/belay-error.ts";
import type { Body } from "../../core/body.ts";
import { isPage } from "../../core/paths/key.ts";
import type { Address, Content, Source, Step, Write } from "../../core/plan/plan.ts";
import type { Store, StoredVersion } from "../../ports/store.ts";
import { openRemembered } from "../plan-shelf.ts";
import { isRemembered } from "../compare/seen-bytes.ts";
import type { Context, Workbench } from "../workbench.ts";

/** A step that writes something. */
export interface Sending extends Pick<Step, "from"> {
  readonly change: Write;
}

/**
 * The bytes that a step sends, never any others. Of a step that names a source they are taken from there, or from what was
 * kept of them, and not from the working copy; of any other step the file if it still holds them, else what was kept.
 */
export async function openContent(bench: Workbench, { change, from }: Sending, context: Context): Promise<Body> {
  const { at, content } = change;
  if (from) return await openSource(bench, { from, at, content }, context);
  const here = (await openLocal(bench, at.key, content, context)) ?? (await openKept(bench, { at, content }, context));
  if (here) return here;
  // A damaged vault is told as that rather than as a file that was edited.
  const kept = await bench.vault.open(content.digest, context);
  if (kept) return kept;
  throw new BelayError(
    "input-changed",
    `${at.key} was changed after the plan was made; the bytes that the plan shows are not here any more.`,
    "Run the same command again: it makes a new plan from what the file holds now.",
  );
}

/** The working copy's file, if it holds exactly this content. */
export async function openLocal(bench: Workbench, path: string, content: Content, context: Context): Promise<Body | undefined> {
  const reading = await bench.folder.read(path, context);
  return reading?.body.digest === content.digest ? reading.body : undefined;
}

interface Sourced {
  readonly from: Source;
  readonly at: Address;
  readonly content: Content;
}

/**
 * Nearest first: this machine's memory, the source itself, then whatever was kept of it. An object of another revision will
 * do if its bytes are the same: what was verified is bound to the digest. Throws `plan-stale` where those bytes are nowhere.
 */
async function openSource(bench: Workbench, { from, at, content }: Sourced, context: Context): Promise<Body> {
  const remembered = await openRemembered(bench.seenBytes, content.digest, context);
  if (remembered) return remembered;
  const source = await bench.storeOf(from.store);
  const reading = await source.read(from.key, context);
  if (reading?.body.digest === content.digest) return reading.body;
  const kept = await openKept(bench, { at: from, content }, context);
  if (kept) return kept;
  const stage = bench.site.targets.find(({ store }) => store === from.store)?.name ?? from.store;
  throw new BelayError(
    "plan-stale",
    `${stage} changed since the plan was made: ${from.key} is ${reading ? "another content" : "gone"} there now, and nothing kept the bytes that the plan shows for ${at.key}.`,
    `belay verify ${stage}   (then make the plan again)`,
  );
}

export interface KeptAt {
  /** The key that had these bytes, or has them, and its store. */
  readonly at: Address;
  readonly content: Pick<Content, "digest" | "sizeBytes">;
}

/**
 * Bytes that stood under a key at some time: from this machine's memory, from the vault, or from the versions that the store
 * itself keeps of the key. Whoever opens by digest what a plan replaced (put-back, restore, rollback) asks here, because of an
 * asset in a store that keeps versions the vault has no copy (D5: `keep-prior.ts`). `undefined` where nobody has them any
 * more; damaged copies are passed over.
 */
export async function openKept(bench: Workbench, { at, content }: KeptAt, context: Context): Promise<Body | undefined> {
  const { digest } = content;
  const kept = (await openRemembered(bench.seenBytes, digest, context)) ?? (await openRemembered(bench.vault, digest, context));
  return kept ?? (await openVersion(await bench.storeOf(at.store), { at, content }, context));
}

/** How far back a store is asked. */
const versionsMax = 100;

/** Only a version of the same size can be it, and only its bytes prove it: digests are not listed. */
async function openVersion({ versions }: Store, { at, content }: KeptAt, context: Context): Promise<Body | undefined> {
  if (!versions) return undefined;
  let listed: readonly StoredVersion[];
  try {
    listed = await versions.list(at.key, { signal: context.signal, limit: versionsMax });
  } catch (error) {
    if (error instanceof BelayError && (error.code === "not-supported" || error.code === "store-denied")) return undefined;
    throw error;
  }
  for (const version of listed) {
    const reading = version.isObject && version.sizeBytes === content.sizeBytes ? await versions.read(version, context) : undefined;
    if (reading?.body.digest === content.digest) return reading.body;
  }
  return undefined;
}

/**
 * Remembers what is about to be live, so that an interrupted apply can be finished although the file, or the source, was
 * edited since. Assets that the target's store copies for itself are not fetched for that.
 * Returns the bytes where they came from the working copy: what was just read need not be read again to be sent.
 */
export async function rememberContent(
  bench: Workbench,
  { change, from }: Step,
  target: Store,
  context: Context,
): Promise<Body | undefined> {
  if (change.kind === "delete" || !isRemembered(change.at.key, change.content.sizeBytes)) return undefined;
  if (from) {
    if (target.copy && !isPage(change.at.key)) return undefined;
    await bench.seenBytes.keep(await openContent(bench, { change, from }, context), context);
    return undefined;
  }
  const here = await openLocal(bench, change.at.key, change.content, context);
  await bench.seenBytes.keep(here ?? (await openContent(bench, { change }, context)), context);
  return here;
}
