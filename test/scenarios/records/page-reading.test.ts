/** What a page says is read right or asked about, and an edit changes what was meant and nothing beside it. */

import { describe, expect, test } from "vitest";
import { openHtmlCodec } from "../../../src/codecs/html-document/html-codec.ts";
import { asStoreName } from "../../../src/core/brand.ts";
import { claimsOf } from "../../../src/core/records/claims/claims-of.ts";
import { standardNames } from "../../../src/core/records/claims/field-places.ts";
import { ownNames } from "../../../src/core/records/claims/own-names.ts";
import { showValue } from "../../../src/core/records/compare-values.ts";
import { applyEdits } from "../../../src/core/records/edits/apply-edits.ts";
import { orderEdits } from "../../../src/core/records/edits/order-edits.ts";
import { editsFor } from "../../../src/core/records/edits-for.ts";
import type { Field, RecordKind, RecordSystem } from "../../../src/core/records/kind.ts";
import type { Value } from "../../../src/core/records/value.ts";
import { audit } from "../../../src/operations/records/audit.ts";
import { openPageFilter } from "../../../src/operations/records/page-filter.ts";
import { reconcile, type ReconcileRequest, type ReconcileResult } from "../../../src/operations/records/reconcile.ts";
import { aboutOf } from "../../../src/operations/records/sight-document.ts";
import { booking, context, item, RecordsWorld } from "./records-world.ts";

const ask = { kind: "ask" } as const;
const field = (name: string, type: Field["type"], ...words: readonly string[]): Field => ({ name, type, authority: ask, words });
const moment = (date: string, time: string): Value => ({ kind: "moment", date, time });
const text = (said: string): Value => ({ kind: "text", text: said });

const system = (name: string): RecordSystem => booking.systems.find((one) => one.name === name) ?? expect.fail(`no ${name}`);
const pages: RecordSystem = { ...system("pages"), fields: {} };
const visit: RecordKind = {
  ...booking,
  name: "visit",
  zone: "America/New_York",
  fields: [
    field("start", "datetime"),
    field("end", "datetime"),
    { ...field("arrival", "datetime", "arrive"), derivation: { kind: "offset", from: "start", minutes: -30 } },
    field("code", "key"),
    field("doctors", "people", "Doctors"),
    field("link", "link", "join", "sign up"),
  ],
  systems: [{ ...system("record"), fields: { start: { at: "start_time", dateAt: "charter_date" }, code: { at: "guest_code" } } }, pages],
  pointers: [],
  identity: { keys: ["code"], match: [], oneToOne: [] },
};

const codec = openHtmlCodec({ gunzip: () => undefined, gzip: (bytes) => bytes });

function opened(page: string, kind: RecordKind) {
  const read = codec.read(new TextEncoder().encode(page), {});
  if (read.kind === "unreadable") throw new Error(read.why);
  const about = aboutOf({ kind, system: pages, today: "2026-05-20" });
  return { document: read.document, about, claims: claimsOf(read.document, "", about) };
}

/** Of each claim its field and value, or its readings. */
const read = (page: string, kind: RecordKind = visit): readonly string[] =>
  opened(page, kind).claims.claims.map(
    ({ field: name, value, readings = [] }) => `${name}: ${value ? showValue(value) : readings.map(showValue).join(" or ")}`,
  );

/** The page after its edits, or why it cannot be edited. */
function edited(page: string, values: Readonly<Record<string, Value>>, kind: RecordKind = visit): string {
  const { document, about, claims } = opened(page, kind);
  const decisions = Object.entries(values).map(([name, value]) => ({ field: name, value, how: "person" as const, because: "Mara" }));
  const { edits, unwritable } = editsFor(document, claims, decisions, about);
  const [first] = unwritable;
  return first ? `refused: ${first.why}` : new TextDecoder().decode(applyEdits(document.bytes, orderEdits(edits) ?? []));
}

