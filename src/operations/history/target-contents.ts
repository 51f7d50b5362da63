/** What belay knows a target to hold: what it left there last, what it found at the beginning, what others wrote and people accepted. */

import { BelayError } from "../../core/belay-error.ts";
import { bytesOf } from "../../core/body.ts";
import type { Revision } from "../../core/brand.ts";
import { targetState, type Found, type LedgerState, type Release, type TargetState } from "../../core/ledger/fold.ts";
import type { Manifest } from "../../core/ledger/manifest.ts";
import { releaseSeq } from "../../core/ledger/release-seq.ts";
import type { Change, Content } from "../../core/plan/plan.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { appliedReleases } from "./applied-releases.ts";
import { concurrently } from "../concurrently.ts";
import { openKeptPlan, openPlan } from "../plan-shelf.ts";
import type { Context, Workbench } from "../workbench.ts";

export type LeftBy =
  | { readonly kind: "release"; readonly release: Release }
  | { readonly kind: "baseline" }
  /** Written by another hand; the warning about it has been settled. */
  | { readonly kind: "out-of-band"; readonly found: Found };

export interface Left {
  /** `undefined` where nothing should be there. */
  readonly content: Content | undefined;
  readonly by: LeftBy;
  /** What the write was acknowledged with, where the record says so. */
  readonly revision?: Revision;
}

export interface TargetContents {
  /** Paths that nothing is known of are left out. */
  readonly at: ReadonlyMap<string, Left>;
  /** Whether the record began with a manifest or an empty target: then what is not in `at` was not there. */
  readonly isWhole: boolean;
  /** Further contents that a stopped or undone plan of belay's own may have left at a path. */
  readonly remains: ReadonlyMap<string, readonly Content[]>;
}

export interface ContentsRequest {
  readonly ledger: LedgerState;
  readonly target: Target;
  /** All that is known where absent. */
  readonly paths?: ReadonlySet<string>;
}

/** Reads the plans of releases from the newest back, until every wanted path is known. */
export async function contentsOf(bench: Workbench, request: ContentsRequest, context: Context): Promise<TargetContents> {
  const { ledger, target, paths } = request;
  const state = targetState(ledger, bench.site.name, target.name);
  const found = new Map(
    acceptedIn(state, ledger)
      .filter(({ path }) => isWanted(paths, path))
      .toReversed()
      .map((one) => [one.path, one]),
  );
  const at = new Map<string, Left>();
  for await (const release of appliedReleases(bench, { ledger, target: target.name }, context)) {
    // What was found after this release stands above it; what was found before it was replaced by it.
    for (const one of found.values()) if (one.seq > releaseSeq(release.id)) note(at, one.path, leftByOther(one));
    if (paths && [...paths].every((path) => at.has(path))) break;
    await noteRelease(bench, { release, paths, at }, context);
  }
  for (const one of found.values()) note(at, one.path, leftByOther(one));
  const manifest = await manifestOf(bench, state, context);
  for (const [path, content] of manifest?.files ?? []) if (isWanted(paths, path)) note(at, path, { content, by: { kind: "baseline" } });
  return { at, isWhole: manifest !== undefined, remains: await remainsOf(bench, state, paths, context) };
}

interface Noting {
  readonly release: Release;
  readonly paths: ReadonlySet<string> | undefined;
  readonly at: Map<string, Left>;
}

/** What one release left at paths that no later one has touched. */
async function noteRelease(bench: Workbench, { release, paths, at }: Noting, context: Context): Promise<void> {
  const { plan } = await openPlan(bench, release.plan, context);
  const excepted = new Set(release.exceptions);
  const changes = stepsOf(plan)
    .map(({ change }) => change)
    .filter(({ at: { key } }) => isWanted(paths, key) && !excepted.has(key) && !at.has(key));
  if (changes.length === 0) return;
  const revisions = await revisionsOf(bench, release, context);
  for (const change of changes) note(at, change.at.key, leftByRelease(change, release, revisions.get(change.at.key)));
}

const isWanted = (paths: ReadonlySet<string> | undefined, path: string): boolean => paths === undefined || paths.has(path);

function note(at: Map<string, Left>, path: string, left: Left): void {
  if (!at.has(path)) at.set(path, left);
}

/** `r12` was begun by entry 12. */

/** Found by belay, and no longer warned about: a pull has brought it here, or a person has said that it may stand. */
function acceptedIn({ found }: TargetState, { warnings }: LedgerState): Found[] {
  return found.filter(({ warning, path }) => !warnings.some((open) => open.id === warning && open.paths.includes(path)));
}

const leftByOther = (found: Found): Left => ({ content: contentFound(found), by: { kind: "out-of-band", found } });

/** `undefined` where the object was gone. */
const contentFound = ({ found, headers, sizeBytes }: Found): Content | undefined =>
  found === undefined ? undefined : { digest: found, headers: headers ?? {}, sizeBytes: sizeBytes ?? 0 };

function leftByRelease(change: Change, release: Release, revision: Revision | undefined): Left {
  const content = change.kind === "delete" ? undefined : change.content;
  return { content, by: { kind: "release", release }, ...(revision === undefined ? {} : { revision }) };
}

const decoder = new TextDecoder();

/** What each write of a release was acknowledged with; empty where the record does not say. */
export async function revisionsOf(
  bench: Workbench,
  { revisions }: Pick<Release, "revisions">,
  context: Context,
): Promise<ReadonlyMap<string, Revision>> {
  if (revisions === undefined) return new Map();
  if (typeof revisions !== "string") return new Map(revisions);
  const body = await bench.vault.open(revisions, context);
  const listed: unknown = body && JSON.parse(decoder.decode(await bytesOf(body)));
  return isRevisions(listed) ? new Map(listed.revisions) : new Map();
}

interface RevisionList {
  readonly revisions: readonly (readonly [string, Revision])[];
}
const isRevisions = (value: unknown): value is RevisionList =>
  typeof value === "object" && value !== null && "revisions" in value && Array.isArray(value.revisions);

async function manifestOf(bench: Workbench, { manifest }: TargetState, context: Context): Promise<Manifest | undefined> {
  if (manifest === undefined) return undefined;
  const body = await bench.vault.open(manifest, context);
  const found: unknown = body && JSON.parse(decoder.decode(await bytesOf(body)));
  if (isManifest(found)) return found;
  throw new BelayError(
    "vault-damaged",
    `The list of what was live when belay began (${manifest.slice(0, 12)}) is not in the vault.`,
    "Bring the vault back from a backup of the state.",
  );
}

const isManifest = (value: unknown): value is Manifest =>
  typeof value === "object" && value !== null && "files" in value && Array.isArray(value.files);

/** Only pages are put back: of a plan that did not end well, assets may still stand. */
async function remainsOf(
  bench: Workbench,
  { releases }: TargetState,
  paths: ReadonlySet<string> | undefined,
  context: Context,
): Promise<Map<string, Content[]>> {
  const remains = new Map<string, Content[]>();
  const failed = releases.filter(({ as }) => as !== "applied");
  const plans = await concurrently(failed, bench.concurrency, async ({ plan }) => await openKeptPlan(bench, plan, context));
  for (const { change } of plans.flatMap((found) => (found ? stepsOf(found.plan) : []))) {
    if (change.kind === "delete" || !isWanted(paths, change.at.key)) continue;
    remains.set(change.at.key, [...(remains.get(change.at.key) ?? []), change.content]);
  }
  return remains;
}
