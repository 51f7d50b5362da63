import { checkTokens } from "../../../operations/tokens.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { counted } from "../plain-text.ts";
import { tokenLines } from "../render-status.ts";
import { targetOf, type Session } from "../session.ts";
import type { Words } from "../words.ts";

/** Refuses (3) where a file here would break a token; what live breaks is shown beside it. */
export async function runTokensCheck(session: Session, { operands: [name] }: Words): Promise<number> {
  const bench = await session.bench();
  const target = targetOf(session, bench, name ?? bench.site.targets[0]?.name ?? "");
  const tokens = await checkTokens(bench, target, await session.context());
  const { screen, globals } = session;
  const isKept = tokens.every(({ local }) => local === "ok");
  if (globals.isJson) printJson(screen, { target: target.name, tokens });
  else if (tokens.length === 0) screen.print("No feature token is registered.");
  else {
    screen.print([`here, beside live at ${target.name}:`, ...tokenLines(tokens, { ...screen.data, isVerbose: true })]);
    if (isKept) screen.print(tokens.length === 1 ? "kept here" : `all ${counted(tokens.length, "token")} are kept here`);
  }
  return isKept ? exits.done : exits.refused;
}
