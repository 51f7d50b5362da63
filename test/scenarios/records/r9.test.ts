import { describe, expect, test } from "vitest";
import { withValue, type Query } from "../../../src/core/records/find-query.ts";
import { deploy } from "../../../src/operations/deploy.ts";
import { promote } from "../../../src/operations/promote/promote.ts";
import { claimRecord } from "../../../src/operations/records/claim-record.ts";
import { BelayError } from "../../../src/core/belay-error.ts";
import { openPageRecords } from "../../../src/operations/records/find-created.ts";
import type { RecordsBench } from "../../../src/operations/records/records-bench.ts";
import type { Workbench } from "../../../src/operations/workbench.ts";
import { redirectPage } from "../../../src/core/records/redirect-page.ts";
import { toldOf, type Told } from "../memory-bench.ts";
import { context, incident, memoryBook, poorPage, RecordsWorld, richPage } from "./records-world.ts";

const sunset = "g/2026-05-30-jonah-sunset.html";
const afternoon = "g/2026-05-30-jonah-afternoon.html";
const one: Readonly<Record<string, Readonly<Record<string, string>>>> = { ...incident, pages: { [sunset]: richPage } };
const petra =
  '<!doctype html><meta charset="utf-8"><title>Petra</title><h1>Petra Lund</h1><p>Saturday, July 4, 2026, 10:00 AM – 1:00 PM</p><p>Guest code PTR4LU</p>';

/** A working copy whose deploys know the records, and what it cost to know them. */
class Site {
  readonly world: RecordsWorld;
  readonly bench: Workbench;
  opened = 0;

  constructor(world: RecordsWorld, name: string = "mara") {
    this.world = world;
    const copy = name === "mara" ? world.copy : world.world.copy(name, { kind: "ci" });
    const records = (): RecordsBench => world.open(memoryBook(), copy.bench);
    const { isMatch, isTemplate } = world.bench;
    this.bench = {
      ...copy.bench,
      pageRecords: openPageRecords([
        {
          kind: world.kind,
          isMatch: (system, key) => isMatch(system, key) && !isTemplate(system, key),
          open: async () => {
            this.opened += 1;
            return await Promise.resolve(records());
          },
        },
      ]),
    };
    this.edit = (key, text) => copy.edit(key, text);
  }

  readonly edit: (key: string, text: string | undefined) => void;

  async deploy(target: "staging" | "production" = "production", selection?: readonly string[]): Promise<Told> {
    const request = { target: this.world.world[target], selection, title: undefined, waitMs: 0 };
    return toldOf(await deploy(this.bench, request, async () => await Promise.resolve("go"), context));
  }
}

const siteWith = (held: typeof one = one, more: ConstructorParameters<typeof RecordsWorld>[0] = {}): Site =>
  new Site(new RecordsWorld({ held, ...more }));

describe("a deploy that would make a page", () => {
  test("of a record that has one is refused, with the page to edit", async () => {
    const site = siteWith();
    site.edit(afternoon, poorPage);
    const told = await site.deploy("production", [afternoon]);
    expect(told.refused).toEqual([`R9 record-exists ${afternoon}`]);
    expect(told.refusals[0]?.message).toContain(sunset);
    expect(told.refusals[0]?.remedy).toContain(`belay pull production ${sunset}`);
    expect(await site.world.textOf("pages", afternoon)).toBeUndefined();
  });

  test("is refused on the stage already, and where only the stage has the other page", async () => {
    const site = siteWith(one, { production: { after: "staging" } });
    site.edit(afternoon, poorPage);
    expect((await site.deploy("staging", [afternoon])).refused).toEqual([`R9 record-exists ${afternoon}`]);
    const staged = siteWith({ ...one, pages: {} }, { production: { after: "staging" } });
    staged.edit(sunset, richPage);
    expect((await staged.deploy("staging", [sunset])).kind).toBe("applied");
    staged.edit(afternoon, poorPage);
    const told = await staged.deploy("staging", [afternoon]);
    expect(told.refused).toEqual([`R9 record-exists ${afternoon}`]);
    expect(told.refusals[0]?.remedy).toContain(`belay pull staging ${sunset}`);
  });

  test("of a record that has none yet goes through, on the stage and by promotion", async () => {
    const site = siteWith({ ...one, pages: {} }, { production: { after: "staging" } });
    site.edit(sunset, richPage);
    expect((await site.deploy("staging", [sunset])).kind).toBe("applied");
    const request = { target: site.world.world.production, change: undefined, emergency: undefined, waitMs: 0 };
    const promoted = await promote(site.bench, request, async () => await Promise.resolve("go"), context);
    expect(toldOf(promoted).refused.filter((one_) => one_.startsWith("R9"))).toEqual([]);
  });

  test("by promotion is refused where the target's record has another page", async () => {
    const site = siteWith({ ...one, pages: {} }, { production: { after: "staging" } });
    site.edit(afternoon, poorPage);
    expect((await site.deploy("staging", [afternoon])).kind).toBe("applied");
    site.world.stranger("pages", sunset, richPage);
    const request = { target: site.world.world.production, change: undefined, emergency: undefined, waitMs: 0 };
    const promoted = toldOf(await promote(site.bench, request, async () => await Promise.resolve("go"), context));
    expect(promoted.refused).toContain(`R9 record-exists ${afternoon}`);
  });

  test("twice of one record makes one of them, at most", async () => {
    const site = siteWith({ ...one, pages: {} });
    site.edit(sunset, richPage);
    site.edit(afternoon, poorPage);
    const told = await site.deploy("production");
    expect(told.refused).toEqual([`R9 record-exists ${sunset}`]);
  });

  test("in the place of the one that it deletes goes through", async () => {
    const site = siteWith();
    site.edit(sunset, richPage);
    await site.deploy("production", [sunset]);
    site.edit(sunset, undefined);
    site.edit("g/2026-05-30-jonah.html", richPage.replace("Welcome", "Hello"));
    expect((await site.deploy("production", [sunset, "g/2026-05-30-jonah.html"])).refused).toEqual([]);
  });

  test("of a record of its own goes through, and so do a template and a page that only leads elsewhere", async () => {
    const site = siteWith();
    site.edit("g/petra.html", petra);
    site.edit("g/_sample.html", richPage);
    site.edit("g/old.html", new TextDecoder().decode(redirectPage(`/${sunset}`)));
    expect((await site.deploy("production", ["g/petra.html", "g/_sample.html", "g/old.html"])).kind).toBe("applied");
  });

  test("of a second charter of the same guest on the same day goes through", async () => {
    const second = richPage
      .replaceAll("2026-05-30T16:30", "2026-05-30T10:00")
      .replaceAll("2026-05-30T19:30", "2026-05-30T13:00")
      .replace("<b>4:30</b>&ndash;<i>7:30</i> PM", "10:00 AM–1:00 PM")
      .replace("arrive at 4:00 PM", "arrive at 9:30 AM")
      .replace("S2FJLN", "ZK81QP");
    const site = siteWith();
    site.edit("g/2026-05-30-jonah-morning.html", second);
    expect((await site.deploy("production", ["g/2026-05-30-jonah-morning.html"])).refused).toEqual([]);
  });
});

