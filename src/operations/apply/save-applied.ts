import type { Revision } from "../../core/brand.ts";
import type { BaseEntry } from "../../core/lineage/base.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import { concurrently } from "../concurrently.ts";
import { noteStrange } from "../compare/note-look.ts";
import { openLocal } from "./content-source.ts";
import type { Run } from "./run-waves.ts";
import type { Context, Workbench } from "../workbench.ts";

interface Applied {
  readonly revisions: ReadonlyMap<string, Revision | undefined>;
  readonly sentFromHere: ReadonlySet<string>;
}

/** What was written is what this working copy has now seen: it was sent from here, or is what stands here. */
export async function saveApplied(bench: Workbench, run: Run, { revisions, sentFromHere }: Applied, context: Context): Promise<void> {
  const at = new Date(bench.runtime.now()).toISOString();
  const entries = new Map<string, BaseEntry | undefined>();
  await concurrently(stepsOf(run.identified.plan), bench.concurrency, async ({ change }) => {
    const path = change.at.key;
    const revision = revisions.get(path);
    if (change.kind === "delete") {
      if (!(await bench.folder.read(path, context))) entries.set(path, undefined);
    } else if (revision !== undefined && (sentFromHere.has(path) || (await openLocal(bench, path, change.content, context)))) {
      const { digest, sizeBytes, headers } = change.content;
      entries.set(path, { digest, revision, sizeBytes, headers, at, how: "deployed" });
    }
  });
  await bench.base.save(run.target.name, entries, context);
  const strange = [...revisions].flatMap(([path, revision]) => (revision !== undefined && !entries.has(path) ? [path] : []));
  noteStrange(bench, run.target.name, strange);
}
