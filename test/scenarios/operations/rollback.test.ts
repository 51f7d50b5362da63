import { describe, expect, test } from "vitest";
import { stepsOf, type Plan } from "../../../src/core/plan/plan.ts";
import { appendAlways } from "../../../src/operations/append-always.ts";
import { listSnapshots } from "../../../src/operations/way-back/snapshots.ts";
import { tombstonesOf } from "../../../src/operations/way-back/tombstones.ts";
import { resolveWarning } from "../../../src/operations/warn.ts";
import { digestOfText, killedAt, MemoryWorld, type MemoryCopy, type Told } from "../memory-bench.ts";

/** Each round edits these files and deploys them as one release: `r1`, `r3`, `r5`, … */
async function released(copy: MemoryCopy, ...rounds: readonly Readonly<Record<string, string | undefined>>[]): Promise<void> {
  for (const round of rounds) {
    for (const [key, text] of Object.entries(round)) copy.edit(key, text);
    copy.world.nowMs += 1000;
    expect((await copy.deploy()).kind).toBe("applied");
  }
}

function planOf({ result }: Told): Plan {
  if (!("identified" in result)) throw new Error("there is no plan");
  return result.identified.plan;
}

const stepsIn = (told: Told): string[] => stepsOf(planOf(told)).map(({ change, because }) => `${change.kind} ${change.at.key}: ${because}`);

async function liveTexts(world: MemoryWorld, ...keys: readonly string[]): Promise<(string | undefined)[]> {
  return await Promise.all(keys.map(async (key) => await world.liveText("staging", key)));
}

async function titles(copy: MemoryCopy): Promise<string[]> {
  const snapshots = await listSnapshots(copy.bench, copy.world.staging, copy.context);
  return snapshots.map(
    ({ release, title, isCurrent, rolledBackBy }) =>
      `${release}${isCurrent ? " current" : ""}${rolledBackBy === undefined ? "" : ` rolled back by ${rolledBackBy}`}: ${title}`,
  );
}

