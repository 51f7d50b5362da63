/** FNV-1a of a word, 32 bits, one character at a time: what walks through bytes works it out on the way. */

export const hashSeed = 0x811c_9dc5;
export const hashPrime = 0x0100_0193;

/** The same word has the same number everywhere; its characters are code units. */
export function wordHash(word: string): number {
  let hash = hashSeed | 0;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), hashPrime);
  return hash;
}

/** Another number of the same word, made of the first. */
export function mixedHash(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  return half ^ (half >>> 13);
}
