/** What a wave promised, looked at where visitors look: at its URL, or in the store where there is none. */

import { BelayError } from "../core/belay-error.ts";
import type { Revision } from "../core/brand.ts";
import type { Check } from "../core/plan/plan.ts";
import type { Store } from "../ports/store.ts";
import { concurrently } from "./concurrently.ts";
import type { Context, Workbench } from "./workbench.ts";

export type Verdict =
  | { readonly kind: "good" }
  | { readonly kind: "bad"; readonly check: Check; readonly saw: string }
  | { readonly kind: "unknown"; readonly check: Check; readonly cause: string };

/** Looks per check; a server may need a moment to notice a replaced file. */
const looksMax = 4;
const pauseMs = 250;

/** Beyond so many, one listing tells of all that are looked at in the store. */
const readsMax = 8;

export interface Written {
  readonly store: Store;
  /** What each key's write was acknowledged with. */
  readonly revisions: ReadonlyMap<string, Revision | undefined>;
}

/** All checks are made; *bad* outweighs *unknown*. */
export async function runChecks(bench: Workbench, written: Written, checks: readonly Check[], context: Context): Promise<Verdict> {
  const { store } = written;
  let standing: ReadonlySet<Check>;
  try {
    standing = await standingIn(written, checks, context);
  } catch (error) {
    const [check] = checks;
    // Nothing was learned: that is no reason to take back what was acknowledged.
    if (!check || !(error instanceof BelayError) || context.signal.aborted) throw error;
    return { kind: "unknown", check, cause: error.message };
  }
  let done = 0;
  const verdicts = await concurrently(checks, bench.concurrency, async (check): Promise<Verdict> => {
    const verdict = standing.has(check) ? ({ kind: "good" } as const) : await lookRepeatedly(bench, store, check, context);
    done += 1;
    context.report({ phase: "checking", done, total: checks.length, path: check.at.key });
    return verdict;
  });
  return verdicts.find((verdict) => verdict.kind === "bad") ?? verdicts.find((verdict) => verdict.kind === "unknown") ?? { kind: "good" };
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

async function lookRepeatedly(bench: Workbench, store: Store, check: Check, context: Context): Promise<Verdict> {
  let verdict = await lookOnce(bench, store, check, context);
  for (let look = 2; look <= looksMax && verdict.kind !== "good" && check.url !== undefined; look += 1) {
    await bench.runtime.sleep(pauseMs * look, context.signal);
    verdict = await lookOnce(bench, store, check, context);
  }
  return verdict;
}

async function lookOnce(bench: Workbench, store: Store, check: Check, context: Context): Promise<Verdict> {
  if (check.url === undefined) {
    const found = await store.read(check.at.key, context);
    const isRight = check.digest === undefined ? found === undefined : found?.body.digest === check.digest;
    return isRight ? { kind: "good" } : { kind: "bad", check, saw: found ? `other bytes (${found.body.digest.slice(0, 12)})` : "nothing" };
  }
  const sight = await bench.probe.look(check.url, context);
  if (sight.kind === "unreachable") return { kind: "unknown", check, cause: `${check.url}: ${sight.cause}` };
  if (check.digest === undefined) {
    return sight.status === 404 || sight.status === 410 || sight.status === 403
      ? { kind: "good" }
      : { kind: "bad", check, saw: `status ${sight.status} for a deleted page` };
  }
  if (sight.status !== 200) return { kind: "bad", check, saw: `status ${sight.status}` };
  return sight.digest === check.digest ? { kind: "good" } : { kind: "bad", check, saw: `other bytes (${sight.digest.slice(0, 12)})` };
}
