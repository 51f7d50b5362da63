/** One look of `belay watch`: what drifted is seen, what authority decides is carried, and a person is asked about the rest. */

import { BelayError } from "../../core/belay-error.ts";
import { recordsOf } from "../../core/ledger/fold-records.ts";
import { stepsOf, type IdentifiedPlan } from "../../core/plan/plan.ts";
import type { Entity } from "../../core/records/claim.ts";
import { decide } from "../../core/records/decide.ts";
import { flapIn } from "../../core/records/flap.ts";
import { systemNamed } from "../../core/records/kind.ts";
import { layMatrix, wrongCells } from "../../core/records/lay-matrix.ts";
import type { RecordEdit } from "../../core/records/records-part.ts";
import { contradicts, whyNotAlone } from "../../core/records/watch-rules.ts";
import { zoneRules } from "../../codecs/zones/zone-rules.ts";
import { keepPlan } from "../plan-shelf.ts";
import type { Context } from "../workbench.ts";
import { pendingIn, standingOf } from "./standing.ts";
import { carryReconcile } from "./carry-reconcile.ts";
import { refusedToAgent } from "./refused-to-agent.ts";
import type { Carried } from "./carrying.ts";
import { settleClaims } from "./claim-record.ts";
import { loadEntity, type EntityOutline } from "./find-entities.ts";
import { finishOpen } from "./finish-open.ts";
import { knownKind, type KnownKind } from "./find-record.ts";
import { neededChanges } from "./needed-changes.ts";
import { mainBench, prepare, type Prepared } from "./reconcile.ts";
import type { RecordsBench } from "./records-bench.ts";
import { giveTasks, settleTasks } from "./tasks.ts";
import { asWatcher, lastHour, pastCorrections, whyStopped, type HourOfWatching } from "./watch-record.ts";

export type WatchEvent =
  | { readonly kind: "looked"; readonly records: number; readonly read: number; readonly examined: number }
  | { readonly kind: "failed"; readonly system: string; readonly error: BelayError }
  | { readonly kind: "drift"; readonly record: string; readonly fields: readonly string[] }
  | { readonly kind: "corrected"; readonly record: string; readonly edits: readonly RecordEdit[] }
  /** A person has to look: nothing was written. */
  | { readonly kind: "asked"; readonly record: string; readonly why: readonly string[] }
  /** Our own change is not due to show yet. */
  | { readonly kind: "pending"; readonly record: string; readonly systems: readonly string[] }
  | { readonly kind: "limited"; readonly record: string; readonly perHourMax: number }
  /** Begun and not finished: the next look goes on with it. */
  | { readonly kind: "unfinished"; readonly record: string; readonly why: string }
  | { readonly kind: "task"; readonly record: string; readonly system: string; readonly is: "open" | "settled" }
  | { readonly kind: "stopped"; readonly why: string };

/** What a watcher knows of records that it has looked at: by record, its sketches as they were. This process's own. */
export type WatchMemory = Map<string, string>;

type Tell = (event: WatchEvent) => void;

/** Never throws for what a system or a stranger did: it is told, and the next look tries again. */
export async function lookOnce(opened: RecordsBench, memory: WatchMemory, tell: Tell, context: Context): Promise<void> {
  const records = asWatcher(opened);
  const why = await whyStopped(records, context);
  if (why !== undefined) return tell({ kind: "stopped", why });
  const known = await looked(records, tell, context);
  if (!known) return;
  const { outlines, views } = known;
  const failed = views.flatMap(({ system, failure }) =>
    failure ? [{ kind: "failed", system: system.name, error: failure } as const] : [],
  );
  for (const event of failed) tell(event);
  await settle(records, known, tell, context);
  const looks = outlines.map((outline) => ({ outline, now: JSON.stringify(outline.sketches) }));
  const due = looks.filter(({ outline, now }) => memory.get(outline.id) !== now);
  tell({ kind: "looked", records: outlines.length, read: views.reduce((sum, { read }) => sum + read, 0), examined: due.length });
  for (const { outline, now } of due) {
    const outcome =
      failed.length > 0
        ? await seen(records, { known, outline }, tell, context)
        : await examine(records, { known, outline }, tell, context);
    if (outcome === "stopped") return;
    if (outcome === "settled" && failed.length === 0) memory.set(outline.id, now);
    else memory.delete(outline.id);
  }
}

/** `undefined` where an interrupted part could not be finished, or nothing could be looked at. */
async function looked(records: RecordsBench, tell: Tell, context: Context): Promise<KnownKind | undefined> {
  try {
    await finishOpen(records, context);
    return await knownKind({ ...records, followsFeeds: true }, context);
  } catch (error) {
    if (!(error instanceof BelayError) || context.signal.aborted) throw error;
    tell({ kind: "failed", system: "", error });
    return undefined;
  }
}

async function settle(records: RecordsBench, known: KnownKind, tell: Tell, context: Context): Promise<void> {
  const byName = new Map(known.outlines.map((outline) => [outline.id, outline]));
  const settled = await settleTasks(
    records,
    async (record, system) => {
      const outline = byName.get(record);
      if (!outline) return [];
      const { sightings } = await loadEntity(records, { outline, views: known.views }, context);
      return sightings.filter((one) => one.system === system);
    },
    context,
  );
  for (const { record, system } of settled) tell({ kind: "task", record, system, is: "settled" });
  if (known.views.every(({ failure }) => !failure)) await settleClaims(records, known, context);
}

interface Looking {
  readonly known: KnownKind;
  readonly outline: EntityOutline;
}

/** `again`: the next look takes it up whether anything changed or not. */
type Outcome = "settled" | "again" | "stopped";

