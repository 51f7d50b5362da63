import { BelayError } from "../../../core/belay-error.ts";
import { approve, type ApproveResult } from "../../../operations/approve/approve.ts";
import { errorFields, failureLines, nextLines, printJson } from "../answer.ts";
import { isYes, readAnswer } from "../confirmation.ts";
import { validityFrom } from "../duration.ts";
import { exitOfPlan, exits } from "../exit-codes.ts";
import { outcomeOfRefusals } from "../plan-json.ts";
import { plain } from "../plain-text.ts";
import { offerLines } from "../render-offer.ts";
import { planLines } from "../render-plan.ts";
import { shortId } from "../render-proof.ts";
import { refusalLines } from "../render-refusal.ts";
import type { Session } from "../session.ts";
import { wrap } from "../text-width.ts";
import { localTime } from "../when.ts";
import { textOf, type Words } from "../words.ts";

/** Whoever approves sees the plan first, also where the answer is JSON: then on stderr. */
export async function runApprove(session: Session, words: Words): Promise<number> {
  const [id = ""] = words.operands;
  const { screen, globals, setup } = session;
  const request = { id: id.toLowerCase(), key: keyFrom(words, setup.cwd), validMs: validityFrom(words) };
  const reports = words.options["html"] === undefined ? undefined : await import("../../report/answer-reports.ts");
  reports?.checkReportWords(session, words);
  if (textOf(words, "html") === "-")
    throw new BelayError("usage", "--html takes a file here: the plan itself is told on stdout.", `belay approve ${id} --html report.html`);
  const [bench, context] = [await session.bench(), await session.context()];
  const result = await approve(
    bench,
    request,
    async (identified, offer) => {
      await reports?.answerPlanReports({ session, bench, context, words }, identified);
      if (globals.isJson) screen.tell([...planLines(identified, screen.prose), ...offerLines(identified, offer, screen.prose)]);
      else screen.print([...planLines(identified, screen.data), ...offerLines(identified, offer, screen.data)]);
      const answer = await readAnswer(session, `Sign this for ${identified.plan.target}? [y/N] `);
      return isYes(answer) ? "go" : "stop";
    },
    context,
  );
  return answerApprove(session, result);
}

/** As a person in this folder types it; the signer finds relative names from belay.yaml's. */
export const keyFrom = (words: Words, cwd: string): string | undefined => {
  const key = textOf(words, "key");
  return key === undefined || key.startsWith("~/") || key.startsWith("/") ? key : `${cwd}/${key}`;
};

function answerApprove({ screen, globals }: Session, result: ApproveResult): number {
  const { id, plan } = result.identified;
  const about = { plan: id, target: plan.target };
  switch (result.kind) {
    case "approved": {
      const { signer, key, expires, missing } = result.signed;
      if (globals.isJson) printJson(screen, { ...about, outcome: "approved", signer, key, expires, missing });
      else {
        const until = localTime(expires, screen.data.nowMs);
        const { columns, paint } = screen.data;
        const told = `${plain(signer)} approved plan ${shortId(id)} for ${plan.target}, until ${until}`;
        screen.print(wrap(told, { width: columns, first: `${paint.green("✔")} `, rest: "  " }));
        screen.tell(
          missing === 0
            ? nextLines(`belay apply ${shortId(id)}`, screen.prose)
            : nextLines(`${missing} more ${missing === 1 ? "person runs" : "people run"}: belay approve ${shortId(id)}`, screen.prose),
        );
      }
      return exits.done;
    }
    case "declined": {
      const problem = new BelayError("confirmation-needed", "Not signed: nothing was recorded.", `belay approve ${shortId(id)}`);
      if (globals.isJson) printJson(screen, { ...about, outcome: "confirmation-needed", ...errorFields(problem) });
      else screen.tell(failureLines(problem, screen.prose));
      return exits.usage;
    }
    case "refused": {
      const { refusals } = result;
      if (globals.isJson) printJson(screen, { ...about, refusals, outcome: outcomeOfRefusals(refusals) });
      else screen.tell([...refusalLines({ target: plan.target, refusals }, screen.prose), "", "A refused plan cannot be approved."]);
      return exitOfPlan({ refusals });
    }
  }
}
