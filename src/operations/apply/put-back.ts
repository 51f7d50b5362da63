/** Takes back what one plan wrote, and nothing else (decision 11). Always ends, with what could not be put back listed. */

import { BelayError, invariant } from "../../core/belay-error.ts";
import type { Exception } from "../../core/ledger/entry.ts";
import { isPage } from "../../core/paths/key.ts";
import { invertChange } from "../../core/plan/invert-change.ts";
import type { Body } from "../../core/body.ts";
import type { Change, Delete, Observed, Replace, Step, Wave } from "../../core/plan/plan.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import type { Store } from "../../ports/store.ts";
import { appendOwned } from "./append-owned.ts";
import { concurrently } from "../concurrently.ts";
import { openKept } from "./content-source.ts";
import { openRemembered } from "../plan-shelf.ts";
import { purge, type Purged } from "./purge.ts";
import type { Run } from "./run-waves.ts";
import { savePutBack } from "./save-put-back.ts";
import { hasArrived, isExpected, settle } from "./settle.ts";
import type { Tenure } from "./tenure.ts";
import type { Context, Workbench } from "../workbench.ts";

export type PutBackResult =
  | { readonly kind: "ended"; readonly exceptions: readonly Exception[] }
  | { readonly kind: "unsettled"; readonly paths: readonly string[]; readonly cause: string; readonly isInFlight: boolean }
  | { readonly kind: "adopted" };

export interface PuttingBack extends Run {
  readonly tenure: Tenure;
  readonly why: string;
  /** `stopped` when an apply gave up by itself, `undone` when a person asked for it. */
  readonly as: "stopped" | "undone";
  /** Paths for which this very process has sent writes; absent where an earlier one may have. */
  readonly tried?: ReadonlySet<string>;
}

export async function putBack(bench: Workbench, work: PuttingBack, context: Context): Promise<PutBackResult> {
  const { identified, target } = work;
  const owning = { identified, target, ownedSince: work.ownedSince, context };
  const about = { actor: bench.actor, site: identified.plan.site, target: target.name, plan: identified.id };
  if (!(await appendOwned(bench, owning, { kind: "undoing", ...about, why: work.why }))) return { kind: "adopted" };
  const store = await bench.storeOf(target.store);
  const exceptions: Exception[] = [];
  const unsettled: string[] = [];
  const notPurged: { readonly paths: readonly string[]; readonly cause: string }[] = [];
  if (!(await work.tenure.confirm(context))) return { kind: "adopted" };
  // Last wave first: a deleted page is back before the page that replaced it goes.
  for (const [index, wave] of [...identified.plan.waves.entries()].toReversed()) {
    const steps = await stepsToPutBack({ store, work }, index, context);
    let done = 0;
    await concurrently(steps, bench.concurrency, async (step) => {
      if (!(await work.tenure.holds(context))) return;
      const outcome = await putBackOne(bench, { store, work }, step, context).catch((error: unknown) => leftInPlace(step, error));
      if (outcome === "unsettled") unsettled.push(step.change.at.key);
      else if (outcome) exceptions.push(outcome);
      done += 1;
      context.report({ phase: "putting back", done, total: wave.steps.length, path: step.change.at.key });
    });
    if (!(await work.tenure.confirm(context))) return { kind: "adopted" };
    // Visitors' copies are renewed once everything is back: CloudFront would not do it a second time.
    if (unsettled.length > 0) continue;
    const purged = await purgeAgain(bench, work, { wave, index }, context);
    if (purged.kind === "unsettled") notPurged.push({ paths: wave.purge, cause: purged.cause });
  }
  if (unsettled.length > 0)
    return { kind: "unsettled", paths: unsettled, cause: "the store did not answer while putting back", isInFlight: true };
  const [waiting] = notPurged;
  if (waiting) return { kind: "unsettled", ...waiting, isInFlight: false };
  await savePutBack(bench, { store, steps: stepsOf(identified.plan), target: target.name }, context);
  const { stagingInvalidation, productionInvalidation } = identified.plan.proof;
  const hasEnded = await appendOwned(bench, owning, {
    kind: "ended",
    ...about,
    as: work.as,
    release: work.release,
    exceptions,
    stagingInvalidation,
    productionInvalidation,
  });
  return hasEnded ? { kind: "ended", exceptions } : { kind: "adopted" };
}

