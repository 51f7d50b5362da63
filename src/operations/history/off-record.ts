/** What a stage holds although no release of it says so: as it stands, nothing can be promoted from it. */

import { targetState } from "../../core/ledger/fold.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import type { Compared, Comparison } from "../compare/compare.ts";
import type { Selection } from "../compare/observe.ts";
import { openKeptPlan } from "../plan-shelf.ts";
import { contentsOf, type TargetContents } from "./target-contents.ts";
import type { Context, Workbench } from "../workbench.ts";

/**
 * Paths that are the same here and on a stage, whose content there another hand has left, or a plan that was put back. A deploy
 * writes them once more, over the revision that was seen: then it is a change as any other, checked, and bound to its release.
 * What was there before belay began is brought on record where it is named, file by file. Empty for a target that no other takes its bytes from.
 */
export async function offRecord(
  bench: Workbench,
  { observation, paths }: Comparison,
  selection: Selection,
  context: Context,
): Promise<ReadonlySet<string>> {
  const { target, ledger } = observation;
  if (bench.site.targets.every(({ after }) => after !== target.name)) return new Set();
  const same = paths.filter(({ lineage, live }) => lineage.kind === "same" && live);
  const doubtful = await doubtfulPaths(bench, { observation, paths }, context);
  const named = new Set(selection);
  const candidates = same.filter(({ path }) => doubtful.has(path) || named.has(path));
  if (candidates.length === 0) return new Set();
  const wanted = new Set(candidates.map(({ path }) => path));
  const contents = await contentsOf(bench, { ledger, target, paths: wanted }, context);
  return new Set(candidates.filter((compared) => isOffRecord(compared, contents, named)).map(({ path }) => path));
}

/** Where strangers have written, and where plans that did not end well have: usually nowhere. */
async function doubtfulPaths(
  bench: Workbench,
  { observation: { ledger, target } }: Pick<Comparison, "observation" | "paths">,
  context: Context,
): Promise<ReadonlySet<string>> {
  const { found, releases } = targetState(ledger, bench.site.name, target.name);
  const doubtful = new Set(found.map(({ path }) => path));
  for (const { as, plan } of releases) {
    if (as === "applied") continue;
    const kept = await openKeptPlan(bench, plan, context);
    for (const { change } of kept ? stepsOf(kept.plan) : []) doubtful.add(change.at.key);
  }
  return doubtful;
}

function isOffRecord({ path, live }: Compared, { at, remains }: TargetContents, named: ReadonlySet<string>): boolean {
  const left = at.get(path);
  const isAsLeft = left?.content?.digest === live?.digest;
  if (left?.by.kind === "release" && isAsLeft) return false;
  const isOthers = left?.by.kind === "out-of-band" && isAsLeft;
  const isRemains = !isAsLeft && remains.get(path)?.some(({ digest }) => digest === live?.digest) === true;
  return named.has(path) || isOthers || isRemains;
}
