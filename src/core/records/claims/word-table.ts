/** Words looked up by a number that is worked out while bytes are walked through: most runs of letters are nobody's word. */

import { mixedHash, wordHash } from "./word-hash.ts";

/** So many bits for a word: one of five hundred words that are not there seems to be. */
const bitsPerWord = 32;
const smallestPower = 10;

/** Words as they are: what is looked up has the same case. */
export class WordTable {
  readonly #cells: Uint32Array;
  readonly #mask: number;

  constructor(words: Iterable<string>) {
    const all = [...words];
    const power = Math.max(smallestPower, Math.ceil(Math.log2(all.length * bitsPerWord + 1)));
    this.#cells = new Uint32Array(2 ** power / 32);
    this.#mask = 2 ** power - 1;
    for (const word of all) {
      const hash = wordHash(word);
      this.#set(mixedHash(hash) & this.#mask);
      this.#set(hash & this.#mask);
    }
  }

  /** `false` where no word has this hash (`wordHash`). */
  mayHave(hash: number): boolean {
    return this.#has(hash & this.#mask) && this.#has(mixedHash(hash) & this.#mask);
  }

  #set(bit: number): void {
    this.#cells[bit >>> 5] = (this.#cells[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  #has(bit: number): boolean {
    return (((this.#cells[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
  }
}
