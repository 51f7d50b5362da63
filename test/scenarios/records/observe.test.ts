import { expect, test } from "vitest";
import { sha256 } from "../../../src/adapters/shared/sha256.ts";
import { asRevision } from "../../../src/core/brand.ts";
import { BelayError } from "../../../src/core/belay-error.ts";
import { bytesOf } from "../../../src/core/body.ts";
import type { Observed } from "../../../src/core/plan/plan.ts";
import type { RecordKind } from "../../../src/core/records/kind.ts";
import { audit, type Audit } from "../../../src/operations/records/audit.ts";
import { findEntities, loadEntity, type EntityOutline } from "../../../src/operations/records/find-entities.ts";
import { observeSystems } from "../../../src/operations/records/observe-systems.ts";
import type { SystemView } from "../../../src/operations/records/system-view.ts";
import { reconcile } from "../../../src/operations/records/reconcile.ts";
import type { RecordsBench } from "../../../src/operations/records/records-bench.ts";
import type { SightingBook } from "../../../src/ports/sighting-book.ts";
import type { Reading, Store } from "../../../src/ports/store.ts";
import { memoryBook } from "../../fakes/memory-sighting-book.ts";
import { booking, context, event, item, listing, RecordsWorld } from "./records-world.ts";

const encoder = new TextEncoder();

/** Pages at no place of their own, so that what is learnt elsewhere is all that they hang on. */
const kind: RecordKind = {
  ...booking,
  systems: booking.systems.map((system) => (system.name === "pages" ? { ...system, fields: {} } : system)),
};

const page = (guest: string, day: string): string =>
  `<!doctype html><title>Charter</title><h1>Welcome ${guest}</h1><p>${day}, 4:30 PM to 7:30 PM</p>`;
const record = (code: string, guest: string, date: string): string =>
  item({ guest_code: code, guest_name: guest, charter_date: date, start_time: "16:30" });

const held = {
  record: {
    AAA111: record("AAA111", "Jonah Reed", "2026-05-30"),
    BBB222: record("BBB222", "Maria Silva", "2026-06-02"),
    CCC333: record("CCC333", "Ida Thorn", "2026-06-09"),
  },
  pages: {
    "g/jonah.html": page("Jonah Reed", "Saturday, May 30, 2026"),
    "g/maria.html": page("Maria Silva", "June 2, 2026"),
    "g/ida.html": page("Ida Thorn", "June 9, 2026"),
    "g/about.html": "<h1>About us</h1><p>We sail.</p>",
  },
  calendar: { "charter-1.ics": event },
  listing: { "l/1": listing },
};

interface Watched {
  readonly world: RecordsWorld;
  /** Keys that were read, by system, since the last look. */
  readonly look: (
    bench?: RecordsBench,
  ) => Promise<{ readonly views: readonly SystemView[]; readonly read: Readonly<Record<string, readonly string[]>> }>;
  /** Replaces methods of one system's store. */
  readonly fail: (system: string, methods: Partial<Pick<Store, "list" | "read">>) => void;
  readonly bench: RecordsBench;
  /** Another process with the same memory on this machine. */
  readonly again: (more?: Partial<RecordsBench>) => RecordsBench;
}

function watched(book: SightingBook = memoryBook()): Watched {
  const world = new RecordsWorld({ kind, held });
  const failing = new Map<string, Partial<Pick<Store, "list" | "read">>>();
  const read: Record<string, string[]> = {};
  const wrap = (system: string, store: Store): Store => ({
    ...store,
    name: store.name,
    guarantees: (options) => store.guarantees(options),
    write: (request, options) => store.write(request, options),
    remove: (request, options) => store.remove(request, options),
    list: (prefix, options) => (failing.get(system)?.list ?? store.list.bind(store))(prefix, options),
    read: async (key, options) => {
      (read[system] ??= []).push(key);
      return await (failing.get(system)?.read ?? store.read.bind(store))(key, options);
    },
  });
  const again = (more: Partial<RecordsBench> = {}): RecordsBench => {
    const bench = world.open(book);
    return {
      ...bench,
      placeOf: async (system) => {
        const place = await bench.placeOf(system);
        return { ...place, bench: { ...place.bench, storeOf: async (name) => wrap(system.name, await place.bench.storeOf(name)) } };
      },
      ...more,
    };
  };
  const bench = again();
  return {
    world,
    bench,
    again,
    fail: (system, methods) => failing.set(system, methods),
    look: async (with_ = again()) => {
      for (const name of Object.keys(read)) delete read[name];
      const views = await observeSystems(with_, context);
      return { views, read: Object.fromEntries(Object.entries(read).map(([name, keys]) => [name, [...keys].toSorted()])) };
    },
  };
}

