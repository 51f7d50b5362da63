/** The one way anything is written: a plan, applied with preconditions, recorded, checked, or put back. */

import { bodyOf } from "../../core/body.ts";
import type { Revision } from "../../core/brand.ts";
import { canonicalBytes } from "../../core/canonical-json.ts";
import type { EntryBody, Exception } from "../../core/ledger/entry.ts";
import { policyInForce, targetState, type LedgerState } from "../../core/ledger/fold.ts";
import { blocksWayBack, refuseWarned } from "../../core/deploy/rules/d4-warnings.ts";
import type { Check, IdentifiedPlan, Plan, Proof, Refusal } from "../../core/plan/plan.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import { isProduction, type Target } from "../../core/site.ts";
import { BelayError } from "../../core/belay-error.ts";
import { approvalsFor } from "../approve/approvals.ts";
import { keepPolicy } from "../approve/policy.ts";
import { keepPlan } from "../plan-shelf.ts";
import { requireGuarantees } from "./require-guarantees.ts";
import { runWaves, type Run, type WavesResult } from "./run-waves.ts";
import { appendOwned } from "./append-owned.ts";
import { putBack } from "./put-back.ts";
import { saveApplied } from "./save-applied.ts";
import { openTenure } from "./tenure.ts";
import type { Context, Workbench } from "../workbench.ts";

export type ApplyResult =
  | { readonly kind: "applied"; readonly release: string; readonly invalidation?: string; readonly snapshot?: string }
  /** By the plan itself, or by a warning that was opened since it was made. */
  | { readonly kind: "refused"; readonly refusals: readonly Refusal[] }
  /** Another apply, baseline or end was recorded for the target since the plan was made. */
  | { readonly kind: "stale-plan" }
  /** Somebody wrote meanwhile. Everything this apply had written was put back, but for the exceptions. */
  | { readonly kind: "conflict"; readonly path: string; readonly exceptions: readonly Exception[] }
  /** `isInFlight`: a write of unknown fate may still land. */
  | { readonly kind: "unsettled"; readonly paths: readonly string[]; readonly cause: string; readonly isInFlight: boolean }
  | { readonly kind: "verification-failed"; readonly check: Check; readonly saw: string; readonly exceptions: readonly Exception[] }
  | { readonly kind: "interrupted"; readonly exceptions: readonly Exception[] }
  /** Somebody else took the plan over while this process was slow. */
  | { readonly kind: "adopted" };

export async function applyPlan(bench: Workbench, identified: IdentifiedPlan, context: Context): Promise<ApplyResult> {
  const { plan } = identified;
  if (plan.refusals.length > 0) return { kind: "refused", refusals: plan.refusals };
  const target = targetNamed(bench, plan.target);
  requireStore(identified, target);
  await requireGuarantees(await bench.storeOf(plan.store), stepsOf(plan), context);
  await keepPlan(bench, identified, context);
  const started = await start(bench, identified, context);
  if ("kind" in started) return started;
  return carryOn(bench, { identified, target, ...started, isFresh: true }, context);
}

/** A plan names the store that it was made for; it is applied to no other. */
export function requireStore({ id, plan }: IdentifiedPlan, target: Target): void {
  if (plan.store === target.store) return;
  throw new BelayError(
    "plan-stale",
    `Plan ${id.slice(0, 12)} was made for ${plan.store}, and ${target.name} is ${target.store} now.`,
    `Set \`store:\` of ${target.name} back in belay.yaml, then run the same command again.`,
  );
}

export function targetNamed(bench: Workbench, name: string): Target {
  const target = bench.site.targets.find((one) => one.name === name);
  if (target) return target;
  const known = bench.site.targets.map((one) => one.name).join(", ");
  throw new BelayError("usage", `There is no target "${name}" in belay.yaml.`, `Targets: ${known}`);
}

const appendsMax = 32;

type NotStarted = Extract<ApplyResult, { kind: "stale-plan" | "refused" }>;
type Started = Pick<Run, "release" | "ownedSince" | "ownedAtMs" | "startedAt" | "commit">;

