import type { Anchor, Place, Segment, Span } from "../../core/records/document.ts";
import type { Escape } from "./escapes.ts";
import { indexCells, spansOf, textOf, type CellIndex, type Piece, type SourcePage } from "./source-page.ts";

/** A run of text of a page. Its spans are worked out when they are asked for: most never are. */
export class HtmlSegment implements Segment {
  readonly text: string;
  readonly place: Place;
  anchor?: Anchor;
  heads?: readonly string[];
  readonly #page: SourcePage;
  readonly #pieces: readonly Piece[];
  readonly #escape: Escape;
  #index: CellIndex | undefined;

  constructor(page: SourcePage, pieces: readonly Piece[], place: Place, escape: Escape) {
    this.text = saidBy(page, pieces);
    this.place = place;
    this.#page = page;
    this.#pieces = pieces;
    this.#escape = escape;
  }

  spans(from: number, to: number): readonly Span[] {
    this.#index ??= indexCells(this.#page, this.#pieces);
    return spansOf(this.#index, from, to);
  }

  encode(text: string): Uint8Array | undefined {
    return this.#escape(text, this.#page.charset);
  }
}

/** What pieces say together. */
export function saidBy(page: SourcePage, pieces: readonly Piece[]): string {
  let text = "";
  for (const { start, end, said } of pieces) text += said ?? textOf(page, start, end);
  return text;
}
