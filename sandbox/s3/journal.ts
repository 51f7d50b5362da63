/** Changes on disk: one line for all that happened in one step, appended before anybody is told of it. */

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { Blobs } from "./blobs.ts";
import type { Change } from "./change.ts";
import { checksumAlgorithms } from "./checksums.ts";

export interface Journal {
  append(changes: readonly Change[]): void;
  close(): void;
}

const headers = v.record(v.string(), v.string());
const algorithm = v.picklist(checksumAlgorithms);
const checksum = v.exactOptional(v.object({ algorithm, value: v.string(), isComposite: v.boolean() }));

/** What a line holds; blobs stand in it by their ids. */
function lineSchema(blobs: Blobs): v.GenericSchema<unknown, Change[]> {
  const blob = v.pipe(
    v.object({ id: v.string() }),
    v.transform(({ id }) => blobs.open(id)),
  );
  const written = { etag: v.string(), sizeBytes: v.number(), modifiedAtMs: v.number(), checksum, blob };
  const version = v.object({ key: v.string(), id: v.string(), isMarker: v.boolean(), headers, ...written });
  const start = v.object({
    id: v.string(),
    key: v.string(),
    headers,
    startedAtMs: v.number(),
    algorithm: v.exactOptional(algorithm),
    isComposite: v.boolean(),
  });
  const bucket = v.string();
  return v.array(
    v.variant("kind", [
      v.object({ kind: v.literal("bucket-created"), bucket, atMs: v.number() }),
      v.object({ kind: v.literal("bucket-deleted"), bucket }),
      v.object({ kind: v.literal("versioning-set"), bucket, versioning: v.picklist(["never", "Enabled", "Suspended"]) }),
      v.object({ kind: v.literal("setting-put"), bucket, setting: v.string(), document: v.exactOptional(v.string()) }),
      v.object({ kind: v.literal("version-added"), bucket, version }),
      v.object({ kind: v.literal("version-dropped"), bucket, key: v.string(), id: v.string() }),
      v.object({ kind: v.literal("upload-started"), bucket, start }),
      v.object({ kind: v.literal("part-added"), bucket, uploadId: v.string(), part: v.object({ number: v.number(), ...written }) }),
      v.object({ kind: v.literal("upload-ended"), bucket, uploadId: v.string() }),
    ]),
  );
}

/**
 * Opens a folder's journal and replays it. A last line without its end was never answered for: it is cut off. Throws where
 * any other line is damaged. Nothing is forced to the platter, so a stopped process loses nothing and a stopped machine may.
 */
export function openJournal(folder: string, blobs: Blobs, replay: (change: Change) => void): Journal {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "journal.ndjson");
  const schema = lineSchema(blobs);
  for (const line of wholeLines(path)) for (const change of v.parse(schema, JSON.parse(line))) replay(change);
  const descriptor = openSync(path, "a");
  return {
    append: (changes) => {
      // A short write would tear a line in the middle of the journal.
      const line = Buffer.from(`${JSON.stringify(changes)}\n`, "utf8");
      for (let at = 0; at < line.byteLength;) at += writeSync(descriptor, line, at);
    },
    close: () => closeSync(descriptor),
  };
}

function wholeLines(path: string): string[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.byteLength) truncateSync(path, end);
  return bytes
    .toString("utf8", 0, end)
    .split("\n")
    .filter((line) => line !== "");
}
