/** GetItem, PutItem, UpdateItem, DeleteItem and Scan. */

import { areEqual, itemBytes, writeItem, type Item } from "./attribute.ts";
import { countIn, itemIn, requireAllUsed, requiredItem, substitutesIn, tableOf, textIn, type Call, type Operation } from "./call.ts";
import { readCondition } from "./condition.ts";
import { DynamoError, invalid } from "./dynamo-error.ts";
import type { Substitutes } from "./expression-words.ts";
import { readUpdate } from "./update.ts";

/** Developer Guide, "Quotas". */
const itemBytesMax = 400 * 1024;
const pageBytesMax = 1024 * 1024;
const nothing: Item = new Map();

function requireSize(item: Item, words: string): void {
  if (itemBytes(item) > itemBytesMax) throw invalid(words);
}

/** What a condition says of an item; throws where it fails, with the item where that was asked for. */
function conditionOf(call: Call, substitutes: Substitutes): (item: Item | undefined) => void {
  const text = textIn(call.parameters, "ConditionExpression");
  const test = text === undefined ? undefined : readCondition("ConditionExpression", text, substitutes);
  const showsItem = call.parameters["ReturnValuesOnConditionCheckFailure"] === "ALL_OLD";
  return (item) => {
    if (!test || test(item ?? nothing)) return;
    const details = showsItem && item ? { Item: writeItem(item) } : {};
    throw new DynamoError("ConditionalCheckFailedException", "The conditional request failed", { details });
  };
}

/** `Attributes` of an answer: the item before or after, as it was asked for. */
function returned(call: Call, allowed: Readonly<Record<string, Item | undefined>>): Record<string, unknown> {
  const wish = textIn(call.parameters, "ReturnValues") ?? "NONE";
  if (wish === "NONE") return {};
  if (!Object.hasOwn(allowed, wish)) throw invalid(`Return values set to invalid value: the sandbox does not know ${wish} here`);
  const item = allowed[wish];
  return item ? { Attributes: writeItem(item) } : {};
}

const getItem: Operation = (service, call) => {
  const table = tableOf(service, call);
  const item = table.get(table.idOf(requiredItem(call.parameters, "Key"), false));
  return item ? { Item: writeItem(item) } : {};
};

const putItem: Operation = (service, call) => {
  const table = tableOf(service, call);
  const item = requiredItem(call.parameters, "Item");
  const substitutes = substitutesIn(call);
  const check = conditionOf(call, substitutes);
  requireAllUsed(substitutes);
  const id = table.idOf(item, true);
  requireSize(item, "Item size has exceeded the maximum allowed size");
  const before = table.get(id);
  check(before);
  const answer = returned(call, { ALL_OLD: before });
  service.commit({ kind: "item-put", table: table.definition.name, item }, call.nowMs);
  return answer;
};

const updateItem: Operation = (service, call) => {
  const table = tableOf(service, call);
  const key = requiredItem(call.parameters, "Key");
  const substitutes = substitutesIn(call);
  const check = conditionOf(call, substitutes);
  const text = textIn(call.parameters, "UpdateExpression");
  const update = text === undefined ? undefined : readUpdate(text, substitutes);
  requireAllUsed(substitutes);
  const id = table.idOf(key, false);
  const inKey = update?.paths.find(([name]) => typeof name === "string" && key.has(name));
  if (inKey)
    throw invalid(`One or more parameter values were invalid: Cannot update attribute ${inKey[0]}. This attribute is part of the key`);
  const before = table.get(id);
  check(before);
  const after = update ? update.apply(before ?? key) : (before ?? key);
  requireSize(after, "Item size to update has exceeded the maximum allowed size");
  const answer = returned(call, { ALL_OLD: before, ALL_NEW: after });
  if (!before || !isSame(before, after)) service.commit({ kind: "item-put", table: table.definition.name, item: after }, call.nowMs);
  return answer;
};

/** A write that changes nothing leaves no record in a stream. */
const isSame = (one: Item, other: Item): boolean =>
  one.size === other.size &&
  [...one].every(([name, value]) => {
    const second = other.get(name);
    return second !== undefined && areEqual(value, second);
  });

const deleteItem: Operation = (service, call) => {
  const table = tableOf(service, call);
  const key = requiredItem(call.parameters, "Key");
  const substitutes = substitutesIn(call);
  const check = conditionOf(call, substitutes);
  requireAllUsed(substitutes);
  const before = table.get(table.idOf(key, false));
  check(before);
  const answer = returned(call, { ALL_OLD: before });
  if (before) service.commit({ kind: "item-removed", table: table.definition.name, key }, call.nowMs);
  return answer;
};

/** A page ends at its limit or at a megabyte, and says where it ended, also where nothing follows. */
const scan: Operation = (service, call) => {
  const table = tableOf(service, call);
  const { parameters } = call;
  const start = itemIn(parameters, "ExclusiveStartKey");
  const limit = countIn(parameters, "Limit") ?? Infinity;
  const substitutes = substitutesIn(call);
  const filter = textIn(parameters, "FilterExpression");
  const test = filter === undefined ? undefined : readCondition("FilterExpression", filter, substitutes);
  requireAllUsed(substitutes);
  const found: Item[] = [];
  let [scanned, bytes] = [0, 0];
  let last: Item | undefined;
  for (const item of table.after(start && table.idOf(start, false))) {
    const sizeBytes = itemBytes(item);
    if (scanned > 0 && bytes + sizeBytes > pageBytesMax) return page(found, scanned, last);
    [scanned, bytes, last] = [scanned + 1, bytes + sizeBytes, table.keyOf(item)];
    if (!test || test(item)) found.push(item);
    if (scanned >= limit) return page(found, scanned, last);
  }
  return page(found, scanned, undefined);
};

const page = (items: readonly Item[], scanned: number, last: Item | undefined): Record<string, unknown> => ({
  Items: items.map(writeItem),
  Count: items.length,
  ScannedCount: scanned,
  ...(last && { LastEvaluatedKey: writeItem(last) }),
});

const shared = ["TableName", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics"] as const;
const conditional = [
  "ConditionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ReturnValues",
  "ReturnValuesOnConditionCheckFailure",
] as const;

/** By name, with the parameters that each takes: another one is refused, never passed over. */
export const itemOperations: Readonly<Record<string, { readonly run: Operation; readonly takes: readonly string[] }>> = {
  GetItem: { run: getItem, takes: [...shared, "Key", "ConsistentRead"] },
  PutItem: { run: putItem, takes: [...shared, ...conditional, "Item"] },
  UpdateItem: { run: updateItem, takes: [...shared, ...conditional, "Key", "UpdateExpression"] },
  DeleteItem: { run: deleteItem, takes: [...shared, ...conditional, "Key"] },
  Scan: {
    run: scan,
    takes: [
      ...shared,
      "ConsistentRead",
      "ExclusiveStartKey",
      "Limit",
      "FilterExpression",
      "ExpressionAttributeNames",
      "ExpressionAttributeValues",
    ],
  },
};
