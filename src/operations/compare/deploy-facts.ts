/** Gathers what planning a deploy looks at. */

import { hasConflictMarkers } from "../../codecs/text-merge/conflict-markers.ts";
import { lineCounts } from "../../codecs/text-diff/line-counts.ts";
import { bytesOf } from "../../core/body.ts";
import type { DeployFacts, PathFacts } from "../../core/deploy/deploy-facts.ts";
import type { BaseEntry } from "../../core/lineage/base.ts";
import { targetState, tokensOf } from "../../core/ledger/fold.ts";
import { isPage, keyCollisions } from "../../core/paths/key.ts";
import { isProduction, type Target } from "../../core/site.ts";
import { compare, type Compared, type Comparison } from "./compare.ts";
import { concurrently } from "../concurrently.ts";
import { observe, type Observation, type Selection } from "./observe.ts";
import { offRecord } from "../history/off-record.ts";
import { findReferrers } from "./referrers.ts";
import { policyRefusals } from "../approve/policy.ts";
import { findBytes, isRemembered } from "./seen-bytes.ts";
import { staleEvidence } from "./stale-evidence.ts";
import { tokenResults } from "./token-results.ts";
import { tombstonesOf } from "../way-back/tombstones.ts";
import type { Context, CreatedPage, Workbench } from "../workbench.ts";

export interface DeployRequest {
  readonly target: Target;
  readonly selection: Selection;
  readonly title: string | undefined;
}

export interface Gathered {
  readonly facts: DeployFacts;
  readonly comparison: Comparison;
}

export async function gatherDeployFacts(bench: Workbench, request: DeployRequest, context: Context): Promise<Gathered> {
  const { target, selection } = request;
  // A CDN that cannot be purged, or is not this store's, is said before anything is planned.
  await bench.edgeOf(target);
  const observation = await observe(bench, target, selection, context);
  const comparison = await compare(bench, observation, context);
  return { facts: await factsOf(bench, comparison, request, context), comparison };
}

/** What planning looks at, of paths whose lineages are known. */
export async function factsOf(bench: Workbench, comparison: Comparison, request: DeployRequest, context: Context): Promise<DeployFacts> {
  const { target, selection, title } = request;
  const { observation } = comparison;
  const state = targetState(observation.ledger, bench.site.name, target.name);
  context.report({ phase: "comparing", done: 0 });
  const off = await offRecord(bench, comparison, selection, context);
  const changed = comparison.paths.filter(({ path, lineage }) => lineage.kind !== "same" || off.has(path));
  const referrers = await referrersOf(bench, { observation, changed }, context);
  const saw = await seenAfter(bench, { observation, changed }, context);
  const paths = await concurrently(comparison.paths, bench.concurrency, async (compared): Promise<PathFacts> => ({
    ...(await pathFacts(bench, comparison, compared, context)),
    ...sawAt(saw, compared.path),
    ...(off.has(compared.path) && { isOffRecord: true }),
    ...(referrers.has(compared.path) && { referrers: referrers.get(compared.path) ?? [] }),
  }));
  const head = await bench.history.head(context);
  // A commit names what it holds, not the edits on top of it.
  const subject = title === undefined && head && (await bench.history.isClean(context)) ? head.subject : undefined;
  const lastCommit = state.releases.find((release) => release.as === "applied")?.commit;
  return {
    site: bench.site,
    target,
    title,
    fallbackTitle: titleOf(paths, subject),
    isShallow: head?.shallow === true,
    isSelection: selection !== undefined,
    paths,
    localCount: observation.localCount,
    liveCount: observation.liveCount,
    collisions: keyCollisions(observation.sightings.filter(({ local }) => local).map(({ path }) => path)),
    // Assets that a stopped first try has left are the same as here.
    isFirstPublish:
      state.releases.every((release) => release.as !== "applied") &&
      observation.sightings.every(({ live, local }) => live === undefined || live.digest === local?.digest) &&
      (selection === undefined || (await holdsNothing(observation, context))),
    basis: state.basis,
    warnings: observation.ledger.warnings,
    unseenMerges: observation.ledger.unseenMerges,
    tombstones: await tombstonesOf(bench, { ledger: observation.ledger, target, paths: comparison.paths.map(({ path }) => path) }, context),
    tokens: await tokenResults(bench, observation, context),
    tokensInForce: tokensOf(observation.ledger, bench.site.name),
    versioning: await versioningOf(observation, context),
    sinceRelease:
      bench.site.unit === "commit" && lastCommit !== undefined ? await bench.history.changedSince(lastCommit, context) : undefined,
    policy: bench.policy,
    policyRefusals: await policyRefusals(bench, target, observation.ledger, context),
    ...(await knownRecords(bench, target, paths, context)),
  };
}

