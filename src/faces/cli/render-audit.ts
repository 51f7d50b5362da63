/** A whole kind at a glance: a line for each record that does not agree, then the systems, and what all of it comes to. */

import type { Matrix, Row } from "../../core/records/matrix.ts";
import type { Audit, AuditedRecord } from "../../operations/records/audit.ts";
import { cellValue, commonDay, disputed, findingWords, isGrave, isWrong, placesOf, verdictWords } from "./matrix-words.ts";
import { counted, plain } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { aligned, cutTo, wrap } from "./text-width.ts";

/** Records counted as they come. */
export interface AuditTally {
  records: number;
  agree: number;
  /** Of those that do not agree: for how many somebody has to say what holds. */
  undecided: number;
}

export const emptyTally = (): AuditTally => ({ records: 0, agree: 0, undecided: 0 });

export function tally(counts: AuditTally, { isConsistent, decided, matrix }: AuditedRecord): void {
  counts.records += 1;
  if (isConsistent) counts.agree += 1;
  else if (decided.questions.length > 0 || matrix.findings.some(({ code }) => code === "duplicate")) counts.undecided += 1;
}

/** One record in one line. */
export function recordLine({ matrix, isConsistent }: AuditedRecord, { columns, paint }: View): string {
  const id = plain(matrix.entity.id);
  if (isConsistent) return `${paint.green("✔")} ${cutTo(id, columns - 2)}`;
  const told = [...disputed(matrix).map((row) => rowPhrase(row, matrix)), ...findingPhrases(matrix)].join("; ");
  const name = cutTo(id, 32);
  return `${paint.red("✖")} ${paint.bold(name)}  ${cutTo(plain(told), Math.max(columns - 4 - name.length, 16))}`;
}

/** `start: pages 16:30, record 15:30`; of places that say the same, how many they are. */
function rowPhrase(row: Row, matrix: Matrix): string {
  const places = placesOf(matrix.entity);
  const day = commonDay(row);
  const byValue = new Map<string, string[]>();
  for (const cell of row.cells.filter((one) =>
    row.state === "open" ? one.verdict !== "silent" : isWrong(one) || one.verdict === "agrees",
  )) {
    const name = places.find(({ sighting }) => sighting.id === cell.sighting)?.sighting.system ?? cell.sighting;
    const value = cell.verdict === "inner" || cell.verdict === "ambiguous" ? verdictWords[cell.verdict].word : cellValue(cell, day);
    const names = byValue.get(value) ?? [];
    if (!names.includes(name)) names.push(name);
    byValue.set(value, names);
  }
  return `${row.field}: ${[...byValue].map(([value, names]) => `${names.join("+")} ${value}`).join(", ")}`;
}

const findingPhrases = ({ findings }: Matrix): string[] => [...new Set(findings.filter(isGrave).map(({ code }) => findingWords[code]))];

const templatesShownMax = 3;
const unreadableShownMax = 5;

/** Below the records: each system, what was left alone, and the sum. */
export function auditSummaryLines(
  { kind, systems, templates }: Pick<Audit, "kind" | "systems" | "templates">,
  counts: AuditTally,
  view: View,
): string[] {
  const { columns, paint } = view;
  const rows = systems.map(({ system, objects, read, unreadable, failure }) =>
    failure
      ? [`  ${plain(system)}`, "", "", ""]
      : [
          `  ${plain(system)}`,
          counted(objects, "object"),
          `${read} read`,
          unreadable.length === 0 ? "" : `${unreadable.length} unreadable`,
        ],
  );
  const table = aligned(rows).flatMap((line, at) => {
    const found = systems[at];
    if (!found?.failure) return [line];
    return wrap(`${plain(found.system)}  not observed: ${plain(found.failure.message)}`, { width: columns, first: "  ", rest: "    " }).map(
      (one) => paint.red(one),
    );
  });
  const unreadable = systems.flatMap(({ system, unreadable: found }) =>
    found.slice(0, unreadableShownMax).map(({ key, why }) => `${system} ${key}: ${why}`),
  );
  const more = templates.length > templatesShownMax ? ` and ${templates.length - templatesShownMax} more` : "";
  const left =
    templates.length === 0
      ? []
      : wrap(`${counted(templates.length, "template")} left alone: ${templates.slice(0, templatesShownMax).map(plain).join(", ")}${more}`, {
          width: columns,
          first: "  ",
          rest: "    ",
        });
  const differ = counts.records - counts.agree;
  const waits = counts.undecided === 0 ? "" : `; ${counts.undecided} of them ${counts.undecided === 1 ? "waits" : "wait"} for a decision`;
  const sum = `${counted(counts.records, plain(kind))}: ${counts.agree} ${counts.agree === 1 ? "agrees" : "agree"}, ${differ} ${differ === 1 ? "does" : "do"} not${waits}`;
  return [
    ...table,
    ...unreadable.flatMap((line) => wrap(plain(line), { width: columns, first: "    ", rest: "      " })),
    ...left,
    ...wrap(sum, { width: columns, first: "", rest: "  " }).map((line) => paint.bold(line)),
  ];
}
