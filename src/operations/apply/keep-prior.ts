/** D5: what is to be replaced can be opened again before the first write. */

import { BelayError } from "../../core/belay-error.ts";
import type { Step } from "../../core/plan/plan.ts";
import { isPage } from "../../core/paths/key.ts";
import { isProduction, type Target } from "../../core/site.ts";
import type { Body } from "../../core/body.ts";
import type { Store } from "../../ports/store.ts";
import { openRemembered } from "../plan-shelf.ts";
import type { Fate } from "./settle.ts";
import { rederive } from "./settle.ts";
import type { Context, Workbench } from "../workbench.ts";

export type Kept = { readonly kind: "kept" } | Fate;

export interface Keeping {
  readonly target: Target;
  readonly store: Store;
  /** Whether the store itself keeps what is overwritten: asked only when it matters. */
  readonly keepsVersions: () => Promise<boolean>;
  /** Folder of this apply's plain copies, for example `production/2026-11-22T02-03-04Z`. */
  readonly snapshot: string;
}

/**
 * Keeps one step's prior bytes. Answers with a fate instead where live is not what the step expects:
 * *done* if an earlier run of the same plan has landed it, *conflict* if a stranger has written.
 *
 * Pages always go into the vault, and so does all that is deleted: its being there is what tells an undo that the absence is
 * this plan's work. Of an asset that is replaced, the version that the store keeps is snapshot enough (decision 15), so its
 * bytes need not pass through this machine: `openKept` finds them there.
 */
export async function keepPrior(bench: Workbench, { change }: Step, keeping: Keeping, context: Context): Promise<Kept> {
  if (change.kind === "create") return { kind: "kept" };
  const { key } = change.at;
  if (change.kind === "replace" && !isPage(key) && (await keeping.keepsVersions())) return { kind: "kept" };
  let body = await openRemembered(bench.seenBytes, change.prior.digest, context);
  if (!body) {
    const reading = await keeping.store.read(key, context);
    if (!reading || reading.observed.revision !== change.expect.revision || reading.body.digest !== change.prior.digest) {
      const fate = await rederive({ store: keeping.store, change }, context);
      return fate.kind === "not-done" ? { kind: "conflict", found: reading?.observed } : fate;
    }
    ({ body } = reading);
  }
  await bench.vault.keep(body, context);
  if (isProduction(keeping.target) && isPage(key)) await keepPlainFile(bench, `${keeping.snapshot}/${key}`, body, context);
  return { kind: "kept" };
}

/** Asks a store at most once, at the first call, whether it keeps what is overwritten. One that will not tell keeps nothing. */
export function versionsAsker({ versions }: Store, context: Context): () => Promise<boolean> {
  let asked: Promise<boolean> | undefined;
  return async () => await (asked ??= versions ? versions.areKept(context).catch(notTold) : Promise.resolve(false));
}

function notTold(error: unknown): boolean {
  if (error instanceof BelayError && (error.code === "not-supported" || error.code === "store-denied")) return false;
  throw error;
}

/** A person can open it without belay. Created only: a second run of the same apply finds it there. */
async function keepPlainFile(bench: Workbench, key: string, body: Body, context: Context): Promise<void> {
  await bench.snapshots.write({ key, expect: { kind: "absent" }, body, headers: {} }, context);
}