describe("rollback", () => {
  test("goes to what the release before the last had left, as a release of its own", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n" }, { "index.html": "two\n" }, { "index.html": "three\n", "about.html": "about\n" });
    const told = await ines.rollback();
    expect([told.kind, planOf(told).intent, planOf(told).title]).toEqual(["applied", "rollback", "roll back to r3"]);
    expect(stepsIn(told)).toEqual(["replace index.html: as it was after r3", "delete about.html: as it was after r3"]);
    expect(await liveTexts(world, "index.html", "about.html")).toEqual(["two\n", undefined]);
    expect(await titles(ines)).toEqual([
      "r7: roll back to r3",
      "r5 rolled back by r7: about.html and 1 more",
      "r3 current: index.html",
      "r1: index.html",
    ]);
  });

  test("gives up what it goes back over, also where another hand had written over it", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n" }, { "index.html": "two\n" });
    world.stranger("staging", "index.html", "a stranger's\n");
    await ines.pull({ take: "live" });
    const told = await ines.rollback(world.staging, "r1");
    expect(told.kind).toBe("applied");
    const stones = await tombstonesOf(ines.bench, { ledger: await ines.ledger(), target: world.staging }, ines.context);
    expect([...(stones.get("index.html")?.keys() ?? [])].toSorted()).toEqual(
      [digestOfText("two\n"), digestOfText("a stranger's\n")].toSorted(),
    );
  });

  test.each([
    ["r1", "one\n"],
    ["r3", "two\n"],
    ["r5", "three\n"],
  ])("goes to any release: %s", async (to, text) => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n" }, { "index.html": "two\n" }, { "index.html": "three\n" }, { "index.html": "four\n" });
    expect((await ines.rollback(world.staging, to)).kind).toBe("applied");
    expect(await world.liveText("staging", "index.html")).toBe(text);
  });

  test("leaves assets that came later, brings replaced and deleted ones back, and says which stay", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(
      ines,
      { "index.html": "one\n", "site.css": "old\n", "hero.jpg": "hero\n" },
      { "index.html": "two\n", "site.css": "new\n", "hero.jpg": undefined, "dusk.jpg": "dusk\n", "fonts/a.woff2": "font\n" },
    );
    const told = await ines.rollback();
    expect(told.kind).toBe("applied");
    expect(planOf(told).stays).toEqual(["dusk.jpg", "fonts/a.woff2"]);
    expect(await liveTexts(world, "index.html", "site.css", "hero.jpg", "dusk.jpg")).toEqual(["one\n", "old\n", "hero\n", "dusk\n"]);
  });

  test("a second time goes no further, and names what would", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n" }, { "index.html": "two\n" }, { "index.html": "three\n" });
    await ines.rollback();
    const again = await ines.rollback();
    expect([again.kind, again.already]).toEqual(["nothing-to-do", { by: "r7", further: { when: "after", release: "r1" } }]);
    expect(await world.liveText("staging", "index.html")).toBe("two\n");
    expect((await ines.rollback(world.staging, "r1")).kind).toBe("applied");
    expect(await world.liveText("staging", "index.html")).toBe("one\n");
    expect((await ines.rollback()).already).toEqual({ by: "r9", further: { when: "before", release: "r1" } });
  });

  test("to what is there already finds nothing to do", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n" }, { "index.html": "two\n" });
    const told = await ines.rollback(world.staging, "r3");
    expect([told.kind, told.already]).toEqual(["nothing-to-do", undefined]);
    expect(await ines.entryKinds()).toHaveLength(4);
  });

  test("of the first release goes to what was there before belay wrote", async () => {
    const world = new MemoryWorld();
    world.stranger("staging", "index.html", "before\n");
    const ines = world.copy("ines");
    await ines.pull();
    await released(ines, { "index.html": "one\n", "about.html": "about\n", "site.css": "css\n" });
    const told = await ines.rollback();
    expect([told.kind, planOf(told).title]).toEqual(["applied", "roll back what r1 changed"]);
    expect(await liveTexts(world, "index.html", "about.html", "site.css")).toEqual(["before\n", undefined, "css\n"]);
    expect((await ines.rollback()).already).toEqual({ by: "r3", further: undefined });
  });

  test("after a restore takes the restore back", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n" }, { "index.html": "two\n" });
    await ines.restore();
    expect(await world.liveText("staging", "index.html")).toBe("one\n");
    const told = await ines.rollback();
    expect([told.kind, planOf(told).title]).toEqual(["applied", "roll back to r3"]);
    expect(await world.liveText("staging", "index.html")).toBe("two\n");
  });

  test("steps over what was rolled back: A, B, back to A, C, and back again is A", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "A\n" }, { "index.html": "B\n" });
    await ines.rollback();
    await ines.pull();
    await released(ines, { "index.html": "C\n" });
    const told = await ines.rollback();
    expect(planOf(told).title).toBe("roll back to r1");
    expect(await world.liveText("staging", "index.html")).toBe("A\n");
  });

  test("goes to and fro between A and B, each time on purpose", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "A\n" }, { "index.html": "B\n" });
    for (const [to, text] of [
      ["r1", "A\n"],
      ["r3", "B\n"],
      ["r1", "A\n"],
      ["r3", "B\n"],
    ] as const) {
      expect((await ines.rollback(world.staging, to)).kind).toBe("applied");
      expect(await world.liveText("staging", "index.html")).toBe(text);
    }
    expect(await titles(ines)).toContain("r3 current: index.html");
  });

  test("steps over a sweep, and brings back what it removed where the older page needs it", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "<img src=hero.jpg>\n", "hero.jpg": "hero\n" });
    await released(ines, { "index.html": "two\n" });
    ines.edit("hero.jpg", undefined);
    expect((await ines.sweep(world.staging, 0)).kind).toBe("applied");
    expect(await world.liveText("staging", "hero.jpg")).toBeUndefined();
    const told = await ines.rollback();
    expect([told.kind, planOf(told).title]).toEqual(["applied", "roll back to r1"]);
    expect(await liveTexts(world, "index.html", "hero.jpg")).toEqual(["<img src=hero.jpg>\n", "hero\n"]);
    await ines.sweep(world.staging, 0);
    expect((await ines.rollback()).already?.by).toBe("r7");
  });

  test("takes headers back where only they were changed", async () => {
    const world = new MemoryWorld();
    let cache = "no-cache";
    const ines = world.copy("ines", { headersFor: () => ({ "cache-control": cache }) });
    await released(ines, { "index.html": "one\n" });
    cache = "max-age=600";
    await released(ines, {});
    const told = await ines.rollback();
    expect(stepsIn(told)).toEqual(["replace index.html: as it was after r1"]);
    const live = await world.live.staging.read("index.html", ines.context);
    expect(live?.observed.headers).toEqual({ "cache-control": "no-cache" });
    expect((await ines.rollback()).kind).toBe("nothing-to-do");
  });

  test("over a stranger's edit stops for a person, and the edit stays", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n", "about.html": "a\n" }, { "index.html": "two\n", "about.html": "b\n" });
    world.stranger("staging", "index.html", "theirs\n");
    const told = await ines.rollback();
    expect([told.kind, ...told.refused]).toEqual(["needs-person", "D8 live-is-ahead index.html"]);
    expect(told.refusals[0]?.remedy).toContain("belay pull staging index.html");
    expect(await liveTexts(world, "index.html", "about.html")).toEqual(["theirs\n", "b\n"]);
  });

  test("goes through over a stranger's edit once a pull has brought that here, as the refusal says", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n" }, { "index.html": "two\n" });
    world.stranger("staging", "index.html", "theirs\n");
    expect((await ines.rollback()).kind).toBe("needs-person");
    const { pulled, standing } = await ines.pull({ selection: ["index.html"] });
    expect([pulled, standing]).toMatchObject([[{ outcome: "fast-forwarded" }], []]);
    expect((await ines.rollback()).kind).toBe("applied");
    expect(await world.liveText("staging", "index.html")).toBe("one\n");
    expect(await ines.text("index.html")).toBe("theirs\n");
  });

  test("goes through over a stranger's edit once it was recorded and a person has said that it may go", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n" }, { "index.html": "two\n" });
    world.stranger("staging", "index.html", "theirs\n");
    const about = { actor: ines.bench.actor, site: "default", target: "staging" } as const;
    const writes = [{ path: "index.html", found: digestOfText("theirs\n"), sizeBytes: 7, headers: {} }];
    await appendAlways(ines.bench, { kind: "out-of-band", ...about, warning: "w1", writes }, ines.context);
    const blocked = await ines.rollback();
    expect(blocked.refused).toContain("D8 live-is-ahead index.html");
    await resolveWarning(ines.bench, { id: "w1", why: "not wanted" }, ines.context);
    expect((await ines.rollback()).kind).toBe("applied");
    expect(await world.liveText("staging", "index.html")).toBe("one\n");
  });

  test("leaves pages alone that no release has touched since", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n", "about.html": "a\n" }, { "index.html": "two\n" });
    world.stranger("staging", "about.html", "theirs\n");
    expect((await ines.rollback()).kind).toBe("applied");
    expect(await liveTexts(world, "index.html", "about.html")).toEqual(["one\n", "theirs\n"]);
  });

  test("waits until what was interrupted has an end", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n" });
    ines.edit("index.html", "two\n");
    await killedAt(ines, "index.html", async () => await ines.deploy());
    await expect(ines.rollback()).rejects.toMatchObject({ code: "unsettled" });
  });

  test("is bound by warnings as a deploy is", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n" }, { "index.html": "two\n" });
    const warning = {
      kind: "warned",
      actor: ines.bench.actor,
      site: "default",
      warning: "w1",
      paths: ["index.html"],
      text: "wait",
    } as const;
    await appendAlways(ines.bench, warning, ines.context);
    expect((await ines.rollback()).refused).toEqual(["D4 open-warning index.html"]);
  });

  test("of nothing, or to an unknown release, is a matter of usage", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await expect(ines.rollback()).rejects.toMatchObject({ code: "usage" });
    await released(ines, { "index.html": "one\n" });
    await expect(ines.rollback(world.staging, "r2")).rejects.toMatchObject({ code: "usage" });
  });

  test("does not begin where bytes are lost that it would put back", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": "one\n", "about.html": "a\n" }, { "index.html": "two\n", "about.html": "b\n" });
    const lost = digestOfText("one\n");
    for await (const { key } of world.state.list("", ines.context)) if (key.endsWith(lost)) world.state.force(key, undefined);
    const tomas = world.copy("tomas");
    const told = await tomas.rollback();
    expect([told.kind, ...told.refused]).toEqual(["refused", "D5 bytes-lost index.html"]);
    expect(await liveTexts(world, "index.html", "about.html")).toEqual(["two\n", "b\n"]);
  });

  test("reaches past the releases that the folded state keeps", { timeout: 60_000 }, async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    const rounds = Array.from({ length: 203 }, (_, at) => ({ "index.html": `${at}\n` }));
    await released(ines, ...rounds);
    expect((await ines.rollback(world.staging, "r1")).kind).toBe("applied");
    expect(await world.liveText("staging", "index.html")).toBe("0\n");
  });
});

