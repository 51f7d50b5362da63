/** What looks at a stage say against what is to be promoted. */

import { targetState, type LedgerState, type Verified } from "../../core/ledger/fold.ts";
import { releaseSeq } from "../../core/ledger/release-seq.ts";
import type { PromotionFacts } from "../../core/deploy/rules/d2-promotion.ts";
import { compareKeys } from "../../core/paths/key.ts";
import type { Target } from "../../core/site.ts";
import type { Chosen } from "./chosen-changes.ts";
import { openVerification } from "../verify/verify.ts";
import type { PendingPath } from "./pending-changes.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface StageQuestion {
  readonly ledger: LedgerState;
  readonly stage: Target;
  readonly chosen: Chosen;
}

/**
 * A deploy has looked at what it wrote: what its release holds is verified, until a later look found it otherwise. A look is
 * bound to paths and digests: one at other bytes says nothing, and of several at the same ones the newest counts. Of one whose
 * document is gone it is not known what it found, so it stands against whatever came before it.
 */
export async function unverifiedOf(
  bench: Workbench,
  { ledger, stage, chosen }: StageQuestion,
  context: Context,
): Promise<PromotionFacts["unverified"]> {
  const { looks = [] } = targetState(ledger, bench.site.name, stage.name);
  const open = new Map(chosen.paths.map((path) => [path.path, path]));
  const unverified: { path: string; problem: string }[] = [];
  for (const look of looks) {
    if (open.size === 0) break;
    for (const { path, problem } of await findingsOf(bench, look, open, context)) {
      open.delete(path);
      if (problem !== undefined) unverified.push({ path, problem });
    }
  }
  return unverified.toSorted((one, other) => compareKeys(one.path, other.path));
}

interface Finding {
  readonly path: string;
  /** Absent where it was good. */
  readonly problem: string | undefined;
}

/** What one look says of paths that no later one has spoken of. */
async function findingsOf(bench: Workbench, look: Verified, open: ReadonlyMap<string, PendingPath>, context: Context): Promise<Finding[]> {
  const before = [...open.values()].filter(({ owner }) => releaseSeq(owner.id) < look.seq);
  const found = await openVerification(bench, look.document, context);
  if (!found) {
    return look.outcome === "good" ? [] : before.map(({ path }) => ({ path, problem: "what it found is not in the vault any more" }));
  }
  const files = new Map(found.files.map((file) => [file.path, file]));
  return before.flatMap(({ path, content }): Finding[] => {
    const file = files.get(path);
    if (!file || file.digest !== content?.digest) return [];
    return [{ path, problem: file.outcome === "good" ? undefined : file.problems.join("; ") || file.outcome }];
  });
}
