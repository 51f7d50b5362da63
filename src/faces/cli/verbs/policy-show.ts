import { showPolicy } from "../../../operations/approve/policy-approve.ts";
import { nextLines, printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { boundLines } from "../render-offer.ts";
import { shortId } from "../render-proof.ts";
import type { Session } from "../session.ts";

/** Looks only: what binds, what belay.yaml says, and how they differ. */
export async function runPolicyShow(session: Session): Promise<number> {
  const view = await showPolicy(await session.bench(), await session.context());
  const { screen, globals } = session;
  if (globals.isJson) {
    printJson(screen, { ...view });
    return exits.done;
  }
  if (view.binding.length === 0)
    screen.print(`No policy binds yet: the first record of production makes belay.yaml's (${shortId(view.digest)}) bind.`);
  else screen.print(view.binding.flatMap((one) => boundLines(one, screen.data)));
  if (!view.isInForce && view.binding.length > 0)
    screen.tell(nextLines("Set belay.yaml back, or a person who may sign runs: belay policy approve", screen.prose));
  return exits.done;
}
