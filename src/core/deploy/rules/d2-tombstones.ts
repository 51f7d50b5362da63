/** D2: what was rolled back stays off. Bytes that a rollback took off a target come back there only on purpose. */

import type { Digest } from "../../brand.ts";
import { releaseSeq } from "../../ledger/release-seq.ts";
import type { Refusal, Step } from "../../plan/plan.ts";
import type { Target } from "../../site.ts";
import { quoted } from "./d1-seen.ts";

export interface TombstoneFacts {
  readonly target: Pick<Target, "name">;
  /** By path, by content: the rollback that took it off. */
  readonly tombstones: ReadonlyMap<string, ReadonlyMap<Digest, string>>;
}

/** One refusal for each rollback that would be undone, the latest first. */
export function refuseTombstoned({ target, tombstones }: TombstoneFacts, steps: readonly Step[]): Refusal[] {
  const byRollback = new Map<string, string[]>();
  for (const { change } of steps) {
    if (change.kind === "delete") continue;
    const { key } = change.at;
    // New headers on bytes that are there already bring nothing back.
    const isThere = change.kind === "replace" && change.prior.digest === change.content.digest;
    const rollback = isThere ? undefined : tombstones.get(key)?.get(change.content.digest);
    if (rollback !== undefined) byRollback.set(rollback, [...(byRollback.get(rollback) ?? []), key]);
  }
  const newestFirst = [...byRollback].toSorted(([one], [other]) => releaseSeq(other) - releaseSeq(one));
  return newestFirst.map(([rollback, paths]) => refuse(target.name, rollback, paths));
}

const pathsNamedMax = 4;

function refuse(target: string, rollback: string, paths: readonly string[]): Refusal {
  const named = paths.length > pathsNamedMax ? "" : ` ${paths.map(quoted).join(" ")}`;
  return {
    rule: "D2",
    code: "rolled-back",
    paths,
    message: `rollback ${rollback} took these very bytes off ${target}`,
    remedy: `Change what was wrong and deploy that, or bring it back on purpose: belay restore ${target}${named} --from ${rollback}`,
  };
}