describe("a text of several readings", () => {
  test("is none of them as long as nothing else on the page says which", () => {
    for (const [page, said] of [
      ["June 6, 2026, 4:30–7:30", ["start: 2026-06-06 04:30 or 2026-06-06 16:30", "end: 2026-06-06 07:30 or 2026-06-06 19:30"]],
      ["June 6, 2026 at 4", ["start: 2026-06-06 04:00 or 2026-06-06 16:00"]],
      ["5/6/2026", ["start: 2026-05-06 or 2026-06-05"]],
      ["5/6/2026 4:30 PM", ["start: 2026-05-06 16:30 or 2026-06-05 16:30"]],
      ["March 8, 2026, 2:30 AM", ["start: 2026-03-08 03:30 or 2026-03-08 01:30"]],
      ["November 1, 2026, 1:30 AM", ["start: 2026-11-01 01:30 -04:00 or 2026-11-01 01:30 -05:00"]],
    ] as const)
      expect([page, read(`<p>${page}</p>`)]).toEqual([page, said]);
  });

  test("is settled by another time of its page, by one that derives from it, or by a weekday", () => {
    const settled = ["start: 2026-06-06 16:30", "end: 2026-06-06 19:30"];
    expect(read("<p>June 6, 2026, 4:30–7:30</p><p>We begin at 4:30 PM</p>")).toEqual([...settled, "start: 16:30"]);
    expect(read("<p>June 6, 2026, 4:30–7:30</p><p>Please arrive at 4:00 PM</p>")).toEqual([...settled, "arrival: 16:00"]);
    expect(read("<p>Friday 5/6/2026 4:30 PM</p>")).toEqual(["start: 2026-06-05 16:30"]);
  });

  test("follows date-order, as --set does, unless that order makes no date", () => {
    const page = "<p>5/6/2027, 6.30 pm – 9 pm</p>";
    const berlin: RecordKind = { ...visit, zone: "Europe/Berlin" };
    const [start, end] = ["2027-06-05 18:30", "2027-06-05 21:00"];
    expect(read(page, { ...berlin, dateOrder: "dmy" })).toEqual([`start: ${start}`, `end: ${end}`]);
    expect(read(page, { ...berlin, dateOrder: "mdy" })).toEqual(["start: 2027-05-06 18:30", "end: 2027-05-06 21:00"]);
    expect(read("<p>5/30/2027, 6.30 pm</p>", { ...berlin, dateOrder: "dmy" })).toEqual(["start: 2027-05-30 18:30"]);
    expect(read(page, berlin)[0]).toBe(`start: 2027-05-06 18:30 or ${start}`);
  });
});

const held = (page: string, more: Readonly<Record<string, string>> = {}) => ({
  record: { S2FJLN: item({ guest_code: "S2FJLN", ...more }) },
  pages: { "g/a.html": `<title>x</title><p>Guest code S2FJLN</p>${page}` },
});
const alone: ReconcileRequest = { named: "S2FJLN", answers: [], keep: undefined, deletes: false, leave: [] };
const go = { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("go" as const) };
const reconciled = async (world: RecordsWorld, request: Partial<ReconcileRequest> = {}): Promise<ReconcileResult> =>
  await reconcile(world.bench, { ...alone, ...request }, go, context);

async function cellsOf(world: RecordsWorld, name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { matrix } of (await audit(world.bench, { named: undefined, looksAtEdge: false }, context)).records)
    for (const { field: of, state, cells } of matrix.rows)
      if (of === name)
        found.push(state, ...cells.filter(({ verdict }) => verdict !== "silent").map(({ sighting, verdict }) => `${sighting}: ${verdict}`));
  return found;
}

