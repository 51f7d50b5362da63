import { open } from "node:fs/promises";
import { errnoOf } from "../shared/errno.ts";

/** Some file systems cannot sync a folder and say so; their renames are as durable as they will ever be. */
const cannotSync = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "EISDIR", "EBADF"]);

async function syncNow(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } catch (error) {
    if (!cannotSync.has(errnoOf(error) ?? "")) throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Makes a file or folder durable. Callers that ask while a sync of the same path runs share the next one,
 * which begins after their write: a burst of writes into one folder costs a handful of syncs.
 */
export class SharedSync {
  readonly #running = new Map<string, { readonly now: Promise<void>; next: Promise<void> | undefined }>();

  sync(path: string): Promise<void> {
    const running = this.#running.get(path);
    if (!running) return this.#start(path);
    running.next ??= running.now.then(
      () => this.#start(path),
      () => this.#start(path),
    );
    return running.next;
  }

  #start(path: string): Promise<void> {
    const now = syncNow(path);
    const running = { now, next: undefined };
    this.#running.set(path, running);
    const finish = (): void => {
      // A waiting caller has already registered its own start behind this one.
      if (this.#running.get(path) === running && running.next === undefined) this.#running.delete(path);
    };
    now.then(finish, finish);
    return now;
  }
}
