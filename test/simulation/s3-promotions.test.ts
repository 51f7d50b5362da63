import { expect, test } from "vitest";
import { promotionsOnBuckets, runShard } from "./run-shard.ts";
import { runS3Chain } from "./s3-schedule.ts";

test(
  `in buckets, production shows only what was verified on staging and approved, over ${promotionsOnBuckets} schedules`,
  async () => {
    const tally = await runShard(1, promotionsOnBuckets, runS3Chain);
    process.stderr.write(`${JSON.stringify(tally)}\n`);
    // A simulation in which the interesting things never happen would prove nothing.
    for (const what of [
      "copy: written",
      "promote production: applied",
      "promote production: refused",
      "apply production: applied",
      "approve production: approved",
      "rollback production: applied",
      "request: lost-reply",
      "request: 412",
    ]) {
      expect({ what, times: tally[what] ?? 0 }).not.toEqual({ what, times: 0 });
    }
  },
  24 * 3_600_000,
);

test("a schedule in buckets with a production is the same whenever it is run", async () => {
  const once = await runS3Chain(5);
  expect(await runS3Chain(5)).toEqual(once);
});
