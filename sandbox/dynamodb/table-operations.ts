/** Tables, and the streams of what changes in them. */

import { countIn, tableOf, textIn, type Call, type Operation, type Service } from "./call.ts";
import { DynamoError, invalid } from "./dynamo-error.ts";
import type { StreamView, TableStream } from "./stream.ts";
import type { KeyAttribute, Table, TableDefinition } from "./table.ts";

const described = ({ definition, arn, stream, itemCount }: Table): Record<string, unknown> => ({
  TableName: definition.name,
  TableArn: arn,
  TableStatus: "ACTIVE",
  CreationDateTime: definition.createdAtMs / 1000,
  ItemCount: itemCount,
  AttributeDefinitions: definition.key.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
  KeySchema: definition.key.map(({ name }, at) => ({ AttributeName: name, KeyType: at === 0 ? "HASH" : "RANGE" })),
  BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
  ...(stream && {
    StreamSpecification: { StreamEnabled: true, StreamViewType: stream.view },
    LatestStreamArn: stream.arn,
    LatestStreamLabel: stream.label,
  }),
});

function recordsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => (typeof each === "object" && each !== null ? [Object.fromEntries(Object.entries(each))] : []));
}

function keyIn({ parameters }: Call): readonly KeyAttribute[] {
  const types = new Map(recordsIn(parameters["AttributeDefinitions"]).map((each) => [each["AttributeName"], each["AttributeType"]]));
  const schema = recordsIn(parameters["KeySchema"]).toSorted((one, other) => (String(one["KeyType"]) < String(other["KeyType"]) ? -1 : 1));
  const key = schema.map(({ AttributeName: name }) => {
    const type = types.get(name);
    if (typeof name !== "string" || (type !== "S" && type !== "N" && type !== "B"))
      throw invalid("One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions.");
    return { name, type } as const;
  });
  if (key.length < 1 || key.length > 2 || schema[0]?.["KeyType"] !== "HASH")
    throw invalid("1 validation error detected: Invalid KeySchema");
  return key;
}

const isView = (word: unknown): word is StreamView =>
  word === "KEYS_ONLY" || word === "NEW_IMAGE" || word === "OLD_IMAGE" || word === "NEW_AND_OLD_IMAGES";

function streamIn({ parameters, nowMs }: Call): TableDefinition["stream"] {
  const [specification] = recordsIn([parameters["StreamSpecification"]]);
  if (specification?.["StreamEnabled"] !== true) return undefined;
  const view = specification["StreamViewType"];
  if (!isView(view)) throw invalid("One or more parameter values were invalid: StreamViewType");
  return { view, label: new Date(nowMs).toISOString().replace("Z", "") };
}

const createTable: Operation = (service, call) => {
  const name = textIn(call.parameters, "TableName") ?? "";
  if (!/^[\w.-]{3,255}$/u.test(name)) throw invalid("TableName must be at least 3 characters long and at most 255 characters long");
  if (service.tables.has(name)) throw new DynamoError("ResourceInUseException", `Table already exists: ${name}`);
  const stream = streamIn(call);
  service.commit(
    { kind: "table-created", definition: { name, key: keyIn(call), createdAtMs: call.nowMs, ...(stream && { stream }) } },
    call.nowMs,
  );
  return { TableDescription: described(tableOf(service, call)) };
};

const deleteTable: Operation = (service, call) => {
  const table = tableOf(service, call);
  service.commit({ kind: "table-deleted", table: table.definition.name }, call.nowMs);
  return { TableDescription: { ...described(table), TableStatus: "DELETING" } };
};

function streamsOf({ tables }: Service): readonly { readonly name: string; readonly stream: TableStream }[] {
  return [...tables.values()].flatMap(({ definition, stream }) => (stream ? [{ name: definition.name, stream }] : []));
}

function streamAt(service: Service, arn: string | undefined): TableStream {
  const found = streamsOf(service).find(({ stream }) => stream.arn === arn);
  if (!found) throw new DynamoError("ResourceNotFoundException", `Requested resource not found: Stream: ${arn} not found`);
  return found.stream;
}

const listStreams: Operation = (service, { parameters }) => {
  const table = textIn(parameters, "TableName");
  const found = streamsOf(service).filter(({ name }) => table === undefined || name === table);
  return { Streams: found.map(({ name, stream }) => ({ TableName: name, StreamArn: stream.arn, StreamLabel: stream.label })) };
};

const describeStream: Operation = (service, { parameters }) => {
  const stream = streamAt(service, textIn(parameters, "StreamArn"));
  return { StreamDescription: stream.describe(textIn(parameters, "ExclusiveStartShardId"), countIn(parameters, "Limit") ?? 100) };
};

const getShardIterator: Operation = (service, { parameters }) => {
  const stream = streamAt(service, textIn(parameters, "StreamArn"));
  const [shard = "", type = ""] = [textIn(parameters, "ShardId"), textIn(parameters, "ShardIteratorType")];
  return { ShardIterator: stream.iterator(shard, type, textIn(parameters, "SequenceNumber")) };
};

const getRecords: Operation = (service, { parameters }) => {
  const iterator = textIn(parameters, "ShardIterator") ?? "";
  const [arn] = /arn:[^"]*/u.exec(Buffer.from(iterator, "base64").toString("utf8")) ?? [];
  return streamAt(service, arn).records(iterator, Math.min(countIn(parameters, "Limit") ?? 1000, 1000));
};

/** By name, with the parameters that each takes. */
export const tableOperations: Readonly<Record<string, { readonly run: Operation; readonly takes: readonly string[] }>> = {
  CreateTable: {
    run: createTable,
    takes: ["TableName", "AttributeDefinitions", "KeySchema", "BillingMode", "ProvisionedThroughput", "StreamSpecification", "Tags"],
  },
  DescribeTable: { run: (service, call) => ({ Table: described(tableOf(service, call)) }), takes: ["TableName"] },
  DeleteTable: { run: deleteTable, takes: ["TableName"] },
  ListTables: { run: ({ tables }) => ({ TableNames: [...tables.keys()].toSorted() }), takes: ["Limit"] },
  ListStreams: { run: listStreams, takes: ["TableName", "Limit"] },
  DescribeStream: { run: describeStream, takes: ["StreamArn", "Limit", "ExclusiveStartShardId"] },
  GetShardIterator: { run: getShardIterator, takes: ["StreamArn", "ShardId", "ShardIteratorType", "SequenceNumber"] },
  GetRecords: { run: getRecords, takes: ["ShardIterator", "Limit"] },
};
