/** Facts in, plan out: what a target held at an earlier moment, put back by the same expectations as any other write. */

import type { Digest, Sha256 } from "../brand.ts";
import type { Warning } from "../ledger/fold.ts";
import { compareKeys } from "../paths/key.ts";
import type { ApprovalNeeds, Basis, Change, Content, IdentifiedPlan, Plan, Refusal, Step, TokenResult, WayBack } from "../plan/plan.ts";
import type { Site, Target } from "../site.ts";
import type { Known } from "./deploy-facts.ts";
import { identified, sameContent, wavesOf } from "./plan-deploy.ts";
import { proofOf } from "./proof.ts";
import { quoted } from "./rules/d1-seen.ts";
import { blocksWayBack, refuseWarned } from "./rules/d4-warnings.ts";

export interface RestorePath {
  readonly path: string;
  /** What is live now. */
  readonly live: Known | undefined;
  /** What should be there by the ledger; `undefined` where nothing should. */
  readonly left: Content | undefined;
  /** What else belay's own stopped plans may have left there. */
  readonly remains?: readonly Content[];
  /** What it held at the moment to go back to; `undefined` where it held nothing. */
  readonly before: Content | undefined;
  /** Neither the vault nor the store has the bytes of `before` any more. */
  readonly isLost?: boolean;
  readonly lines?: { readonly added: number; readonly removed: number } | "binary";
}

export interface RestoreFacts {
  readonly site: Site;
  readonly target: Target;
  readonly back: WayBack;
  readonly basis: Basis | null;
  readonly paths: readonly RestorePath[];
  readonly tokens: readonly TokenResult[];
  readonly policy: Digest;
  readonly warnings: readonly Warning[];
  /** Absent where nobody has to approve, or a person goes back alone (decision 21). */
  readonly needs: ApprovalNeeds | undefined;
  /** Of rules that need more than these facts. */
  readonly refusals: readonly Refusal[];
}

/** Everything that the named release and later ones changed goes back to what was there before it. */
export const planRestore = (facts: RestoreFacts, sha256: Sha256): IdentifiedPlan =>
  planBack(facts, { intent: "restore", title: `restore what ${facts.back.release} replaced` }, sha256);

/** The plan of any way back: it is refused over what belay did not leave there, and writes nothing else over it either. */
export function planBack(facts: RestoreFacts, named: Pick<Plan, "intent" | "title" | "stays">, sha256: Sha256): IdentifiedPlan {
  const { site, target, basis, policy, back, needs } = facts;
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
  const warned = refuseWarned({ ...facts, warnings: facts.warnings.filter(blocksWayBack) }, steps);
  return identified(
    {
      format: 1,
      ...named,
      site: site.name,
      target: target.name,
      store: target.store,
      basis,
      waves: wavesOf(steps, target),
      refusals: [...refuseStrangers(facts), ...refuseLost(facts, steps), ...warned, ...facts.refusals],
      proof,
      policy,
      back,
      ...(needs && { needs }),
    },
    sha256,
  );
}

/** Live is not what belay left: somebody wrote since, and going back would lose that. */
export const isStrangers = ({ live, left, remains = [] }: RestorePath): boolean =>
  ![left, ...remains].some((content) => sameContent(live, content));

/** `as it was before r3` */
export const wordsOfBack = ({ when, release }: WayBack): string => `as it was ${when} ${release}`;

function stepFor({ path, live, before }: RestorePath, { target, back }: RestoreFacts): Step[] {
  const change = changeFor({ path, live, before }, target);
  return change ? [{ change, because: wordsOfBack(back) }] : [];
}

function changeFor({ path, live, before }: Pick<RestorePath, "path" | "live" | "before">, target: Target): Change | undefined {
  const at = { store: target.store, key: path };
  if (!live) return before && { kind: "create", at, expect: { kind: "absent" }, content: before };
  const expect = { kind: "unchanged", revision: live.revision } as const;
  const prior: Content = { digest: live.digest, sizeBytes: live.sizeBytes, headers: live.headers };
  if (!before) return { kind: "delete", at, expect, prior };
  return sameContent(before, live) ? undefined : { kind: "replace", at, expect, prior, content: before };
}

function refuseStrangers({ paths, target }: RestoreFacts): Refusal[] {
  return paths.filter(isStrangers).map(({ path }) => ({
    rule: "D8",
    code: "live-is-ahead",
    paths: [path],
    message: `${target.name} does not hold what belay left there: somebody has written since, and what they wrote is not lost unseen: pull it, then run this again`,
    remedy: `belay pull ${target.name} ${quoted(path)}`,
  }));
}

/** D5: what is nowhere to be had cannot be put back. Nothing is begun that could only be half done. */
function refuseLost({ paths, target, back }: RestoreFacts, steps: readonly Step[]): Refusal[] {
  const written = new Set(steps.filter(({ change }) => change.kind !== "delete").map(({ change }) => change.at.key));
  const lost = paths.flatMap(({ path, isLost }) => (isLost === true && written.has(path) ? [path] : []));
  if (lost.length === 0) return [];
  return [
    {
      rule: "D5",
      code: "bytes-lost",
      paths: lost,
      message: `neither the vault nor ${target.store} has the bytes any more that were there ${back.when} ${back.release}`,
      remedy: `Bring the vault back from a backup of the state, or go back to another release: belay snapshots ${target.name}`,
    },
  ];
}
