/** The timeline where stores keep versions: what changed is seen, and not only claimed. */

import { expect, test } from "vitest";
import { openMemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { showChange } from "../../src/core/records/timeline.ts";
import { audit, type AuditedRecord } from "../../src/operations/records/audit.ts";
import { openSightingBook } from "../../src/adapters/disk/sighting-book.ts";
import type { RecordsBench } from "../../src/operations/records/records-bench.ts";
import { recordTimeline } from "../../src/operations/records/timeline.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { booking, context, item, RecordsWorld, richPage } from "../scenarios/records/records-world.ts";

const encoder = new TextEncoder();
const newest = {
  ...booking,
  fields: booking.fields.map((field) => (field.name === "start" ? { ...field, authority: { kind: "newest" as const } } : field)),
};
const sunset = "g/2026-05-30-jonah-sunset.html";
const dayMs = 86_400_000;
const itemWith = (start: string): string =>
  item({
    guest_code: "S2FJLN",
    guest_name: "Jonah Reed",
    charter_date: "2026-05-30",
    start_time: start,
    page_slug: "2026-05-30-jonah-sunset",
  });

interface Ground {
  readonly world: RecordsWorld;
  readonly bench: RecordsBench;
  /** A day later, past belay. */
  write(system: "record" | "pages", text: string): void;
  audited(): Promise<AuditedRecord>;
  close(): Promise<void>;
}

/** A table and a site whose stores keep every version. */
async function openGround(): Promise<Ground> {
  const world = new RecordsWorld({ kind: newest, held: {} });
  const folder = await mkdtemp(join(tmpdir(), "belay-timeline-"));
  const stores = new Map(
    newest.systems.map(({ name, store }) => [
      name,
      openMemoryStore({ name: store, now: () => world.world.nowMs, sha256, keepsVersions: true }),
    ]),
  );
  const inner = world.open(openSightingBook({ folder, version: "test" }));
  const bench: RecordsBench = {
    ...inner,
    acceptsEmpty: new Set(["calendar", "listing"]),
    placeOf: async (system) => {
      const place = await inner.placeOf(system);
      const store = stores.get(system.name);
      return {
        ...place,
        bench: {
          ...place.bench,
          storeOf: async (name) => (store && name === place.target.store ? store : await place.bench.storeOf(name)),
        },
      };
    },
  };
  return {
    world,
    bench,
    write: (system, text) => {
      world.world.nowMs += dayMs;
      stores.get(system)?.force(system === "record" ? "S2FJLN" : sunset, encoder.encode(text));
    },
    audited: async () => {
      const found = await audit(bench, { named: "S2FJLN", looksAtEdge: false }, context);
      for await (const record of found.records) return record;
      throw new Error("no record");
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

test("each kept version says which field went from what to what", async () => {
  const ground = await openGround();
  try {
    ground.write("record", itemWith("16:30"));
    ground.write("record", itemWith("15:30"));
    const { matrix } = await ground.audited();
    const { moments, gaps } = await recordTimeline(ground.bench, matrix.entity, context);
    const written = moments.flatMap(({ deed }) => (deed.kind === "written" ? [deed] : []));
    expect(written.map(({ isFirst }) => isFirst)).toEqual([true, false]);
    expect(written[1]?.changes.map(showChange)).toEqual(["start 2026-05-30 16:30 → 2026-05-30 15:30"]);
    expect(gaps).toEqual([]);
  } finally {
    await ground.close();
  }
});

test("the newest change that was seen decides, over a value that stood before it", async () => {
  const ground = await openGround();
  try {
    ground.write("record", itemWith("16:30"));
    ground.write("pages", richPage);
    ground.write("record", itemWith("15:30"));
    const { decided } = await ground.audited();
    expect(decided.decisions.find(({ field }) => field === "start")).toMatchObject({ how: "newest", value: { time: "15:30" } });
  } finally {
    await ground.close();
  }
});

test("a value that is only known to have stood by some time decides nothing, however late that was", async () => {
  const ground = await openGround();
  try {
    ground.write("record", itemWith("14:30"));
    ground.write("record", itemWith("15:30"));
    ground.write("pages", richPage);
    const { decided } = await ground.audited();
    expect(decided.questions.map(({ name }) => name)).toContain("start");
  } finally {
    await ground.close();
  }
});
