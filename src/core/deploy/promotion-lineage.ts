/** How a stage's content relates to what the target after it holds: by the record alone, never by a working copy's memory. */

import type { Digest } from "../brand.ts";
import type { Lineage } from "../lineage/judge-lineage.ts";

export interface PromotionSides {
  /** What the stage holds; `undefined` where it has deleted the path. */
  readonly staged: Digest | undefined;
  /** What the target after it holds now. */
  readonly live: Digest | undefined;
  /** Whether what it holds is what belay knows to be there. */
  readonly isKnown: boolean;
  /** Contents that the staged one was made from: earlier ones of the stage, and what its deploys had seen there. */
  readonly ancestors: ReadonlySet<Digest>;
  /** Version control has live's bytes as an earlier version than the staged ones. */
  readonly isEarlierInGit: boolean;
}

/** `undefined` where the path is on neither. */
export function judgePromotion({ staged, live, isKnown, ancestors, isEarlierInGit }: PromotionSides): Lineage | undefined {
  if (staged === live) return staged === undefined ? undefined : { kind: "same", proof: "bytes" };
  // Somebody else has written there: what descends from what no longer matters.
  if (!isKnown) return { kind: "diverged", proof: "ledger" };
  if (live === undefined) return { kind: "new", proof: "none" };
  if (ancestors.has(live)) return staged === undefined ? { kind: "removed", proof: "base" } : { kind: "ahead", proof: "ledger" };
  if (staged !== undefined && isEarlierInGit) return { kind: "ahead", proof: "git" };
  return { kind: "unknown", proof: "none" };
}
