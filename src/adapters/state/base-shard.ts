/** One shard of the base book: what a working copy has seen of some paths, as canonical JSON. */

import * as v from "valibot";
import { asRevision } from "../../core/brand.ts";
import type { BaseEntry } from "../../core/lineage/base.ts";
import { compareKeys } from "../../core/paths/key.ts";
import { digestSchema } from "./base-schemas.ts";

export type PathEntry = readonly [path: string, entry: BaseEntry];

const entrySchema: v.GenericSchema<unknown, BaseEntry> = v.object({
  digest: digestSchema,
  revision: v.pipe(v.string(), v.transform(asRevision)),
  sizeBytes: v.number(),
  headers: v.record(v.string(), v.string()),
  at: v.string(),
  how: v.picklist(["same", "ancestor", "pulled", "merged", "kept-mine", "deployed"]),
});

/** `undefined` where a value is no entry: the path then counts as never seen, which is the safe side. */
export function parseBaseEntry(value: unknown): BaseEntry | undefined {
  const parsed = v.safeParse(entrySchema, value);
  return parsed.success ? parsed.output : undefined;
}

/**
 * Entries in the byte order of their paths, each parsed only when it is asked for: a shard of a large site stays bytes until
 * then. A shard that was cut off or damaged ends early; what it does not tell counts as never seen.
 */
export function* entriesInOrder(bytes: Uint8Array): Generator<PathEntry, void, undefined> {
  // Canonical JSON orders by UTF-16 units; where a path lies beyond the first plane that is not the order of keys.
  const hasAstral = bytes.some((byte) => byte >= 0xf0);
  if (hasAstral) yield* [...entriesAsWritten(bytes)].toSorted(([one], [other]) => compareKeys(one, other));
  else yield* entriesAsWritten(bytes);
}

const [quote, backslash, opening, closing, colon] = Buffer.from('"\\{}:');

function* entriesAsWritten(bytes: Uint8Array): Generator<PathEntry, void, undefined> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Past the opening brace, or the comma after an entry.
  for (let at = 1; buffer[at] === quote; at += 1) {
    const middle = endOfText(buffer, at);
    const end = buffer[middle] === colon ? endOfObject(buffer, middle + 1) : undefined;
    if (end === undefined) return;
    const [path, entry] = [valueOf(buffer.toString("utf8", at, middle)), parseBaseEntry(valueOf(buffer.toString("utf8", middle + 1, end)))];
    if (typeof path === "string" && entry) yield [path, entry];
    at = end;
  }
}

/** Just past the quote that closes the text which begins here; the end of the buffer where none does. */
function endOfText(buffer: Buffer, start: number): number {
  for (let at = start + 1; at < buffer.byteLength; at += 1) {
    if (buffer[at] === quote) return at + 1;
    if (buffer[at] === backslash) at += 1;
  }
  return buffer.byteLength;
}

/** Just past the brace that closes the object which begins here; `undefined` where none does. */
function endOfObject(buffer: Buffer, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < buffer.byteLength;) {
    const byte = buffer[at];
    if (byte === quote) {
      at = endOfText(buffer, at);
      continue;
    }
    if (byte === opening) depth += 1;
    else if (byte === closing) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return undefined;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Several orders into one. The sources are few and long: the one at hand is found again by halving. */
export function* merged(sources: readonly Iterator<PathEntry, void>[]): Generator<PathEntry, void, undefined> {
  const heads: { readonly pair: PathEntry; readonly source: Iterator<PathEntry, void> }[] = [];
  const place = (source: Iterator<PathEntry, void>): void => {
    const next = source.next();
    if (next.done === true) return;
    let [low, high] = [0, heads.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = heads[middle];
      // The least stands last, where it is taken off at no cost.
      if (other && compareKeys(other.pair[0], next.value[0]) > 0) low = middle + 1;
      else high = middle;
    }
    heads.splice(low, 0, { pair: next.value, source });
  };
  for (const source of sources) place(source);
  for (let head = heads.pop(); head; head = heads.pop()) {
    yield head.pair;
    place(head.source);
  }
}
