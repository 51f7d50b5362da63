import { describe, expect, it } from "vitest";
import {
  bucketName,
  openTestBucket,
  stageName,
  startMs,
  type BucketStoreOptions,
  type TestBucket,
} from "../../../test/contract/s3-bucket.ts";
import { bodyOf, type Body } from "../../core/body.ts";
import { asRevision, type Revision } from "../../core/brand.ts";
import type { Headers } from "../../core/plan/plan.ts";
import type { CallOptions, CopyOutcome, CopyRequest, Store, WriteOutcome } from "../../ports/store.ts";
import { sha256 } from "../shared/sha256.ts";
import type { WireAnswer } from "../shared/aws/wire.ts";

const live: CallOptions = { signal: new AbortController().signal };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const bodyOfBytes = (content: Uint8Array): Body => bodyOf(content, sha256(content));
const absent = { kind: "absent" } as const;
const unchanged = (revision: Revision) => ({ kind: "unchanged", revision }) as const;
const key = "assets/harbor.css";
const harbor = bytes("harbor");

interface Pair {
  readonly bucket: TestBucket;
  readonly store: Store;
  readonly source: Store;
  readonly revision: Revision;
  /** The same store as a process that begins later has it: through the wire of that time, with what was found out before. */
  readonly reopen: () => Store;
}

/** A cache that lives as long as the test, as a file lives longer than a process. */
function rememberingCache(): NonNullable<BucketStoreOptions["canary"]> {
  let saved: unknown;
  return {
    load: async () => await Promise.resolve(saved),
    save: async (value: unknown) => {
      saved = JSON.parse(JSON.stringify(value));
      await Promise.resolve();
    },
  };
}

/** A file on the stage, some seconds ago, and a bucket that knows already what it keeps. */
async function staged({ versioning = false, ...options }: { versioning?: boolean } & BucketStoreOptions = {}): Promise<Pair> {
  const bucket = openTestBucket({ versioning });
  const source = bucket.open({ bucket: stageName });
  const reopen = (): Store => bucket.open({ canary, ...options });
  const canary = rememberingCache();
  const store = reopen();
  const revision = revisionIn(await source.write({ key, expect: absent, body: bodyOfBytes(harbor), headers: {} }, live));
  await store.guarantees(live);
  bucket.pass(10_000);
  return { bucket, store, source, revision, reopen };
}

/** The same, after a first copy: what is tried out once has been. */
async function tried(options: Parameters<typeof staged>[0] = {}): Promise<Pair> {
  const pair = await staged(options);
  await copy(pair, { key: "assets/first.css" });
  pair.bucket.pass(10_000);
  pair.bucket.operations.length = 0;
  return pair;
}

async function copy({ store, source, revision }: Pair, more: Partial<CopyRequest> = {}): Promise<CopyOutcome> {
  if (!store.copy) throw new Error("this store copies nothing");
  const from = { store: source.name, key, revision };
  return await store.copy({ key, expect: absent, headers: {}, from, digest: sha256(harbor), sizeBytes: 6, ...more }, live);
}

function revisionIn(outcome: WriteOutcome | CopyOutcome): Revision {
  if (outcome.kind !== "written") throw new Error(`expected a write, got ${JSON.stringify(outcome)}`);
  return outcome.revision;
}

const old = async ({ store, bucket }: Pair, headers: Headers = {}): Promise<Revision> => {
  const revision = revisionIn(await store.write({ key, expect: absent, body: bodyOfBytes(bytes("old")), headers }, live));
  bucket.pass(10_000);
  bucket.operations.length = 0;
  return revision;
};
const held = ({ bucket }: Pair, at = key): string | undefined => {
  const found = bucket.s3.get(bucketName, at);
  return found && Buffer.from(found.bytes).toString();
};

/** The store of a process to which every answer to a copy comes changed. */
function rewriting({ bucket, reopen }: Pair, change: (text: string) => string): Store {
  const { wire } = bucket;
  bucket.wire = {
    ...wire,
    send: async (request, options) => {
      const answer = await wire.send(request, options);
      return request.headers?.["x-amz-copy-source"] === undefined ? answer : await changed(answer, change);
    },
  };
  return reopen();
}

