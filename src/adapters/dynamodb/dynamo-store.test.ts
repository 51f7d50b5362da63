import { afterEach, describe, expect, it } from "vitest";
import { tableName, serveTable, type ServedTable } from "../../../test/contract/served-table.ts";
import { bodyOf, bytesOf } from "../../core/body.ts";
import type { Revision } from "../../core/brand.ts";
import type { CallOptions, Store, WriteOutcome } from "../../ports/store.ts";
import { sha256 } from "../shared/sha256.ts";
import { lookAtTable } from "./dynamo-store.ts";

const live: CallOptions = { signal: new AbortController().signal };
let served: ServedTable;
afterEach(async () => await served.close());

const record = '{"date":{"S":"2026-05-30"},"guest_code":{"S":"S2FJLN"},"price":{"N":"430"},"start_time":{"S":"15:30"}}';
const key = "S2FJLN";

async function textAt(store: Store, at = key): Promise<string> {
  const reading = await store.read(at, live);
  return reading ? Buffer.from(await bytesOf(reading.body)).toString("utf8") : "nothing";
}
async function revisionAt(store: Store, at = key): Promise<Revision> {
  const reading = await store.read(at, live);
  if (!reading) throw new Error(`${at} is absent`);
  return reading.observed.revision;
}
const bodyFor = (text: string) => bodyOf(Buffer.from(text), sha256(Buffer.from(text)));
const put = (text: string): void => served.sandbox.dynamodb.put(tableName, Object.fromEntries(Object.entries(Object(JSON.parse(text)))));
const create = async (store: Store, text: string, at = key): Promise<WriteOutcome> =>
  await store.write({ key: at, expect: { kind: "absent" }, body: bodyFor(text), headers: {} }, live);
const replace = async (store: Store, revision: Revision, text: string, confirm?: () => Promise<boolean>): Promise<WriteOutcome> =>
  await store.write({ key, expect: { kind: "unchanged", revision }, body: bodyFor(text), headers: {}, ...(confirm && { confirm }) }, live);
/** What a stranger does after the last look and before the write. */
const meanwhile = (act: () => void) => async (): Promise<boolean> => {
  act();
  return await Promise.resolve(true);
};
const operations = (): Readonly<Record<string, number>> => served.sandbox.log.snapshot().operations;

describe("a replace", () => {
  it("touches only what changes, and is bound to every attribute as it was seen", async () => {
    served = await serveTable();
    put(record);
    const store = served.open();
    const seen = await revisionAt(store);
    const foreign = record.replace('"430"', '"450"');
    const outcome = await replace(
      store,
      seen,
      record.replace("15:30", "16:30"),
      meanwhile(() => put(foreign)),
    );
    expect(outcome).toMatchObject({ kind: "conflict", found: { digest: sha256(Buffer.from(foreign)) } });
    // It never landed, so nothing had to be taken back.
    expect(operations()).toMatchObject({ UpdateItem: 1 });
    expect(await textAt(store)).toBe(foreign);
  });

  it("leaves an attribute that came up meanwhile, takes its own change back and reports a conflict", async () => {
    served = await serveTable();
    put(record);
    const store = served.open();
    const foreign = record.replace("}}", '},"tip":{"N":"5"}}');
    const changed = record.replace("15:30", "16:30").replace("}}", '},"zone":{"S":"UTC"}}');
    const outcome = await replace(
      store,
      await revisionAt(store),
      changed,
      meanwhile(() => put(foreign)),
    );
    expect(outcome).toMatchObject({ kind: "conflict", found: { digest: sha256(Buffer.from(foreign)) } });
    expect(await textAt(store)).toBe(foreign);
  });

  it("of two that only add, each something else, one wins", async () => {
    served = await serveTable();
    put(record);
    const stores = [served.open(), served.open()];
    const seen = await revisionAt(served.open());
    const outcomes = await Promise.all(
      stores.map(async (store, at) => await replace(store, seen, record.replace("}}", `},"x${at}":{"S":"x"}}`))),
    );
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["conflict", "written"]);
  });

  it("takes attributes away, and what it writes is what is read", async () => {
    served = await serveTable();
    put(record);
    const store = served.open();
    const shorter = '{"guest_code":{"S":"S2FJLN"},"start_time":{"S":"16:30"}}';
    const outcome = await replace(store, await revisionAt(store), shorter);
    expect(outcome).toEqual({ kind: "written", revision: await revisionAt(store) });
    expect(await textAt(store)).toBe(shorter);
  });

  it("that changes nothing sends nothing", async () => {
    served = await serveTable();
    put(record);
    const store = served.open();
    const seen = await revisionAt(store);
    expect(await replace(store, seen, record)).toEqual({ kind: "written", revision: seen });
    expect(operations()["UpdateItem"]).toBeUndefined();
  });

  it("of an item with too many attributes names the way on, which works", async () => {
    served = await serveTable();
    const many = Array.from({ length: 160 }, (_, at) => `"a${at}":{"S":"x"}`)
      .toSorted()
      .join(",");
    put(`{${many},"guest_code":{"S":"S2FJLN"},"version":{"N":"7"}}`);
    const plain = served.open();
    await expect(replace(plain, await revisionAt(plain), `{"guest_code":{"S":"S2FJLN"}}`)).rejects.toMatchObject({ code: "not-supported" });
    const counted = served.open({ version: "version" });
    const content = `{${many},"guest_code":{"S":"S2FJLN"}}`;
    expect(await textAt(counted)).toBe(content);
    const after = content.replace('"a0":{"S":"x"}', '"a0":{"S":"y"}');
    const outcome = await replace(counted, await revisionAt(counted), after);
    expect(outcome).toEqual({ kind: "written", revision: await revisionAt(counted) });
    expect(served.sandbox.dynamodb.get(tableName, { guest_code: { S: key } })).toMatchObject({ a0: { S: "y" }, version: { N: "8" } });
  });

  it("misses where the version has gone on, whatever else was changed", async () => {
    served = await serveTable();
    const versioned = record.replace("}}", '},"version":{"N":"1"}}');
    put(versioned);
    const store = served.open({ version: "version" });
    const bump = (): void => put(versioned.replace('"N":"1"', '"N":"2"'));
    expect(await replace(store, await revisionAt(store), record.replace("15:30", "16:30"), meanwhile(bump))).toMatchObject({
      kind: "conflict",
    });
  });
});

