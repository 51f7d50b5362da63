import { describe, expect, test } from "vitest";
import { listSnapshots } from "../../../src/operations/way-back/snapshots.ts";
import { FakeHistory } from "../fake-history.ts";
import { MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

/** Three releases of a page: `one`, `two`, `three`. */
async function threeReleases(copy: MemoryCopy): Promise<void> {
  for (const text of ["one\n", "two\n", "three\n"]) {
    copy.edit("index.html", text);
    expect((await copy.deploy()).kind).toBe("applied");
  }
}

describe("restore", () => {
  test("brings back what the last release replaced, as a release of its own", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await threeReleases(ines);
    expect((await ines.restore()).kind).toBe("applied");
    expect(await world.liveText("staging", "index.html")).toBe("two\n");
    const snapshots = await listSnapshots(ines.bench, world.staging, ines.context);
    expect(snapshots.map(({ release, intent }) => `${release} ${intent}`)).toEqual(["r7 restore", "r5 deploy", "r3 deploy", "r1 deploy"]);
  });

  test("of a named release takes back everything since", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await threeReleases(ines);
    ines.edit("style.css", "h1 {}\n");
    await ines.deploy();
    expect((await ines.restore(world.staging, { from: "r3" })).kind).toBe("applied");
    expect(await world.liveText("staging", "index.html")).toBe("one\n");
    expect(await world.liveText("staging", "style.css")).toBeUndefined();
  });

  test("of a path goes back to the last release that changed it", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await threeReleases(ines);
    ines.edit("style.css", "h1 {}\n");
    await ines.deploy();
    expect((await ines.restore(world.staging, { selection: ["index.html"] })).kind).toBe("applied");
    expect(await world.liveText("staging", "index.html")).toBe("two\n");
    expect(await world.liveText("staging", "style.css")).toBe("h1 {}\n");
  });

  test("brings a deleted page back with its headers, and can be taken back itself", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines", { headersFor: () => ({ "cache-control": "no-cache" }) });
    ines.edit("index.html", "one\n");
    ines.edit("old.html", "old\n");
    await ines.deploy();
    ines.edit("old.html", undefined);
    await ines.deploy();
    expect((await ines.restore()).kind).toBe("applied");
    const back = await world.live.staging.read("old.html", ines.context);
    expect(back?.observed.headers).toEqual({ "cache-control": "no-cache" });
    expect((await ines.restore()).kind).toBe("applied");
    expect(await world.liveText("staging", "old.html")).toBeUndefined();
  });

  test("stops for a person over a stranger's write, which stays", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await threeReleases(ines);
    world.stranger("staging", "index.html", "theirs\n");
    const { kind, refused } = await ines.restore();
    expect([kind, ...refused]).toEqual(["needs-person", "D8 live-is-ahead index.html"]);
    expect(await world.liveText("staging", "index.html")).toBe("theirs\n");
  });

  test("does not bring back a page that a stranger has deleted since", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await threeReleases(ines);
    world.stranger("staging", "index.html", undefined);
    expect((await ines.restore()).kind).toBe("needs-person");
    expect(await world.liveText("staging", "index.html")).toBeUndefined();
  });

  test("leaves the working copy as it is, and knows it for behind", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await threeReleases(ines);
    await ines.restore();
    expect(await ines.text("index.html")).toBe("three\n");
    expect(await ines.lineage("index.html")).toMatch(/^behind/u);
    expect((await ines.deploy()).kind).toBe("needs-person");
  });

  test("takes from another machine what this one never held", async () => {
    const world = new MemoryWorld();
    await threeReleases(world.copy("ines"));
    const tomas = world.copy("tomas");
    expect((await tomas.restore(world.staging, { from: "r3" })).kind).toBe("applied");
    expect(await world.liveText("staging", "index.html")).toBe("one\n");
  });

  test("of an unknown release, or where nothing was released, is a matter of usage", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await expect(ines.restore()).rejects.toMatchObject({ code: "usage" });
    await threeReleases(ines);
    await expect(ines.restore(world.staging, { from: "r2" })).rejects.toMatchObject({ code: "usage" });
    await expect(ines.restore(world.staging, { selection: ["none.html"] })).rejects.toMatchObject({ code: "usage" });
  });

  test("is not overwritten by an edit of what it took back, by proof of the commit that HEAD was on", async () => {
    const world = new MemoryWorld();
    const history = new FakeHistory();
    history.commit("first", { "index.html": "one\n" });
    const ines = world.copy("ines", { history });
    ines.edit("index.html", "one\n");
    await ines.deploy();
    history.commit("second", { "index.html": "two\n" });
    ines.edit("index.html", "two\n");
    await ines.deploy();
    await ines.restore();
    ines.edit("index.html", "two and a half\n");
    expect((await ines.deploy()).kind).toBe("needs-person");
  });
});

describe("snapshots", () => {
  test("name what each release replaced, and leave out what was put back", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await threeReleases(ines);
    ines.edit("index.html", "four\n");
    ines.beforeWrite = (_, key) => world.stranger("staging", key, "theirs\n");
    expect((await ines.deploy()).kind).toBe("conflict");
    const snapshots = await listSnapshots(ines.bench, world.staging, ines.context);
    expect(snapshots.map(({ release, paths }) => [release, ...paths.map(({ kind, path }) => `${kind} ${path}`)])).toEqual([
      ["r5", "replace index.html"],
      ["r3", "replace index.html"],
      ["r1", "create index.html"],
    ]);
  });

  test("of production pages lie as plain files under the target and the time, and are named by the release", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    for (const text of ["one\n", "two\n"]) {
      ines.edit("tours/index.html", text);
      ines.edit("style.css", text);
      world.nowMs += 1000;
      await ines.deploy(world.production);
    }
    const [last, first] = await listSnapshots(ines.bench, world.production, ines.context);
    expect(last?.folder).toBe("production/2031-05-20T14-02-02Z-r3");
    expect(first?.folder).toBeUndefined();
    expect(await ines.snapshotText(`${last?.folder}/tours/index.html`)).toBe("one\n");
    expect(await ines.snapshotText(`${last?.folder}/style.css`)).toBeUndefined();
  });

  test("of staging pages are kept in the vault alone", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await threeReleases(ines);
    const kept: string[] = [];
    for await (const { key } of ines.snapshots.list("", ines.context)) kept.push(key);
    expect(kept).toEqual([]);
  });
});