/** Visitors may have been given what was taken back: the same paths, under a reference of their own (decision 9). */
async function purgeAgain(
  bench: Workbench,
  { identified, release, target, ownedSince }: PuttingBack,
  { wave, index }: { readonly wave: Wave; readonly index: number },
  context: Context,
): Promise<Purged> {
  return await purge(
    bench,
    { target, paths: wave.purge, reference: `belay-${identified.id.slice(0, 16)}-${release}-${index}-undo-${ownedSince}` },
    context,
  );
}

/**
 * The steps of a wave that this plan may have made. Where it is known what was sent, those; else all, but for deletes
 * whose wave cannot have begun since an earlier one has not landed: nothing marks an absent object as ours.
 */
async function stepsToPutBack({ store, work }: Place, index: number, context: Context): Promise<readonly Step[]> {
  const { waves } = work.identified.plan;
  const steps = waves[index]?.steps ?? [];
  if (work.tried) return steps.filter((step) => work.tried?.has(step.change.at.key));
  if (!steps.some((step) => step.change.kind === "delete")) return steps;
  for (const { change } of waves.slice(0, index).flatMap((wave) => wave.steps)) {
    const found = (await store.read(change.at.key, context))?.observed;
    if (isExpected(change, found)) return steps.filter((step) => step.change.kind !== "delete");
  }
  return steps;
}

/** What the store does not let go of under guard, or not by these hands, stays and is listed: an undo always ends (decision 11). */
function leftInPlace({ change }: Step, error: unknown): Exception {
  const barred: readonly string[] = ["store-unguarded", "store-denied", "input-invalid"];
  if (error instanceof BelayError && barred.includes(error.code)) return { path: change.at.key, what: "not-put-back" };
  throw error;
}

/** Only revisions that this plan provably wrote are touched; a stranger's write stays and is listed. */
async function putBackOne(
  bench: Workbench,
  place: Place,
  { change }: Step,
  context: Context,
): Promise<Exception | "unsettled" | undefined> {
  const path = change.at.key;
  const reading = await place.store.read(path, context);
  const found = reading?.observed;
  if (!isOurs(change, found, place.work)) return isExpected(change, found) ? undefined : strangers(path, found);
  const prior = change.kind === "create" ? undefined : await findPrior(bench, change, context);
  // Nothing is deleted before it is kept: without it in the vault the absence is a stranger's work.
  if (change.kind !== "create" && !prior) return change.kind === "delete" ? strangers(path, undefined) : { path, what: "not-put-back" };
  const inverse = invertChange(change, found?.revision, isPage(path));
  if (!inverse) return undefined;
  // What goes away now was live for a moment: it is kept too.
  if (reading) await bench.vault.keep(reading.body, context);
  return await writeBack(place, { inverse, prior }, context);
}

async function writeBack(
  { store, work }: Place,
  { inverse, prior }: { readonly inverse: Change; readonly prior: Body | undefined },
  context: Context,
): Promise<Exception | "unsettled" | undefined> {
  const mayWrite = async (): Promise<boolean> => await work.tenure.holds(context);
  const settled = await settle(
    { store, change: inverse, provenance: () => undefined, body: async () => await bodyToPutBack(prior), mayWrite },
    context,
  );
  switch (settled.kind) {
    case "done":
    case "adopted":
      return undefined;
    case "unsettled":
      return "unsettled";
    case "conflict":
      return strangers(inverse.at.key, settled.found);
  }
}

interface Place {
  readonly store: Store;
  readonly work: PuttingBack;
}

/** Live holds this plan's content with this plan's name on it; a stranger's same bytes carry none. */
const isOurs = (change: Change, found: Observed | undefined, { identified }: PuttingBack): boolean =>
  hasArrived(change, found) && (found === undefined || found.provenance?.plan === identified.id);

const strangers = (path: string, found: Observed | undefined): Exception => ({
  path,
  what: "left-to-stranger",
  ...(found?.digest === undefined ? {} : { found: found.digest }),
});

/** What was deleted is in the vault, or was not this plan's to bring back; what was replaced may lie anywhere. */
async function findPrior(bench: Workbench, { kind, at, prior }: Replace | Delete, context: Context): Promise<Body | undefined> {
  if (kind === "delete") return await openRemembered(bench.vault, prior.digest, context);
  return await openKept(bench, { at, content: prior }, context);
}

function bodyToPutBack(prior: Body | undefined): Promise<Body> {
  invariant(prior !== undefined, "what was created has nothing to put back but its absence");
  return Promise.resolve(prior);
}
