/** Writes at a target that belay did not make: found once, kept with what they replaced, bound to their target, told in the log. */

import { describe, expect, test } from "vitest";
import { BelayError } from "../../../src/core/belay-error.ts";
import { bytesOf } from "../../../src/core/body.ts";
import { targetState } from "../../../src/core/ledger/fold.ts";
import { log, type LogResult } from "../../../src/operations/history/log.ts";
import { standingWrites } from "../../../src/operations/history/out-of-band.ts";
import { status, type StatusResult } from "../../../src/operations/compare/status.ts";
import { addWarning } from "../../../src/operations/warn.ts";
import { before, digestOfText, MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

const [ours, theirs, later] = ["<p>High water at noon</p>\n", "<p>High water at one, says the crew</p>\n", "<p>High water at two</p>\n"];
const page = "tides/index.html";

type Name = "staging" | "production";
const look = async (copy: MemoryCopy, target: Name = "production", selection?: readonly string[]): Promise<StatusResult> =>
  await status(copy.bench, { target: copy.world[target], selection }, copy.context);
const findsOf = async (copy: MemoryCopy, target: Name = "production"): Promise<number> =>
  targetState(await copy.ledger(), "default", target).found.length;
const vaultText = async (copy: MemoryCopy, text: string): Promise<string | undefined> => {
  const body = await copy.bench.vault.open(digestOfText(text), copy.context);
  return body && new TextDecoder().decode(await bytesOf(body));
};

/** `ours` is live at production, and about.html with it. */
async function published(options: ConstructorParameters<typeof MemoryWorld>[0] = {}): Promise<{ world: MemoryWorld; ines: MemoryCopy }> {
  const world = new MemoryWorld(options);
  const ines = world.copy("ines");
  ines.edit(page, ours);
  ines.edit("about.html", "<p>about</p>\n");
  expect((await ines.deploy(world.production)).kind).toBe("applied");
  return { world, ines };
}

describe("a stranger's write", () => {
  test("is found at the next status, with author, time and what it replaced; both bytes are in the vault and as plain files", async () => {
    const { world, ines } = await published({ keepsVersions: true });
    world.stranger("production", page, theirs);
    const { outOfBand, warnings } = await look(ines);
    const [write] = outOfBand.writes;
    expect(write).toMatchObject({
      path: page,
      found: digestOfText(theirs),
      prior: digestOfText(ours),
      by: "stranger",
      at: "2031-05-20T14:03:00.000Z",
      version: "v2",
      isNew: true,
    });
    expect(write).not.toHaveProperty("unkept");
    expect(warnings).toMatchObject([{ id: write?.warning, target: "production", paths: [page] }]);
    expect([await vaultText(ines, theirs), await vaultText(ines, ours)]).toEqual([theirs, ours]);
    expect(await ines.snapshotText(`production/2031-05-20T14-03-00Z-out-of-band/${page}`)).toBe(ours);
    expect(await ines.snapshotText(`production/2031-05-20T14-03-00Z-out-of-band-found/${page}`)).toBe(theirs);
  });

  test("is recorded once, however often and by however many it is seen; the next one is another", async () => {
    const { world, ines } = await published();
    const tomas = world.copy("tomas");
    world.stranger("production", page, theirs);
    await look(ines);
    expect((await look(ines)).outOfBand.writes).toMatchObject([{ isNew: false, path: page }]);
    await look(tomas);
    await look(tomas, "production", [page]);
    expect(await findsOf(ines)).toBe(1);
    world.stranger("production", page, later);
    await look(tomas);
    expect(await findsOf(ines)).toBe(2);
    // Back to what was found first: that is a third write.
    world.stranger("production", page, theirs);
    await look(ines);
    expect(await findsOf(ines)).toBe(3);
  });

  test("with bytes that were found once before is another one, where belay has written in between", async () => {
    const { world, ines } = await published();
    world.stranger("production", page, theirs);
    await ines.pull({ target: world.production });
    ines.edit(page, later);
    expect((await ines.deploy(world.production)).kind).toBe("applied");
    world.stranger("production", page, theirs);
    expect((await look(ines)).outOfBand.writes).toMatchObject([{ found: digestOfText(theirs), prior: digestOfText(later), isNew: true }]);
    expect(await findsOf(ines)).toBe(2);
  });

  test("that is itself overwritten while it is being kept is left to the next look", async () => {
    const { world, ines } = await published();
    world.stranger("production", page, theirs);
    const store = await ines.bench.storeOf(world.production.store);
    const read = async (...asked: Parameters<typeof store.read>): ReturnType<typeof store.read> => {
      world.live.production.force(page, new TextEncoder().encode(later));
      return await store.read(...asked);
    };
    const bench = { ...ines.bench, storeOf: async () => await Promise.resolve({ ...store, read }) };
    expect((await status(bench, { target: world.production, selection: undefined }, ines.context)).outOfBand.writes).toEqual([]);
    expect((await look(ines)).outOfBand.writes).toMatchObject([{ found: digestOfText(later) }]);
    expect(await findsOf(ines)).toBe(1);
  });

  test("that deletes, adds or changes headers alone is one, each in its own words", async () => {
    const { world, ines } = await published({ keepsVersions: true });
    world.stranger("production", page, undefined);
    expect((await look(ines)).outOfBand.writes).toMatchObject([{ path: page, prior: digestOfText(ours), version: "v2" }]);
    expect((await look(ines)).outOfBand.writes[0]).not.toHaveProperty("found");
    const about = await world.live.production.read("about.html", ines.context);
    if (!about) throw new Error("about.html is live");
    const headers = { "cache-control": "max-age=31536000" };
    await world.live.production.write(
      { key: "about.html", expect: { kind: "unchanged", revision: about.observed.revision }, body: about.body, headers },
      ines.context,
    );
    const found = (await look(ines)).outOfBand.writes.find(({ path }) => path === "about.html");
    expect(found).toMatchObject({ found: about.body.digest, prior: about.body.digest, headers });
  });

  test("at a path of which nothing is known tells nothing: adoption is no warning", async () => {
    const world = new MemoryWorld({ keepsVersions: true });
    for (const name of ["a.html", "b.html"]) world.stranger("production", name, theirs);
    const ines = world.copy("ines");
    expect((await look(ines)).outOfBand.writes).toEqual([]);
    ines.edit(page, ours);
    expect((await ines.deploy(world.production, { selection: [page] })).kind).toBe("applied");
    expect((await look(ines)).outOfBand.writes).toEqual([]);
    expect(await findsOf(ines)).toBe(0);
  });

  test("to an excepted path is none", async () => {
    const { world, ines } = await published({ site: { except: { production: ["about.html"] } } });
    world.stranger("production", "about.html", theirs);
    expect((await look(ines)).outOfBand.writes).toEqual([]);
  });

  test("with the very bytes that stand here is found all the same", async () => {
    const { world, ines } = await published();
    ines.edit(page, theirs);
    world.stranger("production", page, theirs);
    expect((await look(ines)).outOfBand.writes).toMatchObject([{ path: page, found: digestOfText(theirs) }]);
  });

  test("keeps the overwritten bytes from the store's versions where no machine has them", async () => {
    const { world } = await published({ keepsVersions: true });
    world.stranger("production", page, theirs);
    const tomas = world.copy("tomas");
    expect((await look(tomas)).outOfBand.writes[0]).not.toHaveProperty("unkept");
    expect(await vaultText(tomas, ours)).toBe(ours);
  });

  test("says which bytes could not be had", async () => {
    const { world } = await published();
    world.stranger("production", page, theirs);
    expect((await look(world.copy("tomas"))).outOfBand.writes).toMatchObject([{ unkept: ["prior"] }]);
  });
});

describe("what is no stranger's", () => {
  test("a colleague's deploy, seen from a copy that knows nothing of it yet", async () => {
    const { world } = await published();
    const tomas = world.copy("tomas");
    await tomas.pull({ target: world.production });
    tomas.edit(page, later);
    expect((await tomas.deploy(world.production)).kind).toBe("applied");
    const mei = world.copy("mei");
    mei.edit(page, ours);
    expect((await look(mei)).outOfBand.writes).toEqual([]);
  });

  test("what an open plan has written so far, and what a stopped one put back", async () => {
    const { world, ines } = await published();
    const tomas = world.copy("tomas");
    ines.edit(page, later);
    ines.edit("zebra.html", "<p>zebra</p>\n");
    let during: StatusResult | undefined;
    ines.beforeWrite = async (_, key) => {
      if (key !== "zebra.html") return;
      while ((await world.liveText("production", page)) !== later) await new Promise((resolve) => setImmediate(resolve));
      during = await look(tomas);
      world.stranger("production", "zebra.html", theirs);
    };
    expect((await ines.deploy(world.production)).kind).toBe("conflict");
    ines.beforeWrite = () => undefined;
    expect(during?.outOfBand.writes).toEqual([]);
    const paths = (await look(tomas)).outOfBand.writes.map(({ path }) => path);
    expect(paths).not.toContain(page);
  });

  test("a deploy that ends while its find is being recorded", async () => {
    const { world, ines } = await published();
    const tomas = world.copy("tomas");
    await tomas.pull({ target: world.production });
    tomas.edit(page, later);
    // The look is on its way when the deploy begins: it holds an old record against a new page.
    const stale = await ines.ledger();
    expect((await tomas.deploy(world.production)).kind).toBe("applied");
    const state = ines.bench.ledger.state.bind(ines.bench.ledger);
    let asked = 0;
    const bench = {
      ...ines.bench,
      ledger: {
        ...ines.bench.ledger,
        state: async (options: Parameters<typeof state>[0]) => ((asked += 1) === 1 ? stale : await state(options)),
      },
    };
    const { outOfBand } = await status(bench, { target: world.production, selection: undefined }, ines.context);
    expect(outOfBand.writes).toEqual([]);
    expect(await findsOf(ines)).toBe(0);
    expect(asked).toBeGreaterThan(1);
  });
});

describe("its warning", () => {
  test("binds writes to that target alone, until a pull from that target", async () => {
    const { world, ines } = await published();
    expect((await ines.deploy(world.staging)).kind).toBe("applied");
    world.stranger("production", page, theirs);
    const [write] = (await look(ines)).outOfBand.writes;
    expect((await look(ines, "staging")).warnings).toEqual([]);
    ines.edit(page, later);
    expect((await ines.deploy(world.staging)).kind).toBe("applied");
    expect((await ines.deploy(world.production)).refused).toEqual([`D8 live-diverged ${page}`]);
    expect((await ines.pull({ target: world.staging })).resolved).toEqual([]);
    expect((await ines.pull({ target: world.production, take: "live" })).resolved).toEqual([write?.warning]);
    expect(await ines.text(page)).toBe(theirs);
    expect((await look(ines)).outOfBand.writes).toEqual([]);
    ines.edit(page, later);
    expect((await ines.deploy(world.production)).kind).toBe("applied");
    expect((await look(ines)).outOfBand.writes).toEqual([]);
  });

  test("of what a pull brought without a status before is opened and settled by that pull, and stays on record", async () => {
    const { world, ines } = await published();
    world.stranger("production", page, theirs);
    const { outOfBand, resolved } = await ines.pull({ target: world.production });
    expect(outOfBand.writes).toMatchObject([{ path: page, isNew: true }]);
    expect(resolved).toEqual([outOfBand.writes[0]?.warning]);
    expect(await findsOf(ines)).toBe(1);
    expect((await look(ines)).outOfBand.writes).toEqual([]);
  });

  test("stays where an agent keeps its own against live, and goes where a person does", async () => {
    const { world, ines } = await published();
    world.stranger("production", page, theirs);
    const bot = world.copy("bot", { kind: "agent", isAttended: false });
    for (const copy of [bot, ines]) copy.edit(page, later);
    expect((await bot.pull({ target: world.production, take: "mine" })).resolved).toEqual([]);
    expect((await ines.pull({ target: world.production, take: "mine" })).resolved).toHaveLength(1);
  });

  test("is settled by a pull also where the found bytes stand here already, or where the file is gone on both sides", async () => {
    const { world, ines } = await published();
    ines.edit(page, theirs);
    world.stranger("production", page, theirs);
    ines.edit("about.html", undefined);
    world.stranger("production", "about.html", undefined);
    const [warning] = (await look(ines)).warnings;
    expect(warning?.paths).toEqual(["about.html", page]);
    expect((await ines.pull({ target: world.production, selection: [page, "about.html"] })).resolved).toEqual([warning?.id]);
  });

  test("given to one target by hand binds no other", async () => {
    const { world, ines } = await published();
    await addWarning(ines.bench, { paths: [page], text: "the crew is at work on production", target: "production" }, ines.context);
    ines.edit(page, later);
    expect((await ines.deploy(world.staging)).kind).toBe("applied");
    expect((await ines.deploy(world.production)).refused).toEqual([`D4 open-warning ${page}`]);
  });
});

describe("a record that cannot be written", () => {
  test("does not fail the status: it says what was found and why it is not on record", async () => {
    const { world, ines } = await published();
    world.stranger("production", page, theirs);
    const denied = new BelayError("store-denied", "The record may not be written.", "Ask for the right.");
    const bench = { ...ines.bench, ledger: { ...ines.bench.ledger, append: () => Promise.reject(denied) } };
    const { outOfBand, warnings } = await status(bench, { target: world.production, selection: undefined }, ines.context);
    expect(outOfBand).toMatchObject({ unrecorded: denied.message, writes: [{ path: page, isNew: true }] });
    expect(outOfBand.writes[0]).not.toHaveProperty("warning");
    expect(warnings).toEqual([]);
  });
});

describe("people", () => {
  test("are told where nobody watches, once, with the commands to run", async () => {
    const { world } = await published();
    world.stranger("production", page, theirs);
    const bot = world.copy("bot", { kind: "agent", isAttended: false });
    const told: unknown[] = [];
    const bench = {
      ...bot.bench,
      notifier: {
        channels: async () => await Promise.resolve([{ channel: "webhook", from: "belay.yaml" } as const]),
        notify: async (notice: unknown) => {
          told.push(notice);
          return await Promise.resolve([{ channel: "webhook", from: "belay.yaml", outcome: "delivered" } as const]);
        },
      },
    };
    await status(bench, { target: world.production, selection: undefined }, bot.context);
    await status(bench, { target: world.production, selection: undefined }, bot.context);
    expect(told).toMatchObject([
      {
        reason: "out-of-band",
        target: "production",
        paths: [page],
        run: ["belay status production", `belay log ${page} --target production`, `belay pull production ${page}`],
      },
    ]);
  });
});

const logOf = async (copy: MemoryCopy, path?: string): Promise<LogResult> => await log(copy.bench, { path, limit: 50 }, copy.context);
const lineOf = (moment: LogResult["timeline"][number]): string =>
  moment.kind === "entry" ? `#${moment.seq}` : moment.kind === "version" ? `${moment.version.hand} ${moment.version.id}` : "write";

describe("belay log", () => {
  test("of a path finds and records what stands there, and shows every version that belay did not write", async () => {
    const { world, ines } = await published({ keepsVersions: true });
    world.stranger("production", page, theirs);
    world.stranger("production", page, later);
    const { timeline, entries } = await logOf(ines, page);
    expect(timeline.map(lineOf)).toEqual(["#3", "out-of-band v3", "out-of-band v2", "#2", "#1"]);
    expect(entries[0]).toMatchObject({ kind: "out-of-band", writes: [{ path: page, found: digestOfText(later) }] });
    expect(await findsOf(ines)).toBe(1);
  });

  test("tells what was there before belay, and what a stopped plan put back, as no stranger's", async () => {
    const world = new MemoryWorld({ keepsVersions: true });
    world.stranger("production", page, theirs);
    world.nowMs += 600_000;
    const ines = world.copy("ines");
    await ines.pull({ target: world.production });
    ines.edit(page, ours);
    ines.edit("zebra.html", "<p>zebra</p>\n");
    before(ines, "zebra.html", () => world.live.production.force("zebra.html", new TextEncoder().encode(theirs)));
    expect((await ines.deploy(world.production)).kind).toBe("conflict");
    expect(await world.liveText("production", page)).toBe(theirs);
    const told = (await logOf(ines, page)).timeline.map(lineOf).filter((line) => !line.startsWith("#"));
    expect(told).toEqual(["before-belay v1"]);
  });

  test("an applied release carries its whole proof, and one without a target's word is told under each", async () => {
    const { world, ines } = await published();
    const { entries } = await log(ines.bench, { path: undefined, limit: 1, target: world.production }, ines.context);
    expect(entries).toMatchObject([{ kind: "ended", proof: { local: expect.any(String), productionInvalidation: expect.any(String) } }]);
    expect((await log(ines.bench, { path: undefined, limit: 9, target: world.staging }, ines.context)).entries).toEqual([]);
  });

  test("--since leaves out what is older", async () => {
    const { world, ines } = await published({ keepsVersions: true });
    world.stranger("production", page, theirs);
    const { timeline } = await log(ines.bench, { path: page, limit: 50, sinceMs: world.nowMs }, ines.context);
    expect(timeline.map(lineOf).toSorted()).toEqual(["#3", "out-of-band v2"]);
  });
});

test("what stands is read from the record alone, by whoever plans", async () => {
  const { world, ines } = await published();
  world.stranger("production", page, theirs);
  await look(ines);
  expect(standingWrites(ines.bench, await ines.ledger(), world.production)).toMatchObject([{ path: page, found: digestOfText(theirs) }]);
});