describe("an audit and a reconcile of such a page", () => {
  const page = "<p>June 6, 2026, 4:30–7:30</p>";

  test("show it as ambiguous, and ask with its readings", async () => {
    const world = new RecordsWorld({ kind: visit, held: held(page) });
    expect(await cellsOf(world, "start")).toEqual(["open", "pages g/a.html: ambiguous"]);
    const asked = await reconciled(world);
    expect(
      asked.kind === "undecided"
        ? asked.prepared.questions.map(({ name, choices }) => [name, choices.map(({ answer }) => answer)])
        : asked.kind,
    ).toEqual([
      ["start", ["2026-06-06 04:30", "2026-06-06 16:30"]],
      ["end", ["2026-06-06 07:30", "2026-06-06 19:30"]],
    ]);
  });

  test("are settled by what another system says, and nothing has to be corrected", async () => {
    const world = new RecordsWorld({ kind: visit, held: held(page, { charter_date: "2026-06-06", start_time: "16:30" }) });
    expect(await cellsOf(world, "start")).toEqual(["agreed", "record S2FJLN: agrees", "pages g/a.html: agrees"]);
  });

  test("take no reading for agreed where another system says none of them", async () => {
    const world = new RecordsWorld({ kind: visit, held: held(page, { charter_date: "2026-06-06", start_time: "15:30" }) });
    expect((await cellsOf(world, "start"))[0]).toBe("open");
    expect((await reconciled(world)).kind).toBe("undecided");
    expect(await world.textOf("pages", "g/a.html")).toContain(page);
  });

  test("write no date over a right one: a page in the kind's own order agrees with the table", async () => {
    const kind: RecordKind = { ...visit, dateOrder: "dmy" };
    const world = new RecordsWorld({
      kind,
      held: held("<p>5/6/2027, 6.30 pm – 9 pm</p>", { charter_date: "2027-06-05", start_time: "18:30" }),
    });
    expect(await cellsOf(world, "start")).toEqual(["agreed", "record S2FJLN: agrees", "pages g/a.html: agrees"]);
  });

  test("list figures of the old time that nothing reads, and refuse until somebody says what they are", async () => {
    const dotted = "<p>6 June 2026, 16:30</p><p>Doors: 16.30, soup 16.30 €, <s>16:30</s></p>";
    const world = new RecordsWorld({ kind: visit, held: held(dotted) });
    const answers = [{ field: "start", value: moment("2026-06-06", "15:15"), because: "Mara" }];
    expect((await reconciled(world, { answers })).kind).toBe("refused");
    const done = await reconciled(world, { answers, leave: ["16.30"] });
    expect(done.kind).toBe("carried");
    expect(await world.textOf("pages", "g/a.html")).toContain("<p>6 June 2026, 15:15</p><p>Doors: 16.30, soup 16.30 €, <s>16:30</s></p>");
  });

  test("list the parts of a date in a script that say the old time, on the kind's clock or in UTC, and refuse as well", async () => {
    const answers = [{ field: "start", value: moment("2026-06-06", "15:15"), because: "Mara" }];
    for (const [script, raw] of [
      ["const START = new Date(2026, 5, 6, 16, 30);", "2026, 5, 6, 16, 30"],
      ["tick({ to: Date.UTC(2026, 5, 6, 20, 30, 0), of: 5 });", "2026, 5, 6, 20, 30"],
      ["const TO = [2026, 5, 6, 16, 30];", "2026, 5, 6, 16, 30"],
    ] as const) {
      const world = new RecordsWorld({ kind: visit, held: held(`<p>6 June 2026, 16:30</p><script>${script}</script>`) });
      expect([script, (await reconciled(world, { answers })).kind]).toEqual([script, "refused"]);
      expect([script, (await reconciled(world, { answers, leave: [raw] })).kind]).toEqual([script, "carried"]);
      expect(await world.textOf("pages", "g/a.html")).toContain(script);
    }
    const others = "const A = new Date(2026, 6, 6, 16, 30); const B = new Date(2026, 5, 6); f(16, 30); const C = [16, 30, 2026, 5, 6];";
    const world = new RecordsWorld({ kind: visit, held: held(`<p>6 June 2026, 16:30</p><script>${others}</script>`) });
    expect((await reconciled(world, { answers })).kind).toBe("carried");
  });
});

