/** One shard of the base book: what a working copy has seen of some paths, as canonical JSON. */

import * as v from "valibot";
import { asRevision } from "../../core/brand.ts";
import type { BaseEntry } from "../../core/lineage/base.ts";
import { compareKeys } from "../../core/paths/key.ts";
import { digestSchema } from "./entry-codec.ts";

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

const decoder = new TextDecoder();

/**
 * Entries in the byte order of their paths, each parsed only when it is asked for: a shard of a large site is one string until
 * then. A shard that was cut off or damaged ends early; what it does not tell counts as never seen.
 */
export function* entriesInOrder(bytes: Uint8Array): Generator<PathEntry, void, undefined> {
  const text = decoder.decode(bytes);
  // Canonical JSON orders by UTF-16 units; beyond the first plane that is not the order of keys.
  if (/[\uD800-\uDFFF]/.test(text)) yield* [...entriesAsWritten(text)].toSorted(([one], [other]) => compareKeys(one, other));
  else yield* entriesAsWritten(text);
}

function* entriesAsWritten(text: string): Generator<PathEntry, void, undefined> {
  const key = /[{,](?<path>"(?:[^"\\]|\\.)*"):(?=\{)/uy;
  for (let found = key.exec(text); found; found = key.exec(text)) {
    const start = key.lastIndex;
    const end = endOfObject(text, start);
    if (end === undefined) return;
    const [path, entry] = [valueOf(found.groups?.["path"] ?? ""), parseBaseEntry(valueOf(text.slice(start, end)))];
    if (typeof path === "string" && entry) yield [path, entry];
    key.lastIndex = end;
  }
}

/** Just past the brace that closes the object which begins here. */
function endOfObject(text: string, start: number): number | undefined {
  const marks = /"(?:[^"\\]|\\.)*"|[{}]/gu;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === "{") depth += 1;
    else if (mark[0] === "}") depth -= 1;
    if (depth === 0) return marks.lastIndex;
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
