/** Duplicates of a record within one system: which one stays is decided, never guessed (R4). */

import { appliedFacts } from "./use-facts.ts";
import type { Entity, Sighting } from "../../core/records/claim.ts";
import type { Question, Survivor } from "../../core/records/decision.ts";
import { systemNamed } from "../../core/records/kind.ts";
import { chooseSurvivor, duplicatesIn } from "../../core/records/survivor.ts";
import type { Context } from "../workbench.ts";
import { featuresOf } from "./features-of.ts";
import type { RecordsBench } from "./records-bench.ts";
import { names } from "../../core/records/pointer-text.ts";

export interface SurvivorRequest {
  readonly entity: Entity;
  readonly keep: string | undefined;
  /** Who said which one stays, and in their own words why: `Mara: guests have that link`. */
  readonly keepBecause?: string;
  readonly deletes: boolean;
}

export interface SurvivorAnswer {
  readonly survivors: readonly Survivor[];
  readonly questions: readonly Question[];
}

/** Pages of one record in one system. Two events or two items of one record are shown by the audit and left to people. */
export const duplicatePages = ({ kind }: RecordsBench, entity: Entity): readonly (readonly Sighting[])[] =>
  duplicatesIn(entity).filter(([first]) => first && systemNamed(kind, first.system)?.medium === "pages");

export async function chooseSurvivors(records: RecordsBench, request: SurvivorRequest, context: Context): Promise<SurvivorAnswer> {
  const survivors: Survivor[] = [];
  const questions: Question[] = [];
  for (const sightings of duplicatePages(records, request.entity)) {
    const group = { sightings, inventories: await featuresOf(records, sightings, context), facts: appliedFacts(request.entity, sightings) };
    const kept = sightings.find(({ at }) => request.keep !== undefined && names(request.keep, at.key));
    const answer = chooseSurvivor(
      group,
      kept && { kind: "keep", key: kept.at.key, because: request.keepBecause ?? "a person's word" },
      request.deletes,
    );
    if ("keep" in answer) survivors.push(answer);
    else questions.push(answer);
  }
  return { survivors, questions };
}
