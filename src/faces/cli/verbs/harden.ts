import { BelayError } from "../../../core/belay-error.ts";
import { planHardening, type Hardening, type HardenRequest, type HardenResult } from "../../../operations/harden/harden.ts";
import type { Workbench } from "../../../operations/workbench.ts";
import { failureLines, nextLines, printJson } from "../answer.ts";
import { answerHardening } from "../answer-harden.ts";
import { exits } from "../exit-codes.ts";
import { documentFields, documentFiles, terraformOf } from "../harden-documents.ts";
import { logsFrom, principalsFrom, repositoryFrom } from "../harden-words.ts";
import { shellWord } from "../plain-text.ts";
import { gapLines, hardeningLines, placeholderLines, skippedLines } from "../render-harden.ts";
import { commandLine, shownPath, targetOf, type Session } from "../session.ts";
import { has, textOf, type Words } from "../words.ts";
import { writeNew } from "../write-new.ts";

/** Shows the walls, or their documents; with `--apply` one bucket's are put up. */
export async function runHarden(session: Session, words: Words): Promise<number> {
  const named = { principals: principalsFrom(words), ...logsFrom(words), ...repositoryFrom(words) };
  const bench = await session.bench();
  const request = { ...named, ...(await subjectsOf(session, bench, words)) };
  const result = await planHardening(bench, request, await session.context());
  const { screen, globals } = session;
  const out = textOf(words, "out");
  if (has(words, "apply")) return await answerHardening(session, words, result);
  if (out !== undefined) return await writeDocuments(session, result, { out, asTerraform: has(words, "terraform") });
  if (globals.isJson) printJson(screen, documentFields(bench.site.name, result));
  else if (has(words, "terraform")) screen.print(terraformOf(result).trimEnd());
  else show(session, result);
  return exits.done;
}

/** One target, or the record, or all of them; to write takes one (D2). */
async function subjectsOf(
  session: Session,
  bench: Workbench,
  words: Words,
): Promise<Pick<HardenRequest, "targets" | "includesState" | "stateStore">> {
  const { stateStore } = await session.config();
  const [name] = words.operands;
  const isState = has(words, "state");
  if (has(words, "apply") && (name === undefined) !== isState) {
    throw new BelayError("usage", "--apply takes one target, or --state.", "belay harden TARGET --apply");
  }
  if (name !== undefined) return { targets: [targetOf(session, bench, name)], includesState: isState, stateStore };
  return isState ? { targets: [], includesState: true, stateStore } : { targets: bench.site.targets, includesState: true, stateStore };
}

function show(session: Session, result: HardenResult): void {
  const { screen } = session;
  const view = screen.data;
  const blocks = [
    ...result.buckets.map((hardening) => hardeningLines(hardening, view)),
    skippedLines(result, view),
    gapLines(view),
    placeholderLines(result, view),
    result.buckets.flatMap(({ plan }) => plan.refusals.flatMap((refusal) => failureLines(refusal, view))),
  ].filter((block) => block.length > 0);
  screen.print(blocks.flatMap((block, at) => (at === 0 ? block : ["", ...block])));
  const [first] = result.buckets.filter(({ plan }) => plan.changes.length > 0 && plan.refusals.length === 0);
  if (first) screen.print(nextLines(applyCommand(session, first, result.buckets.length > 1), view));
}

/** One place stands for its bucket. */
function applyCommand({ setup }: Pick<Session, "setup">, { plan }: Hardening, isOneOfSeveral: boolean): string {
  const [place = ""] = plan.places;
  const subject = isOneOfSeveral ? [place === "state" ? "--state" : shellWord(place)] : [];
  return commandLine(setup, { without: ["--json", "--terraform", "--out VALUE"], added: [...subject, "--apply"] });
}

async function writeDocuments(
  session: Session,
  result: HardenResult,
  { out, asTerraform }: { readonly out: string; readonly asTerraform: boolean },
): Promise<number> {
  const { screen, setup, globals } = session;
  const written = await writeNew(setup.cwd, out, documentFiles(result, asTerraform));
  if (globals.isJson) printJson(screen, { files: written, placeholders: result.placeholders });
  else screen.print([...written.map((path) => `wrote ${shownPath(setup, path)}`), ...placeholderLines(result, screen.data)]);
  return exits.done;
}
