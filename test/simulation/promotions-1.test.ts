import { expect, test } from "vitest";
import { runChain } from "./run-chain.ts";
import { promotionsPerShard, runShard } from "./run-shard.ts";

test(
  `production shows only what was verified on staging and approved, over ${promotionsPerShard} schedules (first half)`,
  async () => {
    const tally = await runShard(1, promotionsPerShard, async (seed) => await runChain(seed));
    process.stderr.write(`${JSON.stringify(tally)}\n`);
    // A simulation in which the interesting things never happen would prove nothing.
    for (const what of [
      "promote production: applied",
      "promote production: refused",
      "promote production: needs-person",
      "promote production: killed",
      "promote production: unsettled",
      "apply production: applied",
      "apply production: stale-plan",
      "apply production: unverified",
      "approve production: approved",
      "approve (forged): appended",
      "approve (another): appended",
      "rollback production: applied",
      "rollback staging: applied",
      "promote with another belay.yaml production: needs-person",
      "finish production: applied",
      "verify staging: bad",
    ]) {
      expect({ what, times: tally[what] ?? 0 }).not.toEqual({ what, times: 0 });
    }
  },
  24 * 3_600_000,
);
