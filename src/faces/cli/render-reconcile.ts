/** A reconcile on a terminal: what was decided and why, what changes in each place, what stays, what is asked of people. */

import { basename } from "node:path";
import type { IdentifiedPlan } from "../../core/plan/plan.ts";
import { showValue } from "../../core/records/compare-values.ts";
import type { Question } from "../../core/records/decision.ts";
import type { RecordEdit, RecordsPart } from "../../core/records/records-part.ts";
import type { ManualTask } from "../../core/records/task.ts";
import { optionOf } from "./option-of.ts";
import { counted, plain, said } from "./plain-text.ts";
import { proofLines, shortId } from "./render-proof.ts";
import type { View } from "./screen.ts";
import { aligned, cutTo, widthOf, wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

/** Everything that somebody has to see before they say go. */
export function reconcileLines({ id, plan }: IdentifiedPlan, view: View): string[] {
  const { records } = plan;
  if (!records) return [];
  const { paint, isVerbose } = view;
  const needs = plan.needs ? `  (needs the approval of ${plan.needs.count === 1 ? "a person" : `${plan.needs.count} people`})` : "";
  return [
    paint.bold(`reconcile ${plain(records.kind)} ${plain(records.record)}`),
    ...decidedLines(records, view),
    ...changeLines(records, plan, view),
    ...staysLines(records, view),
    ...taskLines(records.tasks, view),
    ...waveLines(plan, view),
    "",
    ...proofLines(plan, view),
    "",
    `plan ${isVerbose ? id : shortId(id)}${needs}`,
  ];
}

const headed = (head: string, lines: readonly string[], { paint }: View): string[] =>
  lines.length === 0 ? [] : ["", paint.bold(head), ...lines];

/** What holds, who or what decided, and which duplicate stays. What all agree on is counted, not listed. */
export function decidedLines({ decisions, survivors }: Pick<RecordsPart, "decisions" | "survivors">, view: View): string[] {
  const shown = decisions.filter(({ how }) => view.isVerbose || how !== "agreed");
  const rows = aligned(shown.map(({ field, value, because }) => [plain(field), cutTo(plain(showValue(value)), 32), plain(because)]));
  const agreed = decisions.length - shown.length;
  return headed(
    "decided",
    [
      ...rows.flatMap((line) => wrap(line, { width: view.columns, first: "  ", rest: "      " })),
      ...(agreed > 0 ? [`  ${counted(agreed, "more field")} on which all agree`] : []),
      ...survivors.flatMap(({ system, keep, replace, how, loses, because }) => [
        ...wrap(`${plain(system)}  ${plain(keep)} stays (${plain(because)})`, { width: view.columns, first: "  ", rest: "      " }),
        ...replace.flatMap((key) =>
          wrap(`${plain(key)} ${how === "delete" ? "is deleted" : "becomes a redirect to it"}`, {
            width: view.columns,
            first: "      ",
            rest: "        ",
          }),
        ),
        ...(loses.length === 0
          ? []
          : wrap(`lost with it: ${loses.map(plain).join(", ")}`, { width: view.columns, first: "      ", rest: "        " }).map((line) =>
              view.paint.yellow(line),
            )),
      ]),
    ],
    view,
  );
}

const editsShownMax = 12;

/** Object by object, text by text: as it stands, and as it will. */
function changeLines({ edits, reach }: RecordsPart, plan: IdentifiedPlan["plan"], view: View): string[] {
  const lines = plan.waves.flatMap(({ steps }) =>
    steps.flatMap(({ change, because }) => {
      const { store, key } = change.at;
      const own = edits.filter(({ at }) => at.store === store && at.key === key);
      const found = reach.find(({ at }) => at.store === store && at.key === key);
      // A page that lies on a stage, too, is written in both places.
      const isTwice = found && reach.some((one) => one.at.key === key && one.system === found.system && one.target !== found.target);
      const stage = found && isTwice ? ` on ${found.target}` : "";
      const head = `${plain(found?.system ?? "")}  ${plain(key)}${plain(stage)}`;
      const what = own.length === 0 ? `  ${change.kind === "delete" ? "deleted: " : ""}${plain(because)}` : "";
      const shown = view.isVerbose ? own : own.slice(0, editsShownMax);
      return [
        ...wrap(`${head}${what}`, { width: view.columns, first: "  ", rest: "    " }),
        ...shown.flatMap((edit) => editLines(edit, view)),
        ...(own.length > shown.length ? [`      … and ${own.length - shown.length} more (--verbose shows all)`] : []),
      ];
    }),
  );
  return headed("changes", lines, view);
}

/** Where, then before and after; below one another where they do not fit on one line. */
function editLines({ field, where, before, after }: RecordEdit, { columns, paint }: View): string[] {
  const place = `${plain(field)}, ${plain(where)}`;
  const [was, is] = [trimmed(before), trimmed(after)];
  const short = `${was} → ${is}`;
  if (widthOf(short) + widthOf(place) + 8 <= columns) return [`      ${paint.red(was)} → ${paint.green(is)}  ${paint.dim(place)}`];
  return [
    ...wrap(place, { width: columns, first: "      ", rest: "        " }).map((line) => paint.dim(line)),
    ...wrap(was, { width: columns, first: "        − ", rest: "          " }).map((line) => paint.red(line)),
    ...wrap(is, { width: columns, first: "        + ", rest: "          " }).map((line) => paint.green(line)),
  ];
}

const editTextMax = 160;
const trimmed = (text: string): string => cutTo(plain(text).trim(), editTextMax) || "nothing";

/** Mentions of an old value that are left as they are, and those that hold everything up. */
function staysLines({ mentions }: RecordsPart, view: View): string[] {
  const lines = mentions.flatMap(({ at, raw, where, verdict, why }) => {
    const told = wrap(`${said(raw, 48)}  ${plain(at.key)}, ${plain(where)}: ${plain(why)}`, {
      width: view.columns,
      first: verdict === "blocking" ? "  ! " : "    ",
      rest: "      ",
    });
    return verdict === "blocking" ? told.map((line) => view.paint.red(line)) : told;
  });
  return headed("left as it is", lines, view);
}

/** What only people can change. */
export function taskLines(tasks: readonly ManualTask[], view: View): string[] {
  return headed(
    "for a person to do",
    tasks.flatMap((task) => oneTaskLines(task, view)),
    view,
  );
}

export function oneTaskLines(
  { id, kind, record, system, changes, link, note, due, attest }: ManualTask,
  { columns, paint, nowMs }: View,
  isDone = false,
): string[] {
  const head = [
    `${id}  ${plain(system)}: ${plain(kind)} ${plain(record)}`,
    ...(due === undefined ? [] : [`by ${localTime(due, nowMs)}${!isDone && Date.parse(due) < nowMs ? ", which is past" : ""}`]),
  ];
  return [
    ...wrap(head.join(", "), { width: columns, first: "  ", rest: "    " }).map((line) => paint.bold(line)),
    ...changes.flatMap(({ field, from, to }) =>
      wrap(`${plain(field)}: ${trimmed(from)} → ${plain(showValue(to))}`, { width: columns, first: "    ", rest: "      " }),
    ),
    ...(note === undefined ? [] : wrap(plain(note), { width: columns, first: "    ", rest: "    " })),
    ...(link === undefined ? [] : [`    ${plain(link)}`]),
    ...(attest === true && !isDone ? [`    then: belay tasks done ${id.slice(0, 6)} --evidence "…"   (belay cannot see it)`] : []),
  ];
}

/** In which order, and what the CDN is told to forget. */
function waveLines({ waves }: IdentifiedPlan["plan"], view: View): string[] {
  const lines = waves.flatMap(({ name, steps, purge }, at) => {
    const told = `${at + 1}  ${name}: ${steps.map(({ change }) => plain(basename(change.at.key))).join(", ")}`;
    return [
      ...wrap(told, { width: view.columns, first: "  ", rest: "     " }),
      ...(purge.length === 0 ? [] : wrap(`purge ${purge.map(plain).join(" ")}`, { width: view.columns, first: "     ", rest: "       " })),
    ];
  });
  return headed("in this order, each seen before the next", lines, view);
}

/** The choices of what is not decided, with the words that decide it. */
export function questionLines(questions: readonly Question[], view: View): string[] {
  return questions.flatMap(({ about, name, choices }) => [
    `${view.paint.yellow("?")} ${view.paint.bold(about === "survivor" ? `which of the ${plain(name)} stays` : plain(name))}`,
    ...choices.flatMap(({ answer, says }) => [
      `    ${optionOf(about, name, answer)}`,
      ...says.flatMap((clause) => wrap(plain(clause), { width: view.columns, first: "        ", rest: "          " })),
    ]),
  ]);
}
