/** What heads a text from outside it: the header of its row and of its column, its term, its label. */

import type { Piece } from "./source-page.ts";

interface Heading {
  readonly pieces: readonly Piece[];
  text?: string;
}

/** Columns of a wider table have no headers here. */
const columnsMax = 1000;

const none: readonly string[] = [];

/** Follows the tags of a page. Tables within tables begin anew, and what comes after them in the outer row is headed by its row no more. */
export class Headings {
  readonly #read: (pieces: readonly Piece[]) => string;
  #columns: (Heading | undefined)[] = [];
  #row: Heading | undefined;
  #cell = -1;
  /** Cells of a table's first row, and of its head, head the columns. */
  #isHeadRow = false;
  #rows = 0;
  #term: Heading | undefined;
  #label: Heading | undefined;

  constructor(read: (pieces: readonly Piece[]) => string) {
    this.#read = read;
  }

  /** A start tag of a block. */
  open(name: string): void {
    if (name === "table") [this.#columns, this.#rows] = [[], 0];
    else if (name === "tr") {
      this.#isHeadRow = this.#rows === 0;
      this.#rows += 1;
      this.#cell = -1;
      this.#row = undefined;
    } else if (name === "td" || name === "th") this.#openCell(name);
    else if (name === "dl") this.#term = undefined;
  }

  /** A row that holds data too is no head of columns. */
  #openCell(name: "td" | "th"): void {
    this.#cell += 1;
    if (name === "th" || !this.#isHeadRow) return;
    this.#isHeadRow = false;
    this.#columns = [];
  }

  /** Takes note of a text that ended in this block, which may head others, and says what heads it, where that `isAsked`. */
  take(block: string, pieces: readonly Piece[], isAsked: boolean): readonly string[] {
    const heads = isAsked ? this.#over(block).flatMap((one) => (one === undefined ? [] : [this.#textOf(one)])) : none;
    const own: Heading = { pieces };
    this.#label = block === "label" ? own : undefined;
    if (block === "dt") this.#term = own;
    if (block === "th" && this.#isHeadRow && this.#cell < columnsMax) this.#columns[this.#cell] = own;
    if ((block === "th" || block === "td") && this.#cell === 0) this.#row = own;
    return heads;
  }

  #over(block: string): readonly (Heading | undefined)[] {
    const label = block === "label" ? undefined : this.#label;
    if (block === "dd") return [label, this.#term];
    if (block !== "td") return [label];
    return [label, this.#columns[this.#cell], this.#cell === 0 ? undefined : this.#row];
  }

  #textOf(heading: Heading): string {
    heading.text ??= this.#read(heading.pieces).trim();
    return heading.text;
  }
}
