import { itemOf, type Item } from "../../core/records/typed-item.ts";
import type { CallOptions } from "../../ports/store.ts";
import type { DynamoPlace } from "./dynamo-place.ts";

/** The item under a primary key, as every write before has left it; `undefined` where there is none. */
export async function readItem(place: DynamoPlace, primaryKey: Item, key: string, options: CallOptions): Promise<Item | undefined> {
  const input = { TableName: place.table, Key: primaryKey, ConsistentRead: true };
  const output = await place.look({ operation: "GetItem", key, input }, options);
  if (output["Item"] === undefined) return undefined;
  const item = itemOf(output["Item"]);
  if (!item) throw await place.unreadable("GetItem", "its item is none");
  return item;
}
