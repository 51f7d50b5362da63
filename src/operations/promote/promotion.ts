/** Gathers what a promotion looks at: the stage's record, both stores as they are now, and how the one descends from the other. */

import { BelayError } from "../../core/belay-error.ts";
import { bytesOf } from "../../core/body.ts";
import { sameContent, withoutClaims } from "../../core/deploy/plan-deploy.ts";
import { planPromote } from "../../core/deploy/plan-promote.ts";
import { judgePromotion } from "../../core/deploy/promotion-lineage.ts";
import type { Known } from "../../core/deploy/deploy-facts.ts";
import type { LedgerState, Release } from "../../core/ledger/fold.ts";
import type { BaseEntry } from "../../core/lineage/base.ts";
import { placeIn } from "../../core/lineage/place-in-history.ts";
import type { Content, Headers, IdentifiedPlan, PromotedChange, Source } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import type { Store } from "../../ports/store.ts";
import type { Compared, Comparison } from "../compare/compare.ts";
import { concurrently } from "../concurrently.ts";
import { factsOf } from "../compare/deploy-facts.ts";
import { identify, type Observation } from "../compare/observe.ts";
import { overlapsOf, type Chosen } from "./chosen-changes.ts";
import type { PendingPath } from "./pending-changes.ts";
import { policyRefusals } from "../approve/policy.ts";
import { findBytes, isRemembered } from "../compare/seen-bytes.ts";
import { reliedChanges } from "./relied-changes.ts";
import { noBase, stageView, type Staged } from "./stage-view.ts";
import { unverifiedOf } from "./stage-verified.ts";
import { uncommittedOf } from "./uncommitted.ts";
import { openVersionHistory } from "../compare/version-history.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface PromotionRequest {
  readonly target: Target;
  readonly stage: Target;
  readonly ledger: LedgerState;
  readonly chosen: Chosen;
  readonly emergency: string | undefined;
}

export async function makePromotion(bench: Workbench, request: PromotionRequest, context: Context): Promise<IdentifiedPlan> {
  const { target, stage, ledger, chosen, emergency } = request;
  const [stageStore, store] = await Promise.all([bench.storeOf(stage.store), bench.storeOf(target.store)]);
  await bench.edgeOf(target);
  const sides = await lookAtBoth(bench, { ...request, stageStore, store }, context);
  const view = {
    ...bench,
    site: { ...bench.site, unit: "any" as const },
    folder: stageView(bench, stageStore, sides.staged),
    // What was verified has headers too: what belay.yaml asks for since then goes to the stage first.
    headersFor: (key: string): Headers => withoutClaims(sides.staged.get(key)?.content.headers ?? {}),
    base: noBase,
  };
  const judging: Judging = { bench: view, sides, store, context };
  const compared = (await concurrently(chosen.paths, bench.concurrency, async (pending) => await compareOne(pending, judging))).flat();
  const observation: Observation = { target, store, ledger, sightings: compared, localCount: undefined, liveCount: undefined };
  const differing = compared.filter(({ lineage }) => lineage.kind !== "same");
  let opening: ReturnType<typeof openVersionHistory> | undefined;
  const comparison: Comparison = {
    observation,
    paths: compared,
    headerChanges: [],
    history: async () => await (opening ??= openVersionHistory(view, observation, differing, context)),
  };
  const changes = chosen.releases.map(changeOf);
  const facts = await factsOf(
    view,
    comparison,
    { target, selection: chosen.paths.map(({ path }) => path), title: titleOf(changes) },
    context,
  );
  return planPromote(
    {
      facts,
      promotion: {
        stage: stage.name,
        target: target.name,
        changedOnStage: sides.changedOnStage,
        unverified: await unverifiedOf(bench, { ledger, stage, chosen }, context),
        uncommitted: await uncommittedOf(
          view,
          chosen.paths.filter(({ path }) => sides.staged.has(path)),
          context,
        ),
        headersMoved: sides.headersMoved,
        overlaps: overlapsOf(chosen),
        relies: await reliedChanges(view, chosen, context),
        change: chosen.change,
      },
      changes,
      sources: sourcesOf(stage, sides.staged),
      further: await policyRefusals(bench, target, ledger, context),
      emergency,
    },
    bench.runtime.sha256,
  );
}

