/** D2: staging first. A target with `after` takes what was verified there, never the working folder. */

import type { Refusal, Step } from "../../plan/plan.ts";
import type { DeployFacts } from "../deploy-facts.ts";
import { quoted } from "./d1-seen.ts";

export function refuseSkippedStage({ target, paths, isSelection }: DeployFacts, steps: readonly Step[]): Refusal[] {
  if (target.after === undefined) return [];
  const named = isSelection ? paths.map((path) => path.path) : steps.map((step) => step.change.at.key);
  const some = named.length <= 8 ? named.map((path) => ` ${quoted(path)}`).join("") : "";
  return [
    {
      rule: "D2",
      code: "staging-first",
      paths: named,
      message: `${target.name} takes only what was verified on ${target.after}; a working folder is never deployed to it`,
      remedy: `belay deploy ${target.after}${some}\nbelay promote ${target.name}`,
    },
  ];
}
