/** Facts in, plan out: what a stage's verified contents change at the target after it. */

import { isPage } from "../paths/key.ts";
import type { Sha256 } from "../brand.ts";
import type { IdentifiedPlan, PromotedChange, Refusal, Source, Step } from "../plan/plan.ts";
import { needsOf } from "../approval/approval-needs.ts";
import type { DeployFacts } from "./deploy-facts.ts";
import { identified, stepFor, wavesOf } from "./plan-deploy.ts";
import { proofOf } from "./proof.ts";
import { refuseUnseen } from "./rules/d1-seen.ts";
import { refusePromotion, type PromotionFacts } from "./rules/d2-promotion.ts";
import { refuseTombstoned } from "./rules/d2-tombstones.ts";
import { refuseWarned } from "./rules/d4-warnings.ts";
import { refuseUnrecoverable } from "./rules/d5-recoverable.ts";
import { refuseTokens } from "./rules/d7-tokens.ts";
import { refuseLiveAhead } from "./rules/d8-live-ahead.ts";
import { refuseOverLimits } from "./rules/limits.ts";
import { refuseKnownPages } from "./rules/r9-known-record.ts";

export interface Promoting {
  /** As of a deploy whose working copy is the stage. */
  readonly facts: DeployFacts;
  readonly promotion: PromotionFacts;
  readonly changes: readonly PromotedChange[];
  /** Where each path's bytes lie on the stage. */
  readonly sources: ReadonlyMap<string, Source>;
  /** Refusals that rest on more than these facts: changed policy, rolled-back content. */
  readonly further: readonly Refusal[];
  readonly emergency: string | undefined;
}

export function planPromote({ facts, promotion, changes, sources, further, emergency }: Promoting, sha256: Sha256): IdentifiedPlan {
  const { site, target, basis, policy, tokens } = facts;
  const all = facts.paths.flatMap((path) => stepFor(path, target.store));
  const stays = all.filter((step) => !isPromoted(step)).map(({ change }) => change.at.key);
  const steps = all.filter(isPromoted).map((step): Step => withSource(step, sources));
  const needs = needsOf(target, emergency === undefined ? {} : { emergency });
  const merges = needs ? mergesCovered(facts, steps) : [];
  const covered: DeployFacts = needs ? { ...facts, unseenMerges: [] } : facts;
  return identified(
    {
      format: 1,
      intent: "promote",
      site: site.name,
      target: target.name,
      store: target.store,
      title: facts.title ?? facts.fallbackTitle,
      basis,
      waves: wavesOf(steps, target),
      refusals: [
        ...refuseLiveAhead(covered, steps),
        ...refuseUnseen(facts),
        ...refusePromotion(promotion, facts),
        ...refuseTombstoned(facts, steps),
        ...further,
        ...refuseWarned(facts, steps),
        ...refuseUnrecoverable(facts, steps),
        ...refuseTokens(facts, steps),
        ...refuseKnownPages(facts, steps),
        ...refuseOverLimits(facts, steps),
      ],
      proof: { ...proofOf({ steps, paths: facts.paths, tokens, target, sha256 }), stagingInvalidation: purgesOnStage(changes) },
      policy,
      changes,
      ...(stays.length === 0 ? {} : { stays }),
      ...(merges.length === 0 ? {} : { merges }),
      ...(needs === undefined ? {} : { needs }),
      ...(emergency === undefined ? {} : { emergency }),
    },
    sha256,
  );
}

/** An asset that the stage has deleted stays until it is swept: a page in some visitor's cache may still ask for it. */
const isPromoted = ({ change }: Step): boolean => change.kind !== "delete" || isPage(change.at.key);

function withSource(step: Step, sources: ReadonlyMap<string, Source>): Step {
  const from = step.change.kind === "delete" ? undefined : sources.get(step.change.at.key);
  return { ...step, because: becauseOf(step), ...(from && { from }) };
}

const becauseOf = ({ change, because }: Step): string =>
  change.kind === "create"
    ? "new on the stage"
    : change.kind === "delete"
      ? "removed on the stage"
      : because === "headers differ"
        ? because
        : "changed on the stage";

/** Merges that nobody watched: an approval of this plan, which names them, is a person's look (decision 5). */
function mergesCovered({ unseenMerges, site }: DeployFacts, steps: readonly Step[]): string[] {
  const writing = new Set(steps.map(({ change }) => change.at.key));
  return unseenMerges.filter((merge) => merge.site === site.name && merge.paths.some((path) => writing.has(path))).map(({ id }) => id);
}

/** The stage's line of the proof is complete already: it was purged when its changes were deployed there. */
function purgesOnStage(changes: readonly PromotedChange[]): string {
  const ids = [...new Set(changes.flatMap(({ invalidation }) => invalidation ?? []))];
  return ids.length === 0 ? "none (no CDN)" : ids.join(", ");
}
