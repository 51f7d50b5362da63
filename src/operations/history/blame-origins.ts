/** The contents that a path had at a target, newest first, and what brought each of them. */

import type { Digest, PlanId } from "../../core/brand.ts";
import { targetState, type Found, type LedgerState, type Release } from "../../core/ledger/fold.ts";
import { releaseSeq } from "../../core/ledger/release-seq.ts";
import { stepsOf, type Change, type Plan } from "../../core/plan/plan.ts";
import type { Known } from "../../core/deploy/deploy-facts.ts";
import type { Target } from "../../core/site.ts";
import { appliedReleases } from "./applied-releases.ts";
import { openPlan } from "../plan-shelf.ts";
import type { Context, Workbench } from "../workbench.ts";

/** What brought a content. */
export interface Origin {
  readonly kind: "release" | "out-of-band" | "before-belay";
  readonly release?: string;
  readonly intent?: string;
  readonly plan?: PlanId;
  readonly title?: string;
  readonly by?: string;
  /** ISO 8601, UTC. */
  readonly at?: string;
  /** Full commit hash. */
  readonly commit?: string;
  /** Where it was promoted from: the stage's release, as it was deployed there. */
  readonly from?: { readonly target: string; readonly release: string; readonly title: string; readonly by: string };
  readonly warning?: string;
  readonly version?: string;
}

export interface PastContent {
  /** Absent where the path was gone. */
  readonly digest: Digest | undefined;
  readonly origin: Origin;
}

export interface OriginRequest {
  readonly ledger: LedgerState;
  readonly target: Target;
  readonly path: string;
  readonly live: Known;
}

/** How far back a path is followed. */
const contentsMax = 200;

/** The first is live's. The last is what belay found there, or the first that it wrote. */
export async function originsOf(bench: Workbench, request: OriginRequest, context: Context): Promise<PastContent[]> {
  const { ledger, target, path, live } = request;
  const found = targetState(ledger, bench.site.name, target.name).found.filter((one) => one.path === path);
  const contents: PastContent[] = [];
  let prior: Digest | undefined | "unknown" = "unknown";
  const push = (content: PastContent): void => {
    // What the newer write replaced is not what the older one left: somebody wrote in between.
    if (prior !== "unknown" && prior !== content.digest) contents.push({ digest: prior, origin: { kind: "out-of-band" } });
    contents.push(content);
  };
  const takeFound = (after: number): void => {
    while (found[0] && found[0].seq > after) {
      const [newest] = found.splice(0, 1);
      if (!newest) return;
      push({ digest: newest.found, origin: originOfFound(newest) });
      prior = newest.prior;
    }
  };
  for await (const release of appliedReleases(bench, { ledger, target: target.name }, context)) {
    if (contents.length >= contentsMax) break;
    const { plan } = await openPlan(bench, release.plan, context);
    const change = changeAt(plan, release, path);
    if (!change) continue;
    takeFound(releaseSeq(release.id));
    const digest = change.kind === "delete" ? undefined : change.content.digest;
    for (const content of await promotedAs(bench, { ledger, target, path, plan, release, digest }, context)) {
      push(content);
      // Between the changes of one promotion nothing was live here.
      prior = "unknown";
    }
    prior = change.kind === "create" ? undefined : change.prior.digest;
  }
  takeFound(0);
  if (prior !== "unknown") contents.push({ digest: prior, origin: { kind: "before-belay" } });
  return withLive(withoutReturns(contents), live);
}

const changeAt = (plan: Plan, { exceptions }: Release, path: string): Change | undefined =>
  exceptions.includes(path) ? undefined : stepsOf(plan).find(({ change }) => change.at.key === path)?.change;

function originOfFound({ at, by, warning, version }: Found): Origin {
  return {
    kind: "out-of-band",
    warning,
    ...(at === undefined ? {} : { at }),
    ...(by === undefined ? {} : { by }),
    ...(version === undefined ? {} : { version }),
  };
}

interface Promoted extends Omit<OriginRequest, "live"> {
  readonly plan: Plan;
  readonly release: Release;
  readonly digest: Digest | undefined;
}

/** A release's content; of a promotion, each of the stage's contents that it took along, newest first. */
async function promotedAs(bench: Workbench, promoted: Promoted, context: Context): Promise<PastContent[]> {
  const { ledger, target, path, plan, release, digest } = promoted;
  const { id, title, intent, at, by, commit } = release;
  const origin: Origin = {
    kind: "release",
    release: id,
    intent,
    plan: release.plan,
    title,
    by: by.name,
    at,
    ...(commit === undefined ? {} : { commit }),
  };
  const stage = target.after;
  const taken: PastContent[] = [];
  const changes = (plan.changes ?? []).toSorted((one, other) => releaseSeq(other.id) - releaseSeq(one.id));
  for (const change of stage === undefined ? [] : changes) {
    const staged = targetState(ledger, bench.site.name, stage ?? "").releases.find((one) => one.id === change.id);
    const step = staged && changeAt((await openPlan(bench, staged.plan, context)).plan, staged, path);
    if (!step) continue;
    const from = { target: stage ?? "", release: change.id, title: change.title, by: change.by };
    const own = { ...origin, from, ...(change.commit === undefined ? {} : { commit: change.commit }) };
    taken.push({ digest: step.kind === "delete" ? undefined : step.content.digest, origin: own });
  }
  return taken[0]?.digest === digest ? taken : [{ digest, origin }, ...taken];
}

/** A roll back or a restore brings no line of its own: what it brought back is followed from where it came first. */
function withoutReturns(contents: readonly PastContent[]): PastContent[] {
  const kept: PastContent[] = [];
  for (let index = 0; index < contents.length; index += 1) {
    const content = contents[index];
    if (!content) break;
    const isReturn = content.origin.intent === "rollback" || content.origin.intent === "restore";
    const first = isReturn ? contents.findIndex((one, at) => at > index && one.digest === content.digest) : -1;
    if (first === -1) kept.push(content);
    else index = first - 1;
  }
  return kept;
}

/** What is live and on no record is another hand's; where there is no record at all, it is from before belay. */
function withLive(contents: readonly PastContent[], { digest, owner, modifiedAtMs, provenance }: Known): PastContent[] {
  if (contents[0]?.digest === digest) return [...contents];
  const by = owner ?? provenance?.actor;
  const origin: Origin = {
    kind: contents.length === 0 ? "before-belay" : "out-of-band",
    ...(by === undefined ? {} : { by }),
    ...(modifiedAtMs === undefined ? {} : { at: new Date(modifiedAtMs).toISOString() }),
  };
  return [{ digest, origin }, ...contents];
}
