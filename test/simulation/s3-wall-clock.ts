import { setTimeout as pause } from "node:timers/promises";
import { randomFrom } from "../support/random-from.ts";
import type { Process, Turns } from "./scheduler.ts";
import { requestTimeoutMs } from "./shared-place.ts";

/** Waiting for minutes is what belay does after a crash; a test has seconds. */
const speed = 60;
const turnMsMax = 4;
const pollMs = 3;

/**
 * Turns by the machine's clock, which runs sixty times as fast here: calls really overlap, and chance decides only how long
 * each waits. What was sent thirty seconds ago has landed or never will, here too: a sleep ends only when that is so.
 */
export class WallClock implements Turns {
  readonly random: () => number;
  readonly #startMs = Date.now();
  readonly #underWay = new Set<{ readonly sentAtMs: number }>();

  constructor(seed: number) {
    this.random = randomFrom(seed);
  }

  get nowMs(): number {
    return this.#startMs + (Date.now() - this.#startMs) * speed;
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.random() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  async turn(process: Process): Promise<void> {
    await pause(this.random() * turnMsMax);
    if (process.isDead) await never();
  }

  async sleep(process: Process, ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await pause(ms / speed);
    if (ms >= requestTimeoutMs) await this.run(() => this.#hasAllSince(untilMs - requestTimeoutMs));
    if (process.isDead) await never();
  }

  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) await pause(pollMs);
  }

  #hasAllSince(ms: number): boolean {
    return [...this.#underWay].every(({ sentAtMs }) => sentAtMs >= ms);
  }

  /** Follows a request until it has been answered. */
  async follow<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    const request = { sentAtMs: this.nowMs };
    this.#underWay.add(request);
    try {
      return await send();
    } finally {
      this.#underWay.delete(request);
    }
  }
}

/** A process that is no more waits for nothing. */
export const never = (): Promise<never> => new Promise(() => undefined);
