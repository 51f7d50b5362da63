/** Facts in, plan out: what a reconcile writes, in which order, and why it may not. */

import type { Digest, Sha256 } from "../brand.ts";
import { needsOf } from "../approval/approval-needs.ts";
import { identified } from "../deploy/plan-deploy.ts";
import { proofOf } from "../deploy/proof.ts";
import { compareKeys, urlPathOf, visitorPathsOf } from "../paths/key.ts";
import type { Basis, Change, Check, IdentifiedPlan, Refusal, Step, TokenResult, Wave } from "../plan/plan.ts";
import { urlPathPrefix, type Target } from "../site.ts";
import type { RecordReach, RecordsPart, TurnedPaths } from "./records-part.ts";

export type ReconcileWave = "corrections" | "pointers" | "redirects";

/** One object that is written. */
export interface RecordWrite {
  readonly wave: ReconcileWave;
  readonly system: string;
  readonly change: Change;
  readonly because: string;
  readonly saw?: Step["saw"];
  readonly site: string;
  readonly target: Target;
  /** Paths under which visitors get it; empty where nobody visits. */
  readonly paths: readonly string[];
  /** The place hands back what it makes of the bytes: what it claims is looked at instead. */
  readonly isNormalised: boolean;
  readonly lines?: { readonly added: number; readonly removed: number };
}

export interface ReconcileFacts extends Pick<
  RecordsPart,
  "kind" | "record" | "decisions" | "survivors" | "edits" | "rewrites" | "mentions" | "tasks"
> {
  readonly writes: readonly RecordWrite[];
  /** Under which the whole is approved and kept: the target of pages that people have to approve, else the first that is written. */
  readonly main: { readonly site: string; readonly target: Target; readonly basis: Basis | null };
  readonly policy: Digest;
  readonly turned: readonly TurnedPaths[];
  readonly tokens: readonly TokenResult[];
  readonly refusals: readonly Refusal[];
}

const waveOrder: readonly ReconcileWave[] = ["corrections", "pointers", "redirects"];

/** Pages and records first, then what points to them, then what takes the place of duplicates (R8). */
export function planReconcile(facts: ReconcileFacts, sha256: Sha256): IdentifiedPlan {
  const { main, kind, record } = facts;
  const turns = facts.writes.some(({ wave }) => wave === "pointers");
  const waves = waveOrder.flatMap((name): Wave[] => {
    const writes = inOrder(facts.writes.filter(({ wave }) => wave === name));
    if (writes.length === 0) return [];
    return [
      {
        name,
        steps: writes.map(stepOf),
        purge: [...new Set(writes.flatMap(purgeOf))],
        checks: writes.flatMap((write) => checksOf(write, turns)),
      },
    ];
  });
  const steps = waves.flatMap((wave) => wave.steps);
  const needs = facts.writes.some(({ target, site }) => site === main.site && target.name === main.target.name)
    ? needsOf(main.target)
    : undefined;
  const paths = facts.writes.map(({ change, lines }) => ({
    path: change.at.key,
    local: undefined,
    live: undefined,
    base: undefined,
    lineage: { kind: "ahead", proof: "ledger" } as const,
    headers: {},
    defaultHeaders: {},
    hasConflictMarkers: false,
    ...(lines && { lines }),
  }));
  return identified(
    {
      format: 1,
      intent: "reconcile",
      site: main.site,
      target: main.target.name,
      store: main.target.store,
      title: `make every system agree about ${kind} ${record}`,
      basis: main.basis,
      waves,
      refusals: facts.refusals,
      proof: proofOf({ steps, paths, tokens: facts.tokens, target: main.target, sha256 }),
      policy: facts.policy,
      ...(needs && { needs }),
      records: {
        kind,
        record,
        decisions: facts.decisions,
        survivors: facts.survivors,
        edits: facts.edits,
        rewrites: facts.rewrites,
        mentions: facts.mentions,
        tasks: facts.tasks,
        reach: inOrder(facts.writes).map(reachOf),
        ...(facts.turned.length > 0 && { turned: facts.turned }),
      },
    },
    sha256,
  );
}

