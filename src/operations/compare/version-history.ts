/** Which contents a path had before, by the ledger and by version control; read only when some path needs it. */

import { invariant } from "../../core/belay-error.ts";
import { bytesOf } from "../../core/body.ts";
import type { Digest, PlanId } from "../../core/brand.ts";
import { targetState, type Release } from "../../core/ledger/fold.ts";
import { releaseSeq } from "../../core/ledger/release-seq.ts";
import { stepsOf, type Change } from "../../core/plan/plan.ts";
import type { SourceVersion } from "../../ports/source-history.ts";
import { concurrently } from "../concurrently.ts";
import type { Observation, Sighting } from "./observe.ts";
import { openPlan, openRemembered } from "../plan-shelf.ts";
import { storeHistory, type PastContent } from "./store-history.ts";
import type { Context, Workbench } from "../workbench.ts";

/** One content that a path had, and what brought it. */
export interface PastVersion {
  readonly digest: Digest;
  readonly target: string;
  /** Absent for content that was live before belay's first write to the path. */
  readonly release?: Release;
}

/** Of the paths it was opened for, and of no others. */
export interface VersionHistory {
  /** Contents of a path across all targets of the site, newest first; equal neighbours are one. */
  inLedger(path: string): readonly PastVersion[];
  /** Contents that were live at a target and were replaced or deleted by a release, with the release that did it last. */
  replaced(path: string, target: string): ReadonlyMap<Digest, string>;
  /** Contents that releases have brought to a target, whoever replaced them. */
  brought(path: string, target: string): ReadonlySet<Digest>;
  /** What the target's store itself remembers, newest first, the present content included; asked for at most once. */
  inStore(path: string): Promise<readonly PastContent[]>;
  /** Empty where the path is not both here and live: there is nothing to set against each other. */
  inGit(path: string): Promise<readonly SourceVersion[]>;
}

const gitVersionsMax = 200;

/**
 * Reads every listed release's plan once, and keeps what it says of the differing paths. The oldest plan counts as much as
 * the newest: what was live once stays known. Stopped and undone releases left nothing behind and tell nothing.
 */
export async function openVersionHistory(
  bench: Workbench,
  { ledger, store, liveCount }: Observation,
  differing: readonly Sighting[],
  context: Context,
): Promise<VersionHistory> {
  const wanted = new Set(differing.map(({ path }) => path));
  const ended = bench.site.targets.flatMap((target) =>
    targetState(ledger, bench.site.name, target.name).releases.map((release) => ({ target: target.name, release })),
  );
  const voided = new Set(ended.flatMap(({ release }) => (release.as === "applied" ? [] : [release.plan])));
  const releases = ended
    .filter(({ release }) => release.as === "applied")
    .toSorted((left, right) => releaseSeq(right.release.id) - releaseSeq(left.release.id));
  const told = await concurrently(releases, bench.concurrency, ({ release }) => changesOf(bench, release.plan, wanted, context));
  const byPath = new Map<string, PastVersion[]>();
  const replaced = new Map<string, Map<Digest, string>>();
  const brought = new Map<string, Set<Digest>>();
  for (const [index, { target, release }] of releases.entries()) {
    const excepted = new Set(release.exceptions);
    for (const change of told[index] ?? []) {
      if (!excepted.has(change.at.key)) note(change, target, release);
    }
  }

  function note(change: Change, target: string, release: Release): void {
    const { key } = change.at;
    const versions = byPath.get(key) ?? [];
    byPath.set(key, versions);
    const place = `${target}\n${key}`;
    if (change.kind !== "delete") {
      push(versions, { digest: change.content.digest, target, release });
      brought.set(place, (brought.get(place) ?? new Set()).add(change.content.digest));
    }
    if (change.kind === "create") return;
    push(versions, { digest: change.prior.digest, target });
    // New headers on the same bytes replaced nothing: those bytes stayed live.
    if (change.kind === "replace" && change.prior.digest === change.content.digest) return;
    const gone = replaced.get(place) ?? new Map<Digest, string>();
    // Releases come newest first: the first to name a content is the one that took it off last.
    if (!gone.has(change.prior.digest)) gone.set(change.prior.digest, release.id);
    replaced.set(place, gone);
  }

  let asking: Promise<ReadonlyMap<string, readonly SourceVersion[]>> | undefined;
  const onBothSides = differing.filter(({ local, live }) => local && live).map(({ path }) => path);
  const known = (path: string): string => {
    invariant(wanted.has(path), "the history of a path was asked for that does not differ");
    return path;
  };
  const remembered = new Map<string, Promise<readonly PastContent[]>>();
  const sightings = new Map(differing.map((sighting) => [sighting.path, sighting]));
  const inStore = async (path: string): Promise<readonly PastContent[]> => {
    const sighting = sightings.get(known(path));
    // An empty place has nothing that a first publish could bring back.
    if (!sighting || liveCount === 0) return [];
    const asked = remembered.get(path) ?? storeHistory({ store, isVoid: (plan) => voided.has(plan) }, sighting, context);
    remembered.set(path, asked);
    return await asked;
  };
  return {
    inStore,
    inLedger: (path) => byPath.get(known(path)) ?? [],
    replaced: (path, target) => replaced.get(`${target}\n${known(path)}`) ?? new Map(),
    brought: (path, target) => brought.get(`${target}\n${known(path)}`) ?? new Set(),
    inGit: async (path) => {
      asking ??= bench.history.versionsOf(onBothSides, gitVersionsMax, context);
      return (await asking).get(known(path)) ?? [];
    },
  };
}

