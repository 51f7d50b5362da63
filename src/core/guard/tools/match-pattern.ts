/** Whether a pattern of paths may name one path: `*` within a name, `**` for any number of folders. */

import { matchesPattern } from "../shell/pattern.ts";

/** `isHidden`: whether `*` matches names that begin with a dot, as it does for `find`. */
export function patternNames(pattern: string, path: string): boolean {
  const parts = pattern.split("/").filter(isPart);
  const depths = parts.filter((part) => part === "**").length;
  return depths <= anyDepthsMax && partsName(parts, path.split("/").filter(isPart), depths > 0);
}

const isPart = (part: string): boolean => part !== "" && part !== ".";

const partsMax = 40;
/** Each of them tries every depth. */
const anyDepthsMax = 2;

function partsName(pattern: readonly string[], path: readonly string[], isHidden: boolean): boolean {
  if (pattern.length > partsMax || path.length > partsMax) return false;
  const [first, ...rest] = pattern;
  const [name, ...others] = path;
  if (first === "**") return partsName(rest, path, isHidden) || (name !== undefined && partsName(pattern, others, isHidden));
  if (first === undefined || name === undefined) return first === name;
  if (!isHidden && name.startsWith(".") && !first.startsWith(".") && !first.startsWith("[")) return false;
  // A pattern that is not followed may be anything.
  return matchesPattern(first, name) !== false && partsName(rest, others, isHidden);
}
