/** `--html` and `--markdown` of every verb that has them. */

import { BelayError } from "../../core/belay-error.ts";
import type { IdentifiedPlan } from "../../core/plan/plan.ts";
import type { Verification } from "../../core/verify/verification.ts";
import { gatherReport } from "../../operations/report/report.ts";
import { gatherVerifyReport } from "../../operations/report/report-verification.ts";
import type { Context, Workbench } from "../../operations/workbench.ts";
import { shownPath, type Session } from "../cli/session.ts";
import { textOf, type Words } from "../cli/words.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { renderPlanReport } from "./render-plan-report.ts";
import { renderVerifyReport } from "./render-verify-report.ts";
import { writeReportFile } from "./write-report-file.ts";

export interface Reporting {
  readonly session: Session;
  readonly bench: Workbench;
  readonly context: Context;
  readonly words: Words;
}

export interface ReportsAnswered {
  /** A report went to stdout, where nothing else may stand. */
  readonly tookStdout: boolean;
}

/** Where `--markdown` goes: stdout where it names no file. */
const markdownPlace = ({ options }: Words): string | undefined =>
  options["markdown"] === true ? "-" : textOf({ operands: [], options }, "markdown");

/** Before any work is done: two documents cannot share stdout. Throws `usage`. */
export function checkReportWords({ globals }: Pick<Session, "globals">, words: Words): void {
  const wanting = [textOf(words, "html"), markdownPlace(words)].filter((place) => place === "-").length + (globals.isJson ? 1 : 0);
  if (wanting < 2) return;
  throw new BelayError("usage", "Only one document fits on stdout.", "Name a file for the others: --html FILE, --markdown FILE");
}

/** Writes what was asked for of a plan, and says where. */
export async function answerPlanReports(
  { session, bench, context, words }: Reporting,
  identified: IdentifiedPlan,
): Promise<ReportsAnswered> {
  const places = [
    { place: textOf(words, "html"), render: renderPlanReport },
    { place: markdownPlace(words), render: renderMarkdown },
  ].flatMap(({ place, render }) => (place === undefined ? [] : [{ place, render }]));
  if (places.length === 0) return { tookStdout: false };
  const facts = await gatherReport(bench, identified, context);
  for (const { place, render } of places) await deliver(session, bench, { place, text: render(facts) });
  return { tookStdout: places.some(({ place }) => place === "-") };
}

/** As `answerPlanReports`, for a look at what visitors get. */
export async function answerVerifyReport(
  { session, bench, context, words }: Reporting,
  verification: Verification,
): Promise<ReportsAnswered> {
  const place = textOf(words, "html");
  if (place === undefined) return { tookStdout: false };
  await deliver(session, bench, { place, text: renderVerifyReport(await gatherVerifyReport(bench, verification, context)) });
  return { tookStdout: place === "-" };
}

async function deliver(
  session: Session,
  bench: Workbench,
  { place, text }: { readonly place: string; readonly text: string },
): Promise<void> {
  if (place === "-") return session.screen.print(text.replace(/\n$/u, ""));
  const path = await writeReportFile(session.setup.cwd, bench.site, { file: place, text });
  session.screen.tell(`report ${shownPath(session.setup, path)}`);
}
