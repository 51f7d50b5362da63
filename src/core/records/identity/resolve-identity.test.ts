import { describe, expect, test } from "vitest";
import { bookingRules, bookingSet, type Said, traitsSaid } from "../../../../test/fixtures/booking-sets.ts";
import { type Identity, resolveIdentity } from "./resolve-identity.ts";
import { matchRules, traitsOf } from "./traits.ts";
import { asRevision, asStoreName } from "../../brand.ts";
import type { Claim, Sighting } from "../claim.ts";

/** A system and an id in one: `pages sunset`. */
type Row = readonly [name: string, values: Readonly<Record<string, string>>, rest?: Partial<Said>];
const resolve = (rows: readonly Row[], rules = bookingRules): Identity =>
  resolveIdentity(
    rows.map(([id, values, rest]) => traitsSaid({ id, system: id.split(" ")[0] ?? "", values, ...rest })),
    rules,
  );
const groupsOf = ({ entities }: Identity): readonly string[] => entities.map((ids) => ids.join(" + ")).toSorted();
const day = "2026-06-06";
const at = (from: string, to?: string, on = day): Record<string, string> => ({
  start: `${on} ${from}`,
  ...(to === undefined ? {} : { end: `${on} ${to}` }),
});

describe("the incident", () => {
  const found = resolve([
    [
      "pages sunset",
      { ...at("16:30", "19:30"), guest: "Paula" },
      { text: "2026-06-06-paula-sunset", names: ["g/2026-06-06-paula-sunset.html"] },
    ],
    [
      "pages noon",
      { ...at("16:30", "19:30"), guest: "Paula", booking: "#hk7wqze" },
      { text: "2026-06-06-paula-noon", names: ["g/2026-06-06-paula-noon.html"] },
    ],
    ["record K4TZ9QW", { ...at("15:30"), code: "K4TZ9QW", guest: "Paula" }, { points: [{ to: "pages", raw: "/g/2026-06-06-paula-noon" }] }],
    ["calendar 1", { ...at("16:30", "19:30"), guest: "Paula B." }],
    ["market hk7wqze", { ...at("16:30", "19:30"), guest: "Paula B.", booking: "hk7wqze" }],
    ["pages other", { ...at("10:00", "13:00"), guest: "Wei Okafor" }, { text: "2026-06-06-wei-morning" }],
  ]);

  test("pitfall 20: both pages, the record with its new time, the calendar and the listing are one booking, whatever the slugs call it", () => {
    expect(groupsOf(found)).toEqual(["pages other", "pages sunset + pages noon + record K4TZ9QW + calendar 1 + market hk7wqze"]);
    expect(found.doubts).toEqual([]);
  });

  test("every link says how it was found and why", () => {
    expect(found.links.find(({ how }) => how === "pointer")).toMatchObject({ a: "pages noon", b: "record K4TZ9QW" });
    const key = found.links.find(({ how }) => how === "key");
    expect(key?.evidence).toContain("booking hk7wqze on both");
    expect(found.links.find(({ how }) => how === "evidence")?.evidence).toContain(`same day, ${day}`);
    for (const { evidence, weight } of found.links) expect([evidence.length > 0, weight > 0.96]).toEqual([true, true]);
  });
});

test("pitfall 21: forty pages that share a template's defaults are not one record, and the template is none", () => {
  const defaults = { ...at("16:30", "19:30"), code: "S4MPL99" };
  const pages = Array.from({ length: 41 }, (_, n): Row => [`pages ${n}`, defaults]);
  const found = resolve([
    ["pages template", { ...defaults, guest: "Paula" }, { isTemplate: true }],
    ["record 1", { ...at("16:30"), guest: "Paula", code: "K4TZ9QW" }],
    ...pages,
  ]);
  expect(found.entities.flat()).not.toContain("pages template");
  expect(found.entities.every((ids) => ids.length === 1)).toBe(true);
});

test("pitfall 23: one guest with two charters on a day has two bookings, each with its own record", () => {
  const found = resolve([
    ["pages a", { ...at("10:00", "13:00"), guest: "Paula Harlow" }],
    ["pages b", { ...at("16:30", "19:30"), guest: "Paula Harlow" }],
    ["record 1", { ...at("10:00", "13:00"), guest: "Paula Harlow", code: "K4TZ9QW" }],
    ["record 2", { ...at("16:30", "19:30"), guest: "Paula Harlow", code: "M8RVX3D" }],
  ]);
  expect(groupsOf(found)).toEqual(["pages a + record 1", "pages b + record 2"]);
});

