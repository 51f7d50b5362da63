/** `belay doctor`: what is unsafe about a set-up. Every question is asked by itself; nothing is written unless `probes`. */

import { severities, type Finding, type Severity } from "../../core/doctor/finding.ts";
import { judgeSite } from "../../core/doctor/judge-site.ts";
import { judgeWorkingCopy } from "../../core/doctor/judge-working-copy.ts";
import { isProduction, type Target } from "../../core/site.ts";
import type { Context, Workbench } from "../workbench.ts";
import { distributionsOf, examineEdge } from "./examine-edge.ts";
import { examineBucket, type Examination } from "./examine-bucket.ts";
import { examineCredentials } from "./examine-credentials.ts";
import { examineState } from "./examine-state.ts";
import { asker } from "./questions.ts";

export interface DoctorRequest {
  /** Whose bucket and distribution are looked at; the site, its state and this machine are looked at in any case. */
  readonly targets: readonly Target[];
  /** Lets a canary be written to each bucket, to find out which conditions it honours. */
  readonly probes: boolean;
}

export interface DoctorResult {
  /** Worst first; of one severity, targets in their order and then what is common to them. */
  readonly findings: readonly Finding[];
  readonly summary: Readonly<Record<Severity, number>>;
}

/** Takes at most two questions' time: those that need another's answer are few. */
export async function doctor(bench: Workbench, { targets, probes }: DoctorRequest, context: Context): Promise<DoctorResult> {
  const inspector = await bench.inspector();
  const about: Examination = { bench, inspector, probes, ask: asker(bench.runtime, context) };
  // Each target's name must lead to no other's distribution, so all are asked about even where one target was named.
  const distributions = distributionsOf(about, bench.site.targets);
  const found = await Promise.all([
    ...targets.flatMap((target) => [examineBucket(about, target), examineEdge(about, target, distributions)]),
    examineSite(about),
    examineState(about),
    examineCredentials(about, targets),
    examineWorkingCopy(about),
  ]);
  const findings = severities.flatMap((severity) => found.flat().filter((finding) => finding.severity === severity));
  const summary = { unsafe: 0, warning: 0, note: 0, ok: 0 };
  for (const { severity } of findings) summary[severity] += 1;
  return { findings, summary };
}

async function examineSite({ bench, ask }: Examination): Promise<readonly Finding[]> {
  const { site, signers, notifier } = bench;
  const channels = await ask(async (options) => (await notifier.channels(options)).map(({ channel }) => channel));
  return judgeSite({ targets: site.targets, signers, channels });
}

async function examineWorkingCopy({ bench, inspector, ask }: Examination): Promise<readonly Finding[]> {
  const [facts, head] = await Promise.all([
    ask((options) => inspector.workingCopy(options)),
    ask((options) => bench.history.head(options)),
  ]);
  const needsSigning = bench.site.targets.some((target) => isProduction(target) && target.approvals > 0);
  return judgeWorkingCopy({ facts, head, needsSigning });
}
