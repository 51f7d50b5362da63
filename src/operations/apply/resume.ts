/** `belay resume` and `belay undo`: an interrupted apply is finished, or what it wrote is put back. */

import { BelayError } from "../../core/belay-error.ts";
import type { Exception } from "../../core/ledger/entry.ts";
import { targetState, type LedgerState, type OpenPlan } from "../../core/ledger/fold.ts";
import { stepsOf, type IdentifiedPlan, type Step } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import type { Held, Lease } from "../../ports/leaser.ts";
import type { Store } from "../../ports/store.ts";
import { carryOn, requireStore, type ApplyResult } from "./apply.ts";
import { concurrently } from "../concurrently.ts";
import { openContent } from "./content-source.ts";
import { openPlan } from "../plan-shelf.ts";
import { putBack } from "./put-back.ts";
import { assetsLeft, leftBy } from "./put-back-telling.ts";
import type { Run } from "./run-waves.ts";
import { rederive } from "./settle.ts";
import { lateArrivalMs, openTenure, requestTimeoutMs, tenureMs } from "./tenure.ts";
import { isHeld, withLease } from "../with-lease.ts";
import type { Context, Workbench } from "../workbench.ts";

export type ResumeResult =
  | { readonly kind: "nothing-to-do" }
  | { readonly kind: "held"; readonly held: Held }
  | {
      readonly kind: "tried";
      readonly identified: IdentifiedPlan;
      readonly result: ApplyResult;
      /** Where it was put back: new assets that still stand, until `sweep`. */
      readonly assetsLeft?: readonly string[];
    }
  | {
      readonly kind: "put-back";
      readonly identified: IdentifiedPlan;
      readonly exceptions: readonly Exception[];
      /** New assets that still stand, until `sweep`. */
      readonly assetsLeft: readonly string[];
    };

export type Way = "finish" | "put-back";

export interface ResumeRequest {
  readonly target: Target;
  readonly way: Way;
  /** How long to wait for somebody else's lease. */
  readonly waitMs: number;
}

export async function resume(bench: Workbench, { target, way, waitMs }: ResumeRequest, context: Context): Promise<ResumeResult> {
  const { open } = targetState(await bench.ledger.state(context), bench.site.name, target.name);
  if (!open) return { kind: "nothing-to-do" };
  // Before anything is said of it: whoever cannot finish a plan leaves it to whoever can.
  if (way === "finish" && !open.undoing) await requireBytes(bench, { target, open }, context);
  const purpose = way === "finish" ? "resume" : "undo";
  const answer = await withLease(bench, { target: target.name, purpose, waitMs }, context, (predecessor) =>
    takeOver(bench, { target, way, predecessor }, context),
  );
  return isHeld(answer) ? { kind: "held", held: answer } : answer;
}

interface Taking {
  readonly target: Target;
  readonly way: Way;
  readonly predecessor: Lease["predecessor"];
}

/** Adopts first, so that a slow owner stops; then waits until its last request has landed or died; then acts. */
async function takeOver(bench: Workbench, { target, way, predecessor }: Taking, context: Context): Promise<ResumeResult> {
  const store = await bench.storeOf(target.store);
  const earlier: Earlier = { predecessor, isRemote: store.isRemote === true };
  const adopted = await adopt(bench, { target, way, earlier }, context);
  if (!adopted) return { kind: "nothing-to-do" };
  const { open, ownedSince, ownedAtMs } = adopted;
  const identified = await openInterrupted(bench, { target, open }, context);
  // What a bucket keeps is tried out before the wait, so that nothing slow comes between a permission and its write.
  await store.guarantees(context);
  const quietInMs = quietIn(open, earlier, bench.runtime.now());
  if (quietInMs > 0) {
    context.report({ phase: "waiting", done: 0 });
    await bench.runtime.sleep(quietInMs, context.signal);
  }
  const run: Run = {
    identified,
    target,
    release: open.release,
    ownedSince,
    ownedAtMs,
    startedAt: open.at,
    ...(open.commit === undefined ? {} : { commit: open.commit }),
    isFresh: false,
  };
  if (way === "finish" && !open.undoing) {
    const result = await carryOn(bench, run, context).catch((error: unknown) => {
      throw withoutFiles(error, target);
    });
    return { kind: "tried", identified, result, ...(await leftBy(bench, { identified, result, target }, context)) };
  }
  const tenure = openTenure(bench, { target: target.name, plan: identified.id, ownedSince, ownedAtMs });
  const undone = await putBack(bench, { ...run, tenure, why: "undo", as: "undone" }, context);
  if (undone.kind === "ended") {
    const left = await assetsLeft(bench, identified, target, context);
    return { kind: "put-back", identified, exceptions: undone.exceptions, assetsLeft: left };
  }
  return { kind: "tried", identified, result: undone };
}

interface Interrupted {
  readonly target: Target;
  readonly open: OpenPlan;
}

async function openInterrupted(bench: Workbench, { target, open }: Interrupted, context: Context): Promise<IdentifiedPlan> {
  const identified = await openPlan(bench, open.plan, context).catch((error: unknown) => {
    throw lostPlan(error, open);
  });
  requireStore(identified, target);
  return identified;
}

/**
 * Throws `unsettled` where bytes that the plan has yet to write are not to be had from here: in another working copy, or after
 * edits. Putting all of it back is then a choice that somebody makes, never what a `resume` ends in.
 */