describe("pitfall 24", () => {
  test("one slot on two vessels is two bookings", () => {
    const found = resolve([
      ["pages a", { ...at("10:00"), guest: "Paula Harlow", vessel: "Aurora" }],
      ["record 2", { ...at("10:00"), guest: "Paula Harlow", vessel: "Petrel", code: "M8RVX3D" }],
    ]);
    expect(groupsOf(found)).toEqual(["pages a", "record 2"]);
    expect(found.doubts[0]?.against).toEqual([`vessel "Aurora" is not "Petrel"`]);
  });

  test("two guests of one name are told apart by time, telephone and vessel", () => {
    const found = resolve([
      ["calendar a", { ...at("10:00"), guest: "Maria Silva", phone: "619 555 0101" }],
      ["record b", { ...at("10:00"), guest: "Maria Silva", phone: "619 555 0199", code: "M8RVX3D" }],
    ]);
    expect(groupsOf(found)).toEqual(["calendar a", "record b"]);
  });

  test("cancelled and rebooked are two", () => {
    const found = resolve([
      ["calendar old", { ...at("10:00"), guest: "Paula Harlow", status: "CANCELLED" }],
      ["record new", { ...at("10:00"), guest: "Paula Harlow", code: "M8RVX3D" }],
    ]);
    expect(groupsOf(found)).toEqual(["calendar old", "record new"]);
    expect(found.doubts[0]?.against).toEqual(["one is cancelled, the other is not"]);
  });

  test("an instance of a series is not the series, whatever key they share", () => {
    const found = resolve([
      ["calendar series", { ...at("10:00"), guest: "Sailing class", code: "CLASS01" }, { series: "u1" }],
      ["calendar instance", { ...at("10:00"), guest: "Sailing class", code: "CLASS01" }, { series: "u1", instance: "20260606T100000" }],
    ]);
    expect(groupsOf(found)).toEqual(["calendar instance", "calendar series"]);
    expect(found.doubts[0]?.against).toContain("an instance is not its series");
  });
});

describe("pitfall 25", () => {
  test("an id that one page alone has links it with nothing", () => {
    const found = resolve([
      ["pages a", { ...at("10:00"), guest: "Paula Harlow", booking: "hk7wqze" }],
      ["pages b", { ...at("10:00", undefined, "2026-06-07"), guest: "Maria Silva" }],
    ]);
    expect(found.links).toEqual([]);
  });

  test("an id that is another booking's guest code proves nothing, in its own field either", () => {
    const found = resolve([
      ["pages a", { ...at("10:00"), guest: "Paula Harlow", booking: "hk7wqze" }],
      ["market b", { ...at("10:00", undefined, "2026-06-09"), guest: "Paula Harlow", booking: "hk7wqze" }],
      ["record c", { ...at("16:30", undefined, "2026-06-07"), guest: "Maria Silva", code: "HK7WQZE" }],
    ]);
    expect(found.links).toEqual([]);
  });

  test("a code that was left in a copied page, with another guest on another day, is a doubt", () => {
    const found = resolve([
      ["pages copy", { ...at("10:00", undefined, "2026-06-09"), guest: "Maria Silva", code: "K4TZ9QW" }],
      ["record 1", { ...at("10:00"), guest: "Paula Harlow", code: "K4TZ9QW" }],
    ]);
    expect(groupsOf(found)).toEqual(["pages copy", "record 1"]);
    expect(found.doubts).toHaveLength(1);
  });
});

test("pitfall 26: A matches B and B matches C, A clashes with C: none is merged, and both sides are shown", () => {
  const found = resolve([
    ["pages a", { ...at("10:00", "13:00"), guest: "Paula Harlow" }],
    ["calendar b", { start: day, guest: "Paula Harlow" }],
    ["record c", { ...at("16:30", "19:30"), guest: "Paula Harlow", code: "K4TZ9QW" }],
  ]);
  expect(groupsOf(found)).toEqual(["calendar b", "pages a", "record c"]);
  expect(found.doubts.map(({ a, b }) => `${a}, ${b}`)).toEqual(expect.arrayContaining(["pages a, calendar b", "calendar b, record c"]));
  expect(found.doubts[0]?.against).toEqual(["10:00–13:00 is not 16:30–19:30"]);
});

