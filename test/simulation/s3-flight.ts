/** Requests on their way to a bucket and answers on their way back, by the scheduler's clock and chance. */

import { WireFailure, type Wire, type WireAnswer, type WireRequest } from "../../src/adapters/shared/aws/wire.ts";
import type { CallOptions } from "../../src/ports/store.ts";
import type { Process, Turns } from "./scheduler.ts";
import { requestTimeoutMs, type Faults } from "./shared-place.ts";

/** What may befall one request; `-done` where the server has carried it out all the same. */
const losses = ["lost-request", "lost-reply"] as const;
const outages = ["not-sent", "internal", "internal-done", "slow-down", "bare", "bare-done"] as const;
const refusals = ["409", "412"] as const;
type Mishap = (typeof losses)[number] | (typeof outages)[number] | (typeof refusals)[number] | "cut" | "none";

/** A code of S3's own is proof of what happened; without one the answer comes from something in between. */
const errors: Partial<Record<Mishap, readonly [status: number, code: string]>> = {
  internal: [500, "InternalError"],
  "internal-done": [500, "InternalError"],
  "slow-down": [503, "SlowDown"],
  bare: [503, ""],
  "bare-done": [503, ""],
  "409": [409, "ConditionalRequestConflict"],
  "412": [412, "PreconditionFailed"],
};
const carriedOut: ReadonlySet<Mishap> = new Set(["none", "cut", "lost-reply", "internal-done", "bare-done"]);
/** Longer than a request may take, so that some are dropped. */
const delayMsMax = 45_000;
const pauseMsMax = 240_000;

/** What a server has answered, in one piece. */
export interface Served {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** One request as it leaves a process. */
export interface Departure {
  /** In one step: everything that it changes, changes before anybody else moves. */
  readonly serve: () => Promise<Served>;
  /** Somebody else is writing the same key at this moment: the server answers 409. */
  readonly collide: () => void;
  /** Called when something has gone wrong for it, so that its sender does not know what the server knows. */
  readonly noteTrouble: () => void;
}

export interface FlightSetup {
  readonly base: string;
  /** Whether it leads to the live site. */
  readonly isSite: boolean;
  readonly scheduler: Turns;
  readonly process: Process;
  readonly faults: () => Faults;
  readonly depart: (request: WireRequest) => Departure;
  readonly count: (what: string) => void;
}

/**
 * The wire of one process. A request that has left it travels on by itself: it may arrive late, while its sender stands still,
 * and after its sender has died. One that is under way for more than thirty seconds is dropped, and its sender told nothing.
 */
export class FlightWire implements Wire {
  readonly base: string;
  readonly isAws: boolean = true;
  readonly #setup: FlightSetup;

  constructor(setup: FlightSetup) {
    this.base = setup.base;
    this.#setup = setup;
  }

