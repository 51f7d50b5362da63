/** Waves of a plan: keep what will be replaced, write with expectations, purge, check; stop at the first surprise. */

import type { Revision } from "../../core/brand.ts";
import { isPage } from "../../core/paths/key.ts";
import { invariant } from "../../core/belay-error.ts";
import type { Body } from "../../core/body.ts";
import type { Check, IdentifiedPlan, Provenance, Step, Wave } from "../../core/plan/plan.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import { isProduction, type Target } from "../../core/site.ts";
import type { Store } from "../../ports/store.ts";
import { headersShown, runChecks } from "./check-wave.ts";
import { concurrently } from "../concurrently.ts";
import { openContent, openLocal, rememberContent, type Sending } from "./content-source.ts";
import { HeldBodies } from "./held-bodies.ts";
import { keepPrior, versionsAsker } from "./keep-prior.ts";
import { purge } from "./purge.ts";
import { rederive, settle, type Fate } from "./settle.ts";
import type { Tenure } from "./tenure.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface Run {
  readonly identified: IdentifiedPlan;
  readonly target: Target;
  readonly release: string;
  /** Sequence number of our *started* or *adopted* entry. */
  readonly ownedSince: number;
  /** Taken before that entry was sent: our tenure counts from there. */
  readonly ownedAtMs: number;
  /** ISO 8601: of the *started* entry. Names the snapshot folder. */
  readonly startedAt: string;
  /** Full hash of the commit that the published files were made from, where the checkout was clean. */
  readonly commit?: string;
  /** False when an earlier process may have written some of it: then every step's fate is looked up first. */
  readonly isFresh: boolean;
}

export type WavesResult =
  | {
      readonly kind: "landed";
      readonly revisions: ReadonlyMap<string, Revision | undefined>;
      readonly invalidations: readonly string[];
      readonly sentFromHere: ReadonlySet<string>;
      readonly snapshot: string;
      readonly hasSnapshot: boolean;
    }
  | { readonly kind: "conflict"; readonly path: string }
  | { readonly kind: "unsettled"; readonly paths: readonly string[]; readonly cause: string; readonly isInFlight: boolean }
  | { readonly kind: "bad"; readonly check: Check; readonly saw: string }
  | { readonly kind: "interrupted" }
  | { readonly kind: "adopted" };

export interface Holding {
  readonly tenure: Tenure;
  readonly tried: Set<string>;
}

type Stop = Exclude<WavesResult, { kind: "landed" }>;

/** `tried` is filled with the paths for which a write was sent. */
export async function runWaves(bench: Workbench, run: Run, { tenure, tried }: Holding, context: Context): Promise<WavesResult> {
  // Whoever took a plan over may have slept since.
  if (!run.isFresh && !(await tenure.confirm(context))) return { kind: "adopted" };
  const store = await bench.storeOf(run.target.store);
  const quiet: Context = { ...context, signal: new AbortController().signal };
  const stage: Stage = {
    bench,
    run,
    store,
    tenure,
    context: quiet,
    signal: context.signal,
    snapshot: `${run.target.name}/${run.startedAt.replaceAll(":", "-").replace(/\.\d+Z$/u, "Z")}-${run.release}`,
    revisions: new Map(),
    invalidations: [],
    sentFromHere: new Set(),
    held: new HeldBodies(),
    keepsVersions: versionsAsker(store, quiet),
    tried,
  };
  const steps = stepsOf(run.identified.plan);
  const stopped = await forEachStep(stage, steps, "keeping", keepStep);
  if (stopped) return stopped;
  for (const [index, wave] of run.identified.plan.waves.entries()) {
    if (index > 0 && !(await tenure.confirm(stage.context))) return { kind: "adopted" };
    const stop =
      (await forEachStep(stage, wave.steps, "writing", writeStep)) ??
      (await purgeWave(stage, wave, index)) ??
      (await checkWave(stage, wave));
    if (stop) return stop;
  }
  const hasSnapshot = isProduction(run.target) && steps.some(({ change }) => change.kind !== "create" && isPage(change.at.key));
  return {
    kind: "landed",
    revisions: stage.revisions,
    invalidations: stage.invalidations,
    sentFromHere: stage.sentFromHere,
    snapshot: stage.snapshot,
    hasSnapshot,
  };
}

interface Stage {
  readonly bench: Workbench;
  readonly run: Run;
  readonly store: Store;
  readonly tenure: Tenure;
  /** Never aborted: writes under way are finished after Ctrl-C, so that their fate is known. */
  readonly context: Context;
  /** The caller's: aborted by Ctrl-C, which stops before the next step. */
  readonly signal: AbortSignal;
  /** Folder of the plain copies of overwritten pages. */
  readonly snapshot: string;
  readonly revisions: Map<string, Revision | undefined>;
  readonly invalidations: string[];
  /** Paths whose bytes were sent from the working copy: it has seen them, whatever is edited meanwhile. */
  readonly sentFromHere: Set<string>;
  /** Small files that were read to be remembered, until they are sent. */
  readonly held: HeldBodies;
  /** Whether the store keeps what is overwritten; asked once, when it matters. */
  readonly keepsVersions: () => Promise<boolean>;
  /** Paths for which this process has sent a write, whatever became of it. */
  readonly tried: Set<string>;
}

type StepWork = (stage: Stage, step: Step) => Promise<Stop | undefined>;

