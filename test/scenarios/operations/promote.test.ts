import { expect, describe, test } from "vitest";
import { stepsOf } from "../../../src/core/plan/plan.ts";
import { adopt } from "../../../src/operations/adopt.ts";
import type { DeployResult } from "../../../src/operations/deploy.ts";
import { promote, type PromoteRequest } from "../../../src/operations/promote/promote.ts";
import type { Sight } from "../../../src/ports/probe.ts";
import { FakeHistory } from "../fake-history.ts";
import { before, digestOfText, MemoryWorld, toldOf, type MemoryCopy, type Told, type WorldOptions } from "../memory-bench.ts";

const page = (...lines: readonly string[]): string => ["<!doctype html>", "<title>Harbour</title>", ...lines, ""].join("\n");

const staged = (options: WorldOptions = {}): MemoryWorld =>
  new MemoryWorld({ ...options, production: { after: "staging", ...options.production } });

async function promoted(copy: MemoryCopy, more: Partial<PromoteRequest> = {}): Promise<Told & { readonly raw: DeployResult }> {
  const request = { target: copy.world.production, change: undefined, emergency: undefined, waitMs: 0, ...more };
  const raw = await promote(copy.bench, request, async () => await Promise.resolve("go"), copy.context);
  if (raw.kind === "unverified")
    return { ...toldOf({ kind: "refused", identified: raw.identified }), kind: `unverified ${raw.outcome}`, raw };
  return { ...toldOf(raw), raw };
}

async function publish(copy: MemoryCopy, files: Readonly<Record<string, string | undefined>>, title = "a change"): Promise<string> {
  for (const [key, text] of Object.entries(files)) copy.edit(key, text);
  const told = await copy.deploy(copy.world.staging, { title, selection: Object.keys(files) });
  expect(told.refused).toEqual([]);
  expect(told.kind).toBe("applied");
  return told.result.kind === "tried" && told.result.result.kind === "applied" ? told.result.result.release : "";
}

