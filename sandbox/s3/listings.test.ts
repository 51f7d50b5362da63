import { describe, expect, test } from "vitest";
import { ask, seeded, verdict } from "./ask.ts";
import { keyOf, rankOf } from "./byte-order.ts";
import { openS3, type S3Service } from "./open-s3.ts";

const clock = { now: () => Date.UTC(2031, 4, 6, 7, 8, 9, 321) };
const nothing = new Uint8Array();

function withKeys(keys: readonly string[], versioning = false): S3Service {
  const s3 = openS3({ clock, random: seeded(4) });
  s3.createBucket("harbour", { versioning });
  for (const key of keys) s3.put("harbour", key, nothing);
  return s3;
}

/** All pages of a listing: what each holds, keys and prefixes in one. */
async function pagesOf(s3: S3Service, query: string, pagesMax = 50): Promise<string[][]> {
  const pages: string[][] = [];
  let token = "";
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await ask(s3.handle, `GET /harbour?list-type=2&${query}${token}`);
    expect(answer.status).toBe(200);
    const prefixes = answer.elements("CommonPrefixes").map((one) => one.replaceAll(/<\/?Prefix>/gu, ""));
    pages.push([...answer.elements("Key"), ...prefixes]);
    if (answer.element("IsTruncated") === "false") return pages;
    token = `&continuation-token=${encodeURIComponent(answer.element("NextContinuationToken"))}`;
  }
  throw new Error("the listing has no end");
}

const byBytes = (keys: readonly string[]): string[] =>
  keys.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));

/** U+FF61 is below U+1F600 in UTF-8 and above its surrogates in UTF-16. */
const awkward = ["a", "a/", "a/b", "a b", "a+b", "Z", "ä", "｡", "😀", "\uD7FF", "\uE000", "é/😀", "é/｡", "a\u{10FFFF}", "a\uFFFD"];

describe("order", () => {
  test("keys come by the bytes of their UTF-8, however they are paged", async () => {
    const s3 = withKeys(awkward.toReversed());
    expect((await pagesOf(s3, "")).flat()).toEqual(byBytes(awkward));
    expect((await pagesOf(s3, "max-keys=1")).flat()).toEqual(byBytes(awkward));
  });

  test("a rank gives back its key", () => {
    expect(awkward.map((key) => keyOf(rankOf(key)))).toEqual(awkward);
  });

  test("keys that come and go between listings are seen as they are then", async () => {
    const random = seeded(5);
    const s3 = withKeys([]);
    const expected = new Set<string>();
    for (let round = 0; round < 60; round += 1) {
      for (let change = random() * 60; change > 0; change -= 1) {
        const key = `k${Math.floor(random() * 120)}`;
        if (random() < 0.5) {
          s3.put("harbour", key, nothing);
          expected.add(key);
        } else {
          s3.remove("harbour", key);
          expected.delete(key);
        }
      }
      expect((await pagesOf(s3, "max-keys=17")).flat()).toEqual(byBytes([...expected]));
      expect(s3.objectCount("harbour")).toBe(expected.size);
    }
  });
});

