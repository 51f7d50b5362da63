/** Codes that only pages show: "booking #ab12cd", "Confirmation code: QX-4711". */

import { counted, tellingSegments, type Example } from "./example.ts";
import type { FieldGuess } from "./guess.ts";

const pattern =
  /\b(?<word>booking|reservation|confirmation|reference|order)(?:\s+(?:id|code|no\.?|number|reference))?\s*:?\s*(?<code>#?[A-Za-z0-9][A-Za-z0-9-]{3,31})\b/giu;

/** A word is a code by its `#`, or by a digit in it. `known`: fields that are there already; a code of theirs is not proposed again. */
export function learnPageKeys(pages: readonly Example[], known: readonly FieldGuess[]): FieldGuess[] {
  const on = new Map<string, Set<string>>();
  for (const { name, document } of pages) {
    const prose = tellingSegments(document).filter(({ place }) => place.medium === "text" || place.medium === "title");
    for (const field of prose.flatMap(({ text }) => codeWords(text))) on.set(field, (on.get(field) ?? new Set()).add(name));
  }
  return [...on]
    .filter(([field]) => !known.some(({ name }) => name === field))
    .map(([field, names]) => ({
      name: field,
      type: "key",
      words: [field],
      because: [`a code stands behind “${field}” on ${counted(names.size, "page")}`],
      isSure: false,
    }));
}

/** The words behind which a code stands, in lower case. */
const codeWords = (text: string): string[] =>
  [...text.matchAll(pattern)].flatMap(({ groups }) => {
    const { word = "", code = "" } = groups ?? {};
    return code.startsWith("#") || /\d/u.test(code) ? [word.toLowerCase()] : [];
  });
