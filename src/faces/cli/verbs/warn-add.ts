import { BelayError } from "../../../core/belay-error.ts";
import { addWarning } from "../../../operations/warn.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { locateAnywhere } from "../locate-paths.ts";
import { plain } from "../plain-text.ts";
import { commandLine, targetOf, type Session } from "../session.ts";
import { textOf, type Words } from "../words.ts";

/** A mistyped path would bind nothing, so every path must be here or live somewhere. */
export async function runWarnAdd(session: Session, words: Words): Promise<number> {
  const note = textOf(words, "note") ?? "";
  if (note.trim() === "") {
    throw new BelayError(
      "usage",
      "A warning needs a text.",
      commandLine(session.setup, { without: ["--note VALUE"], added: ["--note", '"why nobody should write there"'] }),
    );
  }
  const bench = await session.bench();
  const named = textOf(words, "target");
  const target = named === undefined ? undefined : targetOf(session, bench, named).name;
  const paths = await locateAnywhere(session, bench, words.operands);
  const warning = await addWarning(bench, { paths, text: note, ...(target === undefined ? {} : { target }) }, await session.context());
  const { screen, globals } = session;
  if (globals.isJson) printJson(screen, { warning });
  else
    screen.print(
      `${warning.id} holds on ${paths.map(plain).join(", ")}${target === undefined ? "" : ` at ${target}`} until a pull of it, or a person, settles it`,
    );
  return exits.done;
}
