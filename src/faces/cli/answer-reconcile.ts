/** What became of a reconcile, for people and in JSON. */

import type { IdentifiedPlan } from "../../core/plan/plan.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import { recordsSitePrefix } from "../../core/records/kind.ts";
import type { Carried, PartDone } from "../../operations/records/carrying.ts";
import type { ReconcileResult } from "../../operations/records/reconcile.ts";
import { errorFields, failureLines, nextLines, printJson } from "./answer.ts";
import { answerTried } from "./answer-deploy.ts";
import type { Confirmation } from "./confirmation.ts";
import { exitOfReconcile } from "./exit-codes.ts";
import { outcomeOfRefusals, resultFields } from "./plan-json.ts";
import { counted, plain, shellWord } from "./plain-text.ts";
import { reconcileFields } from "./records-json.ts";
import { refusalLines } from "./render-refusal.ts";
import { shortId } from "./render-proof.ts";
import { decidedLines, questionLines, taskLines } from "./render-reconcile.ts";
import type { View } from "./screen.ts";
import type { Session } from "./session.ts";
import { aligned, wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

export interface Reconciled {
  readonly result: ReconcileResult;
  readonly confirmation: Pick<Confirmation, "problem">;
  /** A report took stdout, where nothing else may stand. */
  readonly isQuiet?: boolean;
}

export function answerReconcile(session: Session, { result, confirmation, isQuiet = false }: Reconciled): number {
  const { screen, globals } = session;
  const { identified } = result.prepared;
  nameSiteOf(session, identified);
  if (globals.isJson)
    printJson(screen, { ...reconcileFields(identified), questions: result.prepared.questions, ...outcomeFields(result, confirmation) });
  else tell(session, result, { confirmation, isQuiet });
  return exitOfReconcile(result);
}

/** Its plan is approved, and gone on with, under the site whose pages it writes; what no site publishes is under any. */
export function nameSiteOf({ screen }: Pick<Session, "screen">, { plan }: IdentifiedPlan): void {
  if (screen.prose.site !== undefined && !plan.site.startsWith(recordsSitePrefix)) screen.nameSite(plan.site);
}

function outcomeFields(result: ReconcileResult, confirmation: Pick<Confirmation, "problem">): Record<string, unknown> {
  switch (result.kind) {
    case "undecided":
      return { outcome: "needs-person", waitsFor: "decision" };
    case "unapproved":
      return { refusals: result.refusals, outcome: "needs-person", waitsFor: "approval" };
    case "refused":
      return { outcome: outcomeOfRefusals(result.prepared.identified.plan.refusals) };
    case "nothing-to-do":
      return { outcome: "nothing-to-do" };
    case "declined": {
      const problem = confirmation.problem();
      return { outcome: "confirmation-needed", ...(problem && errorFields(problem)) };
    }
    case "carried":
      return { parts: result.carried.parts, ...carriedFields(result.carried) };
  }
}

function carriedFields(carried: Carried): Record<string, unknown> {
  switch (carried.kind) {
    case "done":
      return { outcome: "applied", report: carried.report };
    case "stopped":
      return { ...resultFields(carried.result), stoppedAt: carried.at };
    case "held": {
      const { by, purpose, untilMs } = carried.held;
      return { outcome: "held", held: { by, purpose, until: new Date(untilMs).toISOString() }, stoppedAt: carried.at };
    }
    case "conflict":
      return { outcome: "conflict", path: carried.key, stoppedAt: carried.at };
    case "unseen":
      return { outcome: "verification-failed", path: carried.key, saw: carried.says, stoppedAt: carried.at };
  }
}

interface Telling {
  readonly confirmation: Pick<Confirmation, "problem">;
  readonly isQuiet: boolean;
}

function tell(session: Session, result: ReconcileResult, { confirmation, isQuiet }: Telling): void {
  const { screen } = session;
  const { identified } = result.prepared;
  const name = nameOf(identified);
  switch (result.kind) {
    case "undecided":
      screen.tell(undecidedLines(result, screen.prose));
      return;
    case "refused":
      screen.tell([
        ...refusalLines({ ...identified.plan, target: name }, screen.prose),
        "",
        `nothing was written (plan ${shortId(identified.id)})`,
      ]);
      return;
    case "unapproved":
      screen.tell([
        ...refusalLines({ ...identified.plan, target: name, refusals: result.refusals }, screen.prose),
        "",
        `nothing was written (plan ${shortId(identified.id)})`,
      ]);
      return;
    case "nothing-to-do":
      if (!isQuiet)
        screen.print([
          `${screen.data.paint.green("✔")} ${name}: nothing to correct.`,
          ...taskLines(identified.plan.records?.tasks ?? [], screen.data),
        ]);
      return;
    case "declined": {
      const problem = confirmation.problem();
      if (problem) screen.tell(failureLines(problem, screen.prose));
      return;
    }
    case "carried":
      tellCarried(session, { identified, carried: result.carried, isQuiet });
      return;
  }
}

const nameOf = ({ plan }: IdentifiedPlan): string => `${plain(plan.records?.kind ?? "")} ${plain(plan.records?.record ?? "")}`;

/** What is asked, each choice with the words that make it. */
function undecidedLines({ prepared: { identified, questions } }: ReconcileResult, view: View): string[] {
  const command = `belay reconcile ${shellWord(identified.plan.records?.kind ?? "KIND")} ${shellWord(identified.plan.records?.record ?? "ID")}`;
  return [
    `${view.paint.red("✖")} ${view.paint.bold(`${nameOf(identified)} waits for ${counted(questions.length, "decision")}; nothing was written`)}`,
    ...questionLines(questions, view),
    ...nextLines(`${command} …   (with one of these for each question, and --why TEXT; a terminal asks)`, view),
  ];
}

interface Told {
  readonly identified: IdentifiedPlan;
  readonly carried: Carried;
  readonly isQuiet: boolean;
}

function tellCarried(session: Session, { identified, carried, isQuiet }: Told): void {
  const { screen } = session;
  if (carried.kind === "done") {
    if (!isQuiet) screen.print(reportLines(identified, carried, screen.data));
    return;
  }
  if (carried.parts.length > 0)
    screen.tell(["What stands already is what was decided, and stays:", ...partLines(carried.parts, screen.prose)]);
  const again = `belay apply ${shortId(identified.id)}   (goes on where it stopped)`;
  switch (carried.kind) {
    case "stopped":
      // The plan of this part has the target's own name, and the way on that fits it.
      answerTried(session, {
        identified: { ...identified, plan: { ...identified.plan, target: carried.at.target } },
        result: carried.result,
      });
      screen.tell(nextLines(again, screen.prose));
      return;
    case "held": {
      const until = localTime(new Date(carried.held.untilMs).toISOString(), screen.prose.nowMs);
      const message = `${plain(carried.held.by)} is at work on ${carried.at.target} (${plain(carried.held.purpose)}) until ${until} at the latest.`;
      screen.tell(failureLines({ message, remedy: again }, screen.prose));
      return;
    }
    case "conflict": {
      const { kind = "KIND", record = "ID" } = identified.plan.records ?? {};
      const message = `Somebody wrote ${carried.key} at ${carried.at.target} after the plan was made. Their work stands.`;
      screen.tell(failureLines({ message, remedy: `belay reconcile ${shellWord(kind)} ${shellWord(record)}` }, screen.prose));
      return;
    }
    case "unseen": {
      const { kind = "KIND", record = "ID" } = identified.plan.records ?? {};
      const message = `${carried.key} at ${carried.at.target} was written, and says ${carried.says} when looked at again. What comes after it was not begun.`;
      screen.tell(failureLines({ message, remedy: `belay audit ${shellWord(kind)} ${shellWord(record)}` }, screen.prose));
    }
  }
}

/** The one report: what is now said where, who decided it, and why. */
function reportLines(identified: IdentifiedPlan, carried: Extract<Carried, { kind: "done" }>, view: View): string[] {
  const { records } = identified.plan;
  if (!records) return [];
  const written = stepsOf(identified.plan).length;
  return [
    "",
    ...wrap(`${nameOf(identified)}: every system that belay can write says the same (${counted(written, "object")} written)`, {
      width: view.columns,
      first: "✔ ",
      rest: "  ",
    }).map((line) => view.paint.green(line)),
    ...decidedLines(records, view),
    "",
    view.paint.bold("written"),
    ...partLines(carried.parts, view),
    ...taskLines(records.tasks, view),
    "",
    ...wrap(`report ${carried.report.slice(0, 12)} is in the record: before and after, who decided, why (belay log shows it)`, {
      width: view.columns,
      rest: "  ",
    }),
  ];
}

function partLines(parts: readonly PartDone[], { columns }: View): string[] {
  const rows = aligned(
    parts.map(({ wave, target, keys, release, invalidation }) => [
      `  ${wave}`,
      plain(target),
      [
        ...keys.map(plain),
        ...(release === undefined ? ["there already"] : [`as ${release}`]),
        ...(invalidation === undefined ? [] : [`invalidation ${plain(invalidation)}`]),
      ].join(", "),
    ]),
  );
  return rows.flatMap((line) => wrap(line, { width: columns, first: "", rest: "      " }));
}
