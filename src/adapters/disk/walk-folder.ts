/** Every regular file under a root, in the byte order of keys, without following folders out of it. */

import { lstatSync, readdirSync, type Dirent, type Stats } from "node:fs";
import { join } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import { compareKeys, keyProblem } from "../../core/paths/key.ts";
import { diskError, quoted } from "./disk-error.ts";
import type { RootFolder } from "./root-folder.ts";
import { strayPrefix } from "./workspace.ts";

export interface WalkOptions {
  readonly root: RootFolder;
  readonly prefix: string;
  /** Files that are not asked about: neither read nor complained about. */
  readonly isPublished: (key: string) => boolean;
  /** Whether a folder, by its key, is looked into at all. */
  readonly entersFolder: (folder: string) => boolean;
  /** Absolute path of a folder that is belay's own, should it lie inside. */
  readonly scratch: string;
}

export interface WalkedFile {
  readonly key: string;
  readonly path: string;
  readonly stats: Stats;
}

interface Entry {
  readonly name: string;
  readonly key: string;
  /** What the order goes by: a folder counts with its slash. */
  readonly order: string;
  readonly isFolder: boolean;
}

interface Level {
  readonly path: string;
  readonly ino: number;
  readonly entries: readonly Entry[];
  next: number;
}

const isPlainName = /^[\u0020-\u005b\u005d-\u007e]+$/u;
const keyLengthSafe = 1024;

/**
 * Yields files as they are found. A folder that vanishes on the way throws, so a walk never passes for complete when it is not;
 * a single file that vanishes was removed and is left out. Sockets, fifos and devices are no objects and left out, unopened.
 * A link to a regular file inside the root is that file; any other published link throws `store-denied`, because visitors may see
 * through it what belay does not. A published name that cannot be a key throws `key-invalid`; names in another normal form than
 * NFC are listed under their NFC key where that is unique.
 */
export function* walkFolder(options: WalkOptions): Generator<WalkedFile> {
  const above = options.prefix.slice(0, Math.max(0, options.prefix.lastIndexOf("/")));
  const start = options.root.locateFolder(above);
  if (start === undefined) return;
  const levels: Level[] = [readLevel(start, above, options)];
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const entry = level.entries[level.next];
    level.next += 1;
    if (!entry) {
      levels.pop();
      continue;
    }
    const path = `${level.path}/${entry.name}`;
    if (entry.isFolder) {
      if (path !== options.scratch && options.entersFolder(entry.key)) levels.push(readLevel(path, entry.key, options));
      continue;
    }
    const found = look(path, entry.key, level, options);
    if (found) yield found;
  }
}

function look(path: string, key: string, level: Level, options: WalkOptions): WalkedFile | undefined {
  if (!options.isPublished(key)) return undefined;
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) {
    // A removed file is no object any more; a removed folder, or a mount that went away, is no answer.
    if (lstatSync(level.path, { throwIfNoEntry: false })?.ino === level.ino) return undefined;
    throw new BelayError(
      "store-unreachable",
      `${level.path} vanished while it was being listed`,
      "See that it is there, then run the command again.",
    );
  }
  if (stats.isSymbolicLink()) return { key, ...options.root.targetOfLink(path) };
  return stats.isFile() ? { key, path, stats } : undefined;
}

function readLevel(path: string, folder: string, options: WalkOptions): Level {
  try {
    const { ino } = lstatSync(path);
    const entries: Entry[] = [];
    let isAscii = true;
    for (const dirent of readdirSync(path, { withFileTypes: true })) {
      const entry = entryOf(dirent, path, folder, options);
      if (!entry) continue;
      isAscii &&= isPlainName.test(entry.name);
      entries.push(entry);
    }
    entries.sort(isAscii ? (one, other) => (one.order < other.order ? -1 : 1) : (one, other) => compareKeys(one.order, other.order));
    if (!isAscii) requireUnique(entries, path);
    return { path, ino, entries, next: 0 };
  } catch (error) {
    throw diskError(error, "list", path);
  }
}

/** An entry that may lead to listed keys; throws for a published name that cannot be a key. */
function entryOf(dirent: Dirent, path: string, folder: string, options: WalkOptions): Entry | undefined {
  const { name } = dirent;
  if (name.startsWith(strayPrefix)) return undefined;
  const isPlain = isPlainName.test(name);
  const key = (folder === "" ? "" : `${folder}/`) + (isPlain ? name : name.normalize("NFC"));
  const isFolder = dirent.isDirectory() || (isUntyped(dirent) && lstatSync(join(path, name)).isDirectory());
  const order = isFolder ? `${key}/` : key;
  const entry = { name, key, order, isFolder };
  if (!order.startsWith(options.prefix) && !(isFolder && options.prefix.startsWith(order))) return undefined;
  if (isPlain && key.length <= keyLengthSafe) return entry;
  return isLegal(entry, path, options) ? entry : undefined;
}

/** False for an illegal name that nobody publishes. */
function isLegal({ name, key, isFolder }: Entry, path: string, options: WalkOptions): boolean {
  if (isFolder ? !options.entersFolder(key) : !options.isPublished(key)) return false;
  const problem = isReadable(join(path, name), name) ? keyProblem(key) : "it is not valid UTF-8";
  if (problem === undefined) return true;
  throw new BelayError(
    "key-invalid",
    `${join(path, JSON.stringify(name).slice(1, -1))} cannot be published because ${problem}`,
    remedyFor(path),
  );
}

const remedyFor = (path: string): string =>
  `Rename it (\`ls -b ${quoted(path)}\` shows its exact name), or add it to \`ignore\` in belay.yaml.`;

/** Bytes that are no UTF-8 come back with replacement characters, and then name nothing. */
function isReadable(path: string, name: string): boolean {
  return !name.includes("\uFFFD") || lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Some file systems do not say in a listing what an entry is. */
function isUntyped(dirent: Dirent): boolean {
  return !(
    dirent.isFile() ||
    dirent.isSymbolicLink() ||
    dirent.isFIFO() ||
    dirent.isSocket() ||
    dirent.isBlockDevice() ||
    dirent.isCharacterDevice()
  );
}

function requireUnique(entries: readonly Entry[], path: string): void {
  const seen = new Map<string, string>();
  for (const { key, name } of entries) {
    const other = seen.get(key);
    if (other !== undefined)
      throw new BelayError(
        "key-invalid",
        `${path} holds two names that look like ${JSON.stringify(name)}, in different Unicode normal forms`,
        remedyFor(path),
      );
    seen.set(key, name);
  }
}
