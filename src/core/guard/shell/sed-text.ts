/** `sed` with substitutions of plain text: `sed s/staging/prod/`. */

import { isKnown, type Word } from "../word.ts";

/** `undefined`: anything else than substitutions of text that means nothing to a regular expression. */
export function substituted(text: string, args: readonly Word[]): string | undefined {
  const scripts = args.filter((word) => !/^-(?:e|E|r)$/.test(word));
  if (scripts.some((script) => script.startsWith("-") || !isKnown(script))) return undefined;
  let result = text;
  for (const script of scripts.flatMap((word) => word.split(/[;\n]\s*/).filter((part) => part !== ""))) {
    const parts = plainSubstitution(script);
    if (parts === undefined) return undefined;
    result = result
      .split("\n")
      .map((line) => (parts.isEverywhere ? line.replaceAll(parts.from, () => parts.to) : line.replace(parts.from, () => parts.to)))
      .join("\n");
  }
  return result;
}

function plainSubstitution(script: string): { from: string; to: string; isEverywhere: boolean } | undefined {
  if (!script.startsWith("s")) return undefined;
  const delimiter = script.charAt(1);
  const [from, to, flags, ...rest] = script.slice(2).split(delimiter);
  if (from === undefined || to === undefined || flags === undefined || rest.length > 0 || !/^g?$/.test(flags)) return undefined;
  if (from === "" || /[\\^$.*[\]+?(){}|]/.test(from) || /[\\&]/.test(to)) return undefined;
  return { from, to, isEverywhere: flags === "g" };
}
