/** Files that were changed since a time, by what the file system says: no file is read. */

import { readdirSync, statSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { keyProblem } from "../../core/paths/key.ts";

export interface TouchedOptions {
  /** Absolute. */
  readonly root: string;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly isPublished: (key: string) => boolean;
  readonly entersFolder: (folder: string) => boolean;
}

export interface Touched {
  /** Keys of files that were written, or given another name, since then. */
  readonly files: readonly string[];
  /** Keys of folders that gained or lost a name since then; "" is the root. What is missing in any other was missing before. */
  readonly folders: ReadonlySet<string>;
}

/** File systems count time in steps of up to two seconds. */
const stepMs = 2000;
const entriesMax = 200_000;

/** What cannot be read is passed over: this only tells whether there is something to hand over. */
export function touchedSince({ root, sinceMs, isPublished, entersFolder }: TouchedOptions): Touched {
  const since = sinceMs - stepMs;
  const files: string[] = [];
  const folders = new Set<string>();
  const waiting = [""];
  let looked = 0;
  for (let folder = waiting.pop(); folder !== undefined && looked <= entriesMax; folder = waiting.pop()) {
    const at = join(root, folder);
    if (changedAtMs(at) >= since) folders.add(folder);
    for (const entry of entriesIn(at)) {
      looked += 1;
      const key = (folder === "" ? entry.name : `${folder}/${entry.name}`).normalize("NFC");
      if (entry.isDirectory() && entersFolder(key)) waiting.push(key);
      const isOurs = entry.isFile() && isPublished(key) && keyProblem(key) === undefined;
      if (isOurs && changedAtMs(join(at, entry.name), "any") >= since) files.push(key);
    }
  }
  return { files: files.toSorted(), folders };
}

/** Of `any` change the name's and the mode's count too. 0 where it was taken away meanwhile, or may not be looked at. */
function changedAtMs(path: string, change: "content" | "any" = "content"): number {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return 0;
    return change === "any" ? Math.max(stats.mtimeMs, stats.ctimeMs) : stats.mtimeMs;
  } catch {
    return 0;
  }
}

function entriesIn(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