const put = (world: RecordsWorld, system: string, key: string, text: string | undefined): void => {
  world.stores.get(system)?.force(key, text === undefined ? undefined : encoder.encode(text));
};
const viewOf = (views: readonly SystemView[], name: string): SystemView =>
  views.find(({ system }) => system.name === name) ?? expect.fail(`no ${name}`);
const outlineOf = (outlines: readonly EntityOutline[], wanted: string): EntityOutline =>
  outlines.find(({ id }) => id === wanted) ?? expect.fail(`no ${wanted}`);
const matricesOf = async (found: Audit): Promise<readonly string[]> => {
  const ids: string[] = [];
  for await (const { matrix } of found.records) ids.push(matrix.entity.id);
  return ids;
};
const refusal = (status: string): BelayError => new BelayError("store-unreachable", `it answered ${status}`, "Run it again.");
const nobody = { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("go" as const) };
const wish = { named: "AAA111", answers: [], keep: undefined, deletes: false, leave: [] };
async function* nothing(): AsyncGenerator<Observed> {}
async function* brokenAfter(store: Store | undefined, count: number): AsyncGenerator<Observed> {
  let at = 0;
  for await (const observed of store?.list("", context) ?? []) {
    if (at >= count) throw refusal("half a list, then nothing");
    at += 1;
    yield observed;
  }
}

test("what did not change is not read again, and is known as before", async () => {
  const { look } = watched();
  const first = await look();
  expect(first.read["pages"]).toHaveLength(4);
  const second = await look();
  expect(second.read).toEqual({});
  expect(second.views.map(({ sketches, objects }) => [sketches, objects])).toEqual(
    first.views.map(({ sketches, objects }) => [sketches, objects]),
  );
  expect(second.views.map(({ read }) => read)).toEqual([0, 0, 0, 0]);
});

test("a changed page is read, and no other", async () => {
  const { look, world } = watched();
  await look();
  put(world, "pages", "g/maria.html", page("Maria Silva", "June 3, 2026"));
  expect((await look()).read).toEqual({ pages: ["g/maria.html"] });
});

test("a new name in the table has exactly the pages of its days read again", async () => {
  const { look, world } = watched();
  await look();
  put(world, "record", "BBB222", record("BBB222", "Maria Costa", "2026-06-02"));
  const { read } = await look();
  expect(read["record"]).toEqual(["BBB222"]);
  expect(read["pages"]).toEqual(["g/maria.html"]);
});

test("a new name has a page without a day read again where it may stand there", async () => {
  const { look, world } = watched();
  put(world, "pages", "g/thanks.html", "<h1>Thanks</h1><p>To Maria <b>C</b>osta and all others.</p>");
  await look();
  put(world, "record", "BBB222", record("BBB222", "Maria Costa", "2026-06-02"));
  expect((await look()).read["pages"]).toEqual(["g/maria.html", "g/thanks.html"]);
});

test("a name without a plain letter has every page without a day read again", async () => {
  const { look, world } = watched();
  await look();
  put(world, "record", "BBB222", record("BBB222", "Žšč Őű", "2026-06-02"));
  expect((await look()).read["pages"]).toEqual(["g/about.html", "g/maria.html"]);
});

test("a time that moves in the table has no page read again: pages are read for names and keys", async () => {
  const { look, world } = watched();
  await look();
  put(
    world,
    "record",
    "BBB222",
    item({ guest_code: "BBB222", guest_name: "Maria Silva", charter_date: "2026-06-02", start_time: "15:30" }),
  );
  expect((await look()).read).toEqual({ record: ["BBB222"] });
});

test("a name that comes with a new record is found on a page that stood there before", async () => {
  const { look, world, bench } = watched();
  put(world, "pages", "g/new.html", page("Otto Lind", "June 9, 2026"));
  await look();
  put(world, "record", "DDD444", record("DDD444", "Otto Lind", "2026-06-09"));
  const { read, views } = await look(bench);
  expect(read["pages"]).toEqual(["g/ida.html", "g/new.html"]);
  const guests = viewOf(views, "pages")
    .sketches.find(({ at }) => at.key === "g/new.html")
    ?.claims.filter(({ field }) => field === "guest");
  expect(guests?.map(({ value }) => value)).toEqual([{ kind: "text", text: "Otto Lind" }]);
});

test("news that a look missed because its pages could not be read is heard at the next look", async () => {
  const { look, world, fail } = watched();
  await look();
  put(world, "record", "BBB222", record("BBB222", "Maria Costa", "2026-06-02"));
  fail("pages", { list: () => brokenAfter(world.stores.get("pages"), 1) });
  expect(viewOf((await look()).views, "pages").failure?.code).toBe("store-unreachable");
  fail("pages", {});
  expect((await look()).read["pages"]).toEqual(["g/maria.html"]);
});

