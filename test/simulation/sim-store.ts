/** A store as a simulation sees it: every call waits for its turn, may be lost, refused or cut off, and is watched. */

import { openMemoryStore, type MemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { bytesOf } from "../../src/core/body.ts";
import { BelayError } from "../../src/core/belay-error.ts";
import { asRevision, asStoreName, type StoreName } from "../../src/core/brand.ts";
import type { Observed } from "../../src/core/plan/plan.ts";
import type {
  CallOptions,
  Guarantees,
  ListOptions,
  Reading,
  RemoveRequest,
  Store,
  Versions,
  WriteOutcome,
  WriteRequest,
} from "../../src/ports/store.ts";
import type { Process, Turns } from "./scheduler.ts";
import {
  noFaults,
  requestTimeoutMs,
  type Faults,
  type Landed,
  type SharedPlace,
  type StrangersHand,
  type Version,
} from "./shared-place.ts";

export interface WorldOptions {
  readonly isPrivate?: boolean;
  readonly keepsVersions?: boolean;
  readonly onLanded?: (landed: Landed) => void;
}

/** The objects themselves; many processes reach them, each through its own `SimStore`. */
export class World implements SharedPlace {
  readonly store: MemoryStore;
  readonly scheduler: Turns;
  readonly onLanded: ((landed: Landed) => void) | undefined;
  faults: Faults = noFaults;
  /** Reached by one person's commands only, which run one after another: its calls need no turn, but may be the last. */
  readonly isPrivate: boolean;

  constructor(name: string, scheduler: Turns, { isPrivate = false, keepsVersions = false, onLanded }: WorldOptions = {}) {
    this.isPrivate = isPrivate;
    this.store = openMemoryStore({ name: asStoreName(name), now: () => scheduler.nowMs, sha256, keepsVersions });
    this.scheduler = scheduler;
    this.onLanded = onLanded;
  }

  open(process: Process): Store {
    return new SimStore(this, process);
  }

  force({ key, bytes, landed }: StrangersHand): Promise<void> {
    this.store.force(key, bytes);
    landed();
    return Promise.resolve();
  }

  async look(key: string): Promise<Version | undefined> {
    const reading = await this.store.read(key, { signal: new AbortController().signal });
    return reading && (await versionOf(reading));
  }
}

export class SimStore implements Store {
  readonly name: StoreName;
  readonly versions?: Versions;
  readonly #world: World;
  readonly #process: Process;

  constructor(world: World, process: Process) {
    this.name = world.store.name;
    this.#world = world;
    this.#process = process;
    const { versions } = world.store;
    if (versions) this.versions = this.#versions(versions);
  }

  #versions(kept: Versions): Versions {
    const inTurn = async <Result>(ask: () => Promise<Result>): Promise<Result> => {
      await this.#arrive();
      const result = await ask();
      await this.#leave();
      return result;
    };
    return {
      areKept: async (options) => await inTurn(async () => await kept.areKept(options)),
      list: async (key, options) => await inTurn(async () => await kept.list(key, options)),
      read: async (version, options) => await inTurn(async () => await kept.read(version, options)),
      look: async (version, options) => await inTurn(async () => await kept.look(version, options)),
    };
  }

  async guarantees(options: CallOptions): Promise<Guarantees> {
    return await this.#world.store.guarantees(options);
  }

  async *list(prefix: string, options: ListOptions): AsyncIterable<Observed> {
    await this.#arrive();
    for await (const observed of this.#world.store.list(prefix, options)) yield byContent(observed);
    await this.#leave();
  }

  async read(key: string, options: CallOptions): Promise<Reading | undefined> {
    await this.#arrive();
    const reading = await this.#world.store.read(key, options);
    await this.#leave();
    return reading && { ...reading, observed: byContent(reading.observed) };
  }

  async write(request: WriteRequest, options: CallOptions): Promise<WriteOutcome> {
    const { expect } = request;
    return await this.#swap(request.key, options, async (now) => {
      if (expect.kind === "absent" || now === undefined) return await this.#world.store.write(request, options);
      const holds = byContent(now).revision === expect.revision;
      return await this.#world.store.write({ ...request, expect: holds ? { kind: "unchanged", revision: now.revision } : expect }, options);
    });
  }

  async remove(request: RemoveRequest, options: CallOptions): Promise<WriteOutcome> {
    return await this.#swap(request.key, options, async (now) => {
      const holds = now !== undefined && byContent(now).revision === request.expect.revision;
      return await this.#world.store.remove(
        holds ? { ...request, expect: { kind: "unchanged", revision: now.revision } } : request,
        options,
      );
    });
  }

  /** The server's part is one step; chance falls before and after it. */
  async #swap(key: string, options: CallOptions, serve: (now: Observed | undefined) => Promise<WriteOutcome>): Promise<WriteOutcome> {
    const { scheduler, faults, store } = this.#world;
    if (await this.#isLate()) return { kind: "unknown", cause: "timed out on its way" };
    if (scheduler.chance(faults.error)) throw new BelayError("store-unreachable", "simulated outage", "try again");
    if (scheduler.chance(faults.lost)) return { kind: "unknown", cause: "lost on its way" };
    const before = await store.read(key, options);
    if (scheduler.chance(faults.conflict)) return conflictWith(before?.observed);
    const outcome = await serve(before?.observed);
    const after = await store.read(key, options);
    if (outcome.kind === "written" || outcome.kind === "removed") await this.#tell(key, before, after);
    await this.#leave();
    if (scheduler.chance(faults.lost)) return { kind: "unknown", cause: "the reply was lost" };
    if (outcome.kind === "conflict") return conflictWith(outcome.found);
    return outcome.kind === "written" && after ? { kind: "written", revision: byContent(after.observed).revision } : outcome;
  }

  async #tell(key: string, before: Reading | undefined, after: Reading | undefined): Promise<void> {
    this.#world.onLanded?.({
      process: this.#process,
      key,
      before: before && (await versionOf(before)),
      after: after && (await versionOf(after)),
      isKeptThere: this.versions !== undefined,
    });
  }

  async #isLate(): Promise<boolean> {
    const sentAtMs = this.#world.scheduler.nowMs;
    await this.#wait();
    return this.#world.scheduler.nowMs - sentAtMs > requestTimeoutMs;
  }

  async #arrive(): Promise<void> {
    const { scheduler, faults } = this.#world;
    if (await this.#isLate()) throw new BelayError("store-unreachable", "simulated timeout", "try again");
    if (scheduler.chance(faults.error)) throw new BelayError("store-unreachable", "simulated outage", "try again");
  }

  async #leave(): Promise<void> {
    await this.#wait();
  }

  async #wait(): Promise<void> {
    const { scheduler, faults } = this.#world;
    if (!this.#world.isPrivate && scheduler.chance(faults.pause))
      this.#process.pausedUntilMs = scheduler.nowMs + Math.floor(scheduler.random() * 240_000);
    if (scheduler.chance(faults.crash) && !this.#process.isDead) {
      this.#process.isDead = true;
      this.#process.onDeath();
    }
    if (this.#process.isDead || !this.#world.isPrivate) await scheduler.turn(this.#process);
  }
}

const versionOf = async ({ observed, body }: Reading): Promise<Version> => ({
  digest: body.digest,
  bytes: await bytesOf(body),
  headers: observed.headers ?? {},
});

/** Revisions follow content, as those of folders and of S3's ETags do: A → B → A comes back to the same revision. */
function byContent(observed: Observed): Observed {
  const headers = Object.entries(observed.headers ?? {})
    .flat()
    .join("\n");
  return { ...observed, revision: asRevision(headers === "" ? `c-${observed.digest}` : `c-${observed.digest}-${headers}`) };
}

const conflictWith = (found: Observed | undefined): WriteOutcome => ({ kind: "conflict", found: found && byContent(found) });
