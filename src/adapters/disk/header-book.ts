/** Headers and provenance of files, kept beside a folder because a file system has no place for them. */

import {
  appendFileSync,
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import type { Digest } from "../../core/brand.ts";
import { sha256OfText } from "../shared/sha256.ts";
import { errnoOf } from "../shared/errno.ts";
import { diskError, onDisk } from "./disk-error.ts";
import { formatHeaderLine, parseHeaderLine, type HeaderLine, type Said } from "./header-line.ts";
import { SharedSync } from "./shared-sync.ts";
import { statOf } from "./stat-of.ts";
import { discard, type Workspace } from "./workspace.ts";

const shardCount = 64;
/** A shard is rewritten once it holds this many lines more than twice what it needs. */
const slackLines = 64;
const newline = 10;

/** By key, then by digest, in the order in which they were said. */
type Lines = Map<string, Map<Digest, Said>>;

interface Shard {
  /** Identifies the file that was read, so that only what was appended to it since is read again. */
  ino: number;
  bornMs: number;
  sizeBytes: number;
  lineCount: number;
  readonly lines: Lines;
}

const emptyShard = (): Shard => ({ ino: 0, bornMs: 0, sizeBytes: 0, lineCount: 0, lines: new Map() });

/** Which of the 64 shards holds a key, as two hexadecimal digits. */
export const shardOf = (key: string): string =>
  (Number.parseInt(sha256OfText(key).slice(0, 2), 16) % shardCount).toString(16).padStart(2, "0");

/**
 * Append-only lines in `headers/<shard>.ndjson`. A line is bound to the digest of the bytes it was written with: it counts
 * only while the file holds those bytes, so a stranger's copy over the file loses them, and for one key and digest the last
 * line wins. A last line that was torn by a crash is ignored, and the next append begins on a fresh line.
 * Writers hold the folder's lock; readers need none.
 */
export class HeaderBook {
  readonly #workspace: Workspace;
  readonly #shards = new Map<string, Shard>();
  readonly #syncs = new SharedSync();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** What was said about a key while it held these bytes. Reads one shard. */
  said(key: string, digest: Digest): Said | undefined {
    return this.#fresh(shardOf(key)).lines.get(key)?.get(digest);
  }

  /**
   * A look-up for many keys whose digests are known already: every shard is brought up to date once, now. A line is written
   * before the bytes that it speaks of, so what was said about bytes that were seen before this call is found.
   */
  lookup(): (key: string, digest: Digest) => Said | undefined {
    const shards = new Map<string, Shard>();
    for (let at = 0; at < shardCount; at += 1) {
      const name = at.toString(16).padStart(2, "0");
      const shard = this.#fresh(name);
      if (shard.lines.size > 0) shards.set(name, shard);
    }
    if (shards.size === 0) return () => undefined;
    return (key, digest) => shards.get(shardOf(key))?.lines.get(key)?.get(digest);
  }

  /** Says something about a key and digest, or takes it back. Durable when it returns; several appends share one sync. */
  async say(line: HeaderLine): Promise<void> {
    const path = this.#pathOf(shardOf(line.key));
    await onDisk("note headers in", path, async () => {
      this.#append(path, formatHeaderLine(line));
      await this.#syncs.sync(path);
    });
  }

  /** Rewrites the shards that hold much more than they need. The caller holds the lock and no write is under way. */
  async compact(liveDigest: (key: string) => Promise<Digest | undefined>): Promise<void> {
    for (const [name, seen] of this.#shards) {
      if (!isBloated(seen)) continue;
      const shard = this.#fresh(name);
      if (!isBloated(shard)) continue;
      try {
        await this.#rewrite(name, await keptOf(shard.lines, liveDigest));
      } catch (error) {
        // A file that cannot be read keeps its shard long, and is no reason to refuse other writes.
        if (!(error instanceof BelayError)) throw error;
      }
    }
  }

  async #rewrite(name: string, kept: readonly HeaderLine[]): Promise<void> {
    const path = this.#pathOf(name);
    const temp = this.#workspace.tempPath();
    await onDisk("rewrite", path, async () => {
      try {
        writeFileSync(temp, kept.map(formatHeaderLine).join(""));
        chmodSync(temp, statSync(path).mode & 0o777);
        await this.#syncs.sync(temp);
        renameSync(temp, path);
      } finally {
        discard(temp);
      }
      await this.#syncs.sync(dirname(path));
    });
    this.#shards.delete(name);
  }

  #append(path: string, text: string): void {
    const isNew = !statOf(path);
    if (isNew) this.#workspace.shareFolder(dirname(path));
    // One write call, and a leading newline where a crash tore the last line.
    appendFileSync(path, !isNew && isTorn(path) ? `\n${text}` : text);
    if (!isNew) return;
    chmodSync(path, 0o666 & statSync(dirname(path)).mode);
    syncFolder(dirname(path));
  }

  #pathOf(shard: string): string {
    return join(this.#workspace.scratch, "headers", `${shard}.ndjson`);
  }

  #fresh(name: string): Shard {
    const path = this.#pathOf(name);
    const held = this.#shards.get(name);
    const stats = statOf(path);
    if (!stats) return emptyShard();
    const isGrown = held?.ino === stats.ino && held.bornMs === stats.birthtimeMs && held.sizeBytes <= stats.size;
    if (held && isGrown && held.sizeBytes === stats.size) return held;
    const shard = held && isGrown ? held : emptyShard();
    try {
      readOn(path, shard);
    } catch (error) {
      throw diskError(error, "read headers in", path);
    }
    this.#shards.set(name, shard);
    return shard;
  }
}

