/** What is told of records is true: what cannot be read or seen is said to be so, and nothing counts as agreement that is none. */

import { afterEach, describe, expect, test } from "vitest";
import { sha256 } from "../../../src/adapters/shared/sha256.ts";
import { BelayError } from "../../../src/core/belay-error.ts";
import type { FieldPlace, RecordKind, RecordSystem } from "../../../src/core/records/kind.ts";
import { isDoubtful } from "../../../src/core/records/lay-matrix.ts";
import { audit, type AuditedRecord } from "../../../src/operations/records/audit.ts";
import { observeSystems } from "../../../src/operations/records/observe-systems.ts";
import { prepare, type Prepared, type ReconcileRequest } from "../../../src/operations/records/reconcile.ts";
import type { RecordsBench } from "../../../src/operations/records/records-bench.ts";
import { booking, context, event, incident, item, RecordsWorld } from "./records-world.ts";

const record = (fields: Readonly<Record<string, string>>): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  record: { S2FJLN: item({ guest_code: "S2FJLN", guest_name: "Jonah Reed", charter_date: "2026-05-30", ...fields }) },
});

const changed = (name: string, change: Partial<RecordSystem>, kind: RecordKind = booking): RecordKind => ({
  ...kind,
  systems: kind.systems.map((system) => (system.name === name ? { ...system, ...change } : system)),
});

const only = (kind: RecordKind, ...names: readonly string[]): RecordKind => ({
  ...kind,
  systems: kind.systems.filter(({ name }) => names.includes(name)),
});

async function audited(
  bench: RecordsBench,
): Promise<{ readonly records: readonly AuditedRecord[]; readonly found: Awaited<ReturnType<typeof audit>> }> {
  const found = await audit(bench, { named: undefined, looksAtEdge: false }, context);
  const records: AuditedRecord[] = [];
  for await (const one of found.records) records.push(one);
  return { records, found };
}

const start = ({ matrix }: AuditedRecord): readonly string[] =>
  matrix.rows
    .filter(({ field }) => field === "start")
    .flatMap(({ cells }) => cells.map(({ sighting, verdict }) => `${sighting}: ${verdict}`));

const noAnswer = async (): Promise<undefined> => await Promise.resolve(undefined);
const drafted = async (bench: RecordsBench, request: Partial<ReconcileRequest>): Promise<Prepared> =>
  await prepare(bench, { named: "S2FJLN", answers: [], keep: undefined, deletes: false, leave: [], ...request }, noAnswer, context);
const evening = { field: "start", value: { kind: "moment", date: "2026-05-30", time: "20:00" }, because: "Mara: said so" } as const;

describe("a system that cannot be opened", () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  afterEach(() => {
    process.off("unhandledRejection", note);
    unhandled.length = 0;
  });

  test("is a failure of its own, also while a slower one is still being looked at", async () => {
    process.on("unhandledRejection", note);
    const world = new RecordsWorld();
    const slow: RecordsBench = {
      ...world.bench,
      placeOf: async (system) => {
        if (system.name === "calendar")
          throw new BelayError("credentials-missing", "calendar needs CAL_PASSWORD.", "export CAL_PASSWORD=…");
        if (system.name === "record") await new Promise((done) => setTimeout(done, 30));
        return await world.bench.placeOf(system);
      },
    };
    const views = await observeSystems(slow, context);
    expect(views.map(({ system, failure }) => [system.name, failure?.code])).toEqual([
      ["record", undefined],
      ["pages", undefined],
      ["calendar", "credentials-missing"],
      ["listing", undefined],
    ]);
    expect(unhandled).toEqual([]);
  });
});

