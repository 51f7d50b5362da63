/** How alike two short strings are. Offsets are UTF-16 units: inputs are folded to lower case without marks before they come here. */

/**
 * Edits that turn one string into the other: insert, delete, replace, or swap two neighbours (optimal string alignment, after Damerau 1964).
 * Stops counting above `most`, which is small, and answers `most + 1`.
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  for (let edits = 0; edits <= most; edits += 1) if (isWithin(a, b, { i: 0, j: 0, edits })) return edits;
  return most + 1;
}

interface Walk {
  readonly i: number;
  readonly j: number;
  readonly edits: number;
}

/** Whether the ends of both strings are so few edits apart. Equal letters are passed over, so that what is unlike ends at once. */
function isWithin(a: string, b: string, from: Walk): boolean {
  let { i, j } = from;
  while (i < a.length && j < b.length && a.charCodeAt(i) === b.charCodeAt(j)) {
    i += 1;
    j += 1;
  }
  if (i === a.length || j === b.length) return a.length - i + b.length - j <= from.edits;
  if (from.edits === 0) return false;
  const edits = from.edits - 1;
  if (isWithin(a, b, { i: i + 1, j: j + 1, edits }) || isWithin(a, b, { i: i + 1, j, edits }) || isWithin(a, b, { i, j: j + 1, edits }))
    return true;
  return a[i] === b[j + 1] && a[i + 1] === b[j] && isWithin(a, b, { i: i + 2, j: j + 2, edits });
}

/** From 0 to 1, as Jaro (1989) counts matching and transposed letters, raised for a common beginning of up to four (Winkler 1990). */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  const jaro = jaroOf(a, b);
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix += 1;
  return jaro + prefix * 0.1 * (1 - jaro);
}

function jaroOf(a: string, b: string): number {
  if (a.length === 0 || b.length === 0) return 0;
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = Array.from({ length: b.length }, () => false);
  const matched: string[] = [];
  for (let i = 0; i < a.length; i += 1) {
    const at = matchIn(b, taken, { letter: a[i] ?? "", from: Math.max(0, i - reach), to: Math.min(b.length, i + reach + 1) });
    if (at === undefined) continue;
    taken[at] = true;
    matched.push(a[i] ?? "");
  }
  if (matched.length === 0) return 0;
  const others = b.split("").filter((_, at) => taken[at]);
  const moved = matched.filter((letter, at) => letter !== others[at]).length / 2;
  return (matched.length / a.length + matched.length / b.length + (matched.length - moved) / matched.length) / 3;
}

function matchIn(text: string, taken: readonly boolean[], want: { letter: string; from: number; to: number }): number | undefined {
  for (let at = want.from; at < want.to; at += 1) if (taken[at] !== true && text[at] === want.letter) return at;
  return undefined;
}
