/** A stage that does not show its visitors what is to be promoted. */

import type { Unverified } from "../../operations/promote/look-at-sources.ts";
import { failedLines, nextLines, printJson } from "./answer.ts";
import { planFields } from "./plan-json.ts";
import { counted, plain } from "./plain-text.ts";
import type { Session } from "./session.ts";

const filesShownMax = 8;

/** *bad* fails the verification; *unknown* leaves it open, and is no reason to believe that all is well. */
export function answerUnverified({ screen, globals }: Session, result: Unverified): void {
  const { identified, stage, outcome, files } = result;
  const remedy = `belay verify ${stage}`;
  const what = outcome === "bad" ? "does not show what is to be promoted" : "could not be looked at";
  const message = `${counted(files.length, "page")} on ${stage} ${what}. Nothing was written to ${identified.plan.target}.`;
  if (globals.isJson) {
    printJson(screen, {
      ...planFields(identified),
      outcome: outcome === "bad" ? "verification-failed" : "unsettled",
      stage,
      unverified: files,
      message,
      remedy,
    });
    return;
  }
  const shown = files.slice(0, filesShownMax).map(({ path, url, problems }) => `    ${plain(url ?? path)}: ${plain(problems.join("; "))}`);
  const more = files.length > filesShownMax ? [`    … and ${files.length - filesShownMax} more`] : [];
  screen.tell([...failedLines(message, screen.prose), ...shown, ...more, ...nextLines(remedy, screen.prose)]);
}
