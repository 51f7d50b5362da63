/** Files that a plain pattern names, by a look into the folder: `scripts/*.sh`. */

import type { ReaderFacts } from "../reading.ts";
import { isKnown, type Word } from "../word.ts";
import { resolvePath } from "./paths.ts";
import { prefixLengths } from "./pattern.ts";
import type { ScriptWord } from "./script.ts";

const namesMax = 48;

/** `undefined` where a word is anything else than such a pattern, or nothing or too much matches it. */
export function globNames(words: readonly ScriptWord[], folder: Word, facts: ReaderFacts): readonly string[] | undefined {
  const names: string[] = [];
  for (const word of words) {
    const found = namesOf(word, folder, facts);
    if (found === undefined || names.length + found.length > namesMax) return undefined;
    names.push(...found);
  }
  return names;
}

function namesOf(word: ScriptWord, folder: Word, facts: ReaderFacts): readonly string[] | undefined {
  if (!word.some((piece) => piece.kind === "glob")) return undefined;
  const parts = word.map((piece) => {
    if (piece.kind === "glob") return piece.scripts.length === 0 && /^[*?]$/.test(piece.text) ? piece.text : undefined;
    return piece.kind === "literal" && !/[\\*?[\]()]/.test(piece.text) ? piece.text : undefined;
  });
  if (parts.includes(undefined)) return undefined;
  const pattern = parts.join("");
  const at = pattern.lastIndexOf("/");
  const [above, last] = [pattern.slice(0, at + 1), pattern.slice(at + 1)];
  const path = resolvePath(folder, above === "" ? "." : above);
  if (/[*?]/.test(above) || !isKnown(path)) return undefined;
  const matched = facts.listFolder(path).filter((name) => {
    const isShown = !name.startsWith(".") || last.startsWith(".");
    return isShown && prefixLengths(last, name)?.includes(name.length) === true;
  });
  return matched.length === 0 ? undefined : matched.map((name) => above + name);
}