describe("rollback on production", () => {
  test("by a person at the terminal needs nobody else; by an agent it waits for whoever has to approve", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    for (const text of ["one\n", "two\n"]) {
      ines.edit("index.html", text);
      expect((await ines.deploy(world.production)).kind).toBe("applied");
    }
    const approved = { ...world.production, approvals: 1 };
    const site = { ...world.site, targets: [world.staging, approved] };
    const bot = world.copy("bot", { kind: "agent", isAttended: false, site });
    const asked = await bot.rollback(approved);
    expect(asked.kind).not.toBe("applied");
    expect(planOf(asked).needs).toMatchObject({ count: 1 });
    expect(await world.liveText("production", "index.html")).toBe("two\n");
    const eva = world.copy("eva", { site });
    const told = await eva.rollback(approved);
    expect([told.kind, planOf(told).needs]).toEqual(["applied", undefined]);
    expect(await world.liveText("production", "index.html")).toBe("one\n");
  });
});

/** A release of two pages, rolled back. */
async function there(): Promise<{ world: MemoryWorld; ines: MemoryCopy }> {
  const world = new MemoryWorld();
  const ines = world.copy("ines");
  await released(ines, { "index.html": "one\n" }, { "index.html": "two\n", "about.html": "about\n" });
  expect((await ines.rollback()).kind).toBe("applied");
  return { world, ines };
}

