/** Which answers need a person who is not there, and what that person is told. */

import { plainLoss } from "../../core/notice/loss-lines.ts";
import type { IdentifiedPlan, Plan, Refusal, StalePath } from "../../core/plan/plan.ts";
import type { ApplyResult } from "../apply/apply.ts";
import type { DeployResult } from "../deploy.ts";
import type { Occasion } from "./escalate.ts";
import type { Context } from "../workbench.ts";

/** Whether somebody sees the answer anyway. */
type Attendance = Pick<Context, "isAttended">;

/** What people are told of a deploy, promotion, rollback or restore; nothing where whoever ran it can see to it. */
export function noticeOfDeploy(result: DeployResult, attendance: Attendance): Occasion | undefined {
  switch (result.kind) {
    case "held":
    case "nothing-to-do":
    case "unverified":
    case "declined":
    case "refused":
      return undefined;
    case "needs-person":
      return ofRefusals(result.identified, result.identified.plan.refusals, attendance);
    case "tried":
      return noticeOfApply(result, attendance);
  }
}

/** The same for a plan that was carried out or resumed. */
export function noticeOfApply(
  { identified, result }: { readonly identified: IdentifiedPlan; readonly result: ApplyResult },
  attendance: Attendance,
): Occasion | undefined {
  if (result.kind === "refused") return ofRefusals(identified, result.refusals, attendance);
  if (result.kind === "stale-plan") return undefined;
  if (identified.plan.emergency !== undefined) return ofEmergency(identified, identified.plan.emergency, result);
  return result.kind === "unsettled" && !attendance.isAttended ? ofUnsettled(identified, result) : undefined;
}

const linesMax = 6;
const lossesMax = 2;

function ofRefusals(identified: IdentifiedPlan, refusals: readonly Refusal[], { isAttended }: Attendance): Occasion | undefined {
  const binding = refusals.filter(({ rule }) => rule === "D8");
  if (binding.length === 0) return undefined;
  const reason = reasonOf(binding);
  // Whoever attends reads it; that another has to sign is news to the other.
  if (isAttended && !(reason === "approval-missing" && needsOthers(identified))) return undefined;
  const { id, plan } = identified;
  const stale = binding.flatMap((refusal) => refusal.stale ?? []);
  const live = stale.map((one) => one.live);
  return {
    reason,
    target: plan.target,
    subject: `${plan.intent} of “${plan.title}” to ${plan.target} stopped: ${subjects[reason]}`,
    lines: [
      ...binding.slice(0, linesMax).map(refusalLine),
      ...(binding.length > linesMax ? [`and ${binding.length - linesMax} more reasons`] : []),
      ...stale.slice(0, lossesMax).flatMap(staleLines),
      ...(plan.changes ?? []).map((change) => `change ${change.id} by ${change.by}: ${change.title}`),
    ],
    paths: [...new Set(binding.flatMap(({ paths }) => paths))],
    proof: plan.proof,
    plan: id,
    run: commandsFor(plan, binding),
    of:
      reason === "live-is-ahead" && live.length > 0
        ? live
        : reason === "approval-missing"
          ? [id]
          : [plan.policy, ...binding.map(refusalLine)],
  };
}

type ReasonOfRefusal = "live-is-ahead" | "approval-missing" | "merge-not-looked-at" | "policy-changed";

const subjects: Readonly<Record<ReasonOfRefusal, string>> = {
  "live-is-ahead": "live holds what this copy has never seen",
  "approval-missing": "it waits for approval",
  "merge-not-looked-at": "nobody has looked at a merge in it",
  "policy-changed": "belay.yaml is not the policy that was approved",
};

/** Work that is not seen yet is graver than a signature that is missing. */
function reasonOf(refusals: readonly Refusal[]): ReasonOfRefusal {
  const codes = new Set(refusals.map(({ code }) => code));
  const others = ["policy-changed", "merge-not-looked-at", "approval-missing"] as const;
  if ([...codes].some((code) => !others.some((other) => other === code))) return "live-is-ahead";
  return others.find((code) => codes.has(code)) ?? "live-is-ahead";
}

