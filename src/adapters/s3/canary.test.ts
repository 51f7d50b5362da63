import { describe, expect, it } from "vitest";
import { bucketName, openTestBucket, type TestBucket } from "../../../test/contract/s3-bucket.ts";
import { bodyOf, type Body } from "../../core/body.ts";
import { asRevision } from "../../core/brand.ts";
import type { CallOptions, Store, WriteOutcome } from "../../ports/store.ts";
import { sha256 } from "../shared/sha256.ts";
import type { Wire, WireRequest } from "../shared/aws/wire.ts";
import type { CanaryCache } from "./s3-store.ts";

const live: CallOptions = { signal: new AbortController().signal };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const bodyOfText = (text: string): Body => bodyOf(bytes(text), sha256(bytes(text)));
const write = async (store: Store, key: string, was?: { revision: string }): Promise<WriteOutcome> =>
  await store.write(
    {
      key,
      expect: was ? { kind: "unchanged", revision: asRevision(was.revision) } : { kind: "absent" },
      body: bodyOfText(`content of ${key}`),
      headers: {},
    },
    live,
  );
const removeAt = async (store: Store, key: string): Promise<WriteOutcome> =>
  await store.remove({ key, expect: { kind: "unchanged", revision: asRevision("0123@5") } }, live);

const replace = async (store: Store): Promise<WriteOutcome> => await write(store, "a", { revision: "0123@5" });
const create = async (store: Store): Promise<WriteOutcome> => await write(store, "a");
const removal = async (store: Store): Promise<WriteOutcome> => await removeAt(store, "a");

/** A cache that lives as long as the test, as a file lives longer than a process. */
function rememberingCache(): CanaryCache & { value: unknown } {
  const cache = {
    value: undefined as unknown,
    load: async () => await Promise.resolve(cache.value),
    save: async (value: unknown) => {
      cache.value = JSON.parse(JSON.stringify(value));
      await Promise.resolve();
    },
  };
  return cache;
}

/** A server that takes If-Match on PUT only without quotes, as Ceph does. */
function wantingBareEtags(wire: Wire): Wire {
  return {
    ...wire,
    send: async (request: WireRequest, options) => {
      const condition = request.headers?.["if-match"];
      const isQuoted = condition !== undefined && request.method !== "GET" && condition.startsWith('"');
      return await wire.send(isQuoted ? { ...request, headers: { ...request.headers, "if-match": '"nothing"' } } : request, options);
    },
  };
}

const leftOver = (bucket: TestBucket): number => bucket.s3.objectCount(bucketName);

