import { describe, expect, test } from "vitest";
import { stepsOf, type PromotedChange } from "../../../src/core/plan/plan.ts";
import { adopt } from "../../../src/operations/adopt.ts";
import { makePlan } from "../../../src/operations/plan.ts";
import { promote, type PromoteRequest } from "../../../src/operations/promote/promote.ts";
import { addWarning } from "../../../src/operations/warn.ts";
import { killedAt, MemoryWorld, toldOf, type MemoryCopy, type Told, type WorldOptions } from "../memory-bench.ts";

const go = async (): Promise<"go"> => await Promise.resolve("go");
const page = (...lines: readonly string[]): string => ["<!doctype html>", "<title>Harbour</title>", ...lines, ""].join("\n");
const styled = (...lines: readonly string[]): string => page('<link rel="stylesheet" href="new.css">', ...lines);
const staged = (options: WorldOptions = {}): MemoryWorld => new MemoryWorld({ ...options, production: { after: "staging" } });

async function promoted(copy: MemoryCopy, more: Partial<PromoteRequest> = {}): Promise<Told> {
  const request = { target: copy.world.production, change: undefined, emergency: undefined, waitMs: 0, ...more };
  return toldOf(await promote(copy.bench, request, go, copy.context));
}

async function publish(copy: MemoryCopy, files: Readonly<Record<string, string | undefined>>, title = "a change"): Promise<string> {
  for (const [key, text] of Object.entries(files)) copy.edit(key, text);
  const told = await copy.deploy(copy.world.staging, { title, selection: Object.keys(files) });
  expect(told).toMatchObject({ kind: "applied" });
  return told.result.kind === "tried" && told.result.result.kind === "applied" ? told.result.result.release : "";
}

const keysOf = ({ result }: Told): string[] =>
  "identified" in result ? stepsOf(result.identified.plan).map(({ change }) => change.at.key) : [];
const changesOf = ({ result }: Told): readonly PromotedChange[] => ("identified" in result ? (result.identified.plan.changes ?? []) : []);

describe("what a stage holds by no release of its own can still go on:", () => {
  test("a new asset that an undone deploy left there goes with the page that needs it", async () => {
    const world = staged({ site: { unit: "page" } });
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1") });
    await promoted(ines);
    ines.edit("new.css", "h1 {}\n");
    ines.edit("index.html", styled("2"));
    await killedAt(ines, "index.html", async () => await ines.deploy());
    world.nowMs += 3_600_000;
    await world.copy("ole").resume("put-back");
    expect(await world.liveText("staging", "new.css")).toBe("h1 {}\n");
    const again = await ines.deploy();
    expect(again.refused).toEqual([]);
    expect(keysOf(again)).toEqual(["new.css", "index.html"]);
    expect((await promoted(ines)).kind).toBe("applied");
    expect(await world.liveText("production", "new.css")).toBe("h1 {}\n");
    expect((await ines.deploy()).kind).toBe("nothing-to-do");
  });

  test("another hand's write, once it was pulled and deployed as the refusal says", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1"), "logo.svg": "<svg/>" });
    await promoted(ines);
    await publish(ines, { "index.html": page("2"), "logo.svg": "<svg>2</svg>" });
    world.stranger("staging", "index.html", page("2", "theirs"));
    world.stranger("staging", "logo.svg", "<svg>theirs</svg>");
    expect((await promoted(ines)).refusals.map(({ remedy }) => remedy)).toEqual([
      "belay pull staging index.html logo.svg\nbelay deploy staging",
    ]);
    await ines.pull({ target: world.staging, selection: ["index.html", "logo.svg"] });
    expect(keysOf(await ines.deploy(world.staging, { title: "theirs" }))).toEqual(["logo.svg", "index.html"]);
    expect((await promoted(ines)).kind).toBe("applied");
    expect(await world.liveText("production", "index.html")).toBe(page("2", "theirs"));
    expect(await world.liveText("production", "logo.svg")).toBe("<svg>theirs</svg>");
  });

  test("what was there before belay began, where it is named; the rest is not written again", async () => {
    const world = staged();
    const ines = world.copy("ines");
    for (const key of ["about.html", "other.html"]) {
      world.stranger("staging", key, page(key));
      ines.edit(key, page(key));
    }
    for (const target of [world.staging, world.production]) await adopt(ines.bench, target, ines.context);
    expect((await ines.deploy()).kind).toBe("nothing-to-do");
    const told = await ines.deploy(world.staging, { title: "about us", selection: ["about.html"] });
    expect(keysOf(told)).toEqual(["about.html"]);
    expect((await promoted(ines)).kind).toBe("applied");
    expect(await world.liveText("production", "about.html")).toBe(page("about.html"));
    expect(await world.liveText("production", "other.html")).toBeUndefined();
    expect((await ines.deploy(world.staging, { selection: ["about.html"] })).kind).toBe("nothing-to-do");
  });
});

