/** D5: what is overwritten can be brought back. */

import { isProduction } from "../../site.ts";
import type { Refusal, Step } from "../../plan/plan.ts";
import type { DeployFacts } from "../deploy-facts.ts";

export function refuseUnrecoverable({ target, versioning }: Pick<DeployFacts, "target" | "versioning">, steps: readonly Step[]): Refusal[] {
  const replaced = steps.filter((step) => step.change.kind !== "create");
  if (versioning !== "off" || !isProduction(target) || target.unversioned !== undefined || replaced.length === 0) return [];
  return [
    {
      rule: "D5",
      code: "versioning-off",
      paths: replaced.map((step) => step.change.at.key),
      message: `${target.store} keeps no earlier versions`,
      remedy: versioningRemedy(target.store),
    },
  ];
}

/** The store is a bucket: folders have the vault. */
function versioningRemedy(store: string): string {
  const bucket = /^s3:\/\/(?<bucket>[^/]+)/u.exec(store)?.groups?.["bucket"] ?? store;
  return `aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled   (or say under \`unversioned:\` of the target why it may be without)`;
}
