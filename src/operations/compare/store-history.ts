/** What a store itself remembers of one path: contents that were live, whoever wrote them. */

import { BelayError } from "../../core/belay-error.ts";
import type { Digest, PlanId } from "../../core/brand.ts";
import type { Store, StoredVersion, Versions } from "../../ports/store.ts";
import type { Sighting } from "./observe.ts";
import type { Context } from "../workbench.ts";

/** How far back a store is asked. */
const versionsMax = 100;

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
  const stored = (await listed(versions, path, context)).filter(({ isObject }) => isObject);
  const earlier = live ? stored.slice(1) : stored;
  const past: PastContent[] = stored.slice(0, stored.length - earlier.length).map((version) => ({ version, digest: live?.digest }));
  const lengths = new Set([local?.sizeBytes, base?.sizeBytes]);
  for (const version of earlier) {
    // The newest place of what is here decides; what stands before it needs no reading any more.
    const isDecided = past.some(({ digest }) => digest !== undefined && digest === local?.digest);
    const reading = lengths.has(version.sizeBytes) && !isDecided ? await versions.read(version, context) : undefined;
    const plan = reading?.observed.provenance?.plan;
    if (plan === undefined || !isVoid(plan)) past.push({ version, digest: reading?.body.digest });
  }
  return past;
}

/** A server that cannot list versions, or will not for these credentials, gives no evidence; nothing rests on it alone. */
async function listed(versions: Versions, path: string, { signal }: Context): Promise<readonly StoredVersion[]> {
  try {
    return await versions.list(path, { signal, limit: versionsMax });
  } catch (error) {
    if (error instanceof BelayError && (error.code === "not-supported" || error.code === "store-denied")) return [];
    throw error;
  }
}
