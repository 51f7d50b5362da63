/** Which removed line an added line stands in the place of. */

/** Places in the two lists; one of them is absent where a line has no counterpart. */
export type LinePair = readonly [left: number | undefined, right: number | undefined];

/** Above this many comparisons lines are paired in their order. */
const comparisonsMax = 2_500;
/** Share of common words from which two lines count as one line that was changed. */
const likenessMin = 0.4;
/** So much of a line is compared. */
const wordsMax = 80;
const lineCharsMax = 2_000;

/**
 * Every line of both lists once, in order. Lines that resemble one another are paired so that together they resemble most;
 * what is left over between such pairs stands side by side in order, the rest alone.
 */
export function pairLines(left: readonly string[], right: readonly string[]): readonly LinePair[] {
  const matches = left.length * right.length <= comparisonsMax ? likePairs(left.map(wordsOf), right.map(wordsOf)) : [];
  const pairs: LinePair[] = [];
  let [atLeft, atRight] = [0, 0];
  for (const [toLeft, toRight] of [...matches, [left.length, right.length] as const]) {
    const common = Math.min(toLeft - atLeft, toRight - atRight);
    for (let step = 0; step < common; step += 1) pairs.push([atLeft + step, atRight + step]);
    for (let at = atLeft + common; at < toLeft; at += 1) pairs.push([at, undefined]);
    for (let at = atRight + common; at < toRight; at += 1) pairs.push([undefined, at]);
    if (toLeft < left.length && toRight < right.length) pairs.push([toLeft, toRight]);
    [atLeft, atRight] = [toLeft + 1, toRight + 1];
  }
  return pairs;
}

const wordsOf = (line: string): ReadonlyMap<string, number> => {
  const words = new Map<string, number>();
  for (const word of (line.slice(0, lineCharsMax).match(/[\p{L}\p{N}_]+/gu) ?? []).slice(0, wordsMax))
    words.set(word, (words.get(word) ?? 0) + 1);
  return words;
};

type Bag = ReadonlyMap<string, number>;

const sizeOf = (bag: Bag): number => [...bag.values()].reduce((sum, count) => sum + count, 0);

/** Dice's coefficient of the words: 1 for the same words, 0 for none in common. */
function likeness(one: Bag, other: Bag): number {
  const all = sizeOf(one) + sizeOf(other);
  let common = 0;
  for (const [word, count] of one) common += Math.min(count, other.get(word) ?? 0);
  return all === 0 ? 0 : (2 * common) / all;
}

/** The rising pairs of the greatest likeness in all, by dynamic programming from the end. */
function likePairs(left: readonly Bag[], right: readonly Bag[]): (readonly [number, number])[] {
  const scores = left.map((one) => right.map((other) => likeness(one, other)));
  const best: number[][] = Array.from({ length: left.length + 1 }, () => Array.from({ length: right.length + 1 }, () => 0));
  const at = (row: number, column: number): number => best[row]?.[column] ?? 0;
  const scoreOf = (row: number, column: number): number => {
    const score = scores[row]?.[column] ?? 0;
    return score >= likenessMin ? score : -1;
  };
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const paired = scoreOf(row, column) + at(row + 1, column + 1);
      const line = best[row];
      if (line) line[column] = Math.max(at(row + 1, column), at(row, column + 1), paired);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let [row, column] = [0, 0]; row < left.length && column < right.length;) {
    const score = scoreOf(row, column);
    if (score > 0 && at(row, column) === score + at(row + 1, column + 1)) {
      pairs.push([row, column]);
      [row, column] = [row + 1, column + 1];
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}
