import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { bucketName, openTestBucket, type TestBucket } from "../../../test/contract/s3-bucket.ts";
import type { Body } from "../../core/body.ts";
import { asRevision } from "../../core/brand.ts";
import type { CallOptions, Store, WriteOutcome } from "../../ports/store.ts";
import { sha256 } from "../shared/sha256.ts";
import { WireFailure } from "../shared/aws/wire.ts";
import { wireBodyOf } from "./put-object.ts";

const live: CallOptions = { signal: new AbortController().signal };
const partBytes = 5 * 1024 * 1024;
const content: Uint8Array = Buffer.alloc(3 * partBytes + 17, "harbour at night ");

const bodyOfBytes = (bytes: Uint8Array, more: Partial<Body> = {}): Body => ({
  digest: sha256(bytes),
  sizeBytes: bytes.byteLength,
  async *open() {
    for (let at = 0; at < bytes.byteLength; at += 1_000_003) yield await Promise.resolve(bytes.subarray(at, at + 1_000_003));
  },
  ...more,
});
const write = async (store: Store, body: Body, was?: string, options = live): Promise<WriteOutcome> =>
  await store.write(
    {
      key: "film.mp4",
      expect: was === undefined ? { kind: "absent" } : { kind: "unchanged", revision: asRevision(was) },
      body,
      headers: { "content-type": "video/mp4" },
    },
    options,
  );
const textAt = async ({ wire }: TestBucket, query: Record<string, string>): Promise<string> => {
  const answer = await wire.send({ method: "GET", path: "/", query }, live);
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  return Buffer.concat(parts).toString();
};
const unfinished = async (bucket: TestBucket): Promise<boolean> => (await textAt(bucket, { uploads: "" })).includes("<UploadId>");
const isHeld = (bucket: TestBucket): boolean => bucket.s3.get(bucketName, "film.mp4") !== undefined;
const isWhole = (bucket: TestBucket): boolean => {
  const held = bucket.s3.get(bucketName, "film.mp4");
  return held !== undefined && Buffer.from(held.bytes).equals(content);
};

