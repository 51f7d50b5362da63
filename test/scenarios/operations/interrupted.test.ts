import { describe, expect, test } from "vitest";
import { asStoreName } from "../../../src/core/brand.ts";
import { targetState } from "../../../src/core/ledger/fold.ts";
import type { Sight } from "../../../src/ports/probe.ts";
import { before, digestOfText, killedAt, MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

const keys = ["a.html", "b.html", "style.css"] as const;

/** Three files published and edited again; nothing of the edit is live yet. */
async function edited(world: MemoryWorld, copy: MemoryCopy): Promise<void> {
  for (const key of keys) copy.edit(key, `${key} 1\n`);
  expect((await copy.deploy()).kind).toBe("applied");
  for (const key of keys) copy.edit(key, `${key} 2\n`);
  expect(await live(world)).toEqual(["a.html 1\n", "b.html 1\n", "style.css 1\n"]);
}

const live = async (world: MemoryWorld): Promise<(string | undefined)[]> =>
  await Promise.all(keys.map(async (key) => await world.liveText("staging", key)));
const [old, next] = [keys.map((key) => `${key} 1\n`), keys.map((key) => `${key} 2\n`)];

const openPlan = async (copy: MemoryCopy): Promise<unknown> => targetState(await copy.ledger(), "default", "staging").open;

describe("a deploy that was killed", () => {
  test("holds the target until it is settled, for every copy, and says by whom", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    await killedAt(ines, "a.html", async () => await ines.deploy());
    const tomas = world.copy("tomas");
    await expect(tomas.deploy()).rejects.toMatchObject({ code: "unsettled", message: expect.stringContaining("ines") });
    await expect(ines.restore()).rejects.toMatchObject({ code: "unsettled" });
  });

  test.each(keys)("while writing %s is finished by resume, from another machine too", async (key) => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    await killedAt(ines, key, async () => await ines.deploy());
    const tomas = world.copy("tomas");
    for (const name of keys) tomas.edit(name, `${name} 2\n`);
    const result = await tomas.resume("finish");
    expect(result).toMatchObject({ kind: "tried", result: { kind: "applied", release: "r3" } });
    expect(await live(world)).toEqual(next);
    expect(await openPlan(tomas)).toBeNull();
    expect(await tomas.lineage("a.html")).toBe("same");
  });

  test.each(keys)("while writing %s is put back by undo", async (key) => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    await killedAt(ines, key, async () => await ines.deploy());
    const result = await ines.resume("put-back");
    expect(result).toMatchObject({ kind: "put-back", exceptions: [] });
    expect(await live(world)).toEqual(old);
    expect(await ines.entryKinds()).toEqual(["started", "ended", "started", "adopted", "undoing", "ended"]);
    expect((await ines.deploy()).kind).toBe("applied");
    expect(await live(world)).toEqual(next);
  });

  test("is finished with the bytes it had shown, although the file was edited since", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    await killedAt(ines, "b.html", async () => await ines.deploy());
    ines.edit("b.html", "edited since\n");
    expect(await ines.resume("finish")).toMatchObject({ result: { kind: "applied" } });
    expect(await live(world)).toEqual(next);
    expect(await ines.lineage("b.html")).toMatch(/^(?:ahead|behind|diverged)/u);
  });

  test("and that a stranger wrote into since is put back around the stranger's page", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    await killedAt(ines, "b.html", async () => await ines.deploy());
    world.stranger("staging", "b.html", "theirs\n");
    const result = await ines.resume("finish");
    expect(result).toMatchObject({
      result: {
        kind: "conflict",
        path: "b.html",
        exceptions: [{ path: "b.html", what: "left-to-stranger", found: digestOfText("theirs\n") }],
      },
    });
    expect(await live(world)).toEqual(["a.html 1\n", "theirs\n", "style.css 1\n"]);
    expect(await openPlan(ines)).toBeNull();
  });

  test("leaves the same bytes alone where another plan's name is on them", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    await killedAt(ines, "style.css", async () => await ines.deploy());
    const body = (await ines.folder.read("a.html", ines.context))?.body;
    const was = (await world.live.staging.read("a.html", ines.context))?.observed;
    if (!body || !was) throw new Error("a.html is here and live");
    const provenance = {
      plan: digestOfText("another plan"),
      release: "r9",
      digest: body.digest,
      actor: "tomas",
      at: "2031-05-20T14:02:00Z",
    };
    const unchanged = { kind: "unchanged", revision: was.revision } as const;
    await world.live.staging.write({ key: "a.html", expect: unchanged, body, headers: {}, provenance }, ines.context);
    const result = await ines.resume("put-back");
    expect(result).toMatchObject({ kind: "put-back", exceptions: [{ path: "a.html", what: "left-to-stranger" }] });
    expect(await live(world)).toEqual(["a.html 2\n", "b.html 1\n", "style.css 1\n"]);
  });

  test("keeps what it takes back: that was live for a moment too", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    await killedAt(ines, "b.html", async () => await ines.deploy());
    expect(await ines.bench.vault.open(digestOfText("style.css 2\n"), ines.context)).toBeUndefined();
    await ines.resume("put-back");
    expect(await ines.bench.vault.open(digestOfText("style.css 2\n"), ines.context)).toBeDefined();
  });

  test("twice, the second time while it was being put back, can only be put back", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    await killedAt(ines, "b.html", async () => await ines.deploy());
    await killedAt(ines, "a.html", async () => await ines.resume("put-back"));
    expect(await openPlan(ines)).toMatchObject({ undoing: true });
    expect(await ines.resume("finish")).toMatchObject({ kind: "put-back", exceptions: [] });
    expect(await live(world)).toEqual(old);
  });

  test("writes nothing any more once it wakes up after somebody took over", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    const tomas = world.copy("tomas");
    let isOver = false;
    ines.beforeWrite = async (_, key) => {
      if (key !== "style.css" || isOver) return;
      isOver = true;
      expect(await tomas.resume("put-back")).toMatchObject({ kind: "put-back" });
    };
    // The write under way lands or meets its expectation; no further wave begins.
    expect((await ines.deploy()).kind).toBe("adopted");
    expect((await live(world)).slice(0, 2)).toEqual(old.slice(0, 2));
  });

  test("and nothing else: resume and undo have nothing to do where all has ended", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    for (const way of ["finish", "put-back"] as const) expect(await ines.resume(way)).toEqual({ kind: "nothing-to-do" });
  });
});

