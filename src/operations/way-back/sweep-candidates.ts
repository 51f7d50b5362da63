/** Which assets of a target may be looked at for sweeping: belay's own, old enough, and held by nobody upstream. */

import type { BaseEntry } from "../../core/lineage/base.ts";
import { asRevision } from "../../core/brand.ts";
import type { Known } from "../../core/deploy/deploy-facts.ts";
import type { Upstream } from "../../core/deploy/plan-sweep.ts";
import { sameContent } from "../../core/deploy/plan-deploy.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import { isPage } from "../../core/paths/key.ts";
import type { Content, Observed } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import type { Store } from "../../ports/store.ts";
import { identify } from "../compare/observe.ts";
import { contentsOf, type Left, type TargetContents } from "../history/target-contents.ts";
import type { Context, Workbench } from "../workbench.ts";

/** Why an asset is left where it is. */
export type LeftWhy =
  /** A live page, style sheet or script names it. */
  | "referred"
  /** A page that was live within the grace period named it, and may still be in somebody's cache. */
  | "referred-lately"
  /** It was brought within the grace period. */
  | "recent"
  /** The stage before, or of a first stage the working folder, still holds it. */
  | "held"
  /** Belay did not bring it, or somebody has written it since. */
  | "not-belays"
  /** An earlier page that may have named it cannot be read any more. */
  | "unproven";

export interface Looking {
  readonly target: Target;
  readonly store: Store;
  readonly ledger: LedgerState;
  /** What is live, by key. */
  readonly live: ReadonlyMap<string, Observed>;
  /** Milliseconds since the epoch: what was live after this counts as still in use. */
  readonly sinceMs: number;
}

export interface Candidates {
  readonly assets: ReadonlyMap<string, Known>;
  readonly left: ReadonlyMap<string, LeftWhy>;
  readonly upstream: Upstream;
}

export async function sweepCandidates(bench: Workbench, looking: Looking, context: Context): Promise<Candidates> {
  const { target, store, ledger, live } = looking;
  const left = new Map<string, LeftWhy>();
  const { held, upstream } = await heldUpstream(bench, target, context);
  const free: string[] = [];
  for (const path of live.keys()) {
    if (isPage(path) || bench.isExcepted(target.name, path)) continue;
    if (held.has(path)) left.set(path, "held");
    else free.push(path);
  }
  const contents = await contentsOf(bench, { ledger, target, paths: new Set(free) }, context);
  const gone = await deletedUpstream(bench, looking, free, context);
  const known = await identify(
    bench,
    store,
    { paths: free, live, base: await seenBefore(bench, { target, paths: free, contents }, context) },
    context,
  );
  const assets = new Map<string, Known>();
  for (const path of free) {
    const asset = known.get(path);
    if (!asset) continue;
    const why = whyLeft(asset, { left: contents.at.get(path), remains: contents.remains.get(path) ?? [], isGone: gone.has(path) }, looking);
    if (why) left.set(path, why);
    else assets.set(path, asset);
  }
  return { assets, left, upstream };
}

interface Origin {
  readonly left: Left | undefined;
  readonly remains: readonly Content[];
  /** A release of the stage before has deleted it there. */
  readonly isGone: boolean;
}

function whyLeft(asset: Known, { left, remains, isGone }: Origin, { sinceMs }: Looking): LeftWhy | undefined {
  const isLeft = left?.content !== undefined && sameContent(asset, left.content);
  if (isLeft && left.by.kind === "release") return Date.parse(left.by.release.at) > sinceMs ? "recent" : undefined;
  const isRemains = remains.some((content) => sameContent(asset, content));
  const isOurs = isRemains || (isLeft && left.by.kind === "baseline" && isGone);
  if (!isOurs) return "not-belays";
  // Of a plan that was put back no release tells when; without the store's date it may have been today.
  return isRemains && (asset.modifiedAtMs ?? Infinity) > sinceMs ? "recent" : undefined;
}

interface Held {
  readonly held: ReadonlySet<string>;
  readonly upstream: Upstream;
}

/** Paths that the stage before holds, or of a first stage the working folder. */
async function heldUpstream(bench: Workbench, target: Target, context: Context): Promise<Held> {
  const stage = bench.site.targets.find(({ name }) => name === target.after);
  const store = stage ? await bench.storeOf(stage.store) : bench.folder;
  const held = new Set<string>();
  for await (const { key } of store.list("", context)) held.add(key);
  return { held, upstream: { name: stage?.name ?? "the working folder", store: store.name, files: held.size } };
}

async function deletedUpstream(
  bench: Workbench,
  { target, ledger }: Looking,
  paths: readonly string[],
  context: Context,
): Promise<ReadonlySet<string>> {
  const stage = bench.site.targets.find(({ name }) => name === target.after);
  if (!stage || paths.length === 0) return new Set();
  const { at } = await contentsOf(bench, { ledger, target: stage, paths: new Set(paths) }, context);
  return new Set(paths.filter((path) => at.get(path)?.by.kind === "release" && at.get(path)?.content === undefined));
}

/** What this copy has seen, and what writes were acknowledged with: under these revisions nothing need be read again. */
async function seenBefore(
  bench: Workbench,
  { target, paths, contents }: { readonly target: Target; readonly paths: readonly string[]; readonly contents: TargetContents },
  context: Context,
): Promise<ReadonlyMap<string, BaseEntry>> {
  const seen = new Map(await bench.base.load(target.name, paths, context));
  for (const path of paths) {
    const left = contents.at.get(path);
    if (left?.content === undefined || left.revision === undefined) continue;
    seen.set(path, { ...left.content, revision: asRevision(left.revision), at: "", how: "deployed" });
  }
  return seen;
}
