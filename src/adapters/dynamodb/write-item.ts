/** Creating, replacing and removing one item under its expectation. */

import type { Item } from "../../core/records/typed-item.ts";
import { itemBytes, plainNumber } from "../../core/records/typed-item.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions, Confirm, RemoveRequest, WriteOutcome, WriteRequest } from "../../ports/store.ts";
import type { DynamoPlace } from "./dynamo-place.ts";
import { absenceOf, changeBetween, expressionsOf, type Change, type Terms } from "./item-expression.ts";
import { countIn, itemIn, observedOf, sightOf, type Sight } from "./item-sight.ts";
import { readItem } from "./read-item.ts";
import { primaryKeyOf, type KeyAttribute } from "./table-key.ts";
import { sendWrite, type Landing } from "./write-landing.ts";

export interface TableSetup {
  readonly place: DynamoPlace;
  readonly key: readonly KeyAttribute[];
  /** An attribute that changes with every write of an item. */
  readonly version?: string;
}

const shown = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;

/** One write of one item. */
interface Job extends TableSetup {
  readonly storeKey: string;
  readonly primaryKey: Item;
  readonly isAllowed: Confirm;
}

const jobOf = (setup: TableSetup, { key, confirm }: Pick<WriteRequest, "key" | "confirm">): Job => ({
  ...setup,
  storeKey: key,
  primaryKey: primaryKeyOf(setup.key, key),
  isAllowed: confirm ?? (async (): Promise<boolean> => await Promise.resolve(true)),
});

const sight = ({ place, version }: TableSetup, item: Item): Sight => sightOf(item, version, place.runtime.sha256);
const conflict = (job: Job, found: Item | undefined): WriteOutcome => ({
  kind: "conflict",
  found: found && observedOf(job.storeKey, sight(job, found), job.place.runtime.sha256),
});

/** Writes if the expectation holds. Throws only what has not landed. */
export async function writeItem(setup: TableSetup, request: WriteRequest, options: CallOptions): Promise<WriteOutcome> {
  const job = jobOf(setup, request);
  const { place, storeKey, primaryKey } = job;
  if (Object.keys(request.headers).length > 0)
    throw new BelayError("input-invalid", `${storeKey} is an item, and an item has no headers`, "Leave the headers out.");
  const item = await itemIn(request.body, { key: storeKey, primaryKey }, place.runtime.sha256);
  if (request.expect.kind === "absent") return await createItem(job, item, options);
  const before = await readItem(place, primaryKey, storeKey, options);
  if (!before || sight(job, before).revision !== request.expect.revision) return conflict(job, before);
  return await replaceItem(job, { before, after: item }, options);
}

async function createItem(job: Job, content: Item, options: CallOptions): Promise<WriteOutcome> {
  const { place, storeKey, version } = job;
  const item = version === undefined || Object.hasOwn(content, version) ? content : { ...content, [version]: { N: "1" } };
  if (!(await job.isAllowed())) return { kind: "conflict", found: undefined };
  const landing = await sendWrite(place, putOf(job, item), options);
  if (landing.kind === "unknown") return landing;
  if (landing.kind === "missed") return conflict(job, landing.item ?? (await readItem(place, job.primaryKey, storeKey, options)));
  return await writtenAs(job, item, options);
}

const putOf = ({ place, storeKey, key }: Job, item: Item) =>
  ({
    operation: "PutItem",
    key: storeKey,
    input: { TableName: place.table, Item: item, ...absenceOf(key[0]?.name ?? ""), ...shown },
  }) as const;

/** DynamoDB spells numbers its own way, so what it keeps of those that it would spell otherwise is looked at. */
async function writtenAs(job: Job, item: Item, options: CallOptions): Promise<WriteOutcome> {
  if (isPlain(item)) return { kind: "written", revision: sight(job, item).revision };
  const kept = await readItem(job.place, job.primaryKey, job.storeKey, options).catch(() => undefined);
  return { kind: "written", revision: sight(job, kept ?? item).revision };
}

const spelt = (item: Item): Uint8Array => itemBytes(item, (decimal) => plainNumber(decimal) ?? decimal);
const isPlain = (item: Item): boolean => Buffer.compare(spelt(item), itemBytes(item)) === 0;
const saysSame = (one: Item, other: Item): boolean => Buffer.compare(spelt(one), spelt(other)) === 0;

interface Replacement {
  /** With every attribute. */
  readonly before: Item;
  /** Content: without a version attribute that counts. */
  readonly after: Item;
}

