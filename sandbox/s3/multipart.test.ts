import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ask, seeded, verdict, type Answered } from "./ask.ts";
import { checksumOf } from "./checksums.ts";
import { openS3, type S3Service } from "./open-s3.ts";

const clock = { now: () => Date.UTC(2031, 4, 6, 7, 8, 9, 321) };
const large = Buffer.alloc(5 * 1024 * 1024, "l");

interface Started {
  readonly s3: S3Service;
  readonly id: string;
  readonly part: (number: number, bytes: Uint8Array | string, headers?: Record<string, string>) => Promise<Answered>;
  readonly complete: (
    parts: readonly (readonly [number, string, sha256?: string])[],
    headers?: Record<string, string>,
  ) => Promise<Answered>;
}

async function started(headers: Record<string, string> = {}, versioning = false): Promise<Started> {
  const s3 = openS3({ clock, random: seeded(6) });
  s3.createBucket("harbour", { versioning });
  const id = (await ask(s3.handle, { line: "POST /harbour/film?uploads", headers })).element("UploadId");
  return {
    s3,
    id,
    part: (number, body, more = {}) =>
      ask(s3.handle, { line: `PUT /harbour/film?partNumber=${number}&uploadId=${id}`, headers: more, body }),
    complete: (parts, more = {}) => {
      const listed = parts.map(
        ([number, etag, sha256]) =>
          `<Part><PartNumber>${number}</PartNumber><ETag>${etag.replaceAll('"', "&quot;")}</ETag>${
            sha256 === undefined ? "" : `<ChecksumSHA256>${sha256}</ChecksumSHA256>`
          }</Part>`,
      );
      const body = `<CompleteMultipartUpload>${listed.join("")}</CompleteMultipartUpload>`;
      return ask(s3.handle, { line: `POST /harbour/film?uploadId=${id}`, headers: more, body });
    },
  };
}

const md5 = (bytes: Uint8Array | string): string => `"${hash("md5", bytes)}"`;

