/** A prefix of a bucket on a real server, as the simulation's place: sockets and clocks are real, chance takes requests and replies away. */

import { setTimeout as pause } from "node:timers/promises";
import { openS3Store, type CanaryCache } from "../../src/adapters/s3/s3-store.ts";
import { WireFailure, type Wire, type WireAnswer, type WireRequest } from "../../src/adapters/shared/aws/wire.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { asStoreName } from "../../src/core/brand.ts";
import type { Headers } from "../../src/core/plan/plan.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import type { CallOptions, Store } from "../../src/ports/store.ts";
import { Calls, type Call, type Listeners, type StoredVersion } from "./s3-calls.ts";
import { never, type WallClock } from "./s3-wall-clock.ts";
import type { Process } from "./scheduler.ts";
import { noFaults, type Faults, type SharedPlace, type StrangersHand } from "./shared-place.ts";

export interface ServedOptions {
  readonly bucket: string;
  readonly prefix: string;
  readonly isVersioned: boolean;
  readonly watchesHeaders: boolean;
  readonly clock: WallClock;
  /** One connection for all processes: what is theirs alone is their store. */
  readonly wire: Wire;
  readonly canary: CanaryCache;
  readonly listeners: Listeners;
  /** Called right before a write is sent: whoever wants to come in between does it here. */
  readonly beforeWrite: (key: string) => Promise<void>;
}

/**
 * Changes go to the server one at a time, so that it is known what each has replaced: a server that keeps conditions does the
 * same. Looks are sent whenever they like.
 */
export class ServedPlace implements SharedPlace {
  faults: Faults = noFaults;
  readonly #options: ServedOptions;
  readonly #calls: Calls;
  /** What the server holds if it does what it answers. */
  readonly #expected = new Map<string, StoredVersion>();
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(options: ServedOptions) {
    this.#options = options;
    this.#calls = new Calls(options.isVersioned, options.listeners);
  }

  open(process: Process, { runtime }: { readonly runtime: Runtime }): Store {
    const { bucket, prefix, wire, watchesHeaders, canary } = this.#options;
    const own: Wire = {
      base: wire.base,
      isAws: wire.isAws,
      send: async (request, options) => await this.#send(process, request, options),
    };
    const store = openS3Store({
      name: asStoreName(`s3://${bucket}/${prefix}`),
      bucket,
      prefix,
      wire: () => Promise.resolve(own),
      // The server's clock is the machine's: the store waits by it, whatever time it is for belay's operations.
      runtime: { ...runtime, now: () => Date.now(), sleep: async (ms, signal) => await alive(process, pause(ms, undefined, { signal })) },
      canary,
      watchesHeaders,
    });
    return this.#calls.follow(process, store);
  }