async function requireBytes(bench: Workbench, interrupted: Interrupted, context: Context): Promise<void> {
  const { plan } = await openInterrupted(bench, interrupted, context);
  const store = await bench.storeOf(plan.store);
  const missing = (
    await concurrently(stepsOf(plan), bench.concurrency, async (step) =>
      (await isMissing(bench, step, store, context)) ? [step.change.at.key] : [],
    )
  ).flat();
  const [first] = missing;
  if (first === undefined) return;
  const others = missing.length === 1 ? "" : ` and ${missing.length - 1} more`;
  throw new BelayError(
    "unsettled",
    `The interrupted ${plan.intent} "${plan.title}" cannot be finished from here: the bytes that it was to write to ${first}${others} are not in this working copy. Nothing was changed.`,
    `belay resume ${plan.target}   (in the working copy that has them: ${interrupted.open.by.name} began it)\nbelay undo ${plan.target}   (puts back what it has written)`,
  );
}

/** Asked of live only where the bytes are not at hand: what has landed is needed no more. */
async function isMissing(bench: Workbench, { change, from }: Step, store: Store, context: Context): Promise<boolean> {
  if (change.kind === "delete") return false;
  try {
    await openContent(bench, { change, ...(from && { from }) }, context);
    return false;
  } catch (error) {
    if (!(error instanceof BelayError) || (error.code !== "input-changed" && error.code !== "plan-stale")) throw error;
    return (await rederive({ store, change }, context)).kind === "not-done";
  }
}

interface Earlier {
  readonly predecessor: Lease["predecessor"];
  readonly isRemote: boolean;
}

/** How long until nothing that earlier owners have sent can still arrive. Clocks of other machines are trusted for less than a timeout. */
function quietIn({ isQuiet, left }: OpenPlan, { predecessor, isRemote }: Earlier, nowMs: number): number {
  if (!isQuiet) return tenureMs + requestTimeoutMs;
  if (left?.isInFlight === false) return 0;
  if (predecessor === "dead") return isRemote ? lateArrivalMs : 0;
  if (!left) return tenureMs + requestTimeoutMs;
  return Math.min(Math.max(requestTimeoutMs - (nowMs - Date.parse(left.at)), 0), requestTimeoutMs);
}

/** Another working copy, or other files by now: the plan was put back, and a new one starts from what is here. */
function withoutFiles(error: unknown, { name }: Target): unknown {
  if (!(error instanceof BelayError) || error.code !== "input-changed") return error;
  return new BelayError(
    "input-changed",
    `${error.message} So the interrupted plan could not be finished; what it had written was put back.`,
    `belay deploy ${name}   (where the files are)`,
    { cause: error },
  );
}

/** Without its plan nobody knows what was written: that is for a person with a backup of the state. */
function lostPlan(error: unknown, { plan }: OpenPlan): unknown {
  const isLost = error instanceof BelayError && (error.code === "plan-unknown" || error.code === "vault-damaged");
  if (!isLost) return error;
  return new BelayError(
    "vault-damaged",
    `The plan ${plan.slice(0, 12)} of the interrupted apply is not in the vault any more, so nothing can finish it or put it back.`,
    `Restore vault/${plan.slice(0, 2)}/${plan} in the state folder from a backup or from another machine's .belay/seen, then run the same command again.`,
    { cause: error },
  );
}

const appendsMax = 32;

async function adopt(
  bench: Workbench,
  { target, way, earlier }: Pick<Taking, "target" | "way"> & { readonly earlier: Earlier },
  context: Context,
): Promise<{ open: OpenPlan; ownedSince: number; ownedAtMs: number } | undefined> {
  for (let attempt = 1; attempt <= appendsMax; attempt += 1) {
    const state = await bench.ledger.state(context);
    const { open } = targetState(state, bench.site.name, target.name);
    if (!open) return undefined;
    const ownedAtMs = bench.runtime.now();
    const appended = await bench.ledger.append(
      {
        kind: "adopted",
        actor: bench.actor,
        site: bench.site.name,
        target: target.name,
        plan: open.plan,
        why: way,
        isQuiet: quietIn(open, earlier, ownedAtMs) === 0,
      },
      state.head,
      context,
    );
    if (appended.kind === "appended") return { open, ownedSince: appended.entry.seq, ownedAtMs };
  }
  throw new BelayError(
    "ledger-contended",
    `The ledger moved on every one of ${appendsMax} attempts to append to it.`,
    `belay ${way === "finish" ? "resume" : "undo"}`,
  );
}

/**
 * Targets with an apply that has not ended. Throws `unsettled` where one of them is no longer in belay.yaml: nothing else
 * may be written before it has an end.
 */
export function openTargets(bench: Workbench, state: LedgerState): Target[] {
  const prefix = `${bench.site.name}/`;
  const names = Object.entries(state.targets)
    .filter(([key, { open }]) => key.startsWith(prefix) && open !== null)
    .map(([key]) => key.slice(prefix.length));
  const gone = names.find((name) => bench.site.targets.every((target) => target.name !== name));
  if (gone !== undefined) {
    throw new BelayError(
      "unsettled",
      `An apply to ${gone} has not ended, and ${gone} is no longer in belay.yaml.`,
      `Put the target ${gone} back into belay.yaml as it was, then: belay resume ${gone}\nbelay undo ${gone}   (puts back what it wrote)`,
    );
  }
  return bench.site.targets.filter((target) => names.includes(target.name));
}
