/** Steps whose bytes lie at another target: what apply takes, what passes through this machine, and what becomes of surprises. */

import { afterEach, describe, expect, test } from "vitest";
import type { SandboxHandler } from "../../../sandbox/wire.ts";
import { sha256 } from "../../../src/adapters/shared/sha256.ts";
import { asStoreName, type StoreName } from "../../../src/core/brand.ts";
import { identified } from "../../../src/core/deploy/plan-deploy.ts";
import { targetState } from "../../../src/core/ledger/fold.ts";
import { isPage } from "../../../src/core/paths/key.ts";
import type { Content, IdentifiedPlan, Plan, Step, Wave } from "../../../src/core/plan/plan.ts";
import { applyPlan, type ApplyResult } from "../../../src/operations/apply/apply.ts";
import type { Workbench } from "../../../src/operations/workbench.ts";
import { resume } from "../../../src/operations/apply/resume.ts";
import type { Store } from "../../../src/ports/store.ts";
import { bucketName, serveTestBucket, stageName, type ServedBucket } from "../../contract/s3-bucket.ts";
import { before, digestOfText, killedAt, MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const commit = "0123456789abcdef0123456789abcdef01234567";

const wave = (name: "assets" | "pages", steps: readonly Step[]): Wave => ({ name, steps, purge: [], checks: [] });

/** A promotion of these paths, from what the stage holds now to what production holds now. */
async function promotion(bench: Workbench, paths: readonly string[]): Promise<IdentifiedPlan> {
  const { signal } = new AbortController();
  const [staging, production] = bench.site.targets;
  if (!staging || !production) throw new Error("the world has two targets");
  const stores = { staging: await bench.storeOf(staging.store), production: await bench.storeOf(production.store) };
  const steps: Step[] = [];
  for (const key of paths) {
    const found = (await stores.staging.read(key, { signal }))?.observed;
    const live = (await stores.production.read(key, { signal }))?.observed;
    if (found?.digest === undefined) throw new Error(`${key} is not on the stage`);
    const content: Content = { digest: found.digest, sizeBytes: found.sizeBytes, headers: { "cache-control": "max-age=60" } };
    const at = { store: production.store, key };
    const from = { store: staging.store, key, revision: found.revision };
    const because = "verified on staging";
    if (live?.digest === undefined) steps.push({ change: { kind: "create", at, expect: { kind: "absent" }, content }, because, from });
    else {
      const prior = { digest: live.digest, sizeBytes: live.sizeBytes, headers: live.headers ?? {} };
      const unmoved = { kind: "unchanged", revision: live.revision } as const;
      steps.push({ change: { kind: "replace", at, expect: unmoved, content, prior }, because, from });
    }
  }
  const plan: Plan = {
    format: 1,
    intent: "promote",
    site: bench.site.name,
    target: production.name,
    store: production.store,
    title: "summer hours",
    basis: targetState(await bench.ledger.state({ signal }), bench.site.name, production.name).basis,
    waves: [
      wave(
        "assets",
        steps.filter(({ change }) => !isPage(change.at.key)),
      ),
      wave(
        "pages",
        steps.filter(({ change }) => isPage(change.at.key)),
      ),
    ],
    refusals: [],
    proof: {
      local: "nothing",
      live: "nothing",
      diff: { added: 0, removed: 0, files: steps.length, binary: 0 },
      tokens: [],
      stagingInvalidation: "none",
      productionInvalidation: "none",
    },
    policy: bench.policy,
    changes: [{ id: "r1", title: "summer hours", by: "ines", commit }],
  };
  return identified(plan, sha256);
}

const apply = async (copy: MemoryCopy, plan: IdentifiedPlan): Promise<ApplyResult> => await applyPlan(copy.bench, plan, copy.context);

/** A stranger's hand puts the files there, as far as belay is concerned. */
function stage(world: MemoryWorld, files: Readonly<Record<string, string>>): void {
  for (const [key, text] of Object.entries(files)) world.stranger("staging", key, text);
}

describe("a step that names a source", () => {
  test("takes that source's bytes, whatever the working copy holds, and names the commit that brought them there", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    stage(world, { "index.html": "staged\n", "a.css": "staged css\n" });
    ines.edit("index.html", "edited since\n");
    ines.edit("a.css", "edited since\n");
    const result = await apply(ines, await promotion(ines.bench, ["index.html", "a.css"]));
    expect(result).toMatchObject({ kind: "applied" });
    expect(await world.liveText("production", "index.html")).toBe("staged\n");
    expect(await world.liveText("production", "a.css")).toBe("staged css\n");
    const { provenance } = (await world.live.production.read("index.html", ines.context))?.observed ?? {};
    expect(provenance).toMatchObject({ commit, digest: digestOfText("staged\n") });
    // This copy has not seen what is live now: its own files are others.
    expect(await ines.bench.base.load("production", ["index.html", "a.css"], ines.context)).toEqual(new Map());
  });

  test("whose source has changed since the plan, and of which nothing is kept, stops it; what landed is put back", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    world.stranger("production", "a.png", "old a");
    stage(world, { "a.png": "new a", "b.png": "new b", "c.png": "new c", "index.html": "staged\n" });
    const plan = await promotion(ines.bench, ["a.png", "b.png", "c.png", "index.html"]);
    // One byte, and the same length; two steps are under way at a time, and this is the third.
    before(ines, "a.png", () => world.stranger("staging", "c.png", "new d"));
    await expect(apply(ines, plan)).rejects.toMatchObject({
      code: "plan-stale",
      message: expect.stringMatching(/^staging changed since the plan was made: c\.png is another content there now/u),
    });
    expect(await world.liveText("production", "a.png")).toBe("old a");
    expect(await world.liveText("production", "c.png")).toBeUndefined();
    expect(await world.liveText("production", "index.html")).toBeUndefined();
    expect(targetState(await ines.ledger(), "default", "production").open).toBeNull();
  });

  test("whose source holds the same bytes in another revision is written: what was verified is a digest", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    stage(world, { "a.png": "new a" });
    const plan = await promotion(ines.bench, ["a.png"]);
    stage(world, { "a.png": "other" });
    stage(world, { "a.png": "new a" });
    expect(await apply(ines, plan)).toMatchObject({ kind: "applied" });
    expect(await world.liveText("production", "a.png")).toBe("new a");
  });

  test("whose source keeps versions is written from the version that was meant", async () => {
    const world = new MemoryWorld({ keepsVersions: true });
    const ines = world.copy("ines");
    stage(world, { "a.png": "new a" });
    const plan = await promotion(ines.bench, ["a.png"]);
    stage(world, { "a.png": "other" });
    expect(await apply(ines, plan)).toMatchObject({ kind: "applied" });
    expect(await world.liveText("production", "a.png")).toBe("new a");
  });

  test("and was interrupted is finished with the page that was shown, although the stage has moved on", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    stage(world, { "a.html": "one\n", "b.html": "two\n" });
    const plan = await promotion(ines.bench, ["a.html", "b.html"]);
    await killedAt(ines, "b.html", async () => await apply(ines, plan));
    stage(world, { "b.html": "three\n" });
    const request = { target: world.production, way: "finish", waitMs: 0 } as const;
    expect(await resume(ines.bench, request, ines.context)).toMatchObject({ result: { kind: "applied" } });
    expect(await world.liveText("production", "b.html")).toBe("two\n");
  });
});

