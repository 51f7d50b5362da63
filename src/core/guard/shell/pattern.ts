/** Patterns of the shell against known text, in time that grows with pattern times text. */

/** The lengths of all prefixes of `text` that `pattern` matches, shortest first. `undefined`: a pattern that is not followed (brackets, extglob). */
export function prefixLengths(pattern: string, text: string): number[] | undefined {
  if (/[[\]()]/.test(pattern) || pattern.length > 1000 || text.length > 10_000) return undefined;
  let reached = new Set([0]);
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === "\\") at += 1;
    reached = char === "*" ? everyEnd(reached, text) : nextEnds(reached, text, char === "?" ? undefined : pattern.charAt(at));
    if (reached.size === 0) return [];
  }
  return [...reached].toSorted((left, right) => left - right);
}

function everyEnd(reached: ReadonlySet<number>, text: string): Set<number> {
  const [least = 0] = [...reached].toSorted((left, right) => left - right);
  return new Set(Array.from({ length: text.length - least + 1 }, (_, index) => least + index));
}

/** `wanted`: the one character; `undefined` for any. */
function nextEnds(reached: ReadonlySet<number>, text: string, wanted: string | undefined): Set<number> {
  const ends = [...reached].filter((end) => end < text.length && (wanted === undefined || text.charAt(end) === wanted));
  return new Set(ends.map((end) => end + 1));
}

/** `${x#p}`, `${x##p}`, `${x%p}`, `${x%%p}`. */
export function removeMatch(text: string, pattern: string, operator: string): string | undefined {
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

const reversePattern = (pattern: string): string => (pattern.match(/\\[\s\S]|[\s\S]/gu) ?? []).toReversed().join("");

function replaceEnd(text: string, pattern: string, replacement: string, operator: string): string | undefined {
  const kept = removeMatch(text, pattern, operator === "/#" ? "##" : "%%");
  if (kept === undefined || (kept === text && pattern !== "")) return kept;
  return operator === "/#" ? replacement + kept : kept + replacement;
}

/** `${x/p/r}` and its kin. */
export function replaceMatch(text: string, pattern: string, replacement: string, operator: string): string | undefined {
  if (operator === "/#" || operator === "/%") return replaceEnd(text, pattern, replacement, operator);
  let result = "";
  for (let at = 0; at < text.length;) {
    const length = prefixLengths(pattern, text.slice(at, at + 2000))?.at(-1);
    if (length === undefined && /[[\]()]/.test(pattern)) return undefined;
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