const url = "https://staging.example";
const cdn = "cloudfront:E1STAGING";

/** A visitor's look at pages below `url`, as `show` has them. */
const seeing =
  (show: (key: string) => Promise<string | undefined>) =>
  async (asked: string): Promise<Sight> => {
    const text = await show(asked.slice(`${url}/`.length));
    return { kind: "seen", status: text === undefined ? 404 : 200, digest: digestOfText(text ?? ""), headers: {} };
  };

/** A CDN that notes what it was asked to purge, with the reference last. */
const edgeOf = (purged: string[][]) => async () =>
  await Promise.resolve({
    purge: async (paths: readonly string[], reference: string) => {
      purged.push([...paths, reference]);
      return await Promise.resolve({ id: `I${purged.length}` });
    },
  });

describe("a deploy that stops by itself", () => {
  test("at a stranger's write puts back what it wrote, leaves the stranger's, and writes no page after it", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    before(ines, "a.html", () => world.stranger("staging", "b.html", "theirs\n"));
    const { result } = await ines.deploy();
    expect(result).toMatchObject({
      result: { kind: "conflict", path: "b.html", exceptions: [{ path: "b.html", what: "left-to-stranger" }] },
    });
    expect(await live(world)).toEqual(["a.html 1\n", "theirs\n", "style.css 1\n"]);
    expect((await ines.entryKinds()).slice(-3)).toEqual(["started", "undoing", "ended"]);
    expect(await ines.lineage("b.html")).toMatch(/^diverged/u);
  });

  test("takes created pages away, and leaves created assets for whoever has the page open", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    for (const key of keys) ines.edit(key, `${key} 1\n`);
    before(ines, "b.html", () => world.stranger("staging", "b.html", "theirs\n"));
    expect((await ines.deploy()).kind).toBe("conflict");
    expect(await live(world)).toEqual([undefined, "theirs\n", "style.css 1\n"]);
  });

  test("does not bring back a page that a stranger deleted and that it never came to delete", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    ines.edit("b.html", undefined);
    before(ines, "style.css", () => {
      world.stranger("staging", "b.html", undefined);
      world.stranger("staging", "a.html", "theirs\n");
    });
    expect((await ines.deploy()).kind).toBe("conflict");
    expect(await live(world)).toEqual(["theirs\n", undefined, "style.css 1\n"]);
  });

  test("at Ctrl-C finishes the write under way, begins no other, and puts back", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    const written: string[] = [];
    ines.beforeWrite = (_, key) => {
      written.push(key);
      if (key === "style.css") ines.stopping.abort();
    };
    const { result } = await ines.deploy();
    expect(result).toMatchObject({ result: { kind: "interrupted", exceptions: [] } });
    expect(await live(world)).toEqual(old);
    expect(new Set(written)).toEqual(new Set(["style.css"]));
    expect(await openPlan(world.copy("tomas"))).toBeNull();
  });

  test("when visitors get other bytes puts every page back and says what they got", async () => {
    const world = new MemoryWorld({ staging: { url } });
    let isStuck = false;
    const look = seeing(async (key) => (isStuck ? "cached\n" : await world.liveText("staging", key)));
    const ines = world.copy("ines", { look });
    await edited(world, ines);
    isStuck = true;
    const { result } = await ines.deploy();
    expect(result).toMatchObject({
      result: { kind: "verification-failed", exceptions: [], saw: `other bytes (${digestOfText("cached\n").slice(0, 12)})` },
    });
    expect(await live(world)).toEqual(old);
    expect(await openPlan(ines)).toBeNull();
  });

  test("waits a moment for a server that is slow to notice", async () => {
    const world = new MemoryWorld({ staging: { url } });
    let looks = 0;
    const look = seeing(async (key) => ((looks += 1) % 3 === 0 ? await world.liveText("staging", key) : "cached\n"));
    const ines = world.copy("ines", { look });
    ines.edit("a.html", "1\n");
    expect((await ines.deploy()).kind).toBe("applied");
    expect(looks).toBe(3);
  });

  test("when nobody can look is unsettled, keeps what it wrote, and is finished once somebody can", async () => {
    const world = new MemoryWorld({ staging: { url } });
    let isReached = false;
    const sighted = seeing(async (key) => await world.liveText("staging", key));
    const ines = world.copy("ines", {
      look: async (asked) => (isReached ? await sighted(asked) : { kind: "unreachable", cause: "no route" }),
    });
    ines.edit("a.html", "1\n");
    expect((await ines.deploy()).kind).toBe("unsettled");
    expect(await world.liveText("staging", "a.html")).toBe("1\n");
    isReached = true;
    expect(await ines.resume("finish")).toMatchObject({ result: { kind: "applied" } });
  });

  // Found: run-waves.ts wants the bytes of every step before it looks which have landed, so a resume on a machine that does
  // not hold them throws, and puts back a deploy that was all there.
  test("is finished from a machine that never held the bytes, where all of them have landed", async () => {
    const world = new MemoryWorld({ staging: { url } });
    const ines = world.copy("ines");
    ines.edit("a.html", "1\n");
    expect((await ines.deploy()).kind).toBe("unsettled");
    const ci = world.copy("ci", { look: seeing(async (key) => await world.liveText("staging", key)) });
    expect(await ci.resume("finish")).toMatchObject({ result: { kind: "applied" } });
    expect(await world.liveText("staging", "a.html")).toBe("1\n");
  });

  test("purges each wave's paths before it looks, and records the ids in the ledger", async () => {
    const world = new MemoryWorld({ staging: { cdn } });
    const purged: string[][] = [];
    const ines = world.copy("ines", { edgeOf: edgeOf(purged) });
    ines.edit("index.html", "1\n");
    ines.edit("style.css", "1\n");
    const { planId, result } = await ines.deploy();
    const reference = `belay-${planId.slice(0, 16)}-r1`;
    expect(purged).toEqual([
      ["/style.css", `${reference}-0`],
      ["/index.html", "/", `${reference}-1`],
    ]);
    expect(result).toMatchObject({ result: { kind: "applied", invalidation: "I2" } });
    const entries = [];
    for await (const entry of ines.bench.ledger.entries(ines.context)) entries.push(entry);
    expect(entries[0]).toMatchObject({ stagingInvalidation: "I1, I2", productionInvalidation: "none (not this target)" });
  });

  // Found: put-back.ts purges nothing, so a CDN goes on showing pages that were put back (decision 9: "+ direction").
  test("purges again what it put back after a purge", async () => {
    const world = new MemoryWorld({ staging: { cdn, url } });
    const purged: string[][] = [];
    let isStuck = false;
    const look = seeing(async (key) => (isStuck ? "cached\n" : await world.liveText("staging", key)));
    const ines = world.copy("ines", { look, edgeOf: edgeOf(purged) });
    ines.edit("a.html", "1\n");
    await ines.deploy();
    ines.edit("a.html", "2\n");
    isStuck = true;
    expect((await ines.deploy()).kind).toBe("verification-failed");
    expect(purged.filter(([path]) => path === "/a.html")).toHaveLength(3);
  });
});