const replaced = async (): Promise<{ world: MemoryWorld; ines: MemoryCopy; plan: IdentifiedPlan }> => {
  const world = new MemoryWorld({ keepsVersions: true });
  const ines = world.copy("ines");
  world.stranger("production", "a.png", "old a");
  world.stranger("production", "index.html", "old page\n");
  stage(world, { "a.png": "new a", "index.html": "new page\n" });
  return { world, ines, plan: await promotion(ines.bench, ["a.png", "index.html"]) };
};
const inVault = async ({ bench, context }: MemoryCopy, text: string): Promise<boolean> =>
  (await bench.vault.open(digestOfText(text), context)) !== undefined;

describe("an asset that is replaced where versions are kept", () => {
  test("does not go into the vault; a page does, and lies as a plain file as well", async () => {
    const { ines, plan } = await replaced();
    const result = await apply(ines, plan);
    expect(result).toMatchObject({ kind: "applied" });
    expect([await inVault(ines, "old a"), await inVault(ines, "old page\n")]).toEqual([false, true]);
    const snapshot = result.kind === "applied" ? result.snapshot : undefined;
    expect(await ines.snapshotText(`${snapshot}/index.html`)).toBe("old page\n");
  });

  test("comes back from its version when the plan is put back", async () => {
    const { world, ines, plan } = await replaced();
    before(ines, "index.html", () => world.stranger("production", "index.html", "theirs\n"));
    expect(await apply(ines, plan)).toMatchObject({ kind: "conflict", path: "index.html", exceptions: [{ path: "index.html" }] });
    expect(await world.liveText("production", "a.png")).toBe("old a");
    expect(await world.liveText("production", "index.html")).toBe("theirs\n");
  });

  test("comes back from its version by undo, on another machine too, and by restore", async () => {
    const { world, ines, plan } = await replaced();
    await killedAt(ines, "index.html", async () => await apply(ines, plan));
    const tomas = world.copy("tomas");
    const request = { target: world.production, way: "put-back", waitMs: 0 } as const;
    expect(await resume(tomas.bench, request, tomas.context)).toMatchObject({ kind: "put-back", exceptions: [] });
    expect(await world.liveText("production", "a.png")).toBe("old a");
    expect(await apply(ines, await promotion(ines.bench, ["a.png", "index.html"]))).toMatchObject({ kind: "applied" });
    expect((await tomas.restore(world.production)).kind).toBe("applied");
    expect(await world.liveText("production", "a.png")).toBe("old a");
    expect(await world.liveText("production", "index.html")).toBe("old page\n");
  });

  test("goes into the vault all the same where versions are no longer kept", async () => {
    const { ines, plan } = await replaced();
    ines.areVersionsKept = false;
    expect(await apply(ines, plan)).toMatchObject({ kind: "applied" });
    expect(await inVault(ines, "old a")).toBe(true);
  });
});

