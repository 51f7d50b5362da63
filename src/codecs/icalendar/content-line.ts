/** One content line of a calendar, unfolded, with the way back to its bytes. By RFC 5545, section 3.1, and RFC 6868. */

import type { Span } from "../../core/records/document.ts";

/** A run of a line's text that lies in one piece in the bytes: folds stand between pieces. */
export interface Piece {
  /** Offset in the line's text. */
  readonly at: number;
  /** Offset in the document's bytes. */
  readonly start: number;
}

export interface Parameter {
  /** Upper case. */
  readonly name: string;
  /** Quotes taken off, carets decoded (RFC 6868). At least one. */
  readonly values: readonly string[];
  /** As written, quotes and carets included, one byte per character. */
  readonly raw: readonly string[];
}

export interface ContentLine {
  /** Upper case, with its group where it has one: `ITEM1.URL`. Empty where the line is no content line. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** The whole line without folds and line ending, one UTF-16 unit per byte: offsets in it count bytes. */
  readonly text: string;
  /** Where in `text` the value begins. */
  readonly valueAt: number;
  readonly pieces: readonly Piece[];
  /** The line with its folds and its line ending. */
  readonly span: Span;
  /** From 1, counted in lines as an editor shows them. */
  readonly number: number;
}

/** The bytes of a calendar with its lines. */
export interface CalendarLines {
  readonly bytes: Uint8Array;
  readonly lines: readonly ContentLine[];
}

// oxlint-disable-next-line no-control-regex -- ASCII is what is looked for.
const notAscii = /[^\u0000-\u007f]/u;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const oneByteEach = new TextDecoder("windows-1252");

const chunkBytes = 8192;

/** A text with one unit per byte, so that offsets in it count bytes; ASCII is itself. */
export function byteText(bytes: Uint8Array): string {
  // A decoder would hand out a string that lies outside of the heap, and every look at one of its units is slow.
  const chunks: string[] = [];
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
    const chunk: string = Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, at + chunkBytes));
    chunks.push(chunk);
  }
  return chunks.join("");
}

/** The bytes of such a text. */
export const bytesOfUnits = (units: string): Uint8Array => Uint8Array.from(units, (unit) => unit.charCodeAt(0));

export const isAscii = (text: string): boolean => !notAscii.test(text);

/** Offset in the document of the byte at `offset` of the line's text. `asEnd`: of the byte before it, plus one, so that no fold is taken in. */
export function byteAt(line: ContentLine, offset: number, asEnd = false): number {
  let found = line.pieces[0];
  for (const piece of line.pieces) {
    if (asEnd && offset > 0 ? piece.at >= offset : piece.at > offset) break;
    found = piece;
  }
  return found === undefined ? line.span.start : found.start + (offset - found.at);
}

/** The bytes of a part of the line's text, folds left out. */
export function bytesBetween(bytes: Uint8Array, line: ContentLine, from: number, to: number): Uint8Array {
  const only = line.pieces.length === 1 ? line.pieces[0] : undefined;
  if (only) return bytes.subarray(only.start + from, only.start + to);
  const joined = new Uint8Array(to - from);
  for (const [index, piece] of line.pieces.entries()) {
    const end = line.pieces[index + 1]?.at ?? line.text.length;
    const [first, last] = [Math.max(from, piece.at), Math.min(to, end)];
    if (first < last) joined.set(bytes.subarray(piece.start + first - piece.at, piece.start + last - piece.at), first - from);
  }
  return joined;
}

/** UTF-8 as text; bytes that are no UTF-8 one character each, as windows-1252. */
export function decodedText(bytes: Uint8Array): { readonly text: string; readonly isUtf8: boolean } {
  try {
    return { text: strictUtf8.decode(bytes), isUtf8: true };
  } catch {
    return { text: oneByteEach.decode(bytes), isUtf8: false };
  }
}

/** The line's value as it is written, escapes and all. */
export function rawValue(bytes: Uint8Array, line: ContentLine): string {
  const units = line.text.slice(line.valueAt);
  return isAscii(units) ? units : decodedText(bytesBetween(bytes, line, line.valueAt, line.text.length)).text;
}

/** The first value of a parameter. */
export const parameterOf = (line: ContentLine, name: string): string | undefined =>
  line.parameters.find((parameter) => parameter.name === name)?.values[0];

// oxlint-disable-next-line no-control-regex -- what a stranger wrote may end up in a terminal.
const controls = /[\u0000-\u001f\u007f-\u009f]/gu;

/** A stranger's text without characters that would steer a terminal. */
export const withoutControls = (text: string): string => text.replaceAll(controls, "");
