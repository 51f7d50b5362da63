/** `belay log`: what was said and done, newest first, and whether the chain of entries is whole. */

import { BelayError } from "../core/belay-error.ts";
import type { Entry } from "../core/ledger/entry.ts";
import { stepsOf, type Change } from "../core/plan/plan.ts";
import { openPlan } from "./plan-shelf.ts";
import type { Context, Workbench } from "./workbench.ts";

export interface LogResult {
  readonly entries: readonly (Entry & { readonly changes?: readonly LoggedChange[] })[];
  readonly chain: "intact" | { readonly brokenAt: number };
  /** What is wrong with the chain, where it is broken. */
  readonly problem?: string;
}

export interface LoggedChange {
  readonly path: string;
  readonly kind: Change["kind"];
}

export interface LogRequest {
  /** Only entries that touch this key. */
  readonly path: string | undefined;
  readonly limit: number;
}

export async function log(bench: Workbench, { path, limit }: LogRequest, context: Context): Promise<LogResult> {
  const entries: (Entry & { changes?: LoggedChange[] })[] = [];
  let chain: LogResult["chain"] = "intact";
  let problem: string | undefined;
  try {
    // The whole chain is read even past the limit: a break further down is told too.
    for await (const entry of bench.ledger.entries(context)) {
      if (entry.site !== bench.site.name || entries.length >= limit) continue;
      const changes = "plan" in entry ? await changesOf(bench, entry, context) : undefined;
      if (path !== undefined && !touches(entry, changes, path)) continue;
      entries.push({ ...entry, ...(changes && { changes }) });
    }
  } catch (error) {
    if (!(error instanceof BelayError) || error.code !== "ledger-broken") throw error;
    chain = { brokenAt: brokenSeq(error, entries) };
    problem = error.message;
  }
  return { entries, chain, ...(problem === undefined ? {} : { problem }) };
}

async function changesOf(
  bench: Workbench,
  entry: Extract<Entry, { readonly plan: unknown }>,
  context: Context,
): Promise<LoggedChange[] | undefined> {
  try {
    const { plan } = await openPlan(bench, entry.plan, context);
    return stepsOf(plan).map(({ change }) => ({ path: change.at.key, kind: change.kind }));
  } catch (error) {
    // A forgotten plan takes nothing from the entry itself.
    if (error instanceof BelayError && (error.code === "plan-unknown" || error.code === "vault-damaged")) return undefined;
    throw error;
  }
}

function touches(entry: Entry, changes: readonly LoggedChange[] | undefined, path: string): boolean {
  if (changes?.some((change) => change.path === path)) return true;
  return "paths" in entry && entry.paths.includes(path);
}

/** The error names the entry; without it, the one before the last good one is it. */
function brokenSeq(error: BelayError, entries: readonly Entry[]): number {
  const named = /entry (\d+)/u.exec(error.message)?.[1];
  return named === undefined ? Math.max((entries.at(-1)?.seq ?? 1) - 1, 0) : Number(named);
}
