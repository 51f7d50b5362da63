/** `belay snapshots` and `belay restore`: what releases replaced, and the way back to it. */

import { lineCounts } from "../codecs/text-diff/line-counts.ts";
import { checkToken } from "../codecs/feature-tokens/check-token.ts";
import { BelayError } from "../core/belay-error.ts";
import { bytesOf } from "../core/body.ts";
import { planRestore, type RestorePath } from "../core/deploy/plan-restore.ts";
import type { Known } from "../core/deploy/deploy-facts.ts";
import { targetState, type LedgerState, type Release } from "../core/ledger/fold.ts";
import type { Change, Content, TokenResult } from "../core/plan/plan.ts";
import { stepsOf } from "../core/plan/plan.ts";
import type { Target } from "../core/site.ts";
import type { Store } from "../ports/store.ts";
import { concurrently } from "./concurrently.ts";
import { carryOut, refuseOpen, type Confirm, type DeployResult, type Waiting } from "./deploy.ts";
import { observe, type Selection } from "./observe.ts";
import { openPlan } from "./plan-shelf.ts";
import { findBytes, isRemembered } from "./seen-bytes.ts";
import { isHeld, withLease } from "./with-lease.ts";
import type { Context, Workbench } from "./workbench.ts";

export interface Snapshot {
  readonly release: string;
  readonly at: string;
  readonly by: string;
  readonly title: string;
  readonly intent: string;
  /** What the release replaced, deleted or created. */
  readonly paths: readonly { readonly path: string; readonly kind: Change["kind"] }[];
  /** Folder of plain copies below `.belay/snapshots`, for production pages. */
  readonly folder?: string;
}

/** Newest first. Stopped and undone applies replaced nothing for good and are left out. */
export async function listSnapshots(bench: Workbench, target: Target, context: Context): Promise<Snapshot[]> {
  const applied = appliedReleases(await bench.ledger.state(context), bench.site.name, target);
  return concurrently(applied, bench.concurrency, async (release) => {
    const { plan } = await openPlan(bench, release.plan, context);
    return {
      release: release.id,
      at: release.at,
      by: release.by.name,
      title: release.title,
      intent: release.intent,
      paths: stepsOf(plan).map(({ change }) => ({ path: change.at.key, kind: change.kind })),
      ...(release.snapshot === undefined ? {} : { folder: release.snapshot }),
    };
  });
}

const appliedReleases = (state: LedgerState, site: string, target: Target): Release[] =>
  targetState(state, site, target.name).releases.filter((release) => release.as === "applied");

export interface RestoreRequest extends Waiting {
  readonly target: Target;
  readonly selection: Selection;
  /** A release id: everything that it and later releases changed goes back to what was there before it. Default: the last. */
  readonly from: string | undefined;
}

export async function restore(bench: Workbench, request: RestoreRequest, confirm: Confirm, context: Context): Promise<DeployResult> {
  const { target, waitMs } = request;
  const answer = await withLease(bench, { target: target.name, purpose: "restore", waitMs }, context, async (): Promise<DeployResult> => {
    await refuseOpen(bench, target.name, context);
    await bench.edgeOf(target);
    const ledger = await bench.ledger.state(context);
    const replaced = await replacedSince(bench, ledger, request, context);
    const observation = await observe(bench, target, [...replaced.paths.keys()], context);
    const live = new Map(observation.sightings.map((sighting) => [sighting.path, sighting.live]));
    const paths = await concurrently([...replaced.paths], bench.concurrency, async ([path, { before, left }]): Promise<RestorePath> => {
      const now = live.get(path);
      const lines = await linesBetween(bench, { path, now, before, store: observation.store }, context);
      return { path, live: now, left, before, ...(lines === undefined ? {} : { lines }) };
    });
    const identified = planRestore(
      {
        site: bench.site,
        target,
        release: replaced.release,
        basis: targetState(ledger, bench.site.name, target.name).basis,
        paths,
        tokens: await tokensAfter(bench, observation.store, paths, context),
        policy: bench.policy,
        warnings: ledger.warnings,
      },
      bench.runtime.sha256,
    );
    return carryOut(bench, identified, confirm, context);
  });
  return isHeld(answer) ? { kind: "held", held: answer } : answer;
}

