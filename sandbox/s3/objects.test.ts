import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ask, seeded, verdict, type Answered } from "./ask.ts";
import { checksumOf } from "./checksums.ts";
import { openS3, type S3Service } from "./open-s3.ts";

const clock = { now: () => Date.UTC(2031, 4, 6, 7, 8, 9, 321) };

function opened(): {
  s3: S3Service;
  to: (line: string, headers?: Record<string, string>, body?: string | Uint8Array) => Promise<Answered>;
} {
  const s3 = openS3({ clock, random: seeded(2) });
  s3.createBucket("harbour");
  return { s3, to: (line, headers = {}, body = "") => ask(s3.handle, { line, headers, body }) };
}

describe("what was written comes back", () => {
  test("bytes, ETag, time and the headers that S3 keeps", async () => {
    const { to } = opened();
    const headers = {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "max-age=60",
      "content-encoding": "gzip,aws-chunked",
      "content-disposition": "inline",
      "content-language": "de",
      expires: "Wed, 07 May 2031 00:00:00 GMT",
      "x-amz-website-redirect-location": "/new.html",
      "x-amz-meta-harbour": "quay%203",
      "x-other": "forgotten",
    };
    const put = await to("PUT /harbour/a%20b/%C3%BC.html", headers, "<p>hello</p>");
    expect(put.headers).toMatchObject({ etag: `"${hash("md5", "<p>hello</p>")}"`, date: "Tue, 06 May 2031 07:08:09 GMT" });
    const got = await to("GET /harbour/a%20b/%C3%BC.html");
    expect(got.text).toBe("<p>hello</p>");
    const { "x-other": _other, ...kept } = headers;
    expect(got.headers).toMatchObject({ ...kept, "content-encoding": "gzip" });
    expect(got.headers["x-other"]).toBeUndefined();
    expect(got.headers).toMatchObject({
      "last-modified": "Tue, 06 May 2031 07:08:09 GMT",
      "content-length": "12",
      etag: put.headers["etag"],
    });
    const head = await to("HEAD /harbour/a%20b/%C3%BC.html");
    expect({ ...head.headers, "x-amz-request-id": "" }).toEqual({ ...got.headers, "x-amz-request-id": "" });
    expect(head.bytes).toHaveLength(0);
  });

  test("the default type is binary/octet-stream, and metadata beyond ASCII is spelt as RFC 2047 says", async () => {
    const { to } = opened();
    await to("PUT /harbour/a", { "x-amz-meta-place": "Zürich" }, "x");
    const { headers } = await to("GET /harbour/a");
    expect(headers["content-type"]).toBe("binary/octet-stream");
    expect(headers["x-amz-meta-place"]).toBe(`=?UTF-8?B?${Buffer.from("Zürich").toString("base64")}?=`);
  });

  test("a bucket is reached by path and by both kinds of virtual host", async () => {
    const { s3, to } = opened();
    s3.put("harbour", "a/b", Buffer.from("x"));
    expect((await to("GET /harbour/a/b", { host: "127.0.0.1:9000" })).status).toBe(200);
    expect((await to("GET /harbour/a/b", { host: "s3.localhost:9000" })).status).toBe(200);
    expect((await to("GET /a/b", { host: "harbour.localhost:9000" })).status).toBe(200);
    expect((await to("GET /a/b", { host: "harbour.s3.localhost" })).status).toBe(200);
    expect(verdict(await to("GET /a/b", { host: "127.0.0.1" }))).toBe("404 NoSuchBucket");
  });
});

describe("reads", () => {
  test.each([
    ["bytes=2-4", 206, "cde", "bytes 2-4/10"],
    ["bytes=7-", 206, "hij", "bytes 7-9/10"],
    ["bytes=-3", 206, "hij", "bytes 7-9/10"],
    ["bytes=8-99", 206, "ij", "bytes 8-9/10"],
    ["bytes=4-2", 200, "abcdefghij", undefined],
    ["bytes=0-1,4-5", 200, "abcdefghij", undefined],
  ])("%s is answered with %i", async (range, status, text, contentRange) => {
    const { s3, to } = opened();
    s3.put("harbour", "a", Buffer.from("abcdefghij"));
    const got = await to("GET /harbour/a", { range });
    expect([got.status, got.text, got.headers["content-range"]]).toEqual([status, text, contentRange]);
    expect(got.headers["content-length"]).toBe(String(text.length));
  });

  test("a range beyond the end is answered with 416", async () => {
    const { s3, to } = opened();
    s3.put("harbour", "a", Buffer.from("abc"));
    const got = await to("GET /harbour/a", { range: "bytes=3-" });
    expect([verdict(got), got.headers["content-range"]]).toEqual(["416 InvalidRange", "bytes */3"]);
  });

  test("conditions of a GET are judged by ETag, else by date in whole seconds", async () => {
    const { s3, to } = opened();
    const { etag } = s3.put("harbour", "a", Buffer.from("abc"));
    const same = "Tue, 06 May 2031 07:08:09 GMT";
    const before = "Tue, 06 May 2031 07:08:08 GMT";
    const status = async (headers: Record<string, string>): Promise<number> => (await to("GET /harbour/a", headers)).status;
    expect(await status({ "if-match": etag })).toBe(200);
    expect(await status({ "if-match": '"0123"' })).toBe(412);
    expect(await status({ "if-none-match": etag })).toBe(304);
    expect(await status({ "if-none-match": '"0123"' })).toBe(200);
    expect(await status({ "if-modified-since": same })).toBe(304);
    expect(await status({ "if-modified-since": before })).toBe(200);
    expect(await status({ "if-unmodified-since": before })).toBe(412);
    expect(await status({ "if-unmodified-since": before, "if-match": etag })).toBe(200);
    expect((await to("GET /harbour/a", { "if-none-match": etag })).headers["etag"]).toBe(etag);
  });

  test("an error names its code, its key and its request, and HEAD has none of that", async () => {
    const { to } = opened();
    const got = await to("GET /harbour/a%26b");
    expect([got.element("Code"), got.element("Key"), got.element("Resource")]).toEqual(["NoSuchKey", "a&amp;b", "/harbour/a%26b"]);
    expect(got.element("RequestId")).toBe(got.headers["x-amz-request-id"]);
    expect(await to("HEAD /harbour/a%26b")).toMatchObject({ status: 404, text: "" });
  });
});

