import { describe, expect, test } from "vitest";
import { stepsOf } from "../../../src/core/plan/plan.ts";
import { appendAlways } from "../../../src/operations/append-always.ts";
import { promote } from "../../../src/operations/promote/promote.ts";
import { digestOfText, MemoryWorld, toldOf, type MemoryCopy, type Told } from "../memory-bench.ts";

const day = 86_400_000;

/** A page that refers to files by name. */
const page = (...assets: readonly string[]): string => `<p>${assets.map((asset) => `<img src="${asset}">`).join("")}</p>\n`;

async function released(copy: MemoryCopy, files: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [key, text] of Object.entries(files)) copy.edit(key, text);
  expect((await copy.deploy()).kind).toBe("applied");
}

/** Staging after a rollback of a release that had brought assets and their page; the working copy is back as well. */
async function rolledBack(assets: Readonly<Record<string, string>>): Promise<{ world: MemoryWorld; ines: MemoryCopy }> {
  const world = new MemoryWorld();
  const ines = world.copy("ines");
  await released(ines, { "index.html": page("hero.jpg"), "hero.jpg": "hero\n" });
  await released(ines, { "index.html": page("hero.jpg", ...Object.keys(assets)), ...assets });
  expect((await ines.rollback()).kind).toBe("applied");
  await ines.pull();
  for (const key of Object.keys(assets)) ines.edit(key, undefined);
  return { world, ines };
}

const deleted = ({ result }: Told): string[] =>
  "identified" in result ? stepsOf(result.identified.plan).map(({ change }) => `${change.kind} ${change.at.key}`) : [];

const leftBy = (left: readonly { readonly why: string; readonly paths: readonly string[] }[]): Record<string, readonly string[]> =>
  Object.fromEntries(left.map(({ why, paths }) => [why, paths]));

describe("sweep", () => {
  test("removes what a rollback has left, once the grace period is over, and keeps its bytes", async () => {
    const { world, ines } = await rolledBack({ "dusk.jpg": "dusk\n" });
    world.nowMs += 29 * day;
    const early = await ines.sweep();
    expect([early.kind, leftBy(early.left)]).toEqual(["nothing-to-do", { held: ["hero.jpg"], recent: ["dusk.jpg"] }]);
    world.nowMs += 2 * day;
    const told = await ines.sweep();
    expect([told.kind, ...deleted(told)]).toEqual(["applied", "delete dusk.jpg"]);
    expect(await world.liveText("staging", "dusk.jpg")).toBeUndefined();
    expect(await world.liveText("staging", "hero.jpg")).toBe("hero\n");
    expect(await ines.bench.vault.open(digestOfText("dusk\n"), ines.context)).toBeDefined();
    expect((await ines.sweep()).kind).toBe("nothing-to-do");
  });

  test("leaves what a page names that was live within the grace period, though it was brought long before", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": page("old.jpg"), "old.jpg": "old\n" });
    world.nowMs += 100 * day;
    await released(ines, { "index.html": page() });
    ines.edit("old.jpg", undefined);
    world.nowMs += 29 * day;
    const early = await ines.sweep();
    expect([early.kind, leftBy(early.left)]).toEqual(["nothing-to-do", { "referred-lately": ["old.jpg"] }]);
    world.nowMs += 2 * day;
    expect(deleted(await ines.sweep())).toEqual(["delete old.jpg"]);
  });

  test("leaves what the style sheet of a page names that was live within the grace period", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": page(), "site.css": "h1 { background: url(img/wave.png) }\n", "img/wave.png": "wave\n" });
    world.nowMs += 100 * day;
    await released(ines, { "site.css": "h1 {}\n" });
    ines.edit("img/wave.png", undefined);
    expect(leftBy((await ines.sweep()).left)).toEqual({ held: ["site.css"], "referred-lately": ["img/wave.png"] });
    world.nowMs += 31 * day;
    expect(deleted(await ines.sweep())).toEqual(["delete img/wave.png"]);
  });

  test.each([
    ["a page", "other.html", '<a href="deck%2Dplan.pdf">plan</a>\n'],
    ["a page by entities", "other.html", '<a href="&#100;eck-plan.pdf">plan</a>\n'],
    ["a style sheet", "site.css", 'a { background: url("./deck-plan.pdf") }\n'],
    ["a script that spells the slash as an escape", "app.js", 'load("\\u002Fdeck-plan.pdf");\n'],
    ["a page in UTF-16", "other.html", Array.from('<a href="deck-plan.pdf">', (letter) => `${letter}\0`).join("")],
  ])("leaves what %s of live names", async (_, path, text) => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": page(), [path]: text, "deck-plan.pdf": "plan\n" });
    ines.edit("deck-plan.pdf", undefined);
    world.nowMs += 31 * day;
    const told = await ines.sweep();
    expect([told.kind, leftBy(told.left)["referred"]]).toEqual(["nothing-to-do", ["deck-plan.pdf"]]);
  });

  test("removes a style sheet that no page names together with what only that names", async () => {
    const { world, ines } = await rolledBack({ "new.css": "h1 { background: url(new.png) }\n", "new.png": "png\n" });
    world.nowMs += 31 * day;
    const told = await ines.sweep();
    expect(deleted(told)).toEqual(["delete new.css", "delete new.png"]);
    expect(told.result).toMatchObject({ identified: { plan: { proof: { diff: { added: 0, removed: 1, files: 2, binary: 1 } } } } });
  });

  test("never touches a page, a stranger's file, or a file of belay's that a stranger has written", async () => {
    const { world, ines } = await rolledBack({ "dusk.jpg": "dusk\n", "dawn.jpg": "dawn\n" });
    world.stranger("staging", "theirs.jpg", "theirs\n");
    world.stranger("staging", "dawn.jpg", "retouched\n");
    world.stranger("staging", "orphan.html", page());
    world.nowMs += 31 * day;
    const told = await ines.sweep();
    expect(deleted(told)).toEqual(["delete dusk.jpg"]);
    expect(leftBy(told.left)["not-belays"]).toEqual(["dawn.jpg", "theirs.jpg"]);
    expect(await world.liveText("staging", "orphan.html")).toBe(page());
  });

  test("does not delete what a stranger writes meanwhile", async () => {
    const { world, ines } = await rolledBack({ "dusk.jpg": "dusk\n" });
    world.nowMs += 31 * day;
    ines.beforeWrite = (_, key) => world.stranger("staging", key, "theirs\n");
    expect((await ines.sweep()).kind).toBe("conflict");
    expect(await world.liveText("staging", "dusk.jpg")).toBe("theirs\n");
  });

  test("leaves everything where an earlier page can no longer be read", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": page("old.jpg"), "old.jpg": "old\n" });
    world.nowMs += 100 * day;
    await released(ines, { "index.html": page() });
    const lost = digestOfText(page("old.jpg"));
    for await (const { key } of world.state.list("", ines.context)) if (key.endsWith(lost)) world.state.force(key, undefined);
    const told = await world.copy("tomas").sweep();
    expect([told.kind, leftBy(told.left)]).toEqual(["nothing-to-do", { unproven: ["old.jpg"] }]);
  });

  test("is bound by warnings and by the limit on deletes", async () => {
    const { world, ines } = await rolledBack({ "a.jpg": "a\n", "b.jpg": "b\n" });
    world.nowMs += 31 * day;
    const tomas = world.copy("tomas", { site: { limits: { ...world.site.limits, deletesMax: 1 } } });
    tomas.edit("index.html", page("hero.jpg"));
    expect((await tomas.sweep()).refused).toEqual(["limits too-many-deletes a.jpg b.jpg"]);
    const warning = { kind: "warned", actor: ines.bench.actor, site: "default", warning: "w1", paths: ["a.jpg"], text: "wait" } as const;
    await appendAlways(ines.bench, warning, ines.context);
    expect((await ines.sweep()).refused).toEqual(["D4 open-warning a.jpg"]);
  });

  test("refuses a target without pages: that is a wrong address more often than a site that nobody needs", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await released(ines, { "index.html": page(), "a.jpg": "a\n" });
    world.stranger("staging", "index.html", undefined);
    ines.edit("a.jpg", undefined);
    world.nowMs += 31 * day;
    expect((await ines.sweep()).refused).toEqual(["limits no-pages a.jpg"]);
    expect(await world.liveText("staging", "a.jpg")).toBe("a\n");
  });

  test("refuses where the working folder holds nothing: one that is not built has given up no asset", async () => {
    const { world } = await rolledBack({ "dusk.jpg": "dusk\n" });
    world.nowMs += 31 * day;
    expect((await world.copy("tomas").sweep()).refused).toEqual(["limits stage-empty dusk.jpg"]);
    expect(await world.liveText("staging", "dusk.jpg")).toBe("dusk\n");
  });

  test("can be taken back by a restore", async () => {
    const { world, ines } = await rolledBack({ "dusk.jpg": "dusk\n" });
    world.nowMs += 31 * day;
    await ines.sweep();
    expect((await ines.restore()).kind).toBe("applied");
    expect(await world.liveText("staging", "dusk.jpg")).toBe("dusk\n");
  });
});