interface Replaced {
  readonly release: string;
  readonly paths: ReadonlyMap<string, { readonly before: Content | undefined; readonly left: Content | undefined }>;
}

/** Walks releases from the newest back to the named one: the oldest step gives *before*, the newest gives *left*. */
async function replacedSince(bench: Workbench, ledger: LedgerState, request: RestoreRequest, context: Context): Promise<Replaced> {
  const { target, from } = request;
  const applied = appliedReleases(ledger, bench.site.name, target);
  const isKnown = from === undefined || applied.some((release) => release.id === from);
  const paths = new Map<string, { before: Content | undefined; left: Content | undefined }>();
  for (const release of isKnown ? applied : []) {
    if (from !== undefined && seqOf(release.id) < seqOf(from)) break;
    for (const change of await changesOf(bench, release, request, context)) {
      const { before, left } = endsOf(change);
      const known = paths.get(change.at.key);
      paths.set(change.at.key, { before, left: known ? known.left : left });
    }
    if (paths.size > 0 && (from === undefined || release.id === from)) return { release: release.id, paths };
  }
  if (paths.size > 0 && from !== undefined) return { release: from, paths };
  throw nothingReplaced(request);
}

const endsOf = (change: Change): { readonly before: Content | undefined; readonly left: Content | undefined } => ({
  before: change.kind === "create" ? undefined : change.prior,
  left: change.kind === "delete" ? undefined : change.content,
});

/** What a release changed of the selected paths, as planned and landed. */
async function changesOf(bench: Workbench, release: Release, { target, selection }: RestoreRequest, context: Context): Promise<Change[]> {
  const { plan } = await openPlan(bench, release.plan, context);
  const isSelected = (path: string): boolean =>
    selection === undefined || selection.some((named) => named === path || (named.endsWith("/") && path.startsWith(named)));
  return stepsOf(plan)
    .map(({ change }) => change)
    .filter(({ at }) => isSelected(at.key) && !release.exceptions.includes(at.key) && !bench.isExcepted(target.name, at.key));
}

function nothingReplaced({ target, selection, from }: RestoreRequest): BelayError {
  const what = from === undefined ? "No release" : `No release ${from}`;
  return new BelayError(
    "usage",
    `${what} of ${target.name} changed ${selection?.join(", ") ?? "anything"}.`,
    `belay snapshots ${target.name}`,
  );
}

const seqOf = (release: string): number => Number(release.replace(/^r/u, ""));

interface Sides {
  readonly path: string;
  readonly now: Known | undefined;
  readonly before: Content | undefined;
  readonly store: Store;
}

async function linesBetween(bench: Workbench, { path, now, before, store }: Sides, context: Context): Promise<RestorePath["lines"]> {
  if (!isRemembered(path, Math.max(now?.sizeBytes ?? 0, before?.sizeBytes ?? 0))) return "binary";
  const from = now && (await findBytes(bench, now.digest, [{ store, path }], context));
  const to = before && (await findBytes(bench, before.digest, [], context));
  return lineCounts(from && (await bytesOf(from)), to && (await bytesOf(to)));
}

/** Tokens are shown, not enforced: the way back must be open even when an older page lacks a newer feature. */
async function tokensAfter(bench: Workbench, store: Store, paths: readonly RestorePath[], context: Context): Promise<TokenResult[]> {
  const results: TokenResult[] = [];
  for (const { name, file, rule, text } of bench.site.tokens) {
    const path = paths.find((one) => one.path === file);
    if (!path) continue;
    const after = path.before && (await findBytes(bench, path.before.digest, [], context));
    const now = path.live && (await findBytes(bench, path.live.digest, [{ store, path: file }], context));
    results.push({
      name,
      path: file,
      local: checkToken(rule, text, after && (await bytesOf(after))),
      live: checkToken(rule, text, now && (await bytesOf(now))),
    });
  }
  return results;
}
