import type { Ending } from "./line-style.ts";

/** What stands behind the markers, for the person who resolves the conflict: `live (release r4, 20 May)`. */
export interface ConflictLabels {
  readonly live: string;
  readonly local?: string;
  readonly base?: string;
}

/** One conflict's lines, each with its own ending. `base` is absent where no ancestor is known. */
export interface ConflictSides {
  readonly local: readonly string[];
  readonly base?: readonly string[];
  readonly live: readonly string[];
}

/** A conflict as text. A side whose last line has no ending is given one, so that a marker always begins its line. */
export function conflictText(sides: ConflictSides, labels: ConflictLabels, ending: Ending): string {
  const closed = (lines: readonly string[]): string => {
    const text = lines.join("");
    return text === "" || text.endsWith("\n") ? text : text + ending;
  };
  const base = sides.base ? `||||||| base${labelled(labels.base)}${ending}${closed(sides.base)}` : "";
  const local = `<<<<<<< yours${labelled(labels.local)}${ending}${closed(sides.local)}`;
  return `${local}${base}=======${ending}${closed(sides.live)}>>>>>>> live${labelled(labels.live)}${ending}`;
}

// A label comes from outside: one with a line break could end the marker and write lines of its own.
const labelled = (label: string | undefined): string => (label ? ` (${label.replaceAll(/\p{Cc}+/gu, " ").trim()})` : "");

/**
 * Whether an unresolved conflict stands in the bytes: at line starts, an opening marker, then a separator, then a closing one.
 * A lone `=======`, as Markdown and reStructuredText underline headings, is none. Reads bytes of any encoding that extends ASCII.
 */
export function hasConflictMarkers(bytes: Uint8Array): boolean {
  const text = new TextDecoder("windows-1252").decode(bytes);
  let seen: "nothing" | "open" | "separated" = "nothing";
  for (const [line] of text.matchAll(/^(?:<{7}|={7}|>{7})(?![<=>])[^\r\n]*/gmu)) {
    if (/^<{7}(?: |$)/u.test(line)) seen = "open";
    else if (line === "=======" && seen === "open") seen = "separated";
    else if (/^>{7}(?: |$)/u.test(line) && seen === "separated") return true;
  }
  return false;
}
