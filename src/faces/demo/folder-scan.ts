/** Looks through a person's folder without writing to it and without following links. */

import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { constants, createReadStream } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { compareKeys, keyProblem } from "../../core/paths/key.ts";
import { isPrivate } from "../../core/paths/publishable.ts";
import type { SiteFile } from "./demo-case.ts";

export interface ScanLimits {
  readonly filesMax: number;
  readonly bytesMax: number;
  readonly foldersMax: number;
}

/** What the demo copies several times over and still ends within half a minute. */
export const scanLimits: ScanLimits = { filesMax: 500, bytesMax: 64 * 1024 * 1024, foldersMax: 5000 };

export interface FoundFile extends SiteFile {
  readonly sizeBytes: number;
}

export interface FolderScan {
  /** Upper folders first, by name within one folder. */
  readonly files: readonly FoundFile[];
  /** How many entries were left out, by the reason that people are told. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** True when a limit ended the search: the folder holds more. */
  readonly isPartial: boolean;
}

/** The regular files of a folder that a site could publish. Throws only where the folder itself cannot be read. */
export async function scanFolder(root: string, limits: ScanLimits): Promise<FolderScan> {
  const files: FoundFile[] = [];
  const leftOut = new Map<string, number>();
  const leave = (reason: string): void => void leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  const folds = new Set<string>();
  const queue: string[] = [""];
  let bytes = 0;
  let isPartial = false;
  for (let at = 0; at < queue.length && !isPartial; at += 1) {
    const folder = queue[at] ?? "";
    for (const entry of await entriesOf(join(root, folder), folder === "", leave)) {
      const key = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const problem = entryProblem(entry, key, folds);
      if (problem !== undefined) {
        leave(problem);
        continue;
      }
      const path = join(root, key);
      const sizeBytes = entry.isDirectory() ? 0 : await readableSize(path);
      if (sizeBytes === undefined) leave("could not be read");
      else if (entry.isDirectory() && queue.length < limits.foldersMax) queue.push(key);
      else if (entry.isDirectory() || files.length >= limits.filesMax || bytes + sizeBytes > limits.bytesMax) isPartial = true;
      else {
        bytes += sizeBytes;
        files.push({ key, path, sizeBytes });
      }
    }
  }
  return { files, leftOut, isPartial };
}

async function entriesOf(path: string, isRoot: boolean, leave: (reason: string) => void): Promise<Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.toSorted((left, right) => compareKeys(left.name, right.name));
  } catch (error) {
    if (isRoot) throw error;
    leave("could not be read");
    return [];
  }
}

/** Why an entry is no part of a site; also notes names that differ only in case, of which the first one stays. */
function entryProblem(entry: Dirent, key: string, folds: Set<string>): string | undefined {
  if (isPrivate(entry.name)) return "hidden or private by name";
  if (entry.isSymbolicLink()) return "symbolic links, which are not followed";
  if (!entry.isDirectory() && !entry.isFile()) return "neither file nor folder";
  if (keyProblem(key) !== undefined) return "named as no web address can be";
  const fold = key.toLowerCase();
  if (folds.has(fold)) return "named like another but for case";
  folds.add(fold);
  return undefined;
}

async function readableSize(path: string): Promise<number | undefined> {
  try {
    await access(path, constants.R_OK);
    const found = await stat(path);
    return found.size;
  } catch {
    return undefined;
  }
}

/** One digest over names, times and bytes of everything a scan took, and over the count of what it left. */
export async function digestOf(scan: FolderScan): Promise<string> {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([...scan.leftOut]));
  for (const file of scan.files) {
    const { mtimeMs, size, mode } = await stat(file.path);
    hash.update(JSON.stringify([file.key, mtimeMs, size, mode]));
    for await (const chunk of createReadStream(file.path)) hash.update(chunk);
  }
  return hash.digest("hex");
}
