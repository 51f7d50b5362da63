import { describe, expect, test } from "vitest";
import { defaultLimits } from "../../../src/core/site.ts";
import { pull } from "../../../src/operations/pull.ts";
import { resolveWarning } from "../../../src/operations/warn.ts";
import { before, digestOfText, MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join("");
const three = lines("title", "hours", "footer");

/** Two copies of one published page. */
async function twoCopies(world: MemoryWorld): Promise<[MemoryCopy, MemoryCopy]> {
  const ines = world.copy("ines");
  ines.edit("index.html", three);
  expect((await ines.deploy()).kind).toBe("applied");
  const tomas = world.copy("tomas");
  await tomas.pull();
  return [ines, tomas];
}

const outcomeOf = async (copy: MemoryCopy, take?: "live" | "mine"): Promise<string> =>
  (await copy.pull({ take })).pulled.map(({ path, outcome }) => `${outcome} ${path}`).join(", ");

describe("pull", () => {
  test("brings what only live has, and leaves what is same alone", async () => {
    const world = new MemoryWorld();
    world.stranger("staging", "index.html", three);
    const ines = world.copy("ines");
    expect(await outcomeOf(ines)).toBe("created index.html");
    expect(await ines.text("index.html")).toBe(three);
    expect(await outcomeOf(ines)).toBe("");
    expect(await ines.lineage("index.html")).toBe("same");
  });

  test("fast-forwards what is behind, and keeps what was here", async () => {
    const world = new MemoryWorld();
    const [ines, tomas] = await twoCopies(world);
    ines.edit("index.html", lines("title", "winter hours", "footer"));
    await ines.deploy();
    const { pulled } = await tomas.pull();
    expect(pulled).toEqual([{ path: "index.html", outcome: "fast-forwarded", kept: digestOfText(three) }]);
    expect(await tomas.text("index.html")).toBe(lines("title", "winter hours", "footer"));
    expect(await tomas.bench.vault.open(digestOfText(three), tomas.context)).toBeDefined();
  });

  test("merges edits of both sides, and the merge is ahead", async () => {
    const world = new MemoryWorld();
    const [ines, tomas] = await twoCopies(world);
    ines.edit("index.html", lines("new title", "hours", "footer"));
    await ines.deploy();
    tomas.edit("index.html", lines("title", "hours", "new footer"));
    expect(await outcomeOf(tomas)).toBe("merged index.html");
    expect(await tomas.text("index.html")).toBe(lines("new title", "hours", "new footer"));
    expect(await tomas.lineage("index.html")).toBe("ahead base");
    expect((await tomas.deploy()).kind).toBe("applied");
  });

  test("leaves markers where both sides changed one line, which no deploy takes until they are gone", async () => {
    const world = new MemoryWorld();
    const [ines, tomas] = await twoCopies(world);
    ines.edit("index.html", lines("title", "winter hours", "footer"));
    await ines.deploy();
    tomas.edit("index.html", lines("title", "summer hours", "footer"));
    const { pulled } = await tomas.pull();
    expect(pulled).toMatchObject([{ outcome: "conflicted", conflicts: 1 }]);
    expect((await tomas.deploy()).refused).toEqual(["D1 conflict-markers index.html"]);
    tomas.edit("index.html", lines("title", "winter and summer hours", "footer"));
    expect((await tomas.deploy()).kind).toBe("applied");
  });

  test("conflicts rather than merges where no ancestor is known", async () => {
    const world = new MemoryWorld();
    world.stranger("staging", "index.html", lines("title", "hours", "their footer"));
    const ines = world.copy("ines");
    ines.edit("index.html", lines("my title", "hours", "footer"));
    expect(await outcomeOf(ines)).toBe("conflicted index.html");
    expect(await ines.text("index.html")).toContain("<<<<<<<");
  });

  test("merges over what was seen at another target, where live went on from it", async () => {
    const world = new MemoryWorld();
    const [ines, tomas] = await twoCopies(world);
    await ines.deploy(world.production);
    ines.edit("index.html", lines("new title", "hours", "footer"));
    expect((await ines.deploy(world.production)).kind).toBe("applied");
    tomas.edit("index.html", lines("title", "hours", "new footer"));
    expect(await tomas.lineage("index.html", world.production)).not.toMatch(/^ahead/u);
    const { pulled } = await tomas.pull({ target: world.production });
    expect(pulled).toMatchObject([{ outcome: "merged" }]);
    expect(await tomas.text("index.html")).toBe(lines("new title", "hours", "new footer"));
  });

  test("deletes here what live has lost and nobody touched here", async () => {
    const world = new MemoryWorld();
    const [ines, tomas] = await twoCopies(world);
    ines.edit("index.html", undefined);
    ines.edit("home.html", three);
    expect((await ines.deploy()).kind).toBe("applied");
    expect(await outcomeOf(tomas)).toBe("created home.html, deleted index.html");
    expect(await tomas.text("index.html")).toBeUndefined();
    expect(await outcomeOf(tomas)).toBe("");
  });

  test("keeps what is behind as it is when told to", async () => {
    const world = new MemoryWorld();
    const [, tomas] = await twoCopies(world);
    world.stranger("staging", "index.html", lines("theirs"));
    expect(await outcomeOf(tomas, "mine")).toBe("kept-mine index.html");
    expect(await tomas.text("index.html")).toBe(three);
  });

  test("deletes nothing where live holds nothing at all, unless live is taken on purpose", async () => {
    const world = new MemoryWorld();
    const [, tomas] = await twoCopies(world);
    world.stranger("staging", "index.html", undefined);
    await expect(tomas.pull()).rejects.toMatchObject({ code: "store-unreachable" });
    expect(await tomas.text("index.html")).toBe(three);
    await expect(tomas.pull({ selection: ["index.html"] })).rejects.toMatchObject({ code: "store-unreachable" });
    await tomas.pull({ selection: ["index.html"], take: "live" });
    expect(await tomas.text("index.html")).toBeUndefined();
  });

  test("what live has lost altogether is published again once it was kept on purpose", async () => {
    const world = new MemoryWorld();
    const [, tomas] = await twoCopies(world);
    world.stranger("staging", "index.html", undefined);
    expect((await tomas.deploy()).kind).toBe("needs-person");
    await tomas.pull({ take: "mine" });
    expect((await tomas.deploy()).kind).toBe("applied");
    expect(await world.liveText("staging", "index.html")).toBe(three);
  });

  test("deletes no more files than the limit allows", async () => {
    const world = new MemoryWorld({ site: { limits: { ...defaultLimits, deletesMax: 1 } } });
    const ines = world.copy("ines");
    for (const key of ["a.html", "b.html", "c.html"]) ines.edit(key, three);
    await ines.deploy();
    for (const key of ["a.html", "b.html"]) world.stranger("staging", key, undefined);
    await expect(ines.pull()).rejects.toMatchObject({ code: "usage" });
    expect(await ines.text("a.html")).toBe(three);
  });

  test("puts no markers within markers", async () => {
    const world = new MemoryWorld();
    world.stranger("staging", "index.html", lines("theirs"));
    const ines = world.copy("ines");
    ines.edit("index.html", lines("mine"));
    await ines.pull();
    const marked = await ines.text("index.html");
    world.stranger("staging", "index.html", lines("theirs again"));
    expect(await outcomeOf(ines)).toBe("conflicted index.html");
    expect(await ines.text("index.html")).toBe(marked);
  });

  test("asks about what live has lost and was changed here", async () => {
    const world = new MemoryWorld();
    const [, tomas] = await twoCopies(world);
    world.stranger("staging", "index.html", undefined);
    tomas.edit("index.html", lines("mine"));
    expect(await outcomeOf(tomas)).toBe("needs-choice index.html");
    expect(await outcomeOf(tomas, "mine")).toBe("kept-mine index.html");
    expect(await tomas.lineage("index.html")).toBe("new base");
  });

  test("asks about what was deleted here and changed on live; either side can be taken", async () => {
    const world = new MemoryWorld();
    const [, tomas] = await twoCopies(world);
    world.stranger("staging", "index.html", lines("theirs"));
    tomas.edit("index.html", undefined);
    expect(await outcomeOf(tomas)).toBe("needs-choice index.html");
    expect(await tomas.text("index.html")).toBeUndefined();
    expect(await outcomeOf(tomas, "live")).toBe("created index.html");
    expect(await tomas.text("index.html")).toBe(lines("theirs"));
  });

  test("asks about what is no text", async () => {
    const world = new MemoryWorld();
    world.stranger("staging", "logo.svg", "theirs\u0000");
    const ines = world.copy("ines");
    ines.edit("logo.svg", "mine\u0000");
    expect(await outcomeOf(ines)).toBe("needs-choice logo.svg");
    expect(await ines.lineage("logo.svg")).toBe("unknown none");
  });

  test("takes live over local changes when told so, and keeps them", async () => {
    const world = new MemoryWorld();
    const [, tomas] = await twoCopies(world);
    world.stranger("staging", "index.html", lines("theirs"));
    tomas.edit("index.html", lines("mine"));
    const { pulled } = await tomas.pull({ take: "live" });
    expect(pulled).toEqual([{ path: "index.html", outcome: "took-live", kept: digestOfText(lines("mine")) }]);
    expect(await tomas.text("index.html")).toBe(lines("theirs"));
    expect(await tomas.bench.vault.open(digestOfText(lines("mine")), tomas.context)).toBeDefined();
  });

  test("keeps mine when told so: live was seen, the file is not touched, and the deploy may follow", async () => {
    const world = new MemoryWorld();
    const [, tomas] = await twoCopies(world);
    world.stranger("staging", "index.html", lines("theirs"));
    tomas.edit("index.html", lines("mine"));
    expect(await outcomeOf(tomas, "mine")).toBe("kept-mine index.html");
    expect(await tomas.text("index.html")).toBe(lines("mine"));
    expect((await tomas.deploy()).kind).toBe("applied");
  });

  test("writes nothing over a file that was edited while it was being pulled", async () => {
    const world = new MemoryWorld();
    const [ines, tomas] = await twoCopies(world);
    ines.edit("index.html", lines("title", "winter hours", "footer"));
    await ines.deploy();
    const { folder, bench } = tomas;
    const editing = {
      ...bench,
      folder: {
        name: folder.name,
        guarantees: async () => await folder.guarantees(tomas.context),
        list: folder.list.bind(folder),
        read: folder.read.bind(folder),
        remove: folder.remove.bind(folder),
        write: async (...request: Parameters<typeof folder.write>) => {
          tomas.edit("index.html", lines("edited meanwhile"));
          return await folder.write(...request);
        },
      },
    };
    const { pulled } = await pull(editing, { target: world.staging, selection: undefined, take: undefined }, tomas.context);
    expect(pulled).toEqual([{ path: "index.html", outcome: "changed-meanwhile" }]);
    expect(await tomas.text("index.html")).toBe(lines("edited meanwhile"));
    expect(await tomas.lineage("index.html")).toMatch(/^diverged/u);
  });

  test("of one path leaves the others as they are", async () => {
    const world = new MemoryWorld();
    world.stranger("staging", "a.html", lines("a"));
    world.stranger("staging", "b.html", lines("b"));
    const ines = world.copy("ines");
    const { pulled } = await ines.pull({ selection: ["a.html"] });
    expect(pulled.map(({ path }) => path)).toEqual(["a.html"]);
    expect(await ines.text("b.html")).toBeUndefined();
  });

  test("leaves what is ahead, new or removed here alone", async () => {
    const world = new MemoryWorld();
    const [ines] = await twoCopies(world);
    ines.edit("style.css", "h1 {}\n");
    await ines.deploy();
    ines.edit("index.html", lines("ahead"));
    ines.edit("new.html", lines("new"));
    ines.edit("style.css", undefined);
    expect(await outcomeOf(ines)).toBe("");
    expect([await ines.text("index.html"), await ines.text("new.html"), await ines.text("style.css")]).toEqual([
      lines("ahead"),
      lines("new"),
      undefined,
    ]);
  });
});

/** Merges a stranger's edit into one of its own: a bot, or a person who watches. */
async function mergedBy(world: MemoryWorld, isAttended: boolean): Promise<MemoryCopy> {
  world.stranger("staging", "index.html", three);
  world.stranger("production", "index.html", three);
  const bot = world.copy("bot", { kind: isAttended ? "person" : "agent", isAttended });
  await bot.pull();
  await bot.pull({ target: world.production });
  world.stranger("staging", "index.html", lines("new title", "hours", "footer"));
  bot.edit("index.html", lines("title", "hours", "new footer"));
  expect(await outcomeOf(bot)).toBe("merged index.html");
  return bot;
}

describe("a merge that nobody watched", () => {
  test("may be staged, and holds production until a person has looked", async () => {
    const world = new MemoryWorld();
    const bot = await mergedBy(world, false);
    expect((await bot.deploy()).kind).toBe("applied");
    const held = await bot.deploy(world.production);
    expect([held.kind, ...held.refused]).toEqual(["needs-person", "D8 merge-not-looked-at index.html"]);
    const [merge] = (await bot.ledger()).unseenMerges;
    const word = { id: merge?.id ?? "", why: "looked at it" };
    await expect(resolveWarning(bot.bench, word, bot.context)).rejects.toMatchObject({ code: "person-needed" });
    const ines = world.copy("ines");
    await resolveWarning(ines.bench, word, ines.context);
    // Then it waits for a person's word alone: approvals are asked of nobody here.
    const waiting = await bot.deploy(world.production);
    expect([waiting.kind, JSON.stringify(waiting)]).toEqual(["refused", expect.stringContaining("agent-alone")]);
  });

  test("holds production for other copies as well", async () => {
    const world = new MemoryWorld();
    const bot = await mergedBy(world, false);
    await bot.deploy();
    const ines = world.copy("ines");
    await ines.pull({ target: world.production });
    ines.edit("index.html", lines("title", "hours", "another footer"));
    expect((await ines.deploy(world.production)).refused).toEqual(["D8 merge-not-looked-at index.html"]);
  });

  test("is none when a person merged", async () => {
    const world = new MemoryWorld();
    const ines = await mergedBy(world, true);
    expect((await ines.ledger()).unseenMerges).toEqual([]);
    expect((await ines.deploy(world.production)).kind).toBe("applied");
  });
});

test("a pull and a deploy that race for one page lose neither side", async () => {
  const world = new MemoryWorld();
  const [ines, tomas] = await twoCopies(world);
  tomas.edit("index.html", lines("title", "hours", "by tomas"));
  ines.edit("index.html", lines("by ines", "hours", "footer"));
  before(tomas, "index.html", () => world.stranger("staging", "index.html", lines("by ines", "hours", "footer")));
  expect((await tomas.deploy()).kind).toBe("conflict");
  await tomas.pull();
  expect((await tomas.deploy()).kind).toBe("applied");
  expect(await world.liveText("staging", "index.html")).toBe(lines("by ines", "hours", "by tomas"));
});

describe("a name that live has as a file and as a folder", () => {
  test("is not brought in either form, both are named, and the rest is pulled", async () => {
    const world = new MemoryWorld();
    for (const key of ["about.html", "blog", "blog/index.html", "zebra.css"]) world.stranger("staging", key, `${key}\n`);
    const ines = world.copy("ines");
    expect((await ines.pull()).pulled).toEqual([
      { path: "about.html", outcome: "created" },
      { path: "blog", outcome: "file-and-folder", clash: "blog/index.html" },
      { path: "blog/index.html", outcome: "file-and-folder", clash: "blog" },
      { path: "zebra.css", outcome: "created" },
    ]);
    expect(await ines.text("blog")).toBeUndefined();
    world.stranger("staging", "blog", undefined);
    expect((await ines.pull()).pulled).toEqual([{ path: "blog/index.html", outcome: "created" }]);
  });

  test("leaves the file that is here alone", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    ines.edit("a/b", "mine\n");
    await ines.deploy();
    world.stranger("staging", "a/b/c.html", "theirs\n");
    expect((await ines.pull()).pulled).toEqual([{ path: "a/b/c.html", outcome: "file-and-folder", clash: "a/b" }]);
    expect(await ines.text("a/b")).toBe("mine\n");
  });
});

