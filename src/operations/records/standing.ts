/** What was decided of a record before, as far as it still counts. */

import { recordsOf } from "../../core/ledger/fold-records.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import type { Entity } from "../../core/records/claim.ts";
import type { Standing } from "../../core/records/decide.ts";
import { systemNamed } from "../../core/records/kind.ts";
import type { RecordsBench } from "./records-bench.ts";

/** `undefined` where nothing was decided. Systems that a person has to change, and those within their lag, are excused. */
export function standingOf({ kind, home }: RecordsBench, entity: Entity, state: LedgerState): Standing | undefined {
  const { decisions, tasks } = recordsOf(state);
  const made = decisions.find(({ of, record }) => of === kind.name && record === entity.id);
  if (!made) return undefined;
  const waiting = new Set(
    tasks
      .filter(({ task, state: { state: is } }) => is === "open" && task.kind === kind.name && task.record === entity.id)
      .map(({ task }) => task.system),
  );
  const sinceMs = Date.parse(made.at);
  const isLagging = (system: string): boolean => home.runtime.now() < sinceMs + (systemNamed(kind, system)?.lagMs ?? 0);
  const excused = entity.sightings.filter(({ system }) => waiting.has(system) || isLagging(system));
  return { decisions: made.decisions, excused: new Set(excused.map(({ id }) => id)) };
}