interface Buckets {
  readonly served: ServedBucket;
  readonly world: MemoryWorld;
  readonly ines: MemoryCopy;
  readonly bench: Workbench;
  /** Bytes of bodies that passed the socket for keys below `assets/`, and how often each method asked for one. */
  readonly passed: { bytes: number };
}

let opened: ServedBucket | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function openBuckets(versioning = true): Promise<Buckets> {
  const passed = { bytes: 0 };
  const served = await serveTestBucket({ versioning, around: (handler) => countingAssets(handler, passed) });
  opened = served;
  const common = { staging: { store: asStoreName(`s3://${stageName}`) }, production: { store: asStoreName(`s3://${bucketName}`) } };
  const world = new MemoryWorld(common);
  const ines = world.copy("ines");
  const stores = new Map<StoreName, Store>(
    [stageName, bucketName].map((bucket) => [asStoreName(`s3://${bucket}`), served.open({ bucket })]),
  );
  const storeOf = async (name: StoreName): Promise<Store> =>
    await Promise.resolve(stores.get(name) ?? Promise.reject(new Error(`there is no store ${name}`)));
  return { served, world, ines, passed, bench: { ...ines.bench, storeOf, concurrency: 16 } };
}

const countingAssets =
  (handler: SandboxHandler, passed: { bytes: number }): SandboxHandler =>
  async (request) => {
    const isAsset = request.path.includes("/assets/");
    const counted = {
      ...request,
      body: async function* body() {
        for await (const chunk of request.body()) {
          if (isAsset) passed.bytes += chunk.byteLength;
          yield chunk;
        }
      },
    };
    const response = await handler(counted);
    // Answers to copies are documents, not content.
    const isContent = isAsset && request.method === "GET" && response.body instanceof Uint8Array;
    if (isContent && response.body instanceof Uint8Array) passed.bytes += response.body.byteLength;
    return response;
  };

const assets = Array.from({ length: 300 }, (_, at) => `assets/${at % 10}/photo ${at}.${at % 3 === 0 ? "css" : "jpg"}`);
const textOf = (key: string, edition: string): string => `${edition} of ${key} `.repeat(40);

/** The first fifty were live before, in an older edition. */
function fill({ served }: Buckets): void {
  for (const key of [...assets, "index.html", "tours.html"]) {
    const content = bytes(textOf(key, "new"));
    // As belay itself puts them: with their SHA-256.
    served.s3.put(stageName, key, content, { "content-type": "text/plain", "x-amz-checksum-algorithm": "SHA256" });
  }
  for (const key of [...assets.slice(0, 50), "index.html"]) served.s3.put(bucketName, key, bytes(textOf(key, "old")));
}

