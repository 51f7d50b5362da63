import { applySaved } from "../../../operations/deploy.ts";
import { answerDeploy } from "../answer-deploy.ts";
import { openConfirmation } from "../confirmation.ts";
import type { Session } from "../session.ts";
import type { Words } from "../words.ts";

/** Off a terminal the id itself is the confirmation: it names the one plan that was seen. */
export async function runApply(session: Session, words: Words): Promise<number> {
  const [id = ""] = words.operands;
  const bench = await session.bench();
  const context = await session.context();
  const confirmation = openConfirmation({ session, bench, context, words, named: id });
  const result = await applySaved(bench, { id: id.toLowerCase(), waitMs: session.globals.waitMs }, confirmation.confirm, context);
  return answerDeploy(session, { result, confirmation, targetName: undefined });
}
