/**
 * Strings whose native order is the order of a key's UTF-8 bytes, which is how S3 sorts. UTF-16 differs from it only where
 * surrogates meet units above them, so the two ranges trade places; every other key is its own rank.
 */

/** Anything from the surrogates up. Pairs are astral code points to a `u` expression, so those are named as well. */
const hasHighUnit = /[\uD800-\uFFFF\u{10000}-\u{10FFFF}]/u;

/** Units from here on take part in the trade. */
const surrogatesFrom = 0xd8_00;
const surrogatesCount = 0x08_00;
const aboveFrom = 0xe0_00;
const aboveCount = 0x20_00;

function shifted(text: string, shift: (unit: number) => number): string {
  const units: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    units.push(String.fromCharCode(unit < surrogatesFrom ? unit : shift(unit)));
  }
  return units.join("");
}

/** The rank of a key. Ranks of prefixes are prefixes of ranks. */
export function rankOf(key: string): string {
  if (!hasHighUnit.test(key)) return key;
  return shifted(key, (unit) => (unit < aboveFrom ? unit + aboveCount : unit - surrogatesCount));
}

/** The key of a rank: the inverse of `rankOf`. */
export function keyOf(rank: string): string {
  if (!hasHighUnit.test(rank)) return rank;
  return shifted(rank, (unit) => (unit < surrogatesFrom + aboveCount ? unit + surrogatesCount : unit - aboveCount));
}
