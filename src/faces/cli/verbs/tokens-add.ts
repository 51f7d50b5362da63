import { BelayError } from "../../../core/belay-error.ts";
import { addToken } from "../../../config/edit-tokens.ts";
import type { FeatureToken } from "../../../core/site.ts";
import { printJson } from "../answer.ts";
import { editConfig } from "../edit-config.ts";
import { exits } from "../exit-codes.ts";
import { keysNamed } from "../locate-paths.ts";
import { plain } from "../plain-text.ts";
import { commandLine, type Session } from "../session.ts";
import { textOf, type Words } from "../words.ts";

export async function runTokensAdd(session: Session, words: Words): Promise<number> {
  const bench = await session.bench();
  const typed = textOf(words, "file");
  const [file] = typed === undefined ? [] : await keysNamed(session, bench, { paths: [typed] });
  if (file === undefined) {
    throw new BelayError(
      "usage",
      "A token is about one file of the site.",
      commandLine(session.setup, { added: ["--file", "index.html"] }),
    );
  }
  const [name = ""] = words.operands;
  const token: FeatureToken = { name, file, ...ruleFrom(session, words) };
  await editConfig(session, (text) => addToken(text, bench.site.name, token));
  const { screen, globals } = session;
  if (globals.isJson) printJson(screen, { token: { name, path: file, rule: token.rule, text: token.text } });
  else screen.print(`${plain(name)} is in belay.yaml; belay tokens check shows how every file stands with it`);
  return exits.done;
}

function ruleFrom({ setup }: Session, words: Words): Pick<FeatureToken, "rule" | "text"> {
  const [contains, absent] = [textOf(words, "contains"), textOf(words, "absent")];
  if (contains !== undefined && absent === undefined) return { rule: "contains", text: contains };
  if (absent !== undefined && contains === undefined) return { rule: "absent", text: absent };
  throw new BelayError(
    "usage",
    "A token says one thing: what its file must contain, or what must stay absent.",
    commandLine(setup, { without: ["--absent VALUE", "--contains VALUE"], added: ["--contains", '"text"'] }),
  );
}
