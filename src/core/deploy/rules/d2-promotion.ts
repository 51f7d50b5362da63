/** D2 and D3 for promotions: only what was verified on the stage, from committed bytes, and no change torn out of another. */

import type { Refusal } from "../../plan/plan.ts";
import { quoted } from "./d1-seen.ts";

/** What a promotion may trip over, gathered beside the facts that it shares with a deploy. */
export interface PromotionFacts {
  readonly stage: string;
  readonly target: string;
  /** Paths that the stage does not hold any more as its last release left them. */
  readonly changedOnStage: readonly string[];
  /** Paths that the last look at the stage found bad, or could not see. */
  readonly unverified: readonly { readonly path: string; readonly problem: string }[];
  /** Paths whose bytes no commit holds, where the site is under version control. */
  readonly uncommitted: readonly string[];
  /** Paths where only the headers are not what belay left. */
  readonly headersMoved: readonly string[];
  /** Changes that this one stands upon, or that stand upon it, and that are not taken along. */
  readonly overlaps: readonly { readonly id: string; readonly title: string; readonly paths: readonly string[] }[];
  /** Changes whose new files this one refers to, and that are not taken along: by those files. */
  readonly relies: readonly { readonly id: string; readonly title: string; readonly paths: readonly string[] }[];
  /** The change that was asked for; absent where all are taken. */
  readonly change: string | undefined;
}

/** `isShallow`: the clone here lacks commits, so what it does not know may be committed all the same. */
export const refusePromotion = (facts: PromotionFacts, { isShallow }: { readonly isShallow: boolean }): Refusal[] => [
  ...refuseChangedStage(facts),
  ...refuseUnverified(facts),
  ...refuseUncommitted(facts, isShallow),
  ...refuseMovedHeaders(facts),
  ...refuseOverlaps(facts),
  ...refuseReliance(facts),
];

const some = (paths: readonly string[]): string => paths.slice(0, 4).map(quoted).join(" ");

function refuseChangedStage({ stage, changedOnStage }: PromotionFacts): Refusal[] {
  if (changedOnStage.length === 0) return [];
  return [
    {
      rule: "D2",
      code: "stage-changed",
      paths: changedOnStage,
      message: `${stage} does not hold what was verified there any more: another hand has written since`,
      remedy: `belay pull ${stage} ${some(changedOnStage)}\nbelay deploy ${stage}`,
    },
  ];
}

const refuseUnverified = ({ stage, unverified }: PromotionFacts): Refusal[] =>
  unverified.map(({ path, problem }) => ({
    rule: "D2",
    code: "not-verified",
    paths: [path],
    message: `the last look at ${stage} did not find it right: ${problem}`,
    remedy: `belay verify ${stage} ${quoted(path)}`,
  }));

function refuseUncommitted({ uncommitted }: PromotionFacts, isShallow: boolean): Refusal[] {
  if (uncommitted.length === 0) return [];
  return [
    {
      rule: "D2",
      code: "not-committed",
      paths: uncommitted,
      message: "no commit that is known here holds these bytes",
      remedy: isShallow
        ? "git fetch --unshallow   (in CI: fetch-depth: 0), then the same command again"
        : "Commit exactly these files (git add, git commit), then run the same command again.",
    },
  ];
}

const refuseMovedHeaders = ({ target, headersMoved }: PromotionFacts): Refusal[] =>
  headersMoved.map((path) => ({
    rule: "D8",
    code: "headers-moved",
    paths: [path],
    message: `its headers on ${target} are not those that belay left: another hand has changed them`,
    remedy: `belay pull ${target} ${quoted(path)}`,
  }));

const refuseOverlaps = ({ overlaps, target, change }: PromotionFacts): Refusal[] =>
  overlaps.map(({ id, title, paths }) => ({
    rule: "D3",
    code: "overlapping-change",
    paths,
    message: `${change ?? "this change"} and ${id} ("${title}") have both written it, and ${target} has not taken ${id}`,
    remedy: `belay promote ${target}   (takes them together)`,
  }));

const refuseReliance = ({ relies, target, change }: PromotionFacts): Refusal[] =>
  relies.map(({ id, title, paths }) => ({
    rule: "D3",
    code: "relies-on-change",
    paths,
    message: `${change ?? "this change"} refers to what ${id} ("${title}") has brought, and ${target} has not taken ${id}`,
    remedy: `belay promote ${target}   (takes them together)`,
  }));
