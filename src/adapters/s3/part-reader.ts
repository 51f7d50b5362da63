/** Cuts a stream into parts of a given size, holding one part and one chunk at a time. */
export class PartReader {
  readonly #chunks: AsyncIterator<Uint8Array, unknown, undefined>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes, fewer than asked for only at the end of the stream. Throws what the stream throws. */
  async read(sizeBytes: number): Promise<Uint8Array> {
    const part = new Uint8Array(sizeBytes);
    let filled = 0;
    while (filled < sizeBytes) {
      if (this.#rest.byteLength === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) return part.subarray(0, filled);
        this.#rest = next.value;
      }
      const taken = this.#rest.subarray(0, sizeBytes - filled);
      part.set(taken, filled);
      filled += taken.byteLength;
      this.#rest = this.#rest.subarray(taken.byteLength);
    }
    return part;
  }

  /** Whether nothing is left. Reads on until a byte or the end is there, so that a check at the end of the stream has been made. */
  async isAtEnd(): Promise<boolean> {
    while (this.#rest.byteLength === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return true;
      this.#rest = next.value;
    }
    return false;
  }

  /** Lets go of a stream that nobody reads to its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
