/** `belay reconcile KIND ID`: look, decide, show, correct everywhere, look again (R8). */

import { policyRefusals } from "../approve/policy.ts";
import { takeApproval, type Confirm } from "../approve/take-approval.ts";
import { appendAlways } from "../append-always.ts";
import { findPlan, keepPlan } from "../plan-shelf.ts";
import { BelayError } from "../../core/belay-error.ts";
import { refuseWarned } from "../../core/deploy/rules/d4-warnings.ts";
import { targetState, type LedgerState } from "../../core/ledger/fold.ts";
import { recordsOf } from "../../core/ledger/fold-records.ts";
import type { IdentifiedPlan, Refusal } from "../../core/plan/plan.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import type { Entity } from "../../core/records/claim.ts";
import { compareValues } from "../../core/records/compare-values.ts";
import { decide, type Answer, type Decided } from "../../core/records/decide.ts";
import type { Question, Survivor } from "../../core/records/decision.ts";
import { planReconcile, type RecordWrite } from "../../core/records/plan-reconcile.ts";
import { zoneRules } from "../../codecs/zones/zone-rules.ts";
import type { Target } from "../../core/site.ts";
import { standingOf } from "./standing.ts";
import type { Context, Workbench } from "../workbench.ts";
import { carryReconcile } from "./carry-reconcile.ts";
import type { Carried } from "./carrying.ts";
import type { Draft } from "./draft.ts";
import { draftReconcile } from "./draft-reconcile.ts";
import { findEntities, entitiesNamed, loadEntity, type EntityOutline } from "./find-entities.ts";
import { finishOpen } from "./finish-open.ts";
import { observeSystems, requireWhole } from "./observe-systems.ts";
import type { SystemView } from "./system-view.ts";
import { placeTokens } from "./place-tokens.ts";
import type { RecordsBench } from "./records-bench.ts";
import { chooseSurvivors, type SearchedLinks } from "./choose-survivors.ts";
import { refusedToAgent } from "./refused-to-agent.ts";
import { reportInterrupted } from "./report-interrupted.ts";
import { neededChanges } from "./needed-changes.ts";
import { giveTasks, settleTasks, type ShownOf } from "./tasks.ts";

export interface ReconcileRequest {
  /** The record's name, one of its keys, or the address of one of its objects. */
  readonly named: string;
  readonly answers: readonly Answer[];
  /** The duplicate that stays, by key, where a person has said so. */
  readonly keep: string | undefined;
  /** Who said so, and why. */
  readonly keepBecause?: string;
  /** Duplicates are deleted rather than replaced by a redirect. */
  readonly deletes: boolean;
  /** Texts that stay as they are although they say an old value. */
  readonly leave: readonly string[];
}

export interface Prepared {
  readonly entity: Entity;
  readonly views: readonly SystemView[];
  readonly decided: Decided;
  readonly questions: readonly Question[];
  readonly identified: IdentifiedPlan;
}

export type ReconcileResult =
  /** A person has to say what holds. */
  | { readonly kind: "undecided"; readonly prepared: Prepared }
  | { readonly kind: "refused" | "nothing-to-do" | "declined"; readonly prepared: Prepared }
  /** The approval of a person is missing: the plan is kept. */
  | { readonly kind: "unapproved"; readonly prepared: Prepared; readonly refusals: readonly Refusal[] }
  | { readonly kind: "carried"; readonly prepared: Prepared; readonly carried: Carried };

/** Asks for what is not decided; answers `undefined` where nobody can be asked. */
export type AskField = (
  question: Question,
  entity: Entity,
) => Promise<Answer | { readonly keep: string; readonly because?: string } | undefined>;