async function changed(answer: WireAnswer, change: (text: string) => string): Promise<WireAnswer> {
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  const text = change(Buffer.concat(parts).toString());
  return {
    ...answer,
    discard: () => undefined,
    body: (async function* body() {
      yield await Promise.resolve(Buffer.from(text));
    })(),
  };
}

type Seen = Parameters<TestBucket["before"]>[1];
const seen = (bucket: TestBucket): Seen[] => {
  const requests: Seen[] = [];
  bucket.before = (_, request) => void requests.push(request);
  return requests;
};
const unfinished = async (bucket: TestBucket): Promise<boolean> => {
  const answer = await bucket.wire.send({ method: "GET", path: "/", query: { uploads: "" } }, live);
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  return Buffer.concat(parts).toString().includes("<UploadId>");
};

describe("what a copy costs", () => {
  it("a creation is a look at the source and the copy; nothing is read, and nothing sent but headers", async () => {
    const pair = await tried();
    const requests = seen(pair.bucket);
    revisionIn(await copy(pair));
    expect(pair.bucket.operations).toEqual(["HeadObject", "CopyObject"]);
    for (const request of requests) for await (const chunk of request.body()) expect(chunk.byteLength).toBe(0);
    expect(held(pair)).toBe("harbor");
  });

  it("a replacement looks at what it replaces, as a write does", async () => {
    for (const versioning of [false, true]) {
      const pair = await tried({ versioning });
      const was = await old(pair);
      revisionIn(await copy(pair, { expect: unchanged(was) }));
      expect(pair.bucket.operations).toEqual(
        versioning ? ["HeadObject", "CopyObject", "ListObjectVersions"] : ["HeadObject", "HeadObject", "CopyObject"],
      );
    }
  });

  it("trying it out leaves nothing behind, and is done once for all that begin at a time", async () => {
    const pair = await staged({ versioning: true });
    pair.bucket.operations.length = 0;
    await Promise.all(["a", "b", "c"].map(async (at) => revisionIn(await copy(pair, { key: at }))));
    expect(pair.bucket.operations.filter((operation) => operation === "CopyObject")).toHaveLength(4 + 3);
    expect(pair.bucket.s3.objectCount(bucketName)).toBe(3);
  });

  it("the next process takes over what was found", async () => {
    const pair = await tried();
    revisionIn(await copy({ ...pair, store: pair.reopen() }));
    expect(pair.bucket.operations).toEqual(["HeadObject", "CopyObject"]);
  });
});

