/** A file of texts, each found by its position: written once, front to back, and never changed afterwards. */

import { readSync } from "node:fs";
import { mkdir, open, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";

/** Where bytes lie in a segment. */
export interface Position {
  readonly offset: number;
  readonly sizeBytes: number;
  /** CRC-32 of the bytes: what was torn or overwritten is told from what was written. */
  readonly check: number;
}

/** So many bytes are collected before they are written. */
const chunkBytes = 1024 * 1024;

/** Only its owner may read it: sightings name people. */
export const privateMode = 0o600;

export class SegmentWriter {
  readonly path: string;
  #file: FileHandle | undefined;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #offset = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  /** Waits for the disk now and then, so that what is not written yet stays bounded. */
  async add(bytes: Uint8Array): Promise<Position> {
    const position = { offset: this.#offset, sizeBytes: bytes.byteLength, check: crc32(bytes) };
    this.#offset += bytes.byteLength;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.byteLength;
    if (this.#pendingBytes >= chunkBytes) this.#flush();
    await this.#written;
    return position;
  }

  async finish(): Promise<void> {
    if (this.#pendingBytes > 0) this.#flush();
    await this.#written;
    await this.#file?.close();
  }

  async discard(): Promise<void> {
    this.#pending = [];
    await this.#written.catch(() => undefined);
    await this.#file?.close();
    await rm(this.path, { force: true });
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#written = this.#written.then(async () => await this.#write(bytes));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (!this.#file) {
      await mkdir(dirname(this.path), { recursive: true });
      this.#file = await open(this.path, "wx", privateMode);
    }
    await this.#file.appendFile(bytes);
  }
}

/** `undefined` where other bytes lie there than were written. */
export function bytesAt(file: number, { offset, sizeBytes, check }: Position): Uint8Array | undefined {
  try {
    const bytes = Buffer.allocUnsafe(sizeBytes);
    let done = 0;
    while (done < sizeBytes) {
      const count = readSync(file, bytes, done, sizeBytes - done, offset + done);
      if (count === 0) return undefined;
      done += count;
    }
    return crc32(bytes) === check ? bytes : undefined;
  } catch {
    return undefined;
  }
}
