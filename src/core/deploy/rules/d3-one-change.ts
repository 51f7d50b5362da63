/** D3: one logical change a deploy, so that each can be looked at, promoted and taken back alone. */

import { isPage } from "../../paths/key.ts";
import type { Refusal, Step } from "../../plan/plan.ts";
import type { DeployFacts } from "../deploy-facts.ts";
import { quoted } from "./d1-seen.ts";

export function refuseUnrelated(facts: DeployFacts, steps: readonly Step[]): Refusal[] {
  const changed = steps.map((step) => step.change.at.key);
  const isTitledGroup = facts.title !== undefined && facts.isSelection;
  if (facts.site.unit === "any" || facts.isFirstPublish || isTitledGroup || changed.length < 2) return [];
  return facts.site.unit === "commit" ? refuseBeyondCommit(facts, changed) : refuseBeyondPage(facts, changed);
}

/** One page with files that only it refers to, or files that all belong to one page. */
function refuseBeyondPage(facts: DeployFacts, changed: readonly string[]): Refusal[] {
  const groups = groupByPage(facts, changed);
  if (groups.length < 2) return [];
  const { name } = facts.target;
  const split = groups.slice(0, 5).map((group) => `belay deploy ${name} ${group.map(quoted).join(" ")}`);
  const more = groups.length > 5 ? [`… and ${groups.length - 5} more`] : [];
  return [
    {
      rule: "D3",
      code: "unrelated-files",
      paths: changed,
      message: `${changed.length} changed files are ${groups.length} separate changes`,
      remedy: [...split, ...more, `or, if they are one change: belay deploy ${name} --change "title" ${sample(changed)}`].join("\n"),
    },
  ];
}

const sample = (paths: readonly string[]): string =>
  paths.length <= 4 ? paths.map(quoted).join(" ") : `${paths.slice(0, 3).map(quoted).join(" ")} …`;

/** Each page is a group; an asset joins the one changed page that refers to it if no other page does, else stands alone. */
function groupByPage({ paths }: DeployFacts, changed: readonly string[]): string[][] {
  const referrers = new Map(paths.map((path) => [path.path, path.referrers ?? []]));
  const pages = changed.filter((path) => isPage(path));
  const groups = new Map(pages.map((page) => [page, [page]]));
  // Assets that one unchanged page alone refers to form that page's group.
  for (const asset of changed.filter((path) => !isPage(path))) {
    const [page, ...others] = referrers.get(asset) ?? [];
    const owner = page !== undefined && others.length === 0 ? page : asset;
    groups.set(owner, [...(groups.get(owner) ?? []), asset]);
  }
  return [...groups.values()];
}

function refuseBeyondCommit({ sinceRelease, target }: DeployFacts, changed: readonly string[]): Refusal[] {
  if (!sinceRelease) {
    return [
      {
        rule: "D3",
        code: "commit-unknown",
        paths: changed,
        message: "`unit: commit` needs the commit of the last release, and none is known here",
        remedy: `belay deploy ${target.name} --change "title" ${sample(changed)}`,
      },
    ];
  }
  const committed = new Set(sinceRelease.paths);
  const outside = changed.filter((path) => !committed.has(path));
  if (outside.length > 0) {
    return [
      {
        rule: "D3",
        code: "uncommitted-files",
        paths: outside,
        message: `not part of the ${sinceRelease.commits.length === 1 ? "commit" : "commits"} since the last release`,
        remedy: "Commit them, or leave them out by naming the paths to deploy.",
      },
    ];
  }
  if (sinceRelease.commits.length <= 1) return [];
  return [
    {
      rule: "D3",
      code: "several-commits",
      paths: changed,
      message: `${sinceRelease.commits.length} commits since the last release: ${sinceRelease.commits
        .slice(0, 3)
        .map((commit) => commit.subject)
        .join("; ")}`,
      remedy: `belay deploy ${target.name} --change "title" ${sample(changed)}`,
    },
  ];
}
