import { describe, expect, it } from "vitest";
import { bucketName, openTestBucket, type TestBucket } from "../../../test/contract/s3-bucket.ts";
import { bytesOf } from "../../core/body.ts";
import type { CallOptions } from "../../ports/store.ts";
import { sha256 } from "../shared/sha256.ts";

const live: CallOptions = { signal: new AbortController().signal };
const mebibyte = 1024 * 1024;
const large = (): Uint8Array => Buffer.alloc(9 * mebibyte, "harbour ");

describe("reading an object", () => {
  it("tells its headers, its owner and nothing that is belay's or S3's own", async () => {
    const bucket = openTestBucket();
    bucket.s3.put(bucketName, "a.html", new Uint8Array([1]), {
      "content-type": "text/html",
      "content-encoding": "gzip",
      "content-disposition": "inline",
      "x-amz-website-redirect-location": "/b.html",
      "x-amz-meta-colour": "blue",
      "x-amz-meta-deployed-by": "old-script",
      "x-amz-meta-timestamp": "17",
    });
    const reading = await bucket.open().read("a.html", live);
    expect(reading?.observed).toMatchObject({ owner: "old-script", modifiedAtMs: Math.floor(bucket.runtime.now() / 1000) * 1000 });
    expect(reading?.observed.headers).toEqual({
      "content-type": "text/html",
      "content-encoding": "gzip",
      "content-disposition": "inline",
      "x-amz-website-redirect-location": "/b.html",
      "x-amz-meta-colour": "blue",
      "x-amz-meta-deployed-by": "old-script",
      "x-amz-meta-timestamp": "17",
    });
  });

  it.each([
    ["small", new TextEncoder().encode("a page of some length")],
    ["large", large()],
  ] as const)("a connection reset in the middle of a %s body is gone over, not noticed", async (_, content) => {
    const bucket = openTestBucket();
    bucket.s3.put(bucketName, "a.bin", content);
    bucket.faults.add({ operation: "GetObject", times: 2, action: { kind: "break-body" } });
    const reading = await bucket.open().read("a.bin", live);
    expect(reading?.observed).toMatchObject({ sizeBytes: content.byteLength, digest: sha256(content) });
    bucket.faults.add({ operation: "GetObject", times: 2, action: { kind: "break-body" } });
    expect(reading && Buffer.from(await bytesOf(reading.body)).equals(content)).toBe(true);
  });

  it.each([
    ["small", new TextEncoder().encode("a page of some length")],
    ["large", large()],
  ] as const)("a %s body that never comes whole is unreachable, never short", async (_, content) => {
    const bucket = openTestBucket();
    bucket.s3.put(bucketName, "a.bin", content);
    bucket.faults.add({ operation: "GetObject", action: { kind: "break-body" } });
    await expect(bucket.open().read("a.bin", live)).rejects.toMatchObject({ code: "store-unreachable" });
  });

  it("a large object is fetched again when it is opened, on from where a connection broke", async () => {
    const bucket = openTestBucket();
    const content = large();
    bucket.s3.put(bucketName, "a.bin", content);
    const reading = await bucket.open().read("a.bin", live);
    const ranges: (string | undefined)[] = [];
    bucket.before = (_, request) => {
      ranges.push(request.headers["range"]);
    };
    bucket.faults.add({ operation: "GetObject", times: 1, action: { kind: "break-body" } });
    expect(reading && Buffer.from(await bytesOf(reading.body)).equals(content)).toBe(true);
    expect(ranges).toEqual([undefined, `bytes=${content.byteLength / 2}-`]);
  });

  it.each<readonly [string, (bucket: TestBucket) => unknown]>([
    ["was replaced", ({ s3 }) => s3.put(bucketName, "a.bin", Buffer.alloc(9 * mebibyte, "other"))],
    ["was rewritten", ({ s3 }) => s3.put(bucketName, "a.bin", large(), { "cache-control": "no-store" })],
    ["was deleted", ({ s3 }) => s3.remove(bucketName, "a.bin")],
  ])("a large object that %s since is not opened as what it was", async (_, change) => {
    const bucket = openTestBucket();
    bucket.s3.put(bucketName, "a.bin", large());
    const reading = await bucket.open().read("a.bin", live);
    bucket.pass(2_000);
    change(bucket);
    if (!reading) throw new Error("a.bin is absent");
    await expect(bytesOf(reading.body)).rejects.toMatchObject({ code: "input-changed" });
  });

  it("where versions are kept a large object is opened as it was read, whatever came after it", async () => {
    const bucket = openTestBucket({ versioning: true });
    bucket.s3.put(bucketName, "a.bin", large());
    const reading = await bucket.open().read("a.bin", live);
    bucket.pass(2_000);
    bucket.s3.remove(bucketName, "a.bin");
    expect(reading && Buffer.from(await bytesOf(reading.body)).equals(large())).toBe(true);
  });

  it("a missing bucket is an error, a missing key is none", async () => {
    const bucket = openTestBucket();
    expect(await bucket.open().read("a.html", live)).toBeUndefined();
    bucket.faults.add({ action: { kind: "status", status: 404, code: "NoSuchBucket" } });
    await expect(bucket.open().read("a.html", live)).rejects.toMatchObject({ code: "store-missing" });
  });

  it("a connection that cannot be made is tried again by the next call", async () => {
    const bucket = openTestBucket();
    const inner = bucket.wire;
    const store = bucket.open();
    let isFirst = true;
    bucket.wire = {
      ...inner,
      send: async (request, options) => {
        if (isFirst) {
          isFirst = false;
          throw new Error("no credentials yet");
        }
        return await inner.send(request, options);
      },
    };
    await expect(store.read("a.html", live)).rejects.toThrowError("no credentials yet");
    expect(await store.read("a.html", live)).toBeUndefined();
  });
});
