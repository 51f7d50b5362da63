/** A page's bytes with the view that markup is looked for in. Offsets in it are code units, which begin at the first byte. */

import type { Span } from "../../core/records/document.ts";
import { codePointOf, isInvalid, sizeOf, type Charset } from "./charset.ts";

export interface SourcePage {
  readonly bytes: Uint8Array;
  readonly charset: Charset;
  readonly view: string;
}

/** A run of code units. Without `said` they say themselves; with it they are an entity or escape, or (`start === end`) what nobody wrote: a line break for `<br>`. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly said?: string;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function isAscii(view: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (view.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** V8 copies shorter slices. */
const sharedMin = 13;

/** What code units say, invalid bytes as U+FFFD. */
export function textOf(page: SourcePage, start: number, end: number): string {
  const { bytes, charset, view } = page;
  if (charset.unitBytes === 1 && isAscii(view, start, end)) {
    if (end - start < sharedMin) return view.slice(start, end);
    // A plain slice would keep the whole view in memory for as long as somebody holds the text; a slice of a new string does not.
    return ` ${view.slice(start, end)}`.slice(1);
  }
  if (charset.name === "utf-8") return decoder.decode(bytes.subarray(start, end));
  let text = "";
  const last = end * charset.unitBytes;
  for (let at = start * charset.unitBytes; at < last;) {
    const read = charset.read(bytes, at, last);
    text += String.fromCodePoint(codePointOf(read));
    at += sizeOf(read);
  }
  return text;
}

/** Characters that lie evenly in their bytes (`isEven`), or one character, of `length` UTF-16 code units, in bytes `start` to `end`. */
interface Cell extends Span {
  readonly length: number;
  readonly isEven: boolean;
  readonly isInvalid: boolean;
}

function cellsOf(page: SourcePage, pieces: readonly Piece[]): readonly Cell[] {
  const unit = page.charset.unitBytes;
  const cells: Cell[] = [];
  for (const { start: from, end: to, said } of pieces) {
    const [start, end] = [from * unit, to * unit];
    if (said !== undefined) cells.push({ start, end, length: said.length, isEven: false, isInvalid: false });
    else if (isAscii(page.view, from, to)) cells.push({ start, end, length: to - from, isEven: true, isInvalid: false });
    else for (const cell of characters(page, { start, end })) cells.push(cell);
  }
  return cells;
}

/** Neighbours of one size are one cell, so that a text has no more cells than changes of script. */
function* characters({ bytes, charset }: SourcePage, { start, end }: Span): Generator<Cell, void, undefined> {
  let from = start;
  let length = 0;
  let size = 0;
  for (let at = start; at < end;) {
    const read = charset.read(bytes, at, end);
    const own = sizeOf(read);
    const isOne = codePointOf(read) <= 0xff_ff && !isInvalid(read);
    if (length > 0 && !(isOne && own === size)) {
      yield { start: from, end: at, length, isEven: true, isInvalid: false };
      length = 0;
    }
    if (!isOne) yield { start: at, end: at + own, length: codePointOf(read) > 0xff_ff ? 2 : 1, isEven: false, isInvalid: isInvalid(read) };
    else if (length === 0) [from, size, length] = [at, own, 1];
    else length += 1;
    at += own;
  }
  if (length > 0) yield { start: from, end, length, isEven: true, isInvalid: false };
}

/** The cells of a text with the offset at which each begins: many spans are asked for of one text, and each is found by halving. */
export interface CellIndex {
  readonly cells: readonly Cell[];
  readonly offsets: readonly number[];
}

export function indexCells(page: SourcePage, pieces: readonly Piece[]): CellIndex {
  const cells = cellsOf(page, pieces);
  const offsets: number[] = [];
  let at = 0;
  for (const { length } of cells) {
    offsets.push(at);
    at += length;
  }
  return { cells, offsets };
}

/** The last cell that begins at or before this offset. */
function cellAt({ offsets }: CellIndex, offset: number): number {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/**
 * The bytes of `from` up to `to` of what the pieces say together, neighbours joined. Empty where they cannot be told apart: half of
 * a character, or bytes that are no valid text. An empty range is the one empty span where an insertion goes.
 */
export function spansOf(index: CellIndex, from: number, to: number): readonly Span[] {
  if (from >= to) return insertionAt(index, from);
  const only = index.cells.length === 1 ? index.cells[0] : undefined;
  // Most texts are one run of plain characters.
  return only?.isEven === true && from >= 0 && to <= only.length ? evenSpan(only, from, to) : cellSpans(index, from, to);
}

/** The bytes of some code units of a cell; `undefined` where they cannot be told apart. */
function partOf({ start, end, length, isEven, isInvalid: isBroken }: Cell, low: number, high: number): Span | undefined {
  if (isBroken || (!isEven && (low > 0 || high < length))) return undefined;
  const size = isEven ? (end - start) / length : 0;
  return isEven ? { start: start + low * size, end: start + high * size } : { start, end };
}

function evenSpan({ start, end, length }: Cell, from: number, to: number): readonly Span[] {
  const size = (end - start) / length;
  return [{ start: start + from * size, end: start + to * size }];
}

function cellSpans(index: CellIndex, from: number, to: number): readonly Span[] {
  const { cells, offsets } = index;
  const found: { start: number; end: number }[] = [];
  for (let one = cellAt(index, from); one < cells.length; one += 1) {
    const [cell, at] = [cells[one], offsets[one] ?? 0];
    if (cell === undefined || at >= to) break;
    const low = Math.max(from - at, 0);
    const high = Math.min(to - at, cell.length);
    if (low >= high) continue;
    const span = partOf(cell, low, high);
    if (!span) return [];
    const last = found.at(-1);
    if (last?.end === span.start) last.end = span.end;
    else if (span.start < span.end) found.push(span);
  }
  return found;
}

/** Right before the character at `from`; after the last one where there is none. */
function insertionAt(index: CellIndex, from: number): readonly Span[] {
  const { cells, offsets } = index;
  const one = cellAt(index, from);
  const [cell, at] = [cells[one], offsets[one] ?? 0];
  if (cell === undefined) return [{ start: 0, end: 0 }];
  const into = from - at;
  if (into >= cell.length) return [{ start: cell.end, end: cell.end }];
  if (into > 0 && !cell.isEven) return [];
  const place = cell.start + (into * (cell.end - cell.start)) / (cell.isEven ? cell.length : 1);
  return [{ start: place, end: place }];
}
