/** What `belay init` does once belay.yaml stands: looks at live, records what is proven, and writes one baseline. */

import { targetState } from "../core/ledger/fold.ts";
import type { Target } from "../core/site.ts";
import { appendAlways } from "./append-always.ts";
import { compare, type Compared } from "./compare.ts";
import { observe } from "./observe.ts";
import type { Context, Workbench } from "./workbench.ts";

export interface Adopted {
  readonly target: Target;
  readonly files: number;
  readonly summary: Readonly<Record<Compared["lineage"]["kind"], number>>;
  /** False where an earlier init has written the baseline already. */
  readonly isFirst: boolean;
}

/** Never makes a stale folder look *ahead*: only what equals live, or is proven to be made from it, gets a base. */
export async function adopt(bench: Workbench, target: Target, context: Context): Promise<Adopted> {
  const observation = await observe(bench, target, undefined, context);
  const { paths } = await compare(bench, observation, context);
  const summary = { same: 0, ahead: 0, behind: 0, diverged: 0, new: 0, removed: 0, unknown: 0 };
  for (const { lineage } of paths) summary[lineage.kind] += 1;
  const files = observation.liveCount ?? 0;
  const isFirst = !targetState(observation.ledger, bench.site.name, target.name).hasBaseline;
  if (isFirst) {
    await appendAlways(
      bench,
      {
        kind: "baseline",
        actor: bench.actor,
        site: bench.site.name,
        target: target.name,
        files,
        same: summary.same,
        tokens: bench.site.tokens.map((token) => token.name),
      },
      context,
    );
  }
  return { target, files, summary, isFirst };
}