export async function reconcile(
  records: RecordsBench,
  request: ReconcileRequest,
  { ask, confirm }: { readonly ask: AskField; readonly confirm: Confirm },
  context: Context,
): Promise<ReconcileResult> {
  await finishOpen(records, context);
  const prepared = await prepare(records, request, ask, context);
  if (prepared.questions.length > 0) return { kind: "undecided", prepared };
  const { plan } = prepared.identified;
  if (plan.refusals.length > 0) return { kind: "refused", prepared };
  if (stepsOf(plan).length === 0) {
    // What only people can change is asked of them all the same, and what they have changed is seen.
    await giveTasks(records, prepared.identified, context);
    const { id, sightings } = prepared.entity;
    const shownOf: ShownOf = async (record, system) =>
      await Promise.resolve(record === id ? sightings.filter((one) => one.system === system) : []);
    await settleTasks(records, shownOf, context);
    await recordAnswers(records, prepared, context);
    await reportInterrupted(records, { record: prepared.entity.id, decisions: prepared.decided.decisions }, context);
    return { kind: "nothing-to-do", prepared };
  }
  return await carry(records, prepared, confirm, context);
}

/** What a person says of a record that shows it already is a decision all the same: it is not asked for again. */
async function recordAnswers(records: RecordsBench, { identified, entity, decided }: Prepared, context: Context): Promise<void> {
  const { home, kind } = records;
  const said = decided.decisions.filter(({ how }) => how === "person");
  const before = recordsOf(await home.ledger.state(context)).decisions.find((one) => one.of === kind.name && one.record === entity.id);
  const isNew = said.some(({ field, value, because }) => {
    const then = before?.decisions.find((one) => one.field === field);
    const type = kind.fields.find(({ name }) => name === field)?.type;
    return then?.how !== "person" || then.because !== because || compareValues(then.value, value, type) !== "same";
  });
  if (!isNew) return;
  const decisions = { decisions: decided.decisions, survivors: before?.survivors ?? [] };
  await appendAlways(
    home,
    { kind: "decided", actor: home.actor, of: kind.name, record: entity.id, reconcile: identified.id, ...decisions },
    context,
  );
}

/** A saved reconcile, by a prefix of its id. */
export async function applyReconcile(records: RecordsBench, id: string, confirm: Confirm, context: Context): Promise<ReconcileResult> {
  await finishOpen(records, context);
  const identified = await findPlan(records.home, id, context);
  const { records: part } = identified.plan;
  if (!part) throw new BelayError("usage", `Plan ${id} is no reconcile.`, `belay apply ${id}`);
  const views = await observeSystems(records, context);
  requireWhole(views);
  const [outline] = entitiesNamed(await findEntities(records, views, context), part.record, records.kind);
  const entity = outline && (await loadEntity(records, { outline, views }, context));
  const prepared: Prepared = {
    entity: entity ?? { id: part.record, sightings: [], links: [], doubts: [] },
    views,
    decided: { decisions: part.decisions, questions: [] },
    questions: [],
    identified,
  };
  return await carry(records, prepared, confirm, context);
}

async function carry(records: RecordsBench, prepared: Prepared, confirm: Confirm, context: Context): Promise<ReconcileResult> {
  const { identified } = prepared;
  const bench = await mainBench(records, identified);
  await keepPlan(bench, identified, context);
  const refusals = await refusedToAgent(records, identified);
  if (refusals.length > 0) return { kind: "unapproved", prepared, refusals };
  if (!(await hasBegun(records, identified, context))) {
    const taken = await takeApproval(bench, identified, confirm, context);
    if (taken === "stop") return { kind: "declined", prepared };
    if (typeof taken === "object") return { kind: "unapproved", prepared, refusals: taken.refusals };
    if (taken === "unneeded" && (await confirm(identified)) !== "go") return { kind: "declined", prepared };
  }
  return { kind: "carried", prepared, carried: await carryReconcile(records, identified, context) };
}

/** Parts of it have landed: it was approved and confirmed then. */
async function hasBegun({ home }: RecordsBench, { id }: IdentifiedPlan, context: Context): Promise<boolean> {
  const state = await home.ledger.state(context);
  return Object.values(state.targets).some(({ releases }) => releases.some(({ carries, as }) => carries === id && as === "applied"));
}

