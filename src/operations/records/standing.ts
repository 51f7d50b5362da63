/** What was decided of a record before, as far as it still counts. */

import { recordsOf, type RecordDecisions } from "../../core/ledger/fold-records.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import type { Entity } from "../../core/records/claim.ts";
import type { Standing } from "../../core/records/decide.ts";
import { systemNamed } from "../../core/records/kind.ts";
import type { RecordsBench } from "./records-bench.ts";

/** `undefined` where nothing was decided. Systems that a person has to change, and those within their lag, are excused. */
export function standingOf(records: RecordsBench, entity: Entity, state: LedgerState): Standing | undefined {
  const { kind } = records;
  const { tasks } = recordsOf(state);
  const made = madeFor(records, entity, state);
  if (!made) return undefined;
  const waiting = new Set(
    tasks
      .filter(({ task, state: { state: is } }) => is === "open" && task.kind === kind.name && task.record === entity.id)
      .map(({ task }) => task.system),
  );
  const lagging = laggingSince(made, entity, records);
  const excused = entity.sightings.filter(({ system, id }) => waiting.has(system) || lagging.has(id));
  return { decisions: made.decisions, excused: new Set(excused.map(({ id }) => id)) };
}

/** What we changed ourselves and a lagging system may not show yet: no drift (pitfall 34). Ids of sightings. */
export function pendingIn(records: RecordsBench, entity: Entity, state: LedgerState): ReadonlySet<string> {
  const made = madeFor(records, entity, state);
  return made ? laggingSince(made, entity, records) : new Set();
}

const madeFor = ({ kind }: RecordsBench, entity: Entity, state: LedgerState): RecordDecisions | undefined =>
  recordsOf(state).decisions.find(({ of, record }) => of === kind.name && record === entity.id);

function laggingSince(
  { at }: RecordDecisions,
  { sightings }: Entity,
  { kind, home }: Pick<RecordsBench, "kind" | "home">,
): ReadonlySet<string> {
  const isLagging = (system: string): boolean => home.runtime.now() < Date.parse(at) + (systemNamed(kind, system)?.lagMs ?? 0);
  return new Set(sightings.filter(({ system }) => isLagging(system)).map(({ id }) => id));
}