/** A stage before the target that comes after it, then by place. */
const inOrder = (writes: readonly RecordWrite[]): readonly RecordWrite[] =>
  writes.toSorted(
    (one, other) =>
      rankOf(one) - rankOf(other) ||
      compareKeys(one.change.at.store, other.change.at.store) ||
      compareKeys(one.change.at.key, other.change.at.key),
  );

const rankOf = ({ target }: RecordWrite): number => (target.after === undefined ? 0 : 1);

const stepOf = ({ change, because, saw }: RecordWrite): Step => ({ change, because, ...(saw && { saw }) });

const reachOf = ({ change, system, site, target, paths }: RecordWrite): RecordReach => ({
  at: change.at,
  system,
  site,
  target: target.name,
  paths,
});

/** Every path that leads to the object, its own first. */
function allPaths({ change, paths }: RecordWrite): readonly string[] {
  return [...new Set([...visitorPathsOf(change.at.key), ...paths])];
}

const purgeOf = (write: RecordWrite): readonly string[] =>
  write.target.cdn === undefined ? [] : allPaths(write).map((path) => `${urlPathPrefix(write.target)}${path}`);

/** While pointers are still to turn, a short code may lead to another page than this one: `turns` leaves those paths out. */
function checksOf(write: RecordWrite, turns: boolean): Check[] {
  const { change, target, isNormalised, paths } = write;
  if (isNormalised) return [];
  const digest = change.kind === "delete" ? {} : { digest: change.content.digest };
  const { url } = target;
  if (url === undefined) return [{ at: change.at, ...digest }];
  return [...new Set([urlPathOf(change.at.key), ...(turns ? [] : paths)])].map((path) => ({
    at: change.at,
    ...digest,
    url: `${url}${path}`,
  }));
}

/** The part of a reconcile that one target takes in one wave, as a plan of its own. `steps`: those that are not done yet. */
export function planPart(
  whole: IdentifiedPlan,
  part: {
    readonly wave: number;
    readonly target: Target;
    readonly site: string;
    readonly basis: Basis | null;
    readonly steps: readonly Step[];
  },
  { policy, sha256 }: { readonly policy: Digest; readonly sha256: Sha256 },
): IdentifiedPlan {
  const { target, site, basis, steps } = part;
  const { plan } = whole;
  const wave = plan.waves[part.wave];
  const isHere = ({ store, key }: Change["at"]): boolean => steps.some(({ change }) => change.at.store === store && change.at.key === key);
  const paths = (plan.records?.reach ?? [])
    .filter(({ at }) => isHere(at))
    .flatMap((reach) => [...visitorPathsOf(reach.at.key), ...reach.paths]);
  const needs = needsOf(target);
  return identified(
    {
      format: 1,
      intent: "reconcile",
      site,
      target: target.name,
      store: target.store,
      title: plan.title,
      basis,
      waves: [
        {
          name: "pages",
          steps,
          purge: target.cdn === undefined ? [] : [...new Set(paths)].map((path) => `${urlPathPrefix(target)}${path}`),
          checks: (wave?.checks ?? []).filter(({ at }) => isHere(at)),
        },
      ],
      refusals: [],
      proof: proofOf({ steps, paths: [], tokens: plan.proof.tokens, target, sha256 }),
      policy,
      ...(needs && { needs }),
      carries: { plan: whole.id, wave: part.wave },
    },
    sha256,
  );
}

/** Whether every step of a part stands in its reconcile, with the same bytes: only then is approval of the one approval of the other. */
export function isPartOf(part: IdentifiedPlan["plan"], whole: IdentifiedPlan["plan"]): boolean {
  const { carries } = part;
  const wave = carries && whole.waves[carries.wave];
  if (!wave || !whole.records) return false;
  const wanted = new Set(wave.steps.map(nameOf));
  return part.waves.every(({ steps }) => steps.every((step) => wanted.has(nameOf(step))));
}

const nameOf = ({ change }: Step): string =>
  `${change.kind} ${change.at.store} ${change.at.key} ${change.kind === "create" ? "" : change.prior.digest} ${change.kind === "delete" ? "" : change.content.digest}`;