const needsOthers = ({ plan: { needs } }: IdentifiedPlan): boolean =>
  needs !== undefined && (needs.approvers === "others" || needs.count > 1);

const refusalLine = ({ paths, message }: Refusal): string => {
  const [path, ...others] = paths;
  return `${path === undefined ? "" : `${path}${others.length === 0 ? "" : ` and ${others.length} more`}: `}${message}`;
};

/** Whose work it is, and what the page would lose. */
function staleLines({ path, written, loss }: StalePath): string[] {
  const whose = written === undefined ? [] : [`${path} on live: written ${written.at} by ${written.by} (${trust[written.how]})`];
  const lost = loss === undefined ? [] : plainLoss(loss).map((line) => `${path}: ${line}`);
  return [...whose, ...lost];
}

const trust = { belay: "belay's record", git: "git", store: "as the store says" } as const;

const pullsMax = 4;

function commandsFor({ target, intent }: Plan, refusals: readonly Refusal[]): string[] {
  const commands = refusals.flatMap(({ code, remedy }) => [
    ...(code === "merge-not-looked-at" ? [`belay diff ${target}`] : []),
    ...commandsIn(remedy),
  ]);
  const pulls = commands.filter((command) => command.startsWith(`belay pull ${target} `));
  const rest = commands.filter((command) => !pulls.includes(command));
  const pulling = pulls.length > pullsMax ? [`belay pull ${target}`] : pulls;
  // After a pull the person looks, and goes on with what was meant.
  const after = pulls.length > 0 && intent === "deploy" ? [`belay diff ${target}`, `belay deploy ${target}`] : [];
  const run = [...new Set([...pulling, ...rest, ...after])];
  return run.length > 0 ? run : [`belay status ${target}`];
}

/** The commands of a remedy: it begins with one, or a sentence leads to one by a colon; remarks stand two spaces behind. */
function commandsIn(remedy: string): string[] {
  return remedy.split("\n").flatMap((line) => {
    const found = /(?:^|: )(?<commands>belay .*)$/u.exec(line)?.groups?.["commands"] ?? "";
    return found
      .split(/ {2,}|, (?:then|or) | and (?=belay )/u)
      .map((part) => part.replace(/^then:? /u, ""))
      .filter((part) => part.startsWith("belay "));
  });
}

/** Decision 21: it goes past the approval of others, so others are told. */
function ofEmergency({ id, plan }: IdentifiedPlan, why: string, result: ApplyResult): Occasion {
  const { target } = plan;
  const release = result.kind === "applied" ? [`release ${result.release}`] : [`it ended as: ${result.kind}`];
  return {
    reason: "emergency",
    target,
    subject: `emergency ${plan.intent} of “${plan.title}” to ${target}`,
    lines: [
      `the reason given: ${why}`,
      ...release,
      ...(plan.changes ?? []).map((change) => `change ${change.id} by ${change.by}: ${change.title}`),
    ],
    paths: plan.waves.flatMap((wave) => wave.steps.map(({ change }) => change.at.key)),
    proof: plan.proof,
    plan: id,
    run: [`belay log`, `belay status ${target}`, "belay warn list"],
    of: [id, ...release],
  };
}

function ofUnsettled({ id, plan }: IdentifiedPlan, { paths, cause }: Extract<ApplyResult, { readonly kind: "unsettled" }>): Occasion {
  return {
    reason: "unsettled",
    target: plan.target,
    subject: `${plan.intent} of “${plan.title}” to ${plan.target}: whether everything arrived is not known`,
    lines: [cause],
    paths,
    proof: plan.proof,
    plan: id,
    run: [`belay resume ${plan.target}`, `belay status ${plan.target}`],
  };
}