describe("a page that says what was decided already", () => {
  const answers = [{ field: "start", value: moment("2026-06-06", "15:15"), because: "Mara" }];
  const page = "<p>6 June 2026, 15:15</p><p onclick=\"openAt('16:30')\">Doors: 16.30</p>";

  test("is asked about copies that another place's old value left there", async () => {
    const world = new RecordsWorld({ kind: visit, held: held(page, { charter_date: "2026-06-06", start_time: "16:30" }) });
    const refused = await reconciled(world, { answers });
    expect(
      "prepared" in refused ? refused.prepared.identified.plan.records?.mentions.map(({ raw, verdict }) => [raw, verdict]) : [],
    ).toEqual([
      ["16:30", "blocking"],
      ["16.30", "blocking"],
    ]);
    expect((await reconciled(world, { answers, leave: ["16:30", "16.30"] })).kind).toBe("carried");
    expect((await reconciled(world)).kind).toBe("nothing-to-do");
  });

  test("is not asked again while only people can change the place that says the old one", async () => {
    const board = { ...system("listing"), fields: {} };
    const kind: RecordKind = { ...visit, systems: [...visit.systems, board] };
    const listed = {
      ...held(page, { charter_date: "2026-06-06", start_time: "15:15" }),
      listing: { "l/1": "<p>Code: S2FJLN</p><p>6 June 2026, 16:30</p>" },
    };
    expect((await reconciled(new RecordsWorld({ kind, held: listed }), { answers })).kind).toBe("nothing-to-do");
  });
});

describe("an edit of a time", () => {
  const start = { start: moment("2026-06-06", "19:15") };

  test("leaves every part in its own tag, and marks and entities as they were", () => {
    expect(edited('<p>6 June 2026 <span>18</span>:<span class="m">30</span></p>', start)).toBe(
      '<p>6 June 2026 <span>19</span>:<span class="m">15</span></p>',
    );
    expect(edited("<p>6 June 2026 18&#58;30</p>", start)).toBe("<p>6 June 2026 19&#58;15</p>");
    expect(edited("<p>6 June 2026 <b>1</b>8:<i>3</i>0</p>", start)).toBe("<p>6 June 2026 <b>1</b>9:<i>1</i>5</p>");
  });

  test("is refused where no one could say what goes into which tag", () => {
    expect(edited("<p>6 June 2026 <b>1</b>0:30 PM</p>", { start: moment("2026-06-06", "21:30") })).toMatch(/^refused: tags divide it/u);
    expect(edited("<p>Doctors: <b>Eve</b> Stone</p>", { doctors: { kind: "list", items: ["Bo"] } })).toMatch(/^refused: tags divide it/u);
  });

  test("reads two dotted times behind a date, and writes them so", () => {
    expect(read("<p>6.6.2026 18.30-21.00 im Saal</p>")).toEqual(["start: 2026-06-06 18:30", "end: 2026-06-06 21:00"]);
    expect(edited("<p>6.6.2026 18.30-21.00 im Saal</p>", start)).toBe("<p>6.6.2026 19.15-21.00 im Saal</p>");
    expect(read("<p>6.6.2026 4.30-7.30</p>")[0]).toBe("start: 2026-06-06 04:30 or 2026-06-06 16:30");
    for (const page of ["6.6.2026 18.30-21.00 Euro", "6.6.2026 3.50–7.50 €", "Section 18.30-21.00", "6.6.2026, 1.10-2.10.1"])
      expect([page, read(`<p>${page}</p>`).filter((said) => said.includes(":30") || said.includes(":10"))]).toEqual([page, []]);
  });

  test("leaves what tells of an old time", () => {
    for (const page of [
      "<p>6 June 2026 @</p><!-- moved from 18:30 -->",
      "<p>6 June 2026 <del>18:30</del> @</p>",
      "<p>6 June 2026 @ statt 18:30 Uhr</p>",
      "<p>6 June 2026 @, formerly 18:30</p>",
      "<p>6 June 2026, @ (was 6 pm)</p>",
      "<p>6 June 2026 @; 18:00 (old time)</p>",
      "<p>Now 6 June 2026 @.</p><p>It was at 18:30.</p>",
      "<del><p>6 June 2026 18:00</p>x</del><p>6 June 2026 @</p>",
    ])
      expect(edited(page.replace("@", "18:30"), start)).toBe(page.replace("@", "19:15"));
  });
});