  async force({ key, bytes, headers, landed }: StrangersHand): Promise<void> {
    await this.#alone(async () => {
      const request: WireRequest = bytes
        ? { method: "PUT", path: this.#pathOf(key), headers, body: bodyOf(bytes) }
        : { method: "DELETE", path: this.#pathOf(key) };
      await this.#ask(request);
      const second = bytes ? secondIn(await this.#ask({ method: "HEAD", path: this.#pathOf(key) })) : 0;
      this.#set(key, bytes && { digest: sha256(bytes), bytes, headers, second });
      this.#calls.changedByStranger(key);
      landed();
    });
  }

  look(key: string): Promise<StoredVersion | undefined> {
    return Promise.resolve(this.#expected.get(key));
  }

  /** Keys at which the server holds something else than its answers said. */
  async surprises(keys: readonly string[]): Promise<string[]> {
    const found = await Promise.all(keys.map(async (key) => ({ key, bytes: await this.#bytesAt(key) })));
    return found.filter(({ key, bytes }) => (bytes && sha256(bytes)) !== this.#expected.get(key)?.digest).map(({ key }) => key);
  }

  async #send(process: Process, request: WireRequest, options: CallOptions): Promise<WireAnswer> {
    const { clock, listeners, beforeWrite } = this.#options;
    if (process.isDead) return await never();
    const isLast = this.#mayDie(process);
    if (isLast && clock.chance(0.5)) return await never();
    const key = this.#keyOf(request);
    const call = key === undefined ? undefined : this.#calls.of(process, key);
    const loss = clock.random();
    const isLost = loss < this.faults.lost;
    if (isLost && call) call.isTroubled = true;
    if (loss < this.faults.lost / 2) throw new WireFailure("simulated: lost on its way", true);
    const answer = await clock.follow(async () => {
      // What has been sent arrives, whatever becomes of its sender.
      await clock.turn({ ...process, isDead: false });
      if (key !== undefined && request.method === "PUT") await beforeWrite(key);
      return await this.#pass({ process, request, key, call }, options);
    });
    if (this.#mayDie(process)) return await never();
    if (!isLost) return answer;
    answer.discard();
    listeners.onEvent("request: lost-reply");
    throw new WireFailure("simulated: the reply was lost", true);
  }

  async #pass({ process, request, key, call }: Passing, options: CallOptions): Promise<WireAnswer> {
    const { wire } = this.#options;
    if (request.method !== "PUT" && request.method !== "DELETE") {
      if (call && request.method === "HEAD") this.#calls.looked(call);
      return await wire.send(request, options);
    }
    return await this.#alone(async () => {
      const answer = await wire.send(request, options);
      if (key === undefined || answer.status >= 300) return answer;
      const before = this.#expected.get(key);
      const after = request.method === "PUT" ? await sentAs(request, answer) : undefined;
      this.#set(key, after);
      if (before || after) this.#calls.landed({ process, key, call }, { before, after });
      return answer;
    });
  }

  async #alone<Result>(change: () => Promise<Result>): Promise<Result> {
    const turn = this.#lastChange.then(change, change);
    this.#lastChange = turn.catch(() => undefined);
    return await turn;
  }

  #set(key: string, version: StoredVersion | undefined): void {
    if (version) this.#expected.set(key, version);
    else this.#expected.delete(key);
  }

  #mayDie(process: Process): boolean {
    if (!process.isDead && this.#options.clock.chance(this.faults.crash)) {
      process.isDead = true;
      process.onDeath();
    }
    return process.isDead;
  }

  /** The key that a request is about; none for listings of many keys and for the canary's. */
  #keyOf({ path, query = {} }: WireRequest): string | undefined {
    const name = path === "/" && query["versions"] !== undefined ? query["prefix"] : decodeURIComponent(path.slice(1));
    const key = name?.slice(this.#options.prefix.length + 1);
    return key === undefined || key === "" || key.includes(".belay-canary/") ? undefined : key;
  }

  #pathOf(key: string): string {
    return `/${this.#options.prefix}/${key}`;
  }

  async #ask(request: WireRequest): Promise<WireAnswer> {
    const { clock, wire } = this.#options;
    const answer = await clock.follow(async () => await wire.send(request, { signal }));
    answer.discard();
    if (answer.status >= 300) throw new Error(`a stranger's ${request.method} ${request.path} was answered ${answer.status}`);
    return answer;
  }

  async #bytesAt(key: string): Promise<Uint8Array | undefined> {
    const answer = await this.#options.wire.send({ method: "GET", path: this.#pathOf(key) }, { signal });
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    return answer.status === 200 ? Buffer.concat(chunks) : undefined;
  }
}

interface Passing {
  readonly process: Process;
  readonly request: WireRequest;
  readonly key: string | undefined;
  readonly call: Call | undefined;
}

const { signal } = new AbortController();

async function alive(process: Process, work: Promise<void>): Promise<void> {
  await work;
  if (process.isDead) await never();
}

const bodyOf = (bytes: Uint8Array): NonNullable<WireRequest["body"]> => ({
  sizeBytes: bytes.byteLength,
  sha256: sha256(bytes),
  async *open() {
    yield bytes;
  },
});

/** What a successful PUT has left, its time as the answer's Date tells it. */
async function sentAs({ headers = {}, body }: WireRequest, answer: WireAnswer): Promise<StoredVersion> {
  const chunks: Uint8Array[] = [];
  if (body) for await (const chunk of body.open()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const kept = Object.entries(headers).filter(([name]) => name === "cache-control" || name === "content-type");
  return { digest: sha256(bytes), bytes, headers: Object.fromEntries(kept) satisfies Headers, second: secondIn(answer, "date") };
}

const secondIn = ({ headers }: WireAnswer, name = "last-modified"): number => Math.floor(Date.parse(headers[name] ?? "") / 1000);
