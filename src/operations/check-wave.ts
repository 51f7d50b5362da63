/** What a wave promised, looked at where visitors look: at its URL, or in the store where there is none. */

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

/** All checks are made; *bad* outweighs *unknown*. */
export async function runChecks(bench: Workbench, store: Store, checks: readonly Check[], context: Context): Promise<Verdict> {
  let done = 0;
  const verdicts = await concurrently(checks, bench.concurrency, async (check) => {
    const verdict = await lookRepeatedly(bench, store, check, context);
    done += 1;
    context.report({ phase: "checking", done, total: checks.length, path: check.at.key });
    return verdict;
  });
  return verdicts.find((verdict) => verdict.kind === "bad") ?? verdicts.find((verdict) => verdict.kind === "unknown") ?? { kind: "good" };
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
