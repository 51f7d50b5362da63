import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ConnectionReset, faulty, openFaults, operationOf, type FaultRule } from "./faults.ts";
import { openRequestLog } from "./request-log.ts";
import { ask, seeded, verdict } from "./s3/ask.ts";
import { openS3 } from "./s3/open-s3.ts";

const clock = { now: () => Date.UTC(2031, 4, 6, 7, 8, 9) };

function opened(...rules: readonly FaultRule[]) {
  const slept: number[] = [];
  const s3 = openS3({ clock, random: seeded(8) });
  s3.createBucket("harbour");
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
  };
  const faults = openFaults({ clock, random: seeded(9), sleep });
  for (const rule of rules) faults.add(rule);
  return { s3, faults, slept, handle: faulty(s3.handle, faults) };
}

const put = (key: string, headers: Record<string, string> = {}) => ({ line: `PUT /harbour/${key}`, headers, body: "bytes" });

const struck = async (): Promise<number[]> => {
  const { handle } = opened({ chance: 0.3, action: { kind: "status", status: 500 } });
  const statuses: number[] = [];
  for (let at = 0; at < 200; at += 1) statuses.push((await ask(handle, put("a"))).status);
  return statuses;
};

async function* none(): AsyncGenerator<Uint8Array> {}

describe("faults", () => {
  test("a status is answered instead of the operation, as often as was said", async () => {
    const { s3, faults, handle } = opened({ operation: "PutObject", times: 2, action: { kind: "status", status: 503 } });
    expect(verdict(await ask(handle, put("a")))).toBe("503 SlowDown");
    expect(faults.rules()).toMatchObject([{ times: 1 }]);
    expect(verdict(await ask(handle, put("a")))).toBe("503 SlowDown");
    expect(s3.objectCount("harbour")).toBe(0);
    expect(verdict(await ask(handle, put("a")))).toBe("200");
    expect(faults.rules()).toEqual([]);
  });

  test("409 is ConditionalRequestConflict, and CloudFront fails in CloudFront's words", async () => {
    const { handle } = opened(
      { operation: "CreateInvalidation", action: { kind: "status", status: 503, code: "ServiceUnavailable" } },
      { action: { kind: "status", status: 409 } },
    );
    expect(verdict(await ask(handle, put("a")))).toBe("409 ConditionalRequestConflict");
    const answer = await ask(handle, "POST /2020-05-31/distribution/E1/invalidation");
    expect([verdict(answer), answer.text.includes("<ErrorResponse")]).toEqual(["503 ServiceUnavailable", true]);
  });

  test("a rule strikes only operations and keys that it names", async () => {
    const { handle } = opened({ operation: ["GetObject", "HeadObject"], key: "ü", action: { kind: "status", status: 500 } });
    expect((await ask(handle, put("%C3%BC"))).status).toBe(200);
    expect((await ask(handle, put("b"))).status).toBe(200);
    expect((await ask(handle, "GET /harbour/b")).status).toBe(200);
    expect((await ask(handle, "HEAD /harbour/%C3%BC")).status).toBe(500);
  });

  test("a lost reply has happened, a lost request has not", async () => {
    const { s3, handle } = opened(
      { key: "a", action: { kind: "lose-reply" } },
      { key: "b", action: { kind: "lose-request" } },
      { key: "c", action: { kind: "lose-request", isSent: true } },
    );
    await expect(ask(handle, put("a"))).rejects.toEqual(new ConnectionReset(true));
    await expect(ask(handle, put("b"))).rejects.toMatchObject({ name: "ConnectionReset", isSent: false });
    await expect(ask(handle, put("c"))).rejects.toMatchObject({ isSent: true });
    expect(s3.get("harbour", "a")).toBeDefined();
    expect(s3.objectCount("harbour")).toBe(1);
  });

  test("a broken body ends half-way, under its full length", async () => {
    const { s3, handle } = opened({ operation: "GetObject", action: { kind: "break-body" } }, { action: { kind: "drop-listing" } });
    s3.put("harbour", "a", Buffer.from("abcdefgh"));
    const read = async (path: string, query = ""): Promise<{ text: string; length: number }> => {
      const response = await handle({ method: "GET", path, query: new URLSearchParams(query), headers: {}, body: none });
      let text = "";
      if (typeof response.body !== "function") throw new Error("the body is whole");
      const reading = (async () => {
        if (typeof response.body === "function") for await (const chunk of response.body()) text += Buffer.from(chunk).toString();
      })();
      await expect(reading).rejects.toBeInstanceOf(ConnectionReset);
      return { text, length: Number(response.headers["content-length"]) };
    };
    expect(await read("/harbour/a")).toEqual({ text: "abcd", length: 8 });
    const listing = await read("/harbour", "list-type=2");
    expect(listing.text).toMatch(/^<\?xml/u);
    expect(listing.length - listing.text.length).toBeGreaterThan(100);
    expect((await ask(handle, "HEAD /harbour/a")).status).toBe(200);
  });

  test("delays pass through the clock that was given, and the next rule still counts", async () => {
    const { slept, handle } = opened({ action: { kind: "delay", ms: 250 } }, { action: { kind: "status", status: 500 } });
    expect((await ask(handle, put("a"))).status).toBe(500);
    expect(slept).toEqual([250]);
  });

  test("chance strikes some and not all, the same ones for the same seed", async () => {
    const statuses = await struck();
    expect(statuses.filter((status) => status === 500).length).toBeGreaterThan(30);
    expect(statuses.filter((status) => status === 500).length).toBeLessThan(90);
    expect(await struck()).toEqual(statuses);
  });

  test("where preconditions are ignored, the operation happens all the same", async () => {
    const { s3, faults, handle } = opened();
    s3.put("harbour", "a", Buffer.from("old"));
    const body = "<Delete><Object><Key>a</Key><ETag>0123</ETag></Object></Delete>";
    const remove = { line: "POST /harbour?delete", headers: { "content-md5": hash("md5", body, "base64") }, body };
    expect(verdict(await ask(handle, put("a", { "if-none-match": "*" })))).toBe("412 PreconditionFailed");
    expect((await ask(handle, remove)).element("Code")).toBe("PreconditionFailed");
    faults.add({ action: { kind: "ignore-preconditions" } });
    expect(verdict(await ask(handle, put("a", { "if-none-match": "*" })))).toBe("200");
    expect(verdict(await ask(handle, put("a", { "if-match": '"0123"' })))).toBe("200");
    expect((await ask(handle, remove)).elements("Deleted")).toHaveLength(1);
    faults.clear();
    expect(verdict(await ask(handle, put("b", { "if-match": '"0123"' })))).toBe("404 NoSuchKey");
  });
});

