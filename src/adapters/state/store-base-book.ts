import { BelayError } from "../../core/belay-error.ts";
import { bodyOf, bytesOf } from "../../core/body.ts";
import type { Revision } from "../../core/brand.ts";
import { canonicalBytes } from "../../core/canonical-json.ts";
import type { BaseEntry } from "../../core/lineage/base.ts";
import type { BaseBook } from "../../ports/base-book.ts";
import type { CallOptions, Store } from "../../ports/store.ts";
import { sha256, sha256OfText } from "../shared/sha256.ts";
import { entriesInOrder, merged, parseBaseEntry, type PathEntry } from "./base-shard.ts";
import { jsonOf } from "./entry-codec.ts";

type Entries = ReadonlyMap<string, BaseEntry>;
type Changes = ReadonlyMap<string, BaseEntry | undefined>;

const shardMask = 0x3f;
const parallelMax = 16;
// Each conflict means that another process has saved, so this many must race before one of them gives up.
const attemptsMax = 64;

/**
 * What this working copy last saw, in 64 shards per target, `base/<target>/<00…3f>.json`, so that a save rewrites little.
 *
 * A shard that cannot be read counts as empty and is replaced by the next save. That is the safe side: a path without a
 * base is of *unknown* lineage, which refuses until `belay pull`; a guessed base would let a stale copy through.
 */
export function openBaseBook({ store }: { readonly store: Store }): BaseBook {
  return {
    load: async (target, paths, options) => await load(store, { folder: folderOf(target), paths }, options),
    entries: (target, options) => allInOrder(store, folderOf(target), options),
    async save(target, changes, options) {
      const shards = [...grouped(changes)];
      await inParallel(
        shards,
        async ([shard, held]) => await saveShard(store, { folder: folderOf(target), shard, changes: held }, options),
      );
    },
  };
}

// Percent-encoding keeps an odd target name within one segment of the key.
const folderOf = (target: string): string => `base/${encodeURIComponent(target)}/`;
const keyOf = (folder: string, shard: string): string => `${folder}${shard}.json`;

function shardOf(path: string): string {
  return (Number.parseInt(sha256OfText(path).slice(0, 2), 16) & shardMask).toString(16).padStart(2, "0");
}

function grouped(changes: Changes): ReadonlyMap<string, Changes> {
  const groups = new Map<string, Map<string, BaseEntry | undefined>>();
  for (const [path, entry] of changes) {
    const shard = shardOf(path);
    const group = groups.get(shard) ?? new Map<string, BaseEntry | undefined>();
    groups.set(shard, group.set(path, entry));
  }
  return groups;
}

async function inParallel<Item, Result>(items: readonly Item[], act: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += parallelMax) {
    results.push(...(await Promise.all(items.slice(at, at + parallelMax).map(act))));
  }
  return results;
}

interface Wanted {
  readonly folder: string;
  readonly paths: readonly string[] | undefined;
}

async function load(store: Store, { folder, paths }: Wanted, options: CallOptions): Promise<Entries> {
  const shards = paths ? [...new Set(paths.map(shardOf))] : await allShards(store, folder, options);
  const held = await inParallel(shards, async (shard) => (await readShard(store, { folder, shard }, options)).entries);
  const entries = new Map(held.flatMap((shard) => [...shard]));
  if (!paths) return entries;
  const wanted = new Set(paths);
  return new Map([...entries].filter(([path]) => wanted.has(path)));
}

async function* allInOrder(store: Store, folder: string, options: CallOptions): AsyncGenerator<PathEntry, void, undefined> {
  const shards = await inParallel(await allShards(store, folder, options), async (shard) => {
    const reading = await store.read(keyOf(folder, shard), options);
    return reading ? own(entriesInOrder(await bytesOf(reading.body)), shard) : undefined;
  });
  yield* merged(shards.filter((shard) => shard !== undefined));
}

/** A path that stands in a shard which is not its own was put there by nobody: `save` would never find it again. */
function* own(entries: Iterable<PathEntry>, shard: string): Generator<PathEntry, void, undefined> {
  for (const pair of entries) if (shardOf(pair[0]) === shard) yield pair;
}

async function allShards(store: Store, folder: string, { signal }: CallOptions): Promise<string[]> {
  const shards: string[] = [];
  for await (const { key } of store.list(folder, { signal })) {
    const name = /^([0-3][0-9a-f])\.json$/u.exec(key.slice(folder.length))?.[1];
    if (name !== undefined) shards.push(name);
  }
  return shards;
}

interface ShardPlace {
  readonly folder: string;
  readonly shard: string;
}

interface Shard {
  readonly entries: Entries;
  readonly revision?: Revision;
}

async function readShard(store: Store, { folder, shard }: ShardPlace, options: CallOptions): Promise<Shard> {
  const reading = await store.read(keyOf(folder, shard), options);
  if (!reading) return { entries: new Map() };
  const entries = new Map<string, BaseEntry>();
  const value = jsonOf(await bytesOf(reading.body));
  const isShard = typeof value === "object" && value !== null;
  for (const [path, held] of isShard ? Object.entries(value) : []) {
    const entry = parseBaseEntry(held);
    if (entry && shardOf(path) === shard) entries.set(path, entry);
  }
  return { entries, revision: reading.observed.revision };
}

interface ShardChange extends ShardPlace {
  readonly changes: Changes;
}

async function saveShard(store: Store, place: ShardChange, options: CallOptions): Promise<void> {
  const key = keyOf(place.folder, place.shard);
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const { entries, revision } = await readShard(store, place, options);
    const next = new Map(entries);
    for (const [path, entry] of place.changes) {
      if (entry) next.set(path, entry);
      else next.delete(path);
    }
    const bytes = canonicalBytes(Object.fromEntries(next));
    if (revision === undefined && next.size === 0) return;
    const expect = revision === undefined ? ({ kind: "absent" } as const) : ({ kind: "unchanged", revision } as const);
    const body = bodyOf(bytes, sha256(bytes));
    const outcome = await store.write({ key, expect, body, headers: {} }, options);
    // After a conflict or a lost reply the shard is read and merged again: these changes say the same however often.
    if (outcome.kind === "written") return;
  }
  throw new BelayError(
    "unsettled",
    `What was seen live could not be saved to ${key}: ${attemptsMax} attempts met other writers or no clear answer.`,
    "Run the same command again. Until then the paths concerned count as never seen.",
  );
}
