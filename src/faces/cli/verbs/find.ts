import { findRecord, isCertain } from "../../../operations/records/find-record.ts";
import { nextLines, printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { findWords, queryFrom, type FindWords } from "../find-words.ts";
import { shellWord } from "../plain-text.ts";
import { openKind, todayOf } from "../records-session.ts";
import { findRemedy, findingsFields, findingsLines } from "../render-find.ts";
import type { Session } from "../session.ts";
import type { Words } from "../words.ts";

/** Answers are data: exit 0 whether it exists or not, and 5 where a system could not be looked at that may hold it, or its page. */
export async function runFind(session: Session, words: Words): Promise<number> {
  const asked = findWords(words, "find");
  const { records, context } = await openKind(session, asked.kind);
  const findings = await findRecord(records, queryFrom(records.kind, asked, todayOf(session)), context);
  const { screen, globals } = session;
  const next = findRemedy(findings, typedAgain(asked));
  if (globals.isJson) printJson(screen, { ...findingsFields(findings), next });
  else {
    screen.print(findingsLines(findings, screen.data));
    screen.tell(nextLines(next, screen.prose));
  }
  return isCertain(findings) ? exits.done : exits.unsettled;
}

/** What was asked for, as it can be pasted. */
export const typedAgain = ({ said }: FindWords): string => said.map(([field, text]) => `--${field} ${shellWord(text)}`).join(" ");
