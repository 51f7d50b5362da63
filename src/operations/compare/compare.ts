/** From sightings to lineages, and from proven lineages to a base (decision 1). */

import { bytesOf } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import { sameHeaders } from "../../core/deploy/plan-deploy.ts";
import { targetState } from "../../core/ledger/fold.ts";
import type { BaseEntry } from "../../core/lineage/base.ts";
import { judgeLineage, type HistoryPlaces, type Lineage } from "../../core/lineage/judge-lineage.ts";
import type { Headers } from "../../core/plan/plan.ts";
import { placeIn } from "../../core/lineage/place-in-history.ts";
import type { SourceVersion } from "../../ports/source-history.ts";
import type { Store } from "../../ports/store.ts";
import { concurrently } from "../concurrently.ts";
import type { Observation, Sighting } from "./observe.ts";
import { openRemembered } from "../plan-shelf.ts";
import { noteLook } from "./note-look.ts";
import { rememberSeen } from "./seen-bytes.ts";
import type { PastContent } from "./store-history.ts";
import { openVersionHistory, type VersionHistory } from "./version-history.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface Compared extends Sighting {
  readonly lineage: Lineage;
}

export interface HeaderChange {
  readonly path: string;
  readonly seen: Headers;
  readonly live: Headers;
}

export interface Comparison {
  readonly observation: Observation;
  /** In the order of the sightings. */
  readonly paths: readonly Compared[];
  /** Where the same bytes stand live under other headers than were last seen here: somebody changed them alone. */
  readonly headerChanges: readonly HeaderChange[];
  /** Opens the histories of the paths that differ; they are read at most once, and not at all when everything is the same. */
  readonly history: () => Promise<VersionHistory>;
}

/** Judges every path and saves a base wherever one is proven. */
export async function compare(bench: Workbench, observation: Observation, context: Context): Promise<Comparison> {
  let opening: Promise<VersionHistory> | undefined;
  const differing = observation.sightings.filter((sighting) => !isSame(sighting));
  const history = (): Promise<VersionHistory> => (opening ??= openVersionHistory(bench, observation, differing, context));
  const otherBases = await seenElsewhere(bench, observation, differing, context);
  const judged = new Map<string, Compared>();
  await concurrently(differing, bench.concurrency, async (sighting) => {
    const judging: Judging = { bench, observation, history, otherBases, context };
    const lineage = await judge(sighting, judging);
    if (lineage) judged.set(sighting.path, { ...sighting, lineage });
  });
  const all = observation.sightings.flatMap((sighting): Compared[] => {
    if (isSame(sighting)) return [{ ...sighting, lineage: { kind: "same", proof: "bytes" } }];
    const compared = judged.get(sighting.path);
    return compared ? [compared] : [];
  });
  const headerChanges = observation.sightings.flatMap(headerChangeOf);
  const paths = await recordBases(bench, observation, all, context);
  noteLook(bench, observation, paths);
  return { observation, headerChanges, paths, history };
}

function headerChangeOf({ path, live, base }: Sighting): HeaderChange[] {
  const isAlone = live !== undefined && base !== undefined && live.digest === base.digest && !sameHeaders(live.headers, base.headers);
  return isAlone ? [{ path, seen: base.headers, live: live.headers }] : [];
}

const isSame = ({ local, live }: Sighting): boolean => local !== undefined && live !== undefined && local.digest === live.digest;

interface Judging {
  readonly bench: Workbench;
  readonly observation: Observation;
  readonly history: () => Promise<VersionHistory>;
  readonly otherBases: ReadonlyMap<string, readonly Digest[]>;
  readonly context: Context;
}

async function judge(sighting: Sighting, judging: Judging): Promise<Lineage | undefined> {
  const [local, live] = [sighting.local?.digest, sighting.live?.digest];
  // Without bytes here, histories have nothing to say: what was seen decides alone.
  if (local === undefined) return judgeLineage({ local, live, base: sighting.base?.digest, ...noHistories });
  const opened = await judging.history();
  const ledger = opened.inLedger(sighting.path).map((version) => version.digest);
  const base = lastSeen(sighting, ledger, judging);
  const contents = { local, live, base };
  const past = await opened.inStore(sighting.path);
  const git = live === undefined ? undefined : await gitPlacesOf(sighting, await opened.inGit(sighting.path), judging);
  return judgeLineage({
    ...contents,
    wasLive: new Set([...opened.replaced(sighting.path, judging.observation.target.name).keys(), ...(live ? [] : digestsOf(past))]),
    brought: opened.brought(sighting.path, judging.observation.target.name),
    histories: [placesOf("ledger", ledger, contents), ...storePlaces(past, contents), ...(git ? [git] : [])],
    liveCommitIsAncestor: await isFromAncestor(sighting, judging),
    isKept: sighting.base?.how === "kept-mine" && (live === undefined || sighting.base.digest === live),
  });
}

/** What is gone from live now was live once. */
const digestsOf = (past: readonly PastContent[]): Digest[] => past.flatMap(({ digest }) => digest ?? []);

const storePlaces = (past: readonly PastContent[], contents: Contents): HistoryPlaces[] =>
  past.length < 2
    ? []
    : [
        placesOf(
          "store",
          past.map(({ digest, version }) => digest ?? `unread ${version.id}`),
          contents,
        ),
      ];

