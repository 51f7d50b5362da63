/** A store whose every call passes through the hands of a test: it may be cut off, refused, lost, or come too late. */

import { bytesOf } from "../../../src/core/body.ts";
import { BelayError, invariant } from "../../../src/core/belay-error.ts";
import type { StoreName } from "../../../src/core/brand.ts";
import type { Observed } from "../../../src/core/plan/plan.ts";
import type { MemoryStore } from "../../../src/adapters/memory/memory-store.ts";
import type {
  CallOptions,
  Guarantees,
  ListOptions,
  Reading,
  RemoveRequest,
  Store,
  WriteOutcome,
  WriteRequest,
} from "../../../src/ports/store.ts";

export interface PortCall {
  /** The place by its short name: `pages`, `record`, `state`. */
  readonly place: string;
  readonly verb: "list" | "read" | "write" | "remove";
  /** Empty of a listing. */
  readonly key: string;
}

/**
 * What becomes of a call. `die`: the process ends before it, `die-after`: once the server has done its part. `lost`: the request
 * never arrives, `lost-after`: its answer does not; of a read both are an error. `conflict`: refused although nothing else was
 * written. `empty` and `half`: of a listing. An error is thrown.
 */
export type Fate = "go" | "die" | "die-after" | "lost" | "lost-after" | "conflict" | "empty" | "half" | Lacking | BelayError;

/** A listing without one object. */
export interface Lacking {
  readonly without: string;
}

/** One run of one command. */
export interface Process {
  readonly name: string;
  isDead: boolean;
  readonly onDeath: () => void;
  pausedUntilMs: number;
}

/** Asked before every call. */
export type Hand = (call: PortCall, process: Process) => Fate | Promise<Fate>;

/** A write of belay's that changed something. */
export interface Landing {
  readonly place: string;
  readonly key: string;
  readonly process: string;
  readonly before: Uint8Array | undefined;
  /** What was sent; absent of a delete. */
  readonly sent: Uint8Array | undefined;
}

export interface PortPlace {
  readonly name: string;
  readonly store: MemoryStore;
  /** What a server makes of what it is sent. */
  readonly normalise?: (bytes: Uint8Array) => Uint8Array;
  /** It keeps no notes of belay's beside an object. */
  readonly isPlain?: boolean;
}

export interface Watching {
  readonly process: Process;
  readonly hand: () => Hand;
  readonly landed: (landing: Landing) => void;
}

const never = new Promise<never>(() => undefined);
const outage = (): BelayError => new BelayError("store-unreachable", "simulated outage", "Run the same command again.");

export class PortStore implements Store {
  readonly name: StoreName;
  readonly #place: PortPlace;
  readonly #watching: Watching;

  constructor(place: PortPlace, watching: Watching) {
    this.name = place.store.name;
    this.#place = place;
    this.#watching = watching;
  }

  async guarantees(options: CallOptions): Promise<Guarantees> {
    return await this.#place.store.guarantees(options);
  }

  async *list(prefix: string, options: ListOptions): AsyncIterable<Observed> {
    const fate = await this.#arrive({ verb: "list", key: "" });
    if (fate === "lost" || fate === "lost-after") throw outage();
    const all: Observed[] = [];
    for await (const observed of this.#place.store.list(prefix, options)) all.push(this.#shown(observed));
    const shown = fate === "empty" ? 0 : fate === "half" ? Math.floor(all.length / 2) : all.length;
    yield* all.slice(0, shown).filter(({ key }) => typeof fate !== "object" || key !== fate.without);
    if (fate === "die-after") await this.#die();
  }

  async read(key: string, options: CallOptions): Promise<Reading | undefined> {
    const fate = await this.#arrive({ verb: "read", key });
    if (fate === "lost" || fate === "lost-after") throw outage();
    const reading = await this.#place.store.read(key, options);
    if (fate === "die-after") await this.#die();
    return reading && { ...reading, observed: this.#shown(reading.observed) };
  }

  async write(request: WriteRequest, options: CallOptions): Promise<WriteOutcome> {
    const sent = await bytesOf(request.body);
    return await this.#change("write", request.key, options, async () => {
      const { normalise, store } = this.#place;
      if (!normalise) return { sent, outcome: await store.write(request, options) };
      const held = await store.read(request.key, options);
      const holds = request.expect.kind === "absent" ? held === undefined : held?.observed.revision === request.expect.revision;
      if (!holds) return { sent, outcome: { kind: "conflict", found: held?.observed } };
      store.force(request.key, normalise(sent));
      const now = await store.read(request.key, options);
      const revision = now?.observed.revision;
      invariant(revision !== undefined, "what was written is there");
      return { sent, outcome: { kind: "written", revision } };
    });
  }

  async remove(request: RemoveRequest, options: CallOptions): Promise<WriteOutcome> {
    return await this.#change("remove", request.key, options, async () => ({
      sent: undefined,
      outcome: await this.#place.store.remove(request, options),
    }));
  }

  async #change(
    verb: "write" | "remove",
    key: string,
    options: CallOptions,
    serve: () => Promise<{ readonly sent: Uint8Array | undefined; readonly outcome: WriteOutcome }>,
  ): Promise<WriteOutcome> {
    const fate = await this.#arrive({ verb, key });
    if (fate === "lost") return { kind: "unknown", cause: "lost on its way" };
    const before = await this.#place.store.read(key, options);
    if (fate === "conflict") return { kind: "conflict", found: before && this.#shown(before.observed) };
    const { sent, outcome } = await serve();
    if (outcome.kind === "written" || outcome.kind === "removed") {
      const { landed, process } = this.#watching;
      landed({ place: this.#place.name, key, process: process.name, before: before && (await bytesOf(before.body)), sent });
    }
    if (fate === "die-after") await this.#die();
    if (fate === "lost-after") return { kind: "unknown", cause: "the reply was lost" };
    return outcome.kind === "conflict" && outcome.found ? { kind: "conflict", found: this.#shown(outcome.found) } : outcome;
  }

  /** Nothing of a dead process goes on. */
  async #arrive(call: Pick<PortCall, "verb" | "key">): Promise<Exclude<Fate, BelayError>> {
    const { process, hand } = this.#watching;
    if (process.isDead) await never;
    const fate = await hand()({ place: this.#place.name, ...call }, process);
    if (process.isDead) await never;
    if (fate === "die") await this.#die();
    if (fate instanceof BelayError) throw fate;
    return fate;
  }

  async #die(): Promise<never> {
    const { process } = this.#watching;
    process.isDead = true;
    process.onDeath();
    return await never;
  }

  #shown(observed: Observed): Observed {
    if (this.#place.isPlain !== true) return observed;
    const { provenance: _, ...rest } = observed;
    return rest;
  }
}
