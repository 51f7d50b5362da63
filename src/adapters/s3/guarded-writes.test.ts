import { describe, expect, it } from "vitest";
import { bucketName, openTestBucket, startMs, type BucketStoreOptions, type TestBucket } from "../../../test/contract/s3-bucket.ts";
import { bodyOf, bytesOf, type Body } from "../../core/body.ts";
import type { Revision } from "../../core/brand.ts";
import type { Headers } from "../../core/plan/plan.ts";
import type { CallOptions, Store, WriteOutcome } from "../../ports/store.ts";
import { sha256 } from "../shared/sha256.ts";

const live: CallOptions = { signal: new AbortController().signal };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const bodyOfText = (text: string): Body => bodyOf(bytes(text), sha256(bytes(text)));
const unchanged = (revision: Revision) => ({ kind: "unchanged", revision }) as const;

const create = async (store: Store, text: string, headers: Headers = {}): Promise<Revision> =>
  revisionIn(await store.write({ key: "index.html", expect: { kind: "absent" }, body: bodyOfText(text), headers }, live));
const replace = async (store: Store, was: Revision, text: string, headers: Headers = {}): Promise<WriteOutcome> =>
  await store.write({ key: "index.html", expect: unchanged(was), body: bodyOfText(text), headers }, live);
const remove = async (store: Store, was: Revision): Promise<WriteOutcome> =>
  await store.remove({ key: "index.html", expect: unchanged(was) }, live);

function revisionIn(outcome: WriteOutcome): Revision {
  if (outcome.kind !== "written") throw new Error(`expected a write, got ${JSON.stringify(outcome)}`);
  return outcome.revision;
}

/** A page that this process has written, some seconds ago. */
async function published(
  options: { versioning?: boolean } & BucketStoreOptions = {},
): Promise<{ bucket: TestBucket; store: Store; revision: Revision }> {
  const { versioning = false, ...rest } = options;
  const bucket = openTestBucket({ versioning });
  const store = bucket.open(rest);
  const revision = await create(store, "<p>ours</p>", { "cache-control": "no-cache" });
  bucket.pass(10_000);
  bucket.operations.length = 0;
  return { bucket, store, revision };
}
const held = (bucket: TestBucket): string => new TextDecoder().decode(bucket.s3.get(bucketName, "index.html")?.bytes);
const rewrite = (bucket: TestBucket, headers: Headers): void => {
  bucket.s3.put(bucketName, "index.html", bytes("<p>ours</p>"), headers);
};

describe("what a write costs", () => {
  it("a creation is one request, a replacement two: a look and the write", async () => {
    const { bucket, store, revision } = await published();
    await store.write({ key: "new.html", expect: { kind: "absent" }, body: bodyOfText("n"), headers: {} }, live);
    expect(bucket.operations).toEqual(["PutObject"]);
    bucket.operations.length = 0;
    revisionIn(await replace(store, revision, "<p>next</p>"));
    expect(bucket.operations).toEqual(["HeadObject", "PutObject"]);
  });

  it("where versions are kept the look comes after the write", async () => {
    const { bucket, store, revision } = await published({ versioning: true });
    revisionIn(await replace(store, revision, "<p>next</p>"));
    expect(bucket.operations).toEqual(["PutObject", "ListObjectVersions"]);
  });

  it("a store that has no headers to lose looks neither before nor after", async () => {
    for (const versioning of [false, true]) {
      const { bucket, store, revision } = await published({ versioning, watchesHeaders: false });
      const next = revisionIn(await replace(store, revision, "<p>next</p>"));
      expect((await remove(store, next)).kind).toBe("removed");
      expect(bucket.operations).toEqual(["PutObject", "DeleteObject"]);
    }
  });
});