test("what one target has open does not hold the other", async () => {
  const world = new MemoryWorld();
  const ines = world.copy("ines");
  await edited(world, ines);
  await killedAt(ines, "a.html", async () => await ines.deploy());
  expect(world.production.store).toBe(asStoreName("production"));
  expect((await ines.deploy(world.production)).kind).toBe("applied");
});

/** Killed on its first file, by a copy that nobody can reach now; the other one holds what is older. */
async function killedElsewhere(): Promise<{ world: MemoryWorld; ines: MemoryCopy; tomas: MemoryCopy }> {
  const world = new MemoryWorld();
  const ines = world.copy("ines");
  await edited(world, ines);
  const tomas = world.copy("tomas");
  await tomas.pull();
  await killedAt(ines, "style.css", async () => await ines.deploy());
  return { world, ines, tomas };
}

describe("resume from a copy that does not hold the files", () => {
  test("changes nothing, leaves the plan open, and names what is missing and both ways on", async () => {
    const { world, ines, tomas } = await killedElsewhere();
    const [stood, kinds] = [await live(world), await ines.entryKinds()];
    await expect(tomas.resume("finish")).rejects.toMatchObject({
      code: "unsettled",
      message: expect.stringContaining("style.css and 2 more"),
      remedy: expect.stringMatching(/belay resume staging .*ines.*\nbelay undo staging/u),
    });
    expect(await live(world)).toEqual(stood);
    expect(await ines.entryKinds()).toEqual(kinds);
    expect(await openPlan(tomas)).not.toBeNull();
  });

  test("leaves the way to whoever has them, and to undo", async () => {
    const one = await killedElsewhere();
    await expect(one.tomas.resume("finish")).rejects.toMatchObject({ code: "unsettled" });
    expect(await one.ines.resume("finish")).toMatchObject({ kind: "tried", result: { kind: "applied" } });
    const other = await killedElsewhere();
    await expect(other.tomas.resume("finish")).rejects.toMatchObject({ code: "unsettled" });
    expect(await other.tomas.resume("put-back")).toMatchObject({ kind: "put-back", exceptions: [] });
    expect(await live(other.world)).toEqual(old);
  });

  test("asks nobody for what has landed already", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    ines.edit("a.html", "a\n");
    await ines.deploy();
    ines.edit("b.html", "b\n");
    ines.edit("a.html", undefined);
    await killedAt(ines, "a.html", async () => await ines.deploy());
    expect(await world.liveText("staging", "b.html")).toBe("b\n");
    expect(await world.copy("tomas").resume("finish")).toMatchObject({ kind: "tried", result: { kind: "applied" } });
    expect(await world.liveText("staging", "a.html")).toBeUndefined();
  });
});

describe("what is put back", () => {
  test("by undo names the new assets that stay", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    ines.edit("new.css", "new\n");
    await killedAt(ines, "a.html", async () => await ines.deploy());
    expect(await ines.resume("put-back")).toMatchObject({ kind: "put-back", assetsLeft: ["new.css"] });
    expect(await world.liveText("staging", "new.css")).toBe("new\n");
  });

  test("after a conflict names those that stay, and none that never landed", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await edited(world, ines);
    ines.edit("new.css", "new\n");
    ines.edit("taken.css", "mine\n");
    before(ines, "taken.css", () => world.stranger("staging", "taken.css", "theirs\n"));
    const { kind, result } = await ines.deploy();
    expect([kind, result]).toMatchObject(["conflict", { assetsLeft: ["new.css"] }]);
  });
});
