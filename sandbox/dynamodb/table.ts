/** A table: its key, its items in the order in which a scan meets them, and its stream. */

import { hash } from "node:crypto";
import type { Attribute, Item } from "./attribute.ts";
import { invalid } from "./dynamo-error.ts";
import { openStream, type StreamView, type TableStream } from "./stream.ts";

export interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

/** What a table was made with. */
export interface TableDefinition {
  readonly name: string;
  /** Partition key, then the sort key where there is one. */
  readonly key: readonly KeyAttribute[];
  readonly createdAtMs: number;
  readonly stream?: { readonly view: StreamView; readonly label: string };
}

export interface Table {
  readonly definition: TableDefinition;
  readonly arn: string;
  readonly stream: TableStream | undefined;
  readonly itemCount: number;
  get(id: string): Item | undefined;
  /** The place of an item by its key, which must have exactly the table's attributes. Throws a ValidationException. */
  idOf(key: Item, isWholeItem: boolean): string;
  keyOf(item: Item): Item;
  /** `undefined` takes the item away. */
  set(id: string, item: Item | undefined, atMs: number): void;
  /** Items after a place, in scan order. */
  after(id: string | undefined): Iterable<Item>;
}

export function openTable(definition: TableDefinition, region: string, random: () => number): Table {
  const { name, key, stream: streaming } = definition;
  const arn = `arn:aws:dynamodb:${region}:123456789012:table/${name}`;
  const items = new Map<string, Item>();
  // A scan goes by the hash of the partition key, so that nobody relies on an order of keys.
  let order: readonly string[] | undefined;
  const stream = streaming && openStream({ tableName: name, tableArn: arn, random, ...streaming });
  const keyOf = (item: Item): Item =>
    new Map(
      key.flatMap((each) => {
        const value = item.get(each.name);
        return value ? [[each.name, value]] : [];
      }),
    );
  return {
    definition,
    arn,
    stream,
    get itemCount() {
      return items.size;
    },
    get: (id) => items.get(id),
    idOf: (given, isWholeItem) => idOf(definition, given, isWholeItem),
    keyOf,
    set: (id, item, atMs) => {
      const before = items.get(id);
      if (before === undefined || item === undefined) order = undefined;
      if (item) items.set(id, item);
      else items.delete(id);
      const about = item ?? before;
      if (about) stream?.add({ key: keyOf(about), before, after: item, atMs });
    },
    *after(id) {
      order ??= [...items.keys()].toSorted();
      for (let at = id === undefined ? 0 : firstAfter(order, id); at < order.length; at += 1) {
        const item = items.get(order[at] ?? "");
        if (item) yield item;
      }
    },
  };
}

function firstAfter(order: readonly string[], id: string): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order[middle] ?? "") <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Developer Guide, "Quotas": bytes of partition and sort key values. */
const keyBytesMax = [2048, 1024];

function idOf({ key }: TableDefinition, given: Item, isWholeItem: boolean): string {
  if (!isWholeItem && given.size !== key.length) throw invalid("The provided key element does not match the schema");
  const values = key.map(({ name, type }, at) => {
    const value = given.get(name);
    if (value?.type !== type) throw wrongKey(name, type, { value, isWholeItem });
    if (value.text === "")
      throw invalid(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
      );
    if (Buffer.byteLength(value.text) > (keyBytesMax[at] ?? 0))
      throw invalid(
        `One or more parameter values were invalid: Size of ${at === 0 ? "hash" : "range"}key has exceeded the maximum size limit of${keyBytesMax[at]} bytes`,
      );
    return value.text;
  });
  return `${hash("md5", values[0] ?? "", "hex")} ${JSON.stringify(values)}`;
}

function wrongKey(
  name: string,
  type: string,
  { value, isWholeItem }: { readonly value: Attribute | undefined; readonly isWholeItem: boolean },
): Error {
  if (!isWholeItem) return invalid("The provided key element does not match the schema");
  if (!value) return invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
  return invalid(`One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type} actual: ${value.type}`);
}