describe("the source", () => {
  it("is pinned by its ETag, and by its version where it keeps versions", async () => {
    for (const versioning of [false, true]) {
      const pair = await tried({ versioning });
      const requests = seen(pair.bucket);
      revisionIn(await copy(pair));
      const headers = requests.find(({ method }) => method === "PUT")?.headers ?? {};
      const { etag, versionId } = pair.bucket.s3.get(stageName, key) ?? { etag: "", versionId: "" };
      expect(headers["x-amz-copy-source-if-match"]).toBe(etag);
      expect(headers["x-amz-copy-source"]).toBe(`${stageName}/assets/harbor.css${versioning ? `?versionId=${versionId}` : ""}`);
    }
  });

  it("that changes between the look and the copy is not copied, whatever it becomes", async () => {
    const pair = await tried();
    pair.bucket.before = (operation) => {
      if (operation === "CopyObject") pair.bucket.s3.put(stageName, key, bytes("HARBOR"));
    };
    expect(await copy(pair)).toEqual({ kind: "not-copied", why: "what it is made from has changed" });
    expect(held(pair)).toBeUndefined();
  });

  it("that keeps versions is copied as it was looked at, whatever was put over it since", async () => {
    const pair = await tried({ versioning: true });
    pair.bucket.before = (operation) => {
      if (operation === "CopyObject") pair.bucket.s3.put(stageName, key, bytes("HARBOR"));
    };
    revisionIn(await copy(pair));
    expect(held(pair)).toBe("harbor");
  });

  it("whose bytes were put there again later is another revision", async () => {
    const pair = await tried();
    pair.bucket.s3.put(stageName, key, harbor, { "cache-control": "no-store" });
    expect(await copy(pair)).toMatchObject({ kind: "not-copied" });
  });

  it.each([
    ["may not be looked at", "HeadObject", 403],
    ["may not be copied", "CopyObject", 403],
    ["is in a bucket that this server does not copy", "CopyObject", 501],
    ["is of a kind that cannot be copied", "CopyObject", 400],
  ] as const)("that %s is left to be read and sent", async (_, operation, status) => {
    const pair = await tried();
    pair.bucket.faults.add({ operation, times: 1, action: { kind: "status", status } });
    expect(await copy(pair)).toMatchObject({ kind: "not-copied" });
    expect(held(pair)).toBeUndefined();
  });

  it("whose SHA-256 nobody keeps is compared as a part, before anything is visible", async () => {
    const pair = await tried();
    const put = pair.bucket.s3.put(stageName, key, harbor);
    const revision = asRevision(`${put.etag.replaceAll('"', "")}@${Math.floor(put.lastModified / 1000)}`);
    revisionIn(await copy({ ...pair, revision }));
    expect(pair.bucket.operations.filter((operation) => operation === "CopyObject")).toEqual([]);
    expect(pair.bucket.operations).toContain("UploadPartCopy");
    expect(held(pair)).toBe("harbor");
    pair.bucket.pass(10_000);
    const other = sha256(bytes("HARBOR"));
    expect(await copy({ ...pair, revision }, { key: "other.css", digest: other })).toMatchObject({ kind: "not-copied" });
    expect(held(pair, "other.css")).toBeUndefined();
    expect(await unfinished(pair.bucket)).toBe(false);
  });
});

const error = (code: string): string => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;

describe("an answer to a copy", () => {
  it.each([
    ["whose reply is lost", { kind: "lose-reply" }],
    ["that may have arrived", { kind: "lose-request", isSent: true }],
    ["500", { kind: "status", status: 500 }],
    ["409", { kind: "status", status: 409 }],
  ] as const)("%s is unknown, neither a success nor a conflict", async (_, action) => {
    const pair = await tried();
    pair.bucket.faults.add({ operation: "CopyObject", times: 1, action });
    expect(await copy(pair)).toMatchObject({ kind: "unknown" });
  });

  it("503 of S3's own is asked again", async () => {
    const pair = await tried();
    pair.bucket.faults.add({ operation: "CopyObject", times: 1, action: { kind: "status", status: 503 } });
    revisionIn(await copy(pair));
    expect(pair.bucket.slept.length).toBeGreaterThan(0);
  });

  it.each([
    ["an error InternalError", error("InternalError"), "unknown"],
    ["an error SlowDown", error("SlowDown"), "unknown"],
    ["an error AccessDenied", error("AccessDenied"), "not-copied"],
    ["a document that breaks off", "<CopyObjectResult><ETag>", "unknown"],
    ["nothing", "", "unknown"],
    ["a result without a SHA-256", "<CopyObjectResult><ETag>&quot;0123&quot;</ETag></CopyObjectResult>", "unknown"],
    [
      "the SHA-256 of other bytes",
      `<CopyObjectResult><ETag>"0123"</ETag><ChecksumSHA256>${Buffer.from(sha256(bytes("x")), "hex").toString("base64")}</ChecksumSHA256></CopyObjectResult>`,
      "unknown",
    ],
  ])("with the status 200 and %s is no success", async (_, text, kind) => {
    const pair = await tried();
    const store = rewriting(pair, () => text);
    expect(await copy({ ...pair, store })).toMatchObject({ kind });
  });

  it("tells the very second of the object, whatever the clock of the answer says", async () => {
    const pair = await tried();
    const { wire } = pair.bucket;
    const later = new Date(startMs + 60_000).toUTCString();
    pair.bucket.wire = {
      ...wire,
      send: async (request, options) => {
        const answer = await wire.send(request, options);
        return request.method === "PUT" ? { ...answer, headers: { ...answer.headers, date: later } } : answer;
      },
    };
    const outcome = await copy({ ...pair, store: pair.reopen() });
    const other = pair.bucket.open();
    expect(outcome).toEqual({ kind: "written", revision: (await other.read(key, live))?.observed.revision });
  });
});

