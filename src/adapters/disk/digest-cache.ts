/** Digests of files that have not changed, so that looking at a large folder need not read it. */

import { mkdirSync, readFileSync, renameSync, writeFileSync, type Stats } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { asDigest, type Digest } from "../../core/brand.ts";
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
const magic = "belay-digests-1";
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

/** The file as it lies on disk: digests become text only for the entries that are asked for. */
class Table {
  readonly #index: ReadonlyMap<string, number>;
  readonly #numbers: Float64Array;
  readonly #digests: Buffer;
  readonly #used: Uint8Array;

  constructor(keys: readonly string[], numbers: Float64Array, digests: Buffer) {
    const index = new Map<string, number>();
    for (let at = 0; at < keys.length; at += 1) index.set(keys[at] ?? "", at);
    this.#index = index;
    this.#used = new Uint8Array(keys.length);
    this.#numbers = numbers;
    this.#digests = digests;
  }

  /** Whether it holds entries that nobody has found to be current. */
  get hasUnused(): boolean {
    return this.#used.includes(0);
  }

  digestOf(key: string, stats: Stats): Digest | undefined {
    const at = this.#index.get(key);
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
    for (const [key, at] of this.#index) if (!usedOnly || this.#used[at] === 1) yield [key, this.#held(at)];
  }

  #held(at: number): Held {
    const [size = -1, mtimeMs = -1, ctimeMs = -1, ino = -1] = this.#numbers.subarray(at * numbersPerEntry, (at + 1) * numbersPerEntry);
    return { size, mtimeMs, ctimeMs, ino, digest: this.#digestAt(at) };
  }

  #digestAt(at: number): Digest {
    return asDigest(this.#digests.toString("hex", at * 32, (at + 1) * 32));
  }
}

const emptyTable = (): Table => new Table([], new Float64Array(), Buffer.alloc(0));

const headOf = (folder: string, count: number): string => `${magic} ${sha256OfText(folder)} ${String(count).padStart(10)}\n`;
const headBytes = headOf("", 0).length;

/** Head, numbers, digests, keys one per line (a key holds no newline), then the SHA-256 of all that. */
function bytesOfTable(folder: string, entries: ReadonlyMap<string, Held>): Uint8Array {
  const numbers = new Float64Array(entries.size * numbersPerEntry);
  const digests = Buffer.alloc(entries.size * 32);
  let at = 0;
  for (const held of entries.values()) {
    numbers.set([held.size, held.mtimeMs, held.ctimeMs, held.ino], at * numbersPerEntry);
    digests.write(held.digest, at * 32, "hex");
    at += 1;
  }
  const keys = Buffer.from([...entries.keys()].join("\n"));
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
  const text = content.toString("utf8", headBytes + count * bytesPerEntry);
  const keys = count === 0 ? [] : text.split("\n");
  return keys.length === count ? new Table(keys, numbers, digests) : emptyTable();
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
