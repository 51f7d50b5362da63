/** Everything that is asked about the record: ledger, leases, and where they lie. */

import { BelayError } from "../../core/belay-error.ts";
import type { Finding } from "../../core/doctor/finding.ts";
import { judgeRecord } from "../../core/doctor/judge-record.ts";
import { judgeStateBucket } from "../../core/doctor/judge-state-bucket.ts";
import { judgeState } from "../../core/doctor/judge-state.ts";
import { valueOr } from "../../core/doctor/told.ts";
import { emptyState, targetState } from "../../core/ledger/fold.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import type { CallOptions } from "../../ports/store.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Examination } from "./examine-bucket.ts";

/** Of the whole site: the record is one for all of its targets. */
export async function examineState(about: Examination): Promise<readonly Finding[]> {
  const { bench, inspector, ask } = about;
  const { site, ledger, policy, isStateShared } = bench;
  const { stateBucket } = inspector;
  const [found, chain, versioning, leases, pages, ofBucket] = await Promise.all([
    ask((options) => ledger.state(options)),
    ask((options) => wholeChain(ledger, options)),
    stateBucket === undefined ? undefined : ask((options) => inspector.bucket(stateBucket).versioning(options)),
    Promise.all(
      site.targets.map(async ({ name }) => [name, await ask((options) => inspector.lease(`${site.name}-${name}`, options))] as const),
    ),
    Promise.all(
      site.targets.map(async (target) => ({ target: target.name, page: await ask((options) => pageOf(about, target, options)) })),
    ),
    stateBucket === undefined ? [] : examineStateBucket(about, stateBucket),
  ]);
  const judged = judgeState({
    site: site.name,
    targets: site.targets,
    isShared: isStateShared,
    bucket: stateBucket,
    ledger: found,
    chain,
    versioning,
    leases: new Map(leases),
    policy,
    nowMs: bench.runtime.now(),
  });
  const state = valueOr(found, emptyState);
  const records = pages.flatMap(({ target, page }) =>
    judgeRecord({ target, page, releases: targetState(state, site.name, target).releases }),
  );
  return [...ofBucket, ...judged, ...records];
}

async function examineStateBucket({ inspector, ask }: Examination, bucket: string): Promise<readonly Finding[]> {
  const look = inspector.bucket(bucket);
  const [head, policy, grants, publicAccessBlock] = await Promise.all([
    ask((options) => look.head(options)),
    ask((options) => look.policy(options)),
    ask((options) => look.grants(options)),
    ask((options) => look.publicAccessBlock(options)),
  ]);
  return judgeStateBucket({ bucket, head, policy, grants, publicAccessBlock });
}

/** The page that every site has, as a sample. */
async function pageOf({ bench }: Examination, { store }: Target, options: CallOptions): Promise<Observed | undefined> {
  return (await (await bench.storeOf(store)).read("index.html", options))?.observed;
}

/** Reads every entry: the chain is checked on the way. */
async function wholeChain(ledger: Ledger, options: CallOptions): Promise<{ readonly entries: number; readonly problem?: string }> {
  let entries = 0;
  try {
    for await (const _ of ledger.entries(options)) entries += 1;
    return { entries };
  } catch (error) {
    if (error instanceof BelayError && error.code === "ledger-broken") return { entries, problem: error.message };
    throw error;
  }
}
