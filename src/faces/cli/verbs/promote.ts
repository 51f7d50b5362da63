import { BelayError } from "../../../core/belay-error.ts";
import type { IdentifiedPlan } from "../../../core/plan/plan.ts";
import { promote } from "../../../operations/promote/promote.ts";
import { answerDeploy } from "../answer-deploy.ts";
import { openConfirmation } from "../confirmation.ts";
import { targetOf, type Session } from "../session.ts";
import { textOf, type Words } from "../words.ts";

/** One command, one target: what is promoted is what its stage holds, never a file of this folder. */
export async function runPromote(session: Session, words: Words): Promise<number> {
  const [name = ""] = words.operands;
  const hasReport = words.options["html"] !== undefined;
  const reports = hasReport ? await import("../../report/answer-reports.ts") : undefined;
  reports?.checkReportWords(session, words);
  if (textOf(words, "html") === "-")
    throw new BelayError(
      "usage",
      "--html takes a file here: the plan itself is told on stdout.",
      "belay promote TARGET --html report.html",
    );
  const bench = await session.bench();
  const target = targetOf(session, bench, name);
  const change = textOf(words, "change");
  const emergency = textOf(words, "emergency");
  if (emergency !== undefined && emergency.trim() === "") {
    throw new BelayError("usage", "Say what the emergency is.", `belay promote ${target.name} --emergency "why it cannot wait"`);
  }
  const context = await session.context();
  const confirmation = openConfirmation({ session, bench, context, words });
  const request = {
    target,
    change,
    emergency: emergency?.trim(),
    waitMs: session.globals.waitMs,
    show: async (identified: IdentifiedPlan) => {
      await reports?.answerPlanReports({ session, bench, context, words }, identified);
    },
  };
  const result = await promote(bench, request, confirmation.confirm, context);
  return answerDeploy(session, { result, confirmation, targetName: target.name });
}
