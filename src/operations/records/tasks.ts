/** Manual tasks: given once, closed by what is seen or by a person's word, opened again where the value goes back (R1). */

import { appendAlways } from "../append-always.ts";
import { BelayError } from "../../core/belay-error.ts";
import { recordsOf } from "../../core/ledger/fold-records.ts";
import type { KnownTask } from "../../core/ledger/fold-records.ts";
import type { IdentifiedPlan } from "../../core/plan/plan.ts";
import { saidBy } from "../../core/records/cell-values.ts";
import type { Sighting } from "../../core/records/claim.ts";
import { compareValues } from "../../core/records/compare-values.ts";
import { systemNamed } from "../../core/records/kind.ts";
import type { ManualTask } from "../../core/records/task.ts";
import type { Context } from "../workbench.ts";
import { withDue } from "./manual-tasks.ts";
import type { RecordsBench } from "./records-bench.ts";

/** Opens the tasks of a plan that are not open already. */
export async function giveTasks(records: RecordsBench, { plan }: IdentifiedPlan, context: Context): Promise<void> {
  const { home, kind } = records;
  for (const task of plan.records?.tasks ?? []) {
    const known = recordsOf(await home.ledger.state(context)).tasks.find((one) => one.task.id === task.id);
    if (known && isSameTask(known.task, task) && stands(known, home.runtime.now())) continue;
    const system = systemNamed(kind, task.system);
    const given = system ? withDue(task, system, home.runtime.now()) : task;
    const why = known?.state.state === "done" ? "it shows another value again" : `${kind.name} ${task.record} was decided`;
    await appendAlways(home, { kind: "tasked", actor: home.actor, of: kind.name, record: task.record, task: given, why }, context);
  }
}

/** By what the values say: the one from the record has its properties in another order. */
const isSameTask = (one: ManualTask, other: ManualTask): boolean =>
  one.changes.length === other.changes.length &&
  one.changes.every(({ field, to }, index) => {
    const change = other.changes[index];
    return change?.field === field && compareValues(to, change.to) === "same";
  });

/** Open already; or a person's word that it is done, which stands until it is to be looked at again. */
const stands = (known: KnownTask, nowMs: number): boolean =>
  known.state.state === "open" || (known.state.how === "attested" && !isDue(known, nowMs));

const isDue = ({ state }: KnownTask, nowMs: number): boolean =>
  state.state === "done" && state.recheckAt !== undefined && Date.parse(state.recheckAt) <= nowMs;

/** What a system shows of one record now. */
export type ShownOf = (record: string, system: string) => Promise<readonly Sighting[]>;

/** Closes what is seen to be done, and opens again what is seen to have gone back. Answers the tasks that changed. */
export async function settleTasks(records: RecordsBench, shownOf: ShownOf, context: Context): Promise<readonly ManualTask[]> {
  const { home, kind } = records;
  const changed: ManualTask[] = [];
  for (const { task, state } of recordsOf(await home.ledger.state(context)).tasks) {
    if (task.kind !== kind.name || task.attest === true) continue;
    const shown = await shownOf(task.record, task.system);
    const about = { actor: home.actor, of: kind.name, record: task.record };
    if (state.state === "open" && shown.some((sighting) => shows(sighting, task, records))) {
      await appendAlways(home, { kind: "task-done", ...about, task: task.id, how: "observed" }, context);
      changed.push(task);
    } else if (state.state === "done" && state.how === "observed" && isReverted(shown, task, records)) {
      await appendAlways(home, { kind: "tasked", ...about, task, why: "it shows another value again" }, context);
      changed.push(task);
    }
  }
  return changed;
}

function shows(sighting: Sighting, { changes }: ManualTask, { kind }: RecordsBench): boolean {
  const said = saidBy(sighting, kind);
  return changes.every(({ field, to }) => {
    const found = said.get(field);
    const type = kind.fields.find(({ name }) => name === field)?.type;
    return found?.value !== undefined && compareValues(found.value, to, type) !== "differs";
  });
}

/** It says one of the fields, and says it otherwise. */
const isReverted = (shown: readonly Sighting[], task: ManualTask, records: RecordsBench): boolean =>
  shown.some((sighting) => {
    const said = saidBy(sighting, records.kind);
    return task.changes.some(({ field, to }) => {
      const found = said.get(field)?.value;
      const type = records.kind.fields.find(({ name }) => name === field)?.type;
      return found !== undefined && compareValues(found, to, type) === "differs";
    });
  });

export interface Attestation {
  /** The task's id, or a prefix of it. */
  readonly task: string;
  readonly evidence: string;
  /** ISO 8601, UTC: when somebody looks again. */
  readonly recheckAt: string;
}

/** A person's word that a task is done, where nothing can be observed (decision 34). */
export async function attestTask(
  records: RecordsBench,
  { task: prefix, evidence, recheckAt }: Attestation,
  context: Context,
): Promise<ManualTask> {
  const { home, kind } = records;
  if (!context.isAttended || home.actor.kind === "agent") {
    throw new BelayError(
      "person-needed",
      "Only a person says that something is done which nobody else can see.",
      `A person runs: belay tasks done ${prefix} --evidence "…"`,
    );
  }
  const found = recordsOf(await home.ledger.state(context)).tasks.filter(
    ({ task, state }) => task.kind === kind.name && task.id.startsWith(prefix) && state.state === "open",
  );
  const [only, ...others] = found;
  if (!only || others.length > 0) {
    throw new BelayError("usage", `${found.length === 0 ? "No open task is" : "Several open tasks are"} called ${prefix}.`, "belay tasks");
  }
  const about = { actor: home.actor, of: kind.name, record: only.task.record };
  await appendAlways(home, { kind: "task-done", ...about, task: only.task.id, how: "attested", evidence, recheckAt }, context);
  return only.task;
}