describe("multipart uploads", () => {
  test("make one object of the listed parts, with the headers of their start and the MD5 of MD5s", async () => {
    const { s3, part, complete } = await started({ "content-type": "video/mp4", "x-amz-meta-a": "1" });
    await part(2, "tail");
    expect((await part(1, large)).headers["etag"]).toBe(md5(large));
    expect(s3.get("harbour", "film")).toBeUndefined();
    const done = await complete([
      [1, md5(large)],
      [2, md5("tail")],
    ]);
    const etag = `"${hash("md5", Buffer.concat([hash("md5", large, "buffer"), hash("md5", "tail", "buffer")]))}-2"`;
    expect(done.element("ETag").replaceAll("&quot;", '"')).toBe(etag);
    const film = s3.get("harbour", "film");
    expect(film).toMatchObject({ etag, headers: { "content-type": "video/mp4", "x-amz-meta-a": "1" } });
    expect(Buffer.concat([large, Buffer.from("tail")]).equals(film?.bytes ?? Buffer.alloc(0))).toBe(true);
    expect(verdict(await complete([[1, md5(large)]]))).toBe("404 NoSuchUpload");
  });

  test("refuse small parts, wrong order and parts that are not there", async () => {
    const { s3, part, complete } = await started();
    await part(1, "small");
    await part(2, "tail");
    expect(
      verdict(
        await complete([
          [1, md5("small")],
          [2, md5("tail")],
        ]),
      ),
    ).toBe("400 EntityTooSmall");
    expect(
      verdict(
        await complete([
          [2, md5("tail")],
          [1, md5("small")],
        ]),
      ),
    ).toBe("400 InvalidPartOrder");
    expect(verdict(await complete([[1, md5("other")]]))).toBe("400 InvalidPart");
    expect(verdict(await complete([[3, md5("small")]]))).toBe("400 InvalidPart");
    expect(verdict(await complete([]))).toBe("400 MalformedXML");
    expect(verdict(await part(10_001, "x"))).toBe("400 InvalidArgument");
    expect(s3.objectCount("harbour")).toBe(0);
  });

  test.each([false, true])("completion keeps the conditions of a PUT (versioning %s)", async (versioning) => {
    const { s3, part, complete } = await started({}, versioning);
    await part(1, "new");
    const parts = [[1, md5("new")]] as const;
    expect(verdict(await complete(parts, { "if-match": '"0123"' }))).toBe("404 NoSuchKey");
    const { etag } = s3.put("harbour", "film", Buffer.from("old"));
    expect(verdict(await complete(parts, { "if-none-match": "*" }))).toBe("412 PreconditionFailed");
    expect(verdict(await complete(parts, { "if-match": '"0123"' }))).toBe("412 PreconditionFailed");
    expect(s3.get("harbour", "film")?.etag).toBe(etag);
    expect(verdict(await complete(parts, { "if-match": etag }))).toBe("200");
  });

  test("parts are compared with their checksums, and the whole with its own", async () => {
    const { s3, part, complete } = await started({ "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "FULL_OBJECT" });
    expect(verdict(await part(1, "whole", { "x-amz-checksum-crc32": checksumOf("crc32", Buffer.from("other")) }))).toBe("400 BadDigest");
    const right = checksumOf("crc32", Buffer.from("whole"));
    expect((await part(1, "whole", { "x-amz-checksum-crc32": right })).headers["x-amz-checksum-crc32"]).toBe(right);
    const parts = [[1, md5("whole")]] as const;
    expect(verdict(await complete(parts, { "x-amz-checksum-crc32": checksumOf("crc32", Buffer.from("other")) }))).toBe("400 BadDigest");
    expect((await complete(parts, { "x-amz-checksum-crc32": right })).element("ChecksumCRC32")).toBe(right);
    const { headers } = await ask(s3.handle, { line: "HEAD /harbour/film", headers: { "x-amz-checksum-mode": "ENABLED" } });
    expect(headers).toMatchObject({ "x-amz-checksum-crc32": right, "x-amz-checksum-type": "FULL_OBJECT" });
  });

  test("a composite checksum is that of the parts' checksums, each of which the completion has to name", async () => {
    const { part, complete } = await started({ "x-amz-checksum-algorithm": "SHA256" });
    await part(1, "whole");
    expect(verdict(await complete([[1, md5("whole")]]))).toBe("400 InvalidRequest");
    expect(verdict(await complete([[1, md5("whole"), hash("sha256", "other", "base64")]]))).toBe("400 InvalidPart");
    const expected = `${hash("sha256", hash("sha256", "whole", "buffer"), "base64")}-1`;
    expect((await complete([[1, md5("whole"), hash("sha256", "whole", "base64")]])).element("ChecksumSHA256")).toBe(expected);
  });

  test("a copied part tells the checksum that its upload was begun with", async () => {
    const { s3, id } = await started({ "x-amz-checksum-algorithm": "SHA256" });
    s3.put("harbour", "source", Buffer.from("abcdefghij"));
    const copied = await ask(s3.handle, {
      line: `PUT /harbour/film?partNumber=1&uploadId=${id}`,
      headers: { "x-amz-copy-source": "harbour/source" },
    });
    expect(copied.element("ChecksumSHA256")).toBe(hash("sha256", "abcdefghij", "base64"));
  });

  test("parts are copied from other objects, whole or by range", async () => {
    const { s3, id, complete } = await started();
    s3.put("harbour", "source", Buffer.from("abcdefghij"));
    const copy = (headers: Record<string, string>) =>
      ask(s3.handle, {
        line: `PUT /harbour/film?partNumber=1&uploadId=${id}`,
        headers: { "x-amz-copy-source": "/harbour/source", ...headers },
      });
    expect(verdict(await copy({ "x-amz-copy-source-range": "bytes=5-10" }))).toBe("400 InvalidArgument");
    expect(verdict(await copy({ "x-amz-copy-source-if-match": '"0123"' }))).toBe("412 PreconditionFailed");
    expect((await copy({ "x-amz-copy-source-range": "bytes=2-4" })).element("ETag")).toBe(`&quot;${hash("md5", "cde")}&quot;`);
    expect(verdict(await complete([[1, md5("cde")]]))).toBe("200");
    expect(Buffer.from(s3.get("harbour", "film")?.bytes ?? []).toString()).toBe("cde");
  });

  test("are listed with their parts until they end", async () => {
    const { s3, id, part } = await started();
    await part(1, "one");
    await part(2, "two");
    await part(2, "two again");
    const first = await ask(s3.handle, `GET /harbour/film?uploadId=${id}&max-parts=1`);
    expect([first.elements("PartNumber"), first.element("IsTruncated"), first.element("NextPartNumberMarker")]).toEqual([
      ["1"],
      "true",
      "1",
    ]);
    const second = await ask(s3.handle, `GET /harbour/film?uploadId=${id}&part-number-marker=1`);
    expect([second.elements("PartNumber"), second.elements("Size"), second.element("IsTruncated")]).toEqual([["2"], ["9"], "false"]);
    expect((await ask(s3.handle, "GET /harbour?uploads&prefix=fi")).elements("UploadId")).toEqual([id]);
    expect((await ask(s3.handle, "GET /harbour?uploads&key-marker=film")).elements("UploadId")).toEqual([]);
    expect((await ask(s3.handle, `DELETE /harbour/film?uploadId=${id}`)).status).toBe(204);
    expect((await ask(s3.handle, "GET /harbour?uploads")).elements("UploadId")).toEqual([]);
    expect(verdict(await part(3, "late"))).toBe("404 NoSuchUpload");
  });
});