describe("a reply that is lost", () => {
  it.each([
    ["the reply of a write that landed", { kind: "lose-reply" }],
    ["a request that may have arrived", { kind: "lose-request", isSent: true }],
    ["an answer 500", { kind: "status", status: 500 }],
    ["an answer 502", { kind: "status", status: 502 }],
    ["an answer 504", { kind: "status", status: 504 }],
    ["an answer 409", { kind: "status", status: 409 }],
    ["an answer 503 that S3 did not write", { kind: "status", status: 503, code: "BadGateway" }],
  ] as const)("%s is unknown, neither a success nor a conflict", async (_, action) => {
    const { bucket, store, revision } = await published();
    bucket.faults.add({ operation: ["PutObject", "DeleteObject"], times: 1, action });
    expect(await replace(store, revision, "<p>next</p>")).toMatchObject({ kind: "unknown", cause: expect.any(Error) });
    bucket.faults.clear();
    const now = await store.read("index.html", live);
    bucket.faults.add({ operation: ["PutObject", "DeleteObject"], times: 1, action });
    expect(await remove(store, now?.observed.revision ?? revision)).toMatchObject({ kind: "unknown" });
    expect(bucket.operations.filter((operation) => operation === "PutObject")).toHaveLength(1);
  });

  it("our own write that landed unheard is found by the conflict that the next attempt meets", async () => {
    const { bucket, store, revision } = await published();
    bucket.faults.add({ operation: "PutObject", times: 1, action: { kind: "lose-reply" } });
    await replace(store, revision, "<p>next</p>");
    expect(await replace(store, revision, "<p>next</p>")).toMatchObject({
      kind: "conflict",
      found: { digest: sha256(bytes("<p>next</p>")), headers: {} },
    });
  });

  it.each([
    ["a connection that could not be made", { kind: "lose-request" }, "store-unreachable"],
    ["a lack of rights", { kind: "status", status: 403 }, "store-denied"],
    ["a bucket that is gone", { kind: "status", status: 404, code: "NoSuchBucket" }, "store-missing"],
    ["a server that asks to slow down to the end", { kind: "status", status: 503 }, "store-unreachable"],
    ["a digest that the server did not see", { kind: "status", status: 400, code: "XAmzContentSHA256Mismatch" }, "store-unreachable"],
  ] as const)("%s throws, and nothing has landed", async (_, action, code) => {
    const { bucket, store, revision } = await published();
    bucket.faults.add({ operation: ["PutObject", "DeleteObject"], action });
    await expect(replace(store, revision, "<p>next</p>")).rejects.toMatchObject({ code });
    await expect(remove(store, revision)).rejects.toMatchObject({ code, message: expect.stringContaining(bucketName) });
    expect(held(bucket)).toBe("<p>ours</p>");
  });

  it("a server that asks to slow down is asked again, and the write lands once", async () => {
    const { bucket, store, revision } = await published();
    bucket.faults.add({ operation: "PutObject", times: 2, action: { kind: "status", status: 503 } });
    revisionIn(await replace(store, revision, "<p>next</p>"));
    expect(held(bucket)).toBe("<p>next</p>");
  });

  it("a write that is stopped on its way is unknown, one that is stopped before throws", async () => {
    const { bucket, store, revision } = await published();
    const stop = new AbortController();
    bucket.before = async (operation) => {
      if (operation !== "PutObject") return;
      stop.abort(new Error("stopped by a person"));
      await Promise.resolve();
      throw stop.signal.reason;
    };
    const request = { key: "index.html", expect: unchanged(revision), body: bodyOfText("x"), headers: {} };
    expect(await store.write(request, { signal: stop.signal })).toMatchObject({ kind: "unknown" });
    await expect(store.write(request, { signal: stop.signal })).rejects.toThrowError("stopped by a person");
  });
});

describe("headers that a stranger rewrote, whose bytes and ETag are the same", () => {
  it.each([false, true])("before the write: a conflict that shows them, and they stand (versions kept: %s)", async (versioning) => {
    const { bucket, store, revision } = await published({ versioning });
    rewrite(bucket, { "cache-control": "max-age=60" });
    for (const attempt of [async () => await replace(store, revision, "<p>next</p>"), async () => await remove(store, revision)]) {
      expect(await attempt()).toMatchObject({
        kind: "conflict",
        found: { digest: sha256(bytes("<p>ours</p>")), headers: { "cache-control": "max-age=60" } },
      });
    }
    expect(bucket.s3.get(bucketName, "index.html")).toMatchObject({ headers: { "cache-control": "max-age=60" } });
    expect(held(bucket)).toBe("<p>ours</p>");
  });

  it("a second after our own write they are not taken for ours", async () => {
    const bucket = openTestBucket();
    const store = bucket.open();
    const revision = await create(store, "<p>ours</p>");
    bucket.pass(1_000);
    rewrite(bucket, { "cache-control": "max-age=60" });
    expect((await store.read("index.html", live))?.observed.revision).not.toBe(revision);
    expect(await replace(store, revision, "<p>next</p>")).toMatchObject({
      kind: "conflict",
      found: { headers: { "cache-control": "max-age=60" } },
    });
  });

  it("between the look and the write, where versions are kept: put back with everything, and a conflict", async () => {
    const { bucket, store, revision } = await published({ versioning: true });
    const theirs = { "cache-control": "max-age=60", "x-amz-meta-deployed-by": "old-script", "x-amz-meta-colour": "blue" };
    bucket.before = (operation) => {
      if (operation !== "PutObject") return;
      bucket.before = () => undefined;
      rewrite(bucket, theirs);
    };
    expect(await replace(store, revision, "<p>next</p>")).toMatchObject({
      kind: "conflict",
      found: {
        digest: sha256(bytes("<p>ours</p>")),
        headers: { "cache-control": "max-age=60", "x-amz-meta-colour": "blue" },
        owner: "old-script",
      },
    });
    expect(bucket.s3.get(bucketName, "index.html")?.headers).toMatchObject(theirs);
    // What was put back can be seen, and replaced once it was.
    const seen = await store.read("index.html", live);
    expect(seen && (await replace(store, seen.observed.revision, "<p>next</p>")).kind).toBe("written");
  });

  it("in the very second of our own write, where versions are kept: noticed by the version", async () => {
    const bucket = openTestBucket({ versioning: true });
    const store = bucket.open();
    const revision = await create(store, "<p>ours</p>");
    rewrite(bucket, { "cache-control": "max-age=60" });
    expect(await replace(store, revision, "<p>next</p>")).toMatchObject({ kind: "conflict" });
    expect(bucket.s3.get(bucketName, "index.html")?.headers).toMatchObject({ "cache-control": "max-age=60" });
  });

  it("what cannot be put back, or not be looked at, is unknown", async () => {
    const { bucket, store, revision } = await published({ versioning: true });
    let puts = 0;
    bucket.before = (operation) => {
      if (operation !== "PutObject") return;
      puts += 1;
      if (puts === 1) rewrite(bucket, { "cache-control": "max-age=60" });
      else bucket.s3.put(bucketName, "index.html", bytes("<p>a third hand</p>"));
    };
    expect(await replace(store, revision, "<p>next</p>")).toMatchObject({ kind: "unknown" });
    expect(held(bucket)).toBe("<p>a third hand</p>");
    bucket.before = () => undefined;
    const seen = await store.read("index.html", live);
    bucket.faults.add({ operation: "ListObjectVersions", action: { kind: "status", status: 403 } });
    expect(await replace(store, seen?.observed.revision ?? revision, "<p>more</p>")).toMatchObject({ kind: "unknown" });
  });
});

