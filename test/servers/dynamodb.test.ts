/** The contract of stores on tables of a server that others wrote, and what of DynamoDB belay leans on. */

import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { lookAtTable, openDynamoStore } from "../../src/adapters/dynamodb/dynamo-store.ts";
import { openTableStream } from "../../src/adapters/dynamodb/table-stream.ts";
import { connectTables } from "../../src/adapters/shared/aws/connect.ts";
import { answerText } from "../../src/adapters/shared/aws/read-answer.ts";
import type { Wire } from "../../src/adapters/shared/aws/wire.ts";
import { bodyOf, bytesOf } from "../../src/core/body.ts";
import { asStoreName } from "../../src/core/brand.ts";
import type { Observed } from "../../src/core/plan/plan.ts";
import type { Store } from "../../src/ports/store.ts";
import { objectKey, openObjectsInItems, strangersItem } from "../contract/objects-in-items.ts";
import { describeStore, type StoreUnderTest } from "../contract/store-contract.ts";
import { bodyFor, done, live, runtime } from "./support/buckets.ts";
import { server, skipDepartures } from "./support/server.ts";

skipDepartures();

const wire = async (): Promise<Wire> => await connectTables("dynamodb", { env: server.env, now: () => Date.now() });

async function call(operation: string, input: unknown): Promise<unknown> {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": `DynamoDB_20120810.${operation}` };
  return JSON.parse(
    await answerText(await done(await wire(), { method: "POST", path: "/", headers, body: bodyFor(JSON.stringify(input)) })),
  );
}

async function makeTable(key: string, more: Record<string, unknown> = {}): Promise<string> {
  const TableName = `harbor-${randomBytes(6).toString("hex")}`;
  await call("CreateTable", {
    TableName,
    AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
    KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    ...more,
  });
  for (let look = 0; look < 50; look += 1) {
    const { status } = await lookAtTable({ table: TableName, wire, runtime }, live);
    if (status === "ACTIVE") return TableName;
    await runtime.sleep(100, live.signal);
  }
  throw new Error(`${TableName} is not ready`);
}

async function openContract(): Promise<StoreUnderTest> {
  const table = await makeTable("id");
  return {
    store: openObjectsInItems({ table, wire, runtime }),
    forceStranger: async (key, bytes) => {
      if (bytes) await call("PutItem", { TableName: table, Item: strangersItem(key, bytes) });
      else await call("DeleteItem", { TableName: table, Key: { [objectKey[0] ?? ""]: { S: key } } });
    },
    close: async () => {
      await call("DeleteTable", { TableName: table });
    },
  };
}

describeStore(`${server.title}, a table`, openContract, { largeBodies: "an item has at most 400 KB" });

const open = (table: string): Store =>
  openDynamoStore({ name: asStoreName(`dynamodb:${table}`), table, key: ["guest_code"], wire, runtime });

describe(`an item of ${server.title}`, () => {
  it("keeps every type through a replace of one attribute", async () => {
    const table = await makeTable("guest_code");
    const Item = {
      guest_code: { S: "S2FJLN" },
      start_time: { S: "15:30" },
      price: { N: "12.3" },
      digits: { N: "9".repeat(38) },
      crew: { SS: ["mara", "ada"] },
      ports: { NS: ["10", "2"] },
      bin: { B: "AAEC" },
      bins: { BS: ["AQ==", "AA=="] },
      none: { NULL: true },
      open: { BOOL: false },
      legs: { L: [{ M: { at: { S: "pier" } } }, { N: "1" }] },
      empty: { M: {} },
    };
    await call("PutItem", { TableName: table, Item });
    const store = open(table);
    const before = await store.read("S2FJLN", live);
    if (!before) throw new Error("the item is absent");
    const text = Buffer.from(await bytesOf(before.body)).toString("utf8");
    const after = text.replace("15:30", "16:30");
    const bytes = Buffer.from(after);
    const body = bodyOf(bytes, runtime.sha256(bytes));
    const outcome = await store.write(
      { key: "S2FJLN", expect: { kind: "unchanged", revision: before.observed.revision }, body, headers: {} },
      live,
    );
    const now = await store.read("S2FJLN", live);
    expect(outcome).toEqual({ kind: "written", revision: now?.observed.revision });
    expect(now && Buffer.from(await bytesOf(now.body)).toString("utf8")).toBe(after);
  });

  it("is listed with the digest of what is read, over several pages", async () => {
    const table = await makeTable("guest_code");
    for (let at = 0; at < 12; at += 1)
      await call("PutItem", { TableName: table, Item: { guest_code: { S: `G${at}` }, notes: { S: "x".repeat(200_000) } } });
    const store = open(table);
    const listed: Observed[] = [];
    for await (const observed of store.list("", live)) listed.push(observed);
    expect(listed).toHaveLength(12);
    const read = await Promise.all(listed.map(async ({ key }) => await store.read(key, live)));
    expect(read.map((reading) => reading?.observed)).toEqual(listed);
  });

  it("under another key than the table's is refused with the table's own", async () => {
    const table = await makeTable("code");
    await expect(open(table).read("S2FJLN", live)).rejects.toMatchObject({ code: "config-invalid" });
    await expect(open(`${table}-none`).read("S2FJLN", live)).rejects.toMatchObject({ code: "store-missing" });
  });
});

const keyOf = (code: string): Record<string, unknown> => ({ guest_code: { S: code } });
const streamsWire = async (): Promise<Wire> => await connectTables("dynamodbStreams", { env: server.env, now: () => Date.now() });

describe(`the stream of a table of ${server.title}`, () => {
  it("tells each change once, from where an earlier look ended", async () => {
    const table = await makeTable("guest_code", { StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } });
    const put = async (code: string, text: string): Promise<unknown> =>
      await call("PutItem", { TableName: table, Item: { ...keyOf(code), text: { S: text } } });
    const stream = openTableStream({ table, key: ["guest_code"], wire, streams: streamsWire, runtime });
    const look = async (checkpoint?: string): Promise<{ readonly told: readonly string[]; readonly checkpoint: string }> => {
      const changes = await stream.changesSince(checkpoint, live);
      if (changes.kind === "none") throw new Error(changes.why);
      const told = changes.kind === "changes" ? changes.changes.map(({ key, kind }) => `${kind} ${key}`) : [changes.kind];
      return { told, checkpoint: changes.checkpoint };
    };

    await put("before", "x");
    const first = await look();
    expect(first.told).toEqual(["full-look"]);
    await put("a", "x");
    await put("a", "y");
    await call("DeleteItem", { TableName: table, Key: keyOf("before") });
    const second = await look(first.checkpoint);
    expect(second.told).toEqual(["created a", "changed a", "removed before"]);
    expect((await look(second.checkpoint)).told).toEqual([]);
    expect((await look(first.checkpoint)).told).toHaveLength(3);
  });
});
