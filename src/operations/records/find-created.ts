/** What is known of the records whose pages a plan would create (R9). Costs nothing where no page of a kind is among them. */

import type { KnownRecord } from "../../core/records/known-record.ts";
import { BelayError } from "../../core/belay-error.ts";
import { recordsOf } from "../../core/ledger/fold-records.ts";
import { urlPathOf } from "../../core/paths/key.ts";
import { findKnown, type KnownEntity, type Match } from "../../core/records/find-known.ts";
import { matchRules, traitsOf } from "../../core/records/identity/traits.ts";
import type { RecordKind, RecordSystem } from "../../core/records/kind.ts";
import type { Sketch } from "../../core/records/sketch.ts";
import type { Target } from "../../core/site.ts";
import type { Context, CreatedPage, CreatedPages, PageRecords } from "../workbench.ts";
import { appendAlways } from "../append-always.ts";
import { isSameActor } from "./claim-record.ts";
import { claimsShown, readFrom, shownPages, type PagesOf } from "./find-page.ts";
import { knownKind } from "./find-record.ts";
import type { RecordsBench } from "./records-bench.ts";

/** A kind that is opened only once one of its pages is about to be made. */
export interface ClosedKind {
  readonly kind: RecordKind;
  /** Whether a key of the system may hold a record, and is no template. */
  readonly isMatch: (system: RecordSystem, key: string) => boolean;
  readonly open: () => Promise<RecordsBench>;
}

/** So many pages of a stage that its target does not have yet are read at most. */
const stagedMax = 500;

/** `know`: how a kind is found out about; by looking at its systems, unless another way is given. */
export function openPageRecords(kinds: readonly ClosedKind[], know: typeof knownKind = knownKind): PageRecords {
  const concerned = (request: Omit<CreatedPages, "removed">): readonly Concern[] =>
    kinds.flatMap((closed) =>
      closed.kind.systems.flatMap((system): Concern[] => {
        const pages = isPublishedBy(system, request) ? request.pages.filter(({ key }) => closed.isMatch(system, key)) : [];
        return pages.length === 0 ? [] : [{ closed, system, pages }];
      }),
    );
  return {
    ofCreated: async (request, context) => {
      const known: KnownRecord[] = [];
      for (const concern of concerned(request)) known.push(...(await knownOf(concern, { request, know }, context)));
      return known;
    },
    areMade: async (request, context) => {
      for (const concern of concerned(request))
        if (concern.system.target?.target === request.target.name || !concern.system.target) await settle(concern, request, context);
    },
  };
}

/** What was written stands; a claim that cannot be given back now ends with its time. */
async function settle({ closed, system, pages }: Concern, { target }: Omit<CreatedPages, "removed">, context: Context): Promise<void> {
  try {
    const records = await closed.open();
    const { home, kind } = records;
    const state = await home.ledger.state(context);
    if (recordsOf(state).claims.every(({ of }) => of !== kind.name)) return;
    const { bench } = await records.placeOf(system);
    const store = await bench.storeOf(target.store);
    const live = pages.map((page) => ({ ...page, read: async (options: Context) => await readFrom(store, page.key, options) }));
    const shown = await shownPages({ records, system, known: await knownKind(records, context) }, live, context);
    const over = new Set(shown.flatMap((page) => claimsShown(records, page, state).map(({ record }) => record)));
    for (const record of over)
      await appendAlways(home, { kind: "unclaimed", actor: home.actor, of: kind.name, record, why: "its page is made" }, context);
  } catch (error) {
    if (!(error instanceof BelayError)) throw error;
  }
}

interface Concern {
  readonly closed: ClosedKind;
  readonly system: RecordSystem;
  readonly pages: readonly CreatedPage[];
}

/** The system's own target, a stage before it, or a system that keeps the same store under its own name. */
function isPublishedBy(system: RecordSystem, { site, target, targets }: Omit<CreatedPages, "removed">): boolean {
  if (system.medium !== "pages") return false;
  if (!system.target) return system.store === target.store;
  if (system.target.site !== site) return false;
  const seen = new Set<string>();
  for (let name: string | undefined = system.target.target; name !== undefined && !seen.has(name);) {
    if (name === target.name) return true;
    seen.add(name);
    name = targets.find((one) => one.name === name)?.after;
  }
  return false;
}

interface Judging extends PagesOf {
  readonly request: CreatedPages;
}

interface Knowing {
  readonly request: CreatedPages;
  readonly know: typeof knownKind;
}

