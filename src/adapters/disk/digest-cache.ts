/** Digests of files that have not changed, so that looking at a large folder need not read it. */

import { mkdirSync, readFileSync, renameSync, writeFileSync, type Stats } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { asDigest, type Digest } from "../../core/brand.ts";
import { compareKeys } from "../../core/paths/key.ts";
import { sha256, sha256OfText } from "../shared/sha256.ts";
import { discard } from "./workspace.ts";

export interface DigestCacheOptions {
  /** The file that keeps it, usually under `.belay/cache/`. */
  readonly file: string;
  /** What the paths are relative to: a cache of another folder is not used. */
  readonly folder: string;
}

/** A cache only: a missing, damaged or foreign file is an empty cache, and a failed save costs time, never truth. */
export interface DigestCache {
  /** The digest of a file whose size, inode and times are exactly those under which it was hashed. */
  digestOf(key: string, stats: Stats): Digest | undefined;
  /** Notes a digest; `hashedAtMs` is the time just before `stats` were taken and the bytes read. */
  remember(key: string, entry: { readonly stats: Stats; readonly digest: Digest; readonly hashedAtMs: number }): void;
  /** Writes the cache if it has changed; `isWhole` drops what was not asked about since it was opened. The last writer wins. */
  save(isWhole: boolean): void;
}

/**
 * A file written within this time before it was hashed may be written again without its times moving (file systems
 * count in steps of up to two seconds), so its digest is not kept.
 */
const racyMs = 2000;
const magic = "belay-digests-2";
const checksumBytes = 32;
const numbersPerEntry = 4;
const bytesPerEntry = numbersPerEntry * 8 + 32;

interface Held {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
  readonly digest: Digest;
}

/** Opens a cache; its file is read when it is first asked. */
export const openDigestCache = (options: DigestCacheOptions): DigestCache => new FileDigestCache(options);

class FileDigestCache implements DigestCache {
  readonly #options: DigestCacheOptions;
  #table: Table | undefined;
  readonly #fresh = new Map<string, Held>();

  constructor(options: DigestCacheOptions) {
    this.#options = options;
  }

  digestOf(key: string, stats: Stats): Digest | undefined {
    this.#table ??= loadTable(this.#options);
    const held = this.#fresh.get(key);
    return held ? matching(held, stats) : this.#table.digestOf(key, stats);
  }

  remember(
    key: string,
    { stats, digest, hashedAtMs }: { readonly stats: Stats; readonly digest: Digest; readonly hashedAtMs: number },
  ): void {
    if (Math.max(stats.mtimeMs, stats.ctimeMs) + racyMs > hashedAtMs) return;
    this.#fresh.set(key, { size: stats.size, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, ino: stats.ino, digest });
  }