describe("times", () => {
  it("a write and all later looks of the same process tell one revision, though LastModified is another second", async () => {
    const bucket = openTestBucket();
    const store = bucket.open();
    // The answer is made a second after the object.
    const inner = bucket.wire;
    bucket.wire = {
      ...inner,
      send: async (request, options) => {
        const answer = await inner.send(request, options);
        return { ...answer, headers: { ...answer.headers, date: new Date(bucket.runtime.now() + 1_000).toUTCString() } };
      },
    };
    const revision = await create(store, "<p>ours</p>");
    expect((await store.read("index.html", live))?.observed.revision).toBe(revision);
    for await (const observed of store.list("", live)) expect(observed.revision).toBe(revision);
    // Another process sees the second that the bucket tells, and has to read once.
    const elsewhere = bucket.open();
    expect((await elsewhere.read("index.html", live))?.observed.revision).not.toBe(revision);
    // What it was given here holds there all the same.
    expect((await replace(elsewhere, revision, "<p>next</p>")).kind).toBe("written");
  });

  it("new headers on the same bytes wait for the next second, so that the revision is another", async () => {
    const bucket = openTestBucket();
    const store = bucket.open();
    const first = await create(store, "<p>ours</p>");
    const second = revisionIn(await replace(store, first, "<p>ours</p>", { "cache-control": "no-cache" }));
    expect(second).not.toBe(first);
    expect(bucket.runtime.now()).toBeGreaterThanOrEqual(Math.floor(startMs / 1000) * 1000 + 1_000);
    expect((await store.read("index.html", live))?.observed.revision).toBe(second);
    expect(await replace(store, first, "<p>other</p>")).toMatchObject({ kind: "conflict" });
  });

  it("other bytes wait for nothing", async () => {
    const bucket = openTestBucket();
    const store = bucket.open();
    await replace(store, await create(store, "<p>ours</p>"), "<p>next</p>");
    expect(bucket.slept).toEqual([]);
  });
});

describe("versions", () => {
  it("what was overwritten and what was deleted is read back with its headers, newest first", async () => {
    const { bucket, store, revision } = await published({ versioning: true });
    expect(await store.versions?.areKept(live)).toBe(true);
    const next = revisionIn(await replace(store, revision, "<p>next</p>"));
    bucket.pass(1_000);
    bucket.s3.put(bucketName, "index.html.bak", bytes("another key that begins alike"));
    expect((await remove(store, next)).kind).toBe("removed");
    const kept = (await store.versions?.list("index.html", { ...live, limit: 10 })) ?? [];
    expect(kept.map(({ key, isObject, sizeBytes }) => ({ key, isObject, sizeBytes }))).toEqual([
      { key: "index.html", isObject: false, sizeBytes: 0 },
      { key: "index.html", isObject: true, sizeBytes: 11 },
      { key: "index.html", isObject: true, sizeBytes: 11 },
    ]);
    const [marker, , first] = kept;
    if (!marker || !first) throw new Error("versions are missing");
    expect(await store.versions?.read(marker, live)).toBeUndefined();
    const reading = await store.versions?.read(first, live);
    expect(reading?.observed).toMatchObject({ revision, headers: { "cache-control": "no-cache" } });
    expect(reading && new TextDecoder().decode(await bytesOf(reading.body))).toBe("<p>ours</p>");
    expect(await store.versions?.read({ ...first, id: "x".repeat(32) }, live)).toBeUndefined();
    expect(await store.versions?.list("index.html", { ...live, limit: 1 })).toHaveLength(1);
  });

  it("a bucket without versioning says so", async () => {
    const { store } = await published();
    expect(await store.versions?.areKept(live)).toBe(false);
  });
});
