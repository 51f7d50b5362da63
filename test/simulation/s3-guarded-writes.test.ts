import { expect, test } from "vitest";
import { runShard, schedulesOnBuckets } from "./run-shard.ts";
import { runS3Schedule } from "./s3-schedule.ts";

test(
  `in buckets, with every request at risk, no update is lost, no byte is gone and no state is stuck, over ${schedulesOnBuckets} schedules`,
  async () => {
    const tally = await runShard(1, schedulesOnBuckets, runS3Schedule);
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
      "put-back: put-back",
      "pull: merged",
      "request: lost-reply",
      "request: internal-done",
      "request: 409",
      "request: 412",
      "request: cut",
      "request: dropped",
      "request: the last of a killed process",
      "headers put back after a write",
    ]) {
      expect({ what, times: tally[what] ?? 0 }).not.toEqual({ what, times: 0 });
    }
  },
  24 * 3_600_000,
);

test("a schedule in buckets is the same whenever it is run", async () => {
  const once = await runS3Schedule(7);
  expect(await runS3Schedule(7)).toEqual(once);
});