describe("a delete", () => {
  it("of an item that gained an attribute meanwhile puts it back whole and reports a conflict", async () => {
    served = await serveTable();
    put(record);
    const store = served.open();
    const foreign = record.replace("}}", '},"tip":{"N":"5"}}');
    const expectation = { kind: "unchanged", revision: await revisionAt(store) } as const;
    const outcome = await store.remove({ key, expect: expectation, confirm: meanwhile(() => put(foreign)) }, live);
    expect(outcome).toMatchObject({ kind: "conflict", found: { digest: sha256(Buffer.from(foreign)) } });
    expect(await textAt(store)).toBe(foreign);
  });
});

describe("numbers", () => {
  it("of 38 digits, and those that JSON would round, come and go untouched", async () => {
    served = await serveTable();
    const exact = `{"big":{"N":"${"9".repeat(38)}"},"guest_code":{"S":"S2FJLN"},"small":{"N":"0.1000000000000000055511151231257827021"},"start_time":{"S":"15:30"}}`;
    put(exact);
    const store = served.open();
    await replace(store, await revisionAt(store), exact.replace("15:30", "16:30"));
    expect(await textAt(store)).toBe(exact.replace("15:30", "16:30"));
  });

  it("that DynamoDB spells otherwise are reported with the revision that it keeps", async () => {
    served = await serveTable();
    const store = served.open();
    const outcome = await create(store, '{"guest_code":{"S":"S2FJLN"},"price":{"N":"12.30"},"tip":{"N":"1E+2"}}');
    expect(await textAt(store)).toBe('{"guest_code":{"S":"S2FJLN"},"price":{"N":"12.3"},"tip":{"N":"100"}}');
    expect(outcome).toEqual({ kind: "written", revision: await revisionAt(store) });
  });
});

