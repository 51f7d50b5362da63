/** The files that `find` would find, where it runs them: then they are read instead of being unknown. */

import type { ReaderFacts } from "../reading.ts";
import { matchesPattern } from "../shell/pattern.ts";
import { resolvePath } from "../shell/paths.ts";
import { isKnown, type Word } from "../word.ts";

const looksMax = 400;
const filesMax = 40;
const levelsMax = 12;

export interface Sought {
  readonly folders: readonly Word[];
  readonly cwd: Word;
  /** Patterns of names; none: any name. */
  readonly names: readonly string[];
  /** `-maxdepth`. */
  readonly levels?: number;
}

/** Absolute paths; `undefined` where the folders are not there, or hold more than is looked at. */
export function foundFiles({ folders, cwd, names, levels = levelsMax }: Sought, facts: ReaderFacts): readonly string[] | undefined {
  const open = folders.map((folder) => ({ path: resolvePath(cwd, folder), level: 0 }));
  const files: string[] = [];
  let at = 0;
  for (const { path, level } of open) {
    at += 1;
    if (!isKnown(path) || at > looksMax || level > levelsMax || files.length > filesMax) return undefined;
    const inside = facts.listFolder(path);
    if (inside.length > 0) {
      if (level < levels) open.push(...inside.map((name) => ({ path: `${path === "/" ? "" : path}/${name}`, level: level + 1 })));
    } else if (isSought(names, path)) files.push(path);
  }
  return at === folders.length && files.length === 0 ? undefined : files;
}

const isSought = (names: readonly string[], path: string): boolean =>
  names.length === 0 || names.some((name) => matchesPattern(name, lastOf(path)) !== false);

const lastOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
