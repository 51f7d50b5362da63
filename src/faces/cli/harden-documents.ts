/** The walls as JSON and as Terraform: what `--json`, `--terraform` and `--out` give. */

import { gaps } from "../../core/harden/uncovered.ts";
import { terraformText } from "../../core/harden/terraform.ts";
import type { HardenResult, Hardening } from "../../operations/harden/harden.ts";
import { policyDiff } from "../../operations/harden/policy-diff.ts";

/** Field names are a contract. */
export function hardeningFields({ id, plan, principals, policy, kept, notes }: Hardening): Record<string, unknown> {
  const { intent, site, bucket, places, changes, refusals } = plan;
  return {
    id,
    intent,
    site,
    bucket,
    places,
    principals,
    changes: changes.map((change) => ({ ...change, ...(change.setting === "policy" && { diff: policyDiff(change) }) })),
    kept,
    policy,
    refusals,
    notes,
    uncovered: gaps,
  };
}

/** Of all buckets that were asked about, with the policies of the roles. */
export const documentFields = (site: string, result: HardenResult): Record<string, unknown> => ({
  site,
  buckets: result.buckets.map((hardening) => {
    const { uncovered: _, ...fields } = hardeningFields(hardening);
    return fields;
  }),
  roles: result.roles,
  terraform: terraformOf(result),
  placeholders: result.placeholders,
  skipped: result.skipped,
  uncovered: gaps,
});

export const terraformOf = ({ buckets, roles }: HardenResult): string =>
  terraformText({ buckets: buckets.map(({ plan, ...walls }) => ({ ...walls, bucket: plan.bucket })), roles });

/** Files by name. */
export function documentFiles(result: HardenResult, asTerraform: boolean): ReadonlyMap<string, string> {
  if (asTerraform) return new Map([["belay-walls.tf", terraformOf(result)]]);
  const { agent, publisher, person, trust } = result.roles;
  return new Map([
    ...result.buckets.map(({ plan, policy }) => [`bucket-policy-${plan.bucket}.json`, json(policy)] as const),
    ["role-agent.json", json(agent)],
    ["role-publisher.json", json(publisher)],
    ["role-person.json", json(person)],
    ["trust-publisher.json", json(trust)],
  ]);
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