const chunked = (trailer: string): string => `3\r\nabc\r\n4;chunk-signature=0\r\ndefg\r\n0\r\n${trailer}\r\n`;

async function* brokenOff(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("half");
  throw new Error("gone");
}

describe("bytes are those that were announced", () => {
  test("a wrong digest of any kind is refused and nothing is written", async () => {
    const { s3, to } = opened();
    const other = "other bytes";
    const put = async (headers: Record<string, string>): Promise<string> => verdict(await to("PUT /harbour/a", headers, "bytes"));
    expect(await put({ "content-md5": hash("md5", other, "base64") })).toBe("400 BadDigest");
    expect(await put({ "content-md5": "short" })).toBe("400 InvalidDigest");
    expect(await put({ "x-amz-content-sha256": hash("sha256", other) })).toBe("400 XAmzContentSHA256Mismatch");
    for (const name of ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const) {
      expect(await put({ [`x-amz-checksum-${name}`]: checksumOf(name, Buffer.from(other)) })).toBe("400 BadDigest");
    }
    expect(s3.objectCount("harbour")).toBe(0);
  });

  test("right digests are taken, and the checksum comes back when it is asked for", async () => {
    const { to } = opened();
    const sha256 = hash("sha256", "bytes", "base64");
    const headers = {
      "content-md5": hash("md5", "bytes", "base64"),
      "x-amz-content-sha256": hash("sha256", "bytes"),
      "x-amz-checksum-sha256": sha256,
    };
    expect((await to("PUT /harbour/a", headers, "bytes")).headers["x-amz-checksum-sha256"]).toBe(sha256);
    expect((await to("GET /harbour/a")).headers["x-amz-checksum-sha256"]).toBeUndefined();
    expect((await to("GET /harbour/a", { "x-amz-checksum-mode": "ENABLED" })).headers["x-amz-checksum-sha256"]).toBe(sha256);
  });

  test("an object without a checksum has S3's own, CRC-64/NVME", async () => {
    const { s3, to } = opened();
    s3.put("harbour", "a", Buffer.from("123456789"));
    const { headers } = await to("HEAD /harbour/a", { "x-amz-checksum-mode": "ENABLED" });
    expect(Buffer.from(headers["x-amz-checksum-crc64nvme"] ?? "", "base64").toString("hex")).toBe("ae8b14860a799888");
  });

  test("CRC-32C is the one of the check value", () => {
    expect(Buffer.from(checksumOf("crc32c", Buffer.from("123456789")), "base64").toString("hex")).toBe("e3069283");
  });

  const streaming = { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-trailer": "x-amz-checksum-crc32" };

  test("aws-chunked bodies are unwrapped and their trailing checksum is compared", async () => {
    const { s3, to } = opened();
    const right = `x-amz-checksum-crc32:${checksumOf("crc32", Buffer.from("abcdefg"))}\r\n`;
    const wrong = `x-amz-checksum-crc32:${checksumOf("crc32", Buffer.from("abcdefG"))}\r\n`;
    expect(verdict(await to("PUT /harbour/a", streaming, chunked(wrong)))).toBe("400 BadDigest");
    expect(verdict(await to("PUT /harbour/a", streaming, chunked("")))).toBe("400 IncompleteBody");
    expect(verdict(await to("PUT /harbour/a", { ...streaming, "x-amz-decoded-content-length": "8" }, chunked(right)))).toBe(
      "400 IncompleteBody",
    );
    expect(s3.objectCount("harbour")).toBe(0);
    expect(verdict(await to("PUT /harbour/a", { ...streaming, "x-amz-decoded-content-length": "7" }, chunked(right)))).toBe("200");
    expect((await to("GET /harbour/a")).text).toBe("abcdefg");
  });

  test("a chunked body that breaks off is refused", async () => {
    const { to } = opened();
    expect(verdict(await to("PUT /harbour/a", streaming, "9\r\nabc\r\n"))).toBe("400 IncompleteBody");
  });

  test("a body that breaks off on its way writes nothing", async () => {
    const { s3 } = opened();
    const request = { method: "PUT", path: "/harbour/a", query: new URLSearchParams(), headers: {}, body: brokenOff };
    await expect(s3.handle(request)).rejects.toThrow("gone");
    expect(s3.objectCount("harbour")).toBe(0);
  });
});

describe("copies", () => {
  test("keep the source's headers but never its redirect, or take new ones", async () => {
    const { s3, to } = opened();
    s3.put("harbour", "ü 1", Buffer.from("x"), {
      "content-type": "text/css",
      "x-amz-meta-a": "1",
      "x-amz-website-redirect-location": "/b",
    });
    const source = { "x-amz-copy-source": "harbour/%C3%BC%201" };
    expect((await to("PUT /harbour/b", source)).element("ETag")).toBe(`&quot;${hash("md5", "x")}&quot;`);
    expect(s3.get("harbour", "b")?.headers).toEqual({ "content-type": "text/css", "x-amz-meta-a": "1" });
    await to("PUT /harbour/c", { ...source, "x-amz-metadata-directive": "REPLACE", "content-type": "text/plain" });
    expect(s3.get("harbour", "c")?.headers).toEqual({ "content-type": "text/plain" });
  });

  test("a copy to itself that changes nothing is refused", async () => {
    const { s3, to } = opened();
    s3.put("harbour", "a", Buffer.from("x"));
    expect(verdict(await to("PUT /harbour/a", { "x-amz-copy-source": "/harbour/a" }))).toBe("400 InvalidRequest");
    expect(verdict(await to("PUT /harbour/a", { "x-amz-copy-source": "/harbour/b" }))).toBe("404 NoSuchKey");
  });
});

describe("what this S3 does not have", () => {
  test.each([
    "GET /harbour/a?acl",
    "PUT /harbour?cors",
    "PUT /harbour/a?tagging",
    "GET /harbour/a?tagging",
    "GET /harbour?replication",
    "GET /harbour/a?partNumber=1",
    "POST /harbour/a",
    "PATCH /harbour/a",
  ])("%s is answered with 501", async (line) => {
    const { s3, to } = opened();
    s3.put("harbour", "a", Buffer.from("x"));
    expect(verdict(await to(line))).toBe("501 NotImplemented");
  });

  test.each([
    ["x-amz-server-side-encryption", "aws:kms"],
    ["x-amz-acl", "public-read"],
    ["x-amz-tagging", "a=b"],
    ["x-amz-storage-class", "GLACIER"],
    ["x-amz-grant-read", "id=1"],
  ])("a PUT with %s: %s is answered with 501", async (name, value) => {
    const { s3, to } = opened();
    expect(verdict(await to("PUT /harbour/a", { [name]: value }, "x"))).toBe("501 NotImplemented");
    expect(s3.objectCount("harbour")).toBe(0);
  });

  test("keys beyond 1,024 bytes, metadata beyond 2 KiB and broken encodings are refused", async () => {
    const { to } = opened();
    expect(verdict(await to(`PUT /harbour/${"k".repeat(1024)}`))).toBe("200");
    expect(verdict(await to(`PUT /harbour/${"k".repeat(1025)}`))).toBe("400 KeyTooLongError");
    expect(verdict(await to("PUT /harbour/a", { "x-amz-meta-a": "m".repeat(2048) }))).toBe("400 MetadataTooLarge");
    expect(verdict(await to("PUT /harbour/%ff"))).toBe("400 InvalidURI");
  });
});

test("buckets are created once, found, located, and deleted only when empty", async () => {
  const s3 = openS3({ clock, random: seeded(3), region: "eu-central-1" });
  const say = async (line: string): Promise<string> => verdict(await ask(s3.handle, line));
  expect(await say("PUT /quay")).toBe("200");
  expect(await say("PUT /quay")).toBe("409 BucketAlreadyOwnedByYou");
  expect(await say("PUT /No_Name")).toBe("400 InvalidBucketName");
  expect((await ask(s3.handle, "HEAD /quay")).headers["x-amz-bucket-region"]).toBe("eu-central-1");
  expect((await ask(s3.handle, "GET /quay?location")).element("LocationConstraint")).toBe("eu-central-1");
  expect((await ask(s3.handle, "GET /")).elements("Name")).toEqual(["quay"]);
  s3.put("quay", "a", Buffer.from("x"));
  expect(await say("DELETE /quay")).toBe("409 BucketNotEmpty");
  s3.remove("quay", "a");
  expect(await say("DELETE /quay")).toBe("204");
  expect(await say("HEAD /quay")).toBe("404");
});
