/** What the guard reads of this disk: small, plain files, and nothing that could keep it waiting. */

import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isMade } from "../config/find-config.ts";
import type { FileText, ReaderFacts } from "../core/guard/reading.ts";
import { scopeCachePath } from "../core/guard/scope.ts";

const scriptBytesMax = 256 * 1024;
const textBytesMax = 4 * 1024 * 1024;
const namesMax = 10_000;

export function readerFacts(homeFolder: string): ReaderFacts {
  return { homeFolder, readFile: (path) => fileText(path, scriptBytesMax), listFolder };
}

/** A file's text of at most 4 MiB; `undefined` where there is none that can be read. */
export function readText(path: string): string | undefined {
  const found = fileText(path, textBytesMax);
  return found?.kind === "text" ? found.text : undefined;
}

/** A pipe or a device is never opened: it could wait for ever. */
function fileText(path: string, bytesMax: number): FileText | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    if (!stat.isFile()) return { kind: "unreadable", why: "no plain file" };
    if (stat.size > bytesMax) return { kind: "unreadable", why: `larger than ${bytesMax / 1024} KiB` };
    const text = readFileSync(path, "utf8");
    return text.includes("\0") ? { kind: "unreadable", why: "no text" } : { kind: "text", text };
  } catch (error) {
    if (isMissing(error)) return undefined;
    return { kind: "unreadable", why: "it may not be read" };
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path).slice(0, namesMax);
  } catch {
    return [];
  }
}

/** Links followed as far as the path exists. */
export function realPath(path: string): string {
  const missing: string[] = [];
  for (let known = path; ; known = dirname(known)) {
    try {
      return join(realpathSync.native(known), ...missing);
    } catch {
      if (dirname(known) === known) return path;
      missing.unshift(basename(known));
    }
  }
}

export function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // Below a file there is nothing; what may not be looked at may well be there.
    return !isMissing(error);
  }
}

const levelsMax = 3;
const foldersReadMax = 200;
const foldersLookedAtMax = 1000;
export const configIn = (folder: string): string => join(folder, "belay.yaml");

/** Where only what it guarded is left, an older revision was checked out, or somebody took belay.yaml away. */
export const mayBind = (folder: string): boolean => isThere(configIn(folder)) || isThere(join(folder, scopeCachePath));

/** Each belay.yaml up to three folders below, nearest first, in so many folders as a hook has time for. Links are not followed. */
export function configsBelow(folders: readonly string[]): readonly string[] {
  const files: string[] = [];
  let level = [...new Set(folders)].filter((folder) => folder !== "/");
  let read = 0;
  let lookedAt = 0;
  for (let depth = 0; depth < levelsMax; depth += 1) {
    const parts = level.slice(0, foldersReadMax - read);
    read += parts.length;
    level = parts.flatMap(foldersIn).slice(0, foldersLookedAtMax - lookedAt);
    lookedAt += level.length;
    files.push(...level.filter(mayBind).map(configIn));
  }
  return [...new Set(files)];
}

function foldersIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).slice(0, namesMax);
    return entries.filter((entry) => entry.isDirectory() && !isMade(entry.name)).map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}
