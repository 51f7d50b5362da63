import { expect, test } from "vitest";
import { runShard, schedulesPerShard } from "./run-shard.ts";

test(
  `no update is lost, no byte is gone and no state is stuck, over ${schedulesPerShard} schedules (first half)`,
  async () => {
    const tally = await runShard(1, schedulesPerShard);
    process.stderr.write(`${JSON.stringify(tally)}\n`);
    // A simulation in which the interesting things never happen would prove nothing.
    for (const what of [
      "deploy: applied",
      "deploy: conflict",
      "deploy: killed",
      "deploy: unsettled",
      "deploy: needs-person",
      "deploy: adopted",
      "finish: applied",
      "last finish: applied",
      "put-back: put-back",
      "pull: merged",
    ]) {
      expect({ what, times: tally[what] ?? 0 }).not.toEqual({ what, times: 0 });
    }
  },
  24 * 3_600_000,
);