  save(isWhole: boolean): void {
    this.#table ??= loadTable(this.#options);
    const table = this.#table;
    if (this.#fresh.size === 0 && !(isWhole && table.hasUnused)) return;
    const all = new Map<string, Held>();
    for (const [key, held] of table.entries(isWhole)) all.set(key, held);
    for (const [key, held] of this.#fresh) all.set(key, held);
    const temp = `${this.#options.file}.${process.pid}-${randomBytes(4).toString("hex")}`;
    try {
      mkdirSync(dirname(this.#options.file), { recursive: true });
      writeFileSync(temp, bytesOfTable(this.#options.folder, all), { flag: "wx" });
      renameSync(temp, this.#options.file);
      this.#table = loadTable(this.#options);
      this.#fresh.clear();
    } catch {
      // A cache that cannot be kept is only slow.
      discard(temp);
    }
  }
}

function matching(held: Held, stats: Stats): Digest | undefined {
  const isSame = held.size === stats.size && held.mtimeMs === stats.mtimeMs && held.ctimeMs === stats.ctimeMs && held.ino === stats.ino;
  return isSame ? held.digest : undefined;
}

/** The file as it lies on disk, keys in byte order: nothing becomes text but what is asked for, however many files there are. */
class Table {
  readonly #keys: Buffer;
  /** Where each key begins in `#keys`, and one place beyond the last. */
  readonly #starts: Uint32Array;
  readonly #numbers: Float64Array;
  readonly #digests: Buffer;
  readonly #used: Uint8Array;
  /** A listing asks in the same order, so the next key is mostly the one after the last. */
  #next = 0;

  constructor(keys: Buffer, starts: Uint32Array, numbers: Float64Array, digests: Buffer) {
    this.#keys = keys;
    this.#starts = starts;
    this.#used = new Uint8Array(starts.length - 1);
    this.#numbers = numbers;
    this.#digests = digests;
  }

  /** Whether it holds entries that nobody has found to be current. */
  get hasUnused(): boolean {
    return this.#used.includes(0);
  }

  digestOf(key: string, stats: Stats): Digest | undefined {
    const at = this.#find(key);
    if (at === undefined) return undefined;
    const numbers = this.#numbers;
    const from = at * numbersPerEntry;
    if (
      numbers[from] !== stats.size ||
      numbers[from + 1] !== stats.mtimeMs ||
      numbers[from + 2] !== stats.ctimeMs ||
      numbers[from + 3] !== stats.ino
    )
      return undefined;
    this.#used[at] = 1;
    return this.#digestAt(at);
  }

  *entries(usedOnly: boolean): Generator<readonly [string, Held]> {
    for (let at = 0; at < this.#used.length; at += 1) {
      if (!usedOnly || this.#used[at] === 1) yield [this.#keyAt(at).toString(), this.#held(at)];
    }
  }

  #keyAt(at: number): Buffer {
    // Each key but the last is followed by a line end.
    return this.#keys.subarray(this.#starts[at], (this.#starts[at + 1] ?? 0) - 1);
  }

  #find(key: string): number | undefined {
    const wanted = Buffer.from(key);
    let [low, high] = [0, this.#used.length];
    let middle = this.#next < high ? this.#next : high >>> 1;
    while (low < high) {
      const order = Buffer.compare(this.#keyAt(middle), wanted);
      if (order === 0) {
        this.#next = middle + 1;
        return middle;
      }
      if (order < 0) low = middle + 1;
      else high = middle;
      middle = (low + high) >>> 1;
    }
    return undefined;
  }

  #held(at: number): Held {
    const [size = -1, mtimeMs = -1, ctimeMs = -1, ino = -1] = this.#numbers.subarray(at * numbersPerEntry, (at + 1) * numbersPerEntry);
    return { size, mtimeMs, ctimeMs, ino, digest: this.#digestAt(at) };
  }

  #digestAt(at: number): Digest {
    return asDigest(this.#digests.toString("hex", at * 32, (at + 1) * 32));
  }
}

const emptyTable = (): Table => new Table(Buffer.alloc(0), new Uint32Array(1), new Float64Array(), Buffer.alloc(0));

const headOf = (folder: string, count: number): string => `${magic} ${sha256OfText(folder)} ${String(count).padStart(10)}\n`;
const headBytes = headOf("", 0).length;

/** Head, numbers, digests, keys in byte order, one per line (a key holds no line end), then the SHA-256 of all that. */
function bytesOfTable(folder: string, entries: ReadonlyMap<string, Held>): Uint8Array {
  const numbers = new Float64Array(entries.size * numbersPerEntry);
  const digests = Buffer.alloc(entries.size * 32);
  const sorted = [...entries].toSorted(([one], [other]) => compareKeys(one, other));
  for (const [at, [, held]] of sorted.entries()) {
    numbers.set([held.size, held.mtimeMs, held.ctimeMs, held.ino], at * numbersPerEntry);
    digests.write(held.digest, at * 32, "hex");
  }
  const keys = Buffer.from(sorted.map(([key]) => key).join("\n"));
  const bytes = Buffer.concat([Buffer.from(headOf(folder, entries.size)), Buffer.from(numbers.buffer), digests, keys]);
  return Buffer.concat([bytes, Buffer.from(sha256(bytes), "hex")]);
}

function loadTable({ file, folder }: DigestCacheOptions): Table {
  const all = contentOf(file);
  const count = Number(all.toString("latin1", headBytes - 11, headBytes - 1));
  const isOurs = all.byteLength >= headBytes + checksumBytes && all.toString("latin1", 0, headBytes) === headOf(folder, count);
  const content = all.subarray(0, Math.max(0, all.byteLength - checksumBytes));
  if (!isOurs || sha256(content) !== all.toString("hex", content.byteLength)) return emptyTable();
  // Copied, because numbers must begin at a multiple of eight bytes.
  const numbers = new Float64Array(count * numbersPerEntry);
  new Uint8Array(numbers.buffer).set(content.subarray(headBytes, headBytes + numbers.byteLength));
  const digests = content.subarray(headBytes + numbers.byteLength, headBytes + count * bytesPerEntry);
  const keys = content.subarray(headBytes + count * bytesPerEntry);
  const starts = startsOf(keys, count);
  return starts ? new Table(keys, starts, numbers, digests) : emptyTable();
}

const lineEnd = 0x0a;

/** `undefined` where these are not so many lines. */
function startsOf(keys: Buffer, count: number): Uint32Array | undefined {
  const starts = new Uint32Array(count + 1);
  let at = 0;
  for (let end = keys.indexOf(lineEnd); end !== -1 && at < count; end = keys.indexOf(lineEnd, end + 1)) {
    at += 1;
    starts[at] = end + 1;
  }
  if (count === 0) return keys.byteLength === 0 ? starts : undefined;
  starts[count] = keys.byteLength + 1;
  return at === count - 1 ? starts : undefined;
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