describe("a changed time does not split a record", () => {
  test.each([
    ["a code, even a day moved", { code: "k4tz9qw", ...at("10:00", undefined, "2026-06-13") }],
    ["a guest and a day, the windows overlapping", { guest: "Harlow, Paula", ...at("15:30", "18:30") }],
  ])("with %s", (_, other) => {
    const found = resolve([
      ["record 1", { ...at("16:30", "19:30"), guest: "Paula Harlow", code: "K4TZ9QW" }],
      ["calendar 1", other],
    ]);
    expect(groupsOf(found)).toEqual(["record 1 + calendar 1"]);
  });

  test("but two windows of one guest in one system stay two", () => {
    const found = resolve([
      ["pages a", { ...at("16:30", "19:30"), guest: "Paula Harlow" }],
      ["pages b", { ...at("15:30", "18:30"), guest: "Paula Harlow" }],
    ]);
    expect(groupsOf(found)).toEqual(["pages a", "pages b"]);
    expect(found.doubts).toHaveLength(1);
  });
});

test("two different keys of one field forbid what everything else says, and so does a system that holds a record once", () => {
  const same = { ...at("10:00"), guest: "Paula Harlow", phone: "619 555 0101", email: "paula@example.com" };
  const keys = resolve([
    ["pages a", { ...same, code: "K4TZ9QW" }],
    ["record b", { ...same, code: "M8RVX3D" }],
  ]);
  expect(keys.doubts[0]?.against).toEqual(["code k4tz9qw is not m8rvx3d"]);
  const once = resolve([
    ["record a", { ...same, code: "K4TZ9QW" }],
    ["record b", { ...same, code: "K4TZ9QW" }],
  ]);
  expect(groupsOf(once)).toEqual(["record a", "record b"]);
  expect(once.doubts[0]?.against).toContain("record holds a record once");
});

test("a slug names the guest and the day where no field does", () => {
  const found = resolve([
    ["pages a", { start: " 16:30" }, { text: "2026-06-06-paula-harlow" }],
    ["record 1", { ...at("16:30"), guest: "Paula Harlow", code: "K4TZ9QW" }],
  ]);
  expect(groupsOf(found)).toEqual(["pages a + record 1"]);
  expect(found.links[0]?.evidence).toContain(`guest "Paula Harlow" in the words of pages a`);
});

const pairs = (size: number): number => (size * (size - 1)) / 2;
const seeds = Number(process.env["BELAY_IDENTITY_SEEDS"] ?? 20);

test(`in ${seeds} generated sets of bookings and their doubles, no two bookings are merged, and most sightings find theirs`, () => {
  const wrong: string[] = [];
  let [found, real] = [0, 0];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { sightings, truth } = bookingSet(seed, 40, 40);
    for (const ids of resolveIdentity(sightings, bookingRules).entities) {
      if (new Set(ids.map((id) => truth.get(id))).size > 1) wrong.push(`seed ${seed}: ${ids.join(" + ")}`);
      found += pairs(ids.length);
    }

    const counts = new Map<string, number>();
    for (const booking of truth.values()) counts.set(booking, (counts.get(booking) ?? 0) + 1);
    for (const size of counts.values()) real += pairs(size);
  }
  expect(wrong).toEqual([]);
  const recall = found / real;
  process.stdout.write(`identity: recall ${recall.toFixed(3)} of ${real} pairs at precision 1\n`);
  expect(recall).toBeGreaterThan(0.9);
});

test("a vessel at a time is known without its guest, and not where two guests have it", () => {
  const boat = { ...at("10:00"), vessel: "Aurora" };
  const crew: Row = ["crew 1", boat];
  const paula: Row = ["record 1", { ...boat, guest: "Paula Harlow", code: "K4TZ9QW" }];
  const maria: Row = ["pages 2", { ...boat, guest: "Maria Silva" }];
  expect(groupsOf(resolve([crew, paula]))).toEqual(["crew 1 + record 1"]);
  expect(groupsOf(resolve([crew, paula, maria]))).toEqual(["crew 1", "pages 2", "record 1"]);
});

test("thousands of sightings take seconds, and no group grows large", () => {
  const { sightings, truth } = bookingSet(7, 1000, 600);
  const startMs = performance.now();
  const { entities } = resolveIdentity(sightings, bookingRules);
  expect(performance.now() - startMs).toBeLessThan(60_000);
  expect(Math.max(...entities.map((ids) => ids.length))).toBeLessThan(6);
  expect(entities.every((ids) => new Set(ids.map((id) => truth.get(id))).size === 1)).toBe(true);
});

const claim = (field: string, extra: Partial<Claim>): Claim => ({
  field,
  raw: "",
  spans: [],
  segment: 0,
  from: 0,
  to: 0,
  because: "",
  place: { medium: "text", name: "", label: "", part: "" },
  ...extra,
});

