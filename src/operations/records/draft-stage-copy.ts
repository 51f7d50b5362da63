/** The stage before a page's target gets the same correction, so that the next promotion does not bring the old value back (decision 30). */

import type { Body } from "../../core/body.ts";
import type { Replace } from "../../core/plan/plan.ts";
import type { Sighting } from "../../core/records/claim.ts";
import type { RecordSystem } from "../../core/records/kind.ts";
import type { RecordWrite } from "../../core/records/plan-reconcile.ts";
import type { Context } from "../workbench.ts";
import type { Draft, DraftFacts } from "./draft.ts";
import { knownFor, oldOf, saidOf } from "./draft-known.ts";
import type { RecordsBench } from "./records-bench.ts";
import { leftUnwritten, rewriteObject } from "./rewrite-object.ts";
import { aboutOf } from "./sight-document.ts";

export interface StageFacts extends DraftFacts {
  readonly system: RecordSystem;
  /** What is written at the target itself. */
  readonly write: RecordWrite;
  readonly parts: readonly Sighting[];
  readonly body: Body;
}

/**
 * The stage's own bytes are edited, whatever else has changed in them. Where the stage does not hold the page there is nothing to
 * bring back; where its copy cannot be edited, the plan is refused rather than left to undo itself at the next promotion.
 */
export async function draftStageCopy(records: RecordsBench, facts: StageFacts, draft: Draft, context: Context): Promise<void> {
  const { system, write, decisions, parts, leave, at } = facts;
  const { bench, target } = await records.placeOf(system);
  const stage = bench.site.targets.find(({ name }) => name === target.after);
  if (!stage || write.change.kind === "delete") return;
  const { key } = write.change.at;
  if (bench.isExcepted(stage.name, key)) return;
  const store = await bench.storeOf(stage.store);
  const said = saidOf(facts.entity);
  const about = aboutOf({ kind: records.kind, system, today: at.slice(0, 10), ...knownFor(records.kind, system, said) });
  const request = {
    store,
    key,
    parts: parts.map(({ part, revision }) => ({ part, revision })),
    decisions,
    about,
    old: oldOf(records.kind, facts.entity, decisions),
    codec: records.codecOf(system),
    leave,
    at,
  };
  const copy = await rewriteObject(records, request, context);
  if (!copy) return;
  const address = { store: stage.store, key };
  draft.mentions.push(
    ...copy.unwritable.map((mention) => ({ at: address, ...leftUnwritten(mention, leave) })),
    ...copy.left.map((mention) => ({ at: address, ...mention })),
  );
  if (!copy.content || !copy.body || !copy.rewrite) return;
  const change: Replace = {
    kind: "replace",
    at: address,
    expect: { kind: "unchanged", revision: copy.reading.observed.revision },
    content: copy.content,
    prior: copy.prior,
  };
  draft.writes.push({
    ...write,
    change,
    because: `${write.because}, as at ${target.name}`,
    target: stage,
    // These bytes were made knowing what the target gets: a promotion may take them there.
    saw: { [target.name]: write.change.content.digest },
  });
  draft.bodies.push(copy.body);
  draft.rewrites.push({ at: address, system: system.name, ...copy.rewrite });
}