const noHistories = { wasLive: new Set<Digest>(), brought: new Set<Digest>(), histories: [], liveCommitIsAncestor: false, isKept: false };

/**
 * What this working copy saw last of the path's versions. One seen at another target of the site counts where nothing was
 * seen here, or where it is live now and the ledger has it after what was seen here.
 */
function lastSeen({ path, live, base }: Sighting, ledger: readonly Digest[], { otherBases }: Judging): Digest | undefined {
  const others = otherBases.get(path) ?? [];
  if (base === undefined) {
    if (live && others.includes(live.digest)) return live.digest;
    return ledger.find((version) => others.includes(version));
  }
  if (!live || !others.includes(live.digest)) return base.digest;
  const [livePlace, basePlace] = [placeIn(ledger, live.digest), placeIn(ledger, base.digest)];
  return livePlace && basePlace && livePlace.newest < basePlace.newest ? live.digest : base.digest;
}

/** Live was published from a clean checkout of a commit that HEAD contains, and nobody has written over it since. */
async function isFromAncestor({ live }: Sighting, { bench, context }: Judging): Promise<boolean> {
  const commit = live?.provenance?.commit;
  if (commit === undefined || live?.provenance?.digest !== live?.digest) return false;
  return await bench.history.isAncestor(commit, context);
}

/** Git names contents in its own way, so the bytes at hand are named likewise. */
async function gitPlacesOf(sighting: Sighting, versions: readonly SourceVersion[], judging: Judging): Promise<HistoryPlaces | undefined> {
  if (versions.length === 0) return undefined;
  const { bench, observation, context } = judging;
  const contentId = async (digest: Digest | undefined, store: Store | undefined): Promise<string | undefined> => {
    if (digest === undefined) return undefined;
    const body = (await openRemembered(bench.seenBytes, digest, context)) ?? (await store?.read(sighting.path, context))?.body;
    return body && bench.history.contentId(await bytesOf(body));
  };
  const [local, live, base] = await Promise.all([
    contentId(sighting.local?.digest, bench.folder),
    contentId(sighting.live?.digest, observation.store),
    contentId(sighting.base?.digest, undefined),
  ]);
  return placesOf(
    "git",
    versions.map((version) => version.contentId),
    { local, live, base },
  );
}

interface Contents {
  readonly local: string | undefined;
  readonly live: string | undefined;
  readonly base: string | undefined;
}

function placesOf(source: HistoryPlaces["source"], history: readonly string[], contents: Contents): HistoryPlaces {
  const [local, live, base] = [placeIn(history, contents.local), placeIn(history, contents.live), placeIn(history, contents.base)];
  return { source, ...(local && { local }), ...(live && { live }), ...(base && { base }) };
}

/** What this working copy saw at the site's other targets, for the paths that differ here. */
async function seenElsewhere(
  bench: Workbench,
  { target }: Observation,
  differing: readonly Sighting[],
  context: Context,
): Promise<ReadonlyMap<string, readonly Digest[]>> {
  const seen = new Map<string, Digest[]>();
  const paths = differing.filter(({ live, base }) => live !== undefined && live.digest !== base?.digest).map(({ path }) => path);
  if (paths.length === 0) return seen;
  const others = bench.site.targets.filter((other) => other.name !== target.name);
  for (const entries of await Promise.all(others.map((other) => bench.base.load(other.name, paths, context)))) {
    for (const [path, entry] of entries) seen.set(path, [...(seen.get(path) ?? []), entry.digest]);
  }
  return seen;
}

/** Saves what is proven: local equals live, or live is an ancestor of local. Never anything else. */
async function recordBases(
  bench: Workbench,
  { target, store, ledger, sightings }: Observation,
  paths: readonly Compared[],
  context: Context,
): Promise<readonly Compared[]> {
  const changes = new Map<string, BaseEntry | undefined>();
  const recorded = paths.map((compared): Compared => {
    const { path, live, base, lineage } = compared;
    const isProven = lineage.kind === "same" || (lineage.kind === "ahead" && base?.digest !== live?.digest);
    const isRevised = lineage.kind === "ahead" || lineage.kind === "removed";
    if (!live || !(isProven || isRevised) || (base?.digest === live.digest && base.revision === live.revision)) return compared;
    const entry: BaseEntry = {
      digest: live.digest,
      revision: live.revision,
      sizeBytes: live.sizeBytes,
      headers: live.headers,
      at: new Date(bench.runtime.now()).toISOString(),
      how: lineage.kind === "same" ? "same" : "ancestor",
    };
    changes.set(path, entry);
    return { ...compared, base: entry };
  });
  // Gone here and live: whatever comes to be there later is new.
  for (const { path, local, live, base } of sightings) if (!local && !live && base) changes.set(path, undefined);
  // While an apply is open its bytes may yet be taken back: what is live now is no version to build on.
  const isOpen = targetState(ledger, bench.site.name, target.name).open !== null;
  if (changes.size === 0 || isOpen) return isOpen ? paths : recorded;
  await rememberSeen(bench, store, changes, context);
  await bench.base.save(target.name, changes, context);
  return recorded;
}
