/**
 * What systems held when they were last looked at, in files of this machine: for each system an index, replaced as a whole, and
 * segments with the sightings, never changed once the index names them. So a process that dies leaves the last edition, and two at
 * once leave one of theirs. What is damaged or missing counts as forgotten.
 */

import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, openSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Sighting } from "../../core/records/claim.ts";
import type { SightingBook, SightingEdition, SightingMark, SightingMarks } from "../../ports/sighting-book.ts";
import { diskError } from "./disk-error.ts";
import { indexBytes, readIndex, segmentsOf, type Remembered, type SightingIndex } from "./sighting-index.ts";
import { bytesAt, privateMode, SegmentWriter } from "./sighting-segment.ts";

export interface SightingBookOptions {
  /** Made where it is missing. One kind of record to a folder. */
  readonly folder: string;
  /** Of belay: what another version has read, this one might read otherwise, so all of that counts as forgotten. */
  readonly version: string;
}

/** Opens nothing on disk before the first call. */
export function openSightingBook(options: SightingBookOptions): SightingBook {
  return new DiskSightingBook(options);
}

interface Opened extends SightingIndex {
  /** Descriptors by segment: one that another process deletes can be read to the end all the same. */
  readonly files: ReadonlyMap<string, number>;
}

/** So many segments, and they are written anew as one. */
const segmentsMax = 6;
/** Nobody is still writing a segment that is older. */
const orphanAgeMs = 60 * 60 * 1000;

class DiskSightingBook implements SightingBook {
  readonly #folder: string;
  readonly #version: string;
  readonly #systems = new Map<string, Promise<Opened>>();
  readonly #turns = new Map<string, Promise<void>>();

  constructor({ folder, version }: SightingBookOptions) {
    this.#folder = folder;
    this.#version = version;
  }

  async marks(system: string, fingerprint: string): Promise<SightingMarks> {
    const opened = await this.#open(system);
    if (opened.fingerprint !== fingerprint) return { marks: new Map<string, SightingMark>(), knew: "" };
    return { marks: new Map([...opened.remembered].map(([key, { mark }]) => [key, mark])), knew: opened.knew };
  }

  async sightings(system: string, key: string): Promise<readonly Sighting[] | undefined> {
    const { remembered, files } = await this.#open(system);
    const found = remembered.get(key);
    if (!found) return undefined;
    if (found.mark.sketches.length === 0) return [];
    const file = files.get(found.segment);
    const bytes = file === undefined ? undefined : bytesAt(file, found.at);
    // The checksum holds, so this is what an edition put there.
    return bytes && JSON.parse(decoder.decode(bytes));
  }

