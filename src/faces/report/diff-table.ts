import type { Cell, DiffPart, DiffRow, SideBySide } from "../../operations/report/report-facts.ts";
import { counted } from "../cli/plain-text.ts";
import { html, toldLine, type Html } from "./html.ts";

/** Both sides of a file beside one another; on narrow screens below one another. Every sign that a colour gives stands there as a character too. */
export function diffTable({ parts, leftOut }: SideBySide, kind: "create" | "replace" | "delete" | "held"): Html {
  if (kind === "create" || kind === "delete") return html`<div class="diff">${parts.map(oneSided)}${rest(leftOut)}</div>`;
  return html`<div class="diff">${heading}${parts.map(partMarkup)}${rest(leftOut)}</div>`;
}

const rest = (leftOut: number): Html | false =>
  leftOut > 0 && html`<div class="fold"><p>… ${counted(leftOut, "further changed line")} left out of this report</p></div>`;

const columns = html`<colgroup>
  <col class="w" />
  <col />
  <col class="w" />
  <col />
</colgroup>`;

const heading = html`<table>
  ${columns}
  <thead>
    <tr>
      <th colspan="2" scope="colgroup">now live</th>
      <th colspan="2" scope="colgroup">as planned</th>
    </tr>
  </thead>
</table>`;

const partMarkup = (part: DiffPart): Html =>
  part.kind === "fold"
    ? foldMarkup(part)
    : html`<table>
        ${columns}
        <tbody>
          ${part.rows.map(rowMarkup)}
        </tbody>
      </table>`;

function foldMarkup({ count, firstLeft, rows }: Extract<DiffPart, { kind: "fold" }>): Html {
  const words = `${counted(count, "unchanged line")}, from line ${firstLeft}`;
  if (rows.length === 0) return html`<div class="fold"><p>⋯ ${words}</p></div>`;
  return html`<details class="fold">
    <summary>${words}</summary>
    <table>
      ${columns}
      <tbody>
        ${rows.map(rowMarkup)}
      </tbody>
    </table>
  </details>`;
}

function rowMarkup(row: DiffRow): Html {
  switch (row.kind) {
    case "same":
      return html`<tr class="s">
        ${cells(row.left, { side: "l", sign: "" })}${cells(row.right, { side: "r", sign: "" })}
      </tr> `;
    case "removed":
      return html`<tr>
        ${cells(row.left, { side: "l", sign: "−" })}
        <td class="n r e"></td>
        <td class="t e"></td>
      </tr> `;
    case "added":
      return html`<tr>
        <td class="n e"></td>
        <td class="t e"></td>
        ${cells(row.right, { side: "r", sign: "+" })}
      </tr> `;
    case "changed":
      return html`<tr>
        ${cells(row.left, { side: "l", sign: "−" })}${cells(row.right, { side: "r", sign: "+", isHidden: row.isHidden })}
      </tr> `;
  }
}

interface Side {
  readonly side: "l" | "r";
  readonly sign: "" | "−" | "+";
  readonly isHidden?: boolean;
}

const signClasses = { "": "", "−": " g", "+": " c" } as const;

/** The number of a line with its sign, and the line. */
function cells(cell: Cell, { side, sign, isHidden = false }: Side): Html {
  const classes = `${side === "r" ? " r" : ""}${signClasses[sign]}`;
  const note = isHidden && html` <span class="x">differs in what is not shown</span>`;
  return html`<td class="n${classes}">${cell.line}<b>${sign}</b></td>
    <td class="t${classes}">${piecesMarkup(cell, sign)}${note}</td>`;
}

const piecesMarkup = ({ pieces }: Cell, sign: string): Html[] =>
  pieces.map((piece) => {
    if (piece.kind === "cut") return html`<span class="x">… ${counted(piece.count, "character")} …</span>`;
    if (piece.kind === "same") return toldLine(piece.text);
    return sign === "−" ? html`<del>${toldLine(piece.text)}</del>` : html`<ins>${toldLine(piece.text)}</ins>`;
  });

/** A file that comes or goes has one side only. */
function oneSided(part: DiffPart): Html {
  if (part.kind === "fold") return foldMarkup(part);
  const rows = part.rows.map((row) => {
    if (row.kind === "added")
      return html`<tr>
        ${cells(row.right, { side: "r", sign: "+" })}
      </tr> `;
    return (
      row.kind === "removed" &&
      html`<tr>
        ${cells(row.left, { side: "l", sign: "−" })}
      </tr> `
    );
  });
  return html`<table>
    <colgroup>
      <col class="w" />
      <col />
    </colgroup>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
