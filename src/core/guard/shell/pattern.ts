/** Patterns of the shell against known text, in time that grows with pattern times text. */

/** One place of a pattern: a character, any character, any stretch, or one of a set. */
type Place =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "any" | "stretch" }
  | { readonly kind: "set"; readonly has: (char: string) => boolean };

const patternMax = 1000;
const textMax = 10_000;

/** `undefined`: a pattern that is not followed (extglob, classes by name). */
function placesOf(pattern: string): readonly Place[] | undefined {
  if (pattern.length > patternMax || /[?*+@!]\(|\[[:.=]/.test(pattern)) return undefined;
  const places: Place[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === "*") places.push({ kind: "stretch" });
    else if (char === "?") places.push({ kind: "any" });
    else if (char === "[") {
      const end = closing(pattern, at);
      if (end < 0) places.push({ kind: "char", char });
      else {
        places.push({ kind: "set", has: setOf(pattern.slice(at + 1, end)) });
        at = end;
      }
    } else {
      if (char === "\\") at += 1;
      places.push({ kind: "char", char: pattern.charAt(at) });
    }
  }
  return places;
}

/** Of `[…]`; a `]` right behind the opening is one of its characters. */
function closing(pattern: string, open: number): number {
  const first = /^\[[!^]?/.exec(pattern.slice(open, open + 2))?.[0].length ?? 1;
  return pattern.indexOf("]", open + first + 1);
}

function setOf(body: string): (char: string) => boolean {
  const isNot = /^[!^]/.test(body);
  const chars = Array.from((isNot ? body.slice(1) : body).replaceAll(/\\(.)/gu, "$1"));
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < chars.length; at += 1) {
    const first = chars[at] ?? "";
    const last = chars[at + 1] === "-" ? chars[at + 2] : undefined;
    ranges.push([first, last ?? first]);
    if (last !== undefined) at += 2;
  }
  const has = (char: string): boolean => ranges.some(([first, last]) => first <= char && char <= last);
  return (char) => has(char) !== isNot;
}

/** Whether `pattern` matches the whole of `text`. `undefined` where the pattern is not followed. */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
  return prefixLengths(pattern, text)?.includes(text.length);
}

/** The lengths of all prefixes of `text` that `pattern` matches, shortest first. `undefined`: a pattern that is not followed. */
export function prefixLengths(pattern: string, text: string): number[] | undefined {
  const places = text.length > textMax ? undefined : placesOf(pattern);
  if (places === undefined) return undefined;
  let reached = new Set([0]);
  for (const place of places) {
    reached = place.kind === "stretch" ? everyEnd(reached, text) : nextEnds(reached, text, place);
    if (reached.size === 0) return [];
  }
  return [...reached].toSorted((left, right) => left - right);
}

function everyEnd(reached: ReadonlySet<number>, text: string): Set<number> {
  const [least = 0] = [...reached].toSorted((left, right) => left - right);
  return new Set(Array.from({ length: text.length - least + 1 }, (_, index) => least + index));
}

function nextEnds(reached: ReadonlySet<number>, text: string, place: Exclude<Place, { kind: "stretch" }>): Set<number> {
  const ends = [...reached].filter((end) => end < text.length && takes(place, text.charAt(end)));
  return new Set(ends.map((end) => end + 1));
}

function takes(place: Place, char: string): boolean {
  switch (place.kind) {
    case "char":
      return place.char === char;
    case "set":
      return place.has(char);
    case "any":
    case "stretch":
      return true;
  }
}

/** `${x#p}`, `${x##p}`, `${x%p}`, `${x%%p}`. */
export function removeMatch(text: string, pattern: string, operator: string): string | undefined {
  if (placesOf(pattern) === undefined) return undefined;
  if (operator.startsWith("#")) {
    const lengths = prefixLengths(pattern, text);
    if (lengths === undefined) return undefined;
    const length = operator === "##" ? lengths.at(-1) : lengths[0];
    return text.slice(length ?? 0);
  }
  const reversed = removeMatch(reverse(text), reversePattern(pattern), operator === "%%" ? "##" : "#");
  return reversed === undefined ? undefined : reverse(reversed);
}

const reverse = (text: string): string => Array.from(text).toReversed().join("");

/** Sets stay as they are. */
const reversePattern = (pattern: string): string => (pattern.match(/\\[\s\S]|\[[!^]?\]?[^\]]*\]|[\s\S]/gu) ?? []).toReversed().join("");

function replaceEnd(text: string, pattern: string, replacement: string, operator: string): string | undefined {
  const kept = removeMatch(text, pattern, operator === "/#" ? "##" : "%%");
  if (kept === undefined || (kept === text && pattern !== "")) return kept;
  return operator === "/#" ? replacement + kept : kept + replacement;
}

/** `${x/p/r}` and its kin. */
export function replaceMatch(text: string, pattern: string, replacement: string, operator: string): string | undefined {
  if (operator === "/#" || operator === "/%") return replaceEnd(text, pattern, replacement, operator);
  if (placesOf(pattern) === undefined) return undefined;
  let result = "";
  for (let at = 0; at < text.length;) {
    const length = prefixLengths(pattern, text.slice(at, at + 2000))?.at(-1);
    if (length === undefined || length === 0) {
      result += text.charAt(at);
      at += 1;
    } else {
      result += replacement;
      at += length;
      if (operator === "/") return result + text.slice(at);
    }
  }
  return result;
}
