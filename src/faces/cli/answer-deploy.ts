/** What became of a plan, told once for deploy, apply, restore and resume. */

import type { Exception } from "../../core/ledger/entry.ts";
import type { IdentifiedPlan, Plan, Refusal } from "../../core/plan/plan.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import { wordsOfBack } from "../../core/deploy/plan-restore.ts";
import type { ApplyResult } from "../../operations/apply/apply.ts";
import type { DeployResult } from "../../operations/deploy.ts";
import { noticeOfDeploy } from "../../operations/notice/notice-of-deploy.ts";
import { answerUnverified } from "./answer-unverified.ts";
import { errorFields, failedLines, failureLines, nextLines, printJson } from "./answer.ts";
import type { Confirmation } from "./confirmation.ts";
import { exitOfDeploy } from "./exit-codes.ts";
import { outcomeOfRefusals, planFields, resultFields } from "./plan-json.ts";
import { counted, plain, shellWord } from "./plain-text.ts";
import { refusalLines } from "./render-refusal.ts";
import { shortId } from "./render-proof.ts";
import { commandLine, type Session } from "./session.ts";
import { tellPeople } from "./tell-people.ts";
import type { View } from "./screen.ts";
import { wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

export type Held = Extract<DeployResult, { readonly kind: "held" }>["held"];

export interface Deployed {
  readonly result: DeployResult;
  readonly confirmation: Confirmation;
  readonly targetName: string | undefined;
  /** What this verb tells besides, whatever became of the plan. */
  readonly more?: More;
}

export interface More {
  /** In the JSON document. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** For people, behind the outcome. */
  readonly lines: readonly string[];
}

/** Tells whoever ran it, then, where a person is needed and none is here, people elsewhere. */
export async function answerDeploy(session: Session, deployed: Deployed): Promise<number> {
  const exit = answer(session, deployed);
  await tellPeople(session, noticeOfDeploy(deployed.result, await session.context()));
  return exit;
}

function answer(session: Session, deployed: Deployed): number {
  const { result, more } = deployed;
  switch (result.kind) {
    case "held":
      answerHeld(session, result.held, deployed.targetName);
      return exitOfDeploy(result);
    case "unverified":
      answerUnverified(session, result);
      break;
    case "nothing-to-do":
      answerNothing(session, { ...result, ...(more && { more }) });
      break;
    case "refused":
    case "needs-person":
      answerRefused(session, { identified: result.identified, refusals: result.identified.plan.refusals, more });
      break;
    case "declined":
      answerDeclined(session, result.identified, deployed);
      break;
    case "tried":
      answerTried(session, { ...result, ...(more && { more }) });
      break;
  }
  if (more && more.lines.length > 0 && !session.globals.isJson) session.screen.print(more.lines);
  return exitOfDeploy(result);
}

function answerDeclined({ screen, globals }: Session, identified: IdentifiedPlan, { confirmation, more }: Deployed): void {
  const problem = confirmation.problem();
  const fields = { ...(problem === undefined ? {} : errorFields(problem)), ...more?.fields };
  if (globals.isJson) printJson(screen, { ...planFields(identified), outcome: "confirmation-needed", ...fields });
  else if (problem) screen.tell(failureLines(problem, screen.prose));
}

function answerNothing({ screen, globals }: Session, { identified, more }: Pick<Tried, "identified" | "more">): void {
  if (globals.isJson) printJson(screen, { ...planFields(identified), outcome: "nothing-to-do", ...more?.fields });
  else screen.print(nothingToDo(identified.plan));
}

function nothingToDo({ intent, target, back }: Plan): string {
  if (intent === "sweep") return `${target} holds no asset that can go: nothing to do.`;
  if (!back) return `${target} holds all of it already: nothing to do.`;
  return `${target} is ${wordsOfBack(back)} already: nothing to do.`;
}

interface Refused {
  readonly identified: IdentifiedPlan;
  readonly refusals: readonly Refusal[];
  readonly more?: More | undefined;
}

/** By the plan itself, or by a warning that was opened after it was made. */
function answerRefused({ screen, globals }: Session, { identified, refusals, more }: Refused): void {
  const fields = { refusals, outcome: outcomeOfRefusals(refusals), ...more?.fields };
  if (globals.isJson) return printJson(screen, { ...planFields(identified), ...fields });
  const { target } = identified.plan;
  screen.tell(refusalLines({ target, refusals, intent: identified.plan.intent }, screen.prose));
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
  /** New assets that still stand although the plan was put back. */
  readonly assetsLeft?: readonly string[];
  readonly more?: More;
}

/** The outcome line is data; what to do about a failure is prose. */
export function answerTried(session: Session, { identified, result, assetsLeft, more }: Tried): void {
  if (result.kind === "refused") return answerRefused(session, { identified, refusals: result.refusals, more });
  const { screen, globals } = session;
  const told = tellingOf(identified, result);
  if (globals.isJson) {
    const rest = told.remedy === undefined ? {} : { message: told.line, remedy: told.remedy };
    return printJson(screen, { ...planFields(identified), ...resultFields(result), assetsLeft, ...rest, ...more?.fields });
  }
  if (told.remedy === undefined) return screen.print([`${screen.data.paint.green("✔")} ${told.line}`, ...told.more]);
  const left = assetsLeftLines(assetsLeft ?? [], identified.plan.target, screen.prose);
  return screen.tell([...failedLines(told.line, screen.prose), ...told.more, ...left, ...nextLines(told.remedy, screen.prose)]);
}

interface Telling {
  readonly line: string;
  readonly more: readonly string[];
  /** Absent where all is well. */
  readonly remedy?: string;
}

function tellingOf({ id, plan }: IdentifiedPlan, result: Exclude<ApplyResult, { readonly kind: "refused" }>): Telling {
  const { target } = plan;
  const again = commandOf(plan);
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
        line: `Stopped. ${result.exceptions.length === 0 ? `The pages of ${target} are as they were before.` : "Not everything could be put back:"}`,
        more: exceptionLines(result.exceptions),
        remedy: `belay status ${target}`,
      };
  }
}

/** What makes such a plan anew. */
function commandOf({ intent, target, back }: Plan): string {
  if (intent === "restore" && back) return `belay restore ${target} --from ${back.release}`;
  if (intent === "rollback" && back?.when === "after") return `belay rollback ${target} --to ${back.release}`;
  return `belay ${intent} ${target}`;
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

const leftShownMax = 4;

/** Assets that a plan has brought stay when it is put back: pages that were live for a moment may be cached. */
export function assetsLeftLines(paths: readonly string[], target: string, { columns }: View): string[] {
  if (paths.length === 0) return [];
  const more = paths.length > leftShownMax ? ` and ${paths.length - leftShownMax} more` : "";
  const told = `New files that no page needs stay for now: ${paths.slice(0, leftShownMax).map(plain).join(", ")}${more} (belay sweep ${target} removes them later)`;
  return wrap(told, { width: columns, first: "  ", rest: "  " });
}
