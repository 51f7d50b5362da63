import { stepsOf } from "../../../core/plan/plan.ts";
import { makePlan, savePlan } from "../../../operations/plan.ts";
import { nextLines, printJson } from "../answer.ts";
import { titleFrom } from "../change-title.ts";
import { exitOfPlan } from "../exit-codes.ts";
import { locatePaths } from "../locate-paths.ts";
import { planFields } from "../plan-json.ts";
import { planLines } from "../render-plan.ts";
import { shortId } from "../render-proof.ts";
import { refusalLines } from "../render-refusal.ts";
import { targetOf, type Session } from "../session.ts";
import type { Words } from "../words.ts";

/** Prints the plan and saves it under its id. A refused plan exits as its deploy would. */
export async function runPlan(session: Session, words: Words): Promise<number> {
  const [name = "", ...paths] = words.operands;
  const title = titleFrom(words);
  const hasReports = words.options["html"] !== undefined || words.options["markdown"] !== undefined;
  const reports = hasReports ? await import("../../report/answer-reports.ts") : undefined;
  reports?.checkReportWords(session, words);
  const bench = await session.bench();
  const target = targetOf(session, bench, name);
  const selection = await locatePaths(session, bench, target, paths);
  const context = await session.context();
  const { identified } = await makePlan(bench, { target, selection, title }, context);
  await savePlan(bench, identified, context);
  const answered = await reports?.answerPlanReports({ session, bench, context, words }, identified);
  if (answered?.tookStdout === true) return exitOfPlan(identified.plan);
  const { id, plan } = identified;
  const { screen, globals } = session;
  if (globals.isJson) printJson(screen, planFields(identified));
  else if (plan.refusals.length > 0) screen.print([...refusalLines(plan, screen.data), "", ...planLines(identified, screen.data)]);
  else if (stepsOf(plan).length === 0) screen.print(`${target.name} holds all of it already: nothing to do.`);
  else screen.print([...planLines(identified, screen.data), ...nextLines(`belay apply ${shortId(id)}`, screen.data)]);
  return exitOfPlan(plan);
}
