import type { Blob } from "./blobs.ts";
import type { Checksum, ChecksumAlgorithm } from "./checksums.ts";
import { KeyIndex, type KeyEntry, type Position } from "./key-index.ts";

/** One content that a key had, or has. */
export interface Version {
  readonly key: string;
  /** `null` where the bucket did not keep versions. */
  readonly id: string;
  /** A delete marker: it has neither bytes nor an ETag. */
  readonly isMarker: boolean;
  /** In quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** What is answered with the bytes: the headers that S3 keeps, by lower-case name, and `x-amz-meta-…`. */
  readonly headers: Readonly<Record<string, string>>;
  /** By the sandbox's clock, in milliseconds since the epoch. */
  readonly modifiedAtMs: number;
  /** As its writer gave it; without one S3 has its own, CRC-64/NVME. */
  readonly checksum?: Checksum;
  readonly blob: Blob;
}

export interface Part {
  readonly number: number;
  /** In quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly checksum?: Checksum;
  readonly blob: Blob;
}

export interface UploadStart {
  readonly id: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly startedAtMs: number;
  readonly algorithm?: ChecksumAlgorithm;
  /** The checksum is one over the parts' checksums, not one over all bytes. */
  readonly isComposite: boolean;
}

export interface Upload {
  readonly start: UploadStart;
  readonly parts: Map<number, Part>;
}

/** `never`: versions were never asked for. There is no way back from the other two. */
export type Versioning = "never" | "Enabled" | "Suspended";

/** A bucket's contents. Every change is one synchronous step. */
export class Bucket {
  readonly name: string;
  readonly createdAtMs: number;
  versioning: Versioning = "never";
  /** Documents that were put, by the query parameter that names them: `policy`, `logging`, … */
  readonly settings: Map<string, string> = new Map();
  readonly uploads: Map<string, Upload> = new Map();
  /** Of each key, oldest first; never empty. */
  readonly #versions: KeyIndex<Version[]> = new KeyIndex();

  constructor(name: string, createdAtMs: number) {
    this.name = name;
    this.createdAtMs = createdAtMs;
  }

  /** All versions of a key, oldest first. */
  versionsOf(key: string): readonly Version[] {
    return this.#versions.get(key) ?? [];
  }

  /** The newest version of a key, delete markers included. */
  newest(key: string): Version | undefined {
    return this.#versions.get(key)?.at(-1);
  }

  /** What a plain GET answers: the newest version, unless that is a delete marker. */
  current(key: string): Version | undefined {
    const newest = this.newest(key);
    return newest?.isMarker === true ? undefined : newest;
  }

  /** The id that the next version of a key gets: `drawn` where versions are kept. */
  nextId(drawn: () => string): string {
    return this.versioning === "Enabled" ? drawn() : "null";
  }

  /** Becomes the newest; takes the place of the one with the same id, which only `null` can have. */
  add(version: Version): void {
    const before = this.#versions.get(version.key);
    if (!before) {
      this.#versions.add(version.key, [version]);
      return;
    }
    const same = version.id === "null" ? before.findIndex(({ id }) => id === "null") : -1;
    if (same !== -1) before.splice(same, 1);
    before.push(version);
  }

  drop(key: string, id: string): void {
    const before = this.#versions.get(key);
    const at = before?.findIndex((version) => version.id === id) ?? -1;
    if (!before || at === -1) return;
    before.splice(at, 1);
    if (before.length > 0) return;
    this.#versions.delete(key);
  }

  /** Keys with their versions, oldest first: see `KeyIndex.from`. */
  keysFrom(prefix: string, after: Position | undefined): Generator<KeyEntry<readonly Version[]>, void, Position | undefined> {
    return this.#versions.from(prefix, after);
  }

  get isEmpty(): boolean {
    return this.#versions.size === 0;
  }

  /** How many keys have a current object. */
  get objectCount(): number {
    return [...this.#versions.values()].filter((versions) => versions.at(-1)?.isMarker === false).length;
  }
}
