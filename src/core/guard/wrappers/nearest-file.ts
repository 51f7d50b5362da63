/** Files that tools look for here and above. */

import type { ReaderFacts } from "../reading.ts";
import { resolvePath } from "../shell/paths.ts";
import { isKnown, type Word } from "../word.ts";

const upMax = 12;

/** The nearest of some files, here or above. */
export function nearestFile(
  names: readonly string[],
  cwd: Word,
  facts: ReaderFacts,
): { folder: Word; text: string; path: string } | undefined {
  let folder = cwd;
  for (let climbed = 0; climbed < upMax && isKnown(folder); climbed += 1) {
    for (const name of names) {
      const path = resolvePath(folder, name);
      const found = facts.readFile(path);
      if (found?.kind === "text") return { folder, text: found.text, path };
    }
    if (folder === "/") return undefined;
    folder = resolvePath(folder, "..");
  }
  return undefined;
}
