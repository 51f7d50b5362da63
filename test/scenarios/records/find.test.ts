import { describe, expect, test } from "vitest";
import { withValue, type Query } from "../../../src/core/records/find-query.ts";
import { claimRecord, releaseClaim, settleClaims, type ClaimResult } from "../../../src/operations/records/claim-record.ts";
import { findRecord, knownKind } from "../../../src/operations/records/find-record.ts";
import { readAnswer } from "../../../src/operations/records/read-answer.ts";
import type { RecordsBench } from "../../../src/operations/records/records-bench.ts";
import { BelayError } from "../../../src/core/belay-error.ts";
import { booking, context, incident, item, memoryBook, RecordsWorld } from "./records-world.ts";

const sunset = "g/2026-05-30-jonah-sunset.html";
const afternoon = "g/2026-05-30-jonah-afternoon.html";

/** `guest=Jonah date=2026-05-30`, as the command line reads it. */
function query(...said: readonly string[]): Query {
  return said.reduce<Query>((all, one) => {
    const [word = "", text = ""] = one.split("=");
    const field = word === "date" || word === "time" ? "start" : word;
    return withValue(all, field, readAnswer(booking, field, text, "2026-05-01"));
  }, new Map());
}

const recordsIn = (some: readonly { readonly record: string }[]): readonly string[] => some.map(({ record }) => record);

const find = async (...said: readonly string[]): ReturnType<typeof findRecord> =>
  await findRecord(new RecordsWorld().bench, query(...said), context);

describe("find", () => {
  test("answers with the page to edit for a day and a first name", async () => {
    const { found, claims } = await find("date=2026-05-30", "guest=Jonah");
    expect(found.map(({ record, pages }) => [record, pages.map(({ key }) => key)])).toEqual([["S2FJLN", [afternoon, sunset]]]);
    expect(found[0]?.evidence.join("; ")).toMatch(/2026-05-30/u);
    expect(claims).toEqual([]);
  });

  test("finds by an exact key, however it is spelled", async () => {
    expect(recordsIn((await find("code=#s2f-jln")).found)).toEqual(["S2FJLN"]);
  });

  test("finds none for another guest, another day or another code", async () => {
    for (const said of [["date=2026-05-30", "guest=Petra Lund"], ["date=2026-06-30", "guest=Petra Lund"], ["code=ZZ91QX"]]) {
      expect(await find(...said)).toMatchObject({ found: [], doubts: [] });
    }
  });

  test("shows a near match as a doubt, with what speaks against it, never as none", async () => {
    const nextDay = await find("date=2026-05-31", "guest=Jonah Reed");
    expect(nextDay.found).toEqual([]);
    expect(recordsIn(nextDay.doubts)).toEqual(["S2FJLN"]);
    expect(nextDay.doubts[0]?.against.join("; ")).toMatch(/2026-05-31/u);
    const dayAlone = await find("date=2026-05-30");
    expect(recordsIn(dayAlone.doubts)).toEqual(["S2FJLN"]);
    const misspelt = await find("date=2026-05-30", "guest=Jona Reed");
    expect([...recordsIn(misspelt.found), ...recordsIn(misspelt.doubts)]).toEqual(["S2FJLN"]);
  });

  test("says which system could not be looked at, so that nobody takes its silence for none", async () => {
    const world = new RecordsWorld();
    const calendar = world.stores.get("calendar");
    if (calendar)
      calendar.list = () => {
        throw new BelayError("store-unreachable", "no route", "try again");
      };
    const { failures, found } = await findRecord(world.bench, query("code=ZZ91QX"), context);
    expect(failures.map(({ system }) => system)).toEqual(["calendar"]);
    expect(found).toEqual([]);
  });
});

const request = (asked: Query, more: { readonly others?: readonly string[] } = {}): Parameters<typeof claimRecord>[1] => ({
  query: asked,
  forMs: 2 * 3_600_000,
  note: undefined,
  others: [],
  ...more,
});
const petra = query("date=2026-07-04", "guest=Petra Lund");
const claim = async (bench: RecordsBench, asked: Query = petra, others: readonly string[] = []): Promise<ClaimResult> =>
  await claimRecord(bench, request(asked, { others }), context);
const kindOf = async (result: Promise<ClaimResult>): Promise<string> => (await result).kind;

