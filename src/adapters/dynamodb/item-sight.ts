/** An item as an object of a store: its bytes, digest and revision. */

import { BelayError } from "../../core/belay-error.ts";
import { bodyOf, bytesOf, type Body } from "../../core/body.ts";
import { asRevision, type Revision, type Sha256 } from "../../core/brand.ts";
import type { Observed } from "../../core/plan/plan.ts";
import { itemBytes, itemOf, type AttributeValue, type Item } from "../../core/records/typed-item.ts";
import type { Reading } from "../../ports/store.ts";

/**
 * The revision covers every attribute. A version attribute that counts is the table's own book-keeping, as an ETag is: it is
 * part of the revision, but not of the body, so that a restore of earlier content does not turn it back.
 */
export interface Sight {
  readonly item: Item;
  /** Without the version attribute. */
  readonly content: Item;
  readonly bytes: Uint8Array;
  readonly revision: Revision;
}

/** The number in the version attribute; `undefined` where there is none or it is no count. */
export function countIn(item: Item, version: string | undefined): bigint | undefined {
  const value = version !== undefined && Object.hasOwn(item, version) ? item[version] : undefined;
  return value && "N" in value && /^-?\d{1,37}$/u.test(value.N) ? BigInt(value.N) : undefined;
}

export function sightOf(item: Item, version: string | undefined, sha256: Sha256): Sight {
  const content = countIn(item, version) === undefined ? item : without(item, version);
  return { item, content, bytes: itemBytes(content), revision: asRevision(sha256(itemBytes(item))) };
}

const without = (item: Item, name: string | undefined): Item =>
  Object.fromEntries(Object.entries(item).filter(([each]): boolean => each !== name));

export function observedOf(key: string, { bytes, revision }: Sight, sha256: Sha256): Observed & Required<Pick<Observed, "digest">> {
  return { key, revision, sizeBytes: bytes.byteLength, digest: sha256(bytes), headers: {} };
}

export function readingOf(key: string, sight: Sight, sha256: Sha256): Reading {
  const observed = observedOf(key, sight, sha256);
  return { observed, body: bodyOf(sight.bytes, observed.digest) };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The item that a body says. Throws `input-changed` where its bytes are not what it said, and `input-invalid` where they are no
 * item with this key in the form in which belay reads items: other bytes would be another digest when they are read back.
 */
export async function itemIn(
  body: Body,
  { key, primaryKey }: { readonly key: string; readonly primaryKey: Item },
  sha256: Sha256,
): Promise<Item> {
  const bytes = await bytesOf(body);
  if (bytes.byteLength !== body.sizeBytes || sha256(bytes) !== body.digest)
    throw new BelayError("input-changed", `${key} changed while it was being sent`, "Run the command again.");
  const item = parsed(bytes);
  if (!item) throw notAnItem(key, "it is no item in DynamoDB's JSON, where every attribute says its type");
  if (Buffer.compare(itemBytes(item), bytes) !== 0)
    throw notAnItem(key, "its attributes, or the members of a set, are not in order, or it has spaces between them");
  for (const [name, value] of Object.entries(primaryKey)) {
    if (!Object.hasOwn(item, name) || !isSame(item[name], value)) throw notAnItem(key, `its ${name} is part of its key and says otherwise`);
  }
  return item;
}

function parsed(bytes: Uint8Array): Item | undefined {
  try {
    return itemOf(JSON.parse(decoder.decode(bytes)));
  } catch {
    return undefined;
  }
}

/** Whether two attributes have the same bytes. */
export const isSame = (one: AttributeValue | undefined, other: AttributeValue | undefined): boolean =>
  one !== undefined && other !== undefined && Buffer.compare(itemBytes({ one }), itemBytes({ one: other })) === 0;

const notAnItem = (key: string, why: string): BelayError =>
  new BelayError(
    "input-invalid",
    `${key} cannot be written to the table: ${why}`,
    'Write it as `belay` reads it, for example {"guest_code":{"S":"S2FJLN"}}.',
  );