/** The workbench of the target that the whole is approved under. */
export async function mainBench(records: RecordsBench, { plan }: IdentifiedPlan): Promise<Workbench> {
  for (const system of records.kind.systems) {
    if (system.isReadOnly) continue;
    const { bench } = await records.placeOf(system);
    if (bench.site.name === plan.site && bench.site.targets.some(({ name }) => name === plan.target)) return bench;
  }
  throw new BelayError(
    "plan-stale",
    `belay.yaml has no target ${plan.target} of ${plan.site} any more.`,
    "Make the plan again: belay reconcile KIND ID",
  );
}

/** Everything up to the plan; writes nothing but the new bytes into the vault. */
export async function prepare(records: RecordsBench, request: ReconcileRequest, ask: AskField, context: Context): Promise<Prepared> {
  const { kind, home } = records;
  const views = await observeSystems(records, context);
  requireWhole(views);
  const outline = oneEntity(entitiesNamed(await findEntities(records, views, context), request.named, kind), request.named, kind.name);
  const entity = await loadEntity(records, { outline, views }, context);
  let { answers, keep, keepBecause } = request;
  const changes = await neededChanges(records, entity, answers, context);
  const standing = standingOf(records, entity, await home.ledger.state(context));
  let decided = decide({ kind, entity, rules: zoneRules, answers, ...(changes && { changes }), ...(standing && { standing }) });
  const searched: SearchedLinks = new Map();
  let survivors = await chooseSurvivors(
    records,
    { entity, keep, deletes: request.deletes, searched, ...(keepBecause !== undefined && { keepBecause }) },
    context,
  );
  const declined = new Set<string>();
  for (;;) {
    const question = [...decided.questions, ...survivors.questions].find(({ about, name }) => !declined.has(`${about} ${name}`));
    if (!question) break;
    const answer = await ask(question, entity);
    if (answer === undefined) declined.add(`${question.about} ${question.name}`);
    else if ("keep" in answer) ({ keep, because: keepBecause } = answer);
    else answers = [...answers.filter(({ field }) => field !== answer.field), answer];
    decided = decide({ kind, entity, rules: zoneRules, answers, ...(changes && { changes }), ...(standing && { standing }) });
    survivors = await chooseSurvivors(
      records,
      { entity, keep, deletes: request.deletes, searched, ...(keepBecause !== undefined && { keepBecause }) },
      context,
    );
  }
  const questions = [...decided.questions, ...survivors.questions];
  const facts = {
    entity,
    decisions: decided.decisions,
    survivors: survivors.survivors,
    leave: request.leave.map((text) => text.trim()),
    at: new Date(home.runtime.now()).toISOString(),
  };
  const draft = await draftReconcile(records, facts, context);
  requireLeft(kind.name, request.leave, { entity, draft });
  const identified = await planOf(records, { entity, decided, survivors: survivors.survivors, draft }, context);
  return { entity, views, decided, questions, identified };
}

/** A text that is to be left and stands nowhere is a slip, and what was meant would be changed or hold everything up. */
function requireLeft(kind: string, leave: readonly string[], { entity, draft }: { readonly entity: Entity; readonly draft: Draft }): void {
  const texts = new Set([
    ...entity.sightings.flatMap(({ claims, unexplained }) => [...claims, ...unexplained].map(({ raw }) => raw.trim())),
    ...draft.mentions.map(({ raw }) => raw.trim()),
  ]);
  const missed = leave.find((text) => !texts.has(text.trim()));
  if (missed === undefined) return;
  const blocking = draft.mentions.filter(({ verdict }) => verdict === "blocking").map(({ raw }) => JSON.stringify(raw.trim()));
  throw new BelayError(
    "usage",
    `No text of ${kind} ${entity.id} that could be left as it is reads ${JSON.stringify(missed)}.`,
    blocking.length === 0
      ? "Leave --leave out: nothing has to be left."
      : `What holds it up reads ${[...new Set(blocking)].join(" or ")}: --leave ${blocking[0]}`,
  );
}