async function keptOf(lines: Lines, liveDigest: (key: string) => Promise<Digest | undefined>): Promise<readonly HeaderLine[]> {
  const kept: HeaderLine[] = [];
  for (const [key, byDigest] of lines) {
    const digest = await liveDigest(key);
    const said = digest === undefined ? undefined : byDigest.get(digest);
    if (digest !== undefined && said) kept.push({ key, digest, said });
  }
  return kept;
}

const isBloated = (shard: Shard): boolean => shard.lineCount > 2 * shard.lines.size + slackLines;

/** Reads whole lines from where the last reading ended. */
function readOn(path: string, shard: Shard): void {
  const fd = openSync(path, "r");
  try {
    const stats = fstatSync(fd);
    const isSame = shard.ino === stats.ino && shard.bornMs === stats.birthtimeMs;
    const from = isSame ? shard.sizeBytes : 0;
    if (!isSame) shard.lines.clear();
    const bytes = Buffer.alloc(Math.max(0, stats.size - from));
    const got = readSync(fd, bytes, 0, bytes.byteLength, from);
    const end = bytes.subarray(0, got).lastIndexOf(newline) + 1;
    for (const text of bytes.toString("utf8", 0, end).split("\n")) note(shard, text);
    shard.ino = stats.ino;
    shard.bornMs = stats.birthtimeMs;
    shard.sizeBytes = from + end;
  } finally {
    closeSync(fd);
  }
}

function note(shard: Shard, text: string): void {
  if (text === "") return;
  shard.lineCount += 1;
  const line = parseHeaderLine(text);
  if (!line) return;
  const byDigest = shard.lines.get(line.key) ?? new Map<Digest, Said>();
  if (line.said) byDigest.set(line.digest, line.said);
  else byDigest.delete(line.digest);
  if (byDigest.size > 0) shard.lines.set(line.key, byDigest);
  else shard.lines.delete(line.key);
}

function isTorn(path: string): boolean {
  const fd = openSync(path, "r");
  try {
    const last = Buffer.alloc(1);
    const { size } = fstatSync(fd);
    return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== newline;
  } finally {
    closeSync(fd);
  }
}

function syncFolder(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } catch (error) {
    if (errnoOf(error) !== "EINVAL") throw error;
  } finally {
    closeSync(fd);
  }
}