describe("an attribute that belay.yaml does not map", () => {
  const held = {
    ...record({ start_time: "15:30", seen: "18:30", note: "was 18:30-21:30, Jonah Reed" }),
    calendar: { "charter-1.ics": event },
  };

  test("says nothing of a field that is mapped elsewhere, and is never edited", async () => {
    const { bench } = new RecordsWorld({ kind: only(booking, "record", "calendar"), held });
    const { identified } = await drafted(bench, { answers: [evening] });
    const edits = identified.plan.records?.edits.filter(({ system }) => system === "record") ?? [];
    expect(edits.map(({ where, before, after }) => [where, before, after])).toEqual([
      [expect.stringContaining("start_time"), "15:30", "20:00"],
    ]);
    expect(identified.plan.refusals).toEqual([]);
  });

  test("does not stand in for a mapped one that cannot be read: that is told, agrees with nobody, and blocks", async () => {
    const { bench } = new RecordsWorld({
      kind: only(booking, "record", "calendar"),
      held: { ...held, ...record({ start_time: "7-9", seen: "16:30" }) },
    });
    const [one] = (await audited(bench)).records;
    expect(one && start(one)).toEqual(["record S2FJLN: unreadable", expect.stringContaining("calendar")]);
    expect(one?.isConsistent).toBe(false);
    expect(one?.decided.decisions.map(({ field }) => field)).not.toContain("start");
    const { identified } = await drafted(bench, { answers: [evening] });
    expect(identified.plan.refusals.map(({ code, message }) => [code, message])).toEqual([
      ["unexplained-mention", expect.stringContaining("cannot be read as start")],
    ]);
    expect(JSON.stringify(identified.plan.records?.edits ?? [])).not.toContain("seen");
  });
});

test("an authority that cannot be read decides nothing", async () => {
  const kind: RecordKind = {
    ...only(booking, "record", "calendar"),
    fields: booking.fields.map((field) => (field.name === "start" ? { ...field, authority: { kind: "system", system: "record" } } : field)),
  };
  const { bench } = new RecordsWorld({
    kind,
    held: { ...record({ start_time: "after lunch" }), calendar: { "charter-1.ics": event } },
  });
  const [one] = (await audited(bench)).records;
  expect(one && start(one)[0]).toBe("record S2FJLN: unreadable");
  expect(one?.decided.questions.map(({ name }) => name)).toContain("start");
});

test("a property that another program made up is left as it is, and listed", async () => {
  const own = event.replace("X-KEEP:as it is", "X-ALARM-AT:20260530T163000\r\nX-SHOWN:4:30 PM");
  const { bench } = new RecordsWorld({
    kind: only(booking, "record", "calendar"),
    held: { ...record({ start_time: "15:30" }), calendar: { "charter-1.ics": own } },
  });
  const { identified } = await drafted(bench, { answers: [evening] });
  const { edits = [], mentions = [] } = identified.plan.records ?? {};
  expect(edits.filter(({ where }) => where.includes("X-"))).toEqual([]);
  expect(mentions.filter(({ why }) => why.includes("another program")).map(({ raw }) => raw)).toContain("4:30 PM");
  expect(identified.plan.refusals).toEqual([]);
});

