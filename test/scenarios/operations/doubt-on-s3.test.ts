/** What operations make of a bucket's doubtful answers: nothing is called done, conflict or put back that nobody knows to be so. */

import { describe, expect, test } from "vitest";
import { targetState } from "../../../src/core/ledger/fold.ts";
import { WireFailure } from "../../../src/adapters/shared/aws/wire.ts";
import { deploy } from "../../../src/operations/deploy.ts";
import { resume } from "../../../src/operations/apply/resume.ts";
import { status } from "../../../src/operations/compare/status.ts";
import type { Workbench } from "../../../src/operations/workbench.ts";
import type { Store } from "../../../src/ports/store.ts";
import { bucketName, openTestBucket, type TestBucket } from "../../contract/s3-bucket.ts";
import { MemoryWorld, toldOf, type MemoryCopy, type Told } from "../memory-bench.ts";

const page = (text: string): string => `<!doctype html>\n<p>${text}</p>\n`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Stage {
  readonly world: MemoryWorld;
  readonly ines: MemoryCopy;
  readonly bucket: TestBucket;
  /** A process of its own: it has to learn what the bucket keeps. */
  readonly benchOn: (store: Store, copy?: MemoryCopy) => Workbench;
  readonly go: (store?: Store, selection?: readonly string[]) => Promise<Told>;
  readonly live: (key: string) => string | undefined;
}

function openStage({ versioning = false }: { readonly versioning?: boolean } = {}): Stage {
  const world = new MemoryWorld();
  const ines = world.copy("ines");
  const bucket = openTestBucket({ versioning });
  const first = bucket.open();
  const benchOn = (store: Store, copy: MemoryCopy = ines): Workbench => ({
    ...copy.bench,
    storeOf: async () => await Promise.resolve(store),
  });
  return {
    world,
    ines,
    bucket,
    benchOn,
    go: async (store = first, selection) => {
      const request = { target: world.staging, selection, title: undefined, waitMs: 0 };
      return toldOf(await deploy(benchOn(store), request, async () => await Promise.resolve("go"), ines.context));
    },
    live: (key) => {
      const held = bucket.s3.get(bucketName, key);
      return held && new TextDecoder().decode(held.bytes);
    },
  };
}

/** A page that is live, some seconds ago. */
async function published(options: { readonly versioning?: boolean } = {}): Promise<Stage> {
  const stage = openStage(options);
  stage.ines.edit("index.html", page("one"));
  expect((await stage.go()).kind).toBe("applied");
  stage.bucket.pass(10_000);
  return stage;
}

const isOpen = async ({ ines }: Stage): Promise<boolean> => targetState(await ines.ledger(), "default", "staging").open !== null;

describe("a write whose fate is in doubt", () => {
  test("headers of a stranger that may have gone with what was replaced leave the plan open, never applied", async () => {
    const stage = await published({ versioning: true });
    const { bucket, ines } = stage;
    bucket.before = (operation, { path }) => {
      if (operation !== "PutObject" || !path.endsWith("/index.html")) return;
      bucket.s3.put(bucketName, "index.html", bytes(page("one")), { "cache-control": "max-age=60" });
      bucket.faults.add({ operation: "ListObjectVersions", action: { kind: "status", status: 403 } });
      bucket.before = () => undefined;
    };
    ines.edit("index.html", page("two"));
    expect((await stage.go()).kind).toBe("unsettled");
    expect(await isOpen(stage)).toBe(true);
  });

  test("where versions may not be listed, headers are looked at before the write", async () => {
    const { bucket, ines, go } = await published({ versioning: true });
    bucket.faults.add({ operation: "ListObjectVersions", action: { kind: "status", status: 403 } });
    const fresh = bucket.open();
    ines.edit("index.html", page("two"));
    expect((await go(fresh)).kind).toBe("applied");
    bucket.pass(10_000);
    bucket.before = (operation) => {
      if (operation !== "HeadObject") return;
      bucket.s3.put(bucketName, "index.html", bytes(page("two")), { "cache-control": "max-age=60" });
      bucket.before = () => undefined;
    };
    ines.edit("index.html", page("three"));
    expect((await go(fresh)).kind).toBe("conflict");
    expect(bucket.s3.get(bucketName, "index.html")?.headers["cache-control"]).toBe("max-age=60");
  });

  test("a write that is still on its way when the network breaks is never reported as put back", async () => {
    const stage = await published();
    const { bucket, ines, go, live } = stage;
    const send = bucket.wire.send.bind(bucket.wire);
    let late: (() => Promise<unknown>) | undefined;
    let failing = 0;
    bucket.wire = {
      ...bucket.wire,
      base: bucket.wire.base,
      send: async (request, options) => {
        if (request.method === "PUT" && request.path === "/index.html" && !late) {
          late = async () => await send(request, options);
          failing = 5;
          throw new WireFailure("the connection broke off", true);
        }
        if (request.method === "GET" && request.path === "/index.html" && failing > 0) {
          failing -= 1;
          throw new WireFailure("no way to its network", false);
        }
        return await send(request, options);
      },
    };
    ines.edit("index.html", page("two"));
    expect((await go(bucket.open())).kind).toBe("unsettled");
    await late?.();
    expect(live("index.html")).toBe(page("two"));
    expect(await isOpen(stage)).toBe(true);
  });

  test("a write that slept between two attempts does not land after another machine's undo has ended", async () => {
    const stage = await published();
    const { world, bucket, ines, benchOn, go, live } = stage;
    const tomas = world.copy("tomas");
    const theirs = bucket.open();
    let undone: string | undefined;
    bucket.faults.add({ operation: "PutObject", key: "index.html", times: 1, action: { kind: "status", status: 503 } });
    const sleep = bucket.runtime.sleep.bind(bucket.runtime);
    const lid: typeof sleep = async (ms, signal) => {
      if (undone === undefined) {
        undone = "";
        world.nowMs += 600_000;
        bucket.pass(600_000);
        undone = (await resume(benchOn(theirs, tomas), { target: world.staging, way: "put-back", waitMs: 0 }, tomas.context)).kind;
      }
      await sleep(ms, signal);
    };
    Object.assign(bucket.runtime, { sleep: lid });
    ines.edit("index.html", page("two"));
    await go().catch(() => undefined);
    expect(undone).toBe("put-back");
    expect(live("index.html")).toBe(page("one"));
  });
});

