import { BelayError } from "../../../core/belay-error.ts";
import type { WayBack } from "../../../core/plan/plan.ts";
import { rollback, type RollbackResult } from "../../../operations/way-back/rollback.ts";
import { nextLines } from "../answer.ts";
import { answerDeploy, type More } from "../answer-deploy.ts";
import { openConfirmation } from "../confirmation.ts";
import type { View } from "../screen.ts";
import { targetOf, type Session } from "../session.ts";
import { textOf, type Words } from "../words.ts";

export async function runRollback(session: Session, words: Words): Promise<number> {
  const [name = ""] = words.operands;
  const bench = await session.bench();
  const target = targetOf(session, bench, name);
  const to = textOf(words, "to");
  if (to !== undefined && !/^r\d+$/u.test(to)) {
    throw new BelayError("usage", "--to takes a release, for example r12.", `belay snapshots ${target.name}`);
  }
  const context = await session.context();
  const confirmation = openConfirmation({ session, bench, context, words });
  const { result, already } = await rollback(bench, { target, to, waitMs: session.globals.waitMs }, confirmation.confirm, context);
  const more = already && result.kind === "nothing-to-do" ? moreOf(already, target.name, session.screen.data) : undefined;
  return answerDeploy(session, { result, confirmation, targetName: target.name, ...(more && { more }) });
}

/** A second rollback goes no further by itself: whoever means it names the release. */
function moreOf(already: NonNullable<RollbackResult["already"]>, target: string, view: View): More {
  const { by, further } = already;
  const onward = further ? [`${commandTo(target, further)}   (further back)`] : [];
  return {
    fields: { already },
    lines: [
      `  ${by} has rolled it back already.`,
      ...nextLines([...onward, `belay restore ${target} --from ${by}   (takes the rollback back)`].join("\n"), view),
    ],
  };
}

const commandTo = (target: string, { when, release }: WayBack): string =>
  when === "after" ? `belay rollback ${target} --to ${release}` : `belay restore ${target} --from ${release}`;
