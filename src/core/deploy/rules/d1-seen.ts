/** D1: pull and diff before edit. What was never seen here is not overwritten. */

import type { Refusal } from "../../plan/plan.ts";
import type { DeployFacts, PathFacts } from "../deploy-facts.ts";
import { staleOf } from "./stale-of.ts";

export function refuseUnseen({ paths, target, isShallow }: DeployFacts): Refusal[] {
  const unknown = paths.filter((path) => path.lineage.kind === "unknown");
  const marked = paths.filter((path) => path.hasConflictMarkers);
  return [...unknown.map((path) => refuseOne(path, target.name, isShallow)), ...refuseMarkers(marked)];
}

function refuseOne(facts: PathFacts, target: string, isShallow: boolean): Refusal {
  const pull = `belay pull ${target} ${quoted(facts.path)}`;
  const shallow = "this git clone is shallow, so its history cannot prove it either";
  return {
    rule: "D1",
    code: "not-seen",
    paths: [facts.path],
    message: `live at ${target} was never seen by this working copy, and nothing proves that these bytes were made from it${isShallow ? ` (${shallow})` : ""}`,
    remedy: isShallow ? `git fetch --unshallow   (in CI: fetch-depth: 0), then the same command again\nor ${pull}` : pull,
    ...staleOf(facts),
  };
}

function refuseMarkers(marked: readonly PathFacts[]): Refusal[] {
  if (marked.length === 0) return [];
  return [
    {
      rule: "D1",
      code: "conflict-markers",
      paths: marked.map((path) => path.path),
      message: "conflict markers of a merge are still in it",
      remedy: "Edit the file: keep what is right between <<<<<<< and >>>>>>>, delete the marker lines, then run the same command again.",
    },
  ];
}

/** A path as a POSIX shell takes it, quoted only where it must be. */
export const quoted = (path: string): string =>
  /^[\w./@%+=:,-]+$/u.test(path) && !path.startsWith("-") ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
