/** Opening, hashing and reading regular files that somebody may be writing to at this moment. */

import { createHash, type Hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, read as readCallback, readSync, type Stats } from "node:fs";
import { promisify } from "node:util";
import { BelayError } from "../../core/belay-error.ts";
import type { Body } from "../../core/body.ts";
import { asDigest, type Digest } from "../../core/brand.ts";
import { errnoOf } from "../shared/errno.ts";
import { sha256 } from "../shared/sha256.ts";

/** Files up to this size are read into one buffer and hashed without yielding. */
const smallBytesMax = 8 * 1024 * 1024;
const chunkBytes = 1024 * 1024;
const attemptsMax = 4;
/** A file written so recently may be written again within the same tick of the file system's clock. */
const youngMs = 50;

const readAt = promisify(readCallback);

const changing = (path: string): BelayError =>
  new BelayError(
    "input-changed",
    `${path} changed while it was being read`,
    "Wait until whatever writes it is done, then run the command again.",
  );

/** Opens a regular file, never through a link and never blocking on a fifo. The caller closes it. */
export function openRegular(path: string): { readonly fd: number; readonly stats: Stats } {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stats = fstatSync(fd);
  if (stats.isFile()) return { fd, stats };
  closeSync(fd);
  throw new BelayError("store-denied", `${path} is not a regular file`, "Move it out of the folder.");
}

const isSame = (one: Stats, other: Stats): boolean =>
  one.size === other.size && one.mtimeMs === other.mtimeMs && one.ctimeMs === other.ctimeMs;

function readSmall(fd: number, sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    const got = readSync(fd, bytes, filled, sizeBytes - filled, filled);
    if (got === 0) break;
    filled += got;
  }
  return filled === sizeBytes ? bytes : bytes.subarray(0, filled);
}

async function hashLarge(fd: number, signal: AbortSignal | undefined): Promise<Digest> {
  const hash: Hash = createHash("sha256");
  const chunk = new Uint8Array(chunkBytes);
  for (let at = 0; ;) {
    signal?.throwIfAborted();
    const { bytesRead } = await readAt(fd, chunk, 0, chunkBytes, at);
    if (bytesRead === 0) return asDigest(hash.digest("hex"));
    hash.update(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
}

export interface Content {
  readonly stats: Stats;
  readonly digest: Digest;
  /** Present for small files. */
  readonly bytes?: Uint8Array;
}

/** The digest of the bytes that an open file holds right now; small files are hashed without yielding to the event loop. */
export async function contentNow(fd: number, signal?: AbortSignal): Promise<Content> {
  const stats = fstatSync(fd);
  if (stats.size > smallBytesMax) return { stats, digest: await hashLarge(fd, signal) };
  const bytes = readSmall(fd, stats.size);
  return { stats, digest: sha256(bytes), bytes };
}

/** The digest of the file at a path, as it is right now. */
export async function digestAt(path: string): Promise<Digest> {
  const { fd } = openRegular(path);
  try {
    return (await contentNow(fd)).digest;
  } finally {
    closeSync(fd);
  }
}

/**
 * Bytes that stood still while they were read: size and times are the same before and after, and a file that was
 * written a moment ago, or whose times moved, is read again until two readings agree. Throws `input-changed` when they never do.
 */
export async function stableContent(fd: number, path: string, signal?: AbortSignal): Promise<Content> {
  let last: Content | undefined;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const content = await contentNow(fd, signal);
    const isStill = isSame(content.stats, fstatSync(fd)) && Math.abs(Date.now() - content.stats.mtimeMs) > youngMs;
    if (isStill || (last?.digest === content.digest && last.stats.mtimeMs === content.stats.mtimeMs)) return content;
    last = content;
  }
  throw changing(path);
}

/** The body of a file too large for one buffer: opened again each time, and proven to be the bytes of `digest` before its last chunk is given out. */
export function largeBody(path: string, digest: Digest, sizeBytes: number): Body {
  return {
    digest,
    sizeBytes,
    async *open() {
      const { fd, stats } = openUnchanged(path);
      try {
        if (stats.size !== sizeBytes) throw changing(path);
        const hash = createHash("sha256");
        let held: Uint8Array | undefined;
        for (let at = 0; ;) {
          const chunk = new Uint8Array(chunkBytes);
          const { bytesRead } = await readAt(fd, chunk, 0, chunkBytes, at);
          if (bytesRead === 0) break;
          if (held) yield held;
          held = chunk.subarray(0, bytesRead);
          hash.update(held);
          at += bytesRead;
        }
        if (hash.digest("hex") !== digest) throw changing(path);
        if (held) yield held;
      } finally {
        closeSync(fd);
      }
    },
  };
}

function openUnchanged(path: string): ReturnType<typeof openRegular> {
  try {
    return openRegular(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") throw changing(path);
    throw error;
  }
}
