import { describe, expect, it } from "vitest";
import { isSeen } from "../../../src/core/guard/edits/is-seen.ts";
import { namedMax, unseenMax } from "../../../src/core/guard/edits/look.ts";
import { status } from "../../../src/operations/compare/status.ts";
import { deploy } from "../../../src/operations/deploy.ts";
import { pull } from "../../../src/operations/pull.ts";
import { rollback } from "../../../src/operations/way-back/rollback.ts";
import type { Workbench } from "../../../src/operations/workbench.ts";
import { memoryLookBook } from "../../fakes/memory-look-book.ts";
import { MemoryWorld, type MemoryCopy } from "../../scenarios/memory-bench.ts";

/** A copy whose looks are noted, and what its session would be told of a page at staging. */
function looking(
  world: MemoryWorld,
  copy: MemoryCopy,
): { readonly bench: Workbench; readonly looks: ReturnType<typeof memoryLookBook>; readonly seen: (path: string) => boolean } {
  const looks = memoryLookBook();
  const startedAtMs = world.nowMs;
  return {
    looks,
    bench: { ...copy.bench, looks },
    seen: (path) => isSeen({ site: "default", target: "staging", path }, { startedAtMs, nowMs: world.nowMs }, looks.all()),
  };
}

const go = async (): Promise<"go"> => await Promise.resolve("go");

async function published(): Promise<{ readonly world: MemoryWorld; readonly ana: MemoryCopy; readonly cem: MemoryCopy }> {
  const world = new MemoryWorld();
  const [ana, cem] = [world.copy("ana"), world.copy("cem", { kind: "agent" })];
  ana.edit("index.html", "one");
  ana.edit("menu.html", "fish");
  await ana.deploy();
  await cem.pull();
  return { world, ana, cem };
}

describe("a look", () => {
  it("is noted by status: what is the same or ahead is seen, what is behind, diverged or unknown is not", async () => {
    const { world, ana, cem } = await published();
    cem.edit("menu.html", "fish and chips");
    cem.edit("mine.html", "new");
    world.stranger("staging", "strange.html", "who");
    ana.edit("index.html", "two");
    await ana.deploy();
    const { bench, looks, seen } = looking(world, cem);
    await status(bench, { target: world.staging, selection: undefined }, cem.context);
    expect(looks.all()).toHaveLength(1);
    expect(looks.all()[0]?.unseen).toMatchObject([
      { path: "index.html", lineage: "behind", liveBy: "ana", release: expect.stringMatching(/^r\d+$/u) },
      { path: "strange.html", lineage: "behind", isAbsentHere: true },
    ]);
    expect(["index.html", "menu.html", "mine.html", "strange.html"].map(seen)).toEqual([false, true, true, false]);
  });

  it("of named paths says nothing of others", async () => {
    const { world, cem } = await published();
    const { bench, seen } = looking(world, cem);
    await status(bench, { target: world.staging, selection: ["menu.html"] }, cem.context);
    expect([seen("menu.html"), seen("index.html")]).toEqual([true, false]);
  });

  it("is followed by what a pull brought, and by nothing that it could not bring", async () => {
    const { world, ana, cem } = await published();
    ana.edit("index.html", "two");
    ana.edit("menu.html", undefined);
    await ana.deploy();
    cem.edit("menu.html", "fish and chips");
    const { bench, seen } = looking(world, cem);
    const { pulled } = await pull(bench, { target: world.staging, selection: undefined, take: undefined }, cem.context);
    expect(pulled.map(({ path, outcome }) => `${path} ${outcome}`)).toEqual(["index.html fast-forwarded", "menu.html needs-choice"]);
    expect([seen("index.html"), seen("menu.html")]).toEqual([true, false]);
  });

  it("by a deploy counts, and the deploy itself leaves its pages seen", async () => {
    const { world, cem } = await published();
    cem.edit("menu.html", "soup");
    const { bench, seen } = looking(world, cem);
    await deploy(bench, { target: world.staging, selection: undefined, title: undefined, waitMs: 0 }, go, cem.context);
    expect([seen("menu.html"), seen("index.html")]).toEqual([true, true]);
  });

  it("is over where a rollback has brought what this copy does not have", async () => {
    const { world, cem } = await published();
    cem.edit("menu.html", "soup");
    const { bench, seen } = looking(world, cem);
    await deploy(bench, { target: world.staging, selection: undefined, title: undefined, waitMs: 0 }, go, cem.context);
    expect(seen("menu.html")).toBe(true);
    world.nowMs += 60_000;
    await rollback(bench, { target: world.staging, to: undefined, waitMs: 0 }, go, cem.context);
    expect([seen("menu.html"), seen("index.html")]).toEqual([false, true]);
  });

  it("at a file that was taken away here shows it only where it was asked for by name", async () => {
    const { world, cem } = await published();
    cem.edit("menu.html", undefined);
    const { bench, seen } = looking(world, cem);
    await status(bench, { target: world.staging, selection: undefined }, cem.context);
    expect(seen("menu.html")).toBe(false);
    await status(bench, { target: world.staging, selection: ["menu.html"] }, cem.context);
    expect(seen("menu.html")).toBe(true);
  });

  it("at a site of which a copy has seen nothing stays small, and shows none of it as seen", async () => {
    const world = new MemoryWorld();
    const copy = world.copy("late");
    for (let at = 0; at < unseenMax + 5; at += 1) {
      world.stranger("staging", `p${at}.html`, `live ${at}`);
      copy.edit(`p${at}.html`, `here ${at}`);
    }
    const { bench, looks, seen } = looking(world, copy);
    await status(bench, { target: world.staging, selection: undefined }, copy.context);
    expect(looks.all()[0]?.unseen).toHaveLength(unseenMax);
    expect(["p0.html", `p${unseenMax + 4}.html`, "p9.html"].map(seen)).toEqual([false, false, false]);
  });

  it("at more named paths than are kept counts for those that are", async () => {
    const { world, cem } = await published();
    const { bench, looks } = looking(world, cem);
    const selection = Array.from({ length: namedMax + 3 }, (_, at) => `x${at}.html`);
    await status(bench, { target: world.staging, selection }, cem.context);
    expect(looks.all()[0]?.paths).toHaveLength(namedMax);
  });
});
