/** Questions about a record, one by one, for a person at a terminal. Nowhere else is anything asked. */

import type { Question } from "../../core/records/decision.ts";
import type { AskField } from "../../operations/records/reconcile.ts";
import { readAnswer } from "../../operations/records/read-answer.ts";
import { BelayError } from "../../core/belay-error.ts";
import { readAnswer as readLine } from "./confirmation.ts";
import { plain } from "./plain-text.ts";
import { todayOf, type KindAtHand } from "./records-session.ts";
import type { Session } from "./session.ts";
import { wrap } from "./text-width.ts";

export interface Person {
  /** As they are recorded: `Mara`, or `Mara: guest called` with their reason. */
  readonly because: (why: string | undefined) => string;
  readonly why: string | undefined;
}

/** Who decides, by the name that the ledger will have, with the reason that they give. */
export function personOf({ records }: Pick<KindAtHand, "records">, why: string | undefined): Person {
  const { name, kind } = records.home.actor;
  const who = kind === "agent" || kind === "ci" ? `${name} (${kind})` : name;
  return { why, because: (reason) => (reason === undefined || reason.trim() === "" ? who : `${who}: ${reason.trim()}`) };
}

const triesMax = 3;

/** Answers `undefined` off a terminal, in JSON, and where the person leaves a question open by an empty line. */
export function openAsking(session: Session, atHand: KindAtHand, person: Person): AskField {
  const { records, context } = atHand;
  let why = person.why;
  return async (question) => {
    if (!context.isAttended || session.globals.isJson) return undefined;
    session.screen.tell(questionLines(question, session));
    for (let tries = 0; tries < triesMax; tries += 1) {
      const line = (
        await readLine(session, `  ${question.choices.length > 0 ? "its number, or " : ""}${wanted(question)} (empty: leave it open): `)
      ).trim();
      if (line === "") return undefined;
      const text = question.choices[numberOf(line)]?.answer ?? line;
      if (question.about === "survivor") {
        if (question.choices.some(({ answer }) => answer === text)) return { keep: text, because: person.because(why) };
        session.screen.tell(`  “${plain(text)}” is none of them.`);
        continue;
      }
      try {
        const value = readAnswer(records.kind, question.name, text, todayOf(session));
        why ??= (await readLine(session, "  why? (for the record; may be left empty): ")).trim();
        return { field: question.name, value, because: person.because(why) };
      } catch (error) {
        if (!(error instanceof BelayError) || error.code !== "usage") throw error;
        session.screen.tell(`  ${plain(error.message)}`);
      }
    }
    return undefined;
  };
}

const wanted = ({ about }: Question): string => (about === "survivor" ? "the address of the one that stays" : "another value");

/** `2` names the second choice; anything else is no number of one. */
const numberOf = (line: string): number => (/^[1-9]\d?$/u.test(line) ? Number(line) - 1 : -1);

function questionLines({ about, name, choices }: Question, { screen }: Session): string[] {
  const { columns, paint } = screen.prose;
  const head = about === "survivor" ? `Which of the ${plain(name)} stays?` : `What holds for ${plain(name)}?`;
  return [
    "",
    paint.bold(head),
    ...choices.flatMap(({ answer, says }, at) => [
      ...wrap(`${at + 1}  ${plain(answer)}`, { width: columns, first: "  ", rest: "     " }),
      ...says.flatMap((clause) => wrap(plain(clause), { width: columns, first: "       ", rest: "         " })),
    ]),
  ];
}
