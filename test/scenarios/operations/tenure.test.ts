import { describe, expect, test } from "vitest";
import { asDigest } from "../../../src/core/brand.ts";
import { openTenure, tenureMs, type Tenure } from "../../../src/operations/apply/tenure.ts";
import { MemoryWorld } from "../memory-bench.ts";

const live = { signal: new AbortController().signal };

/** An owner by its own belief, who asked for the plan so long ago, while the ledger says that nobody owns it. */
function ownerSince(ms: number): { readonly tenure: Tenure; readonly world: MemoryWorld } {
  const world = new MemoryWorld();
  const { bench } = world.copy("ines");
  const ownedAtMs = bench.runtime.now() - ms;
  return { tenure: openTenure(bench, { target: "production", plan: asDigest("0".repeat(64)), ownedSince: 1, ownedAtMs }), world };
}

describe("an owner of a plan", () => {
  test("writes without asking again within its tenure, which counts from when it asked for the plan", async () => {
    expect(await ownerSince(tenureMs - 1).tenure.holds(live)).toBe(true);
    expect(await ownerSince(tenureMs).tenure.holds(live)).toBe(false);
  });

  test("asks once its tenure has run out, and stops for good once it has lost the plan", async () => {
    const { tenure, world } = ownerSince(0);
    expect(await tenure.holds(live)).toBe(true);
    world.nowMs += tenureMs;
    expect(await tenure.holds(live)).toBe(false);
    world.nowMs -= tenureMs;
    expect(await tenure.holds(live)).toBe(false);
  });

  test("stops at once where it asks and has lost it", async () => {
    const { tenure } = ownerSince(0);
    expect(await tenure.confirm(live)).toBe(false);
    expect(await tenure.holds(live)).toBe(false);
  });
});