test("a sighting's traits are what it says without doubt, its key's forms, and which instance it is", () => {
  const sighting: Sighting = {
    id: "calendar a",
    system: "calendar",
    part: "u 1 20260606T100000",
    revision: asRevision("1"),
    unexplained: [],
    at: { store: asStoreName("caldav:x"), key: "g/2026-06-06-paula.html" },
    claims: [
      claim("guest", { value: { kind: "text", text: "Paula" } }),
      claim("start", {
        readings: [
          { kind: "moment", time: "04:30" },
          { kind: "moment", time: "16:30" },
        ],
      }),
      claim("guest", {
        value: { kind: "text", text: "Sample" },
        place: { medium: "text", name: "", label: "", part: "", isTemplate: true },
      }),
    ],
  };
  const traits = traitsOf(sighting);
  expect([...traits.values]).toEqual([["guest", [{ kind: "text", text: "Paula" }]]]);
  expect([traits.series, traits.instance, traits.text]).toEqual(["u 1", "20260606T100000", "2026-06-06-paula"]);
  expect(traits.names).toContain("2026-06-06-paula");
});

test("the kind's first moment that derives from nothing is the start, and the one an offset later is the end", () => {
  const field = { unit: "", authority: { kind: "ask" }, words: [] } as const;
  const rules = matchRules({
    name: "booking",
    zone: "UTC",
    systems: [],
    pointers: [],
    features: [],
    watch: { everyMs: 1, perHourMax: 1, flapsMax: 1 },
    fields: [
      { ...field, name: "arrival", type: "time", derivation: { kind: "offset", from: "start", minutes: -30 } },
      { ...field, name: "start", type: "datetime" },
      { ...field, name: "end", type: "datetime", derivation: { kind: "offset", from: "start", minutes: 180 } },
    ],
    identity: { keys: ["code"], match: ["guest"], oneToOne: [] },
  });
  expect([rules.start, rules.end, rules.typeOf("arrival"), rules.typeOf("guest")]).toEqual(["start", "end", "time", "text"]);
});

const withCodes = (one: string, other: string): readonly string[] =>
  groupsOf(
    resolve([
      ["record a", { ...at("16:30"), code: one }],
      ["pages b", { ...at("16:30"), code: other }],
    ]),
  );

const withGuests = (one: string, other: string): Identity =>
  resolve([
    ["record a", { ...at("16:30"), guest: one }],
    ["pages b", { ...at("16:30"), guest: other }],
  ]);

describe("keys that are nearly alike", () => {
  test.each([
    ["AB-123", "AB 123"],
    ["AB-123", "#ab_123"],
    ["ab123", "AB-123"],
    ["7", "7"],
    ["111", "111"],
  ])("%s and %s are one", (one, other) => {
    expect(withCodes(one, other)).toEqual(["record a + pages b"]);
  });

  test.each([
    ["1-23", "12-3"],
    ["A1.10", "A11.0"],
    ["AB-123", "AB1-23"],
  ])("%s and %s are two", (one, other) => {
    expect(withCodes(one, other)).toEqual(["pages b", "record a"]);
  });

  test("without its separators one says likely the same, and keeps two records of other guests apart", () => {
    const found = resolve([
      ["record a", { ...at("16:30"), code: "1-23", guest: "Paula Harlow" }],
      ["pages b", { ...at("16:30"), code: "123", guest: "Paula Harlow" }],
      ["pages c", { ...at("16:30"), code: "123", guest: "Ben Stone" }],
    ]);
    expect(groupsOf(found)).not.toContain("record a + pages c");
  });
});

describe("guests of one time without a key", () => {
  test.each([
    ["Ben Stone Jr.", "Ben Stone, Sr."],
    ["Erik Silvani", "Erika Silvani"],
    ["Paul Silvani", "Paula Silvani"],
    ["Dario Silvani", "Daria Silvani"],
  ])("%s and %s are not merged: a person is asked", (one, other) => {
    const found = withGuests(one, other);
    expect([groupsOf(found), found.doubts.length]).toEqual([["pages b", "record a"], 1]);
  });

  test.each(["TBD", "n/a", "Guest", "?", "–", "unknown", "Walk-in", "Private party", "Guest 2"])("%s is nobody's name", (nobody) => {
    expect(groupsOf(withGuests(nobody, nobody))).toEqual(["pages b", "record a"]);
  });

  test("one that says no rank is the one that does", () => {
    expect(groupsOf(withGuests("Ben Stone Jr.", "Ben Stone"))).toEqual(["record a + pages b"]);
  });
});
