/** What binds a site's production is what was approved (decision 18), whatever belay.yaml says since. */

import { bodyOf, bytesOf } from "../../core/body.ts";
import { policyMessage } from "../../core/approval/approval-message.ts";
import { keyObjection } from "../../core/approval/judge-approvals.ts";
import { policyDifferences } from "../../core/approval/policy-differences.ts";
import { governs, keysToApprove, parsePolicy, type Policy } from "../../core/approval/policy-document.ts";
import type { Digest } from "../../core/brand.ts";
import { refuseUnapprovedPolicy } from "../../core/deploy/rules/policy.ts";
import { noHash } from "../../core/ledger/entry.ts";
import type { ApprovedPolicy, PolicyLink } from "../../core/ledger/approved-policy.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import type { Refusal } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import type { CallOptions } from "../../ports/store.ts";
import { openRemembered } from "../plan-shelf.ts";
import type { Context, Workbench } from "../workbench.ts";

/** A policy that binds, as far as its record can be trusted. */
export interface Binding {
  readonly site: string;
  readonly digest: Digest;
  readonly at: string;
  readonly by: ApprovedPolicy["by"];
  readonly signer?: string;
  /** `undefined` where the vault does not hold what the digest names. */
  readonly policy: Policy | undefined;
  /** The record of its approval, and what it took the place of; absent at first use. */
  readonly change?: Pick<Change, "link" | "replaces">;
}

/** Keeps the document that `bench.policy` names, so that a later difference can be shown, and its signers asked. */
export async function keepPolicy(bench: Pick<Workbench, "vault" | "policy" | "policyDocument">, options: CallOptions): Promise<void> {
  await bench.vault.keep(bodyOf(bench.policyDocument, bench.policy), options);
}

/** Why a plan for this target may not be made or started: belay.yaml is not the policy that binds it. */
export async function policyRefusals(
  bench: Workbench,
  target: Target,
  ledger: LedgerState,
  context: Pick<Context, "signal">,
): Promise<readonly Refusal[]> {
  const now = parsePolicy(bench.policyDocument);
  const refusals: Refusal[] = [];
  for (const { policy, ...inForce } of await bindingPolicies(bench, ledger, context)) {
    if (inForce.digest === bench.policy || !binds({ policy, ...inForce }, bench, target)) continue;
    const differences = policy && now && policyDifferences(policy, now);
    refusals.push(...refuseUnapprovedPolicy({ target, policy: bench.policy, inForce, ...(differences && { differences }) }));
  }
  return refusals;
}

/**
 * A target is bound where it is production now, and also where it was when the policy was approved, by its name or by what
 * it writes to: production does not stop being production by another name, another site's included. Of a policy that
 * cannot be read it is not known what it binds, so the site's own then binds all targets.
 */
function binds({ policy, site }: Binding, bench: Workbench, target: Target): boolean {
  const isOwn = site === bench.site.name;
  if (!policy) return isOwn;
  const here = parsePolicy(bench.policyDocument)?.targets.get(target.name);
  const isProductionHere = isOwn && (target.after !== undefined || target.name.startsWith("prod"));
  return (
    isProductionHere || (isOwn && policy.targets.get(target.name)?.isProduction === true) || (here !== undefined && governs(policy, here))
  );
}

/** The site's own policy, and those of other sites of this ledger that nobody has approved another in place of. */
export async function bindingPolicies(bench: Workbench, ledger: LedgerState, context: CallOptions): Promise<Binding[]> {
  const bindings: Binding[] = [];
  for (const [site, recorded] of Object.entries(ledger.policies)) {
    bindings.push(await trusted(bench, { site, recorded, ledger: ledger.id }, context));
  }
  const own = bindings.find(({ site }) => site === bench.site.name);
  const left: Binding[] = [];
  for (const binding of bindings) {
    const change = own && own !== binding ? own.change : undefined;
    // A site by another name is another site, until whoever might approve for the old one has said so.
    const isReplaced =
      change && own && (await approvalOf(bench, { ...change, before: binding, site: own.site, ledger: ledger.id }, context));
    if (!isReplaced) left.push(binding);
  }
  return left;
}

interface Recorded {
  readonly site: string;
  readonly recorded: ApprovedPolicy;
  readonly ledger: string;
}

