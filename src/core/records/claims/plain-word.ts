/** One word that stands for a value when bytes are searched before they are read. */

/** A shorter run of letters is in every page. */
const lettersMin = 3;

/** The longest run of ASCII letters and digits of a folded text that no accented letter touches: accents are spelled in several ways. `undefined` where there is none of use. */
export function plainWord(text: string): string | undefined {
  const runs = text.match(/(?<![\p{L}\p{M}\p{N}])[a-z\d]+(?![\p{L}\p{M}\p{N}])/gu) ?? [];
  const [longest] = runs.toSorted((one, other) => other.length - one.length);
  return longest !== undefined && longest.length >= lettersMin ? longest : undefined;
}
