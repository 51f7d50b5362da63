import { runSchedule, type Verdict } from "./run-schedule.ts";

const isSoak = process.env["BELAY_SOAK"] === "1";
const countOf = (usual: number, soak: number): number => Number(process.env["BELAY_SCHEDULES"] ?? (isSoak ? soak : usual));

/**
 * On stores in memory: 6,000 in `npm test` over two files, a million in `npm run soak`. Of the planted faults the one that hides
 * best takes 376 (docs/faults.md); what hides better is for the soak.
 */
export const schedulesPerShard: number = countOf(3_000, 500_000);
/** With a production, in two files. One of these costs as much as eight of those above: it is some thirty commands long. */
export const promotionsPerShard: number = countOf(550, 100_000);
/** With a production, on buckets, in one file. */
export const promotionsOnBuckets: number = countOf(60, 10_000);
/** On buckets, in one file. */
export const schedulesOnBuckets: number = countOf(500, 60_000);

/** Runs schedules `first`, `first + 1`, …; throws at the first broken promise, naming the seed. Answers with how often what happened. */
export async function runShard(
  first: number,
  count: number,
  run: (seed: number) => Promise<Verdict> = async (seed) => await runSchedule(seed),
): Promise<Record<string, number>> {
  const tally = new Map<string, number>();
  for (let seed = first; seed < first + count; seed += 1) {
    const verdict = await run(seed).catch((error: unknown) => {
      throw new Error(`seed ${seed}`, { cause: error });
    });
    if (verdict.violations.length > 0) throw new Error(`seed ${seed}:\n${verdict.violations.join("\n")}`);
    for (const [what, times] of verdict.tally) tally.set(what, (tally.get(what) ?? 0) + times);
  }
  return Object.fromEntries([...tally].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
