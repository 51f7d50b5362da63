import { lineHunks } from "./line-hunks.ts";
import { comparableTexts, splitLines } from "./text-lines.ts";

/** Lines that replacing one text by another adds and removes. */
export interface LineCounts {
  readonly added: number;
  readonly removed: number;
}

/** An absent side has no lines. `binary` where either side holds a NUL or is too large to be looked at. */
export function lineCounts(before: Uint8Array | undefined, after: Uint8Array | undefined): LineCounts | "binary" {
  const texts = comparableTexts(before ?? new Uint8Array(), after ?? new Uint8Array());
  if (!texts) return "binary";
  const [left = "", right = ""] = texts;
  let [added, removed] = [0, 0];
  for (const hunk of lineHunks(splitLines(left), splitLines(right))) {
    added += hunk.afterEnd - hunk.afterStart;
    removed += hunk.beforeEnd - hunk.beforeStart;
  }
  return { added, removed };
}
