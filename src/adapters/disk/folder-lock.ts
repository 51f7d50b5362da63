/** Keeps the writers of one folder apart, across processes: decision 13. */

import { setMaxListeners } from "node:events";
import { linkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BelayError } from "../../core/belay-error.ts";
import { errnoOf } from "../shared/errno.ts";
import { describeProcess, isProvablyDead } from "../shared/process-identity.ts";
import { diskError, quoted } from "./disk-error.ts";
import { statOf } from "./stat-of.ts";
import { discard, readOwner, type Owner, type Workspace } from "./workspace.ts";

export interface FolderLockOptions {
  readonly workspace: Workspace;
  /** How long to wait for another process. */
  readonly waitMs: number;
  /** How long callers of this process share one hold while others may be waiting. */
  readonly burstMs: number;
  /** Runs alone each time the lock has been taken, before any work. */
  readonly onTaken: (isFirst: boolean) => Promise<void>;
}

const pauseMsMin = 2;
const pauseMsMax = 20;
/** After a full burst the lock stays free for longer than anybody pauses, so that other processes get their turn. */
const courtesyMs = 25;
const breakDepthMax = 8;

/**
 * A lock file in scratch, made by linking a complete owner file to its name, which is atomic against everyone.
 * It is broken only when its owner is provably dead. To break owner X's file, a process must first hold the name
 * `break-X` (by the same rules), and then find X's file still in place: X is dead and can neither remove nor make
 * anything, and nobody else may remove X's file without `break-X`, so what is removed is X's file and never a newer one.
 * Callers within this process join a hold that is under way; it is let go when they are done, or for the others' sake after `burstMs`.
 */
export class FolderLock {
  readonly #options: FolderLockOptions;
  readonly #path: string;
  #users = 0;
  #waiting = 0;
  #takenAtMs = 0;
  #timesTaken = 0;
  #owesTurn = false;
  #taking: Promise<void> | undefined;
  #drain: Drain | undefined;

  constructor(options: FolderLockOptions) {
    this.#options = options;
    this.#path = join(options.workspace.scratch, "lock");
  }

  /** Runs work while the lock is held. Throws `lock-held`, naming the owner, after `waitMs`. */
  async run<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    // As many callers as one operation has writes under way listen to its one signal: that is no leak to be warned of.
    setMaxListeners(0, signal);
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    this.#waiting += 1;
    try {
      while (!this.#isOpen()) {
        if (this.#users > 0 && !this.#taking) await unlessAborted((this.#drain ??= new Drain()).over, signal);
        else await unlessAborted((this.#taking ??= this.#take()), signal);
        signal.throwIfAborted();
      }
      this.#users += 1;
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0 && this.#users === 0) this.#letGo();
    }
  }

  #isOpen(): boolean {
    return this.#takenAtMs > 0 && !this.#taking && performance.now() - this.#takenAtMs <= this.#options.burstMs;
  }

  #leave(): void {
    this.#users -= 1;
    if (this.#users > 0 || (this.#waiting > 0 && this.#isOpen())) return;
    this.#owesTurn = this.#waiting > 0;
    this.#letGo();
    this.#drain?.end();
    this.#drain = undefined;
  }

  #letGo(): void {
    if (this.#takenAtMs === 0 || this.#taking) return;
    this.#takenAtMs = 0;
    if (readOwner(this.#path)?.nonce === this.#options.workspace.nonce) discard(this.#path);
  }

  async #take(): Promise<void> {
    try {
      const owner = await this.#options.workspace.ready();
      if (this.#owesTurn) await sleep(courtesyMs);
      this.#owesTurn = false;
      await this.#acquire(this.#path, Date.now() + this.#options.waitMs, 0);
      try {
        this.#timesTaken += 1;
        await this.#options.onTaken(this.#timesTaken === 1);
      } catch (error) {
        if (readOwner(this.#path)?.nonce === owner.nonce) discard(this.#path);
        throw error;
      }
      this.#takenAtMs = performance.now();
    } finally {
      this.#taking = undefined;
      // Everybody who wanted it may have been called off meanwhile.
      if (this.#waiting === 0) this.#letGo();
    }
  }

  async #acquire(path: string, untilMs: number, depth: number): Promise<void> {
    for (let pauseMs = pauseMsMin; ; pauseMs = Math.min(pauseMs * 2, pauseMsMax)) {
      if (this.#link(path)) return;
      const owner = readOwner(path);
      if (owner?.nonce === this.#options.workspace.nonce) return;
      if (owner && depth < breakDepthMax && (await isProvablyDead(owner))) {
        await this.#break(path, owner, untilMs, depth);
        continue;
      }
      if (Date.now() >= untilMs) throw heldBy(path, owner);
      await sleep(pauseMs);
    }
  }

  #link(path: string): boolean {
    try {
      linkSync(this.#options.workspace.ownerFile, path);
      return true;
    } catch (error) {
      const code = errnoOf(error);
      if (code === "EEXIST") return false;
      // The owner file is ours, so this cannot be about somebody else's file.
      if (code === "EPERM") throw withoutLinks(path, error);
      throw diskError(error, "lock", path);
    }
  }

  async #break(path: string, dead: Owner, untilMs: number, depth: number): Promise<void> {
    const breaking = join(this.#options.workspace.scratch, `break-${dead.nonce}`);
    await this.#acquire(breaking, untilMs, depth + 1);
    try {
      if (readOwner(path)?.nonce === dead.nonce) discard(path);
    } finally {
      discard(breaking);
    }
  }
}

function heldBy(path: string, owner: Owner | undefined): BelayError {
  const who = owner ? describeProcess(owner) : whoWrote(path);
  return new BelayError(
    "lock-held",
    `the folder is being written by ${who} (${path})`,
    `Wait until it is done. If you are sure that it no longer runs, remove its lock: \`rm ${quoted(path)}\`.`,
  );
}

function withoutLinks(path: string, cause: unknown): BelayError {
  const remedy = "Use a file system with hard links: belay cannot keep writers apart on this one.";
  return new BelayError("not-supported", `could not lock ${path}: its file system has no hard links`, remedy, { cause });
}

function whoWrote(path: string): string {
  const stats = statOf(path);
  if (!stats) return "a process that has just let go";
  return stats.size === 0 ? "a process that left an empty lock file" : "a process that this version of belay cannot read";
}

/** Waits for something that goes on without this caller, should the caller be called off. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let callOff = nothing;
  const aborted = new Promise<void>((resolve) => {
    callOff = resolve;
  });
  signal.addEventListener("abort", callOff, { once: true });
  try {
    await Promise.race([work, aborted]);
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", callOff);
  }
}

/** Callers that wait for a burst to end. */
class Drain {
  readonly over: Promise<void>;
  end: () => void = nothing;

  constructor() {
    this.over = new Promise<void>((resolve) => {
      this.end = resolve;
    });
  }
}

function nothing(): void {
  // Replaced before anybody can call it: a promise runs its executor at once.
}
