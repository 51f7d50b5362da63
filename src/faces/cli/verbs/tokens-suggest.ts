import { suggest } from "../../../operations/tokens.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { locatePaths } from "../locate-paths.ts";
import { plain, said, shellWord } from "../plain-text.ts";
import { targetOf, type Session } from "../session.ts";
import { wrap } from "../text-width.ts";
import type { Words } from "../words.ts";

/** Against the target of most worth where none was named: the last of belay.yaml. */
export async function runTokensSuggest(session: Session, { operands: [name, ...paths] }: Words): Promise<number> {
  const bench = await session.bench();
  const target = targetOf(session, bench, name ?? bench.site.targets.at(-1)?.name ?? "");
  const selection = await locatePaths(session, bench, target, paths);
  const suggested = await suggest(bench, { target, selection }, await session.context());
  const { screen, globals } = session;
  const view = screen.data;
  if (globals.isJson) {
    printJson(screen, {
      target: target.name,
      suggestions: suggested.map(({ name: token, file, rule, text, why }) => ({ name: token, path: file, rule, text, why })),
    });
    return exits.done;
  }
  if (suggested.length === 0) {
    screen.print(`No page here lacks what ${target.name} has, so there is nothing to suggest.`);
    return exits.done;
  }
  const lines = suggested.flatMap(({ name: token, file, rule, text, why }, at) => [
    ...(at === 0 ? [] : [""]),
    `${view.paint.bold(plain(token))}  ${plain(file)} ${rule === "absent" ? "must not hold" : "must hold"} ${said(text, 60)}`,
    ...wrap(plain(why), { width: view.columns, first: "  " }),
    `  belay tokens add ${token} --file ${shellWord(file)} --${rule} ${shellWord(text)}`,
  ]);
  screen.print(lines);
  return exits.done;
}
