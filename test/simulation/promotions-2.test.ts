import { expect, test } from "vitest";
import { runChain } from "./run-chain.ts";
import { promotionsPerShard, runShard } from "./run-shard.ts";

test(
  `production shows only what was verified on staging and approved, over ${promotionsPerShard} schedules (second half)`,
  async () => {
    const tally = await runShard(promotionsPerShard + 1, promotionsPerShard, async (seed) => await runChain(seed));
    for (const what of ["promote production: applied", "apply production: applied", "rollback production: applied"]) {
      expect({ what, times: tally[what] ?? 0 }).not.toEqual({ what, times: 0 });
    }
  },
  24 * 3_600_000,
);

test("a schedule with a production is the same whenever it is run", async () => {
  const once = await runChain(11);
  expect(await runChain(11)).toEqual(once);
});
