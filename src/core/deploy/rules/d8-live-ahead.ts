/** D8: live holds what this working copy never saw. Nothing automated may push past that; a person decides. */

import type { Refusal, Step } from "../../plan/plan.ts";
import { isProduction } from "../../site.ts";
import type { DeployFacts, PathFacts } from "../deploy-facts.ts";
import { quoted } from "./d1-seen.ts";
import { staleOf } from "./stale-of.ts";

export function refuseLiveAhead(facts: DeployFacts, steps: readonly Step[]): Refusal[] {
  return [...refuseOvertaken(facts), ...refuseUnseenMerges(facts, steps)];
}

/** A merge that nobody watched may be staged, but production waits for a person's look (decision 5). */
function refuseUnseenMerges({ unseenMerges, site, target }: DeployFacts, steps: readonly Step[]): Refusal[] {
  if (!isProduction(target)) return [];
  const writing = new Set(steps.map((step) => step.change.at.key));
  return unseenMerges
    .filter((merge) => merge.site === site.name && merge.paths.some((path) => writing.has(path)))
    .map((merge) => ({
      rule: "D8",
      code: "merge-not-looked-at",
      paths: merge.paths.filter((path) => writing.has(path)),
      message: `merged with live by ${merge.by.name} on ${merge.at.slice(0, 10)} with nobody watching`,
      remedy: `A person looks at it (belay diff ${target.name}) and runs: belay warn resolve ${merge.id} --why "…"`,
    }));
}

function refuseOvertaken({ paths, target }: DeployFacts): Refusal[] {
  return paths.filter(isOvertaken).map((path) => ({
    rule: "D8",
    code: path.lineage.kind === "behind" ? "live-is-ahead" : "live-diverged",
    paths: [path.path],
    message: messageOf(path),
    remedy: `belay pull ${target.name} ${quoted(path.path)}`,
    ...staleOf(path),
  }));
}

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