describe("what stood there", () => {
  it("and was rewritten in its headers alone is put back, or never replaced", async () => {
    for (const versioning of [false, true]) {
      const pair = await tried({ versioning });
      const was = await old(pair, { "cache-control": "no-cache" });
      pair.bucket.before = (operation) => {
        if (operation !== "CopyObject" && operation !== "HeadObject") return;
        pair.bucket.before = () => undefined;
        pair.bucket.s3.put(bucketName, key, bytes("old"), { "cache-control": "max-age=60" });
      };
      expect(await copy(pair, { expect: unchanged(was) })).toMatchObject({ kind: "conflict" });
      expect(held(pair)).toBe("old");
      expect(pair.bucket.s3.get(bucketName, key)?.headers["cache-control"]).toBe("max-age=60");
    }
  });

  it("with the same bytes gets another revision, since its headers may be others", async () => {
    const pair = await tried();
    const was = revisionIn(await copy(pair));
    const next = revisionIn(await copy(pair, { expect: unchanged(was), headers: { "cache-control": "max-age=60" } }));
    expect(next).not.toBe(was);
  });
});

const ignoring = async (operations: readonly string[], options: Parameters<typeof staged>[0] = {}): Promise<Pair> => {
  const pair = await staged(options);
  for (const operation of operations) pair.bucket.faults.add({ operation, action: { kind: "ignore-preconditions" } });
  return pair;
};

describe("a server that does not keep conditions on CopyObject", () => {
  it("copies by a part and a completion that keeps its condition", async () => {
    const pair = await ignoring(["CopyObject"]);
    const outcome = await copy(pair, { headers: { "content-type": "text/css" } });
    expect(outcome).toEqual({ kind: "written", revision: (await pair.store.read(key, live))?.observed.revision });
    expect(pair.bucket.s3.get(bucketName, key)?.headers["content-type"]).toBe("text/css");
    expect(await copy(pair)).toMatchObject({ kind: "conflict" });
    expect(await unfinished(pair.bucket)).toBe(false);
    expect(pair.bucket.s3.objectCount(bucketName)).toBe(1);
  });

  it("and whose parts do not pin the source either copies nothing wrong: the SHA-256 is compared before", async () => {
    const pair = await ignoring(["CopyObject", "UploadPartCopy"]);
    pair.bucket.before = (operation) => {
      if (operation === "UploadPartCopy") pair.bucket.s3.put(stageName, key, bytes("HARBOR"));
    };
    expect(await copy(pair)).toMatchObject({ kind: "not-copied" });
    expect(held(pair)).toBeUndefined();
    expect(await unfinished(pair.bucket)).toBe(false);
  });

  it("nor on completions copies nothing at all", async () => {
    const pair = await ignoring(["CopyObject", "CompleteMultipartUpload"]);
    pair.bucket.s3.put(bucketName, key, bytes("theirs"));
    expect(await copy(pair)).toEqual({ kind: "not-copied", why: "this server does not copy under guard" });
    expect(held(pair)).toBe("theirs");
    expect(pair.bucket.s3.objectCount(bucketName)).toBe(1);
  });

  it("is told from credentials that may not copy, which the next process tries again", async () => {
    let saves = 0;
    const canary = {
      load: async () => await Promise.resolve(undefined),
      save: async (value: unknown) => {
        if (JSON.stringify(value).includes('"copies"')) saves += 1;
        await Promise.resolve();
      },
    };
    const pair = await staged({ canary });
    pair.bucket.faults.add({ operation: "CopyObject", action: { kind: "status", status: 403 } });
    pair.bucket.faults.add({ operation: "CompleteMultipartUpload", action: { kind: "ignore-preconditions" } });
    expect(await copy(pair)).toMatchObject({ kind: "not-copied" });
    expect(saves).toBe(0);
    pair.bucket.operations.length = 0;
    expect(await copy(pair)).toMatchObject({ kind: "not-copied" });
    expect(pair.bucket.operations).toEqual(["HeadObject"]);
  });
});

