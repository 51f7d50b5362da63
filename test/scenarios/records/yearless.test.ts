/** A date without a year is read with the day on which it is read, and what is remembered of it does not outlive that. */

import { expect, test } from "vitest";
import { audit } from "../../../src/operations/records/audit.ts";
import type { RecordsBench } from "../../../src/operations/records/records-bench.ts";
import { context, memoryBook, RecordsWorld } from "./records-world.ts";

const page = "g/charter.html";
const text = "<!doctype html><title>Charter</title><p>Guest code S2FJLN</p><p>May 30, 4:30 – 7:30 PM</p>";

async function startsIn(bench: RecordsBench): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const { matrix } of (await audit(bench, { named: undefined, looksAtEdge: false }, context)).records)
    for (const { field, cells } of matrix.rows) if (field === "start") found.push(...cells.map(({ value }) => value));
  return found;
}

test("a date without a year that is remembered from months ago is read again, and means the year that is nearest now", async () => {
  const world = new RecordsWorld({ held: { pages: { [page]: text } } });
  const bench = world.open(memoryBook());
  world.world.nowMs = Date.parse("2031-05-20T00:00:00Z");
  expect(await startsIn(bench)).toMatchObject([{ date: "2031-05-30", time: "16:30" }]);
  world.world.nowMs = Date.parse("2032-01-20T00:00:00Z");
  expect(await startsIn(bench)).toMatchObject([{ date: "2032-05-30", time: "16:30" }]);
});