/** Compare-and-swap on the head; entries that do not bind this target only make it try again. */
async function start(bench: Workbench, { id, plan }: IdentifiedPlan, context: Context): Promise<Started | NotStarted> {
  const target = targetNamed(bench, plan.target);
  const commit = await commitOf(bench, plan, context);
  const policy = isProduction(target) ? bench.policy : undefined;
  for (let attempt = 1; attempt <= appendsMax; attempt += 1) {
    const state = await bench.ledger.state({ signal: context.signal, mayBeOld: attempt === 1 });
    if (!isCurrent(state, plan)) return { kind: "stale-plan" };
    const approved = await approvalsFor(bench, { identified: { id, plan }, target, state }, context);
    const warnings = plan.back ? state.warnings.filter(blocksWayBack) : state.warnings;
    const warned = refuseWarned({ warnings, site: bench.site, target }, stepsOf(plan));
    const refusals = [...warned, ...approved.refusals];
    if (refusals.length > 0) return { kind: "refused", refusals };
    if (policy !== undefined && !policyInForce(state, plan.site)) await keepPolicy(bench, context);
    const release = `r${state.head.seq + 1}`;
    const ownedAtMs = bench.runtime.now();
    const appended = await bench.ledger.append(
      {
        kind: "started",
        actor: bench.actor,
        site: plan.site,
        target: plan.target,
        plan: id,
        intent: plan.intent,
        title: plan.title,
        release,
        files: stepsOf(plan).length,
        ...(commit === undefined ? {} : { commit }),
        tokens: bench.site.tokens.map((token) => token.name),
        ...(policy === undefined ? {} : { policy }),
        ...(approved.seqs.length === 0 ? {} : { approvals: approved.seqs }),
        ...whyItMay(plan),
      },
      state.head,
      context,
    );
    if (appended.kind === "appended") {
      return {
        release,
        ownedAtMs,
        ownedSince: appended.entry.seq,
        startedAt: appended.entry.at,
        ...(commit === undefined ? {} : { commit }),
      };
    }
  }
  throw new BelayError("ledger-contended", "The ledger moved on every one of 32 attempts to append to it.", "Run the same command again.");
}

/** Of a plan that goes past the usual way: the emergency, or the reconcile that it carries out a part of. */
const whyItMay = ({ emergency, carries }: Plan): Pick<Extract<EntryBody, { kind: "started" }>, "emergency" | "carries"> => ({
  ...(emergency === undefined ? {} : { emergency }),
  ...(carries === undefined ? {} : { carries: carries.plan }),
});

/** The commit that the bytes came from: the checkout's where it is clean, a promotion's where all its changes are of one. */
async function commitOf(bench: Workbench, plan: Plan, context: Context): Promise<string | undefined> {
  if (plan.changes) {
    const [commit, ...others] = new Set(plan.changes.map((change) => change.commit));
    return others.length === 0 ? commit : undefined;
  }
  const head = await bench.history.head(context);
  return head && (await bench.history.isClean(context)) ? head.commit : undefined;
}

/** Whether nothing was recorded for the plan's target since it was made: only then can it start. */
export function isCurrent(state: LedgerState, plan: IdentifiedPlan["plan"]): boolean {
  const { basis, open } = targetState(state, plan.site, plan.target);
  return open === null && basis?.seq === plan.basis?.seq && basis?.hash === plan.basis?.hash;
}

/** From a *started* or *adopted* entry of ours to an *ended* one, or to a plan left open for `resume` and `undo`. */
export async function carryOn(bench: Workbench, run: Run, context: Context): Promise<ApplyResult> {
  try {
    const result = await carry(bench, run, context);
    if (result.kind === "unsettled") await leave(bench, run, { why: result.cause, isInFlight: result.isInFlight }, context);
    return result;
  } catch (error) {
    await leave(bench, run, { why: messageOf(error), isInFlight: true }, context).catch(() => undefined);
    throw error;
  }
}

/** Says that this process sends nothing more, so that whoever goes on need not wait for it. Nothing to say once the plan has ended. */
async function leave(
  bench: Workbench,
  run: Run,
  { why, isInFlight }: { readonly why: string; readonly isInFlight: boolean },
  context: Context,
): Promise<void> {
  const { identified, target } = run;
  const about = { actor: bench.actor, site: identified.plan.site, target: target.name, plan: identified.id };
  await appendOwned(bench, { ...run, context: unhurried(context) }, { kind: "left", ...about, why, isInFlight });
}

