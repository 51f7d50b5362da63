import { resolveWarning } from "../../../operations/warn.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { plain } from "../plain-text.ts";
import type { Session } from "../session.ts";
import { textOf, type Words } from "../words.ts";

export async function runWarnResolve(session: Session, words: Words): Promise<number> {
  const [id = ""] = words.operands;
  await resolveWarning(await session.bench(), { id, why: textOf(words, "why") ?? "" }, await session.context());
  const { screen, globals } = session;
  if (globals.isJson) printJson(screen, { resolved: id });
  else screen.print(`${plain(id)} is settled`);
  return exits.done;
}
