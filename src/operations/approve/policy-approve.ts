/** `belay policy show` and `belay policy approve`: what binds, what belay.yaml says, and the step from one to the other. */

import { policyMessage } from "../../core/approval/approval-message.ts";
import { policyDifferences } from "../../core/approval/policy-differences.ts";
import { governs, parsePolicy, type Policy } from "../../core/approval/policy-document.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { Digest } from "../../core/brand.ts";
import type { EntryBody } from "../../core/ledger/entry.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import type { CallOptions } from "../../ports/store.ts";
import { approvalClock } from "./approvals.ts";
import { requirePerson } from "./approve.ts";
import { bindingPolicies, checkSignature, keepPolicy, replacedBy, type Binding } from "./policy.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface PolicyView {
  /** Of belay.yaml as it stands here. */
  readonly digest: Digest;
  readonly binding: readonly BoundPolicy[];
  /** Whether a person may start production on belay.yaml as it stands. */
  readonly isInForce: boolean;
}

export interface BoundPolicy extends Omit<Binding, "policy" | "change"> {
  /** How belay.yaml differs, in words; absent where the approved document cannot be read. */
  readonly differences?: readonly string[];
  /** Whether it names people whose signature a change of it needs. */
  readonly hasSigners: boolean;
}

export async function showPolicy(bench: Workbench, context: CallOptions): Promise<PolicyView> {
  const relevant = await relevantBindings(bench, await bench.ledger.state(context), context);
  return { digest: bench.policy, binding: relevant.map((one) => viewOf(bench, one)), isInForce: isInForce(bench, relevant) };
}

/** The site's own, and another's where it binds a place that this site writes to. */
async function relevantBindings(bench: Workbench, ledger: LedgerState, context: CallOptions): Promise<Binding[]> {
  const bindings = await bindingPolicies(bench, ledger, context);
  const places = [...(parsePolicy(bench.policyDocument)?.targets.values() ?? [])];
  return bindings.filter(({ site, policy }) => site === bench.site.name || (policy && places.some((place) => governs(policy, place))));
}

const isInForce = (bench: Workbench, bindings: readonly Binding[]): boolean =>
  bindings.some(({ site }) => site === bench.site.name) && bindings.every(({ digest }) => digest === bench.policy);

function viewOf(bench: Workbench, { policy, change: _change, ...rest }: Binding): BoundPolicy {
  const here = parsePolicy(bench.policyDocument);
  const differences = policy && here && policyDifferences(policy, here);
  return { ...rest, hasSigners: policy?.signers !== undefined, ...(differences && { differences }) };
}

export interface PolicyOffer {
  readonly digest: Digest;
  readonly binding: readonly BoundPolicy[];
  /** False where nobody is named who could sign: then a person's word at the terminal does. */
  readonly isSigned: boolean;
  readonly ledger: string;
  /** ISO 8601, UTC. */
  readonly expires: string;
}

/** Shows what differs and what would be signed, and asks. */
export type AskForPolicy = (offer: PolicyOffer) => Promise<"go" | "stop">;

export interface PolicyRequest {
  readonly why: string;
  readonly key: string | undefined;
  readonly validMs: number;
}

export type PolicyResult =
  | { readonly kind: "nothing-to-do" | "declined"; readonly digest: Digest }
  | { readonly kind: "approved"; readonly digest: Digest; readonly signer?: string };

const attemptsMax = 8;

/** Where the policy in force names signers, one of them signs; a signer that only the new one names does not count. */
export async function approvePolicy(bench: Workbench, request: PolicyRequest, ask: AskForPolicy, context: Context): Promise<PolicyResult> {
  requirePerson(bench, context, "belay policy approve");
  const digest = bench.policy;
  const ledger = await bench.ledger.state(context);
  const bindings = await relevantBindings(bench, ledger, context);
  if (isInForce(bench, bindings)) return { kind: "nothing-to-do", digest };
  const deciding = bindings.flatMap(({ policy }) => (policy?.signers === undefined ? [] : [policy]));
  requireReadable(bindings);
  const offer = {
    digest,
    binding: bindings.map((one) => viewOf(bench, one)),
    isSigned: deciding.length > 0,
    ledger: ledger.id,
    expires: new Date(approvalClock(bench) + request.validMs).toISOString(),
  };
  if ((await ask(offer)) === "stop") return { kind: "declined", digest };
  const replaces = replacedBy(bindings, bench.site.name);
  const signed = deciding.length === 0 ? undefined : await signPolicy(bench, { offer, replaces, deciding, key: request.key }, context);
  await keepPolicy(bench, context);
  const body: EntryBody = {
    kind: "policy-approved",
    actor: bench.actor,
    site: bench.site.name,
    policy: digest,
    why: request.why.trim(),
    ...(signed && { signed }),
  };
  await append(bench, { body, ledger, replaces }, context);
  return { kind: "approved", digest, ...(signed && { signer: signed.signer }) };
}

/** Nobody can say who may approve, nor what would change. */
function requireReadable(bindings: readonly Binding[]): void {
  const lost = bindings.find(({ policy }) => !policy);
  if (!lost) return;
  throw new BelayError(
    "vault-damaged",
    `The vault does not hold the policy ${lost.digest.slice(0, 12)} that binds ${lost.site}, so it cannot be told who may approve another.`,
    "Bring `vault/` of the state back from a backup, or set belay.yaml and its signers back to what was approved.",
  );
}

interface PolicySigning {
  readonly offer: PolicyOffer;
  readonly replaces: string;
  readonly deciding: readonly Policy[];
  readonly key: string | undefined;
}

type SignedPolicy = NonNullable<Extract<EntryBody, { kind: "policy-approved" }>["signed"]>;

async function signPolicy(bench: Workbench, { offer, replaces, deciding, key }: PolicySigning, context: Context): Promise<SignedPolicy> {
  const { digest, ledger, expires } = offer;
  const message = policyMessage({ policy: digest, replaces, ledger, site: bench.site.name, expires });
  const signature = await bench.signer.sign({ message, ...(key === undefined ? {} : { key }) }, context);
  let signed: SignedPolicy | undefined;
  for (const policy of deciding) {
    const at = new Date(approvalClock(bench)).toISOString();
    const checked = await checkSignature(bench, { message, signature, at, policy }, context);
    if (checked.kind === "bad") {
      throw new BelayError(
        "signing-failed",
        `The signature would not count, so it was not recorded: it was ${checked.why}.`,
        "A signer of the policy in force signs: belay policy approve --key FILE   (belay policy show names what differs)",
      );
    }
    signed = { signer: checked.signer, key: checked.key, expires, signature };
  }
  if (!signed) throw new Error("belay bug: a policy is signed only where somebody decides");
  return signed;
}

interface Appending {
  readonly body: EntryBody;
  readonly ledger: LedgerState;
  readonly replaces: string;
}

/** By compare-and-swap: another policy that was approved meanwhile is looked at first. */
async function append(bench: Workbench, { body, ledger, replaces }: Appending, context: Context): Promise<void> {
  let state = ledger;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const appended = await bench.ledger.append(body, state.head, context);
    if (appended.kind === "appended") return;
    state = await bench.ledger.state(context);
    if (replacedBy(await relevantBindings(bench, state, context), bench.site.name) !== replaces) {
      throw new BelayError("plan-stale", "Another policy was approved meanwhile.", "belay policy show");
    }
  }
  throw new BelayError(
    "ledger-contended",
    `The ledger moved on every one of ${attemptsMax} attempts to append to it.`,
    "Run the same command again.",
  );
}
