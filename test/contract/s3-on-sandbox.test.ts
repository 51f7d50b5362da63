import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { SandboxHandler, SandboxRequest, SandboxResponse } from "../../sandbox/wire.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { bodyOf, type Body } from "../../src/core/body.ts";
import { asDigest, type Digest } from "../../src/core/brand.ts";
import type { CallOptions } from "../../src/ports/store.ts";
import { describeCopy, type CopyUnderTest } from "./copy-contract.ts";
import { bucketName, serveTestBucket, stageName, type ServedBucket } from "./s3-bucket.ts";
import { describeStore, type StoreUnderTest } from "./store-contract.ts";

const departures = { headerRaces: "If-Match covers the bytes alone: of rewrites that leave them as they are each may land" };

for (const versioning of [false, true]) {
  for (const prefix of ["", "sites/harbor"]) {
    const name = `a bucket ${versioning ? "that keeps versions" : "without versions"}${prefix === "" ? "" : ", below a prefix"}`;
    const factory = async (): Promise<StoreUnderTest> => {
      const served = await serveTestBucket({ versioning });
      return {
        store: served.open({ prefix }),
        forceStranger: async (key: string, content: Uint8Array | undefined) => {
          const full = prefix === "" ? key : `${prefix}/${key}`;
          if (content) served.s3.put(bucketName, full, content);
          else served.s3.remove(bucketName, full);
          await Promise.resolve();
        },
        close: async () => await served.close(),
      };
    };
    describeStore(name, factory, departures);
  }
}

for (const versioning of [false, true]) {
  const prefix = versioning ? "" : "sites/harbor";
  const name = `a bucket ${versioning ? "that keeps versions" : "without versions, below a prefix"}`;
  const beside = async (ignored: readonly string[]): Promise<CopyUnderTest> => {
    const served = await serveTestBucket({ versioning });
    for (const operation of ignored) served.faults.add({ operation, action: { kind: "ignore-preconditions" } });
    return {
      store: served.open({ prefix }),
      source: served.open({ bucket: stageName, prefix: "stage/of harbor" }),
      forceStranger: async (key, content) => {
        served.s3.put(bucketName, prefix === "" ? key : `${prefix}/${key}`, content);
        await Promise.resolve();
      },
      close: async () => await served.close(),
    };
  };
  describeCopy(name, async () => await beside([]));
  const empty = "no part of an upload is empty";
  describeCopy(`${name}, where CopyObject ignores conditions,`, async () => await beside(["CopyObject"]), { empty });
  const copies = "nothing there holds a copy to what was seen";
  describeCopy(`${name}, where completions ignore them too,`, async () => await beside(["CopyObject", "CompleteMultipartUpload"]), {
    copies,
  });
}

const live: CallOptions = { signal: new AbortController().signal };
const absent = { kind: "absent" } as const;
const bodyOfText = (text: string): Body => {
  const bytes = new TextEncoder().encode(text);
  return bodyOf(bytes, sha256(bytes));
};

describe("over a real connection", () => {
  let served: ServedBucket | undefined;
  afterEach(async () => {
    await served?.close();
    served = undefined;
  });

  it("a lost reply is unknown, and the conflict that follows shows our own write", async () => {
    served = await serveTestBucket();
    const store = served.open();
    const request = { key: "a.html", expect: absent, body: bodyOfText("ours"), headers: {} };
    served.faults.add({ operation: "PutObject", key: "a.html", times: 1, action: { kind: "lose-reply" } });
    expect(await store.write(request, live)).toMatchObject({ kind: "unknown" });
    expect(await store.write(request, live)).toMatchObject({ kind: "conflict", found: { digest: request.body.digest } });
  });

  it("a body and a listing that are reset half-way are gone over, and come whole", async () => {
    served = await serveTestBucket();
    const store = served.open();
    for (let at = 0; at < 1_200; at += 1) served.s3.put(bucketName, `page-${at}.html`, new Uint8Array([at % 256]));
    const large = Buffer.alloc(9 * mebibyte, "harbour ");
    served.s3.put(bucketName, "large.bin", large);
    served.faults.add({ times: 2, action: { kind: "drop-listing" } });
    let count = 0;
    for await (const _ of store.list("", live)) count += 1;
    expect(count).toBe(1_201);
    served.faults.add({ operation: "GetObject", times: 2, action: { kind: "break-body" } });
    expect((await store.read("large.bin", live))?.observed.digest).toBe(sha256(large));
  });

  it("an object of 200 MiB is written and read without ever being held in memory", async () => {
    const far = new FarObject();
    served = await serveTestBucket({ around: (handler) => far.before(handler) });
    const store = served.open();
    const body: Body = { digest: await digestOf(generated()), sizeBytes: farBytes, open: generated };
    const memory = new PeakMemory();
    const outcome = await store.write({ key: farKey, expect: absent, body, headers: {} }, live);
    expect(outcome).toMatchObject({ kind: "written" });
    expect(far.received).toBe(farBytes);
    const reading = await store.read(farKey, live);
    expect(reading?.observed).toMatchObject({ sizeBytes: farBytes, digest: body.digest });
    expect(await digestOf(reading?.body.open() ?? generated())).toBe(body.digest);
    expect(memory.grownMebibytes()).toBeLessThan(150);
  });
});

const mebibyte = 1024 * 1024;
const farKey = "film.bin";
const farBytes = 200 * mebibyte;

async function* generated(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < farBytes / mebibyte; at += 1) yield await Promise.resolve(Buffer.alloc(mebibyte, `chunk ${at} `));
}

async function digestOf(chunks: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return asDigest(hash.digest("hex"));
}

/** The most memory that the process had, above what it had at the beginning. */
class PeakMemory {
  readonly #startBytes = process.memoryUsage.rss();
  #peakBytes = this.#startBytes;
  readonly #timer = setInterval(() => this.#look(), 20);

  #look(): void {
    this.#peakBytes = Math.max(this.#peakBytes, process.memoryUsage.rss());
  }

  grownMebibytes(): number {
    clearInterval(this.#timer);
    this.#look();
    return (this.#peakBytes - this.#startBytes) / mebibyte;
  }
}

/** One object that is too large for a server in this process: its parts are counted and forgotten, its bytes are made anew. */
class FarObject {
  received = 0;
  readonly #headers = { etag: '"far-25"', "last-modified": "Wed, 20 May 2026 12:00:00 GMT", "content-length": String(farBytes) };

  before(handler: SandboxHandler): SandboxHandler {
    return async (request) => {
      if (!request.path.endsWith(`/${farKey}`) || request.query.has("uploads")) return await handler(request);
      if (request.method === "GET") return { status: 200, headers: this.#headers, body: generated };
      if (request.method === "HEAD") return { status: 200, headers: this.#headers };
      if (request.method === "PUT") return await this.#take(request);
      const document = "<CompleteMultipartUploadResult><ETag>&quot;far-25&quot;</ETag></CompleteMultipartUploadResult>";
      return { status: 200, headers: { date: new Date().toUTCString() }, body: Buffer.from(document) };
    };
  }

  async #take(request: SandboxRequest): Promise<SandboxResponse> {
    for await (const chunk of request.body()) this.received += chunk.byteLength;
    return { status: 200, headers: { etag: `"part-${request.query.get("partNumber")}"` } };
  }
}
