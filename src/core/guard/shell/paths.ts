/** Paths of words: absolute where their folder is known. */

import { hole, isKnown, type Word } from "../word.ts";

/** `path` seen from `folder`, without `.` and `..`. Where a hole stands before them, they stay. */
export function resolvePath(folder: Word, path: Word): Word {
  const whole = path.startsWith("/") || path.startsWith(hole) ? path : `${folder}/${path}`;
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    const last = parts.at(-1);
    if (part === "..") {
      if (last !== undefined && isKnown(last) && last !== "..") parts.pop();
      else if (last !== undefined) parts.push(part);
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  const isRelative = whole.startsWith(hole);
  return (isRelative ? "" : "/") + parts.join("/");
}

/** `/usr/local/bin/aws` is `aws`, and so is `aws.exe`. */
export function programName(word: Word): string {
  const name = word.slice(word.lastIndexOf("/") + 1);
  return name.endsWith(".exe") ? name.slice(0, -4) : name;
}