describe("the canary", () => {
  it.each([false, true])("finds the sandbox atomic and leaves nothing behind (versions kept: %s)", async (versioning) => {
    const bucket = openTestBucket({ versioning });
    const store = bucket.open({ prefix: "sites/harbor" });
    expect(await store.guarantees(live)).toEqual({ create: "atomic", replace: "atomic", delete: "atomic" });
    expect(leftOver(bucket)).toBe(0);
    const answer = await bucket.wire.send({ method: "GET", path: "/", query: { versions: "" } }, live);
    const parts: Uint8Array[] = [];
    for await (const part of answer.body) parts.push(part);
    expect(Buffer.concat(parts).toString()).not.toContain("<Key>");
  });

  it("says `checked` of a server that keeps every condition, but that no contract has proven", async () => {
    const bucket = openTestBucket();
    const inner = bucket.wire;
    bucket.wire = {
      ...inner,
      send: async (request, options) => {
        const answer = await inner.send(request, options);
        return { ...answer, headers: { ...answer.headers, server: "harbour-objects/2.0" } };
      },
    };
    expect(await bucket.open().guarantees(live)).toEqual({ create: "checked", replace: "checked", delete: "checked" });
    bucket.wire = { ...inner, isAws: true };
    expect(await bucket.open().guarantees(live)).toEqual({ create: "atomic", replace: "atomic", delete: "atomic" });
  });

  it("runs once, lazily, before the first write, also when many writes begin at once", async () => {
    const bucket = openTestBucket();
    const store = bucket.open();
    await store.read("a", live);
    for await (const _ of store.list("", live));
    expect(bucket.operations).toEqual(["GetObject", "ListObjectsV2"]);
    await Promise.all(["a", "b", "c", "d"].map(async (key) => await write(store, key)));
    // Four of its own (created, again, wrong, right) and one of each write.
    expect(bucket.operations.filter((operation) => operation === "PutObject")).toHaveLength(4 + 4);
  });

  it("is not run again by the next process, unless the bucket keeps versions by now", async () => {
    const bucket = openTestBucket();
    const canary = rememberingCache();
    await write(bucket.open({ canary }), "a");
    bucket.operations.length = 0;
    const next = bucket.open({ canary });
    await write(next, "b");
    expect(bucket.operations).toEqual(["PutObject"]);
    await bucket.wire.send(versioningRequest("Enabled"), live);
    // The answer to this one tells.
    await write(next, "c");
    bucket.operations.length = 0;
    await write(next, "d");
    expect(bucket.operations.filter((operation) => operation === "PutObject")).toHaveLength(4 + 1);
    bucket.operations.length = 0;
    await write(bucket.open({ canary }), "e");
    expect(bucket.operations).toEqual(["PutObject"]);
  });

  it("a finding of another bucket, another server or another age is not believed", async () => {
    const bucket = openTestBucket();
    const canary = rememberingCache();
    await write(bucket.open({ canary }), "a");
    for (const change of [{ bucket: "other" }, { endpoint: "http://elsewhere" }, { adapter: 0 }, { finding: {} }]) {
      bucket.operations.length = 0;
      await bucket
        .open({ canary: { ...canary, load: async () => await Promise.resolve({ ...Object(canary.value), ...change }) } })
        .guarantees(live);
      expect(bucket.operations).toContain("PutObject");
    }
  });
});

describe("a server that lets conditions pass", () => {
  it.each([
    ["PutObject", ["none", "none", "checked"], [create, replace]],
    ["DeleteObject", ["checked", "checked", "none"], [removal]],
  ] as const)("on %s is refused exactly what it would do blindly", async (operation, levels, refused) => {
    const bucket = openTestBucket();
    bucket.faults.add({ operation, action: { kind: "ignore-preconditions" } });
    const store = bucket.open();
    expect(Object.values(await store.guarantees(live))).toEqual(levels);
    bucket.operations.length = 0;
    for (const attempt of refused) {
      await expect(attempt(store)).rejects.toMatchObject({
        code: "store-unguarded",
        message: expect.stringContaining("belay-sandbox"),
        remedy: expect.stringContaining("If-Match"),
      });
    }
    expect(bucket.operations).toEqual([]);
    expect(leftOver(bucket)).toBe(0);
  });

  it("on creation alone is refused creations alone", async () => {
    const bucket = openTestBucket({ versioning: true });
    const inner = bucket.wire;
    bucket.wire = {
      ...inner,
      send: async (request, options) => {
        const { "if-none-match": _, ...headers } = request.headers ?? {};
        return await inner.send({ ...request, headers }, options);
      },
    };
    const store = bucket.open();
    expect(await store.guarantees(live)).toEqual({ create: "none", replace: "checked", delete: "checked" });
    await expect(write(store, "a")).rejects.toMatchObject({
      message: expect.stringMatching(/If-None-Match on PutObject.*keeps versions/u),
      remedy: expect.stringContaining("Suspend the bucket's versioning"),
    });
    expect(bucket.s3.objectCount(bucketName)).toBe(0);
  });

  it("is asked again by every process, so that who mends it is not refused for ever", async () => {
    const bucket = openTestBucket();
    const canary = rememberingCache();
    bucket.faults.add({ operation: "PutObject", action: { kind: "ignore-preconditions" } });
    await expect(write(bucket.open({ canary }), "a")).rejects.toMatchObject({ code: "store-unguarded" });
    bucket.faults.clear();
    expect((await write(bucket.open({ canary }), "a")).kind).toBe("written");
  });

  it("a server that wants ETags without quotes gets them so, and is guarded", async () => {
    const bucket = openTestBucket();
    bucket.wire = wantingBareEtags(bucket.wire);
    const store = bucket.open();
    const first = await write(store, "a");
    if (first.kind !== "written") throw new Error("not written");
    bucket.s3.put(bucketName, "a", bytes("unseen"));
    expect(await write(store, "a", { revision: first.revision })).toMatchObject({ kind: "conflict" });
    const seen = await store.read("a", live);
    const revision = seen?.observed.revision ?? "";
    expect((await write(store, "a", { revision })).kind).toBe("written");
    const now = (await store.read("a", live))?.observed.revision ?? asRevision("");
    expect((await store.remove({ key: "a", expect: { kind: "unchanged", revision: now } }, live)).kind).toBe("removed");
  });
});

