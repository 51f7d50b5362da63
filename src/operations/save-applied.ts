import type { Revision } from "../core/brand.ts";
import type { BaseEntry } from "../core/lineage/base.ts";
import { stepsOf } from "../core/plan/plan.ts";
import { concurrently } from "./concurrently.ts";
import type { Run } from "./run-waves.ts";
import type { Context, Workbench } from "./workbench.ts";

/** What was written is what this working copy has now seen, wherever it still holds the same. */
export async function saveApplied(
  bench: Workbench,
  run: Run,
  revisions: ReadonlyMap<string, Revision | undefined>,
  context: Context,
): Promise<void> {
  const at = new Date(bench.runtime.now()).toISOString();
  const entries = new Map<string, BaseEntry | undefined>();
  await concurrently(stepsOf(run.identified.plan), bench.concurrency, async ({ change }) => {
    const path = change.at.key;
    const revision = revisions.get(path);
    const local = await bench.folder.read(path, context);
    if (change.kind === "delete") {
      if (!local) entries.set(path, undefined);
    } else if (revision !== undefined && local?.body.digest === change.content.digest) {
      const { digest, sizeBytes, headers } = change.content;
      entries.set(path, { digest, revision, sizeBytes, headers, at, how: "deployed" });
    }
  });
  await bench.base.save(run.target.name, entries, context);
}
