/** How much is read of one command, counted in steps, so that the answer does not depend on the machine's speed. */

export class Budget {
  #steps = 200_000;
  #words = 20_000;
  #invocations = 5_000;
  #text = 4 << 20;
  #isCut = false;

  /** Whether something was left out. */
  get isCut(): boolean {
    return this.#isCut;
  }

  cut(): void {
    this.#isCut = true;
  }

  step(): boolean {
    this.#steps -= 1;
    return this.#within(this.#steps);
  }

  /** Words of one command after expansion. */
  words(count: number): boolean {
    this.#words -= count;
    return this.#within(this.#words);
  }

  invocation(): boolean {
    this.#invocations -= 1;
    return this.#within(this.#invocations);
  }

  /** Characters that are parsed. */
  text(length: number): boolean {
    this.#text -= length;
    return this.#within(this.#text);
  }

  #within(left: number): boolean {
    // Once something is left out the rest need not be read: the answer will be that it cannot be.
    if (left < 0) this.#isCut = true;
    return !this.#isCut;
  }
}

/** Scripts in scripts: `bash -c "bash -c …"`, functions that call themselves, make that calls npm that calls make. */
export const depthMax = 24;
