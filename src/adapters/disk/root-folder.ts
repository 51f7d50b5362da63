/** Keys to paths under one root, and never out of it. */

import { lstatSync, mkdirSync, readdirSync, realpathSync, type Stats } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import { keyProblem } from "../../core/paths/key.ts";
import { errnoOf } from "../shared/errno.ts";
import { diskError } from "./disk-error.ts";
import { statOf } from "./stat-of.ts";

/** What stands where a key belongs. `path` is absolute and spelled as the disk spells it. */
export type Place =
  | { readonly kind: "nothing" | "folder"; readonly path: string }
  | { readonly kind: "file"; readonly path: string; readonly stats: Stats; readonly isLink: boolean };

/** Where a path really lies: symbolic links resolved as far as the path exists. */
export function realPathOf(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch (error) {
    const parent = dirname(absolute);
    const isMissing = errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR";
    if (!isMissing || parent === absolute) throw diskError(error, "resolve", absolute);
    return join(realPathOf(parent), basename(absolute));
  }
}

/** The scratch folder of a served folder: `.NAME.belay` beside its real path, so outside what is served and on its file system. */
export function scratchBeside(root: string): string {
  const real = realPathOf(root);
  if (dirname(real) === real)
    throw new BelayError("usage", `${root} is the root of a file system`, "Name a folder inside it as the target.");
  return join(dirname(real), `.${basename(real)}.belay`);
}

/** Refuses a text that is no key. */
export function requireKey(key: string): void {
  const problem = keyProblem(key);
  if (problem !== undefined)
    throw new BelayError("key-invalid", `${JSON.stringify(key)} cannot be a key because ${problem}`, "Rename the file.");
}

const denied = (path: string, what: string, remedy: string): BelayError => new BelayError("store-denied", `${path} ${what}`, remedy);

/**
 * One root folder. The root itself may be a symbolic link: it is resolved once, when first used.
 * Inside it a symbolic link to a regular file that also lies inside reads as that file and is never written;
 * every other link is denied, whether it is the key itself or a folder on the way to it.
 * The check and the use are separate system calls: whoever may swap folders for links inside the root is trusted.
 */
export class RootFolder {
  readonly #root: string;
  readonly #mayBeAbsent: boolean;
  #real: { readonly path: string; readonly stats: Stats } | undefined;

  constructor(root: string, mayBeAbsent: boolean) {
    this.#root = root;
    this.#mayBeAbsent = mayBeAbsent;
  }

