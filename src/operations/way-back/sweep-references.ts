/** Which assets pages still refer to: those that are live, and those that were within the grace period. */

import { bytesOf, type Body } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import { targetState } from "../../core/ledger/fold.ts";
import type { Content } from "../../core/plan/plan.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import type { Store } from "../../ports/store.ts";
import { appliedReleases } from "../history/applied-releases.ts";
import { concurrently } from "../concurrently.ts";
import { openKept } from "../apply/content-source.ts";
import { openPlan } from "../plan-shelf.ts";
import { NameSearch } from "./referrers-in-text.ts";
import { findBytes, isRemembered } from "../compare/seen-bytes.ts";
import type { Looking } from "./sweep-candidates.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface Referred {
  readonly now: ReadonlySet<string>;
  readonly lately: ReadonlySet<string>;
  /** Pages and the like whose bytes could not be had: what they referred to is not known. */
  readonly unread: readonly string[];
}

/** A text that is larger is not looked into, so nothing is known of what it refers to. */
const textBytesMax = 32 * 1024 * 1024;

/** Whether a file can refer to others; what cannot is a picture, a font and the like. */
const mayRefer = (path: string): boolean => isRemembered(path, 0);

/** Assets that only other unreferenced assets name are unreferenced too. */
export async function findReferred(
  bench: Workbench,
  looking: Looking,
  candidates: ReadonlySet<string>,
  context: Context,
): Promise<Referred> {
  const search = new NameSearch(candidates);
  const unread: string[] = [];
  const edges = new Map<string, ReadonlySet<string>>();
  const now = new Set<string>();
  const texts = [...looking.live.values()].filter(({ key }) => mayRefer(key));
  const seen = await bench.base.load(looking.target.name, undefined, context);
  let done = 0;
  await concurrently(texts, bench.concurrency, async ({ key, digest, revision }) => {
    const base = seen.get(key);
    const opening = { store: looking.store, digest: digest ?? (base?.revision === revision ? base.digest : undefined) };
    const found = await lookInto(search, key, await openLive(bench, key, opening, context));
    if (!found) unread.push(key);
    else if (candidates.has(key)) edges.set(key, found);
    else for (const path of found) now.add(path);
    done += 1;
    context.report({ phase: "looking", done, total: texts.length, path: key });
  });
  const lately = new Set<string>();
  await concurrently(await liveLately(bench, looking, context), bench.concurrency, async ({ path, content, isCertain }) => {
    const body = await openKept(bench, { at: { store: looking.store.name, key: path }, content }, context);
    const found = await lookInto(search, path, body);
    if (found) for (const named of found) lately.add(named);
    else if (isCertain) unread.push(path);
  });
  return { now: closed(now, edges), lately: closed(lately, edges), unread };
}

/** What the found ones refer to in turn. */
function closed(roots: ReadonlySet<string>, edges: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const reached = new Set(roots);
  // A set is walked to its end, what is added on the way included.
  for (const path of reached) for (const next of edges.get(path) ?? []) reached.add(next);
  return reached;
}

/** `undefined` where it cannot be looked into. */
async function lookInto(search: NameSearch, path: string, body: Body | undefined): Promise<ReadonlySet<string> | undefined> {
  return body && body.sizeBytes <= textBytesMax ? search.in(await bytesOf(body), path) : undefined;
}

interface Opening {
  readonly store: Store;
  /** Absent where neither the listing nor what was seen here tells. */
  readonly digest: Digest | undefined;
}

/** From wherever the same bytes are nearest; read from the target where their digest is not known. */
async function openLive(bench: Workbench, key: string, { store, digest }: Opening, context: Context): Promise<Body | undefined> {
  const places = [bench.folder, store].map((place) => ({ store: place, path: key }));
  const found = digest && (await findBytes(bench, digest, places, context));
  return found ?? (await store.read(key, context))?.body;
}

interface Past {
  readonly path: string;
  readonly content: Pick<Content, "digest" | "sizeBytes">;
  /** False where it may never have been live, so that its bytes need not be anywhere. */
  readonly isCertain: boolean;
}

/** What stopped being live within the grace period, by releases, by plans that were put back, and by other hands. */
async function liveLately(bench: Workbench, { target, ledger, sinceMs }: Looking, context: Context): Promise<Past[]> {
  const past: Past[] = [];
  const { releases, found } = targetState(ledger, bench.site.name, target.name);
  for await (const release of appliedReleases(bench, { ledger, target: target.name }, context)) {
    if (Date.parse(release.at) <= sinceMs) break;
    for (const { change } of stepsOf((await openPlan(bench, release.plan, context)).plan)) {
      if (change.kind !== "create") past.push({ path: change.at.key, content: change.prior, isCertain: true });
    }
  }
  for (const { plan: id } of releases.filter(({ as, at }) => as !== "applied" && Date.parse(at) > sinceMs)) {
    for (const { change } of stepsOf((await openPlan(bench, id, context)).plan)) {
      if (change.kind !== "delete") past.push({ path: change.at.key, content: change.content, isCertain: false });
    }
  }
  for (const { path, prior, at } of found) {
    const isLate = at === undefined || Date.parse(at) > sinceMs;
    // Its size is not on record, and decides only which versions of a store are worth reading.
    if (prior !== undefined && isLate) past.push({ path, content: { digest: prior, sizeBytes: -1 }, isCertain: false });
  }
  const seen = new Set<string>();
  return past.filter(({ path, content: { digest } }) => {
    const isNew = mayRefer(path) && !seen.has(`${path}\n${digest}`);
    seen.add(`${path}\n${digest}`);
    return isNew;
  });
}
