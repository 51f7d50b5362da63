/** What a command costs must not grow with what it does not touch. */

import { describe, expect, it, vi } from "vitest";
import { status } from "../../../src/operations/compare/status.ts";
import { FakeHistory } from "../fake-history.ts";
import { MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

const page = (...names: readonly string[]): string => names.map((name) => `<script src="${name}"></script>`).join("\n");

/** Counts the reads of the working copy's files while `work` runs. */
async function readsDuring(copy: MemoryCopy, work: () => Promise<unknown>): Promise<string[]> {
  const reads: string[] = [];
  const read = copy.folder.read.bind(copy.folder);
  copy.folder.read = async (key, options) => {
    reads.push(key);
    return await read(key, options);
  };
  await work();
  copy.folder.read = read;
  return reads;
}

/** A working copy that has published these files, where one page is one change. */
const published = async (files: Readonly<Record<string, string>>): Promise<MemoryCopy> => {
  const copy = new MemoryWorld({ site: { unit: "page" } }).copy("ines");
  for (const [path, text] of Object.entries(files)) copy.edit(path, text);
  expect((await copy.deploy()).kind).toBe("applied");
  return copy;
};

describe("histories", () => {
  it("a status of 300 changed paths asks version control once, and only for paths that are here and live", async () => {
    const history = new FakeHistory();
    const copy = new MemoryWorld().copy("ines", { history });
    const paths = Array.from({ length: 300 }, (_, at) => `${at}.html`);
    for (const path of paths) copy.edit(path, "one");
    history.commit("one", Object.fromEntries(paths.map((path) => [path, "one"])));
    expect((await copy.deploy()).kind).toBe("applied");
    history.askedFor.length = 0;
    for (const path of paths) copy.edit(path, "two");
    copy.edit("new.html", "new");
    const { objects } = await status(copy.bench, { target: copy.world.staging, selection: undefined }, copy.context);
    expect(objects.filter(({ lineage }) => lineage.kind === "ahead")).toHaveLength(300);
    expect(history.askedFor.map((asked) => asked.toSorted())).toEqual([paths.toSorted()]);
  });

  it("bytes that live had and lost are behind, whether few paths differ or many", async () => {
    for (const others of [0, 100]) {
      const copy = new MemoryWorld().copy("ines");
      for (const text of ["one", "two", "three"]) {
        copy.edit('a "quoted" {é.html', text);
        for (let at = 0; at < others; at += 1) copy.edit(`${at}.html`, text);
        expect((await copy.deploy()).kind).toBe("applied");
      }
      copy.edit('a "quoted" {é.html', "one");
      for (let at = 0; at < others; at += 1) copy.edit(`${at}.html`, "one");
      const { objects } = await status(copy.bench, { target: copy.world.staging, selection: undefined }, copy.context);
      expect(new Set(objects.map(({ lineage }) => `${lineage.kind} ${lineage.proof} ${lineage.versions}`))).toEqual(
        new Set(["behind ledger 2"]),
      );
    }
  });

  it("one page's history is cut out of the plans, and no plan is parsed for it", async () => {
    const copy = new MemoryWorld().copy("ines");
    for (let at = 0; at < 200; at += 1) copy.edit(`${at}.html`, "one");
    await copy.deploy();
    copy.edit("7.html", "two");
    await copy.deploy();
    copy.edit("7.html", "one");
    const parsing = vi.spyOn(JSON, "parse");
    const lineage = await copy.lineage("7.html");
    const texts = parsing.mock.calls.map(([text]) => text);
    parsing.mockRestore();
    expect(lineage).toBe("behind ledger");
    expect(texts.filter((text) => text.startsWith('{"at":{"key":"7.html"')).length).toBeGreaterThan(1);
    expect(texts.filter((text) => text.startsWith('{"basis"'))).toEqual([]);
  });

  it("bytes that releases brought, once with new headers only, are behind where live has lost them", async () => {
    const world = new MemoryWorld();
    const headers = { "cache-control": "no-cache" };
    let hasHeaders = false;
    const copy = world.copy("ines", { headersFor: () => (hasHeaders ? headers : {}) });
    copy.edit("index.html", "one");
    await copy.deploy();
    hasHeaders = true;
    expect((await copy.deploy()).kind).toBe("applied");
    world.stranger("staging", "index.html", undefined);
    const other = world.copy("omar");
    other.edit("index.html", "one");
    expect(await other.lineage("index.html")).toBe("behind ledger");
  });
});

describe("one change of a page and its assets (D3)", () => {
  it("a page that names a new asset in place of an old one is one change", async () => {
    const copy = await published({ "index.html": page("app.1.js"), "app.1.js": "1", "about.html": page() });
    copy.edit("index.html", page("app.2.js"));
    copy.edit("app.2.js", "2");
    copy.edit("app.1.js", undefined);
    expect(await copy.deploy()).toMatchObject({ kind: "applied", refused: [] });
  });

  it("a page removed together with its image is one change", async () => {
    const copy = await published({ "index.html": page(), "old.html": '<img src="old.png">', "old.png": "png" });
    copy.edit("old.html", undefined);
    copy.edit("old.png", undefined);
    expect(await copy.deploy()).toMatchObject({ kind: "applied", refused: [] });
  });

  it("a removed asset that two pages named is a change of its own", async () => {
    const copy = await published({ "index.html": page("app.js"), "about.html": page("app.js"), "app.js": "1" });
    copy.edit("index.html", page());
    copy.edit("app.js", undefined);
    expect((await copy.deploy()).refused).toEqual(["D3 unrelated-files app.js index.html"]);
  });

  it("no more pages are read once every changed asset has two that name it", async () => {
    const pages = Array.from({ length: 40 }, (_, at) => [`p${String(at).padStart(2, "0")}.html`, page("app.js")]);
    const copy = await published({ ...Object.fromEntries(pages), "app.js": "1", "z.html": "z" });
    copy.edit("app.js", "2");
    copy.edit("z.html", "zz");
    const reads = await readsDuring(copy, async () => {
      expect((await copy.deploy()).refused).toEqual(["D3 unrelated-files app.js z.html"]);
    });
    expect(reads.filter((key) => key.startsWith("p")).length).toBeLessThanOrEqual(4);
  });
});
