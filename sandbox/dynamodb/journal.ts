/** What happened in tables, on disk: one line for each change, appended before anybody is told of it. */

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { readItem, writeItem } from "./attribute.ts";
import type { Event } from "./call.ts";

export interface TableJournal {
  append(event: Event, atMs: number): void;
  close(): void;
}

const item = v.pipe(
  v.unknown(),
  v.transform((value) => readItem(value)),
);
const keyAttribute = v.object({ name: v.string(), type: v.picklist(["S", "N", "B"]) });
const stream = v.object({ view: v.picklist(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]), label: v.string() });
const definition = v.object({ name: v.string(), key: v.array(keyAttribute), createdAtMs: v.number(), stream: v.exactOptional(stream) });
const table = v.string();
const line = v.object({
  atMs: v.number(),
  event: v.variant("kind", [
    v.object({ kind: v.literal("table-created"), definition }),
    v.object({ kind: v.literal("table-deleted"), table }),
    v.object({ kind: v.literal("item-put"), table, item }),
    v.object({ kind: v.literal("item-removed"), table, key: item }),
  ]),
});

/** Replays a folder's journal. A last line without its end was never answered for: it is cut off. Throws where another line is damaged. */
export function openTableJournal(folder: string, replay: (event: Event, atMs: number) => void): TableJournal {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "tables.ndjson");
  for (const text of wholeLines(path)) {
    const { event, atMs } = v.parse(line, JSON.parse(text));
    replay(event, atMs);
  }
  const descriptor = openSync(path, "a");
  return {
    append: (event, atMs) => {
      const bytes = Buffer.from(`${JSON.stringify({ atMs, event: spelt(event) })}\n`, "utf8");
      for (let at = 0; at < bytes.byteLength;) at += writeSync(descriptor, bytes, at);
    },
    close: () => closeSync(descriptor),
  };
}

function spelt(event: Event): unknown {
  if (event.kind === "item-put") return { ...event, item: writeItem(event.item) };
  return event.kind === "item-removed" ? { ...event, key: writeItem(event.key) } : event;
}

function wholeLines(path: string): string[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.byteLength) truncateSync(path, end);
  return bytes
    .toString("utf8", 0, end)
    .split("\n")
    .filter((text) => text !== "");
}