const changeOf = ({ id, title, by, commit, invalidation }: Release): PromotedChange => ({
  id,
  title,
  by: by.name,
  ...(commit === undefined ? {} : { commit }),
  ...(invalidation === undefined ? {} : { invalidation }),
});

const titlesMax = 3;

function titleOf(changes: readonly PromotedChange[]): string {
  const [only, ...others] = changes;
  if (!only) return "nothing";
  if (others.length === 0) return only.title;
  const more = changes.length > titlesMax ? `; and ${changes.length - titlesMax} more` : "";
  return `${changes.length} changes: ${changes
    .slice(0, titlesMax)
    .map(({ title }) => title)
    .join("; ")}${more}`;
}

const sourcesOf = (stage: Target, staged: ReadonlyMap<string, Staged>): ReadonlyMap<string, Source> =>
  new Map([...staged].map(([key, { revision }]) => [key, { store: stage.store, key, revision }]));

interface Both extends PromotionRequest {
  readonly stageStore: Store;
  readonly store: Store;
}

interface BothSides {
  /** What the stage holds as its releases left it, in its present revision. */
  readonly staged: ReadonlyMap<string, Staged>;
  readonly changedOnStage: readonly string[];
  readonly live: ReadonlyMap<string, Known>;
  /** Paths where live is what belay knows to be there. */
  readonly known: ReadonlySet<string>;
  readonly headersMoved: readonly string[];
}

async function lookAtBoth(bench: Workbench, both: Both, context: Context): Promise<BothSides> {
  const { stage, chosen, stageStore, store } = both;
  const paths = chosen.paths.map(({ path }) => path);
  const atStage = await bench.base.load(stage.name, paths, context);
  const recorded = new Map(
    chosen.paths.flatMap(({ path, content, revision }) => {
      const seen = atStage.get(path);
      const held = revision ?? (seen && seen.digest === content?.digest ? seen.revision : undefined);
      return content && held !== undefined ? [[path, entryOf(content, held)] as const] : [];
    }),
  );
  const left = new Map(
    paths.flatMap((path) => {
      const { content, revision } = chosen.there.at.get(path) ?? {};
      return content && revision !== undefined ? [[path, entryOf(content, revision)] as const] : [];
    }),
  );
  const [onStage, live] = await Promise.all([
    holdings(bench, { store: stageStore, paths, base: recorded }, context),
    holdings(bench, { store, paths, base: left }, context),
  ]);
  const staged = new Map<string, Staged>();
  const changedOnStage: string[] = [];
  for (const { path, content } of chosen.paths) {
    const held = onStage.get(path);
    if (!sameContent(held, content)) changedOnStage.push(path);
    else if (held && content) staged.set(path, { content, revision: held.revision });
  }
  const moved = paths.filter((path) => !isKnown(chosen, path, live.get(path)));
  const headersMoved = moved.filter((path) => live.has(path) && live.get(path)?.digest === chosen.there.at.get(path)?.content?.digest);
  const isOfHeaders = new Set(headersMoved);
  const strange = new Set(moved.filter((path) => !isOfHeaders.has(path)));
  return {
    staged,
    changedOnStage,
    live,
    known: new Set(paths.filter((path) => !strange.has(path))),
    headersMoved,
  };
}

const entryOf = ({ digest, sizeBytes, headers }: Content, revision: BaseEntry["revision"]): BaseEntry => ({
  digest,
  sizeBytes,
  headers,
  revision,
  at: "",
  how: "deployed",
});

