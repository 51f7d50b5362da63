import type { Target } from "../../../core/site.ts";
import { noticeOfApply } from "../../../operations/notice/notice-of-deploy.ts";
import { openTargets, resume, type ResumeResult, type Way } from "../../../operations/apply/resume.ts";
import { printJson } from "../answer.ts";
import { answerHeld, answerTried, assetsLeftLines, exceptionLines } from "../answer-deploy.ts";
import { exitOfResume, exits } from "../exit-codes.ts";
import { planFields } from "../plan-json.ts";
import { plain } from "../plain-text.ts";
import { targetOf, type Session } from "../session.ts";
import { tellPeople } from "../tell-people.ts";
import type { Words } from "../words.ts";

export const runResume = (session: Session, words: Words): Promise<number> => carryOn(session, words, "finish");
export const runUndo = (session: Session, words: Words): Promise<number> => carryOn(session, words, "put-back");

/** The named target, or the only one that was interrupted; one command still writes to one target (D2). */
async function carryOn(session: Session, { operands: [name] }: Words, way: Way): Promise<number> {
  const bench = await session.bench();
  const context = await session.context();
  const { screen, globals } = session;
  const open = name === undefined ? openTargets(bench, await bench.ledger.state(context)) : [targetOf(session, bench, name)];
  const [target, ...others] = open;
  if (!target) {
    if (globals.isJson) printJson(screen, { outcome: "nothing-to-do" });
    else screen.print("Nothing was interrupted.");
    return exits.done;
  }
  session.startsWriting();
  const result = await resume(bench, { target, way, waitMs: globals.waitMs }, context);
  answer(session, result, target);
  if (result.kind === "tried") await tellPeople(session, noticeOfApply(result, context));
  if (others.length > 0 && !globals.isJson)
    screen.tell(others.map((other) => `${other.name} was interrupted too: belay ${way === "finish" ? "resume" : "undo"} ${other.name}`));
  return exitOfResume(result);
}

function answer(session: Session, result: ResumeResult, target: Target): void {
  const { screen, globals } = session;
  switch (result.kind) {
    case "nothing-to-do":
      if (globals.isJson) printJson(screen, { target: target.name, outcome: "nothing-to-do" });
      else screen.print(`Nothing was interrupted at ${target.name}.`);
      break;
    case "held":
      answerHeld(session, result.held, target.name);
      break;
    case "tried":
      answerTried(session, result);
      break;
    case "put-back": {
      const { identified, exceptions, assetsLeft } = result;
      if (globals.isJson) printJson(screen, { ...planFields(identified), outcome: "put-back", exceptions, assetsLeft });
      else {
        screen.print(`${screen.data.paint.green("✔")} ${plain(identified.plan.title)}: what it had written to ${target.name} was put back`);
        screen.tell([...exceptionLines(exceptions), ...assetsLeftLines(assetsLeft, target.name, screen.prose)]);
      }
      break;
    }
  }
}