/** Both changed the same line, and the pull has said so. */
async function conflicted(): Promise<{ world: MemoryWorld; ines: MemoryCopy }> {
  const world = new MemoryWorld();
  const ines = world.copy("ines");
  ines.edit("index.html", "one\n");
  await ines.deploy();
  world.stranger("staging", "index.html", "theirs\n");
  ines.edit("index.html", "mine\n");
  expect((await ines.pull()).pulled).toMatchObject([{ outcome: "conflicted" }]);
  return { world, ines };
}

describe("after a merge that left markers", () => {
  test("live's side can still be taken, and what was here is kept", async () => {
    const { ines } = await conflicted();
    const marked = await ines.text("index.html");
    const { pulled } = await ines.pull({ take: "live" });
    expect(pulled).toEqual([{ path: "index.html", outcome: "took-live", kept: digestOfText(marked ?? "") }]);
    expect(await ines.text("index.html")).toBe("theirs\n");
    expect(await ines.lineage("index.html")).toBe("same");
  });

  test("a merge that was settled by hand is left as it is", async () => {
    const { ines } = await conflicted();
    ines.edit("index.html", "theirs and mine\n");
    expect((await ines.pull({ take: "live" })).pulled).toEqual([]);
    expect(await ines.text("index.html")).toBe("theirs and mine\n");
  });
});

describe("a target that was emptied", () => {
  test("refuses a deploy once, not once a file, and its remedy works", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    const keys = ["a.html", "b.html", "site.css"];
    for (const key of keys) ines.edit(key, `${key}\n`);
    await ines.deploy();
    for (const key of keys) world.stranger("staging", key, undefined);
    const { kind, refused, refusals } = await ines.deploy();
    expect([kind, ...refused]).toEqual(["needs-person", "D8 live-is-empty a.html b.html site.css"]);
    expect(refusals[0]?.remedy).toMatch(/belay pull staging --take mine\nbelay deploy staging$/u);
    await ines.pull({ take: "mine" });
    expect((await ines.deploy()).kind).toBe("applied");
    expect(await world.liveText("staging", "b.html")).toBe("b.html\n");
  });
});
