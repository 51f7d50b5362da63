/** Paths as a program would see them: absolute, without `.` and `..`, holes kept. */

import { hole } from "../word.ts";
import type { Word } from "../word.ts";

/** `path` seen from `cwd`. A path that begins with a hole stays as it is: it may be absolute. */
export function absolutePath(cwd: Word, path: Word): Word {
  if (path.startsWith(hole)) return path;
  const joined = path.startsWith("/") ? path : `${cwd}/${path}`;
  const parts: string[] = [];
  for (const part of joined.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.at(-1)?.includes(hole) === true) parts.push(part);
    else parts.pop();
  }
  const normal = parts.join("/");
  return joined.startsWith(hole) ? normal : `/${normal}`;
}
