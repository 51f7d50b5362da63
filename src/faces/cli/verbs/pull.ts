import { BelayError } from "../../../core/belay-error.ts";
import { noticeOfPull } from "../../../operations/notice/notice-of-pull.ts";
import { pull, type Pulled, type PullOutcome, type PullResult } from "../../../operations/pull.ts";
import { nextLines, printJson } from "../answer.ts";
import { exitOfPull, exits } from "../exit-codes.ts";
import { locatePaths } from "../locate-paths.ts";
import { counted, plain, shellWord } from "../plain-text.ts";
import type { View } from "../screen.ts";
import { targetOf, type Session } from "../session.ts";
import { tellPeople } from "../tell-people.ts";
import { aligned, wrap } from "../text-width.ts";
import { textOf, type Words } from "../words.ts";

export async function runPull(session: Session, words: Words): Promise<number> {
  const [name = "", ...paths] = words.operands;
  const bench = await session.bench();
  const target = targetOf(session, bench, name);
  const selection = await locatePaths(session, bench, target, paths);
  const context = await session.context();
  const result = await pull(bench, { target, selection, take: sideFrom(words) }, context);
  const { screen, globals } = session;
  if (globals.isJson)
    printJson(screen, {
      target: target.name,
      pulled: result.pulled,
      resolved: result.resolved,
      standing: result.standing,
      outOfBand: result.outOfBand.writes,
    });
  else {
    screen.print(resultLines(result, target.name, screen.data));
    const next = nextFor(result, { target: target.name, stage: target.after ?? target.name, isAttended: context.isAttended }, screen.prose);
    screen.tell(next);
  }
  await tellPeople(session, await noticeOfPull(bench, { target, result }, context));
  return Math.max(exits.done, ...result.pulled.map(({ outcome }) => exitOfPull[outcome]));
}

/** The parser has checked the choices; this narrows them. */
function sideFrom(words: Words): "live" | "mine" | undefined {
  const side = textOf(words, "take");
  if (side === undefined || side === "live" || side === "mine") return side;
  throw new BelayError("usage", "--take takes live or mine.", "belay pull --help");
}

const outcomeWords: Readonly<Record<PullOutcome, string>> = {
  "fast-forwarded": "brought up to live",
  created: "new from live",
  deleted: "deleted, as on live; the old bytes are kept",
  merged: "both changes are in it",
  conflicted: "both changed the same lines",
  "took-live": "live's bytes; yours are kept",
  "kept-mine": "yours stays; live was seen",
  "needs-choice": "cannot be merged: choose a side",
  "changed-meanwhile": "was changed while it was pulled; nothing was written",
  "file-and-folder": "a file and a folder want this name here; not brought",
};

function resultLines({ pulled, resolved, standing, outOfBand }: PullResult, target: string, { paint }: View): string[] {
  const found = outOfBand.writes.flatMap(({ path, by, isNew }) => (isNew ? [{ path, by: by ?? "no name was left" }] : []));
  const still = standing.map((id) => `  warning ${plain(id)} still stands: this pull brought nothing that settles it`);
  if (pulled.length === 0 && resolved.length === 0) return [`Nothing to pull: this copy has seen all that is live at ${target}.`, ...still];
  const rows = pulled.map((one) => [`  ${one.outcome}`, plain(one.path), wordsOf(one)]);
  const lines = aligned(rows).map((line, at) => (exitOfPull[pulled[at]?.outcome ?? "created"] === exits.done ? line : paint.red(line)));
  const strangers = found.map(({ path, by }) => paint.red(`  ! ${plain(path)} was written at ${target} by another hand (${plain(by)})`));
  return [...lines, ...strangers, ...resolved.map((id) => `  warning ${plain(id)} is settled by this pull`), ...still];
}

function wordsOf({ outcome, conflicts, clash }: Pulled): string {
  if (clash !== undefined) return `not brought: a folder cannot hold it beside ${plain(clash)}`;
  return conflicts === undefined ? outcomeWords[outcome] : `${outcomeWords[outcome]}, in ${counted(conflicts, "place")}`;
}

interface Place {
  readonly target: string;
  /** Where the result can be deployed. */
  readonly stage: string;
  readonly isAttended: boolean;
}

const named = (paths: readonly string[]): string => paths.slice(0, 4).join(" ");

function nextFor({ pulled, standing }: PullResult, { target, stage, isAttended }: Place, view: View): string[] {
  const of = (outcome: PullOutcome): string[] => pulled.filter((one) => one.outcome === outcome).map(({ path }) => shellWord(path));
  const [conflicted, undecided, again, merged] = [of("conflicted"), of("needs-choice"), of("changed-meanwhile"), of("merged")];
  const remedies: string[] = [];
  if (conflicted.length > 0) {
    remedies.push(
      `Edit ${conflicted.slice(0, 4).join(", ")}: keep what is right between <<<<<<< and >>>>>>>, delete the marker lines.`,
      `belay deploy ${stage} ${named(conflicted)}`,
    );
  }
  if (undecided.length > 0) remedies.push(`belay pull ${target} ${named(undecided)} --take live   (or --take mine)`);
  if (again.length > 0) remedies.push(`belay pull ${target} ${named(again)}`);
  const clashing = of("file-and-folder");
  if (clashing.length > 0)
    remedies.push(`Rename or delete one of each at ${target} (${clashing.slice(0, 4).join(", ")}), then: belay pull ${target}`);
  if (standing.length > 0) remedies.push("belay warn list   (a person settles a warning that no pull can)");
  if (remedies.length === 0 && merged.length > 0) remedies.push(`belay diff ${stage} ${named(merged)}`);
  const unseen = !isAttended && (merged.length > 0 || conflicted.length > 0 || of("kept-mine").length > 0);
  const look = unseen
    ? wrap("Nobody watched this merge, so production waits until a person has looked at it: belay warn list", {
        width: view.columns,
        first: "  ",
      })
    : [];
  return [...look, ...(remedies.length > 0 ? nextLines(remedies.join("\n"), view) : [])];
}
