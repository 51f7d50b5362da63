/** D8: live holds what this working copy never saw. Nothing automated may push past that; a person decides. */

import type { UnseenMerge } from "../../ledger/fold.ts";
import type { Refusal, Step } from "../../plan/plan.ts";
import { isProduction } from "../../site.ts";
import type { DeployFacts, PathFacts } from "../deploy-facts.ts";
import { quoted } from "./d1-seen.ts";
import { staleOf } from "./stale-of.ts";

export function refuseLiveAhead(facts: DeployFacts, steps: readonly Step[]): Refusal[] {
  return [...refuseOvertaken(facts), ...refuseUnseenMerges(facts, steps)];
}

/**
 * A merge that nobody watched may be staged, but production waits for a person's look (decision 5). Where production waits
 * for an approval anyway, the plan names the merge and the approval is that look.
 */
function refuseUnseenMerges(facts: DeployFacts, steps: readonly Step[]): Refusal[] {
  const { target } = facts;
  if (!isProduction(target) || target.approvals > 0) return [];
  return unseenMergesIn(facts, steps).map((merge) => ({
    rule: "D8",
    code: "merge-not-looked-at",
    paths: merge.paths,
    message: `merged with live by ${merge.by.name} on ${merge.at.slice(0, 10)} with nobody watching`,
    remedy: `A person looks at it (belay diff ${target.name}) and runs: belay warn resolve ${merge.id} --why "…"`,
  }));
}

/** Merges that nobody has looked at and that these steps would carry on, with those of their paths. */
export function unseenMergesIn({ unseenMerges, site }: Pick<DeployFacts, "unseenMerges" | "site">, steps: readonly Step[]): UnseenMerge[] {
  const writing = new Set(steps.map((step) => step.change.at.key));
  return unseenMerges
    .filter((merge) => merge.site === site.name && merge.paths.some((path) => writing.has(path)))
    .map((merge) => ({ ...merge, paths: merge.paths.filter((path) => writing.has(path)) }));
}

function refuseOvertaken({ paths, target, liveCount }: DeployFacts): Refusal[] {
  const overtaken = paths.filter(isOvertaken);
  if (liveCount === 0 && overtaken.length > 1) return [refuseEmptied(overtaken, target)];
  return overtaken.map((path) => ({
    rule: "D8",
    code: path.lineage.kind === "behind" ? "live-is-ahead" : "live-diverged",
    paths: [path.path],
    message: messageOf(path),
    remedy: `belay pull ${target.name} ${quoted(path.path)}`,
    ...staleOf(path),
  }));
}

/** Nothing is live where files were seen: one fact, however many files it is about. */
const refuseEmptied = (paths: readonly PathFacts[], { name, store }: DeployFacts["target"]): Refusal => ({
  rule: "D8",
  code: "live-is-empty",
  paths: paths.map(({ path }) => path),
  message: `${name} holds nothing now, and it held these files when this copy last looked`,
  remedy: [
    `Check that ${store} is the right place, and mounted if it is a folder. If its files are really lost:`,
    `belay pull ${name} --take mine`,
    `belay deploy ${name}`,
  ].join("\n"),
});

/** A file that only live has, and that was never here, is left alone: no write of ours touches it. */
const isOvertaken = ({ lineage, local, base }: PathFacts): boolean =>
  (lineage.kind === "behind" && (local !== undefined || base !== undefined)) || lineage.kind === "diverged";

function messageOf({ lineage, local, live }: PathFacts): string {
  const versions = lineage.versions === undefined ? "" : `${lineage.versions} ${lineage.versions === 1 ? "version" : "versions"} `;
  if (live === undefined)
    return lineage.kind === "behind" ? "it was taken off live since; this deploy would bring it back" : "taken off live, and changed here";
  if (local === undefined) return "deleted here, changed on live since it was last seen";
  return lineage.kind === "behind"
    ? `live is ${versions === "" ? "" : versions}ahead of this copy`
    : `live went on ${versions === "" ? "" : `by ${versions}`}while this copy was changed`;
}
