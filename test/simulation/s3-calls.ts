/**
 * What each write to a bucket was asked for and has done, so that headers can be judged: S3 compares bytes by itself, and
 * headers only as far as belay looks at them.
 *
 * A page whose headers alone were rewritten may be written over unseen in these cases and in no other:
 * 1. The rewrite lands between the look at the page (HEAD) and the write: a replace where no versions are kept, or a delete.
 * 2. The rewrite falls into the second of the version that was seen: ETag and LastModified are then the same as before. Where
 *    versions are kept, not even then if it was this very process that wrote the version seen.
 * 3. Versions are kept, and after a replace the look at what it replaced comes to nothing, or what it finds cannot be put
 *    back: the process dies, a request of it fails, or somebody has written again since. What was written over can then
 *    still be had from the bucket.
 */

import { parseRevision } from "../../src/adapters/s3/revision.ts";
import type { Revision } from "../../src/core/brand.ts";
import type { Unchanged, Absent } from "../../src/core/plan/plan.ts";
import type { CallOptions, CopyOutcome, CopyRequest, Store } from "../../src/ports/store.ts";
import type { Process } from "./scheduler.ts";
import type { Landed, Version } from "./shared-place.ts";

export interface StoredVersion extends Version {
  /** Of LastModified. */
  readonly second: number;
}

/** One `write` or `remove` of a store. */
export interface Call {
  readonly process: Process;
  readonly key: string;
  readonly expected: { readonly second: number; readonly isOwn: boolean } | undefined;
  /** How many changes the bucket had seen when HEAD was answered. */
  lookedAt: number | undefined;
  /** What it has replaced, while its headers are still to be judged. */
  pending: { readonly landed: Landed; readonly at: number } | undefined;
  first: Landed | undefined;
  isRepaired: boolean;
  isTroubled: boolean;
  outcome: CopyOutcome["kind"] | "thrown" | undefined;
}

export interface Listeners {
  readonly onLanded: (landed: Landed) => void;
  /** Somebody's headers were written over, and no known limit excuses it. */
  readonly onHeaders: (landed: Landed) => void;
  /** A store's answer is not what has happened. */
  readonly onLie: (process: Process, what: string) => void;
  /** Something worth counting. */
  readonly onEvent: (what: string) => void;
}

type Excuse = "new" | "window" | "second";

interface Change {
  readonly before: StoredVersion | undefined;
  readonly after: StoredVersion | undefined;
}

/** Follows the calls to one bucket, all processes'. */
export class Calls {
  readonly #listeners: Listeners;
  readonly #isVersioned: boolean;
  readonly #open = new Map<Process, Map<string, Call>>();
  readonly #changedAt = new Map<string, number>();
  #changes = 0;

  constructor(isVersioned: boolean, listeners: Listeners) {
    this.#isVersioned = isVersioned;
    this.#listeners = listeners;
  }

  /** The call that a request of this process about this key belongs to. */
  of(process: Process, key: string): Call | undefined {
    return this.#open.get(process)?.get(key);
  }

  /** HEAD was answered. */
  looked(call: Call): void {
    call.lookedAt = this.#changes;
  }

  changedByStranger(key: string): void {
    this.#note(key);
  }

  /** A change of belay's has landed. `call` is the one that its request was sent by, which may be over. */
  landed(
    { process, key, call }: { readonly process: Process; readonly key: string; readonly call: Call | undefined },
    change: Change,
  ): void {
    const first = call?.first;
    // Over our own bytes only: what others have written since is not the store's to take away.
    const isRepair = first !== undefined && isSame(first.before, change.after) && first.after?.digest === change.before?.digest;
    const landed: Landed = { process, key, ...change, isKeptThere: this.#isVersioned, ...(isRepair && { isRepair }) };
    const excuse = this.#excuseOf(call, key, change.before);
    this.#note(key);
    this.#listeners.onLanded(landed);
    if (!call) return;
    if (call.outcome === "thrown" || (call.outcome === "conflict" && !isRepair))
      this.#listeners.onLie(process, `answered ${call.outcome} at ${key}, and then it landed`);
    if (isRepair) this.#repaired(call);
    else this.#judge(call, landed, excuse);
  }

  #repaired(call: Call): void {
    this.#listeners.onEvent("headers put back after a write");
    call.isRepaired = true;
    call.pending = undefined;
  }