/** In parallel; after the first stop no further step begins, and those under way are waited for. */
async function forEachStep(stage: Stage, steps: readonly Step[], phase: "keeping" | "writing", work: StepWork): Promise<Stop | undefined> {
  let stop: Stop | undefined;
  const unsettled: string[] = [];
  let cause = "";
  let done = 0;
  await concurrently(steps, stage.bench.concurrency, async (step) => {
    if (stop && stop.kind !== "unsettled") return;
    if (stage.signal.aborted) stop ??= { kind: "interrupted" };
    else if (!(await stage.tenure.holds(stage.context))) stop ??= { kind: "adopted" };
    else {
      const found = await work(stage, step);
      if (found?.kind === "unsettled") {
        unsettled.push(...found.paths);
        ({ cause } = found);
      }
      if (found) stop = stop?.kind === "unsettled" || stop === undefined ? found : stop;
      done += 1;
      stage.context.report({ phase, done, total: steps.length, path: step.change.at.key });
    }
  });
  // What is unsettled outweighs the rest: nothing is put back while a write may still land.
  return unsettled.length > 0 ? { kind: "unsettled", paths: unsettled, cause, isInFlight: true } : stop;
}

async function keepStep(stage: Stage, step: Step): Promise<Stop | undefined> {
  const { bench, run, store, context, snapshot, keepsVersions } = stage;
  // What an earlier process has landed needs no bytes any more, and was kept before it was written.
  if (!run.isFresh) {
    const fate = await rederive({ store, change: step.change }, context);
    if (fate.kind === "done") return noteFate(stage, step, fate);
  }
  const here = await rememberContent(bench, step, store, context);
  if (here) stage.held.put(step.change.at.key, here);
  const kept = await keepPrior(bench, step, { target: run.target, store, snapshot, keepsVersions }, context);
  return kept.kind === "kept" ? undefined : noteFate(stage, step, kept);
}

async function writeStep(stage: Stage, step: Step): Promise<Stop | undefined> {
  const { run, store, context } = stage;
  const { change, from } = step;
  const path = change.at.key;
  if (stage.revisions.has(path)) return undefined;
  if (!run.isFresh) {
    const fate = await rederive({ store, change }, context);
    if (fate.kind !== "not-done") return noteFate(stage, step, fate);
  }
  stage.tried.add(path);
  const fate = await settle(
    {
      store,
      change,
      ...(from && { from }),
      mayWrite: async () => await stage.tenure.holds(context),
      provenance: () => (change.kind === "delete" ? undefined : provenanceOf(stage, { change, ...(from && { from }) })),
      body: async () => await contentToSend(stage, step),
    },
    context,
  );
  return noteFate(stage, step, fate);
}

/** What comes from another store was never this working copy's, whatever its files hold. */
async function contentToSend({ bench, context, sentFromHere, held }: Stage, { change, from }: Step): Promise<Body> {
  const path = change.at.key;
  invariant(change.kind !== "delete", "a delete has no content");
  if (from) return await openContent(bench, { change, from }, context);
  const here = held.take(path) ?? (await openLocal(bench, path, change.content, context));
  if (!here) return await openContent(bench, { change }, context);
  sentFromHere.add(path);
  return here;
}

function noteFate(stage: Stage, { change }: Step, fate: Fate): Stop | undefined {
  const path = change.at.key;
  switch (fate.kind) {
    case "done":
      stage.revisions.set(path, fate.revision);
      return undefined;
    case "conflict":
      return { kind: "conflict", path };
    case "unsettled":
      return {
        kind: "unsettled",
        paths: [path],
        cause: fate.cause instanceof Error ? fate.cause.message : String(fate.cause),
        isInFlight: true,
      };
    case "adopted":
      return fate;
  }
}

/**
 * A commit is named only where the bytes came from its checkout, now or, in a promotion, when they went to the stage: what was
 * put back or saved earlier is of no known commit.
 */
function provenanceOf({ bench, run, sentFromHere }: Stage, { change, from }: Sending): Provenance {
  const isOfCommit = from ? run.identified.plan.changes !== undefined : sentFromHere.has(change.at.key);
  return {
    plan: run.identified.id,
    release: run.release,
    digest: change.content.digest,
    ...(change.kind === "replace" && { parent: change.prior.digest }),
    ...(run.commit !== undefined && isOfCommit && { commit: run.commit }),
    actor: bench.actor.name,
    at: run.startedAt,
  };
}

/** The reference names plan, start and wave, so that a retry never purges twice and A → B → A purges each time (decision 9). */
async function purgeWave(stage: Stage, wave: Wave, index: number): Promise<Stop | undefined> {
  const { bench, run, invalidations, signal } = stage;
  if (wave.purge.length === 0) return undefined;
  stage.context.report({ phase: "purging", done: 0, total: wave.purge.length });
  const reference = `belay-${run.identified.id.slice(0, 16)}-${run.release}-${index}`;
  // Nothing is under way at the store: Ctrl-C may end the wait at once.
  const purged = await purge(bench, { target: run.target, paths: wave.purge, reference }, { ...stage.context, signal });
  if (purged.kind === "unsettled") return { kind: "unsettled", paths: wave.purge, cause: purged.cause, isInFlight: false };
  if (purged.id !== undefined) invalidations.push(purged.id);
  return undefined;
}

async function checkWave({ bench, run, store, revisions, context, signal }: Stage, wave: Wave): Promise<Stop | undefined> {
  const written = { store, revisions, headers: headersShown(wave.steps, run.target), hurry: signal };
  const verdict = await runChecks(bench, written, wave.checks, context);
  switch (verdict.kind) {
    case "good":
      return undefined;
    case "bad":
      return verdict;
    case "unknown":
      return { kind: "unsettled", paths: [verdict.check.at.key], cause: verdict.cause, isInFlight: false };
  }
}
