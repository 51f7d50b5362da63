/** What a person has decided stands until something changes, also for a watcher. */

import { expect, test } from "vitest";
import type { Value } from "../../../src/core/records/value.ts";
import { reconcile } from "../../../src/operations/records/reconcile.ts";
import { lookOnce, type WatchEvent } from "../../../src/operations/records/watch-look.ts";
import { booking, context, item, RecordsWorld, richPage } from "./records-world.ts";

const page = "g/2026-05-30-jonah-sunset.html";
const record = (start: string): string =>
  item({
    guest_code: "S2FJLN",
    guest_name: "Jonah Reed",
    charter_date: "2026-05-30",
    start_time: start,
    captain: "Mara Voss",
    page_slug: "2026-05-30-jonah-sunset",
  });
const longer = richPage.replace("<i>7:30</i>", "<i>8:15</i>").replace("T19:30:00", "T20:15:00");

async function told(world: RecordsWorld): Promise<readonly string[]> {
  const events: WatchEvent[] = [];
  await lookOnce(world.bench, new Map(), (one) => events.push(one), context);
  return events.filter(({ kind }) => kind !== "looked").map(({ kind }) => kind);
}

test("a watcher does not ask again for an end that a person has decided, until the start is another", async () => {
  const kind = { ...booking, systems: booking.systems.filter(({ name }) => name === "record" || name === "pages") };
  const world = new RecordsWorld({ kind, held: { record: { S2FJLN: record("16:30") }, pages: { [page]: longer } } });
  expect(await told(world)).toEqual(["drift", "asked"]);
  const end: Value = { kind: "moment", time: "20:15" };
  const request = { named: "S2FJLN", answers: [{ field: "end", value: end, because: "Mara" }], keep: undefined, deletes: false, leave: [] };
  const nobody = { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("go" as const) };
  expect((await reconcile(world.bench, request, nobody, context)).kind).toBe("nothing-to-do");
  world.world.nowMs += 60_000;
  expect(await told(world)).toEqual([]);
  world.stranger("record", "S2FJLN", record("15:30"));
  expect(await told(world)).toEqual(["drift", "asked"]);
});
