import { describe, expect, test } from "vitest";
import { BelayError } from "../../../src/core/belay-error.ts";
import { event, incident, poorPage, richPage } from "../../scenarios/records/records-world.ts";
import {
  afternoon,
  atCall,
  callsOf,
  corrected,
  decided,
  openIncident,
  run,
  runUntilDone,
  sunset,
  unstamped,
  wordOf,
  written,
} from "./incident-run.ts";
import type { Fate, PortCall } from "./port-store.ts";

const isSoak = process.env["BELAY_SOAK"] === "1";
const item = incident["record"]?.["S2FJLN"] ?? "";
const another = poorPage
  .replaceAll("Jonah Reed", "Petra Lind")
  .replaceAll("Jonah", "Petra")
  .replace("May 30", "June 14")
  .replace("Saturday", "Sunday")
  .replace("S2FJLN", "Q8KLMP");

/** What a stranger writes, and what must be there in the end: theirs, with what was decided. */
const strangers = [
  {
    place: "pages",
    key: sunset,
    writes: richPage.replace("Welcome", "Ahoy, welcome"),
    ends: corrected.replace("Welcome", "Ahoy, welcome"),
  },
  {
    place: "record",
    key: "S2FJLN",
    writes: item.replace("paid", "refunded"),
    ends: item.replace("paid", "refunded").replace("jonah-afternoon", "jonah-sunset"),
  },
  {
    place: "calendar",
    key: "charter-1.ics",
    writes: event.replace("as it is", "as they like it"),
    ends: unstamped(event)
      .replace("as it is", "as they like it")
      .replace("20260530T163000", "20260530T153000")
      .replace("20260530T193000", "20260530T183000"),
  },
  // A duplicate that has become another booking's page is no duplicate any more.
  { place: "pages", key: afternoon, writes: another, ends: another },
] as const;

const plain = (place: string, text: string | undefined): string | undefined =>
  place === "calendar" ? text && unstamped(text).replace(/SEQUENCE:\d/u, "SEQUENCE:1") : text;

const isNear = (call: PortCall, index: number, { place, key }: { readonly place: string; readonly key: string }): boolean =>
  isSoak ||
  (call.place === place && (call.verb === "list" || (call.key === key && (call.verb !== "read" || key === afternoon || index % 3 === 0))));

describe.each(strangers)("a stranger at $place $key", ({ place, key, writes, ends }) => {
  test("loses nothing, whichever call of a reconcile they write before", { timeout: 3_600_000 }, async () => {
    const calls = await callsOf("plain");
    const met = new Set<string>();
    for (const [index, call] of calls.entries()) {
      if (!isNear(call, index, { place, key })) continue;
      const stage = openIncident("plain");
      stage.hand = atCall(index, () => {
        stage.force(place, key, writes);
        return "go";
      });
      const first = wordOf(await run(stage));
      met.add(first);
      stage.hand = () => "go";
      await runUntilDone(stage);
      const at = `${index} ${call.place} ${call.verb} ${call.key}, told ${first}`;
      expect([at, plain(place, await stage.textAt(place, key))]).toEqual([at, plain(place, ends)]);
    }
    // Where it was seen in time it is told, and where it was not, the write itself is refused.
    expect([...met].some((word) => word === "conflict" || word === "stopped" || word === "refused")).toBe(true);
  });
});

test("pitfall 27: an object that changes between plan and write is not written, is told as a conflict, and is decided anew", async () => {
  const calls = await callsOf("plain");
  const at = calls.findIndex((call) => call.place === "pages" && call.verb === "write");
  const stage = openIncident("plain");
  stage.hand = atCall(at, () => {
    stage.force("pages", sunset, richPage.replace("Welcome", "Ahoy, welcome"));
    return "go";
  });
  const ended = await run(stage);
  expect(ended).toMatchObject({
    kind: "answered",
    answer: { kind: "carried", carried: { kind: "stopped", result: { kind: "conflict", path: sunset } } },
  });
  expect(await stage.textAt("pages", sunset)).toBe(richPage.replace("Welcome", "Ahoy, welcome"));
  expect(written(stage)).toEqual(["calendar charter-1.ics"]);
  stage.hand = () => "go";
  expect(await runUntilDone(stage)).toEqual(["done", "nothing-to-do"]);
});

