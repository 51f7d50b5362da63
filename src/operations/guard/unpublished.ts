/** Which changed files no target was seen to hold as they are: from the base book and the files alone. */

import type { Digest } from "../../core/brand.ts";
import { compareKeys } from "../../core/paths/key.ts";
import type { BaseBook } from "../../ports/base-book.ts";
import type { CallOptions } from "../../ports/store.ts";
import type { Unpublished } from "./hand-off-bench.ts";

export interface WorkingCopy {
  /** Keys of files that were written since, and of folders in which names came or went. */
  readonly files: readonly string[];
  readonly folders: ReadonlySet<string>;
  /** Digest of a file's bytes now; `undefined` where it is gone. */
  readonly digestOf: (key: string) => Digest | undefined;
  readonly isThere: (key: string) => boolean;
}

export interface UnpublishedRequest {
  readonly targets: readonly string[];
  readonly liveTargets: readonly string[];
}

/** So many files are read at most; that there are changes is told by the first of them. */
const readMax = 500;

export async function unpublishedIn(
  base: BaseBook,
  copy: WorkingCopy,
  { targets, liveTargets }: UnpublishedRequest,
  options: CallOptions,
): Promise<Unpublished> {
  const looked = copy.files.slice(0, readMax);
  const books = await Promise.all(targets.map(async (target) => await base.load(target, looked, options)));
  const changed = looked.filter((key) => {
    const digest = copy.digestOf(key);
    return digest !== undefined && !books.some((book) => book.get(key)?.digest === digest);
  });
  const gone = new Set<string>();
  for (const target of copy.folders.size === 0 ? [] : liveTargets) {
    for await (const [key] of base.entries(target, options))
      if (copy.folders.has(key.slice(0, Math.max(key.lastIndexOf("/"), 0))) && !copy.isThere(key)) gone.add(key);
  }
  return { paths: [...changed, ...gone].toSorted(compareKeys), isCut: copy.files.length > readMax };
}
