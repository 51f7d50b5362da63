/** A shell word after expansion, as far as it can be known without running anything. */

/**
 * Text in which each `hole` stands for a stretch, perhaps empty, that only running the command would tell:
 * `s3://${hole}/i` is `s3://$BUCKET/i` where nobody knows BUCKET. Input never holds the character itself.
 */
export type Word = string;

export const hole = "\u0000";

export const isKnown = (word: Word): boolean => !word.includes(hole);

/** Whether some filling of the holes makes `text` of the word. */
export function mayBe(word: Word, text: string): boolean {
  const [first = "", ...rest] = word.split(hole);
  if (rest.length === 0) return first === text;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? "";
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
