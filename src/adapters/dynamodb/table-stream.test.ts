import { afterEach, describe, expect, it } from "vitest";
import { serveTable, tableName, type ServedTable } from "../../../test/contract/served-table.ts";
import type { CallOptions } from "../../ports/store.ts";
import { openTableStream, type Changes, type TableStream } from "./table-stream.ts";

const live: CallOptions = { signal: new AbortController().signal };
const hourMs = 3_600_000;
let served: ServedTable;
let nowMs = Date.now();
afterEach(async () => await served.close());

async function opened(stream?: "KEYS_ONLY"): Promise<TableStream> {
  nowMs = Date.now();
  served = await serveTable(stream ? { stream } : {});
  return openTableStream({
    table: tableName,
    key: ["guest_code"],
    wire: async () => await served.wire(),
    streams: async () => await served.streams(),
    runtime: { ...served.runtime, now: () => nowMs },
  });
}

const put = (code: string, text = "x"): void => served.sandbox.dynamodb.put(tableName, { guest_code: { S: code }, text: { S: text } });
const remove = (code: string): void => served.sandbox.dynamodb.remove(tableName, { guest_code: { S: code } });
const age = (how: "split-1" | "split-2" | "trim"): void => served.sandbox.dynamodb.ageStream(tableName, how);

function checkpointOf(changes: Changes): string {
  if (changes.kind === "none") throw new Error(changes.why);
  return changes.checkpoint;
}
const told = (changes: Changes): readonly string[] =>
  changes.kind === "changes" ? changes.changes.map(({ key, kind }) => `${kind} ${key}`) : [changes.kind];

describe("a table's stream", () => {
  it("at first asks for a full look, and from there tells each change once", async () => {
    const stream = await opened("KEYS_ONLY");
    put("before");
    const first = await stream.changesSince(undefined, live);
    expect(told(first)).toEqual(["full-look"]);
    put("a/1");
    put("a/1", "y");
    remove("before");
    const second = await stream.changesSince(checkpointOf(first), live);
    expect(told(second)).toEqual(["created a%2F1", "changed a%2F1", "removed before"]);
    expect(told(await stream.changesSince(checkpointOf(second), live))).toEqual([]);
    // Nothing is remembered here: the same checkpoint tells the same.
    expect(told(await stream.changesSince(checkpointOf(first), live))).toHaveLength(3);
  });

  it("goes on across shards that were split, also more than once between two looks", async () => {
    const stream = await opened("KEYS_ONLY");
    const first = await stream.changesSince(undefined, live);
    put("a");
    age("split-2");
    put("b");
    put("c");
    age("split-1");
    put("d");
    const second = await stream.changesSince(checkpointOf(first), live);
    expect(told(second).toSorted()).toEqual(["created a", "created b", "created c", "created d"]);
    put("e");
    expect(told(await stream.changesSince(checkpointOf(second), live))).toEqual(["created e"]);
  });

  it("that lost records before they were read asks for a full look", async () => {
    const stream = await opened("KEYS_ONLY");
    put("a");
    const first = await stream.changesSince(undefined, live);
    put("b");
    age("trim");
    const second = await stream.changesSince(checkpointOf(first), live);
    expect(told(second)).toEqual(["full-look"]);
    put("c");
    expect(told(await stream.changesSince(checkpointOf(second), live))).toEqual(["created c"]);
    age("split-1");
    age("trim");
    put("d");
    expect(told(await stream.changesSince(checkpointOf(second), live))).toEqual(["full-look"]);
  });

  it("asks for a full look after nearly a day, and for a checkpoint that is none or another stream's", async () => {
    const stream = await opened("KEYS_ONLY");
    const checkpoint = checkpointOf(await stream.changesSince(undefined, live));
    expect(told(await stream.changesSince(checkpoint.replace("stream/", "stream/x"), live))).toEqual(["full-look"]);
    expect(told(await stream.changesSince("no checkpoint", live))).toEqual(["full-look"]);
    nowMs += 22 * hourMs;
    expect(told(await stream.changesSince(checkpoint, live))).toEqual([]);
    nowMs += 2 * hourMs;
    expect(told(await stream.changesSince(checkpoint, live))).toEqual(["full-look"]);
  });

  it("is read whole although replies break off, throttle and iterators expire", async () => {
    const stream = await opened("KEYS_ONLY");
    const first = await stream.changesSince(undefined, live);
    for (let at = 0; at < 2_300; at += 1) put(`G${at}`);
    const { faults } = served.sandbox;
    faults.add({ times: 1, operation: "GetRecords", action: { kind: "drop-listing" } });
    faults.add({ times: 1, operation: "GetRecords", action: { kind: "status", status: 400, code: "LimitExceededException" } });
    faults.add({ times: 1, operation: "GetRecords", action: { kind: "status", status: 400, code: "ExpiredIteratorException" } });
    expect(new Set(told(await stream.changesSince(checkpointOf(first), live))).size).toBe(2_300);
  });

  it("is said to be missing where the table has none", async () => {
    const stream = await opened();
    expect(await stream.changesSince(undefined, live)).toMatchObject({ kind: "none" });
  });
});
