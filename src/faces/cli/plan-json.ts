/** Plans and what became of them, as `--json` shows them. Field names are a contract. */

import type { IdentifiedPlan, Refusal } from "../../core/plan/plan.ts";
import type { ApplyResult } from "../../operations/apply/apply.ts";

export function planFields({ id, plan }: IdentifiedPlan): Record<string, unknown> {
  const { added, removed, files, binary } = plan.proof.diff;
  return {
    id,
    site: plan.site,
    target: plan.target,
    intent: plan.intent,
    title: plan.title,
    basis: plan.basis,
    steps: plan.waves.flatMap((wave) =>
      wave.steps.map(({ change, because, from }) => ({
        wave: wave.name,
        kind: change.kind,
        store: change.at.store,
        path: change.at.key,
        expect: change.expect,
        ...(change.kind === "delete" ? {} : { content: change.content }),
        ...(change.kind === "create" ? {} : { prior: change.prior }),
        ...(from && { from }),
        because,
      })),
    ),
    refusals: plan.refusals,
    proof: { ...plan.proof, diff: { added, removed, files, binary } },
    purge: plan.waves.flatMap((wave) => wave.purge),
    purgeStandsFor: plan.waves.flatMap((wave) => wave.purgeStandsFor ?? []).reduce((sum, count) => sum + count, 0) || undefined,
    checks: plan.waves.flatMap((wave) => wave.checks),
    policy: plan.policy,
    changes: plan.changes,
    merges: plan.merges,
    needs: plan.needs,
    emergency: plan.emergency,
    back: plan.back,
    stays: plan.stays,
  };
}

/** Any D8 takes a person. */
export const outcomeOfRefusals = (refusals: readonly Refusal[]): "refused" | "needs-person" =>
  refusals.some(({ rule }) => rule === "D8") ? "needs-person" : "refused";

/** `outcome` and what belongs to it. */
export function resultFields(result: ApplyResult): Record<string, unknown> {
  switch (result.kind) {
    case "applied": {
      const { release, invalidation, snapshot } = result;
      return { outcome: "applied", release, invalidation, snapshot };
    }
    case "refused":
      return { refusals: result.refusals, outcome: outcomeOfRefusals(result.refusals) };
    case "interrupted":
      return { outcome: "interrupted", exceptions: result.exceptions };
    case "conflict":
      return { outcome: "conflict", path: result.path, exceptions: result.exceptions };
    case "stale-plan":
    case "adopted":
      return { outcome: "conflict", reason: result.kind };
    case "unsettled":
      return { outcome: "unsettled", paths: result.paths, cause: result.cause };
    case "verification-failed":
      return { outcome: "verification-failed", check: result.check, saw: result.saw, exceptions: result.exceptions };
  }
}
