import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDynamo, type DynamoService } from "./open-dynamodb.ts";

const clock = { now: (): number => Date.UTC(2026, 4, 20) };

async function ask(
  service: DynamoService,
  operation: string,
  input: unknown,
): Promise<{ readonly status: number; readonly said: unknown }> {
  const { status, body } = await service.handle({
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: { "x-amz-target": `DynamoDB_20120810.${operation}` },
    body: async function* body() {
      yield Buffer.from(JSON.stringify(input));
    },
  });
  return { status, said: JSON.parse(body instanceof Uint8Array ? Buffer.from(body).toString("utf8") : "null") };
}

function opened(folder?: string): DynamoService {
  const service = openDynamo({ clock, random: () => 0.5, ...(folder !== undefined && { folder }) });
  if (service.tables().length === 0) service.createTable({ name: "crew", key: ["id"] });
  return service;
}
const Key = { id: { S: "a" } };
const rows = { TableName: "crew", Key };

describe("a table", () => {
  it.each([
    ["n = :x AND NOT contains(tags, :t)", { ":x": { N: "2.0" }, ":t": { S: "gone" } }],
    ["size(tags) = :x OR (n > :x)", { ":x": { N: "2" } }],
    ["trip.legs[1].at = :x", { ":x": { S: "pier" } }],
    ["n BETWEEN :x AND :y AND begins_with(trip.name, :t)", { ":x": { N: "1" }, ":y": { N: "10" }, ":t": { S: "Sun" } }],
    ["n IN (:x, :y) AND attribute_type(trip, :t)", { ":x": { N: "1" }, ":y": { N: "2" }, ":t": { S: "M" } }],
    ["tags = :t AND attribute_not_exists(nothing) AND attribute_exists(#i)", { ":t": { SS: ["b", "a"] } }],
  ])("holds an item to %s", async (condition, values) => {
    const service = opened();
    service.put("crew", {
      ...Key,
      n: { N: "2" },
      tags: { SS: ["a", "b"] },
      trip: { M: { name: { S: "Sunset" }, legs: { L: [{ S: "x" }, { M: { at: { S: "pier" } } }] } } },
    });
    const names = condition.includes("#i") ? { ExpressionAttributeNames: { "#i": "id" } } : {};
    const asked = { ...rows, ExpressionAttributeValues: values, ...names };
    const denied = await ask(service, "DeleteItem", { ...asked, ConditionExpression: `NOT (${condition})` });
    expect(denied).toMatchObject({ status: 400, said: { __type: expect.stringMatching(/#ConditionalCheckFailedException$/u) } });
    expect(await ask(service, "DeleteItem", { ...asked, ConditionExpression: condition })).toMatchObject({ status: 200 });
    expect(service.tables()).toEqual([{ name: "crew", items: 0 }]);
  });

  it("changes an item as an update expression says, by what it was before", async () => {
    const service = opened();
    service.put("crew", { ...Key, n: { N: "1.5" }, tags: { SS: ["a", "b"] }, trip: { M: { at: { S: "15:30" } } }, old: { S: "x" } });
    const UpdateExpression = "SET trip.#at = :t, n = n + :one, m = if_not_exists(m, n) REMOVE old DELETE tags :gone ADD hits :one";
    const answer = await ask(service, "UpdateItem", {
      ...rows,
      UpdateExpression,
      ExpressionAttributeNames: { "#at": "at" },
      ExpressionAttributeValues: { ":t": { S: "16:30" }, ":one": { N: "1" }, ":gone": { SS: ["a"] } },
      ReturnValues: "ALL_NEW",
    });
    const after = { ...Key, n: { N: "2.5" }, tags: { SS: ["b"] }, trip: { M: { at: { S: "16:30" } } }, m: { N: "1.5" }, hits: { N: "1" } };
    expect(answer).toEqual({ status: 200, said: { Attributes: after } });
  });

  it.each([
    ["an unused placeholder", { ...rows, ExpressionAttributeNames: { "#a": "a" } }],
    ["a path that leads nowhere", { ...rows, UpdateExpression: "SET a.b = :v", ExpressionAttributeValues: { ":v": { S: "x" } } }],
    ["a change of the key", { ...rows, UpdateExpression: "SET id = :v", ExpressionAttributeValues: { ":v": { S: "x" } } }],
    ["two changes of one place", { ...rows, UpdateExpression: "SET a = :v REMOVE a", ExpressionAttributeValues: { ":v": { S: "x" } } }],
    ["another key", { TableName: "crew", Key: { code: { S: "x" } } }],
    ["a parameter that it does not know", { ...rows, Expected: {} }],
    [
      "more than 300 operators",
      {
        ...rows,
        ConditionExpression: Array.from({ length: 160 }, () => "a=:v").join(" AND "),
        ExpressionAttributeValues: { ":v": { S: "x" } },
      },
    ],
  ])("refuses %s", async (_, input) => {
    const service = opened();
    expect(await ask(service, "UpdateItem", input)).toMatchObject({
      status: 400,
      said: { __type: expect.stringMatching(/#ValidationException$/u) },
    });
    expect(service.tables()).toEqual([{ name: "crew", items: 0 }]);
  });

  it("is there again when its folder is opened again", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tables-"));
    const first = opened(folder);
    first.put("crew", { ...Key, n: { N: "1" } });
    first.put("crew", { id: { S: "b" } });
    first.remove("crew", { id: { S: "b" } });
    first.close();
    const second = opened(folder);
    expect([second.tables(), second.get("crew", Key)]).toEqual([[{ name: "crew", items: 1 }], { ...Key, n: { N: "1" } }]);
    second.close();
    rmSync(folder, { recursive: true });
  });
});
