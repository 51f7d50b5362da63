import { BelayError } from "../../../core/belay-error.ts";
import { showValue } from "../../../core/records/compare-values.ts";
import type { Answer } from "../../../core/records/decide.ts";
import type { IdentifiedPlan } from "../../../core/plan/plan.ts";
import type * as Reports from "../../report/answer-records-report.ts";
import { readAnswer } from "../../../operations/records/read-answer.ts";
import {
  applyReconcile,
  mainBench,
  prepare,
  reconcile,
  type ReconcileRequest,
  type ReconcileResult,
} from "../../../operations/records/reconcile.ts";
import type { Confirm } from "../../../operations/deploy.ts";
import { findPlan } from "../../../operations/plan-shelf.ts";
import { savePlan } from "../../../operations/plan.ts";
import { nextLines, printJson } from "../answer.ts";
import { answerReconcile, nameSiteOf } from "../answer-reconcile.ts";
import { openAsking, personOf } from "../ask-record.ts";
import { openConfirmation, type Confirmation } from "../confirmation.ts";
import { exitOfPlan, exits } from "../exit-codes.ts";
import { plain } from "../plain-text.ts";
import { openKind, todayOf, type KindAtHand } from "../records-session.ts";
import { reconcileFields } from "../records-json.ts";
import { shortId } from "../render-proof.ts";
import { questionLines, reconcileLines } from "../render-reconcile.ts";
import { refusalLines } from "../render-refusal.ts";
import type { Session } from "../session.ts";
import { has, listOf, textOf, type Words } from "../words.ts";

/** Decides, shows, confirms, corrects everywhere, and says what was done. */
export async function runReconcile(session: Session, words: Words): Promise<number> {
  const [kindName = "", named = ""] = words.operands;
  const reports = await reportsFor(session, words);
  const atHand = await openKind(session, kindName);
  const request = requestFrom(session, atHand, { words, named });
  if (has(words, "plan")) return await planOnly(session, atHand, { words, request });
  const confirmation = openReconcileConfirmation(session, atHand, words);
  const result = await carriedOut(session, atHand, { words, request, confirmation });
  const isOnStdout = (await reports?.answerReconcileReport(session, { records: atHand.records, words, result })) === "stdout";
  return answerReconcile(session, { result, confirmation, isQuiet: isOnStdout });
}

const reportsFor = async (session: Session, words: Words): Promise<typeof Reports | undefined> => {
  if (textOf(words, "html") === undefined) return undefined;
  const reports = await import("../../report/answer-records-report.ts");
  reports.checkRecordsReportWords(session, words);
  return reports;
};

interface Asked {
  readonly words: Words;
  readonly request: ReconcileRequest;
}

/** `--confirm` names a plan that was seen: exactly that one is carried out, whatever a new one would be. */
async function carriedOut(
  session: Session,
  atHand: KindAtHand,
  { words, request, confirmation }: Asked & { readonly confirmation: Confirmation },
): Promise<ReconcileResult> {
  const { records, context } = atHand;
  const confirmed = textOf(words, "confirm");
  if (confirmed !== undefined) {
    checkConfirmed(atHand, { identified: await findPlan(records.home, confirmed, context), request });
    return await applyReconcile(records, confirmed, confirmation.confirm, context);
  }
  const ask = openAsking(session, atHand, personOf(atHand, textOf(words, "why")));
  return await reconcile(records, request, { ask, confirm: confirmation.confirm }, context);
}

/** The plan is this record's, and decides what this command line says. */
function checkConfirmed(
  { records }: KindAtHand,
  { identified, request }: { readonly identified: IdentifiedPlan; readonly request: ReconcileRequest },
): void {
  const { records: part } = identified.plan;
  const again = `belay apply ${shortId(identified.id)}`;
  if (part?.kind !== records.kind.name)
    throw new BelayError("usage", `Plan ${shortId(identified.id)} corrects no ${records.kind.name}.`, again);
  const differs = request.answers.find(({ field, value }) => {
    const decided = part.decisions.find((one) => one.field === field);
    return !decided || !showValue(decided.value).includes(showValue(value));
  });
  if (differs)
    throw new BelayError(
      "usage",
      `Plan ${shortId(identified.id)} decides something else about ${differs.field}.`,
      `${again}   (or leave --confirm out: a new plan is made)`,
    );
}

/** Shows the whole reconcile, then asks as for any plan, under the target that it is approved for. */
export function openReconcileConfirmation(session: Session, { records, context }: KindAtHand, words: Words, named?: string): Confirmation {
  let asked: Confirmation | undefined;
  const confirm: Confirm = async (identified, offer) => {
    const bench = await mainBench(records, identified);
    asked = openConfirmation({
      session,
      bench,
      context,
      words,
      ...(named === undefined ? {} : { named }),
      lines: (view) => reconcileLines(identified, view),
      question: `Make these changes? [y/N] `,
      writes: "parts",
      again: `belay apply ${shortId(identified.id)}`,
    });
    return await asked.confirm(identified, offer);
  };
  return { confirm, problem: () => asked?.problem() };
}

function requestFrom(
  session: Session,
  atHand: KindAtHand,
  { words, named }: { readonly words: Words; readonly named: string },
): ReconcileRequest {
  const person = personOf(atHand, textOf(words, "why"));
  const answers = new Map<string, Answer>();
  for (const text of listOf(words, "set")) {
    const at = text.indexOf("=");
    const field = text.slice(0, Math.max(at, 0)).trim();
    if (at < 1) throw new BelayError("usage", `--set takes a field and its value: “${plain(text)}” has no “=”.`, "--set start=15:30");
    if (answers.has(field))
      throw new BelayError("usage", `--set says twice what ${plain(field)} is.`, `Leave one of them out: --set ${field}=…`);
    answers.set(field, {
      field,
      value: readAnswer(atHand.records.kind, field, text.slice(at + 1), todayOf(session)),
      because: person.because(person.why),
    });
  }
  return {
    named,
    answers: [...answers.values()],
    keep: textOf(words, "keep"),
    keepBecause: person.because(person.why),
    deletes: has(words, "delete"),
    leave: listOf(words, "leave"),
  };
}

/** `--plan`: made, shown and kept under its id; nothing is decided and nothing is written. */
async function planOnly(session: Session, atHand: KindAtHand, { words, request }: Asked): Promise<number> {
  const { records, context } = atHand;
  const { screen, globals } = session;
  const prepared = await prepare(records, request, openAsking(session, atHand, personOf(atHand, textOf(words, "why"))), context);
  const { identified, questions } = prepared;
  const { plan } = identified;
  nameSiteOf(session, identified);
  const isReady = questions.length === 0 && plan.refusals.length === 0;
  if (isReady) await savePlan(await mainBench(records, identified), identified, context);
  const reports = await reportsFor(session, words);
  const place = await reports?.answerReconcileReport(session, {
    records,
    words,
    result: { kind: questions.length > 0 ? "undecided" : "declined", prepared },
  });
  if (globals.isJson) printJson(screen, { ...reconcileFields(identified), questions });
  else if (place !== "stdout") {
    screen.print([
      ...(plan.refusals.length > 0 ? [...refusalLines({ ...plan, target: request.named }, screen.data), ""] : []),
      ...reconcileLines(identified, screen.data),
      ...(questions.length > 0 ? ["", ...questionLines(questions, screen.data)] : []),
      ...(isReady ? nextLines(`belay ${plan.needs ? "approve" : "apply"} ${shortId(identified.id)}`, screen.data) : []),
    ]);
  }
  return questions.length > 0 ? exits.person : exitOfPlan(plan);
}
