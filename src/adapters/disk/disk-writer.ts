/** The writing half of the disk store. */

import { closeSync, constants, rmdirSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { dirname } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import type { Digest, Revision } from "../../core/brand.ts";
import { canonicalJson } from "../../core/canonical-json.ts";
import type { CallOptions, RemoveRequest, WriteOutcome, WriteRequest } from "../../ports/store.ts";
import { errnoOf } from "../shared/errno.ts";
import { onDisk } from "./disk-error.ts";
import { FolderLock } from "./folder-lock.ts";
import type { HeaderBook } from "./header-book.ts";
import type { Said } from "./header-line.ts";
import { KeyTurns } from "./key-turns.ts";
import { afterChange, AfterChange, createFile, removeFile, replaceFile, type OldFile, type Swap } from "./replace-file.ts";
import type { RootFolder } from "./root-folder.ts";
import { SharedSync } from "./shared-sync.ts";
import { revisionOf, type Looked, type Sight } from "./sight.ts";
import { stageFile } from "./stage-file.ts";
import { discard, type Workspace } from "./workspace.ts";

/** Points where a test lets a stranger or the system strike. */
export interface DiskHooks {
  /** Before each chunk of a body goes to its temp file. */
  readonly beforeChunk?: (sentBytes: number) => void;
  /** Between the comparison with the expectation and anything that follows from it. */
  readonly afterLook?: () => Promise<void>;
  /** Between the last look at an old file and the change. */
  readonly inWindow?: () => void;
}

export interface DiskWriterOptions {
  readonly root: RootFolder;
  readonly sight: Sight;
  readonly book: HeaderBook | undefined;
  readonly workspace: Workspace;
  readonly lockWaitMs: number;
  /** Whether what was written must survive a power cut; a killed process loses nothing either way. */
  readonly isDurable: boolean;
  readonly hooks: DiskHooks;
}

/** Long enough for a few hundred files, short enough that others get their turn. */
const burstMs = 1000;
/** How often folders are made again that another delete took away as empty. */
const roomAttemptsMax = 5;

export class DiskWriter {
  readonly #options: DiskWriterOptions;
  readonly #lock: FolderLock;
  readonly #turns = new KeyTurns();
  readonly #syncs = new SharedSync();

  constructor(options: DiskWriterOptions) {
    this.#options = options;
    const { workspace, lockWaitMs } = options;
    this.#lock = new FolderLock({ workspace, waitMs: lockWaitMs, burstMs, onTaken: async (isFirst) => await this.#tidy(isFirst) });
  }

  async write(request: WriteRequest, { signal }: CallOptions): Promise<WriteOutcome> {
    const { workspace, sight, hooks } = this.#options;
    // Asked first, so that a denied key costs no copy of its bytes.
    const { path } = sight.locate(request.key);
    await workspace.ready();
    const temp = workspace.tempPath();
    const { isDurable } = this.#options;
    await stageFile(request.body, temp, {
      signal,
      beforeChunk: hooks.beforeChunk,
      key: request.key,
      scratch: workspace.scratch,
      isDurable,
    });
    try {
      return await this.#locked(request.key, signal, path, async () => await this.#write(request, temp, signal));
    } finally {
      discard(temp);
    }
  }

  async remove(request: RemoveRequest, { signal }: CallOptions): Promise<WriteOutcome> {
    const { path, kind } = this.#options.sight.locate(request.key);
    // Nothing to lock for: also where the root does not even exist.
    if (kind !== "file") return { kind: "conflict", found: undefined };
    return await this.#locked(request.key, signal, path, async () => await this.#remove(request, signal));
  }

  async #locked(key: string, signal: AbortSignal, path: string, work: () => Promise<WriteOutcome>): Promise<WriteOutcome> {
    try {
      return await onDisk("change", path, async () => await this.#lock.run(signal, async () => await this.#turns.run(key, work)));
    } catch (error) {
      if (error instanceof AfterChange) return { kind: "unknown", cause: error.cause };
      throw error;
    }
  }

  async #write(request: WriteRequest, temp: string, signal: AbortSignal): Promise<WriteOutcome> {
    const { key, expect, body } = request;
    const looked = await this.#options.sight.look(key, signal);
    try {
      if (looked?.observed.revision !== (expect.kind === "absent" ? undefined : expect.revision)) return conflict(looked);
      refuseLink(looked);
      await this.#options.hooks.afterLook?.();
      signal.throwIfAborted();
      const headers = this.#options.book ? request.headers : {};
      const said: Said = { headers, ...(request.provenance ? { provenance: request.provenance } : {}) };
      const takeBack = await this.#say(key, body.digest, said);
      const revision = revisionOf(body.digest, headers);
      // The bytes are there already: what was said about them is the whole change.
      if (looked?.file.digest === body.digest) return { kind: "written", revision };
      return await this.#place({ key, temp, old: looked?.file, revision, takeBack, signal });
    } finally {
      if (looked) closeSync(looked.file.fd);
    }
  }

  async #place(placing: Placing): Promise<WriteOutcome> {
    let swap: Swap;
    try {
      swap = await (placing.old ? this.#replace(placing.temp, placing.old) : this.#create(placing.key, placing.temp));
    } catch (error) {
      if (!(error instanceof AfterChange)) await placing.takeBack();
      throw error;
    }
    if (swap === "done") return { kind: "written", revision: placing.revision };
    await placing.takeBack();
    return await this.#lookAgain(placing.key, placing.signal);
  }

  async #create(key: string, temp: string): Promise<Swap> {
    const { root, hooks } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const { place, made } = root.makeRoom(key);
      hooks.inWindow?.();
      if (place.kind === "folder") throw new BelayError("store-denied", `${place.path} is a folder`, "Rename the file or the folder.");
      try {
        const isMade = await this.#onSameDisk(temp, dirname(place.path), async (near) => createFile(near, place.path));
        if (!isMade) return "moved";
      } catch (error) {
        if (errnoOf(error) === "ENOENT" && attempt < roomAttemptsMax) continue;
        throw error;
      }
      await afterChange(async () => await this.#syncUp(dirname(place.path), made === undefined ? dirname(place.path) : dirname(made)));
      return "done";
    }
  }

  async #replace(temp: string, old: OldFile): Promise<Swap> {
    const { workspace, hooks } = this.#options;
    const folder = dirname(old.path);
    const swap = await this.#onSameDisk(
      temp,
      folder,
      async (near, beside) =>
        await replaceFile(near, old, { workspace, aside: workspace.asidePath(old.digest, beside), inWindow: hooks.inWindow }),
    );
    await afterChange(async () => await this.#syncUp(folder, folder));
    return swap;
  }

  async #remove(request: RemoveRequest, signal: AbortSignal): Promise<WriteOutcome> {
    const { sight, workspace, hooks } = this.#options;
    const looked = await sight.look(request.key, signal);
    try {
      if (looked?.observed.revision !== request.expect.revision) return conflict(looked);
      refuseLink(looked);
      signal.throwIfAborted();
      const { file } = looked;
      const folder = dirname(file.path);
      const swap = await removeFile(file, { workspace, aside: workspace.asidePath(file.digest), inWindow: hooks.inWindow }).catch(
        async (error: unknown) => {
          if (errnoOf(error) !== "EXDEV") throw error;
          return await removeFile(file, { workspace, aside: workspace.asidePath(file.digest, folder) });
        },
      );
      if (swap === "moved") return await this.#lookAgain(request.key, signal);
      await afterChange(async () => {
        await this.#syncUp(this.#prune(folder), folder);
        await this.#say(request.key, file.digest, undefined);
      });
      return { kind: "removed" };
    } finally {
      if (looked) closeSync(looked.file.fd);
    }
  }

  /** Says it before the bytes land, so that they never stand without their headers. Returns how to take it back. */
  async #say(key: string, digest: Digest, said: Said | undefined): Promise<() => Promise<void>> {
    const { book } = this.#options;
    const before = book?.said(key, digest);
    const isSilent = said === undefined || (Object.keys(said.headers).length === 0 && !said.provenance);
    const isSame = isSilent ? before === undefined : before !== undefined && canonicalJson(before) === canonicalJson(said);
    if (!book || isSame) return async () => undefined;
    await book.say({ key, digest, ...(isSilent ? {} : { said }) });
    return async () => await book.say({ key, digest, ...(before ? { said: before } : {}) });
  }

  async #lookAgain(key: string, signal: AbortSignal): Promise<WriteOutcome> {
    const looked = await this.#options.sight.look(key, signal);
    if (looked) closeSync(looked.file.fd);
    return conflict(looked);
  }

  /** Where scratch shares no file system with the destination, the temp file is copied beside it and used from there. */
  async #onSameDisk<Result>(
    temp: string,
    folder: string,
    act: (near: string, beside: string | undefined) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await act(temp, undefined);
    } catch (error) {
      if (errnoOf(error) !== "EXDEV") throw error;
    }
    const near = this.#options.workspace.tempPath(folder);
    try {
      await copyFile(temp, near, constants.COPYFILE_EXCL);
      await this.#syncs.sync(near);
      return await act(near, folder);
    } finally {
      discard(near);
    }
  }

  /** Makes names durable in a folder and in those above it, up to `last`. */
  async #syncUp(folder: string, last: string): Promise<void> {
    if (!this.#options.isDurable) return;
    for (let at = folder; at.length >= last.length; at = dirname(at)) {
      await this.#syncs.sync(at).catch((error: unknown) => {
        // An empty folder may have been removed since, and then holds no name to keep.
        if (errnoOf(error) !== "ENOENT") throw error;
      });
      if (at === dirname(at)) return;
    }
  }

  /** Removes a folder and those above it as far as they are empty, the root excepted. Returns the first that stays. */
  #prune(folder: string): string {
    const { path: root } = this.#options.root.real();
    let at = folder;
    while (at !== root && at.length > root.length) {
      try {
        rmdirSync(at);
      } catch {
        // Not empty, or not ours to remove: either way it stays.
        return at;
      }
      at = dirname(at);
    }
    return at;
  }

  async #tidy(isFirst: boolean): Promise<void> {
    const { workspace, book, sight } = this.#options;
    if (isFirst) await workspace.sweep();
    await book?.compact(async (key) => {
      const looked = await sight.look(key);
      if (looked) closeSync(looked.file.fd);
      return looked?.file.digest;
    });
  }
}

interface Placing {
  readonly key: string;
  readonly temp: string;
  readonly old: OldFile | undefined;
  readonly revision: Revision;
  readonly takeBack: () => Promise<void>;
  readonly signal: AbortSignal;
}

const conflict = (looked: Looked | undefined): WriteOutcome => ({ kind: "conflict", found: looked?.observed });

function refuseLink(looked: Looked | undefined): void {
  if (!looked?.isLink) return;
  throw new BelayError(
    "store-denied",
    `${looked.observed.key} is a symbolic link, and belay writes through none`,
    "Replace the link by a copy of the file it points to.",
  );
}