const named = (line: string, headers: Record<string, string> = {}): string => {
  const [method = "", target = ""] = line.split(" ");
  const [path = "", query = ""] = target.split("?");
  return operationOf({ method, path, query: new URLSearchParams(query), headers, body: none });
};

test("requests are named as the services name them", () => {
  expect(named("GET /")).toBe("ListBuckets");
  expect(named("GET /harbour/?list-type=2&prefix=a")).toBe("ListObjectsV2");
  expect(named("PUT /harbour/a?x-id=PutObject")).toBe("PutObject");
  expect(named("PUT /harbour/a", { "x-amz-copy-source": "b/c" })).toBe("CopyObject");
  expect(named("PUT /harbour/a?partNumber=1&uploadId=u", { "x-amz-copy-source": "b/c" })).toBe("UploadPartCopy");
  expect(named("PUT /a", { host: "harbour.localhost:1" })).toBe("PutObject");
  expect(named("GET /harbour/a?acl")).toBe("GET ?acl");
  expect(named("GET /2020-05-31/distribution/E1/invalidation/I1")).toBe("GetInvalidation");
});

test("requests are counted by operation, and the bytes of their bodies", async () => {
  const { handle } = opened();
  const log = openRequestLog();
  const counted = log.counted(handle);
  await ask(counted, put("a"));
  await ask(counted, "GET /harbour/a");
  await ask(counted, "GET /harbour/a");
  expect(log.snapshot()).toEqual({
    operations: { GetObject: 2, PutObject: 1 },
    bytesIn: 5,
    bytesOut: 10,
    contentBytes: { harbour: 15 },
  });
  log.reset();
  expect(log.snapshot()).toEqual({ operations: {}, bytesIn: 0, bytesOut: 0, contentBytes: {} });
});

test("a copy inside the service and an answer that finds nothing carry no content", async () => {
  const { handle } = opened();
  await ask(handle, put("a"));
  const log = openRequestLog();
  const counted = log.counted(handle);
  await ask(counted, { line: "PUT /harbour/b", headers: { "x-amz-copy-source": "harbour/a" } });
  await ask(counted, "GET /harbour/never");
  expect(log.snapshot()).toMatchObject({ operations: { CopyObject: 1, GetObject: 1 }, contentBytes: {} });
});
