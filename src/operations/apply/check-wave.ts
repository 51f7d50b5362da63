/** What a wave promised, looked at where visitors look: at its URL, or in the store where there is none. */

import { BelayError } from "../../core/belay-error.ts";
import type { Revision } from "../../core/brand.ts";
import type { Check, Headers, Step } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { judgeSight, type Judgement, type Promised } from "../../core/verify/judge-sight.ts";
import type { Store } from "../../ports/store.ts";
import { lookWithinMs } from "../verify/look-request.ts";
import { lookInRounds } from "../verify/look-rounds.ts";
import type { Context, Workbench } from "../workbench.ts";

export type Verdict =
  | { readonly kind: "good" }
  | { readonly kind: "bad"; readonly check: Check; readonly saw: string }
  | { readonly kind: "unknown"; readonly check: Check; readonly cause: string };

/** Beyond so many, one listing tells of all that are looked at in the store. */
const readsMax = 8;

export interface Written {
  readonly store: Store;
  /** What each key's write was acknowledged with. */
  readonly revisions: ReadonlyMap<string, Revision | undefined>;
  /** By key, the headers that were written with it, where the store hands them to visitors. */
  readonly headers?: ReadonlyMap<string, Headers>;
  /** Aborted: what was seen last stands, and nothing is looked at again. */
  readonly hurry?: AbortSignal;
}

/**
 * All checks are made; *bad* outweighs *unknown*. What an address shows is looked at again for up to half a minute with
 * growing pauses, since an edge may serve what was there before for a while yet.
 */
export async function runChecks(bench: Workbench, written: Written, checks: readonly Check[], context: Context): Promise<Verdict> {
  let standing: ReadonlySet<Check>;
  try {
    standing = await standingIn(written, checks, context);
  } catch (error) {
    const [check] = checks;
    // Nothing was learned: that is no reason to take back what was acknowledged.
    if (!check || !(error instanceof BelayError) || context.signal.aborted) throw error;
    return { kind: "unknown", check, cause: error.message };
  }
  const look = async (check: Check): Promise<Checked> =>
    standing.has(check) ? { check, outcome: "good", problems: [], mayPass: false } : await lookOnce(bench, written, check, context);
  const { hurry } = written;
  const rounds = { withinMs: lookWithinMs, pathOf: ({ at }: Check) => at.key, look, ...(hurry === undefined ? {} : { hurry }) };
  const found = await lookInRounds(bench, checks, rounds, context);
  const worst = found.find(({ outcome }) => outcome === "bad") ?? found.find(({ outcome }) => outcome === "unknown");
  if (worst === undefined) return { kind: "good" };
  const { check, problems } = worst;
  const told = problems.join("; ");
  return worst.outcome === "bad"
    ? { kind: "bad", check, saw: told }
    : { kind: "unknown", check, cause: `${check.url ?? check.at.key}: ${told}` };
}

/** What visitors should get beside the bytes, by key. A folder's headers are the business of the web server in front of it. */
export function headersShown(steps: readonly Step[], { store }: Target): ReadonlyMap<string, Headers> {
  if (store.startsWith("dir:")) return new Map();
  return new Map(steps.flatMap(({ change }) => (change.kind === "delete" ? [] : [[change.at.key, change.content.headers] as const])));
}

interface Checked extends Judgement {
  readonly check: Check;
}

/** Checks of many objects that a listing settles: the revision that was acknowledged still stands, or the object is gone. */
async function standingIn({ store, revisions }: Written, checks: readonly Check[], context: Context): Promise<ReadonlySet<Check>> {
  const inStore = new Map(checks.flatMap((check) => (check.url === undefined ? [[check.at.key, check] as const] : [])));
  if (inStore.size <= readsMax) return new Set();
  const good = new Set([...inStore.values()].filter(({ digest }) => digest === undefined));
  for await (const { key, revision } of store.list("", context)) {
    const check = inStore.get(key);
    if (check?.digest !== undefined && revisions.get(key) === revision) good.add(check);
    // It should be gone: reading it tells what is there.
    else if (check) good.delete(check);
  }
  return good;
}

async function lookOnce(bench: Workbench, { store, headers }: Written, check: Check, context: Context): Promise<Checked> {
  if (check.url === undefined) return { check, ...(await lookInside(store, check, context)) };
  return { check, ...judgeSight(await bench.probe.look(check.url, context), promisedOf(check, headers?.get(check.at.key))) };
}

/** What the store says of itself does not change for being asked again. */
async function lookInside(store: Store, check: Check, context: Context): Promise<Judgement> {
  const found = await store.read(check.at.key, context);
  const isRight = check.digest === undefined ? found === undefined : found?.body.digest === check.digest;
  if (isRight) return { outcome: "good", problems: [], mayPass: false };
  return { outcome: "bad", problems: [found ? `other bytes (${found.body.digest.slice(0, 12)})` : "nothing"], mayPass: false };
}

function promisedOf({ digest }: Check, headers: Headers | undefined): Promised {
  if (digest === undefined) return {};
  const contentType = headers?.["content-type"];
  return { digest, ...(contentType === undefined ? {} : { contentType }) };
}
