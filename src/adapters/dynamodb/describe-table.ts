/** What a table says of itself: its key, above all. */

import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions } from "../../ports/store.ts";
import { fieldsOf, type DynamoPlace, type Fields } from "./dynamo-place.ts";
import { keyWords, type KeyAttribute } from "./table-key.ts";

export interface TableDescription {
  /** Partition key, then the sort key where there is one. */
  readonly key: readonly KeyAttribute[];
  /** `ACTIVE` where it can be used. */
  readonly status: string;
  /** Counted by the service every six hours or so. */
  readonly itemCount?: number;
  /** Present where its changes are recorded in a stream. */
  readonly streamArn?: string;
}

/** Throws `store-missing`, `store-denied` and what any look throws. */
export async function describeTable(place: DynamoPlace, options: CallOptions): Promise<TableDescription> {
  const output = await place.look({ operation: "DescribeTable", input: { TableName: place.table } }, options);
  const table = fieldsOf(output["Table"]) ?? {};
  const types = new Map(listIn(table["AttributeDefinitions"]).map((each) => [each["AttributeName"], each["AttributeType"]]));
  const schema = listIn(table["KeySchema"]).toSorted((one, other) => rank(one) - rank(other));
  const key = schema.flatMap(({ AttributeName: name }): KeyAttribute[] => {
    const type = types.get(name);
    return typeof name === "string" && (type === "S" || type === "N" || type === "B") ? [{ name, type }] : [];
  });
  if (key.length === 0 || key.length !== schema.length) throw await place.unreadable("DescribeTable", "it names no key");
  const { TableStatus: status, ItemCount: count } = table;
  const stream = fieldsOf(table["StreamSpecification"])?.["StreamEnabled"] === true ? table["LatestStreamArn"] : undefined;
  return {
    key,
    status: typeof status === "string" ? status : "",
    ...(typeof count === "number" && { itemCount: count }),
    ...(typeof stream === "string" && { streamArn: stream }),
  };
}

const rank = ({ KeyType: type }: Fields): number => (type === "HASH" ? 0 : 1);

function listIn(value: unknown): readonly Fields[] {
  if (!Array.isArray(value)) return [];
  return value.map((each: unknown) => fieldsOf(each) ?? {});
}

/** Throws `config-invalid` where the table's key is another one than was configured. */
export function requireKeyOf(place: DynamoPlace, configured: readonly KeyAttribute[], { key }: TableDescription): void {
  if (keyWords(configured) === keyWords(key)) return;
  throw new BelayError(
    "config-invalid",
    `the key of the table ${place.table} is ${keyWords(key)}, and belay.yaml says ${keyWords(configured)}`,
    `Write \`key: ${keyWords(key)}\` for it in belay.yaml.`,
  );
}
