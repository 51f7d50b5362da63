import { describe, expect, test } from "vitest";
import type { FeatureToken } from "../../../src/core/site.ts";
import { retireToken } from "../../../src/operations/tokens.ts";
import { addWarning, listWarnings, resolveWarning } from "../../../src/operations/warn.ts";
import { before, MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

const note = "production is newer than this repository";

/** Published pages, warned about, and another agent at a copy of its own: one that has seen what is live, or a version before it. */
async function warned(
  paths: readonly string[],
  { isStale = false } = {},
): Promise<{ world: MemoryWorld; ines: MemoryCopy; bot: MemoryCopy; id: string }> {
  const world = new MemoryWorld();
  const ines = world.copy("ines");
  for (const key of ["index.html", "tours/a.html", "tours/b.html"]) ines.edit(key, `${key}\n`);
  expect((await ines.deploy()).kind).toBe("applied");
  const bot = world.copy("bot", { kind: "agent", isAttended: false });
  await bot.pull();
  if (isStale) {
    for (const key of ["index.html", "tours/a.html", "tours/b.html"]) ines.edit(key, `${key}, newer\n`);
    await ines.deploy();
  }
  const { id } = await addWarning(bot.bench, { paths, text: note }, bot.context);
  return { world, ines, bot, id };
}

describe("a warning", () => {
  test("blocks the deploy of its path on every machine, in words", async () => {
    const { ines, world } = await warned(["index.html"]);
    ines.edit("index.html", "next\n");
    const { kind, refused, refusals } = await ines.deploy();
    expect([kind, ...refused]).toEqual(["refused", "D4 open-warning index.html"]);
    expect(refusals[0]?.message).toContain(note);
    expect(await world.liveText("staging", "index.html")).toBe("index.html\n");
  });

  test("leaves other paths free", async () => {
    const { ines } = await warned(["index.html"]);
    ines.edit("tours/a.html", "next\n");
    expect((await ines.deploy()).kind).toBe("applied");
  });

  test("blocks whatever lies in a folder that it names", async () => {
    const { ines } = await warned(["tours/"]);
    ines.edit("tours/new.html", "new\n");
    expect((await ines.deploy()).refused).toEqual(["D4 open-warning tours/new.html"]);
  });

  test("is cleared by a pull that brings its path, by an agent too, and told by id", async () => {
    const { bot, id } = await warned(["index.html"], { isStale: true });
    expect((await bot.pull({ selection: ["index.html"] })).resolved).toEqual([id]);
    bot.edit("index.html", "next\n");
    expect((await bot.deploy(bot.world.staging, { selection: ["index.html"] })).kind).toBe("applied");
  });

  test("is not cleared by a pull that brings nothing: nobody has seen anything new by it", async () => {
    const { bot, id } = await warned(["index.html", "tours/"]);
    expect(await bot.pull()).toMatchObject({ pulled: [], resolved: [], standing: [id] });
    expect((await listWarnings(bot.bench, bot.context)).warnings).toMatchObject([{ id, paths: ["index.html", "tours/"] }]);
    bot.edit("index.html", "next\n");
    expect(await bot.pull({ selection: ["index.html"] })).toMatchObject({ pulled: [], resolved: [], standing: [id] });
    expect((await bot.deploy()).kind).toBe("refused");
  });

  test("on a folder is cleared by a pull of all of it that brings something", async () => {
    const { bot, id } = await warned(["tours/"], { isStale: true });
    expect((await bot.pull()).resolved).toEqual([id]);
  });

  test("stands until each of its paths was pulled", async () => {
    const { bot, id } = await warned(["index.html", "tours/a.html"], { isStale: true });
    expect(await bot.pull({ selection: ["index.html"] })).toMatchObject({ resolved: [], standing: [id] });
    expect((await listWarnings(bot.bench, bot.context)).warnings).toMatchObject([{ id, paths: ["tours/a.html"] }]);
    expect((await bot.pull({ selection: ["tours/a.html"] })).resolved).toEqual([id]);
  });

  test("is not cleared by a pull of other paths, nor by one that left a conflict or a choice", async () => {
    const { world, bot, id } = await warned(["index.html"]);
    await bot.pull({ selection: ["tours/a.html"] });
    world.stranger("staging", "index.html", "theirs\n");
    bot.edit("index.html", "mine\n");
    expect(await bot.pull({ selection: ["index.html"] })).toMatchObject({ pulled: [{ outcome: "conflicted" }], resolved: [] });
    // The stranger's write has a warning of its own.
    expect((await listWarnings(bot.bench, bot.context)).warnings).toMatchObject([{ id }, { target: "staging", paths: ["index.html"] }]);
  });

  test("on a folder is not cleared by a pull of one of its pages", async () => {
    const { bot } = await warned(["tours/"]);
    expect((await bot.pull({ selection: ["tours/a.html"] })).resolved).toEqual([]);
  });

  test("on a folder is not cleared by a pull that left a conflict in it", async () => {
    const { world, bot } = await warned(["tours/"]);
    world.stranger("staging", "tours/b.html", "theirs\n");
    bot.edit("tours/b.html", "mine\n");
    const { pulled, resolved } = await bot.pull();
    expect(pulled).toMatchObject([{ path: "tours/b.html", outcome: "conflicted" }]);
    expect(resolved).toEqual([]);
  });

  test("is cleared by a person's word with a reason, and by no agent's", async () => {
    const { ines, bot, id } = await warned(["index.html"]);
    await expect(resolveWarning(bot.bench, { id, why: "fine" }, bot.context)).rejects.toMatchObject({ code: "person-needed" });
    await expect(resolveWarning(ines.bench, { id, why: " " }, ines.context)).rejects.toMatchObject({ code: "usage" });
    await expect(resolveWarning(ines.bench, { id, why: "fine" }, { ...ines.context, isAttended: false })).rejects.toMatchObject({
      code: "person-needed",
    });
    await resolveWarning(ines.bench, { id, why: "merged by hand" }, ines.context);
    expect((await listWarnings(bot.bench, bot.context)).warnings).toEqual([]);
    await expect(resolveWarning(ines.bench, { id, why: "again" }, ines.context)).rejects.toMatchObject({ code: "usage" });
  });

  test("says something", async () => {
    const ines = new MemoryWorld().copy("ines");
    await expect(addWarning(ines.bench, { paths: ["index.html"], text: "  " }, ines.context)).rejects.toMatchObject({ code: "usage" });
    expect(await ines.entryKinds()).toEqual([]);
  });

  test("binds a restore as it binds a deploy", async () => {
    const { ines } = await warned(["index.html"]);
    expect((await ines.restore()).refused).toEqual(["D4 open-warning index.html"]);
  });

  test("that is opened while a deploy writes other paths does not stop it", async () => {
    const { ines, bot } = await warned(["index.html"]);
    ines.edit("tours/a.html", "next\n");
    let adding: Promise<unknown> = Promise.resolve();
    before(ines, "tours/a.html", () => {
      adding = addWarning(bot.bench, { paths: ["tours/b.html"], text: "second" }, bot.context);
    });
    expect((await ines.deploy()).kind).toBe("applied");
    await adding;
    expect((await ines.ledger()).warnings).toHaveLength(2);
  });
});

const fade: FeatureToken = { name: "FADE", file: "index.html", rule: "contains", text: "crossfade" };
const line: FeatureToken = { name: "LINE", file: "index.html", rule: "absent", text: "For readers of the Gazette" };

/** A page that keeps both tokens, published. */
async function withTokens(): Promise<{ world: MemoryWorld; ines: MemoryCopy }> {
  const world = new MemoryWorld({ site: { tokens: [fade, line] } });
  const ines = world.copy("ines");
  ines.edit("index.html", "<p>crossfade</p>\n");
  expect((await ines.deploy()).kind).toBe("applied");
  return { world, ines };
}

describe("a feature token", () => {
  test("that would go missing refuses the deploy, shown here against live", async () => {
    const { ines } = await withTokens();
    ines.edit("index.html", "<p>plain</p>\n");
    const { refused, result } = await ines.deploy();
    expect(refused).toEqual(["D7 token-missing index.html"]);
    expect(result.kind === "refused" && result.identified.plan.proof.tokens).toEqual([
      { name: "FADE", path: "index.html", local: "missing", live: "ok" },
      { name: "LINE", path: "index.html", local: "ok", live: "ok" },
    ]);
  });

  test("that would come back refuses the deploy", async () => {
    const { ines } = await withTokens();
    ines.edit("index.html", "<p>crossfade</p>\n<p>For readers of the Gazette</p>\n");
    expect((await ines.deploy()).refused).toEqual(["D7 token-resurrected index.html"]);
  });

  test("refuses the deletion of its page", async () => {
    const { ines } = await withTokens();
    ines.edit("index.html", undefined);
    ines.edit("other.html", "other\n");
    expect((await ines.deploy()).refused).toEqual(["D7 token-missing index.html"]);
  });

  test("leaves the deploy of other pages alone, also where live broke it", async () => {
    const { world, ines } = await withTokens();
    ines.edit("other.html", "other\n");
    expect((await ines.deploy()).kind).toBe("applied");
    world.stranger("staging", "index.html", "<p>broken</p>\n");
    await ines.pull();
    ines.edit("other.html", "other 2\n");
    expect((await ines.deploy()).kind).toBe("applied");
  });

  test("that left belay.yaml refuses every deploy until it is back or a person has retired it", async () => {
    const { world } = await withTokens();
    const bot = world.copy("bot", { kind: "agent", isAttended: false, site: { tokens: [line] } });
    await bot.pull();
    bot.edit("other.html", "other\n");
    expect((await bot.deploy()).refused).toEqual(["D7 token-vanished"]);
    const word = { name: "FADE", why: "the slideshow is gone" };
    await expect(retireToken(bot.bench, word, bot.context)).rejects.toMatchObject({ code: "person-needed" });
    const ines = world.copy("ines 2", { site: { tokens: [line] } });
    await expect(retireToken(ines.bench, { ...word, why: "" }, ines.context)).rejects.toMatchObject({ code: "usage" });
    await expect(retireToken(ines.bench, { ...word, name: "NONE" }, ines.context)).rejects.toMatchObject({ code: "usage" });
    await retireToken(ines.bench, word, ines.context);
    expect((await bot.deploy()).kind).toBe("applied");
  });
});
