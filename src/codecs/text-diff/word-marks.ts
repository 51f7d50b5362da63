/** Which words of a line were changed, with what is too long to be shown cut out. */

import { lineHunks } from "./line-hunks.ts";

/** `cut` stands for so many characters that are not shown. */
export type Piece =
  | { readonly kind: "same"; readonly text: string }
  | { readonly kind: "marked"; readonly text: string }
  | { readonly kind: "cut"; readonly count: number };

/** A longer line is shown around its changes only. */
const lineCharsMax = 800;
/** Left of an unchanged stretch of a long line at each end, and of a changed one in all. */
const edgeChars = 80;
const markedCharsMax = 600;
/** A line keeps at most so many pieces. */
const piecesMax = 200;
/** Above this many words the stretch between the first and the last difference is one mark. */
const wordsMax = 3_000;

/** A line without changes. */
export const markedLine = (line: string): readonly Piece[] => clipped([{ kind: "same", text: line }]);

/** Both lines in pieces; without any mark where hardly anything of them is common. */
export function markedLines(before: string, after: string): { readonly left: readonly Piece[]; readonly right: readonly Piece[] } {
  const { start, end } = commonEnds(before, after);
  const middles = [before.slice(start, before.length - end), after.slice(start, after.length - end)] as const;
  const words = middles.map((text) => wordsOf(text));
  const [left = [], right = []] = words;
  const isLong = left.length + right.length > wordsMax;
  const hunks = isLong ? [{ beforeStart: 0, beforeEnd: left.length, afterStart: 0, afterEnd: right.length }] : lineHunks(left, right);
  const [lead, trail] = [before.slice(0, start), end === 0 ? "" : before.slice(-end)];
  const pieces = (own: readonly string[], marks: readonly (readonly [number, number])[]): Piece[] =>
    withoutGaps([{ kind: "same", text: lead }, ...markedPieces(own, marks), { kind: "same", text: trail }]);
  const sides = {
    left: pieces(
      left,
      hunks.map(({ beforeStart, beforeEnd }) => [beforeStart, beforeEnd]),
    ),
    right: pieces(
      right,
      hunks.map(({ afterStart, afterEnd }) => [afterStart, afterEnd]),
    ),
  };
  if (isMostlyMarked(sides.left) && isMostlyMarked(sides.right)) return { left: markedLine(before), right: markedLine(after) };
  return { left: clipped(sides.left), right: clipped(sides.right) };
}

/** How many characters two lines share at their ends, whole words only and never within a surrogate pair. */
function commonEnds(before: string, after: string): { readonly start: number; readonly end: number } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  while (start > 0 && isWithinWord(before, after, start)) start -= 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  while (end > 0 && (isJoined(before, before.length - end) || isJoined(after, after.length - end))) end -= 1;
  return { start, end };
}

const wordSign = /[\p{L}\p{N}_\p{Cs}]/u;
const isJoined = (text: string, at: number): boolean => at > 0 && wordSign.test(text[at - 1] ?? "") && wordSign.test(text[at] ?? "");
const isWithinWord = (before: string, after: string, at: number): boolean => isJoined(before, at) || isJoined(after, at);

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];

function markedPieces(words: readonly string[], marks: readonly (readonly [number, number])[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    pieces.push({ kind: "same", text: words.slice(at, from).join("") }, { kind: "marked", text: words.slice(from, to).join("") });
    at = to;
  }
  return [...pieces, { kind: "same", text: words.slice(at).join("") }];
}

/** Empty pieces go, pieces of one kind join, and white space between two marks is marked with them. */
function withoutGaps(pieces: readonly Piece[]): Piece[] {
  const whole: Piece[] = [];
  const texts = pieces.filter((piece) => piece.kind === "cut" || piece.text !== "");
  for (const [at, piece] of texts.entries()) {
    const last = whole.at(-1);
    const isGap = piece.kind === "same" && last?.kind === "marked" && texts[at + 1]?.kind === "marked" && piece.text.trim() === "";
    const kind = isGap ? "marked" : piece.kind;
    if (piece.kind === "cut" || kind === "cut") whole.push(piece);
    else if (last && last.kind !== "cut" && last.kind === kind) whole[whole.length - 1] = { kind, text: last.text + piece.text };
    else whole.push({ kind, text: piece.text });
  }
  return whole;
}

const lengthOf = (pieces: readonly Piece[], kind: "same" | "marked"): number =>
  pieces.reduce((sum, piece) => sum + (piece.kind === kind ? piece.text.trim().length : 0), 0);

/** Marks that cover nearly everything say no more than the line's own colour. */
const isMostlyMarked = (pieces: readonly Piece[]): boolean => lengthOf(pieces, "marked") > 4 * lengthOf(pieces, "same");

/** A long line keeps what stands around its marks. */
function clipped(pieces: readonly Piece[]): readonly Piece[] {
  const length = lengthOf(pieces, "same") + lengthOf(pieces, "marked");
  if (length <= lineCharsMax && pieces.length <= piecesMax) return pieces.filter((piece) => piece.kind === "cut" || piece.text !== "");
  const short = pieces.slice(0, piecesMax).flatMap((piece, at): Piece[] => {
    if (piece.kind === "cut") return [piece];
    if (piece.kind === "marked") return cutOut(piece, markedCharsMax - edgeChars, edgeChars);
    const isAlone = pieces.length === 1;
    return cutOut(
      piece,
      isAlone ? lineCharsMax - edgeChars : at === 0 ? 0 : edgeChars,
      at === pieces.length - 1 && !isAlone ? 0 : edgeChars,
    );
  });
  const rest = pieces.slice(piecesMax).reduce((sum, piece) => sum + (piece.kind === "cut" ? piece.count : piece.text.length), 0);
  return rest === 0 ? short : [...short, { kind: "cut", count: rest }];
}

/** A piece without its middle, where that is worth it. */
function cutOut(piece: Exclude<Piece, { kind: "cut" }>, head: number, tail: number): Piece[] {
  const { kind, text } = piece;
  const count = text.length - head - tail;
  if (count <= edgeChars) return [piece];
  const [first, last] = [text.slice(0, head).toWellFormed(), text.slice(text.length - tail).toWellFormed()];
  const parts: Piece[] = [
    { kind, text: first },
    { kind: "cut", count },
    { kind, text: tail === 0 ? "" : last },
  ];
  return parts.filter((part) => part.kind === "cut" || part.text !== "");
}
