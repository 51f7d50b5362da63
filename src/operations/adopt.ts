/** What `belay init` does once belay.yaml stands: looks at live, records what is proven, and writes one baseline. */

import { bodyOf } from "../core/body.ts";
import type { Digest } from "../core/brand.ts";
import { canonicalBytes } from "../core/canonical-json.ts";
import { targetState } from "../core/ledger/fold.ts";
import type { Manifest } from "../core/ledger/manifest.ts";
import { compareKeys } from "../core/paths/key.ts";
import { isProduction, type Target } from "../core/site.ts";
import { appendAlways } from "./append-always.ts";
import { compare, type Compared } from "./compare/compare.ts";
import { observe, type Observation } from "./compare/observe.ts";
import { keepPolicy } from "./approve/policy.ts";
import type { Context, Workbench } from "./workbench.ts";

export interface Adopted {
  readonly target: Target;
  readonly files: number;
  readonly summary: Readonly<Record<Compared["lineage"]["kind"], number>>;
  /** False where an earlier init has written the baseline already. */
  readonly isFirst: boolean;
  /** Digest of what is live, by path. */
  readonly live: ReadonlyMap<string, Digest>;
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
    if (isProduction(target)) await keepPolicy(bench, context);
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
        manifest: await keepManifest(bench, observation, context),
        ...(isProduction(target) ? { policy: bench.policy } : {}),
      },
      context,
    );
  }
  const live = new Map(observation.sightings.flatMap(({ path, live: found }) => (found ? [[path, found.digest] as const] : [])));
  return { target, files, summary, isFirst, live };
}

/** Where a target and the stage before it differ when belay begins. Told once: no release brought it about. */
export interface FirstDifferences {
  readonly target: string;
  readonly stage: string;
  /** On both, and not the same. */
  readonly differing: readonly string[];
  readonly onlyOnStage: readonly string[];
  readonly onlyOnTarget: readonly string[];
}

/** Of each target whose stage was taken on with it, where both hold something; what differs by design is left out. */
export function firstDifferences({ isExcepted }: Pick<Workbench, "isExcepted">, adopted: readonly Adopted[]): FirstDifferences[] {
  return adopted.flatMap((one): FirstDifferences[] => {
    const stage = adopted.find(({ target }) => target.name === one.target.after);
    if (!stage || stage.live.size === 0 || one.live.size === 0) return [];
    const names = [stage.target.name, one.target.name];
    const of = (live: ReadonlyMap<string, Digest>): string[] =>
      [...live.keys()].filter((path) => !names.some((name) => isExcepted(name, path))).toSorted(compareKeys);
    const onStage = of(stage.live);
    const differing = onStage.filter((path) => one.live.has(path) && one.live.get(path) !== stage.live.get(path));
    const onlyOnStage = onStage.filter((path) => !one.live.has(path));
    const onlyOnTarget = of(one.live).filter((path) => !stage.live.has(path));
    if (differing.length + onlyOnStage.length + onlyOnTarget.length === 0) return [];
    return [{ target: one.target.name, stage: stage.target.name, differing, onlyOnStage, onlyOnTarget }];
  });
}

/** What is live now, in the vault: whatever replaces it later, and whoever wrote meanwhile, is told from it. */
async function keepManifest(bench: Workbench, { sightings }: Observation, context: Context): Promise<Digest> {
  const files = sightings.flatMap(({ path, live }) =>
    live ? [[path, { digest: live.digest, sizeBytes: live.sizeBytes, headers: live.headers }] as const] : [],
  );
  const manifest: Manifest = { format: 1, kind: "manifest", files };
  const bytes = canonicalBytes(manifest);
  const body = bodyOf(bytes, bench.runtime.sha256(bytes));
  await bench.vault.keep(body, context);
  return body.digest;
}
