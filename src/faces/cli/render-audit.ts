/** A whole kind at a glance: a line for each record that does not agree, then the systems, and what all of it comes to. */

import { isDoubtful } from "../../core/records/lay-matrix.ts";
import type { Finding, Matrix, Row } from "../../core/records/matrix.ts";
import type { Audit, AuditedRecord } from "../../operations/records/audit.ts";
import { cellValue, commonDay, disputed, findingWords, isGrave, isWrong, placesOf, verdictWords } from "./matrix-words.ts";
import { counted, plain } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { aligned, cutTo, widthOf, wrap } from "./text-width.ts";

/** Records counted as they come. */
export interface AuditTally {
  records: number;
  agree: number;
  /** They say nothing that differs, and may be the same as another one. */
  doubtful: number;
  /** Of those that do not agree: for how many somebody has to say what holds. */
  undecided: number;
}

export const emptyTally = (): AuditTally => ({ records: 0, agree: 0, doubtful: 0, undecided: 0 });

export function tally(counts: AuditTally, { isConsistent, decided, matrix }: AuditedRecord): void {
  counts.records += 1;
  if (isConsistent && isDoubtful(matrix)) counts.doubtful += 1;
  else if (isConsistent) counts.agree += 1;
  else if (decided.questions.length > 0 || matrix.findings.some(({ code }) => code === "duplicate")) counts.undecided += 1;
}

/** Records whose systems say different things, or which are there twice. */
export const differing = ({ records, agree, doubtful }: AuditTally): number => records - agree - doubtful;

/** One record in one line. `unseen`: systems that could not be looked at. */
export function recordLine({ matrix, isConsistent }: AuditedRecord, unseen: readonly string[], { columns, paint }: View): string {
  const id = plain(matrix.entity.id);
  if (isConsistent && (isDoubtful(matrix) || unseen.length > 0)) {
    const name = cutTo(id, 32);
    const told = isDoubtful(matrix)
      ? findingPhrases(matrix, () => true).join("; ")
      : `all agree, but for what ${unseen.join(" and ")} may hold`;
    return `${paint.yellow("?")} ${paint.bold(name)}  ${cutTo(plain(told), Math.max(columns - 4 - widthOf(name), 16))}`;
  }
  if (isConsistent) return `${paint.green("✔")} ${cutTo(id, columns - 2)}`;
  const told = [...disputed(matrix).map((row) => rowPhrase(row, matrix)), ...findingPhrases(matrix)].join("; ");
  const name = cutTo(id, 32);
  return `${paint.red("✖")} ${paint.bold(name)}  ${cutAtWord(plain(told), Math.max(columns - 4 - widthOf(name), 16))}`;
}

/** Half a clock is another clock: what has no room goes as a whole word. */
function cutAtWord(text: string, widthMax: number): string {
  const cut = cutTo(text, widthMax);
  if (cut === text) return text;
  const kept = cut.slice(0, -1);
  const isWhole = /\s/u.test(text[kept.length] ?? " ");
  return `${isWhole ? kept : kept.replace(/\s*\S*\d\S*$/u, "")}…`;
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

/** Each sort of finding once; of doubts, all that it may be the same as. */
function findingPhrases({ findings, entity }: Matrix, isTold: (finding: Finding) => boolean = isGrave): string[] {
  const told = findings.filter(isTold);
  return [...new Set(told.map(({ code }) => code))].map((code) => {
    const others = code === "doubtful-link" ? doubted(told, entity) : [];
    return `${findingWords[code]}${others.length === 0 ? "" : ` as ${others.join(", ")}`}`;
  });
}

const doubted = (findings: readonly Finding[], { sightings }: Matrix["entity"]): readonly string[] => [
  ...new Set(
    findings.flatMap(({ code, about }) => (code === "doubtful-link" ? about.filter((id) => !sightings.some((one) => one.id === id)) : [])),
  ),
];

/** Places that belay.yaml names and nothing has: told once, since each looks like a field that nobody fills in. */
export const unusedPlaceLines = ({ unusedPlaces }: Pick<Audit, "unusedPlaces">, { columns, paint }: View): string[] =>
  unusedPlaces.flatMap(({ system, at, of, objects, looked, nearest }) => {
    const among = looked === objects ? counted(objects, "object") : `the ${looked} that were read of ${counted(objects, "object")}`;
    const meant = nearest === undefined ? "" : ` Did you mean \`${plain(nearest)}\`?`;
    const told = `${plain(system)}: \`${plain(at)}\`, where belay.yaml has ${plain(of)}, is in none of ${among}.${meant}`;
    return wrap(told, { width: columns, first: "! ", rest: "  " }).map((line) => paint.yellow(line));
  });

const templatesShownMax = 3;
const unreadableShownMax = 5;

/** What no record can be known of: nobody knows which of them stand there. */
export const unreadableLines = ({ systems }: Pick<Audit, "systems">, { columns, paint }: View): string[] =>
  systems.flatMap(({ system, unreadable }) => {
    const more = unreadable.length - unreadableShownMax;
    return [
      ...unreadable.slice(0, unreadableShownMax).map(({ key, why }) => `${system} ${key} cannot be read: ${why}`),
      ...(more > 0 ? [`${system}: ${counted(more, "more object")} cannot be read`] : []),
    ].flatMap((line) => wrap(plain(line), { width: columns, first: "! ", rest: "  " }).map((one) => paint.yellow(one)));
  });

/** Below the records: each system, what was left alone, and the sum. */
export function auditSummaryLines(
  { kind, systems, templates }: Pick<Audit, "kind" | "systems" | "templates">,
  counts: AuditTally,
  view: View,
): string[] {
  const { columns, paint } = view;
  const rows = systems.map(({ system, objects, read, unreadable, failure, isAttested }) =>
    isAttested
      ? [`  ${plain(system)}`, "not shown to programs: people attest what they do there", "", ""]
      : failure
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
  const more = templates.length > templatesShownMax ? ` and ${templates.length - templatesShownMax} more` : "";
  const left =
    templates.length === 0
      ? []
      : wrap(`${counted(templates.length, "template")} left alone: ${templates.slice(0, templatesShownMax).map(plain).join(", ")}${more}`, {
          width: columns,
          first: "  ",
          rest: "    ",
        });
  const differ = differing(counts);
  const waits = counts.undecided === 0 ? "" : `; ${counts.undecided} of them ${counts.undecided === 1 ? "waits" : "wait"} for a decision`;
  const doubtful = counts.doubtful === 0 ? "" : `; ${counts.doubtful} may be the same as another one`;
  const unseen = systems.filter(({ failure }) => failure).map(({ system }) => plain(system));
  const whole = unseen.length === 0 ? "" : `, as far as belay could look: without ${unseen.join(" and ")}`;
  const sum = `${counted(counts.records, plain(kind))}: ${counts.agree} ${counts.agree === 1 ? "agrees" : "agree"}, ${differ} ${differ === 1 ? "does" : "do"} not${waits}${doubtful}${whole}`;
  return [...table, ...left, ...wrap(sum, { width: columns, first: "", rest: "  " }).map((line) => paint.bold(line))];
}
