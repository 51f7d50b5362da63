/** Facts in, plan out: what a deploy would write, in which order, and why it may not. */

import { asRevision, type Sha256, type StoreName } from "../brand.ts";
import { canonicalBytes } from "../canonical-json.ts";
import { compareKeys, isPage, urlPathOf } from "../paths/key.ts";
import type { Change, Check, Content, Headers, IdentifiedPlan, Plan, Refusal, Step, Wave } from "../plan/plan.ts";
import { needsOf } from "../approval/approval-needs.ts";
import { isProduction, urlPathPrefix, type Target } from "../site.ts";
import type { DeployFacts, PathFacts } from "./deploy-facts.ts";
import { proofOf } from "./proof.ts";
import { purgeExactMax, purgePaths } from "./purge-paths.ts";
import { refuseUnseen } from "./rules/d1-seen.ts";
import { refuseSkippedStage } from "./rules/d2-staging-first.ts";
import { refuseTombstoned } from "./rules/d2-tombstones.ts";
import { refuseUnrelated } from "./rules/d3-one-change.ts";
import { refuseWarned } from "./rules/d4-warnings.ts";
import { refuseUnrecoverable } from "./rules/d5-recoverable.ts";
import { refuseTokens } from "./rules/d7-tokens.ts";
import { refuseLiveAhead, unseenMergesIn } from "./rules/d8-live-ahead.ts";
import { refuseOverLimits } from "./rules/limits.ts";
import { refuseKnownRecords } from "./rules/r9-known-record.ts";

const rules: readonly ((facts: DeployFacts, steps: readonly Step[]) => readonly Refusal[])[] = [
  refuseLiveAhead,
  refuseUnseen,
  refuseSkippedStage,
  refuseTombstoned,
  ({ policyRefusals }) => policyRefusals,
  refuseUnrelated,
  refuseWarned,
  refuseUnrecoverable,
  refuseTokens,
  refuseKnownRecords,
  refuseOverLimits,
];

export function planDeploy(facts: DeployFacts, sha256: Sha256): IdentifiedPlan {
  const steps = facts.paths.flatMap((path) => stepFor(path, facts.target.store));
  const refusals = rules.flatMap((rule) => rule(facts, steps));
  const waves = wavesOf(steps, facts.target);
  const needs = needsOf(facts.target);
  const merges = needs && isProduction(facts.target) ? unseenMergesIn(facts, steps).map(({ id }) => id) : [];
  return identified(
    {
      format: 1,
      intent: "deploy",
      site: facts.site.name,
      target: facts.target.name,
      store: facts.target.store,
      title: facts.title ?? facts.fallbackTitle,
      basis: facts.basis,
      waves,
      refusals,
      proof: proofOf({ steps, paths: facts.paths, tokens: facts.tokens, target: facts.target, sha256 }),
      policy: facts.policy,
      ...(merges.length > 0 && { merges }),
      ...(needs && { needs }),
    },
    sha256,
  );
}

/** A plan's id is the digest of its canonical JSON: the vault address of the plan as it was shown. */
export const identified = (plan: Plan, sha256: Sha256): IdentifiedPlan => ({ id: sha256(canonicalBytes(plan)), plan });

/** At most one step; none where the path is same, stale or only live has it. */
export function stepFor(path: PathFacts, store: StoreName): Step[] {
  const change = changeFor(path, store);
  return change ? [{ change, because: becauseOf(path), ...(path.saw && { saw: path.saw }) }] : [];
}