function oneEntity(found: readonly EntityOutline[], named: string, kind: string): EntityOutline {
  const [only, ...others] = found;
  if (!only) throw new BelayError("usage", `No ${kind} is called ${named}.`, `belay audit ${kind}   (lists all of them)`);
  if (others.length === 0) return only;
  throw new BelayError(
    "usage",
    `${found.length} records could be meant by ${named}: ${found.map(({ id }) => id).join(", ")}.`,
    `Name one of them: belay reconcile ${kind} ${only.id}`,
  );
}

interface Planning {
  readonly entity: Entity;
  readonly decided: Decided;
  readonly survivors: readonly Survivor[];
  readonly draft: Draft;
}

async function planOf(records: RecordsBench, { entity, decided, survivors, draft }: Planning, context: Context): Promise<IdentifiedPlan> {
  const { kind, home } = records;
  const state = await home.ledger.state(context);
  const main = await mainPlace(records, draft.writes);
  for (const body of draft.bodies) await home.vault.keep(body, context);
  return planReconcile(
    {
      kind: kind.name,
      record: entity.id,
      writes: draft.writes,
      main: { site: main.site, target: main.target, basis: targetState(state, main.site, main.target.name).basis },
      policy: main.bench.policy,
      decisions: decided.decisions,
      survivors,
      edits: draft.edits,
      rewrites: draft.rewrites,
      mentions: draft.mentions,
      tasks: draft.tasks,
      turned: draft.turned,
      tokens: await placeTokens(records, draft, context),
      refusals: [...draft.refusals, ...refuseBlocking(draft), ...(await rulesOf(records, draft.writes, state, context))],
    },
    home.runtime.sha256,
  );
}

interface Main {
  readonly bench: Workbench;
  readonly site: string;
  readonly target: Target;
}

/** The target that people have to approve, else the first that is written, else the first that could be. */
async function mainPlace(records: RecordsBench, writes: readonly RecordWrite[]): Promise<Main> {
  const places: (Main & { readonly isWritten: boolean })[] = [];
  for (const system of records.kind.systems.filter(({ isReadOnly }) => !isReadOnly)) {
    const { bench, target } = await records.placeOf(system);
    const isWritten = writes.some((write) => write.site === bench.site.name && write.target.name === target.name);
    places.push({ bench, site: bench.site.name, target, isWritten });
  }
  const main =
    places.find(({ isWritten, target }) => isWritten && target.approvals > 0) ?? places.find(({ isWritten }) => isWritten) ?? places[0];
  if (main) return main;
  throw new BelayError(
    "config-invalid",
    `No system of ${records.kind.name} can be written.`,
    "Name one in belay.yaml that is not read-only.",
  );
}

/** R7: nothing goes out while a page would still say the old value somewhere. */
function refuseBlocking({ mentions }: Draft): Refusal[] {
  const blocking = mentions.filter(({ verdict }) => verdict === "blocking");
  return blocking.map(({ at, raw, where, why }) => ({
    rule: "R7",
    code: "unexplained-mention",
    paths: [at.key],
    message: `${at.key}: "${raw}" (${where}) ${why}`,
    remedy: `Correct it by hand, or leave it as it is: --leave ${JSON.stringify(raw)}`,
  }));
}

/** The rules of the sites whose pages are written: open warnings, and the policy that binds production. */
async function rulesOf(records: RecordsBench, writes: readonly RecordWrite[], state: LedgerState, context: Context): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  const seen = new Set<string>();
  for (const { system: name, target } of writes) {
    const system = records.kind.systems.find((one) => one.name === name);
    if (!system || seen.has(`${name} ${target.name}`)) continue;
    seen.add(`${name} ${target.name}`);
    const { bench } = await records.placeOf(system);
    const steps = writes.filter((write) => write.target.name === target.name && write.site === bench.site.name);
    refusals.push(
      ...refuseWarned(
        { warnings: state.warnings, site: bench.site, target },
        steps.map(({ change, because }) => ({ change, because })),
      ),
      ...(await policyRefusals(bench, target, state, context)),
    );
  }
  return refusals;
}
