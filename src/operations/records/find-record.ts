/** `belay find KIND`: whether a record exists already, and where (R9). Writes nothing to any system. */

import type { BelayError } from "../../core/belay-error.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import { recordsOf, type RecordClaim } from "../../core/ledger/fold-records.ts";
import { urlPathOf } from "../../core/paths/key.ts";
import { findKnown, type Match, type NearMatch } from "../../core/records/find-known.ts";
import { mayNameOne, recordKeys } from "../../core/records/find-keys.ts";
import { queryTraits, type Query } from "../../core/records/find-query.ts";
import { matchRules } from "../../core/records/identity/traits.ts";
import { systemNamed } from "../../core/records/kind.ts";
import type { Context, Workbench } from "../workbench.ts";
import { findEntities, type EntityOutline } from "./find-entities.ts";
import { observeSystems } from "./observe-systems.ts";
import type { SystemView } from "./system-view.ts";
import type { RecordsBench } from "./records-bench.ts";

/** An object of a record, and where visitors find it. */
export interface FoundObject {
  readonly system: string;
  readonly key: string;
  readonly url?: string;
  /** The target that publishes it, where one does. */
  readonly target?: { readonly site: string; readonly target: string };
}

export interface FoundRecord extends Match {
  readonly pages: readonly FoundObject[];
  readonly objects: readonly FoundObject[];
}

export interface NearRecord extends NearMatch {
  readonly pages: readonly FoundObject[];
}

export interface Findings {
  readonly kind: string;
  readonly found: readonly FoundRecord[];
  readonly doubts: readonly NearRecord[];
  /** Unexpired claims on what is asked for: somebody is about to make it. */
  readonly claims: readonly RecordClaim[];
  /** What is asked for could be many records: nobody can claim it. */
  readonly isVague: boolean;
  /** Systems that could not be looked at: what they hold is not known. */
  readonly failures: readonly { readonly system: string; readonly error: BelayError }[];
}

/** All that is known of a kind at one moment. */
export interface KnownKind {
  readonly views: readonly SystemView[];
  readonly outlines: readonly EntityOutline[];
}

export async function knownKind(records: RecordsBench, context: Context): Promise<KnownKind> {
  const views = await observeSystems(records, context);
  return { views, outlines: await findEntities(records, views, context) };
}

/** The clock that claims expire by: the record's own server's, where it has told it. */
export const nowOf = ({ ledger, runtime }: Pick<Workbench, "ledger" | "runtime">): number => ledger.serverNowMs?.() ?? runtime.now();

export async function findRecord(records: RecordsBench, query: Query, context: Context): Promise<Findings> {
  const known = await knownKind(records, context);
  return await findingsIn(records, { query, known, state: await records.home.ledger.state(context) });
}

export interface Finding {
  readonly query: Query;
  readonly known: KnownKind;
  readonly state: LedgerState;
}

export async function findingsIn(records: RecordsBench, { query, known, state }: Finding): Promise<Findings> {
  const { kind, home } = records;
  const rules = matchRules(kind);
  const { found, doubts } = findKnown(queryTraits(query), known.outlines, rules);
  const keys = recordKeys(query, rules, home.runtime.sha256);
  const objectsOf = async (record: string): Promise<readonly FoundObject[]> =>
    await foundObjects(
      records,
      known.outlines.find(({ id }) => id === record),
    );
  return {
    kind: kind.name,
    found: await Promise.all(
      found.map(async (match): Promise<FoundRecord> => {
        const objects = await objectsOf(match.record);
        return { ...match, objects, pages: pagesIn(records, objects) };
      }),
    ),
    doubts: await Promise.all(
      doubts.map(async (match): Promise<NearRecord> => ({ ...match, pages: pagesIn(records, await objectsOf(match.record)) })),
    ),
    claims: claimsOn(records, keys, state),
    isVague: namesTooLittle(keys),
    failures: known.views.flatMap(({ system, failure }) => (failure ? [{ system: system.name, error: failure }] : [])),
  };
}

/** Nothing but a day or a place of many. */
export const namesTooLittle = (keys: readonly string[]): boolean => keys.every((key) => / at=/u.test(key));

/** Found, and looked at wherever it could have a page; or not found wherever it could be. */
export const isCertain = ({ found, failures }: Pick<Findings, "found" | "failures">): boolean =>
  failures.length === 0 || found.some(({ pages }) => pages.length > 0);

const pagesIn = ({ kind }: RecordsBench, objects: readonly FoundObject[]): readonly FoundObject[] =>
  objects.filter(({ system }) => systemNamed(kind, system)?.medium === "pages");

/** Unexpired claims that may be on the record that these keys name. */
export const claimsOn = ({ kind, home }: RecordsBench, keys: readonly string[], state: LedgerState): readonly RecordClaim[] =>
  recordsOf(state).claims.filter(
    (claim) => claim.of === kind.name && Date.parse(claim.until) > nowOf(home) && mayNameOne(claim.keys, keys),
  );

/** Each object of a record once, in the order of its sketches. */
async function foundObjects(records: RecordsBench, outline: EntityOutline | undefined): Promise<readonly FoundObject[]> {
  const objects = new Map<string, FoundObject>();
  for (const { system: name, at } of outline?.sketches ?? []) {
    const system = systemNamed(records.kind, name);
    if (!system || objects.has(`${name} ${at.key}`)) continue;
    const { target } = await records.placeOf(system);
    const base = system.url ?? target.url;
    objects.set(`${name} ${at.key}`, {
      system: name,
      key: at.key,
      ...(system.medium === "pages" && base !== undefined && { url: `${base}${urlPathOf(at.key)}` }),
      ...(system.target && { target: system.target }),
    });
  }
  return [...objects.values()];
}