  /** The real path of the root, or where it will be; `exists` says which. Throws where it is missing and may not be. */
  real(): { readonly path: string; readonly exists: boolean } {
    if (this.#real) return { path: this.#stillThere(this.#real), exists: true };
    const path = realPathOf(this.#root);
    const stats = statOf(path);
    if (stats?.isDirectory()) {
      this.#real = { path, stats };
      return { path, exists: true };
    }
    if (stats) throw denied(path, "is not a folder", "Name a folder in belay.yaml.");
    if (this.#mayBeAbsent) return { path, exists: false };
    throw new BelayError("store-unreachable", `${path} does not exist`, `Mount it, or make it: \`mkdir -p ${path}\`.`);
  }

  /** A root that went away, or whose mount did, must not pass for an empty one. */
  #stillThere({ path, stats }: { readonly path: string; readonly stats: Stats }): string {
    if (this.#mayBeAbsent) return path;
    const now = statOf(path);
    if (now?.ino === stats.ino && now.dev === stats.dev) return path;
    throw new BelayError(
      "store-unreachable",
      `${path} is not the folder any more that it was`,
      "See that it is mounted and there, then run the command again.",
    );
  }

  /** Finds what stands at a key. Throws `key-invalid`, or `store-denied` where links or special files are in the way. */
  locate(key: string): Place {
    requireKey(key);
    const { path: root, exists } = this.real();
    if (!exists) return { kind: "nothing", path: join(root, key) };
    try {
      return this.#placeOf(root, key.split("/"));
    } catch (error) {
      throw diskError(error, "look for", join(root, key));
    }
  }

  #placeOf(root: string, segments: string[]): Place {
    const last = segments.pop() ?? "";
    const folder = this.#descend(root, segments);
    if (folder.rest.length > 0) return { kind: "nothing", path: join(folder.path, ...folder.rest, last) };
    const path = entryIn(folder.path, last);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (!stats) return { kind: "nothing", path };
    if (stats.isSymbolicLink()) return { kind: "file", isLink: true, ...this.targetOfLink(path) };
    if (stats.isDirectory()) return { kind: "folder", path };
    if (!stats.isFile()) throw denied(path, "is neither a file nor a folder", "Move it out of the folder.");
    return { kind: "file", path, stats, isLink: false };
  }

  /** The real path of a folder given by its key (`""` is the root); `undefined` where it does not exist. */
  locateFolder(key: string): string | undefined {
    if (key !== "") requireKey(key);
    const { path: root, exists } = this.real();
    if (!exists) return undefined;
    try {
      const folder = this.#descend(root, key === "" ? [] : key.split("/"));
      return folder.rest.length === 0 ? folder.path : undefined;
    } catch (error) {
      throw diskError(error, "look for", join(root, key));
    }
  }

  /** Makes the folders above a key and finds the key again. Returns the topmost folder that was made, if any. */
  makeRoom(key: string): { readonly place: Place; readonly made: string | undefined } {
    const place = this.locate(key);
    if (place.kind !== "nothing") return { place, made: undefined };
    const made = mkdirSync(dirname(place.path), { recursive: true });
    // Looked up again because somebody may have put a link on the way while the folders were made.
    return { place: this.locate(key), made };
  }

  /** The regular file inside the root that a link leads to; every other link is denied. */
  targetOfLink(link: string): { readonly path: string; readonly stats: Stats } {
    const remedy = "Replace the link by what it points to, or add its path to `ignore` in belay.yaml.";
    let path: string;
    try {
      path = realpathSync(link);
    } catch (error) {
      throw new BelayError("store-denied", `${link} is a symbolic link that leads nowhere`, remedy, { cause: error });
    }
    const { path: root } = this.real();
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep))
      throw denied(link, `is a symbolic link to ${path}, outside the folder`, remedy);
    const stats = lstatSync(path);
    if (!stats.isFile()) throw denied(link, "is a symbolic link to something that is not a file", remedy);
    return { path, stats };
  }

  #descend(root: string, segments: readonly string[]): { readonly path: string; readonly rest: readonly string[] } {
    let path = root;
    for (const [at, segment] of segments.entries()) {
      const next = entryIn(path, segment);
      const stats = lstatSync(next, { throwIfNoEntry: false });
      if (!stats) return { path, rest: segments.slice(at) };
      if (stats.isSymbolicLink())
        throw denied(
          next,
          "is a symbolic link to a folder, and belay does not follow those",
          "Replace the link by the folder, or add its path to `ignore` in belay.yaml.",
        );
      if (!stats.isDirectory()) return { path, rest: segments.slice(at) };
      path = next;
    }
    return { path, rest: [] };
  }
}

const isPlain = /^[\u0020-\u007e]*$/u;

/** The path of a name in a folder, as the folder spells it: a name in another normal form (as macOS writes them) is found too. */
function entryIn(folder: string, name: string): string {
  const path = join(folder, name);
  if (isPlain.test(name) || lstatSync(path, { throwIfNoEntry: false })) return path;
  const spellings = readdirSync(folder).filter((held) => held.normalize("NFC") === name);
  if (spellings.length > 1)
    throw new BelayError(
      "key-invalid",
      `${folder} holds ${spellings.length} files whose names look like ${JSON.stringify(name)}`,
      "Rename or remove all but one of them.",
    );
  return join(folder, spellings[0] ?? name);
}
