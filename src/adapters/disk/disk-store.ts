/** A folder as a store: a site's working folder, a `dir:` target, a state folder. */

import { closeSync, type Stats } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { bodyOf } from "../../core/body.ts";
import type { Digest, StoreName } from "../../core/brand.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { CallOptions, Guarantees, ListOptions, Reading, RemoveRequest, Store, WriteOutcome, WriteRequest } from "../../ports/store.ts";
import { errnoOf } from "../shared/errno.ts";
import type { DigestCache } from "./digest-cache.ts";
import { diskError } from "./disk-error.ts";
import { DiskWriter, type DiskHooks } from "./disk-writer.ts";
import { HeaderBook } from "./header-book.ts";
import { largeBody, openRegular, stableContent } from "./read-file.ts";
import { realPathOf, requireKey, RootFolder } from "./root-folder.ts";
import { Sight } from "./sight.ts";
import { walkFolder, type WalkedFile } from "./walk-folder.ts";
import { Workspace } from "./workspace.ts";

export interface DiskStoreOptions {
  readonly name: StoreName;
  readonly root: string;
  /** Belay's own folder for this root: lock, temp files, headers. Outside what is served; see `scratchBeside`. Made when first written to. */
  readonly scratch: string;
  /** Whether headers and provenance are kept, beside the files. Otherwise headers are always `{}`. */
  readonly keepsHeaders: boolean;
  /** Whether a missing root is an empty one, made by the first write. Otherwise it is `store-unreachable`. */
  readonly mayBeAbsent?: boolean;
  /** False for what can be had again: writes skip the syncs that a power cut would make worth having. True unless given. */
  readonly isDurable?: boolean;
  readonly digestCache?: DigestCache;
  /** Keys that `list` leaves out without looking at them. Reading and writing them by key still works. */
  readonly isPublished?: (key: string) => boolean;
  /** Folders, by key, that `list` does not look into. */
  readonly entersFolder?: (folder: string) => boolean;
  /** How long to wait for another process that writes here; 30 seconds unless given. */
  readonly lockWaitMs?: number;
  /** For tests. */
  readonly hooks?: DiskHooks;
}

interface HashedFile {
  readonly key: string;
  readonly stats: Stats;
  readonly digest: Digest;
}

const sliceEntries = 1000;
const sliceMs = 20;

/**
 * Opens a folder as a store; nothing is made or written before the first write.
 *
 * A revision is the SHA-256 of the bytes; where headers are kept for exactly those bytes and are not empty, it is
 * `<sha256>.<first 16 digits of the SHA-256 of the headers' canonical JSON>`, so that a change of headers is a change.
 * Provenance is no part of it. Equal content therefore has an equal revision, also after a change and its reversal.
 *
 * `create` is atomic against everyone (link(2)); `replace` and `delete` are checked: writers that go through belay are kept
 * apart by a lock, strangers are noticed and put back as far as the system allows; see `replaceFile` and `removeFile`.
 */
export function openDiskStore(options: DiskStoreOptions): Store {
  return new DiskStore(options);
}

class DiskStore implements Store {
  readonly name: StoreName;
  readonly guarantees = (): Promise<Guarantees> => Promise.resolve({ create: "atomic", replace: "checked", delete: "checked" });
  readonly #options: DiskStoreOptions;
  readonly #root: RootFolder;
  readonly #book: HeaderBook | undefined;
  readonly #sight: Sight;
  readonly #writer: DiskWriter;

  constructor(options: DiskStoreOptions) {
    this.name = options.name;
    this.#options = options;
    this.#root = new RootFolder(options.root, options.mayBeAbsent ?? false);
    const scratch = realPathOf(options.scratch);
    const workspace = new Workspace(scratch, () => this.#root.real().path);
    this.#book = options.keepsHeaders ? new HeaderBook(workspace) : undefined;
    this.#sight = new Sight({ root: this.#root, scratch, book: this.#book });
    this.#writer = new DiskWriter({
      root: this.#root,
      sight: this.#sight,
      book: this.#book,
      workspace,
      lockWaitMs: options.lockWaitMs ?? 30_000,
      isDurable: options.isDurable ?? true,
      hooks: options.hooks ?? {},
    });
  }

  async *list(prefix: string, options: ListOptions): AsyncIterable<Observed> {
    options.signal.throwIfAborted();
    const limit = options.limit ?? Infinity;
    let listed = 0;
    for await (const slice of this.#slices(prefix, options)) {
      // Asked after the bytes were looked at: their headers were said before they landed.
      const said = this.#book?.lookup();
      for (const file of slice) {
        options.signal.throwIfAborted();
        if (listed >= limit) return;
        listed += 1;
        yield this.#sight.observed({ ...file, said: said?.(file.key, file.digest) });
      }
    }
    options.signal.throwIfAborted();
    this.#options.digestCache?.save(prefix === "");
  }

  /** Listed files with their digests, in slices after which others get their turn. */
  async *#slices(prefix: string, { signal, limit = Infinity }: ListOptions): AsyncGenerator<readonly HashedFile[]> {
    const { digestCache } = this.#options;
    let slice: HashedFile[] = [];
    let endsMs = performance.now() + sliceMs;
    for (const { key, path, stats } of this.#walk(prefix)) {
      const digest = digestCache?.digestOf(key, stats);
      const held = digest === undefined ? await this.#hash(key, path, signal) : { key, stats, digest };
      if (held) slice.push(held);
      if (slice.length < Math.min(limit, sliceEntries) && performance.now() < endsMs) continue;
      yield slice;
      slice = [];
      await nextTurn();
      signal.throwIfAborted();
      endsMs = performance.now() + sliceMs;
    }
    yield slice;
  }

  #walk(prefix: string): Iterable<WalkedFile> {
    const { isPublished = () => true, entersFolder = () => true } = this.#options;
    return walkFolder({ root: this.#root, prefix, isPublished, entersFolder, scratch: this.#sight.scratch });
  }

  async read(key: string, options: CallOptions): Promise<Reading | undefined> {
    options.signal.throwIfAborted();
    const looked = await this.#sight.look(key, options.signal);
    if (!looked) return undefined;
    const { observed, bytes, file } = looked;
    closeSync(file.fd);
    return { observed, body: bytes ? bodyOf(bytes, file.digest) : largeBody(file.path, file.digest, observed.sizeBytes) };
  }

  async write(request: WriteRequest, options: CallOptions): Promise<WriteOutcome> {
    options.signal.throwIfAborted();
    requireKey(request.key);
    return await this.#writer.write(request, options);
  }

  async remove(request: RemoveRequest, options: CallOptions): Promise<WriteOutcome> {
    options.signal.throwIfAborted();
    requireKey(request.key);
    return await this.#writer.remove(request, options);
  }

  /** Hashes one listed file; `undefined` when it was removed since. */
  async #hash(key: string, path: string, signal: AbortSignal): Promise<HashedFile | undefined> {
    const hashedAtMs = Date.now();
    try {
      const { fd } = openRegular(path);
      try {
        const { stats, digest } = await stableContent(fd, path, signal);
        this.#options.digestCache?.remember(key, { stats, digest, hashedAtMs });
        return { key, stats, digest };
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return undefined;
      throw diskError(error, "read", path);
    }
  }
}
