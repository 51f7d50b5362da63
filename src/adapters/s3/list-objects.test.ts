import { describe, expect, it } from "vitest";
import { bucketName, openTestBucket, type TestBucket } from "../../../test/contract/s3-bucket.ts";
import type { CallOptions, ListOptions, Store } from "../../ports/store.ts";
import type { WireAnswer } from "../shared/aws/wire.ts";

const live: CallOptions = { signal: new AbortController().signal };
const one = new Uint8Array([1]);

function filled(keys: readonly string[]): TestBucket {
  const bucket = openTestBucket();
  for (const key of keys) bucket.s3.put(bucketName, key, one);
  return bucket;
}
const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `page-${String(at).padStart(5, "0")}.html`);

async function keysOf(store: Store, prefix = "", options: ListOptions = live): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, options)) keys.push(key);
  return keys;
}

/** Lets a test rewrite the documents that a listing gets. */
function rewriting(bucket: TestBucket, rewrite: (document: string, page: number) => string): void {
  const inner = bucket.wire;
  let page = 0;
  bucket.wire = {
    ...inner,
    send: async (request, options) => {
      const answer = await inner.send(request, options);
      page += 1;
      return withText(answer, rewrite(await textOf(answer), page));
    },
  };
}
async function textOf(answer: WireAnswer): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  return Buffer.concat(parts).toString();
}
const withText = (answer: WireAnswer, text: string): WireAnswer => ({
  ...answer,
  body: {
    async *[Symbol.asyncIterator]() {
      yield Buffer.from(text);
    },
  },
});

describe("a listing", () => {
  it("of several pages is whole, in order and asks once a page", async () => {
    const keys = numbered(2_500);
    const bucket = filled(keys);
    expect(await keysOf(bucket.open())).toEqual(keys);
    expect(bucket.operations).toEqual(["ListObjectsV2", "ListObjectsV2", "ListObjectsV2"]);
  });

  it("asks for the next page while this one is read, and for none beyond", async () => {
    const bucket = filled(numbered(2_500));
    const listing = bucket.open().list("", live)[Symbol.asyncIterator]();
    await listing.next();
    await Promise.resolve();
    expect(bucket.operations).toHaveLength(2);
    await listing.return?.();
    expect(bucket.operations).toHaveLength(2);
  });

  it("leaves out what belay cannot address, its canaries and what is not published", async () => {
    const strange = [
      "docs/",
      "a//b.html",
      "../up.html",
      "line\nbreak.html",
      ".belay-canary/17",
      "below/.belay-canary/18",
      "e\u0301.html",
      "notes.draft",
    ];
    const bucket = filled([...strange, "docs/index.html", "a+b c%20.html", "<&>\"'.html", "été.html"]);
    const store = bucket.open({ isPublished: (key) => !key.endsWith(".draft") });
    expect(await keysOf(store)).toEqual(["<&>\"'.html", "a+b c%20.html", "docs/index.html", "été.html"]);
  });

  it("a limit is a page of that size, and more only where much is left out", async () => {
    const bucket = filled(["a//1", "a//2", "a//3", "b", "c", "d"]);
    const sizes: (string | undefined)[] = [];
    bucket.before = (_, request) => {
      sizes.push(request.query.get("max-keys") ?? undefined);
    };
    const store = bucket.open();
    expect(await keysOf(store, "b", { ...live, limit: 1 })).toEqual(["b"]);
    expect(sizes).toEqual(["1"]);
    sizes.length = 0;
    expect(await keysOf(store, "", { ...live, limit: 2 })).toEqual(["b", "c"]);
    expect(sizes).toEqual(["2", "1000"]);
    expect(await keysOf(store, "", { ...live, limit: 0 })).toEqual([]);
  });

  it("below a prefix knows nothing of what lies beside it", async () => {
    const bucket = filled(["site/a.html", "site/", "site-old/b.html", "a.html"]);
    expect(await keysOf(bucket.open({ prefix: "site" }))).toEqual(["a.html"]);
  });
});

describe("a listing that goes wrong never ends early", () => {
  it("a page that breaks off is asked for again, and throws where it goes on breaking off", async () => {
    const bucket = filled(numbered(1_500));
    bucket.faults.add({ times: 2, action: { kind: "drop-listing" } });
    expect(await keysOf(bucket.open())).toHaveLength(1_500);
    bucket.faults.add({ action: { kind: "drop-listing" } });
    await expect(keysOf(bucket.open())).rejects.toMatchObject({ code: "store-unreachable" });
  });

  it.each([
    ["is cut without a word", (text: string) => text.slice(0, text.length / 2)],
    ["does not say whether there is more", (text: string) => text.replace(/<IsTruncated>.*?<\/IsTruncated>/u, "")],
    [
      "says that there is more but not how to go on",
      (text: string) => text.replace(/<NextContinuationToken>.*?<\/NextContinuationToken>/u, ""),
    ],
    ["is another document", () => "<Nothing/>"],
    ["lacks an ETag", (text: string) => text.replace(/<ETag>.*?<\/ETag>/u, "")],
    ["lacks a size", (text: string) => text.replace(/<Size>.*?<\/Size>/u, "<Size>many</Size>")],
    ["spells a key in a way that cannot be read", (text: string) => text.replace("page-00007", "page-%FF")],
    ["has its keys out of order", (text: string) => text.replace("page-00007", "page-00001")],
    ["names what was not asked for", (text: string) => text.replace("page-00007", "other-00007")],
  ])("a page that %s throws", async (_, rewrite) => {
    const bucket = filled(numbered(1_500));
    rewriting(bucket, rewrite);
    await expect(keysOf(bucket.open(), "page")).rejects.toMatchObject({ code: "store-unreachable", remedy: expect.any(String) });
  });

  it("a second page that begins before the end of the first throws", async () => {
    const bucket = filled(numbered(1_500));
    rewriting(bucket, (text, page) => (page === 2 ? text.replace("page-01000", "page-00999") : text));
    await expect(keysOf(bucket.open())).rejects.toThrowError("out of order");
  });

  it("a denied page names the permission, a missing bucket the way to make it", async () => {
    const bucket = filled(["a"]);
    bucket.faults.add({ times: 1, action: { kind: "status", status: 403 } });
    await expect(keysOf(bucket.open())).rejects.toMatchObject({ code: "store-denied", remedy: expect.stringContaining("s3:ListBucket") });
    bucket.faults.add({ times: 1, action: { kind: "status", status: 404, code: "NoSuchBucket" } });
    await expect(keysOf(bucket.open())).rejects.toMatchObject({ code: "store-missing" });
  });
});