test("a hand's write on production that this copy came to know by looking is settled by the pull that is told", async () => {
  const world = staged();
  const ines = world.copy("ines");
  for (const target of [world.staging, world.production]) await adopt(ines.bench, target, ines.context);
  await publish(ines, { "index.html": page("1") });
  await promoted(ines);
  ines.edit("index.html", page("hot"));
  world.stranger("production", "index.html", page("hot"));
  await makePlan(ines.bench, { target: world.production, selection: undefined, title: undefined }, ines.context);
  await publish(ines, { "index.html": page("hot", "2") });
  const refused = await promoted(ines);
  expect(refused.refusals.map(({ code, remedy }) => [code, remedy])).toEqual([["live-diverged", "belay pull production index.html"]]);
  await ines.pull({ target: world.production, selection: ["index.html"] });
  expect(await ines.entryKinds()).toContain("out-of-band");
  expect((await promoted(ines)).kind).toBe("applied");
});

describe("--change", () => {
  test("is not torn from the change whose new files it refers to", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1") });
    await promoted(ines);
    await publish(ines, { "new.css": "h1 {}", "a.html": styled("a") });
    const change = await publish(ines, { "b.html": styled("b") });
    expect((await promoted(ines, { change })).refused).toEqual(["D3 relies-on-change new.css"]);
    await publish(ines, { "new.css": "h2 {}" });
    const third = await publish(ines, { "c.html": page("c") });
    expect((await promoted(ines, { change: third })).kind).toBe("applied");
    expect((await promoted(ines)).kind).toBe("applied");
    expect(await world.liveText("production", "new.css")).toBe("h2 {}");
  });

  test("of files that production has in an older version goes alone", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "new.css": "h1 {}", "a.html": styled("a") });
    await promoted(ines);
    await publish(ines, { "new.css": "h2 {}" });
    const change = await publish(ines, { "b.html": styled("b") });
    expect((await promoted(ines, { change })).kind).toBe("applied");
    expect(await world.liveText("production", "new.css")).toBe("h1 {}");
  });

  test("that no release of the stage has is a mistake, and one that was taken already is nothing to do", async () => {
    const world = staged();
    const ines = world.copy("ines");
    const change = await publish(ines, { "index.html": page("1") });
    await expect(promoted(ines, { change: "r999" })).rejects.toMatchObject({ code: "usage" });
    await promoted(ines);
    expect((await promoted(ines, { change })).kind).toBe("nothing-to-do");
  });
});

test("an asset that the stage has deleted is not told of with every later promotion", async () => {
  const world = staged();
  const ines = world.copy("ines");
  await publish(ines, { "index.html": page("1"), "app.js": "one" });
  await promoted(ines);
  await publish(ines, { "app.js": undefined }, "drop app.js");
  await publish(ines, { "index.html": page("2") }, "second");
  const told = await promoted(ines);
  expect(told.kind).toBe("applied");
  expect(changesOf(told).map(({ title }) => title)).toEqual(["second"]);
});

test("a page that was deleted and made again, and content that came back, go on as any other", async () => {
  const world = staged();
  const ines = world.copy("ines");
  await publish(ines, { "index.html": page("A"), "x.html": page("x") });
  await promoted(ines);
  await publish(ines, { "index.html": page("B"), "x.html": undefined });
  await publish(ines, { "index.html": page("A", "C"), "x.html": page("x2") });
  expect((await promoted(ines)).kind).toBe("applied");
  expect(await world.liveText("production", "x.html")).toBe(page("x2"));
  expect((await ines.rollback(world.production)).kind).toBe("applied");
  expect((await promoted(ines)).refused).toEqual([expect.stringContaining("D2 rolled-back")]);
  await publish(ines, { "index.html": page("D"), "x.html": page("x3") });
  expect((await promoted(ines)).kind).toBe("applied");
});

test("what an emergency has brought is rolled back in one command, and its warning goes on to stand in the way of anything else", async () => {
  const world = staged();
  const ines = world.copy("ines");
  await publish(ines, { "index.html": page("1") });
  await promoted(ines);
  await publish(ines, { "index.html": page("2") });
  expect((await promoted(ines, { emergency: "prices are wrong" })).kind).toBe("applied");
  expect((await ines.rollback(world.production)).kind).toBe("applied");
  expect(await world.liveText("production", "index.html")).toBe(page("1"));
  await publish(ines, { "index.html": page("3") });
  expect((await promoted(ines)).refused).toEqual(["D4 open-warning index.html"]);
  const other = world.copy("ole");
  await addWarning(other.bench, { paths: ["index.html"], text: "ask me first" }, other.context);
  expect((await ines.restore(world.production)).refused).toEqual(["D4 open-warning index.html"]);
});
