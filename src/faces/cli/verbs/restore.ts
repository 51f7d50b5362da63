import { BelayError } from "../../../core/belay-error.ts";
import { restore } from "../../../operations/way-back/restore.ts";
import { answerDeploy } from "../answer-deploy.ts";
import { openConfirmation } from "../confirmation.ts";
import { keysNamed } from "../locate-paths.ts";
import { targetOf, type Session } from "../session.ts";
import { textOf, type Words } from "../words.ts";

/** Paths need not be here or live any more: the release that changed them says whether they are known. */
export async function runRestore(session: Session, words: Words): Promise<number> {
  const [name = "", ...paths] = words.operands;
  const bench = await session.bench();
  const target = targetOf(session, bench, name);
  const from = textOf(words, "from");
  if (from !== undefined && !/^r\d+$/u.test(from)) {
    throw new BelayError("usage", "--from takes a release, for example r12.", `belay snapshots ${target.name}`);
  }
  const keys = await keysNamed(session, bench, { target, paths });
  const selection = keys.length === 0 || keys.includes("") ? undefined : keys;
  const context = await session.context();
  const confirmation = openConfirmation({ session, bench, context, words });
  const result = await restore(bench, { target, selection, from, waitMs: session.globals.waitMs }, confirmation.confirm, context);
  return answerDeploy(session, { result, confirmation, targetName: target.name });
}
