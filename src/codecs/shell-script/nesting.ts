/** How deep a text nests, at most, told without parsing: the parser's time grows with depth times length. */

const depthMax = 64;
const hereDocumentsMax = 500;

/** Linear. Quotes are not looked at: a bracket in one counts as well, up or down. What it misses ends in the parser's stack overflow. */
export function isTooDeep(text: string): boolean {
  const depths = new Map<string, number>();
  let hereDocuments = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "(" || char === "{") {
      const depth = (depths.get(char) ?? 0) + 1;
      if (depth > depthMax) return true;
      depths.set(char, depth);
    } else if (char === ")" || char === "}") {
      const opener = char === ")" ? "(" : "{";
      depths.set(opener, Math.max(0, (depths.get(opener) ?? 0) - 1));
    } else if (char === "<" && text.charAt(at + 1) === "<") hereDocuments += 1;
  }
  return hereDocuments > hereDocumentsMax;
}
