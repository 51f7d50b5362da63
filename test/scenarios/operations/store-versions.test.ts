/** What a store remembers by itself, as a bucket with versioning does, and what it turns out not to keep. */

import { describe, expect, test } from "vitest";
import { MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

const page = (...lines: readonly string[]): string => ["<!doctype html>", "<title>Harbour</title>", ...lines, ""].join("\n");
const [spring, summer, winter] = [page("<p>spring</p>"), page("<p>summer</p>"), page("<p>winter</p>")];

const versioned = (): MemoryWorld => new MemoryWorld({ keepsVersions: true });

/** Live was `spring`, then `summer`, then `winter`, all by hands that know nothing of belay. */
function writtenByStrangers(world: MemoryWorld, target: "staging" | "production" = "staging"): void {
  for (const text of [spring, summer, winter]) world.stranger(target, "index.html", text);
}

describe("lineage from the store's own versions", () => {
  test("bytes that live held before are behind, without any record of belay's", async () => {
    const world = versioned();
    writtenByStrangers(world);
    const ines = world.copy("ines");
    ines.edit("index.html", spring);
    expect(await ines.lineage("index.html")).toBe("behind store");
    const { kind, refusals } = await ines.deploy();
    expect(kind).toBe("needs-person");
    expect(refusals[0]?.stale?.[0]).toMatchObject({ lineage: "behind", versionsBehind: 2, localIs: expect.stringContaining("2031-05-20") });
  });

  test("a store without versions proves nothing of the same bytes", async () => {
    const world = new MemoryWorld();
    writtenByStrangers(world);
    const ines = world.copy("ines");
    ines.edit("index.html", spring);
    expect(await ines.lineage("index.html")).toBe("unknown none");
  });

  test("a fresh base does not launder an old version", async () => {
    const world = versioned();
    writtenByStrangers(world);
    const ines = world.copy("ines");
    await ines.pull();
    ines.edit("index.html", summer);
    expect(await ines.lineage("index.html")).toBe("behind store");
  });

  test("a page that live has lost is behind here, not new", async () => {
    const world = versioned();
    writtenByStrangers(world);
    world.stranger("staging", "other.html", page("other"));
    world.stranger("staging", "index.html", undefined);
    const ines = world.copy("ines");
    ines.edit("index.html", winter);
    expect((await ines.lineage("index.html")).split(" ")[0]).toBe("behind");
  });

  test("an edit of one's own upon what was seen is ahead, as ever", async () => {
    const world = versioned();
    writtenByStrangers(world);
    const ines = world.copy("ines");
    await ines.pull();
    ines.edit("index.html", page("<p>next spring</p>"));
    expect((await ines.deploy()).kind).toBe("applied");
  });

  test("what a stopped deploy wrote and took back is not stale: the next try goes through", async () => {
    const world = versioned();
    const ines = world.copy("ines");
    await publish(ines);
    ines.edit("index.html", winter);
    ines.edit("zebra.html", page("zebra 2"));
    ines.beforeWrite = onceAt("zebra.html", () => world.stranger("staging", "zebra.html", page("a stranger's")));
    expect((await ines.deploy()).kind).toBe("conflict");
    expect(await world.liveText("staging", "index.html")).toBe(spring);
    expect((await ines.deploy(world.staging, { selection: ["index.html"] })).kind).toBe("applied");
  });

  test("what the live page would lose is told from the versions before it", async () => {
    const world = versioned();
    const [before, after] = [page("<p>old hours</p>"), page("<p>old hours</p>", "<form id=book></form>")];
    world.stranger("staging", "index.html", before);
    world.stranger("staging", "index.html", after);
    const ines = world.copy("ines");
    ines.edit("index.html", before);
    const { refusals } = await ines.deploy();
    expect(JSON.stringify(refusals[0]?.stale?.[0]?.loss)).toContain("book");
  });
});

describe("D5 asks production's bucket for versions", () => {
  test("one that keeps none is refused, with the command that turns them on", async () => {
    const world = versioned();
    writtenByStrangers(world, "production");
    const ines = world.copy("ines");
    await ines.pull({ target: world.production });
    ines.areVersionsKept = false;
    ines.edit("index.html", page("<p>autumn</p>"));
    const { refused, kind } = await ines.deploy(world.production);
    expect(kind).toBe("refused");
    expect(refused).toEqual(["D5 versioning-off index.html"]);
    ines.areVersionsKept = true;
    expect((await ines.deploy(world.production)).kind).toBe("applied");
  });

  test("a reason in belay.yaml is enough, and staging is not asked", async () => {
    const world = new MemoryWorld({ keepsVersions: true, production: { unversioned: "the provider has none" } });
    const ines = world.copy("ines");
    ines.areVersionsKept = false;
    for (const target of [world.staging, world.production]) {
      ines.edit("index.html", spring);
      expect((await ines.deploy(target)).kind).toBe("applied");
      ines.edit("index.html", page(`<p>${target.name}</p>`));
      expect((await ines.deploy(target)).kind).toBe("applied");
    }
  });
});

describe("a store that does not hold writes to their expectations", () => {
  test.each(["create", "replace", "delete"] as const)("is refused before anything is begun: %s", async (kind) => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await publish(ines);
    ines.guaranteed = { [kind]: "none" };
    if (kind === "create") ines.edit("new.html", winter);
    else ines.edit("zebra.html", kind === "replace" ? winter : undefined);
    await expect(ines.deploy()).rejects.toMatchObject({ code: "store-unguarded", remedy: expect.stringContaining("If-Match") });
    expect(await ines.entryKinds()).toEqual(["started", "ended"]);
  });

  test("an operation that the plan does not need is not missed", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await publish(ines);
    ines.guaranteed = { delete: "none", create: "none" };
    ines.edit("zebra.html", winter);
    expect((await ines.deploy()).kind).toBe("applied");
  });
});

async function publish(copy: MemoryCopy): Promise<void> {
  copy.edit("index.html", spring);
  copy.edit("zebra.html", page("zebra"));
  expect((await copy.deploy()).kind).toBe("applied");
}

function onceAt(key: string, strike: () => void): MemoryCopy["beforeWrite"] {
  let hasStruck = false;
  return (_, written) => {
    if (written !== key || hasStruck) return;
    hasStruck = true;
    strike();
  };
}