async function carry(bench: Workbench, run: Run, context: Context): Promise<ApplyResult> {
  const tenure = openTenure(bench, {
    target: run.target.name,
    plan: run.identified.id,
    ownedSince: run.ownedSince,
    ownedAtMs: run.ownedAtMs,
  });
  const tried = new Set<string>();
  // What an earlier process sent is not known here: then live itself has to tell.
  const ours = run.isFresh ? { tried } : {};
  let result: WavesResult;
  try {
    result = await runWaves(bench, run, { tenure, tried }, context);
  } catch (error) {
    // A thrown write has not landed: what did land is put back, then the reason is told.
    const undone = await putBack(bench, { ...run, tenure, ...ours, why: messageOf(error), as: "stopped" }, unhurried(context));
    if (undone.kind !== "ended") return undone;
    throw error;
  }
  switch (result.kind) {
    case "landed":
      return finish(bench, run, result, context);
    case "adopted":
      return result;
    case "unsettled":
      return result;
    case "conflict":
    case "bad":
    case "interrupted": {
      const why = whyOf(result);
      const undone = await putBack(bench, { ...run, tenure, ...ours, why, as: "stopped" }, unhurried(context));
      if (undone.kind === "adopted") return undone;
      if (undone.kind === "unsettled") return undone;
      const { exceptions } = undone;
      if (result.kind === "conflict") return { kind: "conflict", path: result.path, exceptions };
      if (result.kind === "bad") return { kind: "verification-failed", check: result.check, saw: result.saw, exceptions };
      return { kind: "interrupted", exceptions };
    }
  }
}

function whyOf(result: Extract<WavesResult, { kind: "conflict" | "bad" | "interrupted" }>): string {
  if (result.kind === "conflict") return `conflict at ${result.path}`;
  return result.kind === "bad" ? `${result.check.at.key}: ${result.saw}` : "interrupted";
}

/** Putting back goes on after Ctrl-C: it is what makes stopping clean. */
const unhurried = (context: Context): Context => ({ ...context, signal: new AbortController().signal });

async function finish(
  bench: Workbench,
  run: Run,
  landed: Extract<WavesResult, { kind: "landed" }>,
  context: Context,
): Promise<ApplyResult> {
  const { identified, target, release } = run;
  const invalidation = landed.invalidations.at(-1);
  const proof: Pick<Proof, "stagingInvalidation" | "productionInvalidation"> = completed(
    identified.plan.proof,
    target,
    landed.invalidations,
  );
  const snapshot = landed.hasSnapshot ? landed.snapshot : undefined;
  // Before the end is recorded: a process that dies in between leaves an open plan, never a release that its own copy has not seen.
  await saveApplied(bench, run, landed, unhurried(context));
  const appended = await appendOwned(
    bench,
    { ...run, context: unhurried(context) },
    {
      kind: "ended",
      actor: bench.actor,
      site: identified.plan.site,
      target: target.name,
      plan: identified.id,
      as: "applied",
      release,
      exceptions: [],
      ...proof,
      ...(await revisionsRecorded(bench, landed.revisions, unhurried(context))),
      ...(snapshot === undefined ? {} : { snapshot }),
    },
  );
  if (!appended) return { kind: "adopted" };
  return {
    kind: "applied",
    release,
    ...(invalidation === undefined ? {} : { invalidation }),
    ...(snapshot === undefined ? {} : { snapshot }),
  };
}

/** So many stand in the entry itself; more are a document in the vault. */
const revisionsInlineMax = 32;

/** What each write was acknowledged with: whoever takes these bytes further can tell that they are still the same. */
async function revisionsRecorded(
  bench: Workbench,
  revisions: ReadonlyMap<string, Revision | undefined>,
  context: Context,
): Promise<Pick<Extract<EntryBody, { kind: "ended" }>, "revisions">> {
  const known = [...revisions].flatMap(([path, revision]) => (revision === undefined ? [] : [[path, revision] as const]));
  if (known.length === 0) return {};
  if (known.length <= revisionsInlineMax) return { revisions: known };
  const bytes = canonicalBytes({ format: 1, kind: "revisions", revisions: known });
  const body = bodyOf(bytes, bench.runtime.sha256(bytes));
  await bench.vault.keep(body, context);
  return { revisions: body.digest };
}

function completed(proof: Proof, target: Target, ids: readonly string[]): Pick<Proof, "stagingInvalidation" | "productionInvalidation"> {
  const own = ids.length > 0 ? ids.join(", ") : undefined;
  const { stagingInvalidation, productionInvalidation } = proof;
  if (own === undefined) return { stagingInvalidation, productionInvalidation };
  return isProduction(target) ? { stagingInvalidation, productionInvalidation: own } : { stagingInvalidation: own, productionInvalidation };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
