/** What a file holds after a patch's hunks, found by their context the way that apply_patch finds them. */

import type { PatchHunk } from "./read-patch.ts";

/** Beyond it (a thousand hunks in ten thousand lines) nobody waits for the answer. */
const comparisonsMax = 10_000_000;

/** `undefined` where a hunk has no place in the text: the tool will refuse it too, or places it by rules of its own. */
export function patchedText(text: string, hunks: readonly PatchHunk[]): string | undefined {
  const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  if (lines.length * hunks.length > comparisonsMax) return undefined;
  let from = 0;
  for (const hunk of hunks) {
    for (const under of hunk.under) {
      const found = findLines(lines, [under], from);
      if (found !== undefined) from = found + 1;
    }
    const placed = place(lines, hunk, from);
    if (placed === undefined) return undefined;
    lines.splice(placed.at, placed.before.length, ...placed.after);
    from = placed.at + placed.after.length;
  }
  return `${lines.join("\n")}\n`;
}

interface Placed {
  readonly at: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function place(lines: readonly string[], { before, after, isLast }: PatchHunk, from: number): Placed | undefined {
  // Nothing but additions: at the end, unless `@@` named a place.
  if (before.length === 0) return { at: from > 0 && !isLast ? from : lines.length, before, after };
  const at = findLines(lines, before, isLast ? Math.max(from, lines.length - before.length) : from) ?? findLines(lines, before, from);
  if (at !== undefined) return { at, before, after };
  // A blank line before the next section looks like context.
  if (before.at(-1) !== "" || after.at(-1) !== "") return undefined;
  return place(lines, { under: [], before: before.slice(0, -1), after: after.slice(0, -1), isLast }, from);
}

/** Exactly first, then without white space at the ends of lines, then on both sides. */
function findLines(lines: readonly string[], wanted: readonly string[], from: number): number | undefined {
  for (const form of [(line: string) => line, (line: string) => line.trimEnd(), (line: string) => line.trim()]) {
    const formed = wanted.map(form);
    const first = formed[0];
    for (let at = from; at + formed.length <= lines.length; at += 1) {
      if (form(lines[at] ?? "") !== first) continue;
      if (formed.every((line, offset) => form(lines[at + offset] ?? "") === line)) return at;
    }
  }
  return undefined;
}
