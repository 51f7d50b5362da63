import { describe, expect, test } from "vitest";
import { scanLinks } from "../../../src/operations/records/scan-links.ts";
import { reconcile, type ReconcileResult } from "../../../src/operations/records/reconcile.ts";
import { systemNamed, type RecordSystem } from "../../../src/core/records/kind.ts";
import { context, poorPage, RecordsWorld } from "./records-world.ts";

const sunset = "g/2026-05-30-jonah-sunset.html";
const afternoon = "g/2026-05-30-jonah-afternoon.html";
const request = {
  named: "S2FJLN",
  answers: [{ field: "start", value: { kind: "moment", time: "15:30" } as const, because: "Mara: guest called" }],
  keep: sunset,
  deletes: true,
  leave: [],
};

async function run(world: RecordsWorld, beforeGo: () => void = () => undefined): Promise<ReconcileResult> {
  const confirm = async (): Promise<"go"> => {
    beforeGo();
    return await Promise.resolve("go");
  };
  return await reconcile(world.bench, request, { ask: async () => await Promise.resolve(undefined), confirm }, context);
}

const refusalsOf = (result: ReconcileResult): readonly string[] =>
  "prepared" in result ? result.prepared.identified.plan.refusals.map(({ message }) => message) : [];

describe("a duplicate that is to be deleted", () => {
  test("stays while any page of the site leads there, of this record or not", async () => {
    const world = new RecordsWorld();
    world.stranger("pages", "trips/index.html", '<a href="../g/2026-05-30-jonah-afternoon">Jonah</a>');
    const result = await run(world);
    expect(result.kind).toBe("refused");
    expect(refusalsOf(result)).toEqual([`${afternoon} would be deleted, and trips/index.html still leads there`]);
    expect(await world.textOf("pages", afternoon)).toBe(poorPage);
  });

  test("stays where a page came to lead there after the plan was made", async () => {
    const world = new RecordsWorld();
    const late = (): void => world.stranger("pages", "late.html", `<a href="/${afternoon}">Jonah</a>`);
    expect(await run(world, late)).toMatchObject({
      kind: "carried",
      carried: { kind: "conflict", at: { wave: "redirects" }, key: "late.html" },
    });
    expect(await world.textOf("pages", afternoon)).toBe(poorPage);
  });

  test("goes where nothing leads there", async () => {
    const world = new RecordsWorld();
    world.stranger("pages", "trips/index.html", `<a href="../${sunset}">Jonah</a> <p>2026-05-30-jonah-afternoon-2 is another</p>`);
    expect(await run(world)).toMatchObject({ kind: "carried", carried: { kind: "done" } });
    expect(await world.textOf("pages", afternoon)).toBeUndefined();
  });
});

const pagesOf = (world: RecordsWorld): RecordSystem => systemNamed(world.kind, "pages") ?? expect.fail("no pages");

const found = async (file: string, text: string, key = afternoon, paths: readonly string[] = []): Promise<readonly string[]> => {
  const world = new RecordsWorld();
  world.stranger("pages", file, text);
  const scan = await scanLinks(world.bench, { system: pagesOf(world), pages: [{ key, paths }] }, context);
  return scan.get(key)?.linking ?? [];
};

describe("a scan for links", () => {
  test.each([
    ["a link beside it", "g/other.html", '<a href="2026-05-30-jonah-afternoon.html">x</a>'],
    ["a whole address", "x.html", '<a href="https://www.example.com/g/2026-05-30-jonah-afternoon?x=1#y">x</a>'],
    ["percent signs", "x.html", '<a href="/g/2026%2D05-30-jonah-afternoon.html">x</a>'],
    ["a script", "app.js", 'location = "\\/g\\/2026-05-30-jonah-afternoon.html"'],
    ["a list of pages", "sitemap.xml", "<loc>https://www.example.com/g/2026-05-30-jonah-afternoon.html</loc>"],
    ["data of its name alone", "bookings.json", '{"page_slug":"2026-05-30-jonah-afternoon"}'],
    ["a redirect in the head", "old.html", '<meta http-equiv="refresh" content="0; url=/g/2026-05-30-jonah-afternoon">'],
  ])("sees %s", async (_, file, text) => {
    expect(await found(file, text)).toEqual([file]);
  });

  test("sees a short code that leads to this page alone, and an index page by its folder", async () => {
    expect(await found("x.html", '<a href="/s/K7">x</a>', afternoon, ["/s/K7"])).toEqual(["x.html"]);
    expect(await found("x.html", '<a href="/trips/ida/">x</a>', "trips/ida/index.html")).toEqual(["x.html"]);
    expect(await found("x.html", '<a href="/about/index.html">x</a>', "trips/ida/index.html")).toEqual([]);
  });

  test("takes a longer name, and prose that has the words, for no link", async () => {
    expect(await found("x.html", "<p>Jonah's afternoon, 2026-05-30</p><a href='/g/2026-05-30-jonah-afternoon-b.html'>x</a>")).toEqual([]);
    expect(await found("x.html", "<p>about us</p>", "about.html")).toEqual([]);
    expect(await found("x.html", "<a href='about'>us</a>", "about.html")).toEqual(["x.html"]);
  });
});
