/** From a line of a live page to what brought it. */

import { describe, expect, test } from "vitest";
import { targetState } from "../../../src/core/ledger/fold.ts";
import { blame, type BlameResult } from "../../../src/operations/history/blame.ts";
import { lineBringers } from "../../../src/operations/history/blame-lines.ts";
import { promote } from "../../../src/operations/promote/promote.ts";
import type { Workbench } from "../../../src/operations/workbench.ts";
import { FakeHistory } from "../fake-history.ts";
import { MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

const page = "index.html";
const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

const ask = async (copy: MemoryCopy, target: "staging" | "production" = "staging"): Promise<BlameResult> =>
  await blame(copy.bench, { target: copy.world[target], paths: [page] }, copy.context);
/** `line: what brought it` for each line. */
function told({ lines, ranges }: BlameResult): string[] {
  return lines.map((line, at) => {
    const range = ranges.find(({ from, to }) => from <= at + 1 && at + 1 <= to);
    const { kind, release, from } = range?.origin ?? {};
    return `${line}: ${release ?? kind}${from ? ` from ${from.release}` : ""}${range?.maybe.length ? "?" : ""}`;
  });
}

const go = async (): Promise<"go"> => await Promise.resolve("go");

/** A bench whose vault holds plans and has lost every other byte. */
async function forgetful(copy: MemoryCopy): Promise<Workbench> {
  const { vault } = copy.bench;
  const { releases } = targetState(await copy.ledger(), "default", "staging");
  const plans = new Set(releases.map(({ plan }) => plan));
  const open: typeof vault.open = async (digest, options) => (plans.has(digest) ? await vault.open(digest, options) : undefined);
  return { ...copy.bench, vault: { ...vault, open } };
}

async function deployed(copy: MemoryCopy, content: string): Promise<void> {
  copy.edit(page, content);
  expect((await copy.deploy()).kind).toBe("applied");
}

describe("which deploy brought a line", () => {
  test("is told line by line, with title, actor and time, also for lines that moved", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await deployed(ines, text("title", "high at noon", "footer"));
    const tomas = world.copy("tomas");
    await tomas.pull();
    tomas.edit(page, text("title", "banner", "high at noon", "low at six", "footer"));
    expect((await tomas.deploy(world.staging, { title: "low water too" })).kind).toBe("applied");
    const result = await ask(ines);
    expect(told(result)).toEqual(["title: r1", "banner: r3", "high at noon: r1", "low at six: r3", "footer: r1"]);
    expect(result.ranges[1]?.origin).toMatchObject({ kind: "release", by: "tomas", title: "low water too", intent: "deploy" });
  });

  test("tells what was live before belay, and what another hand wrote, noted or not", async () => {
    const world = new MemoryWorld();
    world.stranger("staging", page, text("old title", "old footer"));
    const ines = world.copy("ines");
    await ines.pull();
    await deployed(ines, text("old title", "ours", "old footer"));
    world.stranger("staging", page, text("old title", "ours", "theirs", "old footer"));
    expect(told(await ask(ines))).toEqual(["old title: before-belay", "ours: r1", "theirs: out-of-band", "old footer: before-belay"]);
    await ines.pull({ take: "live" });
    await deployed(ines, text("old title", "ours", "theirs", "again ours", "old footer"));
    const result = await ask(ines);
    expect(told(result).slice(2, 4)).toEqual(["theirs: out-of-band", expect.stringMatching(/^again ours: r\d+$/u)]);
    expect(result.ranges.find(({ origin }) => origin.kind === "out-of-band")?.origin.warning).toMatch(/^w/u);
  });

  test("follows a page that was put back to where its lines came from first", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await deployed(ines, text("title", "first"));
    await deployed(ines, text("title", "second"));
    expect((await ines.rollback()).kind).toBe("applied");
    expect(told(await ask(ines))).toEqual(["title: r1", "first: r1"]);
  });

  test("marks a line that may be an older release's, where that one's bytes are gone", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await deployed(ines, text("title"));
    await deployed(ines, text("title", "second"));
    await deployed(ines, text("title", "second", "third"));
    const mei = world.copy("mei");
    const bench = await forgetful(mei);
    const result = await blame(bench, { target: world.staging, paths: [page] }, mei.context);
    expect(told(result)).toEqual(["title: r5?", "second: r5?", "third: r5?"]);
    expect(result.ranges[0]?.maybe).toEqual(["r3", "r1"]);
  });

  test("finds the bytes of old releases in version control", async () => {
    const world = new MemoryWorld();
    const history = new FakeHistory();
    const ines = world.copy("ines", { history });
    const [one, two] = [text("title"), text("title", "second")];
    await deployed(ines, one);
    await deployed(ines, two);
    const mei = world.copy("mei", { history });
    expect(told(await blame(await forgetful(mei), { target: world.staging, paths: [page] }, mei.context))).toEqual([
      "title: r3?",
      "second: r3?",
    ]);
    history.commit("the first title", { [page]: one });
    expect(told(await blame(await forgetful(mei), { target: world.staging, paths: [page] }, mei.context))).toEqual([
      "title: r1",
      "second: r3",
    ]);
  });

  test("takes what is no text as a whole", async () => {
    const world = new MemoryWorld();
    const ines = world.copy("ines");
    await deployed(ines, "\u0000picture");
    await deployed(ines, "\u0000another picture");
    expect(await ask(ines)).toMatchObject({ lines: [], ranges: [{ from: 0, to: 0, origin: { release: "r3" } }] });
  });

  test("of a path that is not live says so", async () => {
    const world = new MemoryWorld();
    await expect(ask(world.copy("ines"))).rejects.toThrow("index.html is not live at staging");
  });
});

describe("a promoted line", () => {
  test("is told by its promotion, and by the stage's release that it came from", async () => {
    const world = new MemoryWorld({ production: { after: "staging" } });
    const ines = world.copy("ines");
    await deployed(ines, text("title"));
    const promoted = async (): Promise<string> => {
      const result = await promote(
        ines.bench,
        { target: world.production, change: undefined, emergency: undefined, waitMs: 0 },
        go,
        ines.context,
      );
      return result.kind === "tried" ? result.result.kind : result.kind;
    };
    expect(await promoted()).toBe("applied");
    await deployed(ines, text("title", "second"));
    await deployed(ines, text("title", "second", "third"));
    expect(await promoted()).toBe("applied");
    const result = await ask(ines, "production");
    expect(told(result)).toEqual(["title: r3 from r1", "second: r9 from r5", "third: r9 from r7"]);
    await deployed(ines, text("title", "second", "third", "fourth"));
    expect(await promoted()).toBe("applied");
    const lines = told(await ask(ines, "production"));
    expect(lines).toEqual(["title: r3 from r1", "second: r9 from r5", "third: r9 from r7", "fourth: r13 from r11"]);
  });
});

describe("lines through texts", () => {
  test("belong to the oldest text from which they stood without a break", () => {
    expect(lineBringers([["a", "b", "c"]])).toEqual([0, 0, 0]);
    expect(lineBringers([["a", "x", "c"], ["a", "c"], ["c"]])).toEqual([1, 0, 2]);
    // `b` was gone in between: whoever brought it back brought it.
    expect(lineBringers([["a", "b"], ["a"], ["a", "b"]])).toEqual([2, 0]);
    expect(lineBringers([["a"], []])).toEqual([0]);
  });
});
