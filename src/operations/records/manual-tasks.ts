/** Where belay cannot write, a person is told exactly what to change (R1). */

import { canonicalBytes } from "../../core/canonical-json.ts";
import type { Entity, Sighting } from "../../core/records/claim.ts";
import { saidBy } from "../../core/records/cell-values.ts";
import { compareValues, showValue } from "../../core/records/compare-values.ts";
import type { Decision } from "../../core/records/decision.ts";
import type { RecordKind, RecordSystem } from "../../core/records/kind.ts";
import type { ManualTask } from "../../core/records/task.ts";
import { fillTemplate } from "../../core/records/claims/template-text.ts";
import type { Runtime } from "../../ports/runtime.ts";

export interface TaskFacts {
  readonly kind: RecordKind;
  readonly record: string;
  readonly system: RecordSystem;
  /** What the system shows; absent where it cannot be observed. */
  readonly sighting: Sighting | undefined;
  readonly decisions: readonly Decision[];
  /** What its link and its note are filled with: all that is known of the record, by field. */
  readonly known: Readonly<Record<string, string>>;
}

/** What holds, and of what nobody decided what its address says: a page's own code. */
export function knownOf({ sightings }: Pick<Entity, "sightings">, decisions: readonly Decision[]): Readonly<Record<string, string>> {
  const said = sightings.flatMap(({ claims }) => claims.flatMap(({ field, value }) => (value ? [[field, showValue(value)] as const] : [])));
  return Object.fromEntries([...said.toReversed(), ...decisions.map(({ field, value }) => [field, showValue(value)] as const)]);
}

/** Of a system that only a person changes; `undefined` where it says nothing else than what was decided. */
export function manualTask({ kind, record, system, sighting, decisions, known }: TaskFacts, runtime: Runtime): ManualTask | undefined {
  const said = sighting && saidBy(sighting, kind);
  const changes = decisions.flatMap(({ field, value, how }) => {
    const type = kind.fields.find(({ name }) => name === field)?.type;
    if (!said) return how === "agreed" ? [] : [{ field, from: "unknown", to: value }];
    const now = said.get(field);
    if (!now) return [];
    const isWrong = now.isInner || now.isUnreadable || (now.value !== undefined && compareValues(now.value, value, type) === "differs");
    return isWrong ? [{ field, from: now.claims.map(({ raw }) => raw).join(" / "), to: value }] : [];
  });
  if (changes.length === 0) return undefined;
  const { link, note, attest } = system.manual ?? {};
  const filled = (template: string | undefined): string | undefined =>
    template && (fillTemplate(template, { ...known, record }) ?? template);
  const [where, what] = [filled(link), filled(note)];
  return {
    id: taskId(runtime, [kind.name, record, system.name]),
    kind: kind.name,
    record,
    system: system.name,
    changes,
    ...(where !== undefined && { link: where }),
    ...(what !== undefined && { note: what }),
    ...((attest ?? sighting === undefined) && { attest: true as const }),
  };
}

/** One task for each record at each system. */
const taskId = ({ sha256 }: Pick<Runtime, "sha256">, names: readonly string[]): string => sha256(canonicalBytes(names)).slice(0, 12);

/** Counted from when it is given to people: a plan does not hang on the hour at which it was made. */
export function withDue(task: ManualTask, { manual }: Pick<RecordSystem, "manual">, nowMs: number): ManualTask {
  return manual?.dueMs === undefined ? task : { ...task, due: new Date(nowMs + manual.dueMs).toISOString() };
}