test("news that reached some pages only is heard by the others at the next look", async () => {
  const { look, world, fail } = watched();
  put(world, "pages", "g/maria-2.html", page("Maria Silva", "June 2, 2026"));
  await look();
  put(world, "record", "BBB222", record("BBB222", "Maria Costa", "2026-06-02"));
  const store = world.stores.get("pages");
  fail("pages", {
    read: async (key, options) => (key === "g/maria.html" ? await Promise.reject(refusal("500")) : await store?.read(key, options)),
  });
  expect(viewOf((await look()).views, "pages").failure?.code).toBe("store-unreachable");
  fail("pages", {});
  expect((await look()).read["pages"]).toContain("g/maria.html");
});

test("a table that fails takes its names from no page", async () => {
  const { look, world, fail } = watched();
  const first = await look();
  fail("record", { list: () => brokenAfter(world.stores.get("record"), 0) });
  const { read, views } = await look();
  expect(read).toEqual({});
  expect(viewOf(views, "pages").sketches).toEqual(viewOf(first.views, "pages").sketches);
});

test("a first look that broke off keeps what it had read", async () => {
  const { look, fail, world } = watched();
  const store = world.stores.get("pages");
  let reads = 0;
  fail("pages", {
    read: async (key, options) => {
      reads += 1;
      if (reads > 3) throw refusal("500");
      return await store?.read(key, options);
    },
  });
  expect(viewOf((await look()).views, "pages").failure).toBeDefined();
  fail("pages", {});
  expect((await look()).read["pages"]).toHaveLength(1);
});

for (const status of ["412", "409", "429", "500", "nothing: the reply was lost"]) {
  test(`a system that answers a read with ${status} fails by name, the others are audited, and nothing is written`, async () => {
    const { fail, again, world } = watched();
    fail("calendar", { read: async () => await Promise.reject(refusal(status)) });
    const found = await audit(again(), { named: undefined, looksAtEdge: false }, context);
    const failed = found.systems.filter(({ failure }) => failure);
    expect(failed.map(({ system }) => system)).toEqual(["calendar"]);
    expect(failed[0]?.failure?.message).toContain("calendar");
    expect(failed[0]?.failure?.message).toContain(status);
    expect(await matricesOf(found)).toEqual(expect.arrayContaining(["AAA111", "BBB222", "CCC333"]));
    const before = await contentsOf(world);
    await expect(reconcile(again(), wish, nobody, context)).rejects.toThrow(/calendar/u);
    expect(await contentsOf(world)).toEqual(before);
  });
}

test("half a list is a failure: nothing is missing, nothing dangles, and nothing is written on its strength", async () => {
  const { fail, again, look, world } = watched();
  await look();
  fail("record", { list: () => brokenAfter(world.stores.get("record"), 1) });
  const found = await audit(again(), { named: undefined, looksAtEdge: false }, context);
  expect(found.systems.find(({ system }) => system === "record")?.failure?.message).toContain("record");
  for await (const { matrix } of found.records)
    expect(matrix.findings.filter(({ code, about }) => code === "missing" && about.includes("record"))).toEqual([]);
  await expect(reconcile(again(), wish, nobody, context)).rejects.toThrow(/record/u);
});

test("a list that ends early without a word is told by an object that is still there", async () => {
  const { fail, again, look, world } = watched();
  await look();
  const store = world.stores.get("pages");
  fail("pages", {
    list: async function* list() {
      let left = 2;
      for await (const observed of store?.list("", context) ?? []) if ((left -= 1) >= 0) yield observed;
    },
  });
  const { views } = await look();
  expect(viewOf(views, "pages").failure).toMatchObject({ code: "observation-partial" });
  await expect(reconcile(again(), wish, nobody, context)).rejects.toMatchObject({ code: "observation-partial" });
});

test("an empty list is a failure where there was something, until a person says that it is the truth", async () => {
  const { fail, again, look } = watched();
  await look();
  fail("calendar", { list: nothing });
  const { views } = await look();
  expect(viewOf(views, "calendar").failure?.remedy).toContain("--accept-empty calendar");
  await expect(reconcile(again(), wish, nobody, context)).rejects.toMatchObject({ code: "observation-partial" });
  const accepted = await look(again({ acceptsEmpty: new Set(["calendar"]) }));
  expect(viewOf(accepted.views, "calendar")).toMatchObject({ objects: 0, sketches: [] });
  expect(viewOf(accepted.views, "calendar").failure).toBeUndefined();
  expect(viewOf((await look()).views, "calendar").failure).toBeUndefined();
});

test("a system that holds nothing at all any more is a failure too, until a person says that it is the truth", async () => {
  const { again, look, world } = watched();
  await look();
  put(world, "calendar", "charter-1.ics", undefined);
  expect(viewOf((await look()).views, "calendar").failure?.message).toContain("lists nothing");
  expect(viewOf((await look(again({ acceptsEmpty: new Set(["calendar"]) }))).views, "calendar").failure).toBeUndefined();
});