const query: Query = withValue(withValue(new Map(), "start", { kind: "moment", date: "2026-07-04" }), "guest", {
  kind: "text",
  text: "Petra Lund",
});
const claim = async (bench: RecordsBench): Promise<string> =>
  (await claimRecord(bench, { query, forMs: 3_600_000, note: "making it", others: [] }, context)).kind;

describe("a claim", () => {
  test("of another keeps their page off, and not once it has expired", async () => {
    const world = new RecordsWorld({ held: one });
    expect(await claim(world.bench)).toBe("claimed");
    const wren = new Site(world, "wren");
    wren.edit("g/petra.html", petra);
    const told = await wren.deploy("production", ["g/petra.html"]);
    expect(told.refused).toEqual(["R9 record-claimed g/petra.html"]);
    expect(told.refusals[0]?.message).toMatch(/claimed by mara until .*: making it/u);
    world.world.nowMs += 3_600_001;
    expect((await wren.deploy("production", ["g/petra.html"])).kind).toBe("applied");
  });

  test("of one's own lets the page through, and is over when the page is there", async () => {
    const world = new RecordsWorld({ held: one });
    await claim(world.bench);
    const mara = new Site(world);
    mara.edit("g/petra.html", petra);
    expect((await mara.deploy("production", ["g/petra.html"])).kind).toBe("applied");
    expect((await world.copy.ledger()).records?.claims).toEqual([]);
  });

  test("of one's own is enough where the page looks like another record's", async () => {
    const world = new RecordsWorld({ held: one });
    const twin: Query = new Map([
      ["start", [{ kind: "moment", date: "2026-05-30" }]],
      ["guest", [{ kind: "text", text: "Jonah Reed" }]],
    ]);
    await claimRecord(world.bench, { query: twin, forMs: 3_600_000, note: undefined, others: ["S2FJLN"] }, context);
    const page = poorPage.replace("S2FJLN", "not known yet");
    const mara = new Site(world);
    mara.edit(afternoon, page);
    expect((await mara.deploy("production", [afternoon])).refused).toEqual([]);
    const wren = new Site(new RecordsWorld({ held: one }), "wren");
    wren.edit(afternoon, page);
    expect((await wren.deploy("production", [afternoon])).refused).toEqual([`R9 record-exists ${afternoon}`]);
  });
});

const unreachable = (): never => {
  throw new BelayError("store-unreachable", "no route", "try again");
};

describe("what it costs", () => {
  test("nothing is opened where no page of a kind is made", async () => {
    const site = siteWith();
    site.edit("index.html", "<h1>Home</h1>");
    site.edit("g/notes.txt", "no page");
    expect((await site.deploy("production", ["index.html", "g/notes.txt"])).kind).toBe("applied");
    site.edit(sunset, richPage.replace("Welcome", "Hello"));
    await site.deploy("production", [sunset]);
    expect(site.opened).toBe(0);
  });

  test("another system that cannot be looked at stops nobody, and the pages themselves do", async () => {
    const site = siteWith();
    const calendar = site.world.stores.get("calendar");
    if (calendar) calendar.list = unreachable;
    site.edit(afternoon, poorPage);
    expect((await site.deploy("production", [afternoon])).refused).toEqual([`R9 record-exists ${afternoon}`]);
    const pages = site.world.stores.get("pages");
    if (pages) pages.list = unreachable;
    await expect(site.deploy("production", [afternoon])).rejects.toMatchObject({ code: "store-unreachable" });
  });
});
