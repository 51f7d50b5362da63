/** `--events`: files, folders and bucket prefixes that hold records of callers. */

import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { BelayError } from "../../core/belay-error.ts";
import { asStoreName } from "../../core/brand.ts";
import type { EventSource } from "../../operations/history/timeline.ts";
import type { Context, Workbench } from "../../operations/workbench.ts";
import { plain, shellWord } from "./plain-text.ts";

/** More files of one place are refused: a narrower folder or prefix serves better than half an answer. */
const filesMax = 20_000;

export interface EventPlaces {
  /** As given: a path from `cwd`, or `s3://BUCKET/PREFIX`. */
  readonly places: readonly string[];
  readonly cwd: string;
  /** Files that were finished before it hold nothing of interest, in milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** One file after another, unpacked. Throws `usage` for a place that is not there. */
export async function* openEvents(
  bench: Workbench,
  { places, cwd, sinceMs }: EventPlaces,
  options: Pick<Context, "signal">,
): AsyncGenerator<EventSource> {
  for (const place of places) {
    let count = 0;
    const sources = place.startsWith("s3://")
      ? inBucket(bench, { place, sinceMs }, options)
      : onDisk(resolve(cwd, place), { place, sinceMs });
    for await (const source of sources) {
      count += 1;
      if (count > filesMax)
        throw new BelayError("usage", `${plain(place)} holds more than ${filesMax} files.`, "Name a narrower folder or prefix.");
      yield { name: source.name, open: () => unpacked(source) };
    }
    if (count === 0) throw nothingThere(place);
  }
}

interface Place {
  readonly place: string;
  readonly sinceMs: number;
}

/** A prefix is a beginning of names, as in every listing of S3: it need not end at a slash. */
async function* inBucket(bench: Workbench, { place, sinceMs }: Place, options: Pick<Context, "signal">): AsyncGenerator<EventSource> {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/u.exec(place) ?? [];
  if (bucket === "") throw new BelayError("usage", `${plain(place)} is not the address of a bucket.`, "--events s3://BUCKET/PREFIX");
  const store = await bench.storeOf(asStoreName(`s3://${bucket}`));
  for await (const { key, modifiedAtMs } of store.list(prefix, options)) {
    if (modifiedAtMs !== undefined && modifiedAtMs < sinceMs) continue;
    yield { name: `s3://${bucket}/${key}`, open: () => bytesAt(key) };
  }

  async function* bytesAt(key: string): AsyncGenerator<Uint8Array> {
    const reading = await store.read(key, options);
    if (reading) yield* reading.body.open();
  }
}

async function* onDisk(path: string, { place, sinceMs }: Place): AsyncGenerator<EventSource> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw nothingThere(place);
  if (!found.isDirectory()) {
    yield { name: place, open: () => createReadStream(path) };
    return;
  }
  const inside = await readdir(path, { recursive: true, withFileTypes: true });
  for (const file of inside.filter((one) => one.isFile()).toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const full = join(file.parentPath, file.name);
    if ((await stat(full)).mtimeMs >= sinceMs) yield { name: full, open: () => createReadStream(full) };
  }
}

/** By its first two bytes, whatever the file is called (RFC 1952). */
async function* unpacked({ name, open }: EventSource): AsyncGenerator<Uint8Array> {
  const chunks = open()[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  };
  const [one, other] = first.value;
  try {
    if (one === 0x1f && other === 0x8b) yield* gunzipped(all());
    else yield* all();
  } catch (cause) {
    if (cause instanceof BelayError) throw cause;
    throw new BelayError("input-invalid", `${plain(name)} could not be read to its end.`, "Fetch the file again.", { cause });
  }
}

async function* gunzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(packed);
  const gunzip = createGunzip();
  source.on("error", (error) => gunzip.destroy(error));
  for await (const chunk of source.pipe(gunzip)) if (chunk instanceof Uint8Array) yield chunk;
}

const nothingThere = (place: string): BelayError =>
  new BelayError(
    "usage",
    `There are no records at ${plain(place)}.`,
    `Look with: ${place.startsWith("s3://") ? "aws s3 ls" : "ls"} ${shellWord(place)}`,
  );
