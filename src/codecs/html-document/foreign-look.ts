/** A look for names without a word in plain ASCII letters, which a look at bytes cannot find. */

/** References to what is no letter: pages are full of them, and they say no part of a name. */
const harmless =
  "amp|lt|gt|quot|apos|nbsp|ndash|mdash|hellip|copy|reg|trade|[lr][sd]quo|[lr]aquo|times|middot|bull|deg|euro|thinsp|ensp|emsp";
/** References that browsers read without their semicolon, as far as they are letters. */
const bare = "[a-z](?:acute|grave|circ|uml|tilde|ring|cedil|slash)|szlig|aelig|eth|thorn";
/** Letters that compare as other ones: compatibility ideographs, full and half width, mathematical. */
const forms = "\\u{f900}-\\u{faff}\\u{ff00}-\\u{ffef}\\u{1d400}-\\u{1d7ff}\\u{2f800}-\\u{2fa1f}";
const escapes = "\\\\u|\\\\x";

/**
 * Tells `false` of bytes that can hold none of these names, however they are spelt: no page in UTF-8 says a name without its rarest
 * letter, as itself, in parts, as a reference or as an escape. `undefined` where a name has no letter outside ASCII.
 */
export function openForeignLook(names: readonly string[]): ((bytes: Uint8Array) => boolean) | undefined {
  const letters = new Set<string>();
  for (const name of names) {
    const [rarest] = (name.normalize("NFC").match(/[^\p{ASCII}\p{P}\p{Z}]/gu) ?? []).toSorted((one, other) => (one < other ? 1 : -1));
    if (rarest === undefined) return undefined;
    for (const part of `${rarest}${rarest.normalize("NFD")}`.match(/\P{ASCII}/gu) ?? []) letters.add(part);
  }
  const own = [...letters].map((letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`).join("");
  const sought = new RegExp(`[${own}${forms}]|&(?:#|(?:${bare})|(?!(?:${harmless});)[a-z\\d]+;)|${escapes}`, "iu");
  return (bytes) => {
    const text = decoded(bytes);
    return text === undefined || sought.test(text);
  };
}

/** `undefined` where the bytes are no UTF-8: another encoding spells letters in bytes of its own. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
