interface Waiting {
  readonly bytes: number;
  enter(): void;
}

/** Bytes that may be in memory for sending at one time, shared by whoever sends; first come, first served. */
export class ByteBudget {
  readonly #bytesMax: number;
  readonly #queue: Waiting[] = [];
  #held = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Waits for so many bytes, and answers with the function that gives them back, once. Throws the signal's reason. */
  async take(bytes: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    // More than all of it can never be free: it then goes alone.
    const share = Math.min(bytes, this.#bytesMax);
    if (this.#queue.length > 0 || this.#held + share > this.#bytesMax) await this.#turn(share, signal);
    else this.#held += share;
    let isHeld = true;
    return () => {
      if (isHeld) this.#give(share);
      isHeld = false;
    };
  }

  async #turn(bytes: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        // Whoever stood behind a large wish may fit now.
        this.#admit();
        reject(signal.reason instanceof Error ? signal.reason : new Error("stopped", { cause: signal.reason }));
      };
      const waiting: Waiting = {
        bytes,
        enter: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#queue.push(waiting);
    });
  }

  #give(bytes: number): void {
    this.#held -= bytes;
    this.#admit();
  }

  #admit(): void {
    for (let next = this.#queue[0]; next && this.#held + next.bytes <= this.#bytesMax; [next] = this.#queue) {
      this.#queue.shift();
      this.#held += next.bytes;
      next.enter();
    }
  }
}

/** What the whole process may hold in memory for requests to S3: eight parts of eight MiB. */
export const transferBudget: ByteBudget = new ByteBudget(16 * 1024 * 1024);
