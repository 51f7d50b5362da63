/** Who of several calls goes first. Writers go one at a time, so that two calls never hold one another's lease or files; readers a few at once. */

import { BelayError } from "../../core/belay-error.ts";

export type Access = "read" | "write";

const readersMax = 4;
/** More than an agent has under way; a client that floods the server is told so. */
const waitingMax = 64;

export class CallQueue {
  readonly #running: Record<Access, number> = { read: 0, write: 0 };
  readonly #waiting: { readonly access: Access; readonly start: () => void }[] = [];

  /** Runs the work once it is its turn. Rejects with `interrupted` where the signal comes first. */
  async run<Result>(access: Access, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    await this.#turn(access, signal);
    try {
      return await work();
    } finally {
      this.#running[access] -= 1;
      this.#startNext();
    }
  }

  /** Resolves once nothing runs: work that was told to stop puts back what it wrote first. */
  async idle(): Promise<void> {
    while (this.#running.read + this.#running.write > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  #hasRoom(access: Access): boolean {
    return access === "write" ? this.#running.write === 0 : this.#running.read < readersMax;
  }

  async #turn(access: Access, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled();
    if (this.#hasRoom(access) && !this.#waiting.some((one) => one.access === access)) {
      this.#running[access] += 1;
      return;
    }
    if (this.#waiting.length >= waitingMax) {
      throw new BelayError("lease-held", `${waitingMax} calls wait already.`, "Wait for their answers, then call again.");
    }
    await new Promise<void>((resolve, reject) => {
      const one = {
        access,
        start: (): void => {
          signal.removeEventListener("abort", stop);
          this.#running[access] += 1;
          resolve();
        },
      };
      const stop = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(one), 1);
        reject(cancelled());
      };
      signal.addEventListener("abort", stop, { once: true });
      this.#waiting.push(one);
    });
  }

  #startNext(): void {
    for (const access of ["write", "read"] as const) {
      const at = this.#waiting.findIndex((one) => one.access === access);
      if (at >= 0 && this.#hasRoom(access)) this.#waiting.splice(at, 1)[0]?.start();
    }
  }
}

const cancelled = (): BelayError =>
  new BelayError("interrupted", "The call was cancelled before it began.", "Call again if it is still wanted.");
