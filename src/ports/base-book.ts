import type { BaseEntry } from "../core/lineage/base.ts";
import type { CallOptions } from "./store.ts";

/** What this working copy last saw at each target, by path. */
export interface BaseBook {
  /** The entries of the given paths, or of all paths. */
  load(target: string, paths: readonly string[] | undefined, options: CallOptions): Promise<ReadonlyMap<string, BaseEntry>>;
  /** Every entry, by UTF-8 byte order of path, without holding all of them at once. */
  entries(target: string, options: CallOptions): AsyncIterable<readonly [string, BaseEntry]>;
  /** Sets the given entries; `undefined` forgets one. Entries of other paths are left alone, also by processes racing on one working copy. */
  save(target: string, changes: ReadonlyMap<string, BaseEntry | undefined>, options: CallOptions): Promise<void>;
}
