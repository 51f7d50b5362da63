import { BelayError } from "../../core/belay-error.ts";
import type { PlanId } from "../../core/brand.ts";
import type { EntryBody } from "../../core/ledger/entry.ts";
import { targetState } from "../../core/ledger/fold.ts";
import type { IdentifiedPlan } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import type { Context, Workbench } from "../workbench.ts";

const appendsMax = 64;

export interface Owning {
  readonly identified: IdentifiedPlan;
  readonly target: Target;
  readonly ownedSince: number;
  readonly context: Context;
}

/** Appends an entry about a plan that this process owns, past entries about other things. False once it owns it no longer. */
export async function appendOwned(bench: Workbench, owning: Owning, body: EntryBody): Promise<boolean> {
  for (let attempt = 1; attempt <= appendsMax; attempt += 1) {
    // Whoever owned the plan last knows so; if that is old by now, the append is told.
    const state = await bench.ledger.state({ signal: owning.context.signal, mayBeOld: attempt === 1 });
    if (!owns(targetState(state, bench.site.name, owning.target.name).open, owning.identified.id, owning.ownedSince)) return false;
    const appended = await bench.ledger.append(body, state.head, owning.context);
    if (appended.kind === "appended") return true;
  }
  throw new BelayError("ledger-contended", `The ledger moved on every one of ${appendsMax} attempts to append to it.`, "belay resume");
}

const owns = (open: { readonly plan: PlanId; readonly ownedSince: number } | null, plan: PlanId, ownedSince: number): boolean =>
  open !== null && open.plan === plan && open.ownedSince === ownedSince;