describe("a canary that cannot fly", () => {
  it("names the permission that is missing for a write", async () => {
    const bucket = openTestBucket();
    bucket.faults.add({ operation: "PutObject", action: { kind: "status", status: 403 } });
    const denied = { code: "store-denied", remedy: expect.stringContaining("s3:PutObject") };
    await expect(write(bucket.open(), "a")).rejects.toMatchObject(denied);
  });

  it("lets those write who may not delete, and asks again when a delete is wanted: still denied, or proven by then", async () => {
    const bucket = openTestBucket();
    bucket.faults.add({ operation: "DeleteObject", action: { kind: "status", status: 403 } });
    const first = await write(bucket.open(), "a");
    if (first.kind !== "written") throw new Error("not written");
    const remove = { key: "a", expect: { kind: "unchanged", revision: first.revision } } as const;
    const store = bucket.open();
    await expect(store.remove(remove, live)).rejects.toMatchObject({
      code: "store-denied",
      remedy: expect.stringContaining("s3:DeleteObject"),
    });
    bucket.faults.clear();
    expect(await store.remove(remove, live)).toEqual({ kind: "removed" });
    expect(await store.guarantees(live)).toEqual({ create: "atomic", replace: "atomic", delete: "atomic" });
  });

  it("does not take a delete for safe that it could not try", async () => {
    const bucket = openTestBucket();
    bucket.faults.add({ operation: "DeleteObject", times: 2, action: { kind: "status", status: 403 } });
    const store = bucket.open();
    const first = await write(store, "a");
    if (first.kind !== "written") throw new Error("not written");
    bucket.faults.clear();
    bucket.faults.add({ operation: "DeleteObject", action: { kind: "ignore-preconditions" } });
    const remove = { key: "a", expect: { kind: "unchanged", revision: first.revision } } as const;
    await expect(store.remove(remove, live)).rejects.toMatchObject({ code: "store-unguarded" });
    expect(await store.read("a", live)).toBeDefined();
  });

  it("is sent again after a lost reply, and proves nothing by it", async () => {
    const bucket = openTestBucket();
    bucket.faults.add({ operation: "PutObject", times: 2, action: { kind: "lose-reply" } });
    expect(await bucket.open().guarantees(live)).toEqual({ create: "atomic", replace: "atomic", delete: "atomic" });
    expect(leftOver(bucket)).toBe(0);
  });

  it("does not fail others because the first who asked was stopped", async () => {
    const bucket = openTestBucket();
    const store = bucket.open();
    const stop = new AbortController();
    bucket.before = (operation) => {
      if (operation === "PutObject" && !stop.signal.aborted) stop.abort(new Error("stopped by a person"));
    };
    const stopped = store.guarantees({ signal: stop.signal });
    const other = store.guarantees(live);
    await expect(stopped).rejects.toThrowError("stopped by a person");
    expect(await other).toMatchObject({ create: "atomic" });
  });
});

const versioningRequest = (status: string): WireRequest => {
  const body = bytes(`<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`);
  return {
    method: "PUT",
    path: "/",
    query: { versioning: "" },
    body: {
      sizeBytes: body.byteLength,
      sha256: sha256(body),
      async *open() {
        yield body;
      },
    },
  };
};
