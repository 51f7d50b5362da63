/** What a target's store holds at some paths: digests with the revisions that they are bound to. */

import { BelayError } from "../../core/belay-error.ts";
import type { Digest, Revision } from "../../core/brand.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { Judgement } from "../../core/verify/judge-sight.ts";
import type { CallOptions, Store } from "../../ports/store.ts";
import { concurrently } from "../concurrently.ts";
import type { Wanted } from "./look-request.ts";
import type { Context, Workbench } from "../workbench.ts";

/** Beyond so many, one listing tells of all. */
const listingsMax = 8;

export type Standing =
  | { readonly kind: "held"; readonly digest: Digest; readonly revision: Revision }
  | { readonly kind: "nothing" }
  | { readonly kind: "unknown"; readonly cause: string };

/**
 * By path. Bytes are read only where neither the store nor the record can tell them from the revision. What cannot be
 * reached is unknown; what may not be read, or is not there at all, throws as the store throws it.
 */
export async function lookInStore(
  bench: Workbench,
  { store, files }: { readonly store: Store; readonly files: readonly Wanted[] },
  context: Context,
): Promise<ReadonlyMap<string, Standing>> {
  const standings = new Map<string, Standing>();
  try {
    const listed = await reported(bench, store, files, context);
    await concurrently(files, bench.concurrency, async (file) => {
      standings.set(file.path, await standingOf(store, file, listed.get(file.path), context));
    });
  } catch (error) {
    if (!(error instanceof BelayError) || error.code !== "store-unreachable") throw error;
    for (const { path } of files) if (!standings.has(path)) standings.set(path, { kind: "unknown", cause: error.message });
  }
  return standings;
}

async function reported(
  bench: Workbench,
  store: Store,
  files: readonly Wanted[],
  options: CallOptions,
): Promise<ReadonlyMap<string, Observed>> {
  const found = new Map<string, Observed>();
  if (files.length > listingsMax) {
    const wanted = new Set(files.map(({ path }) => path));
    for await (const observed of store.list("", options)) if (wanted.has(observed.key)) found.set(observed.key, observed);
    return found;
  }
  await concurrently(files, bench.concurrency, async ({ path }) => {
    // A key comes before every longer one that begins with it.
    for await (const observed of store.list(path, { signal: options.signal, limit: 1 })) {
      if (observed.key === path) found.set(path, observed);
    }
  });
  return found;
}

async function standingOf(
  store: Store,
  { path, content, revision }: Wanted,
  observed: Observed | undefined,
  options: CallOptions,
): Promise<Standing> {
  if (observed === undefined) return { kind: "nothing" };
  if (observed.digest !== undefined) return { kind: "held", digest: observed.digest, revision: observed.revision };
  if (content && revision === observed.revision) return { kind: "held", digest: content.digest, revision };
  const reading = await store.read(path, options);
  return reading ? { kind: "held", digest: reading.body.digest, revision: reading.observed.revision } : { kind: "nothing" };
}

/** Whether the store holds what it should. */
export function judgeStanding(standing: Standing | undefined, wanted: Digest | undefined): Omit<Judgement, "mayPass"> {
  if (standing === undefined || standing.kind === "unknown") {
    return { outcome: "unknown", problems: [`the store could not be read: ${standing?.cause ?? "no answer"}`] };
  }
  if (standing.kind === "nothing") {
    return wanted === undefined ? { outcome: "good", problems: [] } : { outcome: "bad", problems: ["it is missing from the store"] };
  }
  if (standing.digest === wanted) return { outcome: "good", problems: [] };
  const found = standing.digest.slice(0, 12);
  return {
    outcome: "bad",
    problems: [wanted === undefined ? `the store still holds it (${found})` : `the store holds other bytes (${found})`],
  };
}
