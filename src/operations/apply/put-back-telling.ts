/** What putting back leaves behind on purpose (decision 11). */

import { isPage } from "../../core/paths/key.ts";
import { stepsOf, type IdentifiedPlan } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import type { ApplyResult } from "./apply.ts";
import { concurrently } from "../concurrently.ts";
import { hasArrived } from "./settle.ts";
import type { Context, Workbench } from "../workbench.ts";

/** Above so many, one listing costs less than a look at each. */
const readsMax = 32;

/** New assets of a plan that was put back which still stand: a page that was live for a moment may lie in somebody's cache. */
export async function assetsLeft(
  bench: Workbench,
  { plan }: IdentifiedPlan,
  { store: name }: Pick<Target, "store">,
  context: Context,
): Promise<string[]> {
  const created = stepsOf(plan).filter(({ change }) => change.kind === "create" && !isPage(change.at.key));
  if (created.length === 0) return [];
  const store = await bench.storeOf(name);
  if (created.length <= readsMax) {
    const left = await concurrently(created, bench.concurrency, async ({ change }) => {
      const found = (await store.read(change.at.key, context))?.observed;
      return hasArrived(change, found) ? [change.at.key] : [];
    });
    return left.flat();
  }
  const live = new Set<string>();
  for await (const { key } of store.list("", context)) live.add(key);
  return created.map(({ change }) => change.at.key).filter((key) => live.has(key));
}

/** Whether an apply ended by putting back what it had written. */
const isPutBack = ({ kind }: ApplyResult): boolean => ["conflict", "verification-failed", "interrupted"].includes(kind);

/** For whoever tells of an apply: what stands of it although it was put back. A look that fails takes nothing from the answer. */
export async function leftBy(
  bench: Workbench,
  { identified, result, target }: { readonly identified: IdentifiedPlan; readonly result: ApplyResult; readonly target: Target },
  context: Context,
): Promise<{ readonly assetsLeft?: readonly string[] }> {
  if (!isPutBack(result)) return {};
  // After Ctrl-C the look goes on: putting back did too.
  const unhurried = { ...context, signal: new AbortController().signal };
  const left = await assetsLeft(bench, identified, target, unhurried).catch(() => []);
  return left.length === 0 ? {} : { assetsLeft: left };
}
