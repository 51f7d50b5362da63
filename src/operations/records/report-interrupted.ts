/** A reconcile whose process died after its last write still leaves its report: whoever finds nothing left to do writes it. */

import { recordsOf } from "../../core/ledger/fold-records.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import { stepsOf, type IdentifiedPlan } from "../../core/plan/plan.ts";
import { compareValues } from "../../core/records/compare-values.ts";
import type { Decision } from "../../core/records/decision.ts";
import { fieldNamed } from "../../core/records/kind.ts";
import { openKeptPlan } from "../plan-shelf.ts";
import type { Context } from "../workbench.ts";
import { recordEnd } from "./carry-reconcile.ts";
import type { PartDone } from "./carrying.ts";
import type { RecordsBench } from "./records-bench.ts";

/** `decisions`: what holds now. Where it is something else than was decided then, or nothing of it has landed, there is nothing to tell. */
export async function reportInterrupted(
  records: RecordsBench,
  { record, decisions }: { readonly record: string; readonly decisions: readonly Decision[] },
  context: Context,
): Promise<void> {
  const { home, kind } = records;
  const state = await home.ledger.state(context);
  const made = recordsOf(state).decisions.find((one) => one.of === kind.name && one.record === record);
  if (!made || made.report !== undefined || !made.decisions.every((one) => stillHolds(records, one, decisions))) return;
  const whole = await openKeptPlan(home, made.reconcile, context);
  if (!whole?.plan.records) return;
  const parts = await partsLanded(records, { state, whole }, context);
  if (parts.length === 0) return;
  await recordEnd({ records, whole, part: whole.plan.records, parts }, context);
}

function stillHolds({ kind }: RecordsBench, { field, value }: Decision, decisions: readonly Decision[]): boolean {
  const now = decisions.find((one) => one.field === field);
  return now !== undefined && compareValues(now.value, value, fieldNamed(kind, field)?.type) !== "differs";
}

/** From the releases that carried it out, in the order of its waves. */
async function partsLanded(
  { home }: RecordsBench,
  { state, whole }: { readonly state: LedgerState; readonly whole: IdentifiedPlan },
  context: Context,
): Promise<PartDone[]> {
  const found: { readonly wave: number; readonly done: PartDone }[] = [];
  for (const { releases } of Object.values(state.targets)) {
    for (const release of releases.filter(({ carries, as }) => carries === whole.id && as === "applied")) {
      const part = (await openKeptPlan(home, release.plan, context))?.plan;
      const wave = part?.carries && whole.plan.waves[part.carries.wave];
      if (!part?.carries || !wave) continue;
      const { site, target } = part;
      const keys = stepsOf(part).map(({ change }) => change.at.key);
      const invalidation = release.invalidation === undefined ? {} : { invalidation: release.invalidation };
      found.push({ wave: part.carries.wave, done: { wave: wave.name, site, target, keys, release: release.id, ...invalidation } });
    }
  }
  return found.toSorted((one, other) => one.wave - other.wave).map(({ done }) => done);
}
