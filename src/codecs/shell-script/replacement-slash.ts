/** In `${x/pattern/replacement}`: where the pattern ends. The parser takes the first slash for it, also one inside of a substitution. */

/** The first slash that no quote and no substitution encloses; the length where there is none. Linear. */
export function replacementSlash(text: string): number {
  const closers: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    const closer = closers.at(-1);
    if (char === "\\") at += 1;
    else if (char === closer) closers.pop();
    else if (char === "'" && closer !== '"') at = Math.max(at, text.indexOf("'", at + 1));
    else if (char === "/" && closer === undefined) return at;
    else {
      const opened = closerOf(text, at, closer);
      if (opened !== undefined) closers.push(opened);
    }
  }
  return text.length;
}

function closerOf(text: string, at: number, closer: string | undefined): string | undefined {
  const char = text.charAt(at);
  if (char === '"' || char === "`") return char;
  if (char === "(") return closer === ")" || /[$<>]/.test(text.charAt(at - 1)) ? ")" : undefined;
  return char === "{" && text.charAt(at - 1) === "$" ? "}" : undefined;
}
