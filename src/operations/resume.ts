/** `belay resume` and `belay undo`: an interrupted apply is finished, or what it wrote is put back. */

import type { Exception } from "../core/ledger/entry.ts";
import { targetState, type OpenPlan } from "../core/ledger/fold.ts";
import type { IdentifiedPlan } from "../core/plan/plan.ts";
import type { Target } from "../core/site.ts";
import type { Held } from "../ports/leaser.ts";
import { carryOn, type ApplyResult } from "./apply.ts";
import { openPlan } from "./plan-shelf.ts";
import { putBack } from "./put-back.ts";
import type { Run } from "./run-waves.ts";
import { openTenure, requestTimeoutMs, tenureMs } from "./tenure.ts";
import { isHeld, withLease } from "./with-lease.ts";
import type { Context, Workbench } from "./workbench.ts";

export type ResumeResult =
  | { readonly kind: "nothing-to-do" }
  | { readonly kind: "held"; readonly held: Held }
  | { readonly kind: "tried"; readonly identified: IdentifiedPlan; readonly result: ApplyResult }
  | { readonly kind: "put-back"; readonly identified: IdentifiedPlan; readonly exceptions: readonly Exception[] };

export type Way = "finish" | "put-back";

export async function resume(bench: Workbench, target: Target, way: Way, context: Context): Promise<ResumeResult> {
  const { open } = targetState(await bench.ledger.state(context), bench.site.name, target.name);
  if (!open) return { kind: "nothing-to-do" };
  const purpose = way === "finish" ? "resume" : "undo";
  const answer = await withLease(bench, { target: target.name, purpose, waitMs: 0 }, context, (takenOver) =>
    takeOver(bench, { target, way, takenOver }, context),
  );
  return isHeld(answer) ? { kind: "held", held: answer } : answer;
}

interface Taking {
  readonly target: Target;
  readonly way: Way;
  readonly takenOver: boolean;
}

/** Adopts first, so that a slow owner stops; then waits until its last request has landed or died; then acts. */
async function takeOver(bench: Workbench, { target, way, takenOver }: Taking, context: Context): Promise<ResumeResult> {
  const adopted = await adopt(bench, target, way, context);
  if (!adopted) return { kind: "nothing-to-do" };
  const { open, ownedSince } = adopted;
  const identified = await openPlan(bench, open.plan, context);
  if (takenOver) {
    context.report({ phase: "waiting", done: 0 });
    await bench.runtime.sleep(tenureMs + requestTimeoutMs, context.signal);
  }
  const run: Run = {
    identified,
    target,
    release: open.release,
    ownedSince,
    startedAt: open.at,
    ...(open.commit === undefined ? {} : { commit: open.commit }),
    isFresh: false,
  };
  if (way === "finish" && !open.undoing) return { kind: "tried", identified, result: await carryOn(bench, run, context) };
  const tenure = openTenure(bench, { target: target.name, plan: identified.id, ownedSince });
  const undone = await putBack(bench, { ...run, tenure, why: "undo", as: "undone" }, context);
  if (undone.kind === "ended") return { kind: "put-back", identified, exceptions: undone.exceptions };
  return { kind: "tried", identified, result: undone };
}

const appendsMax = 32;

async function adopt(
  bench: Workbench,
  target: Target,
  why: string,
  context: Context,
): Promise<{ open: OpenPlan; ownedSince: number } | undefined> {
  for (let attempt = 1; attempt <= appendsMax; attempt += 1) {
    const state = await bench.ledger.state(context);
    const { open } = targetState(state, bench.site.name, target.name);
    if (!open) return undefined;
    const appended = await bench.ledger.append(
      { kind: "adopted", actor: bench.actor, site: bench.site.name, target: target.name, plan: open.plan, why },
      state.head,
      context,
    );
    if (appended.kind === "appended") return { open, ownedSince: appended.entry.seq };
  }
  return undefined;
}
