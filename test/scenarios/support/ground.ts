/** A temporary folder with working copies, a served folder and a state, as a scenario wants them. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/** Absolute paths. The target is `live`; every working copy has its site in `public`. */
export interface Ground {
  readonly folder: string;
  readonly live: string;
  /** A state that working copies may share. */
  readonly state: string;
  remove(): void;
}

export function openGround(name: string): Ground {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `belay-${name}-`)));
  mkdirSync(join(folder, "srv", "live"), { recursive: true });
  return {
    folder,
    live: join(folder, "srv", "live"),
    state: join(folder, "state"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface CopyOptions {
  /** Whether the copy keeps its record in the ground's shared state, rather than in its own `.belay`. */
  readonly sharesState?: boolean;
  /** More of belay.yaml, below `site:`, indented by two. */
  readonly site?: string;
  /** More of belay.yaml, at the top. */
  readonly top?: string;
  /** `dir:` address of the target where it is not the ground's. */
  readonly store?: string;
}

/** Makes a working copy with an empty site and returns its folder. */
export function addCopy(ground: Ground, name: string, options: CopyOptions = {}): string {
  const copy = join(ground.folder, name);
  mkdirSync(join(copy, "public"), { recursive: true });
  writeFileSync(join(copy, "belay.yaml"), configText(options));
  return copy;
}

export function configText({ sharesState = true, site = "", top = "", store = "dir:../srv/live" }: CopyOptions): string {
  const state = sharesState ? "state: ../state\n" : "";
  return `version: 1\n${state}${top}site:\n  root: public\n  unit: any\n${site}  targets:\n    staging:\n      store: ${store}\n`;
}

export function put(folder: string, key: string, content: Uint8Array | string): void {
  mkdirSync(dirname(join(folder, key)), { recursive: true });
  writeFileSync(join(folder, key), content);
}

/** Makes a folder hold exactly these files. */
export function putAll(folder: string, files: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [key, content] of files) put(folder, key, content);
}

/** SHA-256 by path of everything in a folder that is not a folder, whatever its name begins with. */
export function treeOf(folder: string): Map<string, string> {
  const tree = new Map<string, string>();
  if (!existsSync(folder)) return tree;
  for (const found of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(found.parentPath, found.name);
    if (found.isDirectory()) continue;
    // A name that is no UTF-8 cannot be opened by the text that stands for it.
    const isReadable = found.isFile() && existsSync(path);
    tree.set(path.slice(folder.length + 1), isReadable ? sha256(readFileSync(path)) : "not a readable file");
  }
  return new Map([...tree].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

export const digestsOf = (files: ReadonlyMap<string, string>): Map<string, string> =>
  new Map([...files].map(([key, content]) => [key, sha256(content)] as const).toSorted(([left], [right]) => (left < right ? -1 : 1)));

/** Whether the vault under a state holds the bytes of a digest, undamaged. */
export function isInVault(state: string, digest: string): boolean {
  const path = join(state, "vault", digest.slice(0, 2), digest);
  return existsSync(path) && sha256(readFileSync(path)) === digest;
}