async function replaceItem(job: Job, { before, after }: Replacement, options: CallOptions): Promise<WriteOutcome> {
  const { place, storeKey } = job;
  const seen = sight(job, before);
  const change = changeBetween(seen.content, after);
  if (Object.keys(change.set).length + change.remove.length === 0) return { kind: "written", revision: seen.revision };
  if (!(await job.isAllowed())) return { kind: "conflict", found: undefined };
  const landing = await sendWrite(place, updateOf(job, termsOf(job, before, change), withCount(job, before, change)), options);
  if (landing.kind === "unknown") return landing;
  if (landing.kind === "missed") return conflict(job, landing.item ?? (await readItem(place, job.primaryKey, storeKey, options)));
  const now = landing.attributes;
  if (!now) return { kind: "unknown", cause: new Error("the server reported a success without the item") };
  const landed = sight(job, now);
  if (saysSame(landed.content, after)) return { kind: "written", revision: landed.revision };
  return await takenBack(job, { before: seen.content, after }, options);
}

function updateOf(job: Job, terms: Terms, change: Change) {
  const input = {
    TableName: job.place.table,
    Key: job.primaryKey,
    ...expressionsOf(terms, job.storeKey, change),
    ReturnValues: "ALL_NEW",
    ...shown,
  };
  return { operation: "UpdateItem", key: job.storeKey, input } as const;
}

/** The count goes on with every write, also with one that puts earlier content back. */
function withCount({ version }: Job, before: Item, change: Change): Change {
  const count = countIn(before, version);
  if (count === undefined || version === undefined) return change;
  return { ...change, set: { ...change.set, [version]: { N: String(count + 1n) } } };
}

/** Every attribute as it was seen, or the version and what the change replaces. What the change adds must not be there. */
function termsOf({ version, key, primaryKey }: Job, before: Item, change: Change): Terms {
  const isCounted = countIn(before, version) !== undefined;
  const replaced = new Set([...Object.keys(change.set), ...change.remove, ...(version === undefined ? [] : [version])]);
  const equal = Object.entries(before).filter(([name]) => !Object.hasOwn(primaryKey, name) && (!isCounted || replaced.has(name)));
  const absent = Object.keys(change.set).filter((name) => !Object.hasOwn(before, name));
  return { equal: Object.fromEntries(equal), absent, existing: key[0]?.name ?? "" };
}

/**
 * A condition cannot name what it does not know: another hand has added an attribute since the item was seen. Nothing of theirs
 * was touched; what was written is taken back, so that of two such writers one has won.
 */
async function takenBack(job: Job, { before, after }: Replacement, options: CallOptions): Promise<WriteOutcome> {
  const done = changeBetween(before, after);
  const undone = changeBetween(after, before);
  const terms: Terms = { equal: done.set, absent: done.remove, existing: job.key[0]?.name ?? "" };
  const landing = await afterwards(() => sendWrite(job.place, updateOf(job, terms, undone), options));
  if (landing.kind === "landed" && landing.attributes) return conflict(job, landing.attributes);
  return unchecked(landing, "another hand added an attribute meanwhile, and this write could not be taken back");
}

/** After a write has landed nothing may be thrown: a throw says that it has not. */
async function afterwards(act: () => Promise<Landing>): Promise<Landing> {
  try {
    return await act();
  } catch (cause) {
    return { kind: "unknown", cause };
  }
}

const unchecked = (landing: Landing, message: string): WriteOutcome => ({
  kind: "unknown",
  isUnchecked: true,
  cause: new Error(message, landing.kind === "unknown" ? { cause: landing.cause } : {}),
});

/** Removes if the expectation holds. An attribute that nobody knew of is seen in what was removed: then the item is put back. */
export async function removeItem(setup: TableSetup, request: RemoveRequest, options: CallOptions): Promise<WriteOutcome> {
  const job = jobOf(setup, request);
  const { place, storeKey, primaryKey } = job;
  const before = await readItem(place, primaryKey, storeKey, options);
  if (!before || sight(job, before).revision !== request.expect.revision) return conflict(job, before);
  const terms = termsOf(job, before, { set: {}, remove: [] });
  if (!(await job.isAllowed())) return { kind: "conflict", found: undefined };
  const input = { TableName: place.table, Key: primaryKey, ...expressionsOf(terms, storeKey), ReturnValues: "ALL_OLD", ...shown };
  const landing = await sendWrite(place, { operation: "DeleteItem", key: storeKey, input }, options);
  if (landing.kind === "unknown") return landing;
  if (landing.kind === "missed") return conflict(job, landing.item ?? (await readItem(place, primaryKey, storeKey, options)));
  const removed = landing.attributes;
  if (!removed || saysSame(removed, before)) return { kind: "removed" };
  const back = await afterwards(() => sendWrite(place, putOf(job, removed), options));
  if (back.kind === "landed") return conflict(job, removed);
  return unchecked(back, "another hand added an attribute meanwhile, and the item could not be put back");
}
