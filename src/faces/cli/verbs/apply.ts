import { applySaved } from "../../../operations/deploy.ts";
import { findPlan } from "../../../operations/plan-shelf.ts";
import { answerDeploy } from "../answer-deploy.ts";
import { openConfirmation } from "../confirmation.ts";
import type { Session } from "../session.ts";
import type { Words } from "../words.ts";

/** Off a terminal the id itself is the confirmation: it names the one plan that was seen. */
export async function runApply(session: Session, words: Words): Promise<number> {
  const [id = ""] = words.operands;
  const bench = await session.bench();
  const context = await session.context();
  const { plan } = await findPlan(bench, id.toLowerCase(), context);
  if (plan.records) {
    const { applyRecordsPlan } = await import("../apply-records-plan.ts");
    return await applyRecordsPlan(session, words, { id: id.toLowerCase(), kind: plan.records.kind });
  }
  const confirmation = openConfirmation({ session, bench, context, words, named: id });
  const result = await applySaved(bench, { id: id.toLowerCase(), waitMs: session.globals.waitMs }, confirmation.confirm, context);
  return answerDeploy(session, { result, confirmation, targetName: undefined });
}