describe("a large object", () => {
  const mebibyte = 1024 ** 2;
  const film = Buffer.alloc(11 * mebibyte, "harbor at night ");
  const copyLimits = { wholeBytes: mebibyte, partBytes: 20 * mebibyte, rangeBytes: 5 * mebibyte };
  const filmed = async (limits: typeof copyLimits): Promise<Pair & { readonly about: Partial<CopyRequest> }> => {
    const pair = await tried({ copyLimits: limits });
    const revision = revisionIn(await pair.source.write({ key: "film.mp4", expect: absent, body: bodyOfBytes(film), headers: {} }, live));
    const about = { from: { store: pair.source.name, key: "film.mp4", revision }, digest: sha256(film), sizeBytes: film.byteLength };
    pair.bucket.pass(10_000);
    pair.bucket.operations.length = 0;
    return { ...pair, about };
  };
  const isWhole = (pair: Pair): boolean => Buffer.from(pair.bucket.s3.get(bucketName, key)?.bytes ?? []).equals(film);

  it("is one part, compared by its SHA-256 before it is visible", async () => {
    const pair = await filmed(copyLimits);
    const outcome = await copy(pair, pair.about);
    expect(outcome).toEqual({ kind: "written", revision: (await pair.store.read(key, live))?.observed.revision });
    expect(isWhole(pair)).toBe(true);
    expect(pair.bucket.operations.filter((operation) => operation === "UploadPartCopy")).toHaveLength(1);
  });

  it("beyond what one part takes goes in ranges, and the server compares the whole with the source's checksum", async () => {
    const pair = await filmed({ ...copyLimits, partBytes: 10 * mebibyte });
    const requests = seen(pair.bucket);
    revisionIn(await copy(pair, pair.about));
    expect(isWhole(pair)).toBe(true);
    const ranges = requests.map(({ headers }) => headers["x-amz-copy-source-range"]).filter((range) => range !== undefined);
    expect(ranges).toEqual(["bytes=0-5242879", "bytes=5242880-10485759", "bytes=10485760-11534335"]);
  });

  it("of which a range was copied from other bytes never becomes visible", async () => {
    const pair = await filmed({ ...copyLimits, partBytes: 10 * mebibyte });
    pair.bucket.faults.add({ operation: "UploadPartCopy", action: { kind: "ignore-preconditions" } });
    let parts = 0;
    pair.bucket.before = (operation) => {
      if (operation !== "UploadPartCopy") return;
      parts += 1;
      if (parts === 3) pair.bucket.s3.put(stageName, "film.mp4", Buffer.alloc(11 * mebibyte, "harbor at dawn "));
    };
    expect(await copy(pair, pair.about)).toMatchObject({ kind: "not-copied" });
    expect(held(pair)).toBeUndefined();
    expect(await unfinished(pair.bucket)).toBe(false);
  });

  it("meets a stranger at its completion as any write does, and leaves no upload behind", async () => {
    const pair = await filmed(copyLimits);
    pair.bucket.before = (operation) => {
      if (operation === "UploadPartCopy") pair.bucket.s3.put(bucketName, key, bytes("theirs"));
    };
    expect(await copy(pair, pair.about)).toMatchObject({ kind: "conflict", found: { digest: sha256(bytes("theirs")) } });
    expect(held(pair)).toBe("theirs");
    expect(await unfinished(pair.bucket)).toBe(false);
  });

  it("whose part fails behind the status 200 is asked for again", async () => {
    const pair = await filmed(copyLimits);
    let answers = 0;
    const store = rewriting(pair, (text) => ((answers += 1) === 1 ? "<Error><Code>InternalError</Code></Error>" : text));
    // Whether completions keep their conditions is found out with parts of its own.
    revisionIn(await copy({ ...pair, store }, pair.about));
    expect(answers).toBe(2);
    expect(isWhole(pair)).toBe(true);
  });
});