  async send(request: WireRequest, { signal }: CallOptions): Promise<WireAnswer> {
    const { scheduler, depart, count } = this.#setup;
    signal.throwIfAborted();
    if (!this.#mayLeave(request)) return await never();
    const sentAtMs = scheduler.nowMs;
    const mishap = this.#mishapOf(request);
    if (mishap !== "none") count(`request: ${mishap}`);
    const departure = depart(request);
    const served = await this.#fly(departure, mishap);
    await this.#comeBack(sentAtMs);
    if (this.#mayDie()) return await never();
    signal.throwIfAborted();
    const isTooLate = scheduler.nowMs - sentAtMs > requestTimeoutMs && scheduler.chance(0.5);
    const reply = isTooLate ? undefined : served;
    if (mishap !== "none" || !reply) departure.noteTrouble();
    if (mishap === "not-sent") throw new WireFailure("simulated: no connection", false);
    if (!reply || losses.some((loss) => loss === mishap)) throw new WireFailure("simulated: no answer came", true);
    return answerOf(request, reply, mishap);
  }

  /** Whether the request leaves at all: of those who die while they send, half have sent. Who is paused has sent, too. */
  #mayLeave({ method }: WireRequest): boolean {
    const { scheduler, process, faults, count, isSite } = this.#setup;
    if (process.isDead) return false;
    const isWrite = isSite && (method === "PUT" || method === "DELETE");
    if (this.#mayDie(isWrite ? faults().lastWrite : 0)) {
      if (scheduler.chance(0.5)) return false;
      count("request: the last of a killed process");
    }
    if (scheduler.chance(faults().pause)) process.pausedUntilMs = scheduler.nowMs + Math.floor(scheduler.random() * pauseMsMax);
    return true;
  }

  /** To the server: `undefined` where it never arrives. */
  async #fly({ serve, collide }: Departure, mishap: Mishap): Promise<Served | undefined> {
    const { scheduler, process, count } = this.#setup;
    const sentAtMs = scheduler.nowMs;
    // What the dead have left on its way is often long under way: whoever takes over must live with it.
    const delayMs = process.isDead && scheduler.chance(0.5) ? Math.floor(scheduler.random() * requestTimeoutMs) : this.#delayMs();
    const flight: Process = {
      name: `a request of ${process.name}`,
      isDead: false,
      pausedUntilMs: sentAtMs + delayMs,
      onDeath: () => undefined,
    };
    await scheduler.turn(flight);
    if (scheduler.nowMs - sentAtMs > requestTimeoutMs) count("request: dropped");
    if (scheduler.nowMs - sentAtMs > requestTimeoutMs) return undefined;
    if (carriedOut.has(mishap)) return await serve();
    if (mishap === "409") collide();
    return { status: 0, headers: {}, bytes: new Uint8Array(0) };
  }

  async #comeBack(sentAtMs: number): Promise<void> {
    const { scheduler, process } = this.#setup;
    // Whoever waits for an answer gives up after thirty seconds.
    const patienceMs = Math.max(0, requestTimeoutMs + 1 - (scheduler.nowMs - sentAtMs));
    const delayMs = Math.min(this.#delayMs(), patienceMs);
    await (delayMs > 0 ? scheduler.sleep(process, delayMs) : scheduler.turn(process));
  }

  #delayMs(): number {
    const { scheduler, faults } = this.#setup;
    return scheduler.chance(faults().late) ? Math.floor(scheduler.random() * delayMsMax) : 0;
  }

  #mayDie(more = 0): boolean {
    const { scheduler, process, faults } = this.#setup;
    if (!process.isDead && scheduler.chance(faults().crash + more)) {
      process.isDead = true;
      process.onDeath();
    }
    return process.isDead;
  }

  #mishapOf({ headers = {} }: WireRequest): Mishap {
    const { scheduler } = this.#setup;
    const { lost, error, conflict, cut } = this.#setup.faults();
    const draw = scheduler.random();
    if (draw < lost) return scheduler.pick(losses);
    if (draw < lost + error) return scheduler.pick(outages);
    const isConditional = headers["if-match"] !== undefined || headers["if-none-match"] !== undefined;
    if (isConditional && draw < lost + error + conflict) return scheduler.pick(refusals);
    return draw > 1 - cut ? "cut" : "none";
  }
}

/** A process that is no more waits for nothing. */
const never = (): Promise<never> => new Promise(() => undefined);

function answerOf({ method }: WireRequest, served: Served, mishap: Mishap): WireAnswer {
  const error = errors[mishap];
  const { status, headers, bytes } = error ? documentOf(...error) : served;
  const whole = method === "HEAD" ? new Uint8Array(0) : bytes;
  return { status, headers, body: mishap === "cut" ? half(whole) : once(whole), discard: () => undefined };
}

function documentOf(status: number, code: string): Served {
  const text = code === "" ? "" : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>simulated</Message></Error>`;
  return { status, headers: { "content-type": "application/xml" }, bytes: new TextEncoder().encode(text) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* half(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, bytes.byteLength >>> 1);
  throw new WireFailure("simulated: the answer broke off", true);
}
