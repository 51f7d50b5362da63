/** From one record's sightings and what was decided to everything that a reconcile would write. */

import { bytesOf } from "../../core/body.ts";
import type { Replace } from "../../core/plan/plan.ts";
import type { Sighting } from "../../core/records/claim.ts";
import { speaking } from "../../core/records/cell-values.ts";
import type { Decision } from "../../core/records/decision.ts";
import { systemNamed, type RecordSystem } from "../../core/records/kind.ts";
import type { RecordWrite } from "../../core/records/plan-reconcile.ts";
import type { Context } from "../workbench.ts";
import { changedWhileLooking, lineCountsOf, type Draft, type DraftFacts } from "./draft.ts";
import { knownFor, oldOf, saidOf } from "./draft-known.ts";
import { knownOf, manualTask } from "./manual-tasks.ts";
import { draftPointers } from "./draft-pointers.ts";
import { draftRedirects } from "./draft-redirects.ts";
import { draftStageCopy } from "./draft-stage-copy.ts";
import type { RecordsBench } from "./records-bench.ts";
import { leftUnwritten, rewriteObject, type Rewritten } from "./rewrite-object.ts";
import { aboutOf } from "./sight-document.ts";
import { visitorPaths } from "./visitor-paths.ts";

export async function draftReconcile(records: RecordsBench, facts: DraftFacts, context: Context): Promise<Draft> {
  const draft: Draft = { writes: [], edits: [], rewrites: [], mentions: [], tasks: [], turned: [], refusals: [], bodies: [] };
  for (const [, sightings] of objectsOf(facts)) await draftObject(records, { ...facts, sightings }, draft, context);
  draftUnseen(records, facts, draft);
  await draftPointers(records, facts, draft, context);
  await draftRedirects(records, facts, draft, context);
  return draft;
}

/** By object, those that will be replaced by a redirect left out. */
function objectsOf({ entity, survivors }: DraftFacts): ReadonlyMap<string, readonly Sighting[]> {
  const replaced = new Set(survivors.flatMap(({ system, replace }) => replace.map((key) => `${system} ${key}`)));
  const objects = new Map<string, Sighting[]>();
  for (const sighting of speaking(entity)) {
    const name = `${sighting.system} ${sighting.at.key}`;
    if (!replaced.has(name)) objects.set(name, [...(objects.get(name) ?? []), sighting]);
  }
  return objects;
}

interface ObjectFacts extends DraftFacts {
  readonly sightings: readonly Sighting[];
}

async function draftObject(records: RecordsBench, facts: ObjectFacts, draft: Draft, context: Context): Promise<void> {
  const { kind } = records;
  const { sightings, decisions, entity, leave, at } = facts;
  const [first] = sightings;
  const system = first && systemNamed(kind, first.system);
  if (!first || !system) return;
  if (system.isReadOnly) {
    // A feed follows its source, and is looked at once its lag is over; another hand changes nothing there.
    const task =
      system.medium === "feed"
        ? undefined
        : manualTask(
            { kind, record: entity.id, system, sighting: first, decisions, known: knownOf(entity, decisions) },
            records.home.runtime,
          );
    if (task) draft.tasks.push(task);
    return;
  }
  const { bench, target } = await records.placeOf(system);
  const store = await bench.storeOf(target.store);
  const said = saidOf(entity);
  const about = aboutOf({ kind, system, today: at.slice(0, 10), ...knownFor(kind, system, said) });
  const old = oldOf(kind, entity, decisions);
  const request = { store, key: first.at.key, parts: sightings, decisions, about, old, codec: records.codecOf(system), leave, at };
  const rewritten = await rewriteObject(records, request, context);
  if (!rewritten || rewritten.reading.observed.revision !== first.revision) {
    draft.refusals.push(changedWhileLooking(system.name, first.at.key, rewritten ? "changed" : "deleted"));
    return;
  }
  await takeRewritten({ records, system, draft, context }, facts, rewritten);
}

interface Taking {
  readonly records: RecordsBench;
  readonly system: RecordSystem;
  readonly draft: Draft;
  readonly context: Context;
}

async function takeRewritten({ records, system, draft, context }: Taking, facts: ObjectFacts, rewritten: Rewritten): Promise<void> {
  const { entity, sightings } = facts;
  const { content, body, prior, reading, rewrite, mentions, left, unwritable } = rewritten;
  const { key } = reading.observed;
  const { bench, target } = await records.placeOf(system);
  const at = { store: target.store, key };
  draft.mentions.push(...left.map((mention) => ({ at, ...mention })));
  draft.mentions.push(...unwritable.map((mention) => ({ at, ...leftUnwritten(mention, facts.leave) })));
  if (!content || !body || !rewrite) return;
  const change: Replace = {
    kind: "replace",
    at,
    expect: { kind: "unchanged", revision: reading.observed.revision },
    content,
    prior,
  };
  const paths = system.medium === "pages" ? visitorPaths(system, key, entity.sightings) : [];
  const write: RecordWrite = {
    wave: "corrections",
    system: system.name,
    change,
    because: becauseOf(mentions),
    site: bench.site.name,
    target,
    paths,
    isNormalised: system.medium === "calendar",
    lines: lineCountsOf(await bytesOf(reading.body), await bytesOf(body)),
  };
  draft.writes.push(write);
  draft.bodies.push(body);
  draft.edits.push(...mentions.map((mention) => ({ at, system: system.name, ...mention })));
  draft.rewrites.push({ at, system: system.name, ...rewrite });
  if (system.medium === "pages" && target.after !== undefined) {
    await draftStageCopy(records, { ...facts, system, write, parts: sightings, body }, draft, context);
  }
}

/** One clause of people: which texts change, the first of them in full. */
function becauseOf(mentions: readonly { readonly before: string; readonly after: string }[]): string {
  const [first, ...others] = mentions;
  if (!first) return "brought up to date";
  return `${first.before} → ${first.after}${others.length === 0 ? "" : ` and ${others.length} more`}`;
}

/** Systems that cannot be observed at all still have to be told: a person's word closes that task. */
function draftUnseen(records: RecordsBench, { entity, decisions }: DraftFacts, draft: Draft): void {
  const { kind, home } = records;
  for (const system of kind.systems) {
    if (system.manual?.attest !== true || entity.sightings.some((sighting) => sighting.system === system.name)) continue;
    const isChanged = draft.writes.length > 0 || draft.tasks.length > 0;
    const task = isChanged
      ? manualTask(
          {
            kind,
            record: entity.id,
            system,
            sighting: undefined,
            decisions: changedIn(draft, decisions),
            known: knownOf(entity, decisions),
          },
          home.runtime,
        )
      : undefined;
    if (task) draft.tasks.push(task);
  }
}

/** Only what is being changed somewhere: a login wall hides what the rest of the place says. */
function changedIn(draft: Draft, decisions: readonly Decision[]): readonly Decision[] {
  const fields = new Set([
    ...draft.edits.flatMap(({ field }) => field.split(", ")),
    ...draft.tasks.flatMap(({ changes }) => changes.map(({ field }) => field)),
  ]);
  return decisions
    .filter(({ field }) => fields.has(field))
    .map((decision) => (decision.how === "agreed" ? { ...decision, how: "authority" } : decision));
}
