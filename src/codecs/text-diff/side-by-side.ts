/** Two texts beside one another, for eyes: bounded however long they or their lines are. */

import { lineHunks, type Hunk } from "./line-hunks.ts";
import { pairLines } from "./pair-lines.ts";
import { splitLines } from "./text-lines.ts";
import { markedLine, markedLines, type Piece } from "./word-marks.ts";

/** One line of one side. */
export interface Cell {
  /** 1-based. */
  readonly line: number;
  readonly pieces: readonly Piece[];
}

export type DiffRow =
  | { readonly kind: "same"; readonly left: Cell; readonly right: Cell }
  /** Lines that stand in one another's place. `isHidden`: they differ only in what may not be shown. */
  | { readonly kind: "changed"; readonly left: Cell; readonly right: Cell; readonly isHidden: boolean }
  | { readonly kind: "removed"; readonly left: Cell }
  | { readonly kind: "added"; readonly right: Cell };

/** Rows that are shown, or unchanged lines between them: those carry rows only while there is room for them. */
export type DiffPart =
  | { readonly kind: "rows"; readonly rows: readonly DiffRow[] }
  | {
      readonly kind: "fold";
      readonly count: number;
      readonly firstLeft: number;
      readonly firstRight: number;
      readonly rows: readonly DiffRow[];
    };

export interface SideBySide {
  readonly parts: readonly DiffPart[];
  /** Lines, counted in full also where rows are left out. */
  readonly added: number;
  readonly removed: number;
  /** Changed lines that found no room. */
  readonly leftOut: number;
}

export interface Comparing {
  readonly before: string;
  readonly after: string;
  /**
   * Both texts as they may be shown, with as many lines: what is secret is gone from them. What differs is told by the
   * texts themselves.
   */
  readonly shown?: { readonly before: string; readonly after: string };
  /** Unchanged lines around a change; 3 unless told. */
  readonly context?: number;
  /** Most changed lines that get a row; 400 unless told. */
  readonly changedMax?: number;
  /** Most unchanged lines that folds may carry together; 300 unless told. */
  readonly foldedMax?: number;
}

/** Empty where the texts are equal. Takes bounded time: see `lineHunks`. */
export function sideBySide({ before, after, shown, context = 3, changedMax = 400, foldedMax = 300 }: Comparing): SideBySide {
  const [left, right] = [splitLines(before), splitLines(after)];
  const hunks = lineHunks(left, right);
  const sides: Sides = { left, right, ...shownLines({ left, right }, shown) };
  const added = hunks.reduce((sum, hunk) => sum + hunk.afterEnd - hunk.afterStart, 0);
  const removed = hunks.reduce((sum, hunk) => sum + hunk.beforeEnd - hunk.beforeStart, 0);
  const first = hunks[0];
  if (!first) return { parts: [], added, removed, leftOut: 0 };
  const parts: DiffPart[] = [];
  const room = { changed: changedMax, folded: foldedMax };
  let at = { left: 0, right: 0 };
  for (const [index, hunk] of hunks.entries()) {
    parts.push(...between(sides, { from: at, to: hunk.beforeStart, lead: index === 0 ? 0 : context, trail: context }, room));
    const rows = changedRows(sides, hunk, room.changed);
    room.changed -= hunk.beforeEnd - hunk.beforeStart + (hunk.afterEnd - hunk.afterStart);
    parts.push({ kind: "rows", rows });
    at = { left: hunk.beforeEnd, right: hunk.afterEnd };
    if (room.changed <= 0) break;
  }
  if (room.changed > 0) parts.push(...between(sides, { from: at, to: left.length, lead: context, trail: 0 }, room));
  return { parts: joined(parts), added, removed, leftOut: added + removed - linesIn(parts) };
}

interface Sides {
  readonly left: readonly string[];
  readonly right: readonly string[];
  readonly shownLeft: readonly string[];
  readonly shownRight: readonly string[];
}

/** What may be shown has to have the same lines; where it has not, nothing of that side is shown. */
const shownLines = (
  { left, right }: Pick<Sides, "left" | "right">,
  shown: Comparing["shown"],
): Pick<Sides, "shownLeft" | "shownRight"> => ({
  shownLeft: fitting(left, shown?.before),
  shownRight: fitting(right, shown?.after),
});

function fitting(lines: readonly string[], text: string | undefined): readonly string[] {
  if (text === undefined) return lines;
  const own = splitLines(text);
  return own.length === lines.length ? own : lines.map(() => "");
}

