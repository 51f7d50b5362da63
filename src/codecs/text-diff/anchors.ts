/** Lines that stand exactly once on every side and in the same order: safe places to cut long texts. */

/**
 * Positions of anchors, ascending: the first number is the place in `base`, the following ones those in `others`,
 * in the order given. Takes time in proportion to n log n.
 */
export function commonAnchors(base: readonly number[], others: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const places = others.map(uniquePlaces);
  const candidates: number[][] = [];
  for (const [id, at] of uniquePlaces(base)) {
    const elsewhere = places.map((place) => place.get(id)).filter((place) => place !== undefined);
    if (elsewhere.length === others.length) candidates.push([at, ...elsewhere]);
  }
  let anchors = candidates.toSorted((one, other) => (one[0] ?? 0) - (other[0] ?? 0));
  // Thinning for one side keeps the order that was already won on the sides before it.
  for (let side = 1; side <= others.length; side += 1) anchors = longestRising(anchors, side);
  return anchors;
}

/** Where each value that occurs once stands, in the order of the sequence. */
function uniquePlaces(sequence: readonly number[]): Map<number, number> {
  const places = new Map<number, number>();
  const repeated = new Set<number>();
  for (const [at, id] of sequence.entries()) {
    if (places.has(id)) repeated.add(id);
    else places.set(id, at);
  }
  for (const id of repeated) places.delete(id);
  return places;
}

/** The longest subsequence whose numbers at `side` rise, by patience sorting. */
function longestRising(rows: readonly number[][], side: number): number[][] {
  interface Link {
    readonly row: number[];
    readonly before: Link | undefined;
  }
  const tails: Link[] = [];
  for (const row of rows) {
    const value = row[side] ?? 0;
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tails[middle]?.row[side] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    tails[low] = { row, before: low > 0 ? tails[low - 1] : undefined };
  }
  const rising: number[][] = [];
  for (let link = tails.at(-1); link; link = link.before) rising.push(link.row);
  return rising.toReversed();
}