/** Production behind staging: two promotions have been there, and only the second one's picture is in use. */
async function promotedTwice(): Promise<{ world: MemoryWorld; ines: MemoryCopy; promoted: () => Promise<string> }> {
  const world = new MemoryWorld({ production: { after: "staging" } });
  const ines = world.copy("ines");
  const promoted = async (): Promise<string> => {
    const request = { target: world.production, change: undefined, emergency: undefined, waitMs: 0 };
    const result = await promote(ines.bench, request, async () => await Promise.resolve("go"), ines.context);
    return result.kind === "unverified" ? result.kind : toldOf(result).kind;
  };
  await released(ines, { "index.html": page("old.jpg"), "old.jpg": "old\n" });
  expect(await promoted()).toBe("applied");
  await released(ines, { "index.html": page("new.jpg"), "new.jpg": "new\n" });
  expect(await promoted()).toBe("applied");
  world.nowMs += 31 * day;
  return { world, ines, promoted };
}

describe("sweep of production", () => {
  test("finds the assets that promotions leave behind, once staging holds them no more", async () => {
    const { world, ines, promoted } = await promotedTwice();
    expect(leftBy((await ines.sweep(world.production)).left)).toEqual({ held: ["new.jpg", "old.jpg"] });
    await released(ines, { "old.jpg": undefined });
    await promoted();
    expect(await world.liveText("production", "old.jpg")).toBe("old\n");
    const told = await ines.sweep(world.production);
    expect([told.kind, ...deleted(told)]).toEqual(["applied", "delete old.jpg"]);
  });

  test("refuses where staging lists nothing: what is not mounted has given up no asset", async () => {
    const { world, ines } = await promotedTwice();
    for (const key of ["index.html", "new.jpg", "old.jpg"]) world.stranger("staging", key, undefined);
    const told = await ines.sweep(world.production);
    expect(told.refused).toEqual(["limits stage-empty old.jpg"]);
    expect(told.refusals[0]?.message).toBe("staging holds no file at all, so nothing tells which assets of production it still wants");
    expect(await world.liveText("production", "old.jpg")).toBe("old\n");
  });
});
