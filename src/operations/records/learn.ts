/** Proposes `records:` of belay.yaml from example pages and items; reads, and writes nothing. */

import { openHtmlCodec, type Packing } from "../../codecs/html-document/html-codec.ts";
import { itemCodec } from "../../codecs/item-document/item-codec.ts";
import { zoneRules } from "../../codecs/zones/zone-rules.ts";
import { BelayError } from "../../core/belay-error.ts";
import { bytesOf } from "../../core/body.ts";
import type { Headers } from "../../core/plan/plan.ts";
import { findClockText } from "../../core/records/clock-text/find-clock-text.ts";
import type { Example } from "../../core/records/learn/example.ts";
import type { KindGuess } from "../../core/records/learn/guess.ts";
import { learnKind } from "../../core/records/learn/learn-kind.ts";
import { proposalYaml, type NamedSystem } from "../../core/records/learn/proposal-yaml.ts";
import type { CallOptions, Store } from "../../ports/store.ts";

/** The bytes of one example. */
export interface ExampleBytes {
  /** A page's key, or an item's file. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly headers?: Headers;
}

export interface LearnRequest {
  readonly pages: readonly ExampleBytes[];
  readonly items: readonly ExampleBytes[];
  readonly packing: Packing;
  /** Systems that a person named, as belay.yaml would spell their stores. */
  readonly systems: readonly NamedSystem[];
  /** The target to which the pages belong, as `target:` would spell it. */
  readonly target: string;
  /** Of the kind, where a person gave them. */
  readonly kind?: string;
  readonly zone?: string;
  /** The zone of this machine. */
  readonly here: string;
}

export interface Learnt {
  readonly guess: KindGuess;
  /** For belay.yaml, with the evidence in comments. */
  readonly yaml: string;
}

/** How many examples are read at most: more tell nothing new. */
export const examplesMax = 100;

/** Throws `input-invalid` where an example cannot be read, or a zone is none. */
export function learnRecords(request: LearnRequest): Learnt {
  const { pages, items, packing, systems, target, kind, zone, here } = request;
  if (zone !== undefined && !zoneRules.isZone(zone))
    throw new BelayError("input-invalid", `“${zone}” is no time zone.`, "Name it as the IANA database does: --zone America/Los_Angeles");
  const html = openHtmlCodec(packing);
  const examples: Example[] = [
    ...pages.map((page): Example => ({ name: page.name, medium: "page", document: documentOf(page, html) })),
    ...items.flatMap(unwrapped).map((item): Example => ({ name: item.name, medium: "item", document: documentOf(item, itemCodec) })),
  ];
  const guess = learnKind({
    examples,
    here,
    rules: zoneRules,
    readClock: (text, { zone: inZone, isCode, hint }) =>
      findClockText(text, {
        zones: zoneRules,
        zone: inZone,
        ...(isCode ? { isCode } : {}),
        ...(hint === undefined ? {} : { hint }),
      }),
    ...(kind === undefined ? {} : { name: kind }),
    ...(zone === undefined ? {} : { zone }),
  });
  return { guess, yaml: proposalYaml(guess, { systems, target, pages: pages.length, items: examples.length - pages.length }) };
}

/** `aws dynamodb get-item` wraps an item into `Item`, `scan` and `query` several into `Items`; any other file is one item. */
function unwrapped(file: ExampleBytes): ExampleBytes[] {
  const value = jsonIn(file.bytes);
  if (!isMap(value)) return [file];
  const { Item: one, Items: several } = value;
  if (isMap(one)) return [{ ...file, bytes: jsonBytes(one) }];
  if (!Array.isArray(several)) return [file];
  return several.slice(0, examplesMax).map((item, at) => ({ name: `${file.name}#${at + 1}`, bytes: jsonBytes(item) }));
}

/** `undefined` for what is no JSON: the codec says what is wrong with it. */
function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const jsonBytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function documentOf({ name, bytes, headers }: ExampleBytes, codec: ReturnType<typeof openHtmlCodec>): Example["document"] {
  const read = codec.read(bytes, headers ?? {});
  if (read.kind === "document") return read.document;
  const remedy =
    codec.name === "item" ? "Give an item as JSON, as `aws dynamodb get-item` prints it." : "Leave it out, or name another page.";
  throw new BelayError("input-invalid", `${name} cannot be read as an example: ${read.why}.`, remedy);
}

/**
 * Reads example pages from a store. A key that ends in a slash, or an empty one, stands for the pages below it. Throws
 * `input-invalid` for a page that is not there, and for more than `examplesMax`.
 */
export async function readExamplePages(store: Store, keys: readonly string[], options: CallOptions): Promise<ExampleBytes[]> {
  const wanted = new Set<string>();
  for (const key of keys) for (const found of await pagesAt(store, key, options)) wanted.add(found);
  if (wanted.size > examplesMax)
    throw new BelayError("input-invalid", `There are more than ${examplesMax} example pages.`, "Name a few that differ in their times.");
  if (keys.length > 0 && wanted.size === 0)
    throw new BelayError("input-invalid", `There is no page below ${keys.join(", ")}.`, "Name pages, or a folder that holds some.");
  const pages: ExampleBytes[] = [];
  for (const key of wanted) {
    const found = await store.read(key, options);
    if (found === undefined)
      throw new BelayError(
        "input-invalid",
        `There is no page ${key}.`,
        "Name pages of the site that are here, or --from a target where they are live.",
      );
    pages.push({ name: key, bytes: await bytesOf(found.body), headers: found.observed.headers ?? {} });
  }
  return pages;
}

/** The key itself, or the first pages below a folder: one more than are read at most. */
async function pagesAt(store: Store, key: string, options: CallOptions): Promise<string[]> {
  if (key !== "" && !key.endsWith("/")) return [key];
  const found: string[] = [];
  for await (const observed of store.list(key, options)) {
    if (/\.html?$/iu.test(observed.key)) found.push(observed.key);
    if (found.length > examplesMax) break;
  }
  return found;
}