const systems = ["record", "pages", "calendar", "listing"] as const;
const errors = [
  ["409", new BelayError("store-unreachable", "409 Conflict: try again", "Run the same command again.")],
  ["429", new BelayError("store-unreachable", "429 Too Many Requests", "Run the same command again.")],
  ["500", new BelayError("store-unreachable", "500 Internal Server Error", "Run the same command again.")],
  ["403", new BelayError("store-denied", "403 Forbidden", "Ask for access.")],
] as const;

describe.each(systems)("when %s fails to be looked at", (place) => {
  test.each(errors)("with %s, nothing is written anywhere", async (_, error) => {
    const stage = openIncident("plain");
    stage.hand = (call) => (call.place === place && call.verb === "list" ? error : "go");
    expect(wordOf(await run(stage))).toBe(`failed: ${error.code}`);
    expect(written(stage)).toEqual([]);
    expect(await stage.everything()).toEqual(await openIncident("plain").everything());
  });

  test.each(["empty", "half", "lost"] as const)(
    "pitfall 29: with a listing that is %s, nothing is created, deleted or led away",
    async (fate) => {
      const stage = openIncident("plain", { held: crowded });
      expect(wordOf(await run(stage, { named: "Z1", answers: [], keep: undefined, deletes: false, leave: [] }))).toBe("nothing-to-do");
      stage.hand = (call): Fate => (call.place === place && call.verb === "list" ? fate : "go");
      expect(wordOf(await run(stage))).toMatch(/^failed: (?:observation-partial|store-unreachable)$/u);
      expect(written(stage)).toEqual([]);
    },
  );
});

test("pitfall 29: a pointer is not turned because a listing lacks its page, on a machine that has never looked before", async () => {
  const alone = { ...decided, keep: undefined };
  const stage = openIncident("plain");
  stage.hand = (call) => (call.place === "pages" && call.verb === "list" ? { without: afternoon } : "go");
  expect(wordOf(await run(stage, alone))).toBe("done");
  expect(await stage.textAt("record", "S2FJLN")).toBe(item);
  expect(await stage.textAt("pages", afternoon)).toBe(poorPage);
  const gone = openIncident("plain");
  gone.force("pages", afternoon, undefined);
  expect(wordOf(await run(gone, alone))).toBe("done");
  expect(await gone.textAt("record", "S2FJLN")).toBe(item.replace("jonah-afternoon", "jonah-sunset"));
});

test("headers that somebody changes between plan and write are theirs: the object is not written", async () => {
  const at = (await callsOf("plain")).findIndex(({ place, verb }) => place === "calendar" && verb === "write");
  const stage = openIncident("plain");
  stage.hand = atCall(at, async (): Promise<Fate> => {
    await stage.giveHeaders("pages", sunset, { "cache-control": "no-store" });
    return "go";
  });
  expect(wordOf(await run(stage))).toBe("conflict");
  expect(await stage.headersAt("pages", sunset)).toEqual({ "cache-control": "no-store" });
  stage.hand = () => "go";
  expect(await runUntilDone(stage)).toEqual(["done", "nothing-to-do"]);
  expect(await stage.headersAt("pages", sunset)).toEqual({ "cache-control": "no-store" });
  expect(await stage.textAt("pages", sunset)).toBe(corrected);
});

/** The incident's objects among others, so that half a listing lacks some of them. */
const crowded = {
  ...incident,
  record: {
    ...incident["record"],
    Z1: item.replaceAll("S2FJLN", "Z1").replace("Jonah Reed", "Una Wick").replace("05-30", "07-01").replace("jonah", "una"),
  },
  pages: { ...incident["pages"] },
  calendar: {
    ...incident["calendar"],
    "other.ics": event.replaceAll("20260530", "20260801").replace("charter-1@", "other@").replace("Jonah Reed (S2FJLN)", "Yard day"),
  },
  listing: { ...incident["listing"], "l/2": "<p>Other offers</p>" },
};