/** Whether what is live is what belay left there, or what a plan of its own that did not end well has left. */
function isKnown({ there }: Chosen, path: string, live: Known | undefined): boolean {
  const left = there.at.get(path);
  const isRemains = live !== undefined && there.remains.get(path)?.some((content) => sameContent(live, content)) === true;
  if (left) return sameContent(live, left.content) || isRemains;
  // The record does not reach back to the beginning: what is there is judged by what was made from it.
  return !there.isWhole || live === undefined || isRemains;
}

/** Beyond so many paths one listing tells of all. */
const readsMax = 24;

interface Holding {
  readonly store: Store;
  readonly paths: readonly string[];
  /** What the record says of a revision: an object that still has it need not be read. */
  readonly base: ReadonlyMap<string, BaseEntry>;
}

async function holdings(bench: Workbench, { store, paths, base }: Holding, context: Context): Promise<ReadonlyMap<string, Known>> {
  const live = new Map<string, Known>();
  if (paths.length <= readsMax) {
    await concurrently(paths, bench.concurrency, async (path) => {
      const reading = await store.read(path, context);
      if (reading) live.set(path, { ...reading.observed, digest: reading.body.digest, headers: reading.observed.headers ?? {} });
    });
    return live;
  }
  const wanted = new Set(paths);
  const listed = new Map();
  for await (const observed of store.list("", context)) if (wanted.has(observed.key)) listed.set(observed.key, observed);
  return await identify(bench, store, { paths, live: listed, base }, context);
}

interface Judging {
  readonly bench: Workbench;
  readonly sides: BothSides;
  readonly store: Store;
  readonly context: Context;
}

async function compareOne(pending: PendingPath, judging: Judging): Promise<Compared[]> {
  const { path } = pending;
  const { sides } = judging;
  const live = sides.live.get(path);
  const content = sides.staged.get(path)?.content;
  // The stage holds something else by now: that is refused, and nothing is said of what it would do.
  if (pending.content && !content) return [];
  const facts = { staged: content?.digest, live: live?.digest, isKnown: sides.known.has(path), ancestors: pending.ancestors };
  const first = judgePromotion({ ...facts, isEarlierInGit: false });
  const lineage = first?.kind === "unknown" ? judgePromotion({ ...facts, isEarlierInGit: await isEarlierInGit(path, judging) }) : first;
  if (!lineage) return [];
  const isProven = lineage.kind === "ahead" || lineage.kind === "removed" || lineage.kind === "same";
  const base = live && isProven ? entryOf(live, live.revision) : undefined;
  return [{ path, local: content && { digest: content.digest, sizeBytes: content.sizeBytes }, live, base, lineage }];
}

/** Both contents are versions of the file in version control, and live's is the older one. */
async function isEarlierInGit(path: string, { bench, sides, store, context }: Judging): Promise<boolean> {
  const [staged, live] = [sides.staged.get(path)?.content, sides.live.get(path)];
  if (!staged || !live || !isRemembered(path, Math.max(staged.sizeBytes, live.sizeBytes))) return false;
  const versions = (await bench.history.versionsOf([path], 200, context)).get(path)?.map((version) => version.contentId) ?? [];
  if (versions.length === 0) return false;
  const [mine, theirs] = await Promise.all([
    findBytes(bench, staged.digest, [{ store: bench.folder, path }], context),
    findBytes(bench, live.digest, [{ store, path }], context),
  ]);
  if (!mine || !theirs) return false;
  const [here, there] = [
    placeIn(versions, bench.history.contentId(await bytesOf(mine))),
    placeIn(versions, bench.history.contentId(await bytesOf(theirs))),
  ];
  return here !== undefined && there !== undefined && here.oldest < there.newest;
}

/** The target whose verified contents this one takes. */
export function stageOf(bench: Workbench, target: Target): Target {
  const stage = bench.site.targets.find(({ name }) => name === target.after);
  if (stage) return stage;
  throw new BelayError(
    "usage",
    `${target.name} comes after no other target, so nothing can be promoted to it.`,
    `belay deploy ${target.name}   (or say under \`after:\` of ${target.name} in belay.yaml which target it takes its bytes from)`,
  );
}