async function knownOf({ closed, system, pages }: Concern, { request, know }: Knowing, context: Context): Promise<readonly KnownRecord[]> {
  const records = await closed.open();
  const known = await know(records, context);
  const failure = known.views.find((view) => view.system.name === system.name)?.failure;
  // Whether a page exists is told by the pages: another system that cannot be looked at today stops nobody.
  if (failure) throw new BelayError(failure.code, failure.message, failure.remedy, { cause: failure });
  const judging: Judging = { records, system, known, request };
  const shown = await shownPages(judging, pages, context);
  if (shown.length === 0) return [];
  const staged = await stagedEntities(judging, new Set(pages.map(({ key }) => key)), context);
  const state = await records.home.ledger.state(context);
  const found: KnownRecord[] = [];
  const made: KnownEntity[] = [];
  for (const page of shown) {
    const { sketch } = page;
    const claims = claimsShown(records, page, state);
    if (claims.some(({ by }) => isSameActor(by, records.home.actor))) continue;
    const own = pageOf(judging, { sketch, staged, made });
    if (own) found.push(own);
    else if (claims[0]) {
      const { record, by, until, note } = claims[0];
      found.push({
        is: "claim",
        path: sketch.at.key,
        kind: records.kind.name,
        record,
        by: by.name,
        until,
        ...(note === undefined ? {} : { note }),
      });
    }
    made.push({ id: sketch.at.key, sketches: [sketch] });
  }
  return found;
}

/** Pages on a stage that the system's own target does not have yet: as good as made. */
async function stagedEntities(judging: Judging, created: ReadonlySet<string>, context: Context): Promise<readonly KnownEntity[]> {
  const { records, system, known, request } = judging;
  const { bench, target } = await records.placeOf(system);
  if (request.target.store === target.store) return [];
  const live = new Set(known.views.flatMap((view) => (view.system.name === system.name ? view.sketches.map(({ at }) => at.key) : [])));
  const store = await bench.storeOf(request.target.store);
  const pages: CreatedPage[] = [];
  for await (const { key, headers = {} } of store.list("", context)) {
    if (live.has(key) || created.has(key) || !records.isMatch(system, key) || records.isTemplate(system, key)) continue;
    pages.push({ key, headers, read: async (options) => await readFrom(store, key, options) });
    if (pages.length >= stagedMax) break;
  }
  return (await shownPages(judging, pages, context)).map(({ sketch }) => ({ id: sketch.at.key, sketches: [sketch] }));
}

interface OnePage {
  readonly sketch: Sketch;
  readonly staged: readonly KnownEntity[];
  /** Pages of this plan that come before it. */
  readonly made: readonly KnownEntity[];
}

/** The page that the record of this new one has already; `undefined` where it has none, or is that page. */
function pageOf({ records, system, known, request }: Judging, { sketch, staged, made }: OnePage): KnownRecord | undefined {
  const { kind } = records;
  const removed = new Set(request.removed);
  const home = system.target?.target ?? system.name;
  const candidates = [
    ...from(known.outlines, home, system.target ? "target" : "system"),
    ...from(staged, request.target.name, "target"),
    ...from(made, request.target.name, "plan"),
  ];
  for (const { record, evidence } of matchesOf(sketch, candidates, kind)) {
    const candidate = candidates.find(({ entity }) => entity.id === record);
    const keys = (candidate?.entity.sketches ?? []).flatMap((one) => (one.system === system.name ? [one.at.key] : []));
    if (!candidate || keys.includes(sketch.at.key)) continue;
    const key = keys.find((one) => !removed.has(one));
    if (key === undefined) continue;
    const base = urlOf(request, candidate.at) ?? system.url;
    return {
      is: "record",
      path: sketch.at.key,
      kind: kind.name,
      record: nameIn(sketch, kind) ?? record,
      page: { key, at: candidate.at, ...(base !== undefined && { url: `${base}${urlPathOf(key)}` }) },
      from: candidate.from,
      evidence,
    };
  }
  return undefined;
}

interface Candidate {
  readonly entity: KnownEntity;
  readonly at: string;
  readonly from: "target" | "system" | "plan";
}

const from = (entities: readonly KnownEntity[], at: string, is: Candidate["from"]): readonly Candidate[] =>
  entities.map((entity) => ({ entity, at, from: is }));

const urlOf = ({ targets }: CreatedPages, name: string): Target["url"] => targets.find((target) => target.name === name)?.url;

/** As one more page of its system, and as a page by itself: what holds a record once, or at one time, must not hide its duplicate. */
function matchesOf(sketch: Sketch, candidates: readonly Candidate[], kind: RecordKind): readonly Match[] {
  const rules = matchRules(kind);
  const traits = traitsOf(sketch);
  const entities = candidates.filter(({ entity }) => !entity.sketches.some(({ id }) => id === sketch.id)).map(({ entity }) => entity);
  const own = candidates.filter(({ entity }) => entity.sketches.some(({ id }) => id === sketch.id)).map(({ entity }) => entity.id);
  // It is one of the record's pages already, wherever that page is missing now.
  if (own.length > 0) return [];
  const asOne = findKnown(traits, entities, rules).found;
  const alone = findKnown({ ...traits, system: "(new page)" }, entities, rules).found;
  return [...asOne, ...alone.filter(({ record }) => !asOne.some((one) => one.record === record))];
}

function nameIn({ claims }: Sketch, { identity }: RecordKind): string | undefined {
  const claim = claims.find(({ field }) => identity.keys.includes(field));
  return claim?.value.kind === "text" ? claim.value.text.replace(/^#/u, "") : undefined;
}
