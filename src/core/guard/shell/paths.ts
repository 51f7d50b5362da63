/** Paths of words: absolute where their folder is known. */

import { absolutePath } from "../absolute-path.ts";
import type { Word } from "../word.ts";

/** `path` seen from `folder`, without `.` and `..`. What begins with a hole stays as it is: it may be absolute. */
export const resolvePath = (folder: Word, path: Word): Word => absolutePath(folder, path);

/** `/usr/local/bin/aws` is `aws`, and so is `aws.exe`. */
export function programName(word: Word): string {
  const name = word.slice(word.lastIndexOf("/") + 1);
  return name.endsWith(".exe") ? name.slice(0, -4) : name;
}
