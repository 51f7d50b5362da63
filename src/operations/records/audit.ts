/** `belay audit KIND [ID]`: what every system says, side by side, and what is wrong (R1 to R5). Writes nothing to any system. */

import type { BelayError } from "../../core/belay-error.ts";
import type { Digest } from "../../core/brand.ts";
import { visitorPathsOf } from "../../core/paths/key.ts";
import type { Entity, Sighting } from "../../core/records/claim.ts";
import { speaking } from "../../core/records/cell-values.ts";
import { decide, type Decided } from "../../core/records/decide.ts";
import { isConsistent, layMatrix } from "../../core/records/lay-matrix.ts";
import { startField } from "../../core/records/claims/field-places.ts";
import { slugSaysOtherwise } from "../../core/records/slug-says.ts";
import { systemNamed } from "../../core/records/kind.ts";
import type { Finding, Matrix } from "../../core/records/matrix.ts";
import { chooseSurvivor, richerLine } from "../../core/records/survivor.ts";
import { zoneRules } from "../../codecs/zones/zone-rules.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import type { Context, Workbench } from "../workbench.ts";
import { duplicatePages, linksToDuplicates } from "./choose-survivors.ts";
import { featuresOf } from "./features-of.ts";
import { entitiesNamed, findEntities, loadEntity, pointedNames, type EntityOutline } from "./find-entities.ts";
import { observeSystems } from "./observe-systems.ts";
import type { SystemView } from "./system-view.ts";
import type { RecordsBench } from "./records-bench.ts";
import { neededChanges } from "./needed-changes.ts";
import { pendingIn, standingOf } from "./standing.ts";
import { settleTasks } from "./tasks.ts";
import type { AccessLogs } from "./read-logs.ts";
import { appliedFacts, useInLogs, usesTold } from "./use-facts.ts";
import { unusedPlaces, type UnusedPlace } from "./unused-places.ts";
import { visitorPaths } from "./visitor-paths.ts";

export interface AuditRequest {
  /** A record, by name, key or address; all of them where absent. */
  readonly named: string | undefined;
  /** Whether visitors' copies are fetched too: always for one record, for all of them where asked for. */
  readonly looksAtEdge: boolean;
  /** Access logs, where some were given: who used the pages. */
  readonly logs?: AccessLogs;
}

export interface AuditedRecord {
  readonly matrix: Matrix;
  readonly decided: Decided;
  readonly isConsistent: boolean;
}

export interface SystemSummary {
  readonly system: string;
  readonly objects: number;
  readonly read: number;
  readonly unreadable: SystemView["unreadable"];
  readonly failure?: BelayError;
  /** Not shown to programs: people attest what they do there. */
  readonly isAttested?: true;
}

export interface Audit {
  readonly kind: string;
  readonly systems: readonly SystemSummary[];
  /** Sightings of templates: read, shown, never changed. */
  readonly templates: readonly string[];
  /** Places that belay.yaml names and none of the objects that were looked at has. Not looked for where a record was named. */
  readonly unusedPlaces: readonly UnusedPlace[];
  readonly records: AsyncIterable<AuditedRecord>;
  readonly total: number;
}

/** Systems that could not be looked at: what they hold of any record is not known. */
export const unseenSystems = ({ systems }: Pick<Audit, "systems">): readonly string[] =>
  systems.flatMap(({ system, failure }) => (failure ? [system] : []));

/** Records come one by one, so that a large kind needs no more memory than its sketches. */
export async function audit(records: RecordsBench, request: AuditRequest, context: Context): Promise<Audit> {
  const { kind, home } = records;
  const views = await observeSystems(records, context);
  const all = await findEntities(records, views, context);
  const outlines = request.named === undefined ? all : entitiesNamed(all, request.named, kind);
  const byName = new Map(all.map((outline) => [outline.id, outline]));
  const shownIn = async (record: string, system: string): Promise<readonly Sighting[]> => {
    const outline = byName.get(record);
    if (!outline) return [];
    const { sightings } = await loadEntity(records, { outline, views }, context);
    return sightings.filter((one) => one.system === system);
  };
  await settleTasks(records, shownIn, context);
  const state = await home.ledger.state(context);
  return {
    kind: kind.name,
    systems: views.map(({ system, objects, read, unreadable, failure, isAttested }) => ({
      system: system.name,
      objects,
      read,
      unreadable,
      ...(failure && { failure }),
      ...(isAttested && { isAttested }),
    })),
    templates: views.flatMap(({ sketches }) => sketches.filter(({ isTemplate }) => isTemplate === true).map(({ id }) => id)),
    unusedPlaces: request.named === undefined ? await unusedPlaces(records, views, context) : [],
    records: audited(
      records,
      { outlines, views, state, looksAtEdge: request.looksAtEdge, isNamed: request.named !== undefined, ...logsOf(request) },
      context,
    ),
    total: outlines.length,
  };
}

