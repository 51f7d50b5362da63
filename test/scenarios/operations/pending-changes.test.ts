/** What finding out about pending changes reads: plans lie in the vault, which may be a bucket far away. */

import { expect, test } from "vitest";
import { pendingChanges, type Pending } from "../../../src/operations/promote/pending-changes.ts";
import { promote } from "../../../src/operations/promote/promote.ts";
import { MemoryWorld, toldOf, type MemoryCopy } from "../memory-bench.ts";

async function released(copy: MemoryCopy, key: string, text: string): Promise<void> {
  copy.edit(key, text);
  expect((await copy.deploy()).kind).toBe("applied");
}

async function promoted(copy: MemoryCopy): Promise<void> {
  const request = { target: copy.world.production, change: undefined, emergency: undefined, waitMs: 0 };
  const result = await promote(copy.bench, request, async () => await Promise.resolve("go"), copy.context);
  expect(result.kind === "unverified" ? result.kind : toldOf(result).kind).toBe("applied");
}

interface Opens {
  /** How often each was opened, by its digest. */
  readonly times: ReadonlyMap<string, number>;
  /** The most that were under way at once. */
  readonly atOnce: number;
}

/** Asks as a copy would, on whose machine everything is remembered, and counts what it opens there. */
async function asked(copy: MemoryCopy): Promise<Opens & { readonly pending: Pending }> {
  const times = new Map<string, number>();
  const under = { way: 0, most: 0 };
  const { seenBytes } = copy.bench;
  const counting: typeof seenBytes = {
    ...seenBytes,
    open: async (digest, options) => {
      times.set(digest, (times.get(digest) ?? 0) + 1);
      under.way += 1;
      under.most = Math.max(under.most, under.way);
      try {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return await seenBytes.open(digest, options);
      } finally {
        under.way -= 1;
      }
    },
  };
  const { world } = copy;
  const request = { ledger: await copy.ledger(), stage: world.staging, target: world.production };
  const pending = await pendingChanges({ ...copy.bench, seenBytes: counting }, request, copy.context);
  return { pending, times, atOnce: under.most };
}

test("plans of the stage are opened at once, as many as the workbench allows", async () => {
  const world = new MemoryWorld({ production: { after: "staging" } });
  const ines = world.copy("ines");
  for (const path of ["a.html", "b.html", "c.html", "d.html"]) await released(ines, path, path);
  const { pending, atOnce } = await asked(ines);
  expect(pending.paths.map(({ path }) => path)).toEqual(["a.html", "b.html", "c.html", "d.html"]);
  expect([...pending.changes]).toHaveLength(4);
  expect(atOnce).toBe(ines.bench.concurrency);
});

test("what production took before is read once more only for a path that several releases have touched", async () => {
  const world = new MemoryWorld({ production: { after: "staging" } });
  const ines = world.copy("ines");
  await released(ines, "a.html", "one");
  await promoted(ines);
  const taken = (await ines.ledger()).targets;
  const plan = Object.values(taken).flatMap(({ releases }) => releases.filter(({ intent }) => intent === "promote"))[0]?.plan ?? "none";
  await released(ines, "b.html", "new");
  const alone = await asked(ines);
  await released(ines, "a.html", "two");
  const layered = await asked(ines);
  expect(alone.pending.paths.map(({ path }) => path)).toEqual(["b.html"]);
  expect(layered.pending.paths.map(({ path, below }) => [path, below.length])).toEqual([
    ["a.html", 0],
    ["b.html", 0],
  ]);
  expect([alone.times.get(plan), layered.times.get(plan)]).toEqual([1, 2]);
});