/**
 * The newest policy of a site that whoever might has approved. An entry is only a claim: where the policy before it names
 * signers, it changes nothing unless one of them signed it, whoever has managed to append it.
 */
async function trusted(bench: Workbench, { site, recorded, ledger }: Recorded, context: CallOptions): Promise<Binding> {
  const [first = recorded, ...later] = recorded.chain ?? [];
  // With a chain of one, a person spoke before production was ever recorded.
  const by = recorded.chain?.length === 1 ? "person" : "first-use";
  let binding: Binding = {
    site,
    digest: first.digest,
    at: first.at,
    by,
    policy: await openPolicy(bench, first.digest, context),
    ...(by === "person" && { change: { link: first, replaces: noHash } }),
  };
  for (const link of later) {
    const change = { link, replaces: binding.digest };
    const approved = await approvalOf(bench, { ...change, before: binding, site, ledger }, context);
    if (!approved) continue;
    binding = { site, digest: link.digest, at: link.at, ...approved, policy: await openPolicy(bench, link.digest, context), change };
  }
  return binding;
}

interface Change {
  readonly link: PolicyLink;
  /** Digest of the policy of the same site before it. */
  readonly replaces: string;
  /** Whose signers decide. */
  readonly before: Pick<Binding, "policy" | "at">;
  readonly site: string;
  readonly ledger: string;
}

/** How a change of policy was approved; `undefined` where nobody did who might. */
async function approvalOf(
  bench: Workbench,
  { link, replaces, before, site, ledger }: Change,
  context: CallOptions,
): Promise<Pick<Binding, "by" | "signer"> | undefined> {
  if (!before.policy) return undefined;
  if (!(Date.parse(link.at) >= Date.parse(before.at))) return undefined;
  if (before.policy.signers === undefined) return { by: "person" };
  const { signed } = link;
  if (!signed || !(Date.parse(signed.expires) > Date.parse(link.at))) return undefined;
  const message = policyMessage({ policy: link.digest, replaces, ledger, site, expires: signed.expires });
  const verdict = await checkSignature(bench, { message, signature: signed.signature, at: link.at, policy: before.policy }, context);
  return verdict.kind === "good" ? { by: "signature", signer: verdict.signer } : undefined;
}

export interface PolicySignature {
  readonly message: Uint8Array;
  readonly signature: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The policy whose signers decide. */
  readonly policy: Policy;
}

export type Checked =
  | { readonly kind: "good"; readonly signer: string; readonly key: string }
  | { readonly kind: "bad"; readonly why: string };

const checks = new WeakMap<Workbench, Map<string, Checked>>();

/** By the signers of a policy, with the keys that it asks for. Remembered as long as the workbench is. */
export async function checkSignature(bench: Workbench, about: PolicySignature, context: CallOptions): Promise<Checked> {
  const { message, signature, at, policy } = about;
  const known = checks.get(bench) ?? new Map<string, Checked>();
  checks.set(bench, known);
  const encoder = new TextEncoder();
  const name = [message, encoder.encode(signature), encoder.encode(policy.signers ?? "")]
    .map((bytes) => bench.runtime.sha256(bytes))
    .join(" ");
  const before = known.get(name);
  if (before) return before;
  const verdict = await bench.signer.verify({ message, signature, signers: policy.signers ?? "", at }, context);
  const objection = verdict.kind === "good" ? keyObjection(verdict.by, keysToApprove(policy)) : verdict.why;
  const checked: Checked =
    verdict.kind === "good" && objection === undefined
      ? { kind: "good", signer: verdict.by.principal, key: verdict.by.key }
      : { kind: "bad", why: objection ?? "" };
  known.set(name, checked);
  return checked;
}

async function openPolicy(bench: Workbench, digest: Digest, context: CallOptions): Promise<Policy | undefined> {
  if (digest === bench.policy) return parsePolicy(bench.policyDocument);
  const here = await openRemembered(bench.seenBytes, digest, context);
  const body = here ?? (await openRemembered(bench.vault, digest, context));
  if (!body) return undefined;
  const bytes = await bytesOf(body);
  if (!here) await bench.seenBytes.keep(bodyOf(bytes, digest), context);
  return parsePolicy(bytes);
}

/** What a new policy of this site takes the place of. */
export const replacedBy = (bindings: readonly Binding[], site: string): string =>
  bindings.find((binding) => binding.site === site)?.digest ?? noHash;