test("a change of belay.yaml forgets what objects say, and not how many there were: an empty listing and a part of one stay failures", async () => {
  const { again, fail, look } = watched();
  await look();
  const other = { kind: { ...kind, zone: "Europe/London" } };
  fail("calendar", { list: nothing });
  expect(viewOf((await look(again(other))).views, "calendar").failure?.message).toContain("lists nothing, and held 1");
  fail("pages", { list: nothing });
  expect(viewOf((await look(again({ kind: { ...kind, zone: "Europe/Paris" } }))).views, "pages").failure?.message).toContain("held 4");
  fail("record", {
    list: async function* () {
      yield await Promise.resolve({ key: "AAA111", revision: asRevision("r"), sizeBytes: 1 });
    },
  });
  const half = viewOf((await look(again({ kind: { ...kind, zone: "Europe/Rome" } }))).views, "record");
  expect(half.failure?.message).toContain("which is still there");
});

test("where the pages are looked for elsewhere, an empty listing is the truth", async () => {
  const { again, look } = watched();
  await look();
  const systems = kind.systems.map((system) => (system.name === "pages" ? { ...system, match: ["other/*.html"] } : system));
  expect(viewOf((await look(again({ kind: { ...kind, systems } }))).views, "pages")).toMatchObject({ objects: 0 });
});

test("what was really deleted is gone without anybody being asked", async () => {
  const { look, world } = watched();
  await look();
  put(world, "pages", "g/ida.html", undefined);
  const { views } = await look();
  expect(viewOf(views, "pages").failure).toBeUndefined();
  expect(viewOf(views, "pages").objects).toBe(3);
});

test("an object that is deleted between list and read is left out, and is no failure", async () => {
  const { fail, look, world } = watched();
  const store = world.stores.get("pages");
  fail("pages", { read: async (key, options) => (key === "g/ida.html" ? undefined : await store?.read(key, options)) });
  const view = viewOf((await look()).views, "pages");
  expect(view.failure).toBeUndefined();
  expect(view.sketches.map(({ at }) => at.key)).not.toContain("g/ida.html");
  expect(view.objects).toBe(3);
});

test("a page that says nothing is no record of its own", async () => {
  const { bench } = watched();
  const views = await observeSystems(bench, context);
  const found = await findEntities(bench, views, context);
  expect(found.flatMap(({ sketches }) => sketches.map(({ at }) => at.key))).not.toContain("g/about.html");
  expect(found.length).toBeGreaterThan(0);
});

test("records are found again without being worked out again, and differently as soon as something changes", async () => {
  const { bench, again, look, world } = watched();
  const once = await findEntities(bench, await observeSystems(bench, context), context);
  const phases: string[] = [];
  const listening = { ...context, report: ({ phase }: { readonly phase: string }) => void phases.push(phase) };
  const other = again();
  const views = (await look(other)).views;
  expect(await findEntities(other, views, listening)).toEqual(once);
  expect(phases).not.toContain("comparing");
  put(world, "record", "AAA111", record("AAA112", "Jonah Reed", "2026-05-30"));
  const changed = await findEntities(other, (await look(other)).views, listening);
  expect(phases).toContain("comparing");
  expect(changed.map(({ id }) => id)).toContain("AAA112");
});

test("sightings that this machine has forgotten are read once more, the names of the table known", async () => {
  const { bench } = watched();
  const views = await observeSystems(bench, context);
  const outlines = await findEntities(bench, views, context);
  const outline = outlineOf(outlines, "AAA111");
  const known = await loadEntity(bench, { outline, views }, context);
  const forgetful: RecordsBench = { ...bench, book: { ...bench.book, sightings: async () => await Promise.resolve(undefined) } };
  expect(await loadEntity(forgetful, { outline, views }, context)).toEqual(known);
  expect(known.sightings.map(({ at }) => at.key)).toContain("g/jonah.html");
});

test("a system is asked at most as often at once as its configuration allows", async () => {
  const { again, fail, look, world } = watched();
  const store = world.stores.get("pages");
  let now = 0;
  let most = 0;
  fail("pages", {
    read: async (key, options): Promise<Reading | undefined> => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((done) => setTimeout(done, 2));
      now -= 1;
      return await store?.read(key, options);
    },
  });
  const bench = again();
  const systems = kind.systems.map((system) => (system.name === "pages" ? { ...system, requestsMax: 2 } : system));
  await look({ ...bench, kind: { ...kind, systems } });
  expect(most).toBe(2);
});

async function contentsOf(world: RecordsWorld): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, store] of world.stores) {
    for await (const { key, revision } of store.list("", context)) {
      const reading = await store.read(key, context);
      found.push(`${name} ${key} ${revision} ${reading ? sha256(await bytesOf(reading.body)) : ""}`);
    }
  }
  return found;
}
