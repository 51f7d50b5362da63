/** A seeded scheduler: whoever calls a port waits here until chance lets the call through. */

import { randomFrom } from "../support/random-from.ts";

/** One run of one command: it can be killed, and it can stand still for a long time. */
export interface Process {
  readonly name: string;
  isDead: boolean;
  readonly onDeath: () => void;
  /** Stands still until then, by the scheduler's clock. */
  pausedUntilMs: number;
}

interface Waiting {
  readonly process: Process;
  readonly go: () => void;
}

interface Timer extends Waiting {
  readonly atMs: number;
}

/** Who may move when, and what time it is. */
export interface Turns {
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** Resolves when it is this call's turn; never, once the process is dead. */
  turn(process: Process): Promise<void>;
  sleep(process: Process, ms: number): Promise<void>;
  /** Lets calls through until `isOver`. */
  run(isOver: () => boolean): Promise<void>;
}

const turnsMax = 60_000;

/** One thread of chance and one clock: the same seed gives the same schedule on every machine. */
export class Scheduler implements Turns {
  readonly random: () => number;
  nowMs = 1_800_000_000_000;
  readonly #tickMsMax: number;
  #waiting: Waiting[] = [];
  #timers: Timer[] = [];
  #turns = 0;

  /** With a tick, every turn takes up to so many milliseconds; without one, time passes only when nobody can move. */
  constructor(seed: number, tickMsMax = 0) {
    this.random = randomFrom(seed);
    this.#tickMsMax = tickMsMax;
  }

  turn(process: Process): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ process, go });
    });
  }

  sleep(process: Process, ms: number): Promise<void> {
    return new Promise((go) => {
      this.#timers.push({ process, go, atMs: this.nowMs + ms });
    });
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.random() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  /** Lets calls through, one at a time. */
  async run(isOver: () => boolean): Promise<void> {
    for (;;) {
      await settled();
      if (isOver()) return;
      this.#turns += 1;
      if (this.#turns > turnsMax) throw new Error("the schedule does not end");
      this.#waiting = this.#waiting.filter(({ process }) => !process.isDead);
      this.#timers = this.#timers.filter(({ process }) => !process.isDead);
      if (this.#tickMsMax > 0) {
        this.nowMs += Math.floor(this.random() * this.#tickMsMax);
        this.#wake();
      }
      const ready = this.#waiting.filter(({ process }) => process.pausedUntilMs <= this.nowMs);
      if (ready.length > 0) {
        const next = this.pick(ready);
        this.#waiting.splice(this.#waiting.indexOf(next), 1);
        next.go();
      } else this.#passTime();
    }
  }

  #passTime(): void {
    const times = [
      ...this.#timers.map(({ atMs, process }) => Math.max(atMs, process.pausedUntilMs)),
      ...this.#waiting.map(({ process }) => process.pausedUntilMs),
    ];
    if (times.length === 0) throw new Error("nobody can move and nothing is over");
    this.nowMs = Math.max(this.nowMs, Math.min(...times));
    this.#wake();
  }

  #wake(): void {
    const due = this.#timers.filter(({ atMs, process }) => Math.max(atMs, process.pausedUntilMs) <= this.nowMs);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const timer of due) this.#waiting.push(timer);
  }
}

/** All promise reactions have run. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
