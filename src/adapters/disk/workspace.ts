/** A process's own corner of the scratch folder: temp files, old files set aside, and the file that says whose they are. */

import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
  fsyncSync,
  closeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { randomBytes } from "node:crypto";
import { BelayError } from "../../core/belay-error.ts";
import { isProvablyDead, parseProcessIdentity, thisProcess, type ProcessIdentity } from "../shared/process-identity.ts";
import { errnoOf } from "../shared/errno.ts";
import { quoted } from "./disk-error.ts";
import { digestAt } from "./read-file.ts";
import { statOf } from "./stat-of.ts";

/** A process, and which of its workspaces. A nonce is never drawn twice. */
export interface Owner extends ProcessIdentity {
  readonly nonce: string;
}

/** Files of this prefix lie among served files for a moment where scratch is on another file system; they are never listed as objects. */
export const strayPrefix = ".belay-tmp-";
/** A folder without a readable owner may be one that is just being made. */
const unreadableMs = 3_600_000;

/** Reads an owner file; `undefined` when it is gone or does not say whose it is. */
export function readOwner(path: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    const identity = parseProcessIdentity(value);
    if (!identity || typeof value !== "object" || value === null || !("nonce" in value) || typeof value.nonce !== "string")
      return undefined;
    return /^[0-9a-f]{16}$/u.test(value.nonce) ? { ...identity, nonce: value.nonce } : undefined;
  } catch {
    return undefined;
  }
}

const ours = new Set<string>();

/** A normal exit leaves nothing behind, unless it cut a change short: then, as after a kill, the next process sweeps. */
function forgetOnExit(folder: string): void {
  if (ours.size === 0) process.once("exit", () => ours.forEach(removeIfSettled));
  ours.add(folder);
}

function removeIfSettled(folder: string): void {
  const isSettled = namesIn(folder).every((name) => !name.startsWith("aside-") && name !== "strays");
  if (isSettled) rmSync(folder, { recursive: true, force: true });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Removes a file that may be gone already. */
export function discard(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    const code = errnoOf(error);
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
  }
}

export class Workspace {
  readonly scratch: string;
  readonly nonce: string = randomBytes(8).toString("hex");
  readonly #folder: string;
  readonly #modeLike: () => string;
  #owner: Owner | undefined;
  #making: Promise<Owner> | undefined;
  #files = 0;

  /** `modeLike` names a folder whose permissions scratch takes over, so that people who share the one share the other. */
  constructor(scratch: string, modeLike: () => string) {
    this.scratch = scratch;
    this.#modeLike = modeLike;
    this.#folder = join(scratch, "tmp", this.nonce);
  }

