import { diff, type FileDiff } from "../../../operations/compare/diff.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { locatePaths } from "../locate-paths.ts";
import { plainLine } from "../plain-text.ts";
import type { Paint } from "../screen.ts";
import { targetOf, type Session } from "../session.ts";
import { has, type Words } from "../words.ts";

/** A terminal is shielded from what stands in pages; a pipe gets every byte, so that the patch applies. */
export async function runDiff(session: Session, words: Words): Promise<number> {
  const [name = "", ...paths] = words.operands;
  const bench = await session.bench();
  const target = targetOf(session, bench, name);
  const selection = await locatePaths(session, bench, target, paths);
  const withBase = has(words, "base");
  const diffs = await diff(bench, { target, selection, withBase }, await session.context());
  const { screen, globals, setup } = session;
  if (globals.isJson) printJson(screen, { target: target.name, diffs });
  else if (diffs.length === 0) screen.tell(`Nothing differs from live at ${target.name}.`);
  else if (setup.stdout.isTTY === true) screen.print(diffs.flatMap((one) => shownLines(one, screen.data.paint)));
  else screen.print(diffs.map((one) => textOf(one).replace(/\n$/u, "")));
  return exits.done;
}

const textOf = ({ path, text, isBinary }: FileDiff): string => (isBinary ? `Binary file ${path} differs` : text);

function shownLines(one: FileDiff, paint: Paint): string[] {
  return textOf(one)
    .replace(/\n$/u, "")
    .split("\n")
    .map((line) => painted(plainLine(line.replace(/\r$/u, "")), paint));
}

function painted(line: string, paint: Paint): string {
  if (line.startsWith("+++") || line.startsWith("---")) return paint.bold(line);
  if (line.startsWith("+")) return paint.green(line);
  if (line.startsWith("-")) return paint.red(line);
  return line.startsWith("@@") ? paint.cyan(line) : line;
}
