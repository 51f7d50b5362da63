/** What a store itself remembers of one path: contents that were live, whoever wrote them. */

import type { Digest, PlanId } from "../core/brand.ts";
import type { Store, StoredVersion } from "../ports/store.ts";
import type { Sighting } from "./observe.ts";
import type { Context } from "./workbench.ts";

/** How far back a store is asked, and how many of those versions are read to learn their bytes. */
const versionsMax = 100;
const readMax = 8;

export interface PastContent {
  readonly version: StoredVersion;
  /** Known only where it could be one of the contents at hand: the others are not read. */
  readonly digest: Digest | undefined;
}

export interface Remembering {
  readonly store: Store;
  /** Plans that were stopped or undone: what they wrote was taken back, and proves nothing stale. */
  readonly isVoid: (plan: PlanId) => boolean;
}

/**
 * Contents of the path, newest first, the present one included; empty where the store keeps none. One request, and one more
 * for each earlier version that is as long as what is here or as what was seen: only those can be the same bytes.
 */
export async function storeHistory(
  { store: { versions }, isVoid }: Remembering,
  { path, local, live, base }: Sighting,
  context: Context,
): Promise<readonly PastContent[]> {
  if (!versions) return [];
  const stored = (await versions.list(path, { signal: context.signal, limit: versionsMax })).filter(({ isObject }) => isObject);
  const earlier = live ? stored.slice(1) : stored;
  const past: PastContent[] = stored.slice(0, stored.length - earlier.length).map((version) => ({ version, digest: live?.digest }));
  const lengths = new Set([local?.sizeBytes, base?.sizeBytes]);
  const readable = new Set(earlier.filter(({ sizeBytes }) => lengths.has(sizeBytes)).slice(0, readMax));
  for (const version of earlier) {
    const reading = readable.has(version) ? await versions.read(version, context) : undefined;
    const plan = reading?.observed.provenance?.plan;
    if (plan === undefined || !isVoid(plan)) past.push({ version, digest: reading?.body.digest });
  }
  return past;
}
