/** Texts with `*` (any characters) and `?` (one character), as policies match by them. */

/** Whether the pattern matches exactly this text. */
export function matches(pattern: string, text: string): boolean {
  let [at, inText, star, resumed] = [0, 0, -1, 0];
  while (inText < text.length) {
    if (pattern[at] === "*") {
      star = at;
      resumed = inText;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[inText])) {
      at += 1;
      inText += 1;
    } else if (star === -1) return false;
    else {
      // The star takes one character more.
      resumed += 1;
      inText = resumed;
      at = star + 1;
    }
  }
  return /^\**$/u.test(pattern.slice(at));
}

/** Whether some text is matched by both. */
export function meet(first: string, second: string): boolean {
  // Pairs of positions up to which both have matched one and the same text.
  let reached = closed(new Set([0]), first, second, 0);
  for (let at = 0; at < second.length; at += 1) {
    const next = new Set<number>();
    for (const inFirst of reached) step(first, second, { inFirst, inSecond: at }, next);
    reached = closed(next, first, second, at + 1);
  }
  return reached.has(first.length);
}

/** Takes in that a star of the first may match nothing, or stand against what the second's star leaves open. */
function closed(positions: Set<number>, first: string, second: string, inSecond: number): Set<number> {
  const isStar = second[inSecond] === "*";
  for (const at of positions) {
    if (at < first.length && (first[at] === "*" || isStar)) positions.add(at + 1);
  }
  return positions;
}

/** Where the first may stand once the second has gone one character further. */
function step(
  first: string,
  second: string,
  { inFirst, inSecond }: { readonly inFirst: number; readonly inSecond: number },
  next: Set<number>,
): void {
  const [left, right] = [first[inFirst], second[inSecond]];
  if (right === "*") next.add(inFirst);
  if (left === "*") next.add(inFirst);
  else if (left !== undefined && right !== "*" && (left === "?" || right === "?" || left === right)) next.add(inFirst + 1);
}

// Characters of private use: no pattern spells them, so only stars match a text of them.
const anything = ["\u{E000}", "\u{E001}\u{E000}\u{E002}/\u{E001}\u{E003}"];

/** Whether the pattern matches every text that begins so. */
export const covers = (pattern: string, beginning: string): boolean => anything.every((rest) => matches(pattern, beginning + rest));