describe("promote", () => {
  test("takes what staging holds, byte for byte, and never the working folder", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1"), "style.css": "h1 {}\n" });
    ines.edit("index.html", page("not staged"));
    const { kind, result } = await promoted(ines);
    expect(kind).toBe("applied");
    expect(await world.liveText("production", "index.html")).toBe(page("1"));
    expect(await world.liveText("production", "style.css")).toBe("h1 {}\n");
    const steps = result.kind === "tried" ? stepsOf(result.identified.plan) : [];
    expect(steps.map(({ from }) => from?.store)).toEqual(["staging", "staging"]);
    expect(result.kind === "tried" && result.identified.plan.changes).toMatchObject([{ title: "a change", by: "ines" }]);
  });

  test("from another machine, which has neither the files nor a memory of them", async () => {
    const world = staged();
    await publish(world.copy("ines"), { "index.html": page("1"), "logo.png": "picture" });
    const runner = world.copy("runner", { kind: "ci", isAttended: false });
    expect((await promoted(runner)).kind).toBe("applied");
    expect(await world.liveText("production", "logo.png")).toBe("picture");
  });

  test("a second time finds nothing to do, and so does one with nothing staged", async () => {
    const world = staged();
    const ines = world.copy("ines");
    expect((await promoted(ines)).kind).toBe("nothing-to-do");
    await publish(ines, { "index.html": page("1") });
    await promoted(ines);
    expect((await promoted(ines)).kind).toBe("nothing-to-do");
  });

  test("is refused when staging changed by one byte after it was verified", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1") });
    world.stranger("staging", "index.html", page("2"));
    const { kind, refused } = await promoted(ines);
    expect(kind).toBe("refused");
    expect(refused).toEqual(["D2 stage-changed index.html"]);
    expect(await world.liveText("production", "index.html")).toBeUndefined();
  });

  test("takes the verified bytes even where staging changes between the plan and the write", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "about.html": page("about"), "index.html": page("1") });
    const runner = world.copy("runner");
    before(runner, "about.html", () => world.stranger("staging", "index.html", page("2")));
    expect((await promoted(runner)).kind).toBe("applied");
    expect(await world.liveText("production", "index.html")).toBe(page("1"));
  });

  test("is refused when production moved, and needs a person", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1") });
    await promoted(ines);
    world.stranger("production", "index.html", page("a stranger's"));
    await publish(ines, { "index.html": page("2") });
    const { kind, refused } = await promoted(ines);
    expect(kind).toBe("needs-person");
    expect(refused).toEqual(["D8 live-diverged index.html"]);
    expect(await world.liveText("production", "index.html")).toBe(page("a stranger's"));
  });

  test("production's own content at the first contact is replaced only by what was made from it", async () => {
    const world = staged();
    world.stranger("production", "index.html", page("rich", "tours"));
    world.stranger("staging", "index.html", page("poor"));
    const ines = world.copy("ines");
    ines.edit("index.html", page("poor"));
    for (const target of [world.staging, world.production]) await adopt(ines.bench, target, ines.context);
    await publish(ines, { "index.html": page("poor", "edited") });
    const { kind, refused } = await promoted(ines);
    expect(kind).toBe("refused");
    expect(refused).toEqual(["D1 not-seen index.html"]);

    await ines.pull({ target: world.production, take: "live" });
    await publish(ines, { "index.html": page("rich", "tours", "edited") });
    expect((await promoted(ines)).kind).toBe("applied");
    expect(await world.liveText("production", "index.html")).toBe(page("rich", "tours", "edited"));
  });

  test("a working copy's memory of production decides nothing", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1") });
    await promoted(ines);
    world.stranger("production", "index.html", page("stranger"));
    const live = await world.live.production.read("index.html", ines.context);
    if (!live) throw new Error("it is live");
    const forged = {
      digest: digestOfText(page("stranger")),
      sizeBytes: 1,
      headers: {},
      revision: live.observed.revision,
      at: "",
      how: "same",
    } as const;
    await ines.bench.base.save("production", new Map([["index.html", forged]]), ines.context);
    await publish(ines, { "index.html": page("2") });
    expect((await promoted(ines)).kind).toBe("needs-person");
  });

  test("one change goes alone past unfinished work, and the rest follows", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "a.html": page("a"), "b.html": page("b") });
    await promoted(ines);
    const unfinished = await publish(ines, { "a.html": page("a, unfinished") }, "unfinished");
    const hotfix = await publish(ines, { "b.html": page("b, mended") }, "hotfix");
    expect((await promoted(ines, { change: hotfix })).kind).toBe("applied");
    expect(await world.liveText("production", "a.html")).toBe(page("a"));
    expect(await world.liveText("production", "b.html")).toBe(page("b, mended"));
    const rest = await promoted(ines);
    expect(rest.kind).toBe("applied");
    expect(rest.result.kind === "tried" && rest.result.identified.plan.changes?.map(({ id }) => id)).toEqual([unfinished]);
  });

  test("a change that stands on an unpromoted one is not torn from it, nor one that was overwritten", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "a.html": page("a") });
    await promoted(ines);
    const first = await publish(ines, { "a.html": page("a 2") }, "first");
    const second = await publish(ines, { "a.html": page("a 3") }, "second");
    expect((await promoted(ines, { change: second })).refused).toEqual(["D3 overlapping-change a.html"]);
    expect((await promoted(ines, { change: first })).refused).toEqual(["D3 overlapping-change a.html"]);
    const both = await promoted(ines);
    expect(both.kind).toBe("applied");
    expect(both.result.kind === "tried" && both.result.identified.plan.changes?.map(({ title }) => title)).toEqual(["first", "second"]);
  });

  test("what production has taken once is not listed again after a stranger's edit there was pulled and redeployed", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "a.html": page("a") }, "first");
    await promoted(ines);
    world.stranger("production", "a.html", page("a", "stranger's"));
    await ines.pull({ target: world.production, take: "live" });
    const second = await publish(ines, { "a.html": page("a", "stranger's", "and mine") }, "second");
    const { kind, result } = await promoted(ines);
    expect(kind).toBe("applied");
    expect(result.kind === "tried" && result.identified.plan.changes?.map(({ id }) => id)).toEqual([second]);
  });

  test("bytes that no commit holds do not go to production", async () => {
    const history = new FakeHistory();
    history.commit("start", { "index.html": page("1") });
    const world = staged();
    const ines = world.copy("ines", { history });
    history.isDirty = true;
    await publish(ines, { "index.html": page("2") });
    expect((await promoted(ines)).refused).toEqual(["D2 not-committed index.html"]);
    history.commit("two", { "index.html": page("2") });
    expect((await promoted(ines)).kind).toBe("applied");
  });

  test("an asset that staging deleted stays on production; a page goes", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1"), "old.html": page("old"), "logo.png": "picture" });
    await promoted(ines);
    await publish(ines, { "old.html": undefined, "logo.png": undefined });
    expect((await promoted(ines)).kind).toBe("applied");
    expect(await world.liveText("production", "old.html")).toBeUndefined();
    expect(await world.liveText("production", "logo.png")).toBe("picture");
  });

  test("looks at staging as visitors do: bad stops it, and what cannot be told is not good", async () => {
    const seen: { sight: Sight } = { sight: { kind: "unreachable", cause: "connection refused" } };
    const world = staged({ staging: { url: "https://staging.example.com" } });
    const deployer = world.copy("ines", { look: async () => await Promise.resolve(answering(page("1"))) });
    await publish(deployer, { "index.html": page("1") });
    const ines = world.copy("promoter", { look: async () => await Promise.resolve(seen.sight) });
    expect((await promoted(ines)).kind).toBe("unverified unknown");
    seen.sight = answering(page("the edge's old body"));
    expect((await promoted(ines)).kind).toBe("unverified bad");
    expect(await world.liveText("production", "index.html")).toBeUndefined();
    seen.sight = answering(page("1"));
    expect((await promoted(ines)).kind).toBe("applied");
  });

  test("what differs on one of both by design is not promoted", async () => {
    const world = staged({ site: { except: { staging: ["robots.txt"] } } });
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1") });
    world.stranger("staging", "robots.txt", "Disallow: /");
    expect((await promoted(ines)).kind).toBe("applied");
    expect(await world.liveText("production", "robots.txt")).toBeUndefined();
  });

  test("an emergency is recorded, and warns whoever comes next", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1") });
    expect((await promoted(ines, { emergency: "the booking form is down" })).kind).toBe("applied");
    expect((await ines.ledger()).warnings).toMatchObject([
      { paths: ["index.html"], text: expect.stringContaining("the booking form is down") },
    ]);
  });
});

function answering(text: string): Sight {
  return { kind: "seen", status: 200, digest: digestOfText(text), headers: { "content-type": "text/html" } };
}
