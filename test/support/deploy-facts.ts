/** Facts of invented deploys for tests: a path a lineage, everything else as quiet as it can be. */

import { asDigest, asRevision, asStoreName, type Digest } from "../../src/core/brand.ts";
import type { Actor } from "../../src/core/ledger/entry.ts";
import type { Lineage } from "../../src/core/lineage/judge-lineage.ts";
import { defaultLimits, type Site, type Target } from "../../src/core/site.ts";
import type { DeployFacts, Known, PathFacts } from "../../src/core/deploy/deploy-facts.ts";

/** A digest by its first digit. */
export const digestOf = (digit: string): Digest => asDigest(digit.repeat(64));

export const staging: Target = {
  name: "staging",
  store: asStoreName("dir:/srv/staging"),
  approvals: 0,
  keys: "security-key",
  approvers: "anyone",
  guard: true,
};
export const production: Target = { ...staging, name: "production", store: asStoreName("dir:/srv/production"), after: "staging" };
/** A production target without a stage before it. */
export const loneProduction: Target = { ...staging, name: "production", store: asStoreName("dir:/srv/production") };

export const site: Site = {
  name: "default",
  root: "/harbour/public",
  ignore: [],
  include: [],
  unit: "page",
  except: {},
  headers: [],
  targets: [staging, production],
  tokens: [],
  limits: defaultLimits,
};

export const person: Actor = { name: "ines", kind: "person", proof: "claimed", from: "git user.email" };

/** Live holds this content under the revision `live-PATH`. */
export const liveAs = (path: string, digit: string): Known => ({
  key: path,
  revision: asRevision(`live-${path}`),
  sizeBytes: 10,
  digest: digestOf(digit),
  headers: { "content-type": "text/html" },
});

const baseAs = (path: string, digit: string): NonNullable<PathFacts["base"]> => ({
  digest: digestOf(digit),
  revision: asRevision(`base-${path}`),
  sizeBytes: 10,
  headers: { "content-type": "text/html" },
  at: "2031-05-20T14:02:00.000Z",
  how: "same",
});

/** Facts that fit a lineage: local is `b`, live is `a` and was seen as such, unless the lineage says otherwise. */
export function pathAs(kind: Lineage["kind"], path: string, more: Partial<PathFacts> = {}): PathFacts {
  const here = { digest: digestOf("b"), sizeBytes: 20 };
  const sides: Record<Lineage["kind"], Pick<PathFacts, "local" | "live" | "base">> = {
    same: { local: { digest: digestOf("a"), sizeBytes: 10 }, live: liveAs(path, "a"), base: baseAs(path, "a") },
    ahead: { local: here, live: liveAs(path, "a"), base: baseAs(path, "a") },
    behind: { local: here, live: liveAs(path, "c"), base: baseAs(path, "b") },
    diverged: { local: here, live: liveAs(path, "c"), base: baseAs(path, "a") },
    new: { local: here, live: undefined, base: undefined },
    removed: { local: undefined, live: liveAs(path, "a"), base: baseAs(path, "a") },
    unknown: { local: here, live: liveAs(path, "c"), base: undefined },
  };
  return { path, ...sides[kind], lineage: { kind, proof: "base" }, headers: {}, defaultHeaders: {}, hasConflictMarkers: false, ...more };
}

/** A file that only live has and that was never here. */
export const liveOnly = (path: string, more: Partial<PathFacts> = {}): PathFacts =>
  pathAs("behind", path, { local: undefined, base: undefined, lineage: { kind: "behind", proof: "none" }, ...more });

export const factsOf = (paths: readonly PathFacts[], more: Partial<DeployFacts> = {}): DeployFacts => ({
  site,
  target: staging,
  title: undefined,
  fallbackTitle: "summer hours",
  isSelection: false,
  paths,
  localCount: 40,
  liveCount: 40,
  collisions: [],
  isFirstPublish: false,
  isShallow: false,
  basis: { seq: 7, hash: "7".repeat(64) },
  warnings: [],
  unseenMerges: [],
  tombstones: new Map(),
  tokens: [],
  tokensInForce: [],
  versioning: "vault",
  sinceRelease: undefined,
  policy: digestOf("f"),
  policyRefusals: [],
  ...more,
});
