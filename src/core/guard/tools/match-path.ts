/** Whether a path in a command lies, or could lie, in a guarded folder. */

import { hole, isKnown, mayBe, type Word } from "../word.ts";
import type { Match } from "./place-names.ts";

/**
 * `path` against everything below `folder`. A path whose beginning is unknown is `not`: nearly every script writes to such, and
 * what it hides is for the walls on the side of AWS. A hole further on is asked about, where what stands before it leads there.
 */
export function matchBelow(path: Word, folder: string): Match {
  if (isKnown(path)) return path === folder || path.startsWith(below(folder)) ? "is" : "not";
  const fixed = path.slice(0, path.indexOf(hole));
  if (fixed.startsWith(below(folder))) return "is";
  if (fixed === "" || fixed === "/") return "not";
  const whole = below(folder);
  // A folder on the way there that ends before the hole is named in full: `/mnt/$X`, not `/m$X`.
  return whole.startsWith(fixed) && mayReach(path, folder) ? "may be" : "not";
}

/** Whether `path` is a folder above `folder`, so that taking it away takes both. */
export const liesAbove = (path: Word, folder: string): boolean => isKnown(path) && folder.startsWith(below(path));

/** Whether the words between the holes can all stand in the folder's path or below it. */
function mayReach(path: Word, folder: string): boolean {
  return mayBe(path, folder) || mayBe(path.slice(0, path.indexOf(hole) + 1), folder);
}

const below = (folder: string): string => (folder.endsWith("/") ? folder : `${folder}/`);
