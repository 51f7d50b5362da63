/** Looks at the working copy, at live and at what was last seen, for some paths or for all. */

import type { BaseEntry } from "../../core/lineage/base.ts";
import type { Known, LocalFile } from "../../core/deploy/deploy-facts.ts";
import { compareKeys } from "../../core/paths/key.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import type { Store } from "../../ports/store.ts";
import { concurrently } from "../concurrently.ts";
import type { Context, Workbench } from "../workbench.ts";

/** Keys, or folders by a trailing slash; `undefined` means everything. */
export type Selection = readonly string[] | undefined;

export interface Sighting {
  readonly path: string;
  readonly local: LocalFile | undefined;
  readonly live: Known | undefined;
  readonly base: BaseEntry | undefined;
}

export interface Observation {
  readonly target: Target;
  readonly store: Store;
  readonly ledger: LedgerState;
  /** By key; only paths that are here, live, or were seen. */
  readonly sightings: readonly Sighting[];
  /** Only known when everything was looked at. */
  readonly localCount: number | undefined;
  readonly liveCount: number | undefined;
  /** What was named to be looked at; absent where everything was. */
  readonly selection?: readonly string[];
}

export async function observe(bench: Workbench, target: Target, selection: Selection, context: Context): Promise<Observation> {
  const store = await bench.storeOf(target.store);
  context.report({ phase: "observing", done: 0 });
  // A deploy that ends between these looks is noticed: the ledger's basis or a write's expectation no longer holds.
  const [ledger, local, live, base] = await Promise.all([
    bench.ledger.state(context),
    look(bench.folder, selection, bench, context),
    look(store, selection, bench, context),
    loadBase(bench, target, selection, context),
  ]);
  const paths = [...new Set([...local.keys(), ...live.keys(), ...base.keys()])].filter((path) => !bench.isExcepted(target.name, path));
  const known = await identify(bench, store, { paths, live, base }, context);
  const sightings = paths.toSorted(compareKeys).map((path) => sighted(path, { local, base }, known));
  const isWhole = selection === undefined;
  return {
    target,
    store,
    ledger,
    sightings,
    localCount: isWhole ? local.size : undefined,
    liveCount: isWhole ? live.size : undefined,
    ...(selection && { selection }),
  };
}

export interface Sides {
  readonly local: ReadonlyMap<string, Observed>;
  readonly base: ReadonlyMap<string, BaseEntry>;
}

/** What was found of one path. */
export function sighted(path: string, { local, base }: Sides, known: ReadonlyMap<string, Known>): Sighting {
  const here = local.get(path);
  return {
    path,
    local: here?.digest === undefined ? undefined : { digest: here.digest, sizeBytes: here.sizeBytes },
    live: known.get(path),
    base: base.get(path),
  };
}

/** A selection costs one read a path; everything costs one listing. */
async function look(store: Store, selection: Selection, bench: Workbench, context: Context): Promise<Map<string, Observed>> {
  const found = new Map<string, Observed>();
  const collect = async (prefix: string): Promise<void> => {
    for await (const observed of store.list(prefix, context)) found.set(observed.key, observed);
  };
  if (selection === undefined) {
    await collect("");
    return found;
  }
  await concurrently(selection, bench.concurrency, async (named) => {
    if (named.endsWith("/")) return collect(named);
    const reading = await store.read(named, context);
    if (reading) found.set(named, reading.observed);
    return undefined;
  });
  return found;
}

async function loadBase(bench: Workbench, target: Target, selection: Selection, context: Context): Promise<ReadonlyMap<string, BaseEntry>> {
  const exact = selection?.every((named) => !named.endsWith("/")) === true ? selection : undefined;
  const entries = await bench.base.load(target.name, exact, context);
  if (selection === undefined || exact !== undefined) return entries;
  return new Map(
    [...entries].filter(([path]) => selection.some((named) => named === path || (named.endsWith("/") && path.startsWith(named)))),
  );
}

export interface Listed {
  readonly paths: readonly string[];
  readonly live: ReadonlyMap<string, Observed>;
  readonly base: ReadonlyMap<string, BaseEntry>;
}

/** Bytes of an object are known from its report, from the base where the revision is the same, or by reading it. */
export async function identify(
  bench: Workbench,
  store: Store,
  { paths, live, base }: Listed,
  context: Context,
): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  const unread: string[] = [];
  for (const path of paths) {
    const observed = live.get(path);
    if (!observed) continue;
    const seen = base.get(path);
    if (observed.digest !== undefined && observed.headers !== undefined) {
      known.set(path, { ...observed, digest: observed.digest, headers: observed.headers });
    } else if (seen && seen.revision === observed.revision) {
      known.set(path, { ...observed, digest: seen.digest, headers: seen.headers });
    } else unread.push(path);
  }
  await concurrently(unread, bench.concurrency, async (path) => {
    const reading = await store.read(path, context);
    if (!reading) return;
    const { observed, body } = reading;
    known.set(path, { ...observed, digest: body.digest, headers: observed.headers ?? {} });
  });
  return known;
}