/** Release ids carry the sequence number of their *started* entry. */

/** Equal neighbours are one version, named by the release that brought it. */
function push(versions: PastVersion[], version: PastVersion): void {
  const last = versions.at(-1);
  if (last?.digest !== version.digest) versions.push(version);
  else if (!last.release && version.release) versions[versions.length - 1] = version;
}

/** Above so many paths a plan is parsed as a whole, which costs less than to look for each of them. */
const searchedMax = 64;
const decoder = new TextDecoder();

/** What a plan does to some paths. A first publish lists every file of the site, so few paths are looked for in its text. */
async function changesOf(bench: Workbench, id: PlanId, wanted: ReadonlySet<string>, context: Context): Promise<readonly Change[]> {
  const here = wanted.size <= searchedMax ? await openRemembered(bench.seenBytes, id, context) : undefined;
  const found = here && searchChanges(decoder.decode(await bytesOf(here)), wanted);
  if (found) return found;
  const { plan } = await openPlan(bench, id, context);
  return stepsOf(plan).flatMap(({ change }) => (wanted.has(change.at.key) ? [change] : []));
}

/** How the canonical JSON of a plan of this format begins. */
const planStart = /^\{"basis":(?:null|\{[^{}]*\}),"format":1,/u;

/**
 * Changes to some paths, cut out of a plan's canonical JSON. Where an object begins, quotes stand bare as they never do
 * inside a string, so nothing but an object with this address is found. `undefined` where the text must be parsed instead.
 */
function searchChanges(text: string, wanted: ReadonlySet<string>): Change[] | undefined {
  if (!planStart.test(text)) return undefined;
  const changes: Change[] = [];
  for (const path of wanted) {
    const named = `"key":${JSON.stringify(path)}`;
    if (!text.includes(named)) continue;
    const own = changesAt(text, `{"at":{${named},`);
    // Its address is written, yet not as a change is: parsing tells what it is.
    if (own.length === 0) return undefined;
    changes.push(...own);
  }
  return changes;
}

function changesAt(text: string, start: string): Change[] {
  const changes: Change[] = [];
  for (let at = text.indexOf(start); at !== -1; at = text.indexOf(start, at + start.length)) {
    const value: unknown = JSON.parse(text.slice(at, endOfObject(text, at)));
    if (isChange(value)) changes.push(value);
  }
  return changes;
}

/** Just past the brace that closes the object which begins here. */
function endOfObject(text: string, start: number): number {
  const marks = /"(?:[^"\\]|\\.)*"|[{}]/gu;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === "{") depth += 1;
    else if (mark[0] === "}") depth -= 1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

/** A check has an address as well, but changes nothing. The plan's digest stands for the rest of the shape. */
const isChange = (value: unknown): value is Change => typeof value === "object" && value !== null && "kind" in value && "expect" in value;
