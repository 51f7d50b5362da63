import type { BaseEntry } from "../../core/lineage/base.ts";
import type { Step } from "../../core/plan/plan.ts";
import type { Store } from "../../ports/store.ts";
import { concurrently } from "../concurrently.ts";
import { openRemembered } from "../plan-shelf.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface PuttingBackSeen {
  readonly store: Store;
  readonly steps: readonly Step[];
  /** Its name. */
  readonly target: string;
}

/**
 * What an undo leaves behind is what this working copy has seen: what stood there before the plan, where that was put
 * back and this copy had seen it (its bytes are remembered here), and created assets, which stay.
 */
export async function savePutBack(bench: Workbench, { store, steps, target }: PuttingBackSeen, context: Context): Promise<void> {
  const paths = steps.map(({ change }) => change.at.key);
  const bases = await bench.base.load(target, paths, context);
  const at = new Date(bench.runtime.now()).toISOString();
  const entries = new Map<string, BaseEntry | undefined>();
  await concurrently(steps, bench.concurrency, async ({ change }) => {
    const path = change.at.key;
    const base = bases.get(path)?.digest;
    const left = change.kind === "create" ? change.content : change.prior;
    const isNoted = base === (change.kind === "delete" ? undefined : change.content.digest);
    // A base that does not speak of the plan's outcome is what was seen before it, and still holds.
    if (change.kind !== "create" && !isNoted) return;
    const live = await store.read(path, context);
    if (!live && base !== undefined) entries.set(path, undefined);
    if (live?.body.digest !== left.digest || !(await openRemembered(bench.seenBytes, left.digest, context))) return;
    const { digest, sizeBytes } = left;
    // As they stand beside the revision that is saved: a stranger's headers are among them, and were not the plan's.
    const { headers = {} } = live.observed;
    entries.set(path, { digest, revision: live.observed.revision, sizeBytes, headers, at, how: "deployed" });
  });
  if (entries.size > 0) await bench.base.save(target, entries, context);
}