/** Of pages that would be new: whether their records have a page already (R9). */
async function knownRecords(
  bench: Workbench,
  target: Target,
  paths: readonly PathFacts[],
  context: Context,
): Promise<Pick<DeployFacts, "knownRecords">> {
  const created = paths.filter(({ lineage, local, path }) => lineage.kind === "new" && local && isPage(path));
  if (!bench.pageRecords || created.length === 0) return {};
  const pages = created.map(({ path, headers }): CreatedPage => ({
    key: path,
    headers,
    read: async (options) => {
      const reading = await bench.folder.read(path, options);
      return reading && { bytes: await bytesOf(reading.body), revision: reading.observed.revision };
    },
  }));
  const removed = paths.flatMap(({ lineage, path }) => (lineage.kind === "removed" ? [path] : []));
  const { name: site, targets } = bench.site;
  return { knownRecords: await bench.pageRecords.ofCreated({ site, target, targets, pages, removed }, context) };
}

interface Changing {
  readonly observation: Observation;
  /** Paths that may get a step. */
  readonly changed: readonly Compared[];
}

type SeenAfter = ReadonlyMap<string, ReadonlyMap<string, BaseEntry>>;

/** By target that takes this one's bytes: what was seen there of the paths that change. */
async function seenAfter(bench: Workbench, { observation, changed }: Changing, context: Context): Promise<SeenAfter> {
  const next = bench.site.targets.filter(({ after }) => after === observation.target.name);
  const paths = changed.map(({ path }) => path);
  const seen = new Map<string, ReadonlyMap<string, BaseEntry>>();
  if (paths.length > 0) for (const { name } of next) seen.set(name, await bench.base.load(name, paths, context));
  return seen;
}

function sawAt(seen: SeenAfter, path: string): Pick<PathFacts, "saw"> {
  const saw = [...seen].flatMap(([target, entries]) => {
    const entry = entries.get(path);
    return entry ? [[target, entry.digest] as const] : [];
  });
  return saw.length === 0 ? {} : { saw: Object.fromEntries(saw) };
}

async function pathFacts(bench: Workbench, comparison: Comparison, compared: Compared, context: Context): Promise<PathFacts> {
  const { path, local, live, base, lineage } = compared;
  const isTouched = lineage.kind !== "same";
  const sides = isTouched ? await changedBytes(bench, comparison, compared, context) : undefined;
  const stale = await staleEvidence(bench, comparison, compared, context);
  return {
    path,
    local,
    live,
    base,
    lineage,
    headers: bench.headersFor(path),
    defaultHeaders: bench.defaultHeadersFor(comparison.observation.target, path),
    hasConflictMarkers: sides?.local !== undefined && hasConflictMarkers(sides.local),
    ...(sides && { lines: sides.isText ? lineCounts(sides.live, sides.local) : "binary" }),
    ...(stale && { stale }),
  };
}

interface Sides {
  readonly local: Uint8Array | undefined;
  readonly live: Uint8Array | undefined;
  readonly isText: boolean;
}

/** Both sides of a changed path where they are small enough to be compared as text. */
async function changedBytes(
  bench: Workbench,
  { observation }: Comparison,
  { path, local, live }: Compared,
  context: Context,
): Promise<Sides> {
  const isText = isRemembered(path, Math.max(local?.sizeBytes ?? 0, live?.sizeBytes ?? 0));
  if (!isText) return { local: undefined, live: undefined, isText };
  const mine = local && (await findBytes(bench, local.digest, [{ store: bench.folder, path }], context));
  const theirs = live && (await findBytes(bench, live.digest, [{ store: observation.store, path }], context));
  return { local: mine && (await bytesOf(mine)), live: theirs && (await bytesOf(theirs)), isText };
}

/** D3 asks who refers to a changed asset, and only when more than one path changed. */
async function referrersOf(
  bench: Workbench,
  { observation, changed: touched }: Changing,
  context: Context,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const changed = touched.filter(({ lineage }) => ["ahead", "new", "removed", "same"].includes(lineage.kind));
  const assets = changed.filter(({ path }) => !isPage(path));
  const isEmpty = observation.sightings.every(({ live }) => live === undefined);
  if (bench.site.unit !== "page" || changed.length < 2 || assets.length === 0 || isEmpty) return new Map();
  const removed = assets.filter(({ local }) => local === undefined);
  const livePages = changed.flatMap(({ path, live }) => (live && isPage(path) ? [{ path, live }] : []));
  return findReferrers(bench, { assets: pathsOf(assets), removed: pathsOf(removed), livePages, store: observation.store }, context);
}

const pathsOf = (some: readonly Compared[]): ReadonlySet<string> => new Set(some.map(({ path }) => path));

function titleOf(paths: readonly PathFacts[], subject: string | undefined): string {
  if (subject !== undefined) return subject;
  const changed = paths.filter(({ lineage }) => lineage.kind !== "same").map(({ path }) => path);
  const [first, ...others] = changed;
  if (first === undefined) return "nothing";
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** Whether nothing at all is live; asked where only some paths were looked at. */
async function holdsNothing({ store }: Observation, context: Context): Promise<boolean> {
  const listing = store.list("", { ...context, limit: 1 });
  const first = await listing[Symbol.asyncIterator]().next();
  return first.done === true;
}

/** Asked only where it decides anything (D5). */
export async function versioningOf(
  { store, target }: Pick<Observation, "store" | "target">,
  context: Context,
): Promise<DeployFacts["versioning"]> {
  if (!store.versions || !isProduction(target) || target.unversioned !== undefined) return "vault";
  return (await store.versions.areKept(context)) ? "on" : "off";
}