describe("a service in trouble", () => {
  it("that throttles is asked again, reads and writes alike", async () => {
    served = await serveTable();
    put(record);
    const store = served.open();
    served.sandbox.faults.add({ times: 2, operation: "GetItem", action: { kind: "status", status: 400 } });
    served.sandbox.faults.add({ times: 2, operation: "UpdateItem", action: { kind: "status", status: 400, code: "ThrottlingException" } });
    expect(await replace(store, await revisionAt(store), record.replace("15:30", "16:30"))).toMatchObject({ kind: "written" });
    expect(operations()).toMatchObject({ UpdateItem: 3 });
  });

  it("that answers 500, or whose reply is lost, leaves the outcome of a write unknown, sent once", async () => {
    served = await serveTable();
    const store = served.open();
    served.sandbox.faults.add({ times: 1, operation: "PutItem", action: { kind: "status", status: 500 } });
    expect(await create(store, record)).toMatchObject({ kind: "unknown" });
    expect(await textAt(store)).toBe("nothing");
    served.sandbox.faults.add({ times: 1, operation: "PutItem", action: { kind: "lose-reply" } });
    expect(await create(store, record)).toMatchObject({ kind: "unknown" });
    expect(operations()).toMatchObject({ PutItem: 2 });
    // The next look settles it: what stands is what was sent.
    expect(await create(store, record)).toMatchObject({ kind: "conflict", found: { digest: bodyFor(record).digest } });
  });

  it("that breaks a scan off is asked again, and one that goes on so makes the listing throw, never end early", async () => {
    served = await serveTable();
    for (let at = 0; at < 2_500; at += 1) served.sandbox.dynamodb.put(tableName, { guest_code: { S: `G${at}` }, n: { N: String(at) } });
    const store = served.open();
    const count = async (): Promise<number> => {
      let listed = 0;
      for await (const _ of store.list("", live)) listed += 1;
      return listed;
    };
    served.sandbox.faults.add({ times: 2, operation: "Scan", action: { kind: "drop-listing" } });
    expect(await count()).toBe(2_500);
    served.sandbox.faults.add({ operation: "Scan", action: { kind: "drop-listing" } });
    await expect(count()).rejects.toMatchObject({ code: "store-unreachable" });
  });
});

describe("a listing", () => {
  it("is in the order of keys, proves each digest, and takes a prefix as text", async () => {
    served = await serveTable({ key: ["guest", "trip:N"] });
    const { dynamodb } = served.sandbox;
    for (const [guest, trip] of [
      ["mara/b", "1"],
      ["é", "2"],
      ["ada", "10"],
      ["ada", "2"],
      ["a b", "-1.5"],
    ])
      dynamodb.put(tableName, { guest: { S: guest }, trip: { N: trip } });
    const store = served.open({ key: ["guest", "trip:N"] });
    const listed: string[] = [];
    for await (const { key: each, digest } of store.list("", live)) {
      listed.push(each);
      expect((await store.read(each, live))?.observed.digest).toBe(digest);
    }
    expect(listed).toEqual(["a b/-1.5", "ada/10", "ada/2", "mara%2Fb/1", "é/2"]);
    const below: string[] = [];
    for await (const { key: each } of store.list("ada/", { ...live, limit: 1 })) below.push(each);
    expect(below).toEqual(["ada/10"]);
  });
});

describe("what cannot be", () => {
  it.each([
    ["no item", '{"guest_code":"S2FJLN"}'],
    ["an item with spaces", '{ "guest_code": {"S":"S2FJLN"} }'],
    ["another item", '{"guest_code":{"S":"OTHER"}}'],
  ])("%s is not written", async (_, text) => {
    served = await serveTable();
    await expect(create(served.open(), text)).rejects.toMatchObject({ code: "input-invalid" });
    expect(served.sandbox.dynamodb.tables()).toEqual([{ name: tableName, items: 0 }]);
  });

  it("an item larger than 400 KB is refused in words", async () => {
    served = await serveTable();
    const large = `{"guest_code":{"S":"S2FJLN"},"notes":{"S":"${"x".repeat(410 * 1024)}"}}`;
    await expect(create(served.open(), large)).rejects.toMatchObject({ code: "input-invalid", message: expect.stringContaining("400 KB") });
  });

  it("a table that is not there, and a key that is not the table's, are told apart", async () => {
    served = await serveTable();
    put(record);
    await expect(served.open({ table: "nowhere" }).read(key, live)).rejects.toMatchObject({ code: "store-missing" });
    const wrong = served.open({ key: ["code"] });
    const problem = { code: "config-invalid", message: expect.stringContaining("[guest_code]") };
    await expect(wrong.read(key, live)).rejects.toMatchObject(problem);
    await expect(wrong.guarantees(live)).rejects.toMatchObject(problem);
    await expect(wrong.list("", live)[Symbol.asyncIterator]().next()).rejects.toMatchObject(problem);
    expect(await served.open().guarantees(live)).toEqual({ create: "atomic", replace: "atomic", delete: "atomic" });
  });

  it("a table tells its key and its stream", async () => {
    served = await serveTable({ key: ["guest", "trip:N"], stream: "KEYS_ONLY" });
    const look = await lookAtTable({ table: tableName, wire: async () => await served.wire(), runtime: served.runtime }, live);
    expect(look).toMatchObject({
      key: [
        { name: "guest", type: "S" },
        { name: "trip", type: "N" },
      ],
      status: "ACTIVE",
    });
    expect(look.streamArn).toMatch(/stream/u);
  });
});
