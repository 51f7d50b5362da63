/** The last few system calls of a write, in the order in which nothing is lost. */

import { chmodSync, chownSync, fstatSync, linkSync, lstatSync, renameSync, writeFileSync, type Stats } from "node:fs";
import type { Digest } from "../../core/brand.ts";
import { errnoOf } from "../shared/errno.ts";
import { contentNow, digestAt } from "./read-file.ts";
import { discard, type Workspace } from "./workspace.ts";

/** An old file that was opened and hashed under the lock. */
export interface OldFile {
  readonly path: string;
  readonly fd: number;
  /** As they were when the bytes were hashed. */
  readonly stats: Stats;
  readonly digest: Digest;
}

export interface SwapOptions {
  readonly workspace: Workspace;
  /** A name for the old file on the file system of the destination. */
  readonly aside: string;
  /** For tests: called in the window between the last look and the change, where a stranger may strike. */
  readonly inWindow?: (() => void) | undefined;
}

/** `moved`: somebody else changed the file meanwhile, and what they wrote stands. */
export type Swap = "done" | "moved";

/** Something failed after the change had been made: whether it stands must be looked up. */
export class AfterChange extends Error {}

/** Links a complete temp file to its name: atomic against everyone. False where the name is taken. */
export function createFile(temp: string, path: string): boolean {
  try {
    linkSync(temp, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Renames a temp file over the old one, provided that the old one is still what was hashed. At no moment is the name missing
 * or the file partial. A second name for the old file, made just before, keeps it within reach: if it turns out to have been
 * written to in place up to the moment of the rename, it is put back as it is, the same inode.
 *
 * What remains, because no portable system call compares and renames at once: a stranger who *renames* another file to this
 * name between the last look and the rename (two system calls in a row) loses that file; and a stranger who keeps the old file
 * open and writes to it after the check that follows the rename writes to a file that has no name any more.
 */
export async function replaceFile(temp: string, old: OldFile, options: SwapOptions): Promise<Swap> {
  keepMode(temp, old.stats);
  const hasAside = linkAside(old.path, options.aside);
  try {
    if (!isStill(old)) return "moved";
    options.inWindow?.();
    const ours = lstatSync(temp);
    renameSync(temp, old.path);
    return await afterChange(async () => {
      const after = await contentNow(old.fd);
      if (after.digest === old.digest) return "done";
      putBack({ old, ours, options, hasAside, bytes: after.bytes });
      return "moved";
    });
  } finally {
    if (hasAside) discard(options.aside);
  }
}

/** Runs what follows a change, so that its failure is never mistaken for a change that was not made. */
export async function afterChange<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new AfterChange("the change was made, but what follows it failed", { cause: error });
  }
}

interface PutBack {
  readonly old: OldFile;
  /** Of the file that was renamed into place. */
  readonly ours: Stats;
  readonly options: SwapOptions;
  readonly hasAside: boolean;
  readonly bytes: Uint8Array | undefined;
}

function putBack({ old, ours, options, hasAside, bytes }: PutBack): void {
  // Without a second name (the system refuses links to other people's files) the bytes are copied instead.
  if (!hasAside && bytes) writeFileSync(options.aside, bytes, { flag: "wx" });
  if (!hasAside && !bytes) return;
  const there = lstatSync(old.path, { throwIfNoEntry: false });
  if (there?.ino === ours.ino && there.dev === ours.dev) renameSync(options.aside, old.path);
  // A third hand has written since: its file stands, and the second hand's bytes are kept for people.
  else options.workspace.keepForPeople(options.aside);
}

/**
 * Renames the old file away and looks at what was renamed: anything but the bytes that were hashed is put back under its name.
 * What remains: between the two the name is missing; if somebody creates a file there meanwhile, theirs stands and the other
 * is kept in scratch; and bytes written through a descriptor that outlives the check go nowhere.
 */
export async function removeFile(old: OldFile, options: SwapOptions): Promise<Swap> {
  if (!isStill(old)) return "moved";
  options.inWindow?.();
  renameSync(old.path, options.aside);
  return await afterChange(async () => {
    const isSeen = (await digestAt(options.aside)) === old.digest;
    if (isSeen || createFile(options.aside, old.path)) discard(options.aside);
    else options.workspace.keepForPeople(options.aside);
    return isSeen ? "done" : "moved";
  });
}

function linkAside(path: string, aside: string): boolean {
  try {
    linkSync(path, aside);
    return true;
  } catch (error) {
    const code = errnoOf(error);
    // Linux refuses links to files of other owners (fs.protected_hardlinks), and some file systems know none.
    if (code === "EPERM" || code === "EACCES" || code === "ENOTSUP" || code === "EOPNOTSUPP" || code === "EMLINK") return false;
    throw error;
  }
}

/** Whether the name still leads to the file that was hashed, and that file has not been written since. */
function isStill(old: OldFile): boolean {
  const there = lstatSync(old.path, { throwIfNoEntry: false });
  if (!there || there.ino !== old.stats.ino || there.dev !== old.stats.dev) return false;
  const now = fstatSync(old.fd);
  return now.size === old.stats.size && now.mtimeMs === old.stats.mtimeMs;
}

/** The new file is as readable as the old one: the web server that could read the page still can. */
function keepMode(temp: string, old: Stats): void {
  const made = lstatSync(temp);
  if (made.uid !== old.uid || made.gid !== old.gid) tryOwner(temp, old, made);
  chmodSync(temp, old.mode & 0o777);
}

function tryOwner(temp: string, old: Stats, made: Stats): void {
  for (const [uid, gid] of [
    [old.uid, old.gid],
    [made.uid, old.gid],
  ] as const) {
    try {
      chownSync(temp, uid, gid);
      return;
    } catch (error) {
      // Only root gives files away, and only to groups of one's own: the mode is what can be kept.
      if (errnoOf(error) !== "EPERM") throw error;
    }
  }
}
