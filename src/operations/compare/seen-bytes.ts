/** Bytes that this working copy saw live, kept on this machine: ancestors for merges, pages for comparisons. */

import type { Body } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import type { BaseEntry } from "../../core/lineage/base.ts";
import type { Store } from "../../ports/store.ts";
import { concurrently } from "../concurrently.ts";
import { openRemembered } from "../plan-shelf.ts";
import type { Context, Workbench } from "../workbench.ts";

/** Larger files are never merged (decision 27), so there is no use in keeping them. */
export const rememberedBytesMax: number = 2 * 1024 * 1024;

const binary = /\.(?:avif|gif|gz|ico|jpe?g|mov|mp[34]|otf|pdf|png|ttf|wasm|webm|webp|woff2?|zip)$/iu;

/** Whether the bytes of a path are worth keeping: what is never merged nor read in page terms is not. */
export const isRemembered = (path: string, sizeBytes: number): boolean => sizeBytes <= rememberedBytesMax && !binary.test(path);

/** Keeps what was live at these base entries. The working copy often holds the same bytes; live is read only where it does not. */
export async function rememberSeen(
  bench: Workbench,
  store: Store,
  entries: ReadonlyMap<string, BaseEntry | undefined>,
  context: Context,
): Promise<void> {
  const worth = [...entries].flatMap(([path, entry]) => (entry && isRemembered(path, entry.sizeBytes) ? [{ path, entry }] : []));
  await concurrently(worth, bench.concurrency, async ({ path, entry }) => {
    const body = (await bodyAt(bench.folder, path, entry.digest, context)) ?? (await bodyAt(store, path, entry.digest, context));
    if (body) await bench.seenBytes.keep(body, context);
  });
}

async function bodyAt(store: Store, path: string, digest: Digest, context: Context): Promise<Body | undefined> {
  const reading = await store.read(path, context);
  return reading?.body.digest === digest ? reading.body : undefined;
}

/** Bytes of a digest from wherever they are nearest: this machine's memory, a store that still holds them, the vault. */
export async function findBytes(
  bench: Workbench,
  digest: Digest,
  places: readonly { readonly store: Store; readonly path: string }[],
  context: Context,
): Promise<Body | undefined> {
  for (const { store, path } of places.filter((place) => place.store === bench.folder)) {
    const body = await bodyAt(store, path, digest, context);
    if (body) return body;
  }
  const remembered = await openRemembered(bench.seenBytes, digest, context);
  if (remembered) return remembered;
  for (const { store, path } of places.filter((place) => place.store !== bench.folder)) {
    const body = await bodyAt(store, path, digest, context);
    if (body) return body;
  }
  return bench.vault.open(digest, context);
}