const wrong = ({ served }: Buckets): string[] =>
  [...assets, "index.html", "tours.html"].filter(
    (key) => Buffer.from(served.s3.get(bucketName, key)?.bytes ?? []).toString() !== textOf(key, "new"),
  );

describe("between two buckets", { timeout: 60_000 }, () => {
  test("three hundred assets are promoted, created and replaced, and not one byte of them passes through this machine", async () => {
    const buckets = await openBuckets();
    fill(buckets);
    const plan = await promotion(buckets.bench, [...assets, "index.html", "tours.html"]);
    buckets.passed.bytes = 0;
    expect(await applyPlan(buckets.bench, plan, buckets.ines.context)).toMatchObject({ kind: "applied" });
    expect(buckets.passed.bytes).toBe(0);
    expect(wrong(buckets)).toEqual([]);
    const headers = buckets.served.s3.get(bucketName, assets[7] ?? "")?.headers ?? {};
    expect(headers).toMatchObject({ "cache-control": "max-age=60", "x-amz-meta-belay-commit": commit });
    expect(headers["content-type"]).toBe("binary/octet-stream");
    // Pages are kept, so that an interrupted promotion can be finished.
    expect(await buckets.ines.bench.seenBytes.open(digestOfText(textOf("index.html", "new")), buckets.ines.context)).toBeDefined();
  });

  test("a server that copies nothing under guard gets the same bytes from here", async () => {
    const buckets = await openBuckets(false);
    for (const operation of ["CopyObject", "CompleteMultipartUpload"]) {
      buckets.served.faults.add({ operation, action: { kind: "ignore-preconditions" } });
    }
    fill(buckets);
    const plan = await promotion(buckets.bench, [...assets.slice(0, 60), "index.html"]);
    buckets.passed.bytes = 0;
    expect(await applyPlan(buckets.bench, plan, buckets.ines.context)).toMatchObject({ kind: "applied" });
    expect(buckets.passed.bytes).toBeGreaterThan(0);
    expect(wrong(buckets).filter((key) => assets.indexOf(key) < 60 && assets.includes(key))).toEqual([]);
  });

  test("lost replies, conflicts of our own and busy answers end as applied, with every byte in its place", async () => {
    const buckets = await openBuckets();
    fill(buckets);
    const plan = await promotion(buckets.bench, [...assets.slice(0, 60), "index.html", "tours.html"]);
    const { faults } = buckets.served;
    faults.add({ operation: "CopyObject", key: "photo", times: 5, action: { kind: "lose-reply" } });
    faults.add({ operation: "CopyObject", key: "photo", times: 5, action: { kind: "status", status: 409 } });
    faults.add({ operation: "CopyObject", key: "photo", times: 3, action: { kind: "lose-request", isSent: true } });
    expect(await applyPlan(buckets.bench, plan, buckets.ines.context)).toMatchObject({ kind: "applied" });
    expect(wrong(buckets).filter((key) => !assets.slice(60).includes(key))).toEqual([]);
  });

  test("a stage that changed by one byte since the plan stops the promotion where its bytes are nowhere, and puts back what landed", async () => {
    const buckets = await openBuckets(false);
    fill(buckets);
    const changed = "assets/1/photo 1.jpg";
    const plan = await promotion(buckets.bench, ["assets/0/photo 0.css", changed]);
    buckets.served.s3.put(stageName, changed, bytes(textOf(changed, "New")));
    await expect(applyPlan(buckets.bench, plan, buckets.ines.context)).rejects.toMatchObject({ code: "plan-stale" });
    for (const key of ["assets/0/photo 0.css", changed]) {
      expect(Buffer.from(buckets.served.s3.get(bucketName, key)?.bytes ?? []).toString()).toBe(textOf(key, "old"));
    }
  });

  test("a stranger's write to production between plan and copy is a conflict, and stands", async () => {
    const buckets = await openBuckets();
    fill(buckets);
    const plan = await promotion(buckets.bench, ["assets/0/photo 0.css"]);
    buckets.served.s3.put(bucketName, "assets/0/photo 0.css", bytes("theirs"));
    expect(await applyPlan(buckets.bench, plan, buckets.ines.context)).toMatchObject({ kind: "conflict", path: "assets/0/photo 0.css" });
    expect(Buffer.from(buckets.served.s3.get(bucketName, "assets/0/photo 0.css")?.bytes ?? []).toString()).toBe("theirs");
  });
});
