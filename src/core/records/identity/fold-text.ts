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

/**
 * An exact key as it compares: folded, without marks around it, its separators one like the other, none between letters and a number
 * behind them: `#AB 123`, `ab_123` → `ab123`; `1-23` and `12-3` are two. Empty for what names nothing (`TBD`, `0000`).
 */
export function normalKey(text: string): string {
  const key = foldText(text)
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$|(?<=\p{L})-(?=\p{N})/gu, "");
  return isPlaceholder(bareKey(key)) ? "" : key;
}

/** A normal key without its separators: where only one of two keys has any, somebody may have left them out. */
export const bareKey = (key: string): string => key.replaceAll("-", "");

/** Whether two normal keys differ at most in that one was written without its separators: likely one key, and no proof. */
export const isLikeKey = (one: string, other: string): boolean =>
  one === other || (one.includes("-") !== other.includes("-") && bareKey(one) === bareKey(other));

const placeholders: ReadonlySet<string> = new Set(
  "none null nil undefined unknown tbd tba todo na test sample example code id xxx pending".split(" "),
);
const isPlaceholder = (key: string): boolean => placeholders.has(key) || /^(?:0*|x{2,})$/u.test(key);

/** Digits alone, without a leading `00`. */
export const phoneDigits = (text: string): string => text.replaceAll(/\D/gu, "").replace(/^00/u, "");

/** The address without the name before it, what stands after a plus sign, and case. Empty where there is none. */
export function normalEmail(text: string): string {
  const [, local = "", host = ""] = /([^\s<>"@]+)@([^\s<>"@]+)/u.exec(foldText(text)) ?? [];
  return host === "" ? "" : `${local.replace(/\+.*$/u, "")}@${host}`;
}
