import { expect, test } from "vitest";
import { runShard } from "../run-shard.ts";
import { runBookings } from "./run-bookings.ts";

const isSoak = process.env["BELAY_SOAK"] === "1";
const schedules = Number(process.env["BELAY_BOOKINGS"] ?? (isSoak ? 3000 : 6));
const first = Number(process.env["BELAY_SEED"] ?? 1);

test(
  `over ${schedules} schedules no update of a record is lost, no byte changes unexplained, and all comes to rest once strangers stop`,
  { timeout: 24 * 3_600_000 },
  async () => {
    const tally = await runShard(first, schedules, runBookings);
    if (schedules >= 100) process.stderr.write(`${JSON.stringify(tally)}\n`);
    // A simulation in which the interesting things never happen would prove nothing.
    for (const what of [
      "reconcile: done",
      "reconcile: nothing-to-do",
      "stranger",
      ...(schedules >= 100 ? ["reconcile: conflict", "reconcile: stopped", "reconcile: died"] : []),
    ])
      expect({ what, times: tally[what] ?? 0 }).not.toEqual({ what, times: 0 });
  },
);