describe("what was rolled back", () => {
  test("is not deployed again, not even by a copy that has kept its own side", async () => {
    const { world, ines } = await there();
    expect((await ines.deploy()).kind).toBe("needs-person");
    await ines.pull({ take: "mine" });
    const told = await ines.deploy(world.staging, { selection: ["about.html"] });
    expect([told.kind, ...told.refused]).toEqual(["refused", "D2 rolled-back about.html"]);
    expect(told.refusals[0]?.remedy).toContain("belay restore staging about.html --from r5");
    expect(await liveTexts(world, "index.html", "about.html")).toEqual(["one\n", undefined]);
  });

  test("may come in other bytes", async () => {
    const { world, ines } = await there();
    await ines.pull({ take: "mine" });
    ines.edit("about.html", "about, mended\n");
    expect((await ines.deploy(world.staging, { selection: ["about.html"] })).kind).toBe("applied");
  });

  test("comes back by a restore, and then a deploy may bring it again", async () => {
    const { world, ines } = await there();
    expect((await ines.restore(world.staging, { from: "r5" })).kind).toBe("applied");
    expect(await liveTexts(world, "index.html", "about.html")).toEqual(["two\n", "about\n"]);
    expect((await titles(ines)).filter((title) => title.includes("rolled back by"))).toEqual([]);
    await ines.pull();
    ines.edit("about.html", undefined);
    expect((await ines.deploy()).kind).toBe("applied");
  });
});