test("people are read with their titles, to the last one, and replaced as a whole", () => {
  const page = "<p>Doctors: Eve Stone and Dr. Max Ruiz.</p>";
  expect(read(page)).toEqual(["doctors: Eve Stone, Dr. Max Ruiz"]);
  expect(edited(page, { doctors: { kind: "list", items: ["Ada Bell"] } })).toBe("<p>Doctors: Ada Bell.</p>");
});

describe("a link", () => {
  const other = { link: text("https://w.example.com/x") };

  test("is its address, found by its own words, by those before it, and by what heads it", () => {
    for (const page of [
      '<p><a href="@">join</a></p>',
      '<a href="@"><h3>Sign up now</h3></a>',
      '<p>To join, click <a href="@">here</a>.</p>',
      '<dl><dt>Sign up</dt><dd><a href="@">open</a></dd></dl>',
      '<iframe src="@" title="Join"></iframe>',
      '<p>To join: <a href="@">@</a></p>',
      '<nav><a href="/news">Join our newsletter</a></nav><a href="@">Join</a>',
      '<div data-link="@">x</div>',
      "<p>Join: @</p>",
      '<p>Join: <a href="@">v.example.com</a></p>',
    ]) {
      const from = page.replaceAll("@", "https://v.example.com/eli");
      expect([page, new Set(read(from))]).toEqual([page, new Set(["link: https://v.example.com/eli"])]);
      expect(edited(from, other)).toBe(page.replaceAll("@", "https://w.example.com/x"));
    }
  });

  test("is none that leads within the page, to a person, or that was struck out", () => {
    for (const page of [
      '<a href="#join">join</a>',
      '<a href="mailto:a@b.example">join</a>',
      '<s><a href="https://v.example.com/o">join</a></s>',
      '<p>Join us on deck. <a href="/about">About</a></p>',
    ])
      expect([page, read(page)]).toEqual([page, []]);
  });

  test("says the field's word and nothing else by its text or by one of its titles, each for itself", () => {
    for (const link of [
      '<a aria-label="opens a new tab" href="@">Join</a>',
      '<a title="Join" href="@">Video call</a>',
      '<a href="@" title="in your browser">Sign up</a>',
    ]) {
      const from = `<nav><a href="/news">Join our newsletter</a></nav>${link.replace("@", "https://v.example.com/eli")}`;
      expect([link, read(from)]).toEqual([link, ["link: https://v.example.com/eli"]]);
      expect(edited(from, other)).toBe(from.replace("https://v.example.com/eli", "https://w.example.com/x"));
    }
  });

  test("that is shown without its scheme stays so", () => {
    expect(edited('<p>Join <a href="https://v.example.com/eli">v.example.com/eli</a></p>', other)).toBe(
      '<p>Join <a href="https://w.example.com/x">w.example.com/x</a></p>',
    );
  });
});

test("a key is found under its own name, in code and in sentences, and is none where the word means another thing", () => {
  for (const page of [
    '<div data-code="PTR4LU">x</div>',
    '<meta name="code" content="PTR4LU">',
    '<span itemprop="code">PTR4LU</span>',
    '<script type="application/ld+json">{"code":"PTR4LU"}</script>',
    '<script>const code = "PTR4LU";</script>',
    '<script>const TRIP = { code: "PTR4LU" };</script>',
    "<p>Code: PTR4LU</p>",
    "<p>Booking code (PTR4LU)</p>",
    "<p>Your booking code is PTR4LU, keep it.</p>",
  ])
    expect([page, read(page)]).toEqual([page, ["code: PTR4LU"]]);
  for (const page of [
    "<p>Code of conduct, code red, Code: please ask</p>",
    "<p>Promo code SAVE20, QR code A1B2, zip code 92101</p>",
    "<h1>CODE BLUE</h1>",
    '<script>f({ code: "ENOENT" })</script>',
    '<p data-code="AAA111">a</p><p data-code="BBB222">b</p>',
  ])
    expect([page, read(page)]).toEqual([page, []]);
});

