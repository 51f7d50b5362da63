/** Which words a page may hold, in some hundred bytes: it never denies one that is there (Bloom 1970). */

import { mixedHash, wordHash } from "./word-hash.ts";

/** Ten bits a word and five probes: one of a hundred words that are not there seems to be. */
const bitsPerWord = 10;
const probes = 5;
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const bitsPerDigit = 6;

/** Of the words' hashes (`wordHash`), as text: six bits a character. */
export function wordFilter(hashes: ReadonlySet<number>): string {
  const cells = new Uint8Array(Math.max(1, Math.ceil((hashes.size * bitsPerWord) / bitsPerDigit)));
  const size = cells.length * bitsPerDigit;
  for (const hash of hashes) {
    for (let probe = 0; probe < probes; probe += 1) {
      const bit = bitOf(hash, probe, size);
      const cell = Math.floor(bit / bitsPerDigit);
      cells[cell] = (cells[cell] ?? 0) | (1 << (bit % bitsPerDigit));
    }
  }
  // Joined at once: a text that grew character by character takes thirty times its length for as long as it is held.
  return Array.from(cells, (cell) => digits.charAt(cell)).join("");
}

export function mayHoldWord(filter: string, word: string): boolean {
  const hash = wordHash(word);
  const size = filter.length * bitsPerDigit;
  for (let probe = 0; probe < probes; probe += 1) {
    const bit = bitOf(hash, probe, size);
    if ((digits.indexOf(filter.charAt(Math.floor(bit / bitsPerDigit))) & (1 << (bit % bitsPerDigit))) === 0) return false;
  }
  return true;
}

/** Two hashes make all probes (Kirsch and Mitzenmacher 2006). */
const bitOf = (hash: number, probe: number, size: number): number => ((mixedHash(hash) >>> 0) + probe * ((hash | 1) >>> 0)) % size;