describe("a place that belay.yaml names", () => {
  const misspelt: Readonly<Record<string, FieldPlace>> = { code: { at: "guest_code" }, start: { at: "start_time", dateAt: "charter_dat" } };

  test("and no object has is told once, with the nearest name", async () => {
    const kind: RecordKind = {
      ...changed("record", { fields: misspelt }, only(booking, "record", "calendar")),
      pointers: [{ from: "record", at: "page_slgu", to: "pages" }],
    };
    const { bench } = new RecordsWorld({ kind, held: record({ start_time: "15:30", page_slug: "jonah" }) });
    const { found } = await audited(bench);
    expect(found.unusedPlaces.map(({ system, at, of, objects, nearest }) => [system, at, of, objects, nearest])).toEqual([
      ["record", "charter_dat", "start", 1, "charter_date"],
      ["record", "page_slgu", "the pointer to pages", 1, "page_slug"],
    ]);
  });

  test("and no object has is looked for once, as long as nothing changes, and not at all where a record was named", async () => {
    const kind: RecordKind = { ...changed("record", { fields: misspelt }, only(booking, "record", "calendar")), pointers: [] };
    const world = new RecordsWorld({ kind, held: { ...record({ start_time: "15:30" }), calendar: { "charter-1.ics": event } } });
    const store = world.stores.get("record");
    if (!store) throw new Error("no record");
    const read = store.read.bind(store);
    let reads = 0;
    store.read = async (key, options) => {
      reads += 1;
      return await read(key, options);
    };
    const told: (readonly [number, readonly string[]])[] = [];
    const look = async (): Promise<void> => {
      reads = 0;
      const { found } = await audited(world.bench);
      told.push([reads, found.unusedPlaces.map(({ at }) => at)]);
    };
    await look();
    await look();
    expect(told[1]).toEqual([0, ["charter_dat"]]);
    expect(told[0]?.[0]).toBeGreaterThan(0);
    world.stranger("record", "S2FJLN", item({ guest_code: "S2FJLN", charter_dat: "", start_time: "15:30" }));
    await look();
    expect(told[2]?.[1]).toEqual([]);
    world.stranger("record", "S2FJLN", item({ guest_code: "S2FJLN", start_time: "15:30" }));
    await look();
    expect(told[3]?.[1]).toEqual(["charter_dat"]);
    expect((await audit(world.open(), { named: "S2FJLN", looksAtEdge: false }, context)).unusedPlaces).toEqual([]);
  });

  test("and some object has is none of those, whatever stands in the others", async () => {
    const { bench } = new RecordsWorld();
    expect((await audited(bench)).found.unusedPlaces.map(({ at }) => at)).toEqual([]);
  });
});

const crew = (...items: readonly string[]) => ({ field: "crew", value: { kind: "list", items }, because: "Mara: so" }) as const;

describe("people in a list of an item", () => {
  const kind: RecordKind = {
    ...changed("record", { fields: { code: { at: "guest_code" }, crew: { at: "crew" } } }, only(booking, "record")),
    fields: [
      ...booking.fields.filter(({ name }) => name !== "guest" && name !== "captain"),
      { name: "crew", type: "people", authority: { kind: "ask" }, words: [] },
    ],
  };
  const held = { record: { S2FJLN: JSON.stringify({ crew: { SS: ["Ada Bell", "Ben Ode"] }, guest_code: { S: "S2FJLN" } }) } };

  test("are one value together", async () => {
    const [one] = (await audited(new RecordsWorld({ kind, held }).bench)).records;
    expect(one?.matrix.rows.find(({ field }) => field === "crew")).toMatchObject({
      state: "agreed",
      value: { items: ["Ada Bell", "Ben Ode"] },
    });
  });

  test("change one for one: who stays is not touched", async () => {
    const { identified } = await drafted(new RecordsWorld({ kind, held }).bench, { answers: [crew("Ben Ode", "Cy Lund")] });
    expect(identified.plan.records?.edits.map(({ before, after }) => [before, after])).toEqual([["Ada Bell", "Cy Lund"]]);
  });

  test("hold the plan up where the list would have to grow or shrink", async () => {
    const { identified } = await drafted(new RecordsWorld({ kind, held }).bench, { answers: [crew("Ada Bell", "Ben Ode", "Cy Lund")] });
    expect(identified.plan.records?.edits).toEqual([]);
    expect(identified.plan.refusals[0]?.message).toContain("in a list, which would have to hold 3");
  });
});

test("a text that is to be left and stands nowhere is an error, and one that stands there is not", async () => {
  const { bench } = new RecordsWorld({
    kind: only(booking, "record", "pages"),
    held: { ...incident, pages: { "g/a.html": "<p>Guest code S2FJLN, May 30, 2026, 4:30 – 7:30 PM</p>" } },
  });
  await expect(drafted(bench, { answers: [evening], leave: ["4:15 PM"] })).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("4:15 PM"),
  });
  await expect(drafted(bench, { answers: [evening], leave: ["15:30"] })).resolves.toBeDefined();
});

