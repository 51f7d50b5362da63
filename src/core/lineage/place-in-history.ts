import type { Place } from "./judge-lineage.ts";

/** Where a content stands in a history given newest first; `undefined` where it does not, or where there is no content. */
export function placeIn(history: readonly string[], content: string | undefined): Place | undefined {
  if (content === undefined) return undefined;
  const newest = history.indexOf(content);
  return newest === -1 ? undefined : { newest, oldest: history.lastIndexOf(content) };
}