const logsOf = ({ logs }: AuditRequest): Pick<AuditingOne, "logs"> => (logs ? { logs } : {});

interface AuditingOne {
  readonly logs?: AccessLogs;
  readonly views: readonly SystemView[];
  readonly state: LedgerState;
  readonly looksAtEdge: boolean;
  readonly isNamed: boolean;
  /** By system: whether a pointer's text names one of its objects. Made once for many records. */
  readonly named?: ReadonlyMap<string, (raw: string) => boolean>;
}

interface Auditing extends AuditingOne {
  readonly outlines: readonly EntityOutline[];
}

const namesIn = (views: readonly SystemView[]): NonNullable<AuditingOne["named"]> =>
  new Map(views.map((view) => [view.system.name, pointedNames(view)]));

async function* audited(records: RecordsBench, auditing: Auditing, context: Context): AsyncGenerator<AuditedRecord> {
  const { outlines, views, ...rest } = auditing;
  const named = namesIn(views);
  for (const [index, outline] of outlines.entries()) {
    if (index % 100 === 0) context.report({ phase: "comparing", done: index, total: outlines.length });
    const entity = await loadEntity(records, { outline, views }, context);
    yield await auditOne(records, { ...rest, views, named, entity }, context);
  }
}

async function auditOne(
  records: RecordsBench,
  { entity, views, state, looksAtEdge, isNamed, logs, named = namesIn(views) }: AuditingOne & { readonly entity: Entity },
  context: Context,
): Promise<AuditedRecord> {
  const { kind } = records;
  const changes = await neededChanges(records, entity, [], context);
  const standing = standingOf(records, entity, state);
  const decided = decide({ kind, entity, rules: zoneRules, answers: [], ...(changes && { changes }), ...(standing && { standing }) });
  const findings = [
    ...(await duplicateFindings(records, { entity, logs, isNamed }, context)),
    ...pointerFindings(records, entity, { views, named }),
    ...doubtFindings(entity),
    ...slugFindings(records, entity, decided),
    ...missingFindings(records, entity, views),
    ...(looksAtEdge ? await edgeFindings(records, entity, context) : []),
  ];
  const pending = pendingIn(records, entity, state);
  const matrix = layMatrix({ kind, entity, rules: zoneRules, decided, findings, pending });
  return { matrix, decided, isConsistent: isConsistent(matrix) };
}

interface Duplicated {
  readonly entity: Entity;
  readonly logs: AccessLogs | undefined;
  /** It was asked for by name: then its site is searched for links to them. */
  readonly isNamed: boolean;
}

async function duplicateFindings(records: RecordsBench, { entity, logs, isNamed }: Duplicated, context: Context): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const sightings of duplicatePages(records, entity)) {
    const inventories = await featuresOf(records, sightings, context);
    const used = useInLogs(records, entity, sightings, logs);
    const links = isNamed ? await linksToDuplicates(records, { entity, sightings }, context) : undefined;
    const question = chooseSurvivor({ sightings, inventories, facts: appliedFacts(entity, sightings, { used, links }) });
    const says = "choices" in question ? question.choices.map(({ answer, says: clauses }) => `${answer}: ${clauses.join("; ")}`) : [];
    const richer = richerLine(
      sightings.map(({ at }) => at.key),
      inventories,
    );
    const uses = usesTold(used);
    findings.push({
      code: "duplicate",
      about: sightings.map(({ id }) => id),
      message: [...(richer === undefined ? [] : [richer]), ...says].join("\n"),
      ...(uses && { uses }),
    });
  }
  for (const system of records.kind.identity.oneToOne) {
    const found = speaking(entity).filter((one) => one.system === system);
    if (found.length < 2 || systemNamed(records.kind, system)?.medium === "pages") continue;
    findings.push({
      code: "duplicate",
      about: found.map(({ id }) => id),
      message: `${system} holds it ${found.length} times, and should once`,
    });
  }
  return findings;
}

