import { removeToken } from "../../../config/edit-tokens.ts";
import { retireToken } from "../../../operations/tokens.ts";
import { printJson } from "../answer.ts";
import { editConfig } from "../edit-config.ts";
import { exits } from "../exit-codes.ts";
import { plain } from "../plain-text.ts";
import type { Session } from "../session.ts";
import { textOf, type Words } from "../words.ts";

/** The record first: a token that leaves belay.yaml without it binds on. */
export async function runTokensRetire(session: Session, words: Words): Promise<number> {
  const [name = ""] = words.operands;
  const bench = await session.bench();
  await retireToken(bench, { name, why: textOf(words, "why") ?? "" }, await session.context());
  if (bench.site.tokens.some((token) => token.name === name)) await editConfig(session, (text) => removeToken(text, bench.site.name, name));
  const { screen, globals } = session;
  if (globals.isJson) printJson(screen, { retired: name });
  else screen.print(`${plain(name)} is retired, and gone from belay.yaml`);
  return exits.done;
}