interface Stretch {
  readonly from: { readonly left: number; readonly right: number };
  /** End on the left side. */
  readonly to: number;
  readonly lead: number;
  readonly trail: number;
}

/** Unchanged lines between two changes: shown near them, folded where they are many. */
function between(sides: Sides, { from, to, lead, trail }: Stretch, room: { folded: number }): DiffPart[] {
  const count = to - from.left;
  if (count <= 0) return [];
  const rows = (start: number, end: number): DiffRow[] =>
    Array.from({ length: end - start }, (_, at) => sameRow(sides, from.left + start + at, from.right + start + at));
  // A fold that hides a line or two costs more room than it spares.
  if (count <= lead + trail + 2) return [{ kind: "rows", rows: rows(0, count) }];
  const folded = count - lead - trail;
  const fits = folded <= room.folded;
  if (fits) room.folded -= folded;
  return [
    { kind: "rows", rows: rows(0, lead) },
    {
      kind: "fold",
      count: folded,
      firstLeft: from.left + lead + 1,
      firstRight: from.right + lead + 1,
      rows: fits ? rows(lead, lead + folded) : [],
    },
    { kind: "rows", rows: rows(count - trail, count) },
  ];
}

function sameRow(sides: Sides, left: number, right: number): DiffRow {
  return { kind: "same", left: cell(sides.shownLeft, left), right: cell(sides.shownRight, right) };
}

const cell = (lines: readonly string[], at: number): Cell => ({ line: at + 1, pieces: markedLine(withoutEnding(lines[at] ?? "")) });

const withoutEnding = (line: string): string => line.replace(/\r?\n$/u, "");

/** The lines of one hunk, those that resemble one another side by side; at most so many lines. */
function changedRows(sides: Sides, hunk: Hunk, linesMax: number): DiffRow[] {
  const rows: DiffRow[] = [];
  const lefts = sides.left.slice(hunk.beforeStart, hunk.beforeEnd);
  const rights = sides.right.slice(hunk.afterStart, hunk.afterEnd);
  let room = linesMax;
  for (const [left, right] of pairLines(lefts, rights)) {
    room -= (left === undefined ? 0 : 1) + (right === undefined ? 0 : 1);
    if (room < 0) return rows;
    const [atLeft, atRight] = [hunk.beforeStart + (left ?? 0), hunk.afterStart + (right ?? 0)];
    if (left === undefined) rows.push({ kind: "added", right: cell(sides.shownRight, atRight) });
    else if (right === undefined) rows.push({ kind: "removed", left: cell(sides.shownLeft, atLeft) });
    else rows.push(changedRow(sides, atLeft, atRight));
  }
  return rows;
}

function changedRow(sides: Sides, left: number, right: number): DiffRow {
  const [shownLeft, shownRight] = [sides.shownLeft[left] ?? "", sides.shownRight[right] ?? ""];
  const [leftEnd, rightEnd] = [endingOf(sides.left[left] ?? ""), endingOf(sides.right[right] ?? "")];
  // Where the ends of the lines differ, they are shown.
  const isEndShown = leftEnd !== rightEnd;
  const marked = markedLines(
    withoutEnding(shownLeft) + (isEndShown ? leftEnd : ""),
    withoutEnding(shownRight) + (isEndShown ? rightEnd : ""),
  );
  return {
    kind: "changed",
    left: { line: left + 1, pieces: marked.left },
    right: { line: right + 1, pieces: marked.right },
    isHidden: shownLeft === shownRight && !isEndShown,
  };
}

/** The end of a line in signs that can be seen. */
function endingOf(line: string): string {
  if (line.endsWith("\r\n")) return "␍␊";
  return line.endsWith("\n") ? "␊" : "";
}

/** Rows that follow one another are one part. */
function joined(parts: readonly DiffPart[]): DiffPart[] {
  const whole: DiffPart[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (part.kind === "rows" && part.rows.length === 0) continue;
    if (part.kind === "rows" && last?.kind === "rows") whole[whole.length - 1] = { kind: "rows", rows: [...last.rows, ...part.rows] };
    else whole.push(part);
  }
  return whole;
}

const linesOf: Readonly<Record<DiffRow["kind"], number>> = { same: 0, changed: 2, removed: 1, added: 1 };

const linesIn = (parts: readonly DiffPart[]): number =>
  parts.reduce((sum, part) => sum + (part.kind === "rows" ? part.rows.reduce((rows, row) => rows + linesOf[row.kind], 0) : 0), 0);
