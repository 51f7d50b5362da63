/** Which words a page may hold, in some hundred bytes: it never denies one that is there (Bloom 1970). */

/** Ten bits a word and five probes: one of a hundred words that are not there seems to be. */
const bitsPerWord = 10;
const probes = 5;
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const bitsPerDigit = 6;

/** As text: six bits a character. */
export function wordFilter(words: ReadonlySet<string>): string {
  const cells = new Uint8Array(Math.max(1, Math.ceil((words.size * bitsPerWord) / bitsPerDigit)));
  for (const word of words) {
    for (const bit of bitsOf(word, cells.length * bitsPerDigit)) {
      const cell = Math.floor(bit / bitsPerDigit);
      cells[cell] = (cells[cell] ?? 0) | (1 << (bit % bitsPerDigit));
    }
  }
  return Array.from(cells, (cell) => digits[cell]).join("");
}

export const mayHoldWord = (filter: string, word: string): boolean =>
  bitsOf(word, filter.length * bitsPerDigit).every(
    (bit) => (digits.indexOf(filter[Math.floor(bit / bitsPerDigit)] ?? "A") & (1 << (bit % bitsPerDigit))) !== 0,
  );

/** Two hashes make all probes (Kirsch and Mitzenmacher 2006). */
function bitsOf(word: string, size: number): readonly number[] {
  const [one, other] = [hashOf(word, 0x811c_9dc5), (hashOf(word, 0x9747_b28c) | 1) >>> 0];
  return Array.from({ length: probes }, (_, probe) => (one + probe * other) % size);
}

/** FNV-1a, its bits mixed at the end. */
function hashOf(word: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