describe("pages", () => {
  test("hold at most 1,000 keys, and the next begins behind the last", async () => {
    const keys = Array.from({ length: 2500 }, (_, at) => `k${String(at).padStart(5, "0")}`);
    const pages = await pagesOf(withKeys(keys), "max-keys=5000");
    expect(pages.map((page) => page.length)).toEqual([1000, 1000, 500]);
    expect(pages.flat()).toEqual(keys);
  });

  test("prefix, delimiter and start-after narrow what is listed", async () => {
    const s3 = withKeys(["a/1", "a/2", "b", "c/1", "c/d/2", "c/e", "d"]);
    expect((await pagesOf(s3, "delimiter=/")).flat()).toEqual(["b", "d", "a/", "c/"]);
    expect((await pagesOf(s3, "delimiter=/&max-keys=1")).flat()).toEqual(["a/", "b", "c/", "d"]);
    expect((await pagesOf(s3, "prefix=c/&delimiter=/")).flat()).toEqual(["c/1", "c/e", "c/d/"]);
    expect((await pagesOf(s3, "prefix=c/")).flat()).toEqual(["c/1", "c/d/2", "c/e"]);
    expect((await pagesOf(s3, "start-after=b")).flat()).toEqual(["c/1", "c/d/2", "c/e", "d"]);
    expect((await pagesOf(s3, "prefix=x")).flat()).toEqual([]);
  });

  test("max-keys=0 lists nothing and promises nothing; nonsense is refused", async () => {
    const s3 = withKeys(["a"]);
    const answer = await ask(s3.handle, "GET /harbour?list-type=2&max-keys=0");
    expect([answer.element("KeyCount"), answer.element("IsTruncated")]).toEqual(["0", "false"]);
    expect(verdict(await ask(s3.handle, "GET /harbour?list-type=2&max-keys=many"))).toBe("400 InvalidArgument");
    expect(verdict(await ask(s3.handle, "GET /harbour?list-type=2&continuation-token=xx"))).toBe("400 InvalidArgument");
  });

  test("names are spelt as for a form where encoding-type=url asks for it", async () => {
    const s3 = withKeys(["a b+c/ü&(1)"]);
    expect((await ask(s3.handle, "GET /harbour?list-type=2")).element("Key")).toBe("a b+c/ü&amp;(1)");
    expect((await ask(s3.handle, "GET /harbour?list-type=2&encoding-type=url")).element("Key")).toBe("a+b%2Bc/%C3%BC%26%281%29");
  });

  test("the first version of the API pages by marker", async () => {
    const s3 = withKeys(["a/1", "a/2", "b", "c"]);
    const first = await ask(s3.handle, "GET /harbour?delimiter=/&max-keys=1");
    expect(first.element("NextMarker")).toBe("a/");
    const second = await ask(s3.handle, "GET /harbour?delimiter=/&max-keys=2&marker=a/");
    expect(second.elements("Key")).toEqual(["b", "c"]);
    const plain = await ask(s3.handle, "GET /harbour?max-keys=2&marker=a/1");
    expect([plain.elements("Key"), plain.element("IsTruncated"), plain.element("NextMarker")]).toEqual([["a/2", "b"], "true", ""]);
  });

  test("an entry has time in whole seconds, quoted ETag and size", async () => {
    const s3 = withKeys([]);
    const { etag } = s3.put("harbour", "a", Buffer.from("abc"));
    const answer = await ask(s3.handle, "GET /harbour?list-type=2");
    expect([answer.element("LastModified"), answer.element("ETag"), answer.element("Size")]).toEqual([
      "2031-05-06T07:08:09.000Z",
      etag.replaceAll('"', "&quot;"),
      "3",
    ]);
  });
});

/** The quickest of some full pages, in milliseconds: the others tell what else the machine was doing. */
async function quickestPage(s3: S3Service): Promise<number> {
  const durations: number[] = [];
  for (let at = 0; at < 40; at += 1) {
    const start = performance.now();
    await ask(s3.handle, "GET /harbour?list-type=2&start-after=folder/1");
    durations.push(performance.now() - start);
  }
  return Math.min(...durations);
}

test("a page costs about the same among fifty thousand objects as among two thousand", async () => {
  const small = withKeys(Array.from({ length: 2000 }, (_, at) => `folder/${at}`));
  // 7919 and 50,000 have no common factor, so that every number comes once and none in order.
  const large = withKeys(Array.from({ length: 50_000 }, (_, at) => `folder/${(at * 7919) % 50_000}`));
  await quickestPage(small);
  const ofSmall = await quickestPage(small);
  large.put("harbour", "folder/late", nothing);
  expect(await quickestPage(large)).toBeLessThan(6 * ofSmall);
});

async function versionsOf(s3: S3Service, query = ""): Promise<string[]> {
  const answer = await ask(s3.handle, `GET /harbour?versions&${query}`);
  return [...answer.text.matchAll(/<(Version|DeleteMarker)><Key>([^<]*)<\/Key><VersionId>([^<]*)<\/VersionId><IsLatest>(\w+)/gu)].map(
    ([, kind, key, id, isLatest]) => `${kind} ${key} ${id === "null" ? "null" : "id"} ${isLatest}`,
  );
}