describe("a bucket that does not let a plan go back", () => {
  test("a plan that would have to take back a new page ends all the same, and lists it", async () => {
    const stage = openStage();
    const { bucket, ines, go } = stage;
    bucket.faults.add({ operation: "DeleteObject", action: { kind: "ignore-preconditions" } });
    ines.edit("zebra.html", page("one"));
    expect((await go()).kind).toBe("applied");
    bucket.pass(10_000);
    ines.edit("a-new.html", page("new"));
    ines.edit("zebra.html", page("two"));
    bucket.before = (operation, { path }) => {
      if (operation === "PutObject" && path.includes("a-new")) bucket.s3.put(bucketName, "zebra.html", bytes("a stranger's"));
    };
    const { kind, result } = await go();
    expect(kind).toBe("conflict");
    expect(JSON.stringify(result)).toContain("not-put-back");
    expect(await isOpen(stage)).toBe(false);
  });

  test("deletes that could not be tried out are refused before the first write", async () => {
    const { bucket, ines, go } = await published();
    ines.edit("old.html", page("old"));
    expect((await go()).kind).toBe("applied");
    bucket.pass(10_000);
    bucket.faults.add({ operation: "DeleteObject", action: { kind: "status", status: 403 } });
    ines.edit("index.html", page("two"));
    ines.edit("old.html", undefined);
    const written: string[] = [];
    bucket.before = (operation, { path }) => void (operation === "PutObject" && path.endsWith(".html") && written.push(path));
    await expect(go(bucket.open())).rejects.toMatchObject({ code: "store-unguarded" });
    expect(written).toEqual([]);
  });

  test("a server without the versions API can be looked at and written to", async () => {
    const { world, bucket, ines, benchOn, go } = await published();
    bucket.faults.add({ operation: "ListObjectVersions", action: { kind: "status", status: 501, code: "NotImplemented" } });
    ines.edit("index.html", page("two"));
    const { objects } = await status(benchOn(bucket.open()), { target: world.staging, selection: undefined }, ines.context);
    expect(objects.map(({ lineage }) => lineage.kind)).toEqual(["ahead"]);
    expect((await go(bucket.open())).kind).toBe("applied");
  });
});

describe("what an object says of its writer", () => {
  test("goes with a write of other bytes and comes back with an undo; other metadata stays throughout", async () => {
    const { bucket, ines, go } = openStage();
    const notes = { "x-amz-meta-timestamp": "2026-05-01", "x-amz-meta-deployed-by": "ana", "x-amz-meta-colour": "blue" };
    bucket.s3.put(bucketName, "index.html", bytes(page("one")), notes);
    bucket.pass(10_000);
    ines.edit("index.html", page("one"));
    ines.edit("zebra.html", page("zebra"));
    expect((await go()).kind).toBe("applied");
    bucket.pass(10_000);
    expect(bucket.s3.get(bucketName, "index.html")?.headers).toMatchObject(notes);
    ines.edit("index.html", page("two"));
    ines.edit("zebra.html", page("zebra two"));
    bucket.before = (operation, { path }) => {
      if (operation === "HeadObject" && path.includes("zebra")) bucket.s3.put(bucketName, "zebra.html", bytes("a stranger's"));
    };
    expect((await go()).kind).toBe("conflict");
    expect(bucket.s3.get(bucketName, "index.html")?.headers).toMatchObject(notes);
    bucket.before = () => undefined;
    expect((await go(undefined, ["index.html"])).kind).toBe("applied");
    const { headers } = bucket.s3.get(bucketName, "index.html") ?? {};
    expect(headers?.["x-amz-meta-colour"]).toBe("blue");
    expect(headers?.["x-amz-meta-deployed-by"]).toBeUndefined();
  });
});

describe("headers that a stranger changed alone", () => {
  test("are told by the next status, with both values, and not again once they were seen", async () => {
    const { world, bucket, ines, benchOn } = await published();
    const bench = benchOn(bucket.open());
    const request = { target: world.staging, selection: undefined };
    expect((await status(bench, request, ines.context)).headerChanges).toEqual([]);
    bucket.pass(10_000);
    bucket.s3.put(bucketName, "index.html", bytes(page("one")), { "content-disposition": "attachment" });
    const changed = await status(bench, request, ines.context);
    expect(changed.objects).toEqual([]);
    expect(changed.headerChanges).toEqual([{ path: "index.html", seen: {}, live: { "content-disposition": "attachment" } }]);
    expect((await status(bench, request, ines.context)).headerChanges).toEqual([]);
  });
});
