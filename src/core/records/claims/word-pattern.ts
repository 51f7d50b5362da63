/** Patterns of words that belay.yaml names: they are few, and every text of a page is asked for them. */

/** Source of a regular expression that matches the text itself. */
export const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

const patternsMax = 1000;
const patterns = new Map<string, RegExp>();

/** Makes each pattern once. `name` tells it from all others; what asks keeps no `lastIndex` in it. */
export function wordPattern(name: string, make: () => RegExp): RegExp {
  const known = patterns.get(name);
  if (known) return known;
  const pattern = make();
  if (patterns.size < patternsMax) patterns.set(name, pattern);
  return pattern;
}