describe("versions", () => {
  test("are kept, listed newest first, and read again by their ids", async () => {
    const s3 = withKeys([], true);
    const first = s3.put("harbour", "a", Buffer.from("one"));
    s3.put("harbour", "a", Buffer.from("two"));
    const removed = await ask(s3.handle, "DELETE /harbour/a");
    expect(removed.headers).toMatchObject({ "x-amz-delete-marker": "true" });
    expect(await versionsOf(s3)).toEqual(["DeleteMarker a id true", "Version a id false", "Version a id false"]);
    const gone = await ask(s3.handle, "GET /harbour/a");
    expect([verdict(gone), gone.headers["x-amz-delete-marker"]]).toEqual(["404 NoSuchKey", "true"]);
    const old = await ask(s3.handle, `GET /harbour/a?versionId=${first.versionId}`);
    expect([old.text, old.headers["x-amz-version-id"]]).toEqual(["one", first.versionId]);
    const marker = removed.headers["x-amz-version-id"] ?? "";
    expect(verdict(await ask(s3.handle, `GET /harbour/a?versionId=${marker}`))).toBe("405 MethodNotAllowed");
    expect((await ask(s3.handle, `DELETE /harbour/a?versionId=${marker}`)).headers["x-amz-delete-marker"]).toBe("true");
    expect((await ask(s3.handle, "GET /harbour/a")).text).toBe("two");
    expect(verdict(await ask(s3.handle, `GET /harbour/a?versionId=${marker}`))).toBe("404 NoSuchVersion");
    expect(verdict(await ask(s3.handle, "GET /harbour/a?versionId=x"))).toBe("400 InvalidArgument");
  });

  test("page by key and version id, without losing or repeating one", async () => {
    const s3 = withKeys(["a", "a", "a", "b", "b/c", "b/d", "e"], true);
    const all: string[] = [];
    let marker = "";
    for (let page = 0; page < 20; page += 1) {
      const answer = await ask(s3.handle, `GET /harbour?versions&max-keys=2${marker}`);
      all.push(...answer.elements("VersionId"));
      if (answer.element("IsTruncated") === "false") break;
      marker = `&key-marker=${encodeURIComponent(answer.element("NextKeyMarker"))}&version-id-marker=${answer.element("NextVersionIdMarker")}`;
    }
    expect(all).toEqual((await ask(s3.handle, "GET /harbour?versions")).elements("VersionId"));
    expect(all).toHaveLength(7);
    expect(await versionsOf(s3, "delimiter=/&prefix=b")).toEqual(["Version b id true"]);
    expect((await ask(s3.handle, "GET /harbour?versions&delimiter=/&prefix=b")).element("CommonPrefixes")).toBe("<Prefix>b/</Prefix>");
  });

  test("a folder whose last version is gone is no common prefix any more", async () => {
    const s3 = withKeys(["a/1", "b/1"]);
    const prefixes = async (): Promise<string[]> => (await ask(s3.handle, "GET /harbour?versions&delimiter=/")).elements("CommonPrefixes");
    expect(await prefixes()).toEqual(["<Prefix>a/</Prefix>", "<Prefix>b/</Prefix>"]);
    s3.remove("harbour", "a/1");
    expect(await prefixes()).toEqual(["<Prefix>b/</Prefix>"]);
  });

  test("where versioning is suspended, writes and deletes take the place of the null version only", async () => {
    const s3 = withKeys(["a"]);
    const set = (status: string) =>
      ask(s3.handle, {
        line: "PUT /harbour?versioning",
        body: `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
      });
    expect((await ask(s3.handle, "GET /harbour?versioning")).element("Status")).toBe("");
    await set("Enabled");
    s3.put("harbour", "a", Buffer.from("kept"));
    await set("Suspended");
    expect((await ask(s3.handle, "GET /harbour?versioning")).element("Status")).toBe("Suspended");
    const written = await ask(s3.handle, { line: "PUT /harbour/a", body: "null again" });
    expect(written.headers["x-amz-version-id"]).toBe("null");
    expect(await versionsOf(s3)).toEqual(["Version a null true", "Version a id false"]);
    s3.remove("harbour", "a");
    expect(await versionsOf(s3)).toEqual(["DeleteMarker a null true", "Version a id false"]);
    expect(verdict(await set("Off"))).toBe("400 MalformedXML");
  });

  test("objects of a bucket that never kept versions have no version id", async () => {
    const s3 = withKeys(["a"]);
    expect((await ask(s3.handle, "HEAD /harbour/a")).headers["x-amz-version-id"]).toBeUndefined();
    expect(await versionsOf(s3)).toEqual(["Version a null true"]);
  });
});
