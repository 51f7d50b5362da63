/** D7: features that were promised stay, and what was removed does not come back. */

import type { Refusal, Step, TokenResult } from "../../plan/plan.ts";
import type { DeployFacts } from "../deploy-facts.ts";

export function refuseTokens({ tokens, paths, site, tokensInForce }: DeployFacts, steps: readonly Step[]): Refusal[] {
  const differing = paths.filter((path) => path.local !== undefined && path.lineage.kind !== "same").map((path) => path.path);
  const goingOut = new Set([...differing, ...steps.map((step) => step.change.at.key)]);
  const broken = tokens.filter((token) => goingOut.has(token.path) && token.local !== "ok" && isWorse(token));
  const configured = new Set(site.tokens.map((token) => token.name));
  const vanished = tokensInForce.filter((name) => !configured.has(name));
  return [...byPath(broken), ...vanished.map(refuseVanished)];
}

/** A file that is absent here and live says nothing about the deploy at hand. */
const isWorse = (token: TokenResult): boolean => token.local !== "absent-file" || token.live === "ok";

function byPath(broken: readonly TokenResult[]): Refusal[] {
  const paths = [...new Set(broken.map((token) => token.path))];
  return paths.map((path) => {
    const here = broken.filter((token) => token.path === path);
    const missing = here.filter((token) => token.local !== "resurrected").map((token) => token.name);
    const back = here.filter((token) => token.local === "resurrected").map((token) => token.name);
    const clauses = [missing.length > 0 ? `missing: ${missing.join(", ")}` : "", back.length > 0 ? `came back: ${back.join(", ")}` : ""];
    return {
      rule: "D7",
      code: missing.length > 0 ? "token-missing" : "token-resurrected",
      paths: [path],
      message: `feature tokens ${clauses.filter((clause) => clause !== "").join("; ")}`,
      remedy: `${missing.length > 0 ? "Put the feature back into the file (belay diff shows what live has)." : "Take the line out of the file again."} To give a token up, a person runs: belay tokens retire ${here[0]?.name ?? "NAME"} --why "…"`,
    };
  });
}

const refuseVanished = (name: string): Refusal => ({
  rule: "D7",
  code: "token-vanished",
  paths: [],
  message: `feature token ${name} was in force and is gone from belay.yaml`,
  remedy: `Put it back into belay.yaml, or a person runs: belay tokens retire ${name} --why "…"`,
});