describe("a large object", () => {
  it.each([false, true])("goes in parts and comes back at the revision of its write (versions kept: %s)", async (versioning) => {
    const bucket = openTestBucket({ versioning });
    const store = bucket.open({ partBytes });
    const outcome = await write(store, bodyOfBytes(content));
    expect(isWhole(bucket)).toBe(true);
    expect(bucket.operations.filter((operation) => operation === "UploadPart")).toHaveLength(4 + 3);
    const observed = (await store.read("film.mp4", live))?.observed;
    expect(observed).toMatchObject({ digest: sha256(content), headers: { "content-type": "video/mp4" } });
    expect(outcome).toEqual({ kind: "written", revision: observed?.revision });
    bucket.pass(5_000);
    const changed = Buffer.alloc(content.byteLength, "harbour at dawn ");
    const next = await write(store, bodyOfBytes(changed), observed?.revision);
    expect(next).toEqual({ kind: "written", revision: (await store.read("film.mp4", live))?.observed.revision });
    expect(await unfinished(bucket)).toBe(false);
    // The trial of the completion was made once, and left nothing.
    expect(bucket.s3.objectCount(bucketName)).toBe(1);
  });

  it("the same bytes again get another revision, though they have the same ETag", async () => {
    const bucket = openTestBucket();
    const store = bucket.open({ partBytes });
    const first = await write(store, bodyOfBytes(content));
    const second = await write(store, bodyOfBytes(content), first.kind === "written" ? first.revision : "");
    expect(second).toMatchObject({ kind: "written" });
    expect(second).not.toEqual(first);
  });

  it("a stranger's write while the parts are on their way is a conflict, and stands", async () => {
    const bucket = openTestBucket();
    const store = bucket.open({ partBytes });
    const first = await write(store, bodyOfBytes(content));
    bucket.pass(5_000);
    bucket.before = (operation) => {
      if (operation !== "UploadPart") return;
      bucket.before = () => undefined;
      bucket.s3.put(bucketName, "film.mp4", new TextEncoder().encode("theirs"));
    };
    expect(await write(store, bodyOfBytes(content), first.kind === "written" ? first.revision : "")).toMatchObject({
      kind: "conflict",
      found: { sizeBytes: 6 },
    });
    expect(bucket.s3.get(bucketName, "film.mp4")?.bytes).toHaveLength(6);
    expect(await unfinished(bucket)).toBe(false);
  });

  it.each([
    ["the condition of the completion does not hold", { kind: "status", status: 412 }, "conflict"],
    ["the completion meets another", { kind: "status", status: 409 }, "unknown"],
    ["the server fails", { kind: "status", status: 500 }, "unknown"],
    ["the request is lost on its way", { kind: "lose-request", isSent: true }, "unknown"],
  ] as const)("where %s nothing is left behind", async (_, action, kind) => {
    const bucket = openTestBucket();
    const store = bucket.open({ partBytes });
    bucket.faults.add({ operation: "CompleteMultipartUpload", key: "film.mp4", action });
    expect(await write(store, bodyOfBytes(content))).toMatchObject({ kind });
    expect(isHeld(bucket)).toBe(false);
    expect(await unfinished(bucket)).toBe(false);
  });

  it("a completion whose reply was lost is unknown, and stands", async () => {
    const bucket = openTestBucket();
    bucket.faults.add({ operation: "CompleteMultipartUpload", key: "film.mp4", action: { kind: "lose-reply" } });
    expect(await write(bucket.open({ partBytes }), bodyOfBytes(content))).toMatchObject({ kind: "unknown" });
    expect(isWhole(bucket)).toBe(true);
  });

  it.each([
    ["PreconditionFailed", "conflict"],
    ["InternalError", "unknown"],
  ])("an error document %s after the status 200 is that error: %s", async (code, kind) => {
    const bucket = openTestBucket();
    const inner = bucket.wire;
    bucket.wire = {
      ...inner,
      send: async (request, options) => {
        const isCompletion = request.method === "POST" && request.path === "/film.mp4" && request.query?.["uploadId"] !== undefined;
        if (!isCompletion) return await inner.send(request, options);
        const document = Buffer.from(`<?xml version="1.0"?>\n \n<Error><Code>${code}</Code><Message>told late</Message></Error>`);
        const body = wireBodyOf(document, "").open();
        return { status: 200, headers: {}, body, discard: () => undefined };
      },
    };
    expect(await write(bucket.open({ partBytes }), bodyOfBytes(content))).toMatchObject({ kind });
    expect(await unfinished(bucket)).toBe(false);
  });

  it.each([
    ["holds other bytes than its digest", { digest: sha256(new Uint8Array(1)) }, "input-changed"],
    ["is longer than it said", { sizeBytes: content.byteLength - 1 }, "input-changed"],
    ["is shorter than it said", { sizeBytes: content.byteLength + 1 }, "input-changed"],
  ] as const)("a body that %s is aborted before anything can be seen", async (_, lie, code) => {
    const bucket = openTestBucket();
    await expect(write(bucket.open({ partBytes }), bodyOfBytes(content, lie))).rejects.toMatchObject({ code });
    expect(bucket.operations.filter((operation) => operation === "UploadPart").length).toBeGreaterThan(3);
    expect(isHeld(bucket)).toBe(false);
    expect(await unfinished(bucket)).toBe(false);
  });

  it("a part that never arrives, and a person who stops it, leave nothing behind", async () => {
    const bucket = openTestBucket();
    bucket.faults.add({ operation: "UploadPart", key: "film.mp4", action: { kind: "status", status: 403 } });
    await expect(write(bucket.open({ partBytes }), bodyOfBytes(content))).rejects.toMatchObject({ code: "store-denied" });
    bucket.faults.clear();
    const stop = new AbortController();
    bucket.before = (operation, request) => {
      if (operation === "UploadPart" && request.path.endsWith("film.mp4")) stop.abort(new Error("stopped by a person"));
    };
    await expect(write(bucket.open({ partBytes }), bodyOfBytes(content), undefined, { signal: stop.signal })).rejects.toThrowError(
      "stopped by a person",
    );
    expect(isHeld(bucket)).toBe(false);
    expect(await unfinished(bucket)).toBe(false);
  });

  it("headers that a stranger rewrote while the parts were on their way are a conflict, and stand", async () => {
    const bucket = openTestBucket();
    const store = bucket.open({ partBytes });
    const first = await write(store, bodyOfBytes(new Uint8Array([1])));
    bucket.pass(5_000);
    bucket.before = (operation) => {
      if (operation !== "UploadPart") return;
      bucket.before = () => undefined;
      bucket.s3.put(bucketName, "film.mp4", new Uint8Array([1]), { "cache-control": "max-age=60" });
    };
    expect(await write(store, bodyOfBytes(content), first.kind === "written" ? first.revision : "")).toMatchObject({
      kind: "conflict",
      found: { headers: { "cache-control": "max-age=60" } },
    });
    expect(await unfinished(bucket)).toBe(false);
  });

  it("no part is on its way any more when the upload is aborted, or it would be stored after all", async () => {
    const bucket = openTestBucket();
    const inner = bucket.wire;
    const ended: string[] = [];
    bucket.wire = {
      ...inner,
      send: async (request, options) => {
        if (request.path !== "/film.mp4") return await inner.send(request, options);
        const part = request.query?.["partNumber"];
        // The first part is refused while the second is still under way.
        if (part === "2") await pause(50);
        try {
          const answer = await inner.send(part === "1" ? { ...request, method: "HEAD" } : request, options);
          return part === "1" ? { ...answer, status: 403 } : answer;
        } finally {
          if (part !== undefined || request.method === "DELETE") ended.push(part ?? "aborted");
        }
      },
    };
    await expect(write(bucket.open({ partBytes }), bodyOfBytes(content))).rejects.toMatchObject({ code: "store-denied" });
    expect(ended.at(-1)).toBe("aborted");
    expect(ended).toContain("2");
  });

  it("a part that is lost on its way is sent again", async () => {
    const bucket = openTestBucket();
    bucket.faults.add({ operation: "UploadPart", key: "film.mp4", times: 2, action: { kind: "lose-reply" } });
    expect(await write(bucket.open({ partBytes }), bodyOfBytes(content))).toMatchObject({ kind: "written" });
    expect(isWhole(bucket)).toBe(true);
  });
});

