/**
 * A reconcile carried out: wave by wave, target by target, each part a plan of its own that goes the way of every plan. What has
 * landed stays, since it is what was decided; whoever runs it again goes on where it stopped.
 */

import { appendAlways } from "../append-always.ts";
import { applyPlan } from "../apply/apply.ts";
import { bodyOf } from "../../core/body.ts";
import { canonicalBytes } from "../../core/canonical-json.ts";
import type { Digest } from "../../core/brand.ts";
import { sameContent } from "../../core/deploy/plan-deploy.ts";
import { targetState } from "../../core/ledger/fold.ts";
import { recordsOf } from "../../core/ledger/fold-records.ts";
import type { Content, IdentifiedPlan, Step, Wave } from "../../core/plan/plan.ts";
import { systemNamed } from "../../core/records/kind.ts";
import { planPart } from "../../core/records/plan-reconcile.ts";
import type { RecordReach, RecordsPart } from "../../core/records/records-part.ts";
import type { Target } from "../../core/site.ts";
import type { Reading } from "../../ports/store.ts";
import { refuseOpen } from "../deploy.ts";
import { isHeld, withLease } from "../with-lease.ts";
import type { Context, Workbench } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";
import { placeOfSystem, type Carried, type Carrying, type PartAt, type Stop } from "./carrying.ts";
import { followTurned } from "./follow-turned.ts";
import { linkedSince } from "./linked-since.ts";
import { lookAgain, saysOtherwise } from "./look-again.ts";
import { giveTasks } from "./tasks.ts";

export async function carryReconcile(records: RecordsBench, whole: IdentifiedPlan, context: Context): Promise<Carried> {
  const { records: part } = whole.plan;
  if (!part) throw new Error("belay bug: a reconcile says what was decided");
  const carrying: Carrying = { records, whole, part, parts: [] };
  await recordDecisions(carrying, context);
  await giveTasks(records, whole, context);
  for (const [index, wave] of whole.plan.waves.entries()) {
    const linked = await linkedSince(carrying, wave, context);
    if (linked) return linked;
    for (const place of placesOf(part, wave)) {
      const stop = await carryPart(carrying, { wave, index, place }, context);
      if (stop) return stop;
    }
    const stop =
      (await lookAgain(carrying, wave, context)) ?? (wave.name === "pointers" ? await followTurned(carrying, context) : undefined);
    if (stop) return stop;
  }
  return { kind: "done", parts: carrying.parts, report: await recordEnd(carrying, context) };
}

/** What was decided is on record before the first byte is written, and once. */
async function recordDecisions({ records, whole, part }: Carrying, context: Context): Promise<void> {
  const { home } = records;
  const state = await home.ledger.state(context);
  if (recordsOf(state).decisions.some(({ reconcile }) => reconcile === whole.id)) return;
  const { kind: of, record, decisions, survivors } = part;
  await appendAlways(home, { kind: "decided", actor: home.actor, of, record, reconcile: whole.id, decisions, survivors }, context);
}

interface PartPlace {
  readonly site: string;
  readonly target: string;
  readonly reaches: readonly RecordReach[];
}

/** In the order of the wave's steps. */
function placesOf({ reach }: RecordsPart, { steps }: Wave): readonly PartPlace[] {
  const places = new Map<string, { site: string; target: string; reaches: RecordReach[] }>();
  for (const { change } of steps) {
    const found = reach.find(({ at }) => at.store === change.at.store && at.key === change.at.key);
    if (!found) throw new Error("belay bug: every step of a reconcile has a reach");
    const { site, target } = found;
    const place = places.get(`${site} ${target}`) ?? { site, target, reaches: [] };
    place.reaches.push(found);
    places.set(`${site} ${target}`, place);
  }
  return [...places.values()];
}

interface PartFacts {
  readonly wave: Wave;
  readonly index: number;
  readonly place: PartPlace;
}