  #judge(call: Call, landed: Landed, excuse: Excuse | undefined): void {
    call.first ??= landed;
    if (excuse === "window") this.#listeners.onEvent("a change between the look and the write");
    if (excuse !== undefined) return;
    // Where versions are kept the store looks after a replace, and repairs: it is judged by its answer.
    if (!this.#isVersioned || !landed.after) this.#listeners.onHeaders(landed);
    else if (call.outcome === undefined) call.pending = { landed, at: this.#changes };
  }

  /** The limits 1 and 2, where one of them applies, or why there is nothing to judge. */
  #excuseOf(call: Call | undefined, key: string, before: StoredVersion | undefined): Excuse | undefined {
    if (!call?.expected || !before) return "new";
    const { second, isOwn } = call.expected;
    if (call.lookedAt !== undefined && (this.#changedAt.get(key) ?? 0) > call.lookedAt) return "window";
    if (before.second <= second && !(this.#isVersioned && isOwn)) return "second";
    return undefined;
  }

  #note(key: string): void {
    this.#changes += 1;
    this.#changedAt.set(key, this.#changes);
  }

  /** The store as one process has it, with its calls followed. */
  follow(process: Process, store: Store): Store {
    const written = new Map<string, Revision>();
    const followed = async <Outcome extends CopyOutcome>(
      key: string,
      expect: Absent | Unchanged,
      work: () => Promise<Outcome>,
    ): Promise<Outcome> => {
      const call = this.#begin(process, key, expect, written);
      try {
        const outcome = await work();
        this.#end(call, outcome.kind);
        if (outcome.kind === "written") written.set(key, outcome.revision);
        else if (outcome.kind !== "not-copied") written.delete(key);
        return outcome;
      } catch (error) {
        this.#end(call, "thrown");
        throw error;
      }
    };
    return {
      name: store.name,
      guarantees: async (options) => await store.guarantees(options),
      list: (prefix, options) => store.list(prefix, options),
      read: async (key, options) => await store.read(key, options),
      write: async (request, options) => await followed(request.key, request.expect, async () => await store.write(request, options)),
      remove: async (request, options) => await followed(request.key, request.expect, async () => await store.remove(request, options)),
      ...(store.copy && {
        copy: async (request, options) =>
          await followed(request.key, request.expect, async () => await this.#copy(store, request, options)),
      }),
      ...(store.versions && { versions: store.versions }),
    };
  }

  async #copy({ copy }: Store, request: CopyRequest, options: CallOptions): Promise<CopyOutcome> {
    const outcome = copy ? await copy(request, options) : ({ kind: "not-copied", why: "nothing copies here" } as const);
    this.#listeners.onEvent(`copy: ${outcome.kind}`);
    return outcome;
  }

  #begin(process: Process, key: string, expect: Absent | Unchanged, written: ReadonlyMap<string, Revision>): Call {
    const mark = expect.kind === "unchanged" ? parseRevision(expect.revision) : undefined;
    const isOwn = expect.kind === "unchanged" && written.get(key) === expect.revision;
    const call: Call = {
      process,
      key,
      expected: mark && { second: mark.second, isOwn },
      lookedAt: undefined,
      pending: undefined,
      first: undefined,
      isRepaired: false,
      isTroubled: false,
      outcome: undefined,
    };
    const open = this.#open.get(process) ?? new Map<string, Call>();
    this.#open.set(process, open.set(key, call));
    return call;
  }

  #end(call: Call, outcome: NonNullable<Call["outcome"]>): void {
    const { process, key, first, pending } = call;
    call.outcome = outcome;
    this.#open.get(process)?.delete(key);
    const hasLanded = first !== undefined && !call.isRepaired;
    if (hasLanded && saysNothing.has(outcome)) this.#listeners.onLie(process, `answered ${outcome} at ${key}, where it has written`);
    if (!hasLanded && (outcome === "written" || outcome === "removed"))
      this.#listeners.onLie(process, `answered ${outcome} at ${key}, where nothing of it has landed`);
    if (!pending) return;
    const isFutile = call.isTroubled || (this.#changedAt.get(key) ?? 0) > pending.at;
    if (outcome !== "unknown" || !isFutile) this.#listeners.onHeaders(pending.landed);
  }
}

/** Answers after which nothing of a call stands. */
const saysNothing: ReadonlySet<string> = new Set(["thrown", "conflict", "not-copied"]);

const isSame = (one: Version | undefined, other: Version | undefined): boolean =>
  one !== undefined && one.digest === other?.digest && JSON.stringify(one.headers) === JSON.stringify(other.headers);
