import { statSync, type Stats } from "node:fs";
import { errnoOf } from "../shared/errno.ts";

/** What a path leads to; `undefined` where there is nothing, also because a file stands where a folder would have to. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}
