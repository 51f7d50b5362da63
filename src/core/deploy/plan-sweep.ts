/** Facts in, plan out: assets that nobody can need any more, deleted by the same expectations as any other write. */

import type { Digest, Sha256, StoreName } from "../brand.ts";
import type { Warning } from "../ledger/fold.ts";
import { compareKeys } from "../paths/key.ts";
import type { ApprovalNeeds, Basis, IdentifiedPlan, Refusal, Step } from "../plan/plan.ts";
import type { Site, Target } from "../site.ts";
import type { DeployFacts, Known } from "./deploy-facts.ts";
import { identified, wavesOf } from "./plan-deploy.ts";
import { proofOf } from "./proof.ts";
import { refuseWarned } from "./rules/d4-warnings.ts";
import { refuseUnrecoverable } from "./rules/d5-recoverable.ts";
import { refuseDeletes } from "./rules/limits.ts";

export interface SweptAsset {
  /** As it is live. */
  readonly live: Known;
  readonly lines: { readonly added: number; readonly removed: number } | "binary";
}

/** What keeps an asset at a target as long as it holds it: the stage before, or of a first stage the working folder. */
export interface Upstream {
  /** For people: the stage's name, or `the working folder`. */
  readonly name: string;
  readonly store: StoreName;
  /** How many files it holds. */
  readonly files: number;
}

export interface SweepFacts {
  readonly site: Site;
  readonly target: Target;
  readonly basis: Basis | null;
  /** Unreferenced assets. Never a page. */
  readonly assets: readonly SweptAsset[];
  /** Without one, nothing tells which assets are in use. */
  readonly livePages: number;
  /** Where it holds nothing at all, nothing tells which assets it has given up. */
  readonly upstream: Upstream;
  /** For people: `30 days`. */
  readonly grace: string;
  readonly policy: Digest;
  readonly warnings: readonly Warning[];
  readonly versioning: DeployFacts["versioning"];
  readonly needs: ApprovalNeeds | undefined;
  /** Of rules that need more than these facts. */
  readonly refusals: readonly Refusal[];
}

export function planSweep(facts: SweepFacts, sha256: Sha256): IdentifiedPlan {
  const { site, target, basis, policy, needs, grace } = facts;
  const assets = facts.assets.toSorted((one, other) => compareKeys(one.live.key, other.live.key));
  const steps = assets.map(({ live }): Step => stepFor(live, facts));
  const paths = assets.map(({ live, lines }) => ({
    path: live.key,
    local: undefined,
    live,
    base: undefined,
    lineage: { kind: "removed", proof: "ledger" } as const,
    headers: {},
    defaultHeaders: {},
    hasConflictMarkers: false,
    lines,
  }));
  const proof = proofOf({ steps, paths, tokens: [], target, sha256 });
  return identified(
    {
      format: 1,
      intent: "sweep",
      site: site.name,
      target: target.name,
      store: target.store,
      title: `assets that no page has needed for ${grace}`,
      basis,
      waves: wavesOf(steps, target),
      refusals: [
        ...refuseWarned(facts, steps),
        ...refuseUnrecoverable(facts, steps),
        ...refuseDeletes(facts, steps),
        ...refusePageless(facts),
        ...refuseEmptyStage(facts),
        ...facts.refusals,
      ],
      proof,
      policy,
      ...(needs && { needs }),
    },
    sha256,
  );
}

const stepFor = ({ key, revision, digest, sizeBytes, headers }: Known, { target }: SweepFacts): Step => ({
  change: {
    kind: "delete",
    at: { store: target.store, key },
    expect: { kind: "unchanged", revision },
    prior: { digest, sizeBytes, headers },
  },
  because: "no page refers to it any more",
});

/** A wrong address or an emptied site looks like one whose assets nobody needs. */
function refusePageless({ assets, livePages, target }: SweepFacts): Refusal[] {
  if (livePages > 0 || assets.length === 0) return [];
  return [
    {
      rule: "limits",
      code: "no-pages",
      paths: assets.map(({ live }) => live.key),
      message: `${target.name} holds no page, so nothing tells which of its assets are in use`,
      remedy: `Check that ${target.store} is the right place; bring its pages back first: belay snapshots ${target.name}`,
    },
  ];
}

/** A share that is not mounted, or a folder that is not built, looks like a stage that has given every asset up. */
function refuseEmptyStage({ assets, upstream, target }: SweepFacts): Refusal[] {
  if (upstream.files > 0 || assets.length === 0) return [];
  return [
    {
      rule: "limits",
      code: "stage-empty",
      paths: assets.map(({ live }) => live.key),
      message: `${upstream.name} holds no file at all, so nothing tells which assets of ${target.name} it still wants`,
      remedy: `Check that ${upstream.store} is the right place, mounted and built; then run this again: belay sweep ${target.name}`,
    },
  ];
}
