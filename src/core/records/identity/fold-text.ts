/** Spellings that people take for the same, made the same. */

/** Lower case, without diacritics, with letters that carry none written as their usual stand-ins: `Müller-Lüdenscheidt` → `muller-ludenscheidt`. */
export const foldText = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll(/[ßøæœłđð]/gu, (letter) => standIns[letter] ?? letter);

const standIns: Readonly<Record<string, string>> = { ß: "ss", ø: "o", æ: "ae", œ: "oe", ł: "l", đ: "d", ð: "d" };

/** Runs of letters and runs of digits of a folded text, apostrophes closed up: `O'Hare 12b` → `ohare`, `12`, `b`. */
export const wordsOf = (text: string): readonly string[] =>
  foldText(text)
    .replaceAll(/(?<=\p{L})['’`´](?=\p{L})/gu, "")
    .match(/\p{L}+|\p{N}+/gu) ?? [];

/** The letters that a slip of the ear or of a vowel leaves alone: `jonathan`, `jonathon` → `jntn`. Runs of digits stay as they are. */
export function skeletonOf(word: string): string {
  if (word.length < 3 || /^\p{N}/u.test(word)) return word;
  const heard = word.replaceAll("ph", "f").replaceAll("ck", "k").replaceAll(/[cq]/gu, "k").replaceAll("z", "s");
  const kept = heard.slice(0, 1) + heard.slice(1).replaceAll(/[aeiouyhw]/gu, "");
  return kept.replaceAll(/(.)\1+/gu, "$1");
}

/** An exact key as it compares: folded, without what people put around it: `#XHQ-gmdh` → `xhqgmdh`. Empty for what names nothing (`TBD`, `0000`). */
export function normalKey(text: string): string {
  const key = foldText(text).replaceAll(/[^\p{L}\p{N}]/gu, "");
  return isPlaceholder(key) ? "" : key;
}

const placeholders: ReadonlySet<string> = new Set(
  "none null nil undefined unknown tbd tba todo na test sample example code id xxx pending".split(" "),
);
const isPlaceholder = (key: string): boolean => key.length < 3 || placeholders.has(key) || /^(.)\1*$/u.test(key);

/** Digits alone, without a leading `00`. */
export const phoneDigits = (text: string): string => text.replaceAll(/\D/gu, "").replace(/^00/u, "");

/** The address without the name before it, what stands after a plus sign, and case. Empty where there is none. */
export function normalEmail(text: string): string {
  const [, local = "", host = ""] = /([^\s<>"@]+)@([^\s<>"@]+)/u.exec(foldText(text)) ?? [];
  return host === "" ? "" : `${local.replace(/\+.*$/u, "")}@${host}`;
}
