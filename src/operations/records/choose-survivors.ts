/** Duplicates of a record within one system: which one stays is decided, never guessed (R4). */

import { BelayError } from "../../core/belay-error.ts";
import { appliedFacts } from "./use-facts.ts";
import { scanLinks, type LinksTo } from "./scan-links.ts";
import { visitorPaths } from "./visitor-paths.ts";
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
  /** Where links to the duplicates are kept once they have been looked for: the site is searched once, not with each question. */
  readonly searched: SearchedLinks;
}

/** By system. */
export type SearchedLinks = Map<string, ReadonlyMap<string, LinksTo> | undefined>;

export interface SurvivorAnswer {
  readonly survivors: readonly Survivor[];
  readonly questions: readonly Question[];
}

/** Pages of one record in one system. Two events or two items of one record are shown by the audit and left to people. */
export const duplicatePages = ({ kind }: RecordsBench, entity: Entity): readonly (readonly Sighting[])[] =>
  duplicatesIn(entity).filter(([first]) => first && systemNamed(kind, first.system)?.medium === "pages");

/** So many files of a site are read at most to tell who links to a duplicate. A deletion reads all of them. */
const filesMax = 2000;

interface Duplicated {
  readonly entity: Entity;
  readonly sightings: readonly Sighting[];
}

/** What of the site leads to each duplicate; `undefined` where the site cannot be searched now. */
export async function linksToDuplicates(
  records: RecordsBench,
  { entity, sightings }: Duplicated,
  context: Context,
): Promise<ReadonlyMap<string, LinksTo> | undefined> {
  const system = systemNamed(records.kind, sightings[0]?.system ?? "");
  if (!system) return undefined;
  // A path that several of them have tells nothing of one.
  const paths = new Map(
    sightings.map(({ at, id }) => [
      at.key,
      visitorPaths(
        system,
        at.key,
        entity.sightings.filter((one) => one.id === id),
      ),
    ]),
  );
  const all = [...paths.values()].flat();
  const pages = [...paths].map(([key, own]) => ({ key, paths: own.filter((path) => all.filter((one) => one === path).length === 1) }));
  try {
    return await scanLinks(records, { system, pages, filesMax }, context);
  } catch (error) {
    if (!(error instanceof BelayError) || context.signal.aborted) throw error;
    return undefined;
  }
}

export async function chooseSurvivors(records: RecordsBench, request: SurvivorRequest, context: Context): Promise<SurvivorAnswer> {
  const survivors: Survivor[] = [];
  const questions: Question[] = [];
  for (const sightings of duplicatePages(records, request.entity)) {
    const { entity, searched } = request;
    const system = sightings[0]?.system ?? "";
    const kept = sightings.find(({ at }) => request.keep !== undefined && names(request.keep, at.key));
    // What leads where is told to whoever is asked: who has said which one stays is asked nothing.
    if (!kept && !searched.has(system)) searched.set(system, await linksToDuplicates(records, { entity, sightings }, context));
    const links = searched.get(system);
    const group = {
      sightings,
      inventories: await featuresOf(records, sightings, context),
      facts: appliedFacts(entity, sightings, { links }),
    };
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
