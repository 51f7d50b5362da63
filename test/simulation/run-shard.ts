import { runSchedule } from "./run-schedule.ts";

/** 20,000 in `npm test` over two files; a million in `npm run soak`. */
export const schedulesPerShard: number = Number(process.env["BELAY_SCHEDULES"] ?? (process.env["BELAY_SOAK"] === "1" ? 500_000 : 10_000));

/** Runs schedules `first`, `first + 1`, …; throws at the first broken promise, naming the seed. Answers with how often what happened. */
export async function runShard(first: number, count: number): Promise<Record<string, number>> {
  const tally = new Map<string, number>();
  for (let seed = first; seed < first + count; seed += 1) {
    const verdict = await runSchedule(seed).catch((error: unknown) => {
      throw new Error(`seed ${seed}`, { cause: error });
    });
    if (verdict.violations.length > 0) throw new Error(`seed ${seed}:\n${verdict.violations.join("\n")}`);
    for (const [what, times] of verdict.tally) tally.set(what, (tally.get(what) ?? 0) + times);
  }
  return Object.fromEntries([...tally].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
