/** D4: prior warnings bind, in every later session and on every machine, until evidence or a person clears them. */

import type { Warning } from "../../ledger/fold.ts";
import type { Refusal, Step } from "../../plan/plan.ts";
import type { DeployFacts } from "../deploy-facts.ts";
import { quoted } from "./d1-seen.ts";

/** Asked when a plan is made, and again when it starts: a warning may have come in between. */
export function refuseWarned(
  { warnings, site, target }: Pick<DeployFacts, "warnings" | "site" | "target">,
  steps: readonly Step[],
): Refusal[] {
  return warnings
    .filter((warning) => warning.site === site.name && (warning.target === undefined || warning.target === target.name))
    .flatMap((warning) => {
      const paths = steps.map((step) => step.change.at.key).filter((path) => isWarned(warning, path));
      return paths.length > 0 ? [refuse(warning, paths, target.name)] : [];
    });
}

/** Ids of warnings that an emergency has opened begin with it; all others begin with another letter. */
export const emergencyPrefix = "e";

/** Whoever has brought trouble in an emergency takes it back without asking first: that warning is about what goes away. */
export const blocksWayBack = ({ id }: Pick<Warning, "id">): boolean => !id.startsWith(emergencyPrefix);

/** A warning names keys, or folders by a trailing slash. */
export const isWarned = (warning: Pick<Warning, "paths">, path: string): boolean =>
  warning.paths.some((named) => named === path || (named.endsWith("/") && path.startsWith(named)));

const refuse = (warning: Warning, paths: readonly string[], target: string): Refusal => ({
  rule: "D4",
  code: "open-warning",
  paths,
  message: `warning ${warning.id} of ${warning.openedAt.slice(0, 10)} by ${warning.by.name} still stands: "${warning.text}"`,
  remedy: `belay pull ${target} ${paths.slice(0, 4).map(quoted).join(" ")}   (or a person: belay warn resolve ${warning.id} --why "…")`,
});
