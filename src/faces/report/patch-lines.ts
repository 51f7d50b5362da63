import type { Cell, DiffRow, SideBySide } from "../../operations/report/report-facts.ts";

/** The rows of a comparison as lines of a unified diff, for eyes: what was cut is not there, so it does not apply. */
export function patchLines({ parts, leftOut }: SideBySide): string[] {
  const lines = parts.flatMap((part, at) => {
    if (part.kind === "fold") return at === parts.length - 1 ? [] : [`@@ line ${part.firstLeft + part.count} @@`];
    return unified(part.rows);
  });
  return leftOut > 0 ? [...lines, `@@ ${leftOut} further changed lines @@`] : lines;
}

/** Of a stretch of changes first what goes, then what comes. */
function unified(rows: readonly DiffRow[]): string[] {
  const lines: string[] = [];
  let coming: string[] = [];
  const settle = (): void => {
    lines.push(...coming);
    coming = [];
  };
  for (const row of rows) {
    if (row.kind === "same") {
      settle();
      lines.push(` ${textOf(row.left)}`);
      continue;
    }
    if (row.kind !== "added") lines.push(`-${textOf(row.left)}`);
    if (row.kind !== "removed")
      coming.push(`+${textOf(row.right)}${row.kind === "changed" && row.isHidden ? "  (differs in what is not shown)" : ""}`);
  }
  settle();
  return lines;
}

const textOf = ({ pieces }: Cell): string =>
  pieces.map((piece) => (piece.kind === "cut" ? `… ${piece.count} characters …` : piece.text)).join("");
