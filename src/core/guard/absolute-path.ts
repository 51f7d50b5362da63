/** Paths as a program would see them. */

import { hole, type Word } from "./word.ts";

/** Other ways to the root that every process has. */
const sameRoot = /^\/proc\/(?:self|thread-self|\d+)\/root(?:\/|$)/u;

/** A path as one from the root, with `.` and `..` taken out as far as holes let it be known. */
export function absolutePath(cwd: Word, path: Word, home = ""): Word {
  const expanded = home !== "" && (path === "~" || path.startsWith("~/")) ? `${home}${path.slice(1)}` : path;
  // What begins with a hole may be from the root already, so that the folder tells nothing.
  const whole = expanded.startsWith("/") || expanded.startsWith(hole) ? expanded : `${cwd}/${expanded}`;
  const kept: string[] = [];
  for (const part of whole.replace(sameRoot, "/").split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    // What lies above a hole is as unknown as the hole.
    else if (kept.at(-1)?.includes(hole) === true) kept.splice(-1, 1, hole);
    else kept.pop();
  }
  return whole.startsWith(hole) ? kept.join("/") : `/${kept.join("/")}`;
}

/** The last part of a path. */
export const lastPart = (path: Word): Word => path.replace(/\/+$/u, "").split("/").at(-1) ?? "";
