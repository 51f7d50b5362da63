/** Patches as Codex and OpenCode write them (`*** Begin Patch`): which files they add, delete, change and move. */

/** One section of a patch. Paths stand as written. */
export type PatchSection =
  | { readonly kind: "add"; readonly path: string; readonly text: string }
  | { readonly kind: "delete"; readonly path: string }
  | { readonly kind: "update"; readonly path: string; readonly movedTo?: string; readonly hunks: readonly PatchHunk[] };

export interface PatchHunk {
  /** The text after `@@`: a line above the change, often a function's first. */
  readonly under: readonly string[];
  /** Lines that are found in the file, in order: context and what goes. */
  readonly before: readonly string[];
  /** Lines that stand there afterwards: context and what comes. */
  readonly after: readonly string[];
  /** Stands at the end of the file. */
  readonly isLast: boolean;
}

const sectionStart = /^\*\*\* (Add|Delete|Update) File: (.+)$/u;
const moveLine = /^\*\*\* Move to: (.+)$/u;

export const patchBegins = "*** Begin Patch";

/** The sections in order. What stands before the first one, between hunks or behind `*** End Patch` is no part of it. */
export function readPatch(text: string): PatchSection[] {
  const sections: PatchSection[] = [];
  let open: OpenSection | undefined;
  for (const line of text.split(/\r?\n/u)) {
    const start = sectionStart.exec(line.trimEnd());
    if (start !== null || line.trim() === "*** End Patch") {
      if (open !== undefined) sections.push(closed(open));
      open = start === null ? undefined : { kind: start[1] ?? "", path: (start[2] ?? "").trim(), added: [], hunks: [] };
      continue;
    }
    if (open !== undefined) take(open, line);
  }
  if (open !== undefined) sections.push(closed(open));
  return sections;
}

interface OpenSection {
  readonly kind: string;
  readonly path: string;
  movedTo?: string;
  readonly added: string[];
  readonly hunks: { under: string[]; before: string[]; after: string[]; isLast: boolean }[];
}

function take(open: OpenSection, line: string): void {
  if (open.kind === "Add") {
    if (line.startsWith("+")) open.added.push(line.slice(1));
    return;
  }
  const move = moveLine.exec(line.trimEnd());
  if (move !== null) {
    open.movedTo = (move[1] ?? "").trim();
    return;
  }
  takeHunkLine(open, line);
}

function takeHunkLine(open: OpenSection, line: string): void {
  const last = open.hunks.at(-1);
  if (line.startsWith("@@")) {
    const under = line.slice(2).trim();
    // Several `@@` lines in a row narrow down one place.
    if (last !== undefined && last.before.length + last.after.length === 0 && under !== "") last.under.push(under);
    else open.hunks.push({ under: under === "" ? [] : [under], before: [], after: [], isLast: false });
    return;
  }
  if (line.trim() === "*** End of File") {
    if (last !== undefined) last.isLast = true;
    return;
  }
  const hunk = last ?? { under: [], before: [], after: [], isLast: false };
  if (last === undefined) open.hunks.push(hunk);
  const rest = line.slice(1);
  if (line.startsWith("+")) hunk.after.push(rest);
  else if (line.startsWith("-")) hunk.before.push(rest);
  else if (line.startsWith(" ") || line === "") {
    hunk.before.push(rest);
    hunk.after.push(rest);
  }
}

function closed({ kind, path, movedTo, added, hunks }: OpenSection): PatchSection {
  if (kind === "Add") return { kind: "add", path, text: added.map((line) => `${line}\n`).join("") };
  if (kind === "Delete") return { kind: "delete", path };
  return { kind: "update", path, hunks, ...(movedTo === undefined ? {} : { movedTo }) };
}
