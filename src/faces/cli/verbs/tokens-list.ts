import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { plain, said } from "../plain-text.ts";
import type { Session } from "../session.ts";
import { aligned } from "../text-width.ts";

const textWidthMax = 60;

/** What belay.yaml says. A name that was in force and is gone from it is listed too: only a person retires one. */
export async function runTokensList(session: Session): Promise<number> {
  const { site, ledger } = await session.bench();
  const state = await ledger.state(await session.context());
  const names = new Set(site.tokens.map(({ name }) => name));
  const vanished = (state.tokens[site.name] ?? []).filter((name) => !names.has(name));
  const { screen, globals } = session;
  if (globals.isJson) {
    printJson(screen, { tokens: site.tokens.map(({ name, file, rule, text }) => ({ name, path: file, rule, text })), vanished });
    return exits.done;
  }
  if (site.tokens.length === 0) screen.print("No feature token is registered. belay tokens suggest and belay tokens import find some.");
  else screen.print(aligned(site.tokens.map(({ name, file, rule, text }) => [plain(name), plain(file), rule, said(text, textWidthMax)])));
  screen.tell(
    vanished.map(
      (name) =>
        `! ${plain(name)} was in force and is gone from belay.yaml: put it back, or a person runs: belay tokens retire ${plain(name)} --why "…"`,
    ),
  );
  return exits.done;
}
