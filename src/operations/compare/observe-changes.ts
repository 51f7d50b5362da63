/** Looks at a whole site in one pass, and keeps only what may differ: memory goes with the changes, not with the site. */

import type { BaseEntry } from "../../core/lineage/base.ts";
import { compareKeys } from "../../core/paths/key.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { identify, sighted, type Observation } from "./observe.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface ObservedChanges extends Observation {
  /** How many paths are here and live with the bytes that were seen last. They are not among the sightings. */
  readonly settled: number;
}

export async function observeChanges(bench: Workbench, target: Target, context: Context): Promise<ObservedChanges> {
  const store = await bench.storeOf(target.store);
  context.report({ phase: "observing", done: 0 });
  // A deploy that ends between these looks is noticed: the ledger's basis or a write's expectation no longer holds.
  const [ledger, walked] = await Promise.all([
    bench.ledger.state(context),
    walkAlong(bench, target, {
      local: bench.folder.list("", context),
      live: store.list("", context),
      base: bench.base.entries(target.name, context),
    }),
  ]);
  const known = await identify(bench, store, walked, context);
  const sightings = walked.paths.map((path) => sighted(path, walked, known));
  return { target, store, ledger, sightings, localCount: walked.localCount, liveCount: walked.liveCount, settled: walked.settled };
}

interface Walked {
  readonly paths: string[];
  readonly local: Map<string, Observed>;
  readonly live: Map<string, Observed>;
  readonly base: Map<string, BaseEntry>;
  localCount: number;
  liveCount: number;
  settled: number;
}

/** What a feature token is about is kept too: its text is looked for whether or not it changed. */
async function walkAlong(bench: Workbench, target: Target, listings: Listings): Promise<Walked> {
  const tokenFiles = new Set(bench.site.tokens.map((token) => token.file));
  const walked: Walked = { paths: [], local: new Map(), live: new Map(), base: new Map(), localCount: 0, liveCount: 0, settled: 0 };
  for await (const { path, local, live, base } of sideBySide(listings)) {
    if (local) walked.localCount += 1;
    if (live) walked.liveCount += 1;
    if (bench.isExcepted(target.name, path)) continue;
    if (isSettled({ local, live, base }) && !tokenFiles.has(path)) {
      walked.settled += 1;
      continue;
    }
    walked.paths.push(path);
    if (local) walked.local.set(path, local);
    if (live) walked.live.set(path, live);
    if (base) walked.base.set(path, base);
  }
  return walked;
}

interface Sides {
  readonly local: Observed | undefined;
  readonly live: Observed | undefined;
  readonly base: BaseEntry | undefined;
}

/** Here and live are what was seen last, by the revision that was seen: there is nothing to say of it. */
function isSettled({ local, live, base }: Sides): boolean {
  if (!local || !live || !base) return false;
  const isSeen = live.revision === base.revision && (live.digest === undefined || live.digest === base.digest);
  return isSeen && local.digest === base.digest;
}

interface Listings {
  readonly local: AsyncIterable<Observed>;
  readonly live: AsyncIterable<Observed>;
  readonly base: AsyncIterable<readonly [string, BaseEntry]>;
}

/** The three come in the same order of keys, so that one step along each is enough. */
async function* sideBySide(listings: Listings): AsyncGenerator<Sides & { readonly path: string }, void, undefined> {
  const local = new Cursor(listings.local, ({ key }) => key);
  const live = new Cursor(listings.live, ({ key }) => key);
  const base = new Cursor(listings.base, ([path]) => path);
  const all = [local, live, base];
  try {
    await Promise.all(all.map(async (cursor) => await cursor.advance()));
    for (let path = firstOf(all); path !== undefined; path = firstOf(all)) {
      yield { path, local: local.at(path), live: live.at(path), base: base.at(path)?.[1] };
      await Promise.all(all.filter(({ key }) => key === path).map(async (cursor) => await cursor.advance()));
    }
  } finally {
    await Promise.allSettled(all.map(async (cursor) => await cursor.close()));
  }
}

/** The least key that any of them stands at. */
function firstOf(cursors: readonly { readonly key: string | undefined }[]): string | undefined {
  let first: string | undefined;
  for (const { key } of cursors) if (key !== undefined && (first === undefined || compareKeys(key, first) < 0)) first = key;
  return first;
}

/** One listing, and the item where it stands. */
class Cursor<Item> {
  /** Absent at its end. */
  key: string | undefined;
  #item: Item | undefined;
  readonly #keyOf: (item: Item) => string;
  readonly #items: AsyncIterator<Item>;

  constructor(listing: AsyncIterable<Item>, keyOf: (item: Item) => string) {
    this.#items = listing[Symbol.asyncIterator]();
    this.#keyOf = keyOf;
  }

  at(key: string): Item | undefined {
    return this.key === key ? this.#item : undefined;
  }

  async advance(): Promise<void> {
    const next = await this.#items.next();
    this.#item = next.done === true ? undefined : next.value;
    this.key = this.#item === undefined ? undefined : this.#keyOf(this.#item);
  }

  async close(): Promise<void> {
    await this.#items.return?.();
  }
}