/** A server that completes uploads whatever the condition says. */
const streaming = (): TestBucket => {
  const bucket = openTestBucket();
  bucket.faults.add({ operation: "CompleteMultipartUpload", action: { kind: "ignore-preconditions" } });
  return bucket;
};

describe("where completions let conditions pass", () => {
  it("a large object goes in one guarded request, after one trial", async () => {
    const bucket = streaming();
    const store = bucket.open({ partBytes });
    const first = await write(store, bodyOfBytes(content));
    expect(first).toMatchObject({ kind: "written" });
    expect(isWhole(bucket)).toBe(true);
    expect(await write(store, bodyOfBytes(content))).toMatchObject({ kind: "conflict" });
    expect(bucket.operations.filter((operation) => operation === "CompleteMultipartUpload")).toHaveLength(1);
    expect(await unfinished(bucket)).toBe(false);
    expect(bucket.s3.objectCount(bucketName)).toBe(1);
  });

  it("a body that is not what it said never reaches its last byte", async () => {
    const bucket = streaming();
    const lie = bodyOfBytes(content, { digest: sha256(new Uint8Array(1)) });
    await expect(write(bucket.open({ partBytes }), lie)).rejects.toMatchObject({ code: "input-changed" });
    expect(isHeld(bucket)).toBe(false);
  });

  it("a body that breaks off is what was wrong, also where the connection says that all was sent", async () => {
    const bucket = streaming();
    const inner = bucket.wire;
    bucket.wire = {
      ...inner,
      send: async (request, options) => {
        try {
          return await inner.send(request, options);
        } catch (error) {
          throw new WireFailure("the connection was reset", true, { cause: error });
        }
      },
    };
    const lie = bodyOfBytes(content, { digest: sha256(new Uint8Array(1)) });
    await expect(write(bucket.open({ partBytes }), lie)).rejects.toMatchObject({ code: "input-changed" });
  });

  it("what is too large for one request is refused before a byte is sent", async () => {
    const bucket = streaming();
    const huge = bodyOfBytes(content, { sizeBytes: 6 * 1024 ** 3 });
    await expect(write(bucket.open({ partBytes }), huge)).rejects.toMatchObject({ code: "store-unguarded" });
    expect(isHeld(bucket)).toBe(false);
  });
});