describe("claim", () => {
  test("is refused where the record and its page exist, and says which page", async () => {
    const world = new RecordsWorld();
    const result = await claim(world.bench, query("date=2026-05-30", "guest=Jonah Reed"));
    expect(result.kind).toBe("exists");
    expect(result.findings.found[0]?.pages.map(({ key }) => key)).toContain(sunset);
    expect(await world.copy.entryKinds()).toEqual([]);
  });

  test("is given for a record that exists and has no page yet", async () => {
    const world = new RecordsWorld({ held: { ...incident, pages: {} } });
    const result = await claim(world.bench, query("code=S2FJLN"));
    expect(result).toMatchObject({ kind: "claimed", claim: { record: "S2FJLN" } });
    // Its guest and its day are claimed with it: whoever knows these alone is told.
    expect(await kindOf(claim(world.bench, query("date=2026-05-30", "guest=Jonah Reed")))).toBe("held");
  });

  test("of sixteen that race, exactly one is given", async () => {
    const world = new RecordsWorld();
    const benches = Array.from({ length: 16 }, () => world.open(memoryBook(), world.world.copy("agent", { kind: "agent" }).bench));
    const kinds = await Promise.all(benches.map(async (bench) => await kindOf(claim(bench))));
    expect(kinds.toSorted()).toEqual(["claimed", ...Array.from({ length: 15 }, () => "held")]);
    expect(await world.copy.entryKinds()).toEqual(["claimed"]);
  });

  test("sixteen different records are all given, however they race for the ledger", async () => {
    const world = new RecordsWorld();
    const kinds = await Promise.all(
      Array.from(
        { length: 16 },
        async (_, at) => await kindOf(claim(world.open(), query("date=2026-07-04", `guest=Guest${"abcdefghijklmnop"[at]}`))),
      ),
    );
    expect(new Set(kinds)).toEqual(new Set(["claimed"]));
  });

  test("is held against its key without the separators, and not against one that has others", async () => {
    const world = new RecordsWorld();
    await claim(world.bench, query("date=2026-07-04", "guest=Petra", "code=XHQ-gmdh"));
    expect(await kindOf(claim(world.open(), query("date=2026-07-04", "guest=Petra", "code=XHQgmdh")))).toBe("held");
    expect(await kindOf(claim(world.open(), query("date=2026-07-04", "guest=Petra", "code=XH-Qgmdh")))).toBe("claimed");
  });

  test("is held against a fuller name, and not against another guest or another code", async () => {
    const world = new RecordsWorld();
    await claim(world.bench, query("date=2026-07-04", "guest=Petra", "code=AB12CD"));
    expect(await kindOf(claim(world.open(), query("date=2026-07-04", "guest=Petra Lund")))).toBe("held");
    expect(await kindOf(claim(world.open(), query("date=2026-07-04", "guest=Petra Lund", "code=QQ77RS")))).toBe("claimed");
    expect(await kindOf(claim(world.open(), query("date=2026-07-04", "guest=Ole")))).toBe("claimed");
    expect(await kindOf(claim(world.open(), query("date=2026-07-05", "guest=Petra")))).toBe("claimed");
  });

  test("ends when its time is over, and says until when before that", async () => {
    const world = new RecordsWorld();
    const first = await claim(world.bench);
    const held = await claim(world.open());
    expect(held).toMatchObject({ kind: "held", by: { until: first.kind === "claimed" ? first.claim.until : "" } });
    world.world.nowMs += 2 * 3_600_000 + 1000;
    expect(await kindOf(claim(world.open()))).toBe("claimed");
  });

  test("names no guest in the ledger", async () => {
    const world = new RecordsWorld();
    await claim(world.bench);
    expect(JSON.stringify((await world.copy.ledger()).records?.claims).toLowerCase()).not.toContain("petra");
  });

  test("is not given on a doubt until somebody says that it is another one, and then stays while that one stands", async () => {
    const world = new RecordsWorld();
    const second = query("date=2026-05-31", "guest=Jonah Reed");
    expect(await kindOf(claim(world.bench, second))).toBe("doubtful");
    expect(await kindOf(claim(world.bench, second, ["S2FJLN"]))).toBe("claimed");
    expect(await kindOf(claim(world.bench, query("date=2026-05-30", "guest=Jonah Reed"), ["S2FJLN"]))).toBe("claimed");
    expect(await settleClaims(world.bench, await knownKind(world.bench, context), context)).toEqual([]);
  });

  test("is refused where too little is said, and where a system could not be looked at", async () => {
    const world = new RecordsWorld();
    await expect(claim(world.bench, query("date=2026-07-04"))).rejects.toMatchObject({ code: "usage" });
    const calendar = world.stores.get("calendar");
    if (calendar)
      calendar.list = () => {
        throw new BelayError("store-unreachable", "no route", "try again");
      };
    await expect(claim(world.open())).rejects.toMatchObject({ code: "store-unreachable" });
    expect(await world.copy.entryKinds()).toEqual([]);
  });

  test("is given back by whoever has it, or by a person, and by no other agent", async () => {
    const world = new RecordsWorld();
    const result = await claim(world.bench);
    const name = result.kind === "claimed" ? result.claim.record : "";
    const agent = world.open(memoryBook(), world.world.copy("wren", { kind: "agent" }).bench);
    await expect(releaseClaim(agent, name, { ...context, isAttended: false })).rejects.toMatchObject({ code: "person-needed" });
    await releaseClaim(world.bench, name, { ...context, isAttended: false });
    expect(await kindOf(claim(agent))).toBe("claimed");
  });

  test("is over once the record's page is there", async () => {
    const world = new RecordsWorld();
    await claim(world.bench);
    expect(await settleClaims(world.bench, await knownKind(world.bench, context), context)).toEqual([]);
    world.stranger(
      "record",
      "PETRA1",
      item({ guest_code: "PETRA1", guest_name: "Petra Lund", charter_date: "2026-07-04", start_time: "10:00" }),
    );
    expect(await settleClaims(world.bench, await knownKind(world.open(), context), context)).toEqual([]);
    world.stranger("pages", "g/petra.html", "<h1>Petra Lund</h1><p>Saturday, July 4, 2026, 10:00 AM – 1:00 PM</p><p>Guest code PETRA1</p>");
    expect(await settleClaims(world.bench, await knownKind(world.open(), context), context)).toHaveLength(1);
    expect((await world.copy.ledger()).records?.claims).toEqual([]);
  });
});