test("reading only what a page's signs point to passes over no key and no link", () => {
  const look = openPageFilter(visit, pages);
  if (!look) throw new Error("no filter");
  const names = new Set([...standardNames, ...ownNames(visit)]);
  for (const page of [
    '<div data-code="PTR4LU">x</div>',
    '<meta name="code" content="PTR4LU">',
    '<span itemprop="code">PTR4LU</span>',
    '<script type="application/ld+json">{"a":1,"code":"PTR4LU"}</script>',
    '<script>let a = "b"; const code = "PTR4LU"; f()</script>',
    "<p>Nothing</p><p>Your code is PTR4LU</p>",
    '<p>Hi</p><a href="https://v.example.com/eli">Join</a>',
    '<dl><dt>Sign up</dt><dd><a href="https://v.example.com/eli">open</a></dd></dl>',
    '<div data-link="https://v.example.com/eli">x</div>',
    '<a href="/news">Join our list</a> <a title="Join" href="https://v.example.com/eli">Video</a>',
    '<a href="/news">Join our list</a> <a aria-label="Join" href="https://v.example.com/eli">Video</a>',
    '<p data-code="n" data-code="PTR4LU">x</p><p>Code: S2FJLN</p>',
  ]) {
    const bytes = new TextEncoder().encode(page);
    const found = codec.read(bytes, {}, { signs: () => look(bytes).signs, names });
    const about = aboutOf({ kind: visit, system: pages, today: "2026-05-20" });
    const claims = found.kind === "document" ? claimsOf(found.document, "", about).claims.map(({ raw }) => raw) : [];
    expect([page, look(bytes).mayHold, claims]).toEqual([page, true, opened(page, visit).claims.claims.map(({ raw }) => raw)]);
    expect(claims).toHaveLength(1);
  }
});

test("a key out of an address keeps its spelling, links with two characters, and is found by either spelling", async () => {
  const kind: RecordKind = {
    ...visit,
    systems: [{ ...pages, match: [], templates: [], fields: { code: { at: "key", as: "g/{code}.html" } } }],
  };
  const world = new RecordsWorld({ kind, held: { pages: { "g/kiln-7a.html": "<p>6 June 2026, 4:30 PM</p>" } } });
  for (const named of ["kiln-7a", "kiln 7a", "KILN-7A"]) {
    const ids: string[] = [];
    for await (const { matrix } of (await audit(world.bench, { named, looksAtEdge: false }, context)).records) ids.push(matrix.entity.id);
    expect([named, ids]).toEqual([named, ["kiln-7a"]]);
  }
  const two: RecordKind = {
    ...kind,
    systems: [
      ...kind.systems,
      { ...pages, match: [], name: "wall", store: asStoreName("dir:wall"), fields: { code: { at: "key", as: "{code}.html" } } },
    ].map(({ target: _target, ...one }) => one),
  };
  const pair = new RecordsWorld({
    kind: two,
    held: { pages: { "g/a2.html": "<p>6 June 2026, 4:30 PM</p>" }, wall: { "a2.html": "<p>6 June 2026, 5:30 PM</p>" } },
  });
  const sizes: number[] = [];
  for await (const { matrix } of (await audit(pair.bench, { named: undefined, looksAtEdge: false }, context)).records)
    sizes.push(matrix.entity.sightings.length);
  expect(sizes).toEqual([2]);
});