async function carryPart(carrying: Carrying, { wave, index, place }: PartFacts, context: Context): Promise<Stop | undefined> {
  const { records, whole, parts } = carrying;
  const { bench, target } = await placeOfSystem(records, { ...place, system: place.reaches[0]?.system ?? "" });
  const at: PartAt = { wave: wave.name, target: place.target };
  const steps = wave.steps.filter(({ change }) =>
    place.reaches.some((reach) => reach.at.store === change.at.store && reach.at.key === change.at.key),
  );
  const keys = steps.map(({ change }) => change.at.key);
  const answer = await withLease(
    bench,
    { target: target.name, purpose: "reconcile", waitMs: 0 },
    context,
    async (): Promise<{ kind: "carried"; stop: Stop | undefined }> => {
      await refuseOpen(bench, target.name, context);
      const due = await stepsDue(carrying, { bench, target, index, steps }, context);
      if ("conflict" in due) return { kind: "carried", stop: { kind: "conflict", parts, at, key: due.conflict } };
      if (due.steps.length === 0) {
        parts.push({ ...at, site: place.site, keys });
        return { kind: "carried", stop: undefined };
      }
      const state = await bench.ledger.state(context);
      const { basis } = targetState(state, place.site, place.target);
      const own = planPart(
        whole,
        { wave: index, target, site: place.site, basis, steps: due.steps },
        { policy: bench.policy, sha256: bench.runtime.sha256 },
      );
      const result = await applyPlan(bench, own, context);
      if (result.kind !== "applied") return { kind: "carried", stop: { kind: "stopped", parts, at, result } };
      parts.push({
        ...at,
        site: place.site,
        keys,
        release: result.release,
        ...(result.invalidation === undefined ? {} : { invalidation: result.invalidation }),
      });
      return { kind: "carried", stop: undefined };
    },
  );
  return isHeld(answer) ? { kind: "held", parts, at, held: answer } : answer.stop;
}

interface PartSteps {
  readonly bench: Workbench;
  readonly target: Target;
  /** Of the wave. */
  readonly index: number;
  readonly steps: readonly Step[];
}

/**
 * What is left to do of a part: each object holds what the plan replaces, headers included, whose revision then is the
 * expectation, or what it writes now or in a later wave, and then it is done. An object of any other content is somebody else's
 * since. A calendar makes its own of what it is sent: there arrival is judged by what the event claims (decision 35).
 */
async function stepsDue(
  { records, whole, part }: Carrying,
  { bench, target, index, steps }: PartSteps,
  context: Context,
): Promise<{ readonly steps: readonly Step[] } | { readonly conflict: string }> {
  const store = await bench.storeOf(target.store);
  const due: Step[] = [];
  for (const step of steps) {
    const { change } = step;
    const reading = await store.read(change.at.key, context);
    const digest = reading?.body.digest;
    const written = whole.plan.waves.slice(index).flatMap((wave) => wave.steps.filter(({ change: { at } }) => isAt(change.at, at)));
    if (written.some(({ change: one }) => digest === (one.kind === "delete" ? undefined : one.content.digest))) continue;
    if (change.kind === "create") {
      if (digest !== undefined) return { conflict: change.at.key };
      due.push(step);
      continue;
    }
    if (!reading || !holdsContent(reading, change.prior)) {
      const reach = part.reach.find(({ at }) => isAt(change.at, at));
      const system = reach && systemNamed(records.kind, reach.system);
      if (
        reading &&
        system?.medium === "calendar" &&
        (await saysOtherwise({ records, part }, { system, at: change.at, reading })) === undefined
      )
        continue;
      return { conflict: change.at.key };
    }
    due.push({ ...step, change: { ...change, expect: { kind: "unchanged", revision: reading.observed.revision } } });
  }
  return { steps: due };
}

const isAt = (one: Step["change"]["at"], other: Step["change"]["at"]): boolean => one.store === other.store && one.key === other.key;

const holdsContent = ({ observed, body }: Reading, prior: Content): boolean =>
  sameContent({ digest: body.digest, headers: observed.headers ?? {} }, prior);

/** The one report: before and after by system, who decided, why. A document in the vault. */
export async function recordEnd({ records, whole, part, parts }: Carrying, context: Context): Promise<Digest> {
  const { home } = records;
  const bytes = canonicalBytes({
    format: 1,
    kind: "reconcile-report",
    of: part.kind,
    record: part.record,
    reconcile: whole.id,
    by: home.actor,
    at: new Date(home.runtime.now()).toISOString(),
    decisions: part.decisions,
    survivors: part.survivors,
    edits: part.edits,
    mentions: part.mentions,
    tasks: part.tasks,
    parts,
  });
  const body = bodyOf(bytes, home.runtime.sha256(bytes));
  await home.vault.keep(body, context);
  const state = await home.ledger.state(context);
  if (recordsOf(state).decisions.some(({ reconcile, report }) => reconcile === whole.id && report !== undefined)) return body.digest;
  const steps = whole.plan.waves.reduce((sum, wave) => sum + wave.steps.length, 0);
  await appendAlways(
    home,
    { kind: "reconciled", actor: home.actor, of: part.kind, record: part.record, reconcile: whole.id, steps, report: body.digest },
    context,
  );
  return body.digest;
}
