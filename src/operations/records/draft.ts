/** What a reconcile would write, as it is gathered. */

import { lineCounts } from "../../codecs/text-diff/line-counts.ts";
import type { Body } from "../../core/body.ts";
import type { Refusal } from "../../core/plan/plan.ts";
import type { Entity } from "../../core/records/claim.ts";
import type { Decision, Survivor } from "../../core/records/decision.ts";
import type { RecordWrite } from "../../core/records/plan-reconcile.ts";
import type { LeftMention, RecordEdit, RecordRewrite, TurnedPaths } from "../../core/records/records-part.ts";
import type { ManualTask } from "../../core/records/task.ts";

export interface DraftFacts {
  readonly entity: Entity;
  readonly decisions: readonly Decision[];
  readonly survivors: readonly Survivor[];
  /** Texts that a person has said to leave as they are. */
  readonly leave: readonly string[];
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface Draft {
  readonly writes: RecordWrite[];
  readonly edits: RecordEdit[];
  readonly rewrites: RecordRewrite[];
  readonly mentions: LeftMention[];
  readonly tasks: ManualTask[];
  readonly turned: TurnedPaths[];
  readonly refusals: Refusal[];
  /** New bytes, for the vault. */
  readonly bodies: Body[];
}

/** For the proof: how much of a text changes. */
export function lineCountsOf(before: Uint8Array, after: Uint8Array): { readonly added: number; readonly removed: number } {
  const counts = lineCounts(before, after);
  return counts === "binary" ? { added: 0, removed: 0 } : counts;
}

/** Nobody has said anything of what it has become since. */
export const changedWhileLooking = (system: string, key: string, how: "changed" | "deleted"): Refusal => ({
  rule: "R3",
  code: "changed-while-looking",
  paths: [key],
  message: `${system} ${key} was ${how} while it was looked at`,
  remedy: "Run the same command again.",
});
