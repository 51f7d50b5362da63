/** Patterns of the shell against known text, in time that grows with pattern times text. */

/** One place of a pattern: a character, any character, any stretch, or one of a set. */
type Place =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "any" | "stretch" }
  | { readonly kind: "set"; readonly has: (char: string) => boolean };

const patternMax = 1000;
const textMax = 10_000;
/** Places of a pattern times characters, of one look. */
const stepsMax = 1_000_000;
const replacedMax = 2000;

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
  return places === undefined || places.length * text.length > stepsMax ? undefined : lengthsOf(places, text);
}

function lengthsOf(places: readonly Place[], text: string): number[] {
  // One byte for each end: whether what was looked at so far may end there.
  let reached = new Uint8Array(text.length + 1);
  reached[0] = 1;
  for (const place of places) {
    const least = reached.indexOf(1);
    if (least < 0) return [];
    reached = place.kind === "stretch" ? reached.fill(1, least) : nextEnds(reached, least, text, place);
  }
  const lengths: number[] = [];
  for (let end = reached.indexOf(1); end >= 0; end = reached.indexOf(1, end + 1)) lengths.push(end);
  return lengths;
}

function nextEnds(reached: Uint8Array, least: number, text: string, place: Place): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(reached.length);
  for (let end = least; end < text.length; end += 1) if (reached[end] === 1 && takes(place, text.charAt(end))) next[end + 1] = 1;
  return next;
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

/** How long `${x/p/r}` looks, in characters: a pattern with a stretch looks from every place to the end. */
export const replacementSteps = (text: string, pattern: string): number =>
  pattern.includes("*") && text.length <= replacedMax
    ? text.length * Math.max(1, Math.ceil((text.length * pattern.length) / 16))
    : text.length;

/** `${x/p/r}` and its kin. `undefined` also where the text is too long to be looked through. */
export function replaceMatch(text: string, pattern: string, replacement: string, operator: string): string | undefined {
  if (operator === "/#" || operator === "/%") return replaceEnd(text, pattern, replacement, operator);
  const places = placesOf(pattern);
  const hasStretch = places?.some(({ kind }) => kind === "stretch") === true;
  if (places === undefined || (hasStretch && text.length > replacedMax)) return undefined;
  let result = "";
  for (let at = 0; at < text.length;) {
    const length = lengthsOf(places, hasStretch ? text.slice(at) : text.slice(at, at + places.length)).at(-1);
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