test("a page behind a login that people attest holds nothing up, and its task's link names the record", async () => {
  const listing: Partial<RecordSystem> = { manual: { link: "https://market.example.com/edit/{code}", attest: true } };
  const world = new RecordsWorld({ kind: changed("listing", listing) });
  const bench: RecordsBench = {
    ...world.bench,
    placeOf: async (system) => {
      if (system.name === "listing")
        throw new BelayError("store-denied", "The page is not shown without signing in.", "Let a person attest it.");
      return await world.bench.placeOf(system);
    },
  };
  const { identified } = await drafted(bench, { answers: [evening], keep: "g/2026-05-30-jonah-sunset.html" });
  expect(identified.plan.records?.tasks.map(({ system, link, attest }) => [system, link, attest])).toEqual([
    ["listing", "https://market.example.com/edit/S2FJLN", true],
  ]);
  expect((await audited(bench)).found.systems.filter(({ failure }) => failure)).toEqual([]);
  const strict: RecordsBench = { ...bench, kind: changed("listing", { manual: {} }) };
  await expect(drafted(strict, { answers: [evening] })).rejects.toMatchObject({ code: "store-denied" });
});

test("a time that the clock skips does not hold, and only moments that there are can be chosen", async () => {
  const kind: RecordKind = { ...only(booking, "record"), zone: "Europe/Berlin" };
  const { bench } = new RecordsWorld({
    kind,
    held: { record: { S2FJLN: item({ guest_code: "S2FJLN", charter_date: "2027-03-28", start_time: "02:30" }) } },
  });
  const [one] = (await audited(bench)).records;
  const asked = one?.decided.questions.find(({ name }) => name === "start");
  expect(asked?.choices.map(({ answer }) => answer)).toEqual(["2027-03-28 03:30", "2027-03-28 01:30"]);
});

test("two records that may be one agree with nobody until somebody has looked", async () => {
  const nextDay = event.replaceAll("20260530T", "20260531T").replace(" (S2FJLN)", "");
  const held = { ...record({ start_time: "16:30" }), calendar: { "charter-1.ics": nextDay } };
  const { records } = await audited(new RecordsWorld({ kind: only(booking, "record", "calendar"), held }).bench);
  expect(records.map(({ matrix }) => [matrix.entity.sightings.map(({ system }) => system), isDoubtful(matrix)])).toEqual([
    [["record"], true],
    [["calendar"], true],
  ]);
  const stranger = { ...held, calendar: { "charter-1.ics": nextDay.replace("Jonah Reed", "a school") } };
  const apart = await audited(new RecordsWorld({ kind: only(booking, "record", "calendar"), held: stranger }).bench);
  expect(apart.records.map(({ matrix }) => isDoubtful(matrix))).toEqual([false, false]);
});

test.each([
  [403, "unseen-edge-copy", "what visitors get is unknown: it answers with status 403"],
  [503, "unseen-edge-copy", "what visitors get is unknown: it answers with status 503"],
  [404, "stale-edge-copy", "answers with status 404, and the origin holds a page"],
  [200, "stale-edge-copy", "serves other bytes than the origin holds"],
])("a copy at the edge that is answered with %i is told as %s", async (status, code, message) => {
  const world = new RecordsWorld({ kind: only(booking, "pages"), production: { url: "https://www.example.com" } });
  const home = world.copy.bench;
  const look: typeof home.probe.look = async () =>
    await Promise.resolve({
      kind: "seen",
      status,
      headers: {},
      digest: sha256(new Uint8Array([1])),
      sizeBytes: 1,
      url: "https://www.example.com/",
    });
  const found = await audit(world.open(undefined, { ...home, probe: { look } }), { named: "S2FJLN", looksAtEdge: true }, context);
  for await (const { matrix } of found.records) {
    const seen = matrix.findings.filter((one) => one.code.endsWith("edge-copy"));
    expect(new Set(seen.map((one) => `${one.code}: ${one.message}`))).toEqual(new Set([`${code}: ${message}`]));
  }
  expect(found.total).toBe(1);
});
