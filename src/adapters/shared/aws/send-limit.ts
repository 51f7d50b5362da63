import { setMaxListeners } from "node:events";
import { WireFailure } from "./wire.ts";

/** The two ends that a request can come to from this side: its time is over, or its signal aborts. One timer and one listener for all of it. */
export class SendLimit {
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #onEnd: () => void;
  #isOver = false;
  #stop: (() => void) | undefined;

  /** Throws the signal's reason where it has aborted already. */
  constructor(timeoutMs: number, signal: AbortSignal) {
    signal.throwIfAborted();
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
    this.#onEnd = () => {
      this.#isOver = true;
      this.#stop?.();
    };
    // Many requests share one signal, which node would take for a leak and say so on stderr.
    setMaxListeners(0, signal);
    this.#timer = setTimeout(this.#onEnd, timeoutMs);
    signal.addEventListener("abort", this.#onEnd);
  }

  /**
   * The result of some work. Where the time ends or the signal aborts first, `stop` is called and this throws at once:
   * the signal's reason, or a `WireFailure` that takes `isSent` as it is then.
   */
  async during<Result>(work: Promise<Result>, stop: () => void, isSent: () => boolean): Promise<Result> {
    const ended = new Promise<never>((_, reject) => {
      this.#stop = () => {
        const seconds = this.#timeoutMs / 1000;
        reject(new WireFailure(`no answer came within ${seconds} seconds`, isSent()));
        stop();
      };
    });
    if (this.#isOver) this.#stop?.();
    try {
      return await Promise.race([work, ended]);
    } finally {
      this.#stop = undefined;
      this.#signal.throwIfAborted();
    }
  }

  /** No limit any more: the timer and the listener are gone. */
  end(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.#onEnd);
  }
}
