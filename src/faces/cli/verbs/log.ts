import { log, type LogResult } from "../../../operations/log.ts";
import { BelayError } from "../../../core/belay-error.ts";
import { failureLines, printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { keysNamed } from "../locate-paths.ts";
import { plain } from "../plain-text.ts";
import { logLines } from "../render-log.ts";
import type { Session } from "../session.ts";
import { textOf, type Words } from "../words.ts";

const entriesDefault = 50;

/** Newest first. A broken chain is told loudly, with the entries that still hold, and takes a person. */
export async function runLog(session: Session, words: Words): Promise<number> {
  const bench = await session.bench();
  const [path] = await keysNamed(session, bench, { paths: words.operands });
  const limit = limitFrom(textOf(words, "limit"));
  const result = await log(bench, { path, limit }, await session.context());
  const { screen, globals } = session;
  const { entries, chain } = result;
  if (globals.isJson) printJson(screen, { entries, chain, ...(result.problem === undefined ? {} : { problem: result.problem }) });
  else {
    if (entries.length > 0) screen.print(logLines(result, screen.data));
    else if (chain === "intact")
      screen.print(path === undefined ? "Nothing is recorded yet." : `Nothing is recorded about ${plain(path)}.`);
    if (chain !== "intact") screen.tell(["", ...failureLines(brokenChain(chain.brokenAt, result), screen.prose)]);
  }
  return chain === "intact" ? exits.done : exits.person;
}

const brokenChain = (at: number, { problem }: LogResult): { readonly message: string; readonly remedy: string } => ({
  message:
    `The record is broken at entry ${at}: somebody changed or lost what stood there. Nothing before it is proven.\n${problem ?? ""}`.trimEnd(),
  remedy: "A person looks at the state folder, and brings it back from a backup.",
});

function limitFrom(text: string | undefined): number {
  if (text === undefined) return entriesDefault;
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new BelayError("usage", "--limit takes a number of entries.", "belay log --limit 20");
}