  /** The file that says whose this workspace is; the lock is a hard link to it. */
  get ownerFile(): string {
    return join(this.#folder, "owner");
  }

  /** Makes the folders where they are missing. Throws `store-denied` with the command that makes them. */
  async ready(): Promise<Owner> {
    if (this.#owner && !this.#making && statOf(this.ownerFile)) return this.#owner;
    // Callers that come meanwhile share one making: the owner file may be linked as a lock the moment it is complete.
    this.#making ??= this.#make();
    try {
      this.#owner = await this.#making;
    } finally {
      this.#making = undefined;
    }
    return this.#owner;
  }

  async #make(): Promise<Owner> {
    const owner: Owner = { ...(await thisProcess()), nonce: this.nonce };
    try {
      this.shareFolder(join(this.scratch, "tmp"));
      mkdirSync(this.#folder, { recursive: true });
      forgetOnExit(this.#folder);
      // Complete and durable before it is linked as a lock: after a power cut an empty lock would name nobody.
      const fd = openSync(this.ownerFile, "w");
      writeSync(fd, `${JSON.stringify(owner)}\n`);
      fsyncSync(fd);
      closeSync(fd);
    } catch (error) {
      throw new BelayError(
        errnoOf(error) === "ENOSPC" ? "store-full" : "store-denied",
        `the scratch folder ${this.scratch} cannot be made or written (${errnoOf(error) ?? "unknown"})`,
        `sudo install -d -o "$(id -un)" ${quoted(this.scratch)}`,
        { cause: error },
      );
    }
    return owner;
  }

  /** Makes a folder of scratch with the permissions of what it serves. */
  shareFolder(folder: string): void {
    const made = mkdirSync(folder, { recursive: true });
    if (made === undefined) return;
    const like = statOf(this.#modeLike());
    if (!like) return;
    for (let at = folder; at.length >= made.length && at.length >= this.scratch.length; at = dirname(at)) chmodSync(at, like.mode & 0o2777);
  }

  /** A path for a new temp file: here, or beside a destination that scratch shares no file system with. */
  tempPath(beside?: string): string {
    return this.#path("new", beside);
  }

  /** A path for an old file that should hold bytes of this digest. */
  asidePath(expected: string, beside?: string): string {
    return this.#path(`aside-${expected}`, beside);
  }

  /** Moves a file whose bytes nobody has seen to where nothing removes it. Returns its new path. */
  keepForPeople(path: string): string {
    const folder = join(this.scratch, "kept");
    this.shareFolder(folder);
    const kept = join(folder, `${new Date().toISOString().replaceAll(":", "-")}-${randomBytes(4).toString("hex")}`);
    try {
      renameSync(path, kept);
      return kept;
    } catch (error) {
      if (errnoOf(error) !== "EXDEV") throw error;
      const beside = join(dirname(path), `.belay-kept-${basename(kept)}`);
      linkSync(path, beside);
      discard(path);
      return beside;
    }
  }

  #path(name: string, beside: string | undefined): string {
    this.#files += 1;
    if (beside === undefined) return join(this.#folder, `${name}-${this.#files}`);
    const path = join(beside, `${strayPrefix}${this.nonce}-${name}-${this.#files}`);
    // Written down first: nobody finds a stray among a hundred thousand files.
    appendFileSync(join(this.#folder, "strays"), `${path}\n`);
    return path;
  }

  /** Removes what dead processes left. Old files set aside whose bytes are not those that were seen are kept for people. The caller holds the lock. */
  async sweep(): Promise<void> {
    const tmp = join(this.scratch, "tmp");
    for (const name of readdirSync(tmp)) {
      const folder = join(tmp, name);
      if (name === this.nonce || !/^[0-9a-f]{16}$/u.test(name)) continue;
      const owner = readOwner(join(folder, "owner"));
      const isOver = owner ? await isProvablyDead(owner) : isOld(folder);
      if (isOver) await this.#clear(folder, name);
    }
    // Whoever was breaking a lock and died left its claim; the lock itself is ours now, so the claim decides nothing any more.
    for (const name of readdirSync(this.scratch).filter((held) => held.startsWith("break-"))) {
      const owner = readOwner(join(this.scratch, name));
      if (owner && (await isProvablyDead(owner))) discard(join(this.scratch, name));
    }
  }

  async #clear(folder: string, nonce: string): Promise<void> {
    const strays = pathsIn(join(folder, "strays")).filter((path) => basename(path).startsWith(`${strayPrefix}${nonce}-`));
    const held = namesIn(folder).map((name) => join(folder, name));
    for (const path of [...held, ...strays]) {
      const expected = /aside-([0-9a-f]{64})-\d+$/u.exec(path)?.[1];
      if (!statOf(path)) continue;
      if (expected !== undefined && (await digestAt(path)) !== expected) this.keepForPeople(path);
      else if (!path.endsWith("/owner")) discard(path);
    }
    // The owner file goes last: a sweep that is cut off can be done again.
    rmSync(folder, { recursive: true, force: true });
  }
}

function isOld(folder: string): boolean {
  const stats = statOf(folder);
  return stats !== undefined && Date.now() - stats.mtimeMs > unreadableMs;
}

function pathsIn(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").slice(0, -1);
  } catch {
    return [];
  }
}