function changeFor(
  { path, local, live, base, lineage, headers, defaultHeaders, isOffRecord = false }: PathFacts,
  store: StoreName,
): Change | undefined {
  const at = { store, key: path };
  if (lineage.kind === "new" && local)
    return { kind: "create", at, expect: { kind: "absent" }, content: { ...local, headers: { ...defaultHeaders, ...headers } } };
  if (!live || !base || base.digest !== live.digest) return undefined;
  // The base's revision, never the listing's: they are equal here or the store will say so.
  const expect = { kind: "unchanged", revision: asRevision(base.revision) } as const;
  const prior: Content = { digest: base.digest, sizeBytes: base.sizeBytes, headers: base.headers };
  if (lineage.kind === "removed") return { kind: "delete", at, expect, prior };
  if (!local) return undefined;
  // What is the same here is not rewritten for a default that somebody has done without, nor for a claim that still holds.
  const kept = lineage.kind === "ahead" ? { ...defaultHeaders, ...withoutClaims(base.headers) } : base.headers;
  const wanted: Headers = { ...kept, ...headers };
  const isNewContent = lineage.kind === "ahead" || (lineage.kind === "same" && (isOffRecord || !sameHeaders(wanted, base.headers)));
  return isNewContent ? { kind: "replace", at, expect, prior, content: { ...local, headers: wanted } } : undefined;
}

const claims = /^x-amz-meta-(?:deployed-by|timestamp)$/u;
/** What another tool noted beside an object about who wrote it is not true of other bytes; undo and restore bring it back with its own. */
export const withoutClaims = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !claims.test(name)));

export function sameHeaders(left: Headers, right: Headers): boolean {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => left[name] === right[name]);
}

type Held = Pick<Content, "digest" | "headers">;

/** Bytes and headers; nothing is the same as nothing. */
export function sameContent(one: Held | undefined, other: Held | undefined): boolean {
  if (!one || !other) return one === other;
  return one.digest === other.digest && sameHeaders(one.headers, other.headers);
}

function becauseOf({ lineage, isOffRecord }: PathFacts): string {
  switch (lineage.kind) {
    case "new":
      return "new here";
    case "removed":
      return "removed here";
    case "same":
      return isOffRecord ? "no release has brought it" : "headers differ";
    case "ahead":
      return lineage.proof === "base" ? "changed here since it was last seen" : `live is an earlier version, by ${lineage.proof}`;
    case "behind":
    case "diverged":
    case "unknown":
      return lineage.kind;
  }
}

/** Assets land before the pages that name them; deletes come last, when no page names them any more. */
export function wavesOf(steps: readonly Step[], target: Target): Wave[] {
  const named: Record<DeployWave, Step[]> = { assets: [], pages: [], deletes: [] };
  for (const step of steps) named[waveNameOf(step.change)].push(step);
  return (["assets", "pages", "deletes"] as const)
    .filter((name) => named[name].length > 0)
    .map((name) => {
      const sorted = named[name].toSorted((left, right) => compareKeys(left.change.at.key, right.change.at.key));
      return { name, steps: sorted, ...purgeOf(sorted, target), checks: sorted.flatMap((step) => checkOf(step.change, target)) };
    });
}

type DeployWave = "assets" | "pages" | "deletes";

function waveNameOf(change: Change): DeployWave {
  if (change.kind === "delete") return "deletes";
  return isPage(change.at.key) ? "pages" : "assets";
}

function purgeOf(steps: readonly Step[], target: Target): Pick<Wave, "purge" | "purgeStandsFor"> {
  if (target.cdn === undefined) return { purge: [] };
  const keys = steps.map((step) => step.change.at.key);
  const { paths, standsFor } = purgePaths(keys, { urlPath: urlPathPrefix(target), exactMax: purgeExactMax });
  return { purge: paths, ...(standsFor === undefined ? {} : { purgeStandsFor: standsFor }) };
}

/** Pages are looked at as visitors get them; an asset's write was acknowledged with its content, which is enough. */
function checkOf(change: Change, target: Target): Check[] {
  if (!isPage(change.at.key)) return [];
  return [
    {
      at: change.at,
      ...(change.kind === "delete" ? {} : { digest: change.content.digest }),
      ...(target.url === undefined ? {} : { url: `${target.url}${urlPathOf(change.at.key)}` }),
    },
  ];
}