/** While a system cannot be looked at, drift is told and nothing is corrected: what it would say is not known. */
async function seen(records: RecordsBench, { known, outline }: Looking, tell: Tell, context: Context): Promise<Outcome> {
  const fields = await driftOf(records, await loadEntity(records, { outline, views: known.views }, context), context);
  if (fields.wrong.length > 0) tell({ kind: "drift", record: outline.id, fields: fields.wrong });
  return "again";
}

async function examine(records: RecordsBench, { known, outline }: Looking, tell: Tell, context: Context): Promise<Outcome> {
  const entity = await loadEntity(records, { outline, views: known.views }, context);
  const { id: record } = entity;
  const systems = await lagging(records, entity, context);
  if (systems.length > 0) {
    tell({ kind: "pending", record, systems });
    return "again";
  }
  const { wrong, open } = await driftOf(records, entity, context);
  if (wrong.length + open.length === 0) return "settled";
  tell({ kind: "drift", record, fields: [...new Set([...wrong, ...open])] });
  if (open.length > 0) {
    tell({ kind: "asked", record, why: open.map((field) => `nobody has decided its ${field}`) });
    return "settled";
  }
  try {
    return await correct(records, entity, tell, context);
  } catch (error) {
    if (!(error instanceof BelayError) || context.signal.aborted) throw error;
    tell({ kind: "unfinished", record, why: error.message });
    return "again";
  }
}

/** Fields that some object says wrongly, and fields that nobody has decided. */
async function driftOf(
  records: RecordsBench,
  entity: Entity,
  context: Context,
): Promise<{ readonly wrong: readonly string[]; readonly open: readonly string[] }> {
  const { kind, home } = records;
  const changes = await neededChanges(records, entity, [], context);
  const state = await home.ledger.state(context);
  const standing = standingOf(records, entity, state);
  const decided = decide({ kind, entity, rules: zoneRules, answers: [], ...(changes && { changes }), ...(standing && { standing }) });
  const pending = pendingIn(records, entity, state);
  const matrix = layMatrix({ kind, entity, rules: zoneRules, decided, findings: [], pending });
  return {
    wrong: [...new Set(wrongCells(matrix).map(({ field }) => field))],
    open: decided.questions.map(({ name }) => name),
  };
}

/** Systems that do not show our last decision yet and are not due to. */
async function lagging(records: RecordsBench, entity: Entity, context: Context): Promise<readonly string[]> {
  const { kind, home } = records;
  const state = await home.ledger.state(context);
  const made = recordsOf(state).decisions.find(({ of, record }) => of === kind.name && record === entity.id);
  const pending = pendingIn(records, entity, state);
  if (!made || pending.size === 0) return [];
  const late = entity.sightings.filter((sighting) => pending.has(sighting.id) && contradicts(sighting, made.decisions, kind));
  // A person's change of what lags is taken up once its lag is over, too.
  return [...new Set(late.filter(({ system }) => (systemNamed(kind, system)?.lagMs ?? 0) > 0).map(({ system }) => system))];
}

const asksNobody = async (): Promise<undefined> => await Promise.resolve(undefined);

async function correct(records: RecordsBench, entity: Entity, tell: Tell, context: Context): Promise<Outcome> {
  const { id: record } = entity;
  const request = { named: record, answers: [], keep: undefined, deletes: false, leave: [] };
  const prepared = await prepare(records, request, asksNobody, context);
  const hour = await lastHour(records, context);
  const why = await whyAsked(records, prepared, hour, context);
  if (why.length > 0) {
    tell({ kind: "asked", record, why });
    return "settled";
  }
  const stopped = await whyStopped(records, context);
  if (stopped !== undefined) {
    tell({ kind: "stopped", why: stopped });
    return "stopped";
  }
  const { identified } = prepared;
  if (stepsOf(identified.plan).length === 0) {
    await giveTasks(records, identified, context);
    tellTasks(identified, tell);
    return "settled";
  }
  const { perHourMax } = records.kind.watch;
  if (hour.begun < perHourMax) return await carryOut(records, identified, tell, context);
  tell({ kind: "limited", record, perHourMax });
  return "again";
}

async function whyAsked(records: RecordsBench, prepared: Prepared, hour: HourOfWatching, context: Context): Promise<readonly string[]> {
  const { plan } = prepared.identified;
  const { edits = [], record = "" } = plan.records ?? {};
  const flap = flapIn(edits, await pastCorrections(records, record, hour, context));
  const refused = await refusedToAgent(records, prepared.identified);
  return [
    ...whyNotAlone({ kind: records.kind, plan, questions: prepared.questions }),
    ...refused.map(({ message }) => message),
    ...(flap ? [flap.why] : []),
  ];
}

async function carryOut(records: RecordsBench, identified: IdentifiedPlan, tell: Tell, context: Context): Promise<Outcome> {
  const { edits = [], record = "" } = identified.plan.records ?? {};
  await keepPlan(await mainBench(records, identified), identified, context);
  const carried = await carryReconcile(records, identified, context);
  if (carried.kind === "done") {
    tell({ kind: "corrected", record, edits });
    tellTasks(identified, tell);
  } else tell({ kind: "unfinished", record, why: unfinished(carried) });
  return "again";
}

function tellTasks({ plan }: IdentifiedPlan, tell: Tell): void {
  for (const { system, record } of plan.records?.tasks ?? []) tell({ kind: "task", record, system, is: "open" });
}

function unfinished(carried: Exclude<Carried, { kind: "done" }>): string {
  switch (carried.kind) {
    case "conflict":
      return `${carried.key} was changed by somebody else meanwhile`;
    case "held":
      return `somebody else is at work on ${carried.at.target}`;
    case "unseen":
      return `${carried.key} says ${carried.says} after it was corrected`;
    case "stopped":
      return `${carried.at.target}: ${carried.result.kind}`;
  }
}