  edition(system: string, fingerprint: string): SightingEdition {
    const carried = new Set<string>();
    const put = new Map<string, Remembered>();
    const segment = `${this.#base(system)}.${randomUUID()}.segment`;
    const writer = new SegmentWriter(join(this.#folder, segment));
    return {
      carry: (key) => {
        carried.add(key);
      },
      put: async (mark, sightings) => {
        const at = await this.#onDisk(async () => await writer.add(encoder.encode(JSON.stringify(sightings))));
        put.set(mark.key, { mark, segment, at });
      },
      close: async (knew) =>
        await this.#inTurn(system, async () => {
          const last = await this.#open(system);
          const isSame = last.fingerprint === fingerprint;
          if (isSame && put.size === 0 && carried.size === last.remembered.size && knew === last.knew) return;
          const kept = isSame ? [...carried].flatMap((key) => last.remembered.get(key) ?? []).filter(({ mark }) => !put.has(mark.key)) : [];
          await this.#onDisk(async () => {
            const older = await rewritten(last, kept, { writer, segment });
            const remembered = new Map([...older, ...put.values()].map((one) => [one.mark.key, one]));
            await writer.finish();
            await this.#replace(last, { system, version: this.#version, fingerprint, knew, remembered });
          });
        }),
      discard: async () => {
        await writer.discard();
      },
    };
  }

  async recall(name: string): Promise<string | undefined> {
    const text = await readFile(this.#noteOf(name), "utf8").catch(() => "");
    const end = text.indexOf("\n");
    const note = text.slice(end + 1);
    return end > 0 && text.slice(0, end) === this.#noteHead(note) ? note : undefined;
  }

  async remember(name: string, text: string): Promise<void> {
    await this.#onDisk(async () => {
      await this.#replaceFile(this.#noteOf(name), encoder.encode(`${this.#noteHead(text)}\n${text}`));
    });
  }

  /** One edition is closed after another: each lets go of the files of the one before it, and only once. */
  async #inTurn(system: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(system) ?? Promise.resolve()).then(work);
    this.#turns.set(
      system,
      turn.catch(() => undefined),
    );
    await turn;
  }

  async #open(system: string): Promise<Opened> {
    const opening = this.#systems.get(system) ?? this.#load(system);
    this.#systems.set(system, opening);
    return await opening;
  }

  async #load(system: string): Promise<Opened> {
    const bytes = await readFile(this.#indexOf(system)).catch(() => undefined);
    const index = bytes && readIndex(bytes, { system, version: this.#version });
    return index ? this.#withFiles(index) : { ...nothing, system, version: this.#version };
  }

  /** Without what lies in segments that are gone. */
  #withFiles(index: SightingIndex): Opened {
    const files = new Map<string, number>();
    for (const segment of segmentsOf(index.remembered)) {
      try {
        files.set(segment, openSync(join(this.#folder, segment), "r"));
      } catch {
        // Another process has put an edition in the place of this one, and taken the segment away.
      }
    }
    return {
      ...index,
      files,
      remembered: new Map([...index.remembered].filter(([, { segment, mark }]) => files.has(segment) || mark.sketches.length === 0)),
    };
  }

  async #replace(last: Opened, index: SightingIndex): Promise<void> {
    await this.#replaceFile(this.#indexOf(index.system), indexBytes(index));
    this.#systems.set(index.system, Promise.resolve(this.#withFiles(index)));
    for (const file of last.files.values()) closeSync(file);
    await this.#sweep(index, new Set(last.files.keys()));
  }

  async #replaceFile(path: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const temporary = `${path}.${randomUUID()}`;
    try {
      await writeFile(temporary, bytes, { flag: "wx", mode: privateMode });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Takes away segments that this edition has no use for, and what processes that died have left. */
  async #sweep({ system, remembered }: SightingIndex, former: ReadonlySet<string>): Promise<void> {
    const used = new Set(segmentsOf(remembered));
    const base = this.#base(system);
    for (const name of await readdir(this.#folder)) {
      if (!name.startsWith(`${base}.`) || name === `${base}.index` || name.endsWith(".note") || used.has(name)) continue;
      const path = join(this.#folder, name);
      const sight = former.has(name) ? undefined : await stat(path).catch(() => undefined);
      if (former.has(name) || (sight && Date.now() - sight.mtimeMs > orphanAgeMs)) await rm(path, { force: true });
    }
  }

  #base(name: string): string {
    return encodeURIComponent(name).replaceAll(".", "%2E");
  }

  #indexOf(system: string): string {
    return join(this.#folder, `${this.#base(system)}.index`);
  }

  #noteOf(name: string): string {
    return join(this.#folder, `${this.#base(name)}.note`);
  }

  #noteHead(text: string): string {
    return `${this.#version} ${crc32(text)}`;
  }

  async #onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw diskError(error, "remember what was seen in", this.#folder);
    }
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const nothing = { fingerprint: "", knew: "", remembered: new Map<string, Remembered>(), files: new Map<string, number>() } as const;

/** Of many segments the one that holds most is left as it is, unless most of that one is of no use any more. */
function crowded({ files }: Opened, kept: readonly Remembered[]): ReadonlySet<string> {
  if (files.size < segmentsMax) return new Set();
  const live = new Map<string, number>();
  for (const { segment, at } of kept) live.set(segment, (live.get(segment) ?? 0) + at.sizeBytes);
  const [largest = ["", 0] as const] = [...live].toSorted(([, one], [, other]) => other - one);
  const file = files.get(largest[0]);
  const isWorthIt = file !== undefined && largest[1] * 2 >= fstatSync(file).size;
  return new Set([...files.keys()].filter((name) => !isWorthIt || name !== largest[0]));
}

/** What lies in crowded segments goes into the new one, as it is; what is damaged is left behind. */
async function rewritten(
  last: Opened,
  kept: readonly Remembered[],
  { writer, segment }: { readonly writer: SegmentWriter; readonly segment: string },
): Promise<readonly Remembered[]> {
  const old = crowded(last, kept);
  const moved: Remembered[] = [];
  for (const one of kept) {
    const file = last.files.get(one.segment);
    if (file === undefined || !old.has(one.segment)) {
      moved.push(one);
      continue;
    }
    const bytes = bytesAt(file, one.at);
    if (bytes) moved.push({ ...one, segment, at: await writer.add(bytes) });
  }
  return moved;
}
