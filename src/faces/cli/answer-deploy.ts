/** What became of a plan, told once for deploy, apply, restore and resume. */

import type { Exception } from "../../core/ledger/entry.ts";
import type { IdentifiedPlan, Plan, Refusal } from "../../core/plan/plan.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import type { ApplyResult } from "../../operations/apply.ts";
import type { DeployResult } from "../../operations/deploy.ts";
import { errorFields, failedLines, failureLines, nextLines, printJson } from "./answer.ts";
import type { Confirmation } from "./confirmation.ts";
import { exitOfDeploy } from "./exit-codes.ts";
import { outcomeOfRefusals, planFields, resultFields } from "./plan-json.ts";
import { counted, plain, shellWord } from "./plain-text.ts";
import { refusalLines } from "./render-refusal.ts";
import { shortId } from "./render-proof.ts";
import { commandLine, type Session } from "./session.ts";
import { localTime } from "./when.ts";

export type Held = Extract<DeployResult, { readonly kind: "held" }>["held"];

export interface Deployed {
  readonly result: DeployResult;
  readonly confirmation: Confirmation;
  readonly targetName: string | undefined;
}

export function answerDeploy(session: Session, { result, confirmation, targetName }: Deployed): number {
  const { screen, globals } = session;
  switch (result.kind) {
    case "held":
      answerHeld(session, result.held, targetName);
      break;
    case "nothing-to-do":
      if (globals.isJson) printJson(screen, { ...planFields(result.identified), outcome: "nothing-to-do" });
      else screen.print(`${result.identified.plan.target} holds all of it already: nothing to do.`);
      break;
    case "refused":
    case "needs-person":
      answerRefused(session, result.identified, result.identified.plan.refusals);
      break;
    case "declined": {
      const problem = confirmation.problem();
      const fields = problem === undefined ? {} : errorFields(problem);
      if (globals.isJson) printJson(screen, { ...planFields(result.identified), outcome: "confirmation-needed", ...fields });
      else if (problem) screen.tell(failureLines(problem, screen.prose));
      break;
    }
    case "tried":
      answerTried(session, result);
      break;
  }
  return exitOfDeploy(result);
}

/** By the plan itself, or by a warning that was opened after it was made. */
function answerRefused({ screen, globals }: Session, identified: IdentifiedPlan, refusals: readonly Refusal[]): void {
  if (globals.isJson) return printJson(screen, { ...planFields(identified), refusals, outcome: outcomeOfRefusals(refusals) });
  const { target } = identified.plan;
  screen.tell(refusalLines({ target, refusals }, screen.prose));
  return screen.tell(["", `nothing was written to ${target} (plan ${shortId(identified.id)})`]);
}

export function answerHeld({ screen, globals, setup }: Session, held: Held, target: string | undefined): void {
  const until = new Date(held.untilMs).toISOString();
  const message = `${plain(held.by)} is at work on ${target ?? "the target"} (${plain(held.purpose)}) until ${localTime(until, screen.prose.nowMs)} at the latest.`;
  const remedy = commandLine(setup, { without: ["--wait VALUE", "--json"], added: ["--wait", "120"] });
  const { by, purpose } = held;
  if (globals.isJson) {
    printJson(screen, { target, outcome: "held", held: { by, purpose, until }, ...errorFields({ code: "lease-held", message, remedy }) });
  } else screen.tell(failureLines({ message, remedy }, screen.prose));
}

export interface Tried {
  readonly identified: IdentifiedPlan;
  readonly result: ApplyResult;
}

/** The outcome line is data; what to do about a failure is prose. */
export function answerTried(session: Session, { identified, result }: Tried): void {
  if (result.kind === "refused") return answerRefused(session, identified, result.refusals);
  const { screen, globals } = session;
  const told = tellingOf(identified, result);
  if (globals.isJson) {
    const rest = told.remedy === undefined ? {} : { message: told.line, remedy: told.remedy };
    return printJson(screen, { ...planFields(identified), ...resultFields(result), ...rest });
  }
  if (told.remedy === undefined) return screen.print([`${screen.data.paint.green("✔")} ${told.line}`, ...told.more]);
  return screen.tell([...failedLines(told.line, screen.prose), ...told.more, ...nextLines(told.remedy, screen.prose)]);
}

interface Telling {
  readonly line: string;
  readonly more: readonly string[];
  /** Absent where all is well. */
  readonly remedy?: string;
}

function tellingOf({ id, plan }: IdentifiedPlan, result: Exclude<ApplyResult, { readonly kind: "refused" }>): Telling {
  const { target } = plan;
  const again = `belay ${plan.intent === "restore" ? "restore" : "deploy"} ${target}`;
  switch (result.kind) {
    case "applied":
      return appliedTelling(plan, result);
    case "stale-plan":
      return {
        line: `Something else was recorded for ${target} after plan ${shortId(id)} was made. Nothing was written.`,
        more: [],
        remedy: again,
      };
    case "conflict":
      return {
        line: `Somebody wrote ${plain(result.path)} on ${target} meanwhile. Their work stands, and nothing of this plan does.`,
        more: exceptionLines(result.exceptions),
        remedy: `belay pull ${target} ${shellWord(result.path)}`,
      };
    case "adopted":
      return { line: "Somebody else has taken this plan over, so this process stopped.", more: [], remedy: `belay status ${target}` };
    case "unsettled":
      return {
        line: `It is not known whether everything arrived: ${plain(result.cause)}.`,
        more: result.paths.slice(0, 8).map((path) => `    ${plain(path)}`),
        remedy: "belay resume   (finds out, and finishes it; belay undo puts it back)",
      };
    case "verification-failed":
      return {
        line: `${plain(result.check.url ?? result.check.at.key)} did not show what was written: ${plain(result.saw)}. What this deploy had written was put back.`,
        more: exceptionLines(result.exceptions),
        remedy:
          result.check.url === undefined
            ? `belay status ${target}`
            : `See what answers at ${result.check.url}, then run the same command again.`,
      };
    case "interrupted":
      return {
        line: `Stopped. ${result.exceptions.length === 0 ? `${target} is as it was before.` : "Not everything could be put back:"}`,
        more: exceptionLines(result.exceptions),
        remedy: `belay status ${target}`,
      };
  }
}

function appliedTelling(plan: Plan, { release, invalidation, snapshot }: Extract<ApplyResult, { readonly kind: "applied" }>): Telling {
  const checks = plan.waves.flatMap((wave) => wave.checks);
  const where = checks.some((check) => check.url !== undefined) ? "at the address that visitors use" : "in the store";
  return {
    line: `applied ${release} to ${plan.target}: ${counted(stepsOf(plan).length, "file")}`,
    more: [
      ...(checks.length === 0 ? [] : [`  ${counted(checks.length, "page")} checked ${where}`]),
      ...(invalidation === undefined ? [] : [`  invalidation ${plain(invalidation)}`]),
      ...(snapshot === undefined ? [] : [`  what was there is kept in .belay/snapshots/${plain(snapshot)}`]),
    ],
  };
}

const exceptionWords: Readonly<Record<Exception["what"], string>> = {
  "left-to-stranger": "was left as somebody else wrote it meanwhile",
  "not-put-back": "could not be put back",
};

export const exceptionLines = (exceptions: readonly Exception[]): string[] =>
  exceptions.map(({ path, what }) => `    ${plain(path)} ${exceptionWords[what]}`);
