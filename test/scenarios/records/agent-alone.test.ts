/** What an agent may carry out by itself where a reconcile reaches a guarded production that asks nobody (decision 0038). */

import { describe, expect, test } from "vitest";
import type { Actor } from "../../../src/core/ledger/entry.ts";
import type { Moment } from "../../../src/core/records/value.ts";
import { reconcile, type ReconcileRequest } from "../../../src/operations/records/reconcile.ts";
import type { RecordsBench } from "../../../src/operations/records/records-bench.ts";
import { context, event, memoryBook, RecordsWorld, richPage } from "./records-world.ts";

const sunset = "g/2026-05-30-jonah-sunset.html";
const start: Moment = { kind: "moment", time: "15:30" };
const request: ReconcileRequest = {
  named: "S2FJLN",
  answers: [{ field: "start", value: start, because: "the guest called" }],
  keep: sunset,
  deletes: false,
  leave: [],
};
const go = { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("go" as const) };
const agent: Actor = { name: "scribe", kind: "agent", proof: "claimed", from: "test" };

const asAgent = (world: RecordsWorld): RecordsBench => world.open(memoryBook(), { ...world.copy.bench, actor: agent });

describe("an agent's reconcile", () => {
  test("that reaches a guarded production begins nowhere, and the refusal names the whole for a person", async () => {
    const world = new RecordsWorld({ production: { guard: true, approvals: 0 } });
    const result = await reconcile(asAgent(world), request, go, context);
    const id = "prepared" in result ? result.prepared.identified.id.slice(0, 12) : "";
    expect(result).toMatchObject({
      kind: "unapproved",
      refusals: [{ rule: "D8", code: "agent-alone", remedy: expect.stringContaining(`A person runs: belay apply ${id}\n`) }],
    });
    expect(await world.textOf("calendar", "charter-1.ics")).toBe(event);
    expect(await world.textOf("pages", sunset)).toBe(richPage);
    expect(await world.copy.entryKinds()).toEqual([]);
  });

  test("is carried out where production is not guarded", async () => {
    const world = new RecordsWorld({ production: { guard: false, approvals: 0 } });
    expect(await reconcile(asAgent(world), request, go, context)).toMatchObject({ kind: "carried", carried: { kind: "done" } });
  });

  test("is not taken up where a person's stopped half-way", async () => {
    const world = new RecordsWorld({ production: { guard: true, approvals: 0 } });
    const pages = world.stores.get("pages");
    const write = pages?.write.bind(pages);
    if (pages)
      pages.write = () => {
        throw new Error("the line broke");
      };
    await expect(reconcile(world.bench, request, go, context)).rejects.toThrow("the line broke");
    if (pages && write) pages.write = write;
    expect(await world.textOf("calendar", "charter-1.ics")).not.toBe(event);
    const before = await world.copy.entryKinds();
    expect(await reconcile(asAgent(world), request, go, context)).toMatchObject({ kind: "unapproved" });
    expect(await world.textOf("pages", sunset)).toBe(richPage);
    expect(await world.copy.entryKinds()).toEqual(before);
  });
});
