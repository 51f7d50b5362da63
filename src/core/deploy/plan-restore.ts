/** Facts in, plan out: what a target held before a release, put back by the same expectations as any other write. */

import type { Sha256 } from "../brand.ts";
import { compareKeys } from "../paths/key.ts";
import type { Basis, Change, Content, IdentifiedPlan, Refusal, Step, TokenResult } from "../plan/plan.ts";
import type { Site, Target } from "../site.ts";
import type { Digest } from "../brand.ts";
import type { Warning } from "../ledger/fold.ts";
import type { Known } from "./deploy-facts.ts";
import { identified, sameHeaders, wavesOf } from "./plan-deploy.ts";
import { proofOf } from "./proof.ts";
import { refuseUnapproved } from "./rules/approvals.ts";
import { quoted } from "./rules/d1-seen.ts";
import { refuseWarned } from "./rules/d4-warnings.ts";

export interface RestorePath {
  readonly path: string;
  /** What is live now. */
  readonly live: Known | undefined;
  /** What belay last left there, by the ledger; `undefined` where it left nothing. */
  readonly left: Content | undefined;
  /** What it held before the release; `undefined` where it held nothing. */
  readonly before: Content | undefined;
  readonly lines?: { readonly added: number; readonly removed: number } | "binary";
}

export interface RestoreFacts {
  readonly site: Site;
  readonly target: Target;
  readonly release: string;
  readonly basis: Basis | null;
  readonly paths: readonly RestorePath[];
  readonly tokens: readonly TokenResult[];
  readonly policy: Digest;
  readonly warnings: readonly Warning[];
}

export function planRestore(facts: RestoreFacts, sha256: Sha256): IdentifiedPlan {
  const { site, target, release, basis, policy } = facts;
  const sorted = facts.paths.toSorted((one, other) => compareKeys(one.path, other.path));
  const steps = sorted.filter((path) => !isStrangers(path)).flatMap((path) => stepFor(path, facts));
  const paths = sorted.map((path) => ({
    path: path.path,
    local: undefined,
    live: path.live,
    base: undefined,
    lineage: { kind: "ahead", proof: "ledger" } as const,
    headers: {},
    defaultHeaders: {},
    hasConflictMarkers: false,
    ...(path.lines === undefined ? {} : { lines: path.lines }),
  }));
  const proof = proofOf({ steps, paths, tokens: facts.tokens, target, sha256 });
  return identified(
    {
      format: 1,
      intent: "restore",
      site: site.name,
      target: target.name,
      store: target.store,
      title: `restore what ${release} replaced`,
      basis,
      waves: wavesOf(steps, target),
      refusals: [...refuseStrangers(facts), ...refuseWarned(facts, steps), ...refuseUnapproved(facts)],
      proof,
      policy,
    },
    sha256,
  );
}

/** Bytes and headers. */
function isSameContent(
  one: Pick<Content, "digest" | "headers"> | undefined,
  other: Pick<Content, "digest" | "headers"> | undefined,
): boolean {
  if (!one || !other) return one === other;
  return one.digest === other.digest && sameHeaders(one.headers, other.headers);
}

/** Live is not what belay left: somebody wrote since, and a restore would lose that. */
const isStrangers = ({ live, left }: RestorePath): boolean => !isSameContent(live, left);

function stepFor({ path, live, before }: RestorePath, { target, release }: RestoreFacts): Step[] {
  const change = changeFor({ path, live, before }, target);
  return change ? [{ change, because: `as it was before ${release}` }] : [];
}

function changeFor({ path, live, before }: Pick<RestorePath, "path" | "live" | "before">, target: Target): Change | undefined {
  const at = { store: target.store, key: path };
  if (!live) return before && { kind: "create", at, expect: { kind: "absent" }, content: before };
  const expect = { kind: "unchanged", revision: live.revision } as const;
  const prior: Content = { digest: live.digest, sizeBytes: live.sizeBytes, headers: live.headers };
  if (!before) return { kind: "delete", at, expect, prior };
  return isSameContent(before, live) ? undefined : { kind: "replace", at, expect, prior, content: before };
}

function refuseStrangers({ paths, target }: RestoreFacts): Refusal[] {
  return paths.filter(isStrangers).map(({ path }) => ({
    rule: "D8",
    code: "live-is-ahead",
    paths: [path],
    message: `${target.name} does not hold what belay left there: somebody has written since`,
    remedy: `belay pull ${target.name} ${quoted(path)}`,
  }));
}
