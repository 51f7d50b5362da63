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

/** What code units say, invalid bytes as U+FFFD. */
export function textOf(page: SourcePage, start: number, end: number): string {
  const { bytes, charset, view } = page;
  if (charset.unitBytes === 1 && isAscii(view, start, end)) {
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

function* cellsOf(page: SourcePage, pieces: readonly Piece[]): Generator<Cell, void, undefined> {
  const unit = page.charset.unitBytes;
  for (const { start, end, said } of pieces) {
    const span = { start: start * unit, end: end * unit };
    if (said !== undefined) yield { ...span, length: said.length, isEven: false, isInvalid: false };
    else if (isAscii(page.view, start, end)) yield { ...span, length: end - start, isEven: true, isInvalid: false };
    else yield* characters(page, span);
  }
}

function* characters({ bytes, charset }: SourcePage, { start, end }: Span): Generator<Cell, void, undefined> {
  for (let at = start; at < end;) {
    const read = charset.read(bytes, at, end);
    const next = at + sizeOf(read);
    yield { start: at, end: next, length: codePointOf(read) > 0xff_ff ? 2 : 1, isEven: false, isInvalid: isInvalid(read) };
    at = next;
  }
}

/**
 * The bytes of `from` up to `to` of what the pieces say together, neighbours joined. Empty where they cannot be told apart: half of
 * a character, or bytes that are no valid text. An empty range is the one empty span where an insertion goes.
 */
export function spansOf(page: SourcePage, pieces: readonly Piece[], from: number, to: number): readonly Span[] {
  if (from >= to) return insertionAt(page, pieces, from);
  const found: { start: number; end: number }[] = [];
  let at = 0;
  for (const cell of cellsOf(page, pieces)) {
    const low = Math.max(from - at, 0);
    const high = Math.min(to - at, cell.length);
    at += cell.length;
    if (low < high) {
      if (cell.isInvalid || (!cell.isEven && (low > 0 || high < cell.length))) return [];
      const size = cell.isEven ? (cell.end - cell.start) / cell.length : 0;
      const span = cell.isEven ? { start: cell.start + low * size, end: cell.start + high * size } : { start: cell.start, end: cell.end };
      const last = found.at(-1);
      if (last?.end === span.start) last.end = span.end;
      else if (span.start < span.end) found.push(span);
    }
    if (at >= to) break;
  }
  return found;
}

/** Right before the character at `from`; after the last one where there is none. */
function insertionAt(page: SourcePage, pieces: readonly Piece[], from: number): readonly Span[] {
  let at = 0;
  let place = (pieces[0]?.start ?? 0) * page.charset.unitBytes;
  for (const cell of cellsOf(page, pieces)) {
    const into = from - at;
    if (into < cell.length) {
      if (into > 0 && !cell.isEven) return [];
      place = cell.start + (into * (cell.end - cell.start)) / (cell.isEven ? cell.length : 1);
      break;
    }
    at += cell.length;
    place = cell.end;
  }
  return [{ start: place, end: place }];
}
