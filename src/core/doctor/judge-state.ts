/** Whether the record of what was done is there, whole, shared and kept. */

import type { LedgerState } from "../ledger/fold.ts";
import { targetState, policyInForce } from "../ledger/fold.ts";
import type { Target } from "../site.ts";
import { isProduction } from "../site.ts";
import type { Versioning } from "./bucket-facts.ts";
import { judgeOf, type Finding } from "./finding.ts";
import type { LeaseFacts } from "./machine-facts.ts";
import type { Told } from "./told.ts";

export interface StateCase {
  readonly site: string;
  readonly targets: readonly Target[];
  /** As belay.yaml spells it. */
  readonly isShared: boolean;
  /** Where the state lies in a bucket, its name. */
  readonly bucket: string | undefined;
  readonly ledger: Told<LedgerState>;
  /** `whole`, or what is wrong where; reading it all may not have come to an end. */
  readonly chain: Told<{ readonly entries: number; readonly problem?: string }>;
  /** Of the state's bucket. */
  readonly versioning: Told<Versioning> | undefined;
  /** By target. */
  readonly leases: ReadonlyMap<string, Told<LeaseFacts | undefined>>;
  /** Digest of what belay.yaml says about targets, approvals and tokens. */
  readonly policy: string;
  readonly nowMs: number;
}

const judge = judgeOf({ about: "state" });

export const judgeState = (about: StateCase): readonly Finding[] => [
  ...shared(about),
  ...reachable(about),
  ...whole(about),
  ...kept(about),
  ...openPlans(about),
  ...leases(about),
  ...policy(about),
];

function shared({ isShared, targets }: StateCase): Finding[] {
  const remote = targets.filter(({ store }) => store.startsWith("s3://"));
  if (remote.length === 0) return [];
  if (isShared) return [judge.ok("state-shared", "The record lies where every machine that publishes finds it.")];
  const message =
    "The record of releases is on this machine only, while the targets are reached from others: they see neither its warnings nor its locks.";
  const remedy =
    "Nobody at work: aws s3 sync .belay s3://BUCKET/PREFIX --exclude 'cache/*' --exclude 'seen/*' --exclude 'scratch/*', then state: s3://BUCKET/PREFIX in belay.yaml.";
  return [judge.warning({ id: "state-shared", message, evidence: remote.map(({ name }) => name).join(", "), remedy })];
}

const reachable = ({ ledger, bucket }: StateCase): readonly Finding[] =>
  judge.of({ id: "state-reachable", what: "Whether the record can be read", answer: ledger }, ({ head }) =>
    judge.ok("state-reachable", "The record can be read.", `${bucket === undefined ? "" : `s3://${bucket}, `}${head.seq} entries`),
  );

const whole = ({ chain }: StateCase): readonly Finding[] =>
  judge.of({ id: "state-chain", what: "Whether the record is whole", answer: chain }, ({ entries, problem }) =>
    problem === undefined
      ? judge.ok("state-chain", "The record is whole: every entry names the one before.", `${entries} entries`)
      : judge.unsafe({
          id: "state-chain",
          message: "The record is broken: somebody changed or lost what stood there, and nothing before it is proven.",
          evidence: problem,
          remedy: "A person looks at the state, and brings it back from a backup: belay log",
        }),
  );

function kept({ versioning, bucket }: StateCase): readonly Finding[] {
  if (versioning === undefined || bucket === undefined) return [];
  const id = "state-versioning";
  return judge.of({ id, what: "Whether the state's bucket keeps versions", answer: versioning }, ({ status }) =>
    status === "Enabled"
      ? judge.ok(id, "The state's bucket keeps versions.")
      : judge.warning({
          id,
          message: "The state's bucket keeps no versions: who deletes or overwrites the record there leaves no trace.",
          remedy: `aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled`,
        }),
  );
}

function openPlans({ ledger, site, targets }: StateCase): Finding[] {
  if (ledger.kind === "untold") return [];
  const open = targets.flatMap(({ name }) => {
    const plan = targetState(ledger.value, site, name).open;
    return plan === null ? [] : [{ name, plan }];
  });
  if (open.length === 0) return [judge.ok("open-plan", "Nothing was left half done.")];
  return open.map(({ name, plan }) =>
    judgeOf({ about: "state", target: name }).warning({
      id: "open-plan",
      message: `The ${plan.intent} of ${plan.by.name} to ${name} has not ended: part of it may be live, and nothing else is deployed there until it is settled.`,
      evidence: `${plan.title}, ${plan.at}`,
      remedy: `belay resume ${name}`,
    }),
  );
}

const leases = ({ leases: all, nowMs }: StateCase): readonly Finding[] =>
  [...all].flatMap(([target, answer]) => {
    const ofTarget = judgeOf({ about: "state", target });
    return ofTarget.of({ id: "lease", what: `Whether somebody is at work on ${target}`, answer }, (found) => {
      if (found === undefined) return ofTarget.ok("lease", `Nobody is at work on ${target}.`);
      if (found.isOwnerDead || found.untilMs <= nowMs) {
        const message = `The lease of ${target} was left behind by somebody who is gone. The next command takes it over by itself.`;
        return ofTarget.note({ id: "lease", message, evidence: `${found.by}, ${found.purpose}` });
      }
      return ofTarget.note({ id: "lease", message: `${found.by} is at work on ${target}.`, evidence: found.purpose });
    });
  });

function policy({ ledger, site, targets, policy: digest }: StateCase): Finding[] {
  if (ledger.kind === "untold" || !targets.some(isProduction)) return [];
  const id = "policy";
  const inForce = policyInForce(ledger.value, site);
  if (inForce === undefined) {
    return [judge.note({ id, message: "No policy binds yet: the first record of production takes belay.yaml as it is then." })];
  }
  if (inForce.digest !== digest) {
    const message =
      "belay.yaml is another policy (targets, approvals, order, tokens, signers) than the one in force, so production is refused.";
    return [judge.warning({ id, message, evidence: `in force since ${inForce.at}`, remedy: "belay policy show" })];
  }
  if (inForce.by === "signature") return [judge.ok(id, "belay.yaml is the policy in force, signed by a person.", inForce.at)];
  const message = "belay.yaml is the policy in force, but nobody has signed it: it was taken as it stood.";
  return [judge.note({ id, message, evidence: `${inForce.by}, ${inForce.at}`, remedy: "belay policy approve" })];
}
