/** Looking again and again at what may yet come right. */

import { concurrently } from "../concurrently.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface Rounds<Item, Found> {
  /** How long to go on after everything was looked at once, in milliseconds. */
  readonly withinMs: number;
  /** Aborted: the last finding stands, and no look is made again. */
  readonly hurry?: AbortSignal;
  readonly pathOf: (item: Item) => string;
  readonly look: (item: Item) => Promise<Found>;
}

/** A server needs a moment to notice a replaced file, an edge some seconds to forget one. */
const firstPauseMs = 250;
const pauseMaxMs = 5000;
const roundsMax = 100;

/**
 * One finding an item, in the order of the items. All are looked at once; then those that may pass, in rounds with growing
 * pauses, until none is left or the time is up. Where all is well, each is asked for once.
 */
export async function lookInRounds<Item, Found extends { readonly mayPass: boolean }>(
  bench: Pick<Workbench, "runtime" | "concurrency">,
  items: readonly Item[],
  { withinMs, hurry, pathOf, look }: Rounds<Item, Found>,
  context: Context,
): Promise<readonly Found[]> {
  const { runtime } = bench;
  const findings = new Map<Item, Found>();
  let settled = 0;
  const lookOnce = async (item: Item): Promise<void> => {
    const found = await look(item);
    findings.set(item, found);
    if (!found.mayPass) settled += 1;
    context.report({ phase: "checking", done: settled, total: items.length, path: pathOf(item) });
  };
  let pending: readonly Item[] = items;
  await concurrently(pending, bench.concurrency, lookOnce);
  const untilMs = runtime.now() + withinMs;
  for (let round = 0; round < roundsMax; round += 1) {
    pending = pending.filter((item) => findings.get(item)?.mayPass === true);
    const leftMs = untilMs - runtime.now();
    const [first] = pending;
    if (first === undefined || leftMs <= 0 || hurry?.aborted === true) break;
    context.report({ phase: "waiting", done: settled, total: items.length, path: pathOf(first) });
    await rest(bench, Math.min(firstPauseMs * 2 ** Math.min(round, 10), pauseMaxMs, leftMs), { hurry, context });
    await concurrently(pending, bench.concurrency, lookOnce);
  }
  return items.flatMap((item) => findings.get(item) ?? []);
}

/** Ends early, without an error, where `hurry` is aborted. */
async function rest(
  { runtime }: Pick<Workbench, "runtime">,
  ms: number,
  { hurry, context }: { readonly hurry: AbortSignal | undefined; readonly context: Context },
): Promise<void> {
  if (hurry === undefined) return runtime.sleep(ms, context.signal);
  try {
    await runtime.sleep(ms, AbortSignal.any([context.signal, hurry]));
  } catch (error) {
    if (context.signal.aborted || !hurry.aborted) throw error;
  }
}
