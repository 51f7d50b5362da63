/** One change of a text as the changes of its single words and figures, so that each can stay in the tag that it stands in. */

/** A replacement in a text. UTF-16 offsets. */
export interface TextSlice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const isSpoken = /^[\p{L}\p{M}\p{N}]/u;
/** Figures, words, and what stands between them. */
const runs = /\p{N}+|[\p{L}\p{M}]+|[^\p{L}\p{M}\p{N}]+/gu;
/** Between spaces: `O’Hara`, `Dr.`. */
const tokens = /\S+|\s+/gu;

const kindOf = (run: string): string => (isSpoken.test(run) ? (/^\p{N}/u.test(run) ? "figures" : "word") : run);
const shapeOf = (token: string): string => (/^\s/u.test(token) ? token : "word");

/**
 * The words and figures that change, where old and new text are built alike: `18:30` and `19:15` differ in two figures. `undefined`
 * where they are not: what would go where is a guess then.
 */
export function alignSlices(slice: TextSlice, old: string): readonly TextSlice[] | undefined {
  return paired(slice, old, runs, kindOf) ?? paired(slice, old, tokens, shapeOf);
}

function paired({ from, text: next }: TextSlice, old: string, pieces: RegExp, shape: (piece: string) => string): TextSlice[] | undefined {
  const [before, after] = [old.match(pieces) ?? [], next.match(pieces) ?? []];
  if (before.length !== after.length) return undefined;
  const found: TextSlice[] = [];
  let at = from;
  for (const [index, piece] of before.entries()) {
    const text = after[index] ?? "";
    if (shape(piece) !== shape(text)) return undefined;
    if (piece !== text) found.push({ from: at, to: at + piece.length, text });
    at += piece.length;
  }
  return found;
}