/** A pointer that names no page that there is. */
function pointerFindings(
  { kind }: RecordsBench,
  entity: Entity,
  { views, named }: Required<Pick<AuditingOne, "views" | "named">>,
): Finding[] {
  return entity.sightings.flatMap((sighting) =>
    (sighting.points ?? []).flatMap(({ at, to, raw }): Finding[] => {
      const view = views.find(({ system }) => system.name === to);
      if (!view || view.failure || !systemNamed(kind, to)) return [];
      if (named.get(to)?.(raw) === true) return [];
      return [{ code: "dangling-pointer", about: [sighting.id], message: `${at} says ${raw}, and ${to} has no such page` }];
    }),
  );
}

/** An address that says another time of day than what holds, or, while nobody has decided, than its own page (pitfall 20). */
function slugFindings({ kind }: RecordsBench, entity: Entity, { decisions }: Decided): Finding[] {
  const start = startField(kind)?.name;
  const decided = decisions.find(({ field }) => field === start)?.value;
  return speaking(entity).flatMap(({ id, system, at, claims }): Finding[] => {
    if (systemNamed(kind, system)?.medium !== "pages") return [];
    const value = decided ?? claims.find(({ field, isAddress }) => field === start && isAddress !== true)?.value;
    const time = value?.kind === "moment" ? value.time : undefined;
    const word = time === undefined ? undefined : slugSaysOtherwise(at.key, time);
    if (word === undefined) return [];
    return [
      {
        code: "slug-says-otherwise",
        about: [id],
        message: `${at.key} says ${word}, and it begins at ${time}; a new address would need a redirect`,
      },
    ];
  });
}

const doubtFindings = ({ doubts }: Entity): Finding[] =>
  doubts.map(({ a, b, evidence, against }) => ({
    code: "doubtful-link",
    about: [a, b],
    message: `may be the same: ${evidence.join(", ") || "little speaks for it"}; against it: ${against.join(", ")}`,
  }));

/** A system that has this record nowhere, although it was looked at. */
function missingFindings({ kind }: RecordsBench, entity: Entity, views: readonly SystemView[]): Finding[] {
  return kind.identity.oneToOne.flatMap((name): Finding[] => {
    const view = views.find(({ system }) => system.name === name);
    if (!view || view.failure || view.isAttested || entity.sightings.some(({ system }) => system === name)) return [];
    return [{ code: "missing", about: [name], message: `${name} has nothing of it` }];
  });
}

/** Copies at the edge that are not what the origin holds, under every path that visitors use. */
async function edgeFindings(records: RecordsBench, entity: Entity, context: Context): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [url, { bench, path, digests, about }] of await edgeQuestions(records, entity, context)) {
    const sight = await bench.probe.look(url, context);
    if (sight.kind === "unreachable") {
      findings.push({ code: "unseen-edge-copy", about: [...about, path], message: `what visitors get is unknown: ${sight.cause}` });
    } else if (sight.status === 404 || sight.status === 410) {
      findings.push({
        code: "stale-edge-copy",
        about: [...about, path],
        message: `answers with status ${sight.status}, and the origin holds a page`,
      });
    } else if (sight.status !== 200) {
      // A wall or a busy server says nothing of the copy behind it.
      findings.push({
        code: "unseen-edge-copy",
        about: [...about, path],
        message: `what visitors get is unknown: it answers with status ${sight.status}`,
      });
    } else if (!digests.has(sight.digest)) {
      findings.push({ code: "stale-edge-copy", about: [...about, path], message: "serves other bytes than the origin holds" });
    }
  }
  return findings;
}

interface EdgeQuestion {
  readonly bench: Workbench;
  readonly path: string;
  /** What may stand there: a short code leads to any of the pages that have it. */
  readonly digests: Set<Digest>;
  readonly about: string[];
}

/** By address: the pages of the record that visitors may get there. */
async function edgeQuestions(records: RecordsBench, entity: Entity, context: Context): Promise<ReadonlyMap<string, EdgeQuestion>> {
  const questions = new Map<string, EdgeQuestion>();
  for (const { system: name, at, id } of speaking(entity)) {
    const system = systemNamed(records.kind, name);
    if (!system || system.medium !== "pages") continue;
    const { bench, target } = await records.placeOf(system);
    if (target.url === undefined) continue;
    const reading = await (await bench.storeOf(target.store)).read(at.key, context);
    if (!reading) continue;
    for (const path of new Set([...visitorPathsOf(at.key), ...visitorPaths(system, at.key, entity.sightings)])) {
      const question = questions.get(`${target.url}${path}`) ?? { bench, path, digests: new Set(), about: [] };
      questions.set(`${target.url}${path}`, question);
      question.digests.add(reading.body.digest);
      question.about.push(id);
    }
  }
  return questions;
}
