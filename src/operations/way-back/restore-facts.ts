/** Gathers what planning a way back looks at, for restore and rollback alike. */

import { lineCounts } from "../../codecs/text-diff/line-counts.ts";
import { checkToken } from "../../codecs/feature-tokens/check-token.ts";
import { needsOf } from "../../core/approval/approval-needs.ts";
import { bytesOf, type Body } from "../../core/body.ts";
import { isStrangers, type RestoreFacts, type RestorePath } from "../../core/deploy/plan-restore.ts";
import { targetState, type LedgerState } from "../../core/ledger/fold.ts";
import type { Content, TokenResult } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import type { Store } from "../../ports/store.ts";
import { isPersonHere } from "../approve/approvals.ts";
import { concurrently } from "../concurrently.ts";
import { openKept, openLocal } from "../apply/content-source.ts";
import { observe } from "../compare/observe.ts";
import { noticeOutOfBand } from "../history/out-of-band.ts";
import { policyRefusals } from "../approve/policy.ts";
import type { Replaced } from "./restore-replaced.ts";
import { findBytes, isRemembered } from "../compare/seen-bytes.ts";
import { contentsOf } from "../history/target-contents.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface WayBackRequest {
  readonly ledger: LedgerState;
  readonly target: Target;
  readonly replaced: Replaced;
}

/** Looks at each of the paths once, and at nothing else of the target. */
export async function gatherRestoreFacts(bench: Workbench, request: WayBackRequest, context: Context): Promise<RestoreFacts> {
  const { ledger, target, replaced } = request;
  // A CDN that cannot be purged, or is not this store's, is said before anything is planned.
  await bench.edgeOf(target);
  const keys = [...replaced.before.keys()];
  const observation = await observe(bench, target, keys, context);
  const live = new Map(observation.sightings.map((sighting) => [sighting.path, sighting.live]));
  const known = await contentsOf(bench, { ledger, target, paths: new Set(keys) }, context);
  const paths = await concurrently(keys, bench.concurrency, async (path): Promise<RestorePath> => {
    const before = replaced.before.get(path);
    const remains = known.remains.get(path);
    return {
      path,
      live: live.get(path),
      left: known.at.get(path)?.content,
      before,
      ...(remains && { remains }),
      ...(await bytesAt(bench, { path, now: live.get(path), before, store: observation.store }, context)),
    };
  });
  // What somebody else wrote goes on record at once: a pull of it then settles it, and the way back is free.
  const strangers = new Set(paths.filter(isStrangers).map(({ path }) => path));
  if (strangers.size > 0) {
    const sightings = observation.sightings.filter(({ path }) => strangers.has(path));
    await noticeOutOfBand(bench, { ...observation, ledger, sightings }, context);
  }
  return {
    site: bench.site,
    target,
    back: replaced.back,
    basis: targetState(ledger, bench.site.name, target.name).basis,
    paths,
    tokens: await tokensAfter(bench, observation.store, paths, context),
    policy: bench.policy,
    warnings: ledger.warnings,
    // A person at the terminal goes back alone (decision 21); whatever acts for one waits for approval as a deploy does.
    needs: isPersonHere(bench, context) ? undefined : needsOf(target),
    refusals: await policyRefusals(bench, target, ledger, context),
  };
}

interface Sides {
  readonly path: string;
  readonly now: Content | undefined;
  readonly before: Content | undefined;
  readonly store: Store;
}

/** Whether what was there can be had at all, and how it differs from what is there now. */
async function bytesAt(
  bench: Workbench,
  { path, now, before, store }: Sides,
  context: Context,
): Promise<Pick<RestorePath, "isLost" | "lines">> {
  if (before && before.digest === now?.digest) return { lines: { added: 0, removed: 0 } };
  const to = before && (await openBefore(bench, { path, before, store }, context));
  const lost = before && !to ? { isLost: true } : {};
  if (!isRemembered(path, Math.max(sizeOf(now), sizeOf(before)))) return { ...lost, lines: "binary" };
  const from = now && (await findBytes(bench, now.digest, [{ store, path }], context));
  return { ...lost, lines: lineCounts(from && (await bytesOf(from)), to && (await bytesOf(to))) };
}

const sizeOf = (content: Pick<Content, "sizeBytes"> | undefined): number => content?.sizeBytes ?? 0;

type Earlier = Pick<Sides, "path" | "store"> & { readonly before: Content };

/** From wherever an apply would take it. Throws `vault-damaged` where the vault alone had it and now holds other bytes. */
async function openBefore(bench: Workbench, { path, before, store }: Earlier, context: Context): Promise<Body | undefined> {
  const kept = await openKept(bench, { at: { store: store.name, key: path }, content: before }, context);
  const here = kept ?? (await openLocal(bench, path, before, context));
  // What is damaged is told as that, rather than as bytes that nobody ever kept.
  return here ?? (await bench.vault.open(before.digest, context));
}

/** Tokens are shown, not enforced: the way back must be open even when an older page lacks a newer feature. */
async function tokensAfter(bench: Workbench, store: Store, paths: readonly RestorePath[], context: Context): Promise<TokenResult[]> {
  const results: TokenResult[] = [];
  for (const { name, file, rule, text } of bench.site.tokens) {
    const path = paths.find((one) => one.path === file);
    if (!path) continue;
    const { before } = path;
    const after = before && (await openBefore(bench, { path: file, before, store }, context));
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
