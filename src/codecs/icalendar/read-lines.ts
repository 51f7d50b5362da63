/** Bytes to content lines. Takes what stands in the wild: bare line feeds, folds inside a character, quoted-printable, no final newline. */

import type { Span } from "../../core/records/document.ts";
import {
  byteText,
  bytesBetween,
  decodedText,
  isAscii,
  type CalendarLines,
  type ContentLine,
  type Parameter,
  type Piece,
} from "./content-line.ts";

const byteOrderMark = [0xef, 0xbb, 0xbf];
const linesMax = 5_000_000;
const nameChars = /[A-Za-z0-9_.-]+/uy;

/** One line of the file. */
interface Physical {
  readonly start: number;
  /** Without the line ending. */
  readonly end: number;
  /** Where the next one begins. */
  readonly next: number;
}

/** Every line of the bytes, blank ones left out. Lines that are no content line have an empty name. Never throws. */
export function readLines(bytes: Uint8Array): CalendarLines {
  const source = byteText(bytes);
  const endOf = lineEnds(source);
  const lines: ContentLine[] = [];
  let at = byteOrderMark.every((byte, index) => bytes[index] === byte) ? byteOrderMark.length : 0;
  let number = 1;
  while (at < source.length && lines.length < linesMax) {
    const first = endOf(at);
    const run = logicalLine(source, first, endOf);
    if (run.text !== "") lines.push(contentLine(run, { start: at, number }, bytes));
    number += run.count;
    at = run.next;
  }
  return { bytes, lines };
}

/** Finds line ends: `\r\n`, `\n`, and a lone `\r` only in a file that has no `\n` at all. */
function lineEnds(source: string): (start: number) => Physical {
  const mark = source.includes("\n") ? "\n" : "\r";
  return (start) => {
    const found = source.indexOf(mark, start);
    if (found === -1) return { start, end: source.length, next: source.length };
    const isPair = mark === "\n" && found > start && source.charCodeAt(found - 1) === 13;
    return { start, end: isPair ? found - 1 : found, next: found + 1 };
  };
}

interface Run {
  readonly text: string;
  readonly pieces: readonly Piece[];
  readonly next: number;
  /** Physical lines. */
  readonly count: number;
}

function logicalLine(source: string, first: Physical, endOf: (start: number) => Physical): Run {
  let text = source.slice(first.start, first.end);
  let { next } = first;
  if (!isFold(source.charCodeAt(next)) && !text.endsWith("=")) return { text, pieces: [{ at: 0, start: first.start }], next, count: 1 };
  const pieces: Piece[] = [{ at: 0, start: first.start }];
  const parts = [text];
  let length = text.length;
  const isPrintable = /^[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]/iu.test(text);
  let isSoft = isPrintable && isSoftBreak(text, source, next);
  while (next < source.length && (isSoft || isFold(source.charCodeAt(next)))) {
    const line = endOf(isSoft ? next : next + 1);
    if (isSoft) {
      // A soft line break of quoted-printable goes with its `=`, and what follows is taken as it is.
      length -= 1;
      parts.push((parts.pop() ?? "").slice(0, -1));
    }
    const piece = source.slice(line.start, line.end);
    pieces.push({ at: length, start: line.start });
    parts.push(piece);
    length += piece.length;
    next = line.next;
    isSoft = isPrintable && isSoftBreak(piece, source, next);
  }
  text = parts.join("");
  return { text, pieces, next, count: parts.length };
}

/** Whether a line ends with a soft break, and not with an `=` whose digits a fold cut off. */
const isSoftBreak = (line: string, source: string, next: number): boolean =>
  line.endsWith("=") && !/^[ \t][0-9A-F]{2}/u.test(source.slice(next, next + 3));

const isFold = (code: number): boolean => code === 32 || code === 9;

function contentLine(
  { text, pieces, next }: Run,
  { start, number }: Pick<Span, "start"> & Pick<ContentLine, "number">,
  bytes: Uint8Array,
): ContentLine {
  const span = { start, end: next };
  const junk: ContentLine = { name: "", parameters: [], text, valueAt: 0, pieces, span, number };
  nameChars.lastIndex = 0;
  const name = nameChars.exec(text)?.[0];
  if (name === undefined) return junk;
  const upper = name.toUpperCase();
  if (text.charCodeAt(name.length) === 58 /* : */)
    return { name: upper, parameters: [], text, valueAt: name.length + 1, pieces, span, number };
  const read = readParameters(text, name.length, (from, to) => {
    const units = text.slice(from, to);
    return isAscii(units) ? units : decodedText(bytesBetween(bytes, junk, from, to)).text;
  });
  return read ? { name: upper, parameters: read.parameters, text, valueAt: read.valueAt, pieces, span, number } : junk;
}

type TextBetween = (from: number, to: number) => string;

/** `undefined` where the text is no content line: no colon, or something that is no parameter before it. */
function readParameters(text: string, from: number, textBetween: TextBetween): { parameters: Parameter[]; valueAt: number } | undefined {
  const parameters: Parameter[] = [];
  let at = from;
  while (text.charCodeAt(at) === 59 /* ; */) {
    const nameAt = skipBlanks(text, at + 1);
    nameChars.lastIndex = nameAt;
    const name = nameChars.exec(text)?.[0];
    if (name === undefined) {
      // An empty parameter (`DTSTART;:2026…`) says nothing.
      at = nameAt;
      continue;
    }
    at = nameAt + name.length;
    const upper = name.toUpperCase();
    if (text.charCodeAt(at) === 61 /* = */) {
      const list = readList(text, at, textBetween);
      if (!list) return undefined;
      parameters.push({ name: upper, values: list.values, raw: list.raw });
      at = list.end;
      continue;
    }
    // vCalendar 1.0 writes the value of a parameter without its name: `DESCRIPTION;QUOTED-PRINTABLE:`.
    parameters.push({ name: upper, values: [""], raw: [""] });
  }
  return text.charCodeAt(at) === 58 /* : */ ? { parameters, valueAt: at + 1 } : undefined;
}

/** The values after an equals sign, between commas; `undefined` where quotes never end. */
function readList(text: string, equals: number, textBetween: TextBetween): { values: string[]; raw: string[]; end: number } | undefined {
  const values: string[] = [];
  const raw: string[] = [];
  let at = equals;
  do {
    const end = valueEnd(text, at + 1);
    if (end === undefined) return undefined;
    raw.push(text.slice(at + 1, end));
    values.push(parameterText(textBetween(at + 1, end)));
    at = end;
  } while (text.charCodeAt(at) === 44 /* , */);
  return { values, raw, end: at };
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 32) at += 1;
  return at;
}

/** Where a parameter's value ends; `undefined` where its quotes never do. */
function valueEnd(text: string, from: number): number | undefined {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 34 /* " */) {
      const close = text.indexOf('"', at + 1);
      if (close === -1) return undefined;
      at = close;
    } else if (code === 44 || code === 58 || code === 59) return at;
    at += 1;
  }
  return at;
}

const carets: Readonly<Record<string, string>> = { "^n": "\n", "^^": "^", "^'": '"' };

function parameterText(written: string): string {
  const bare = written.includes('"') ? written.replaceAll('"', "") : written;
  return bare.includes("^") ? bare.replaceAll(/\^[n^']/gu, (pair) => carets[pair] ?? pair) : bare;
}
