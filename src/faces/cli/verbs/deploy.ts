import { deploy } from "../../../operations/deploy.ts";
import { answerDeploy } from "../answer-deploy.ts";
import { titleFrom } from "../change-title.ts";
import { openConfirmation } from "../confirmation.ts";
import { locatePaths } from "../locate-paths.ts";
import { targetOf, type Session } from "../session.ts";
import type { Words } from "../words.ts";

export async function runDeploy(session: Session, words: Words): Promise<number> {
  const [name = "", ...paths] = words.operands;
  const title = titleFrom(words);
  const bench = await session.bench();
  const target = targetOf(session, bench, name);
  const selection = await locatePaths(session, bench, target, paths);
  const context = await session.context();
  const confirmation = openConfirmation({ session, bench, context, words, paths: selection });
  const request = { target, selection, title, waitMs: session.globals.waitMs };
  const result = await deploy(bench, request, confirmation.confirm, context);
  return answerDeploy(session, { result, confirmation, targetName: target.name });
}
