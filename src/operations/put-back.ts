/** Takes back what one plan wrote, and nothing else (decision 11). Always ends, with what could not be put back listed. */

import { BelayError } from "../core/belay-error.ts";
import type { Exception } from "../core/ledger/entry.ts";
import { isPage } from "../core/paths/key.ts";
import { invertChange } from "../core/plan/invert-change.ts";
import type { Body } from "../core/body.ts";
import type { Change, Observed, Step } from "../core/plan/plan.ts";
import type { Store } from "../ports/store.ts";
import { appendOwned } from "./append-owned.ts";
import { concurrently } from "./concurrently.ts";
import type { Run } from "./run-waves.ts";
import { hasArrived, isExpected, settle } from "./settle.ts";
import type { Tenure } from "./tenure.ts";
import type { Context, Workbench } from "./workbench.ts";

export type PutBackResult =
  | { readonly kind: "ended"; readonly exceptions: readonly Exception[] }
  | { readonly kind: "unsettled"; readonly paths: readonly string[]; readonly cause: string }
  | { readonly kind: "adopted" };

export interface PuttingBack extends Run {
  readonly tenure: Tenure;
  readonly why: string;
  /** `stopped` when an apply gave up by itself, `undone` when a person asked for it. */
  readonly as: "stopped" | "undone";
}

export async function putBack(bench: Workbench, work: PuttingBack, context: Context): Promise<PutBackResult> {
  const { identified, target } = work;
  const owning = { identified, target, ownedSince: work.ownedSince, context };
  const about = { actor: bench.actor, site: identified.plan.site, target: target.name, plan: identified.id };
  if (!(await appendOwned(bench, owning, { kind: "undoing", ...about, why: work.why }))) return { kind: "adopted" };
  const store = await bench.storeOf(target.store);
  const exceptions: Exception[] = [];
  const unsettled: string[] = [];
  // Last wave first: a deleted page is back before the page that replaced it goes.
  for (const wave of identified.plan.waves.toReversed()) {
    let done = 0;
    await concurrently(wave.steps, bench.concurrency, async (step) => {
      if (!(await work.tenure.holds(context))) return;
      const outcome = await putBackOne(bench, { store, work }, step, context);
      if (outcome === "unsettled") unsettled.push(step.change.at.key);
      else if (outcome) exceptions.push(outcome);
      done += 1;
      context.report({ phase: "putting back", done, total: wave.steps.length, path: step.change.at.key });
    });
    if (!(await work.tenure.confirm(context))) return { kind: "adopted" };
  }
  if (unsettled.length > 0) return { kind: "unsettled", paths: unsettled, cause: "the store did not answer while putting back" };
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

/** Only revisions that this plan provably wrote are touched; a stranger's write stays and is listed. */
async function putBackOne(
  bench: Workbench,
  { store, work }: Place,
  { change }: Step,
  context: Context,
): Promise<Exception | "unsettled" | undefined> {
  const path = change.at.key;
  const reading = await store.read(path, context);
  if (!isOurs(change, reading?.observed, work))
    return isExpected(change, reading?.observed) ? undefined : strangers(path, reading?.observed);
  const inverse = invertChange(change, reading?.observed.revision, isPage(path));
  if (!inverse) return undefined;
  // What goes away now was live for a moment: it is kept too.
  if (reading) await bench.vault.keep(reading.body, context);
  const mayWrite = async (): Promise<boolean> => await work.tenure.holds(context);
  const settled = await settle(
    { store, change: inverse, provenance: undefined, body: () => priorBody(bench, inverse, context), mayWrite },
    context,
  );
  switch (settled.kind) {
    case "done":
    case "adopted":
      return undefined;
    case "unsettled":
      return "unsettled";
    case "conflict":
      return strangers(path, settled.found);
  }
}

interface Place {
  readonly store: Store;
  readonly work: PuttingBack;
}

/** Live holds this plan's content, and no other plan's name is on it. */
const isOurs = (change: Change, found: Observed | undefined, { identified }: PuttingBack): boolean =>
  hasArrived(change, found) && (found?.provenance === undefined || found.provenance.plan === identified.id);

const strangers = (path: string, found: Observed | undefined): Exception => ({
  path,
  what: "left-to-stranger",
  ...(found?.digest === undefined ? {} : { found: found.digest }),
});

async function priorBody(bench: Workbench, inverse: Change, context: Context): Promise<Body> {
  const prior = inverse.kind === "delete" ? undefined : await bench.vault.open(inverse.content.digest, context);
  if (prior) return prior;
  throw new BelayError(
    "vault-damaged",
    `The vault does not hold what ${inverse.at.key} was before.`,
    "Restore the state folder from a backup, then run: belay undo",
  );
}
