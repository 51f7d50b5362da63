/** Below a matrix: the texts behind what differs, what else was found, and what is asked. */

import { showValue } from "../../core/records/compare-values.ts";
import type { Cell, Finding, Row } from "../../core/records/matrix.ts";
import type { AuditedRecord } from "../../operations/records/audit.ts";
import { nextLines } from "./answer.ts";
import { cellValue, findingWords, isGrave, isWrong, namesIn, reasonOf, stateWords, wordOf, type Place, type Tone } from "./matrix-words.ts";
import { optionOf } from "./option-of.ts";
import { plain, said, shellWord } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { wrap } from "./text-width.ts";

/** What of a matrix is shown, and where. */
export interface Table {
  readonly rows: readonly Row[];
  readonly places: readonly Place[];
  /** Fields that somebody is asked about. */
  readonly asked: ReadonlySet<string>;
  readonly view: View;
}

/** How a tone is painted; the sign says it without colour. */
export const toneOf = (tone: Tone, { paint }: Pick<View, "paint">): ((text: string) => string) =>
  ({ good: paint.green, bad: paint.red, wait: paint.yellow, dim: paint.dim })[tone];

const evidenceMax = 3;
const rawWidthMax = 60;

/** For each field that somebody gets wrong or has to decide: the texts as they stand there, and where. */
export function evidenceLines({ rows, places, asked, view }: Table): string[] {
  return rows.flatMap((row) => {
    // What only follows from an open field is decided with it.
    if (row.state === "open" && !asked.has(row.field) && !view.isVerbose) return [];
    const wrong = row.cells.filter(isWrong);
    if (wrong.length === 0) return [];
    const why = row.because === undefined ? stateWords[row.state] : plain(row.because);
    const head = wrap(`${plain(row.field)}${row.value ? `  ${plain(showValue(row.value))}` : ""}  (${why})`, {
      width: view.columns,
      rest: "  ",
    });
    return [
      ...head.map((line, at) => (at === 0 ? view.paint.bold(line) : line)),
      ...wrong.flatMap((cell) => cellEvidence(cell, row, { places, asked, view })),
    ];
  });
}

function cellEvidence(cell: Cell, row: Row, { places, asked, view }: Pick<Table, "places" | "asked" | "view">): string[] {
  const { sign, word, tone } = wordOf(cell, row, asked);
  const name = places.find(({ sighting }) => sighting.id === cell.sighting)?.name ?? cell.sighting;
  const value = cellValue(cell, undefined);
  const told =
    row.state === "open" && cell.verdict === "differs" ? `says ${plain(value)}` : `${word}${value === "" ? "" : `: ${plain(value)}`}`;
  const head = wrap(`${sign} ${plain(name)} ${told}`, { width: view.columns, first: "  ", rest: "    " });
  const shown = cell.claims.slice(0, view.isVerbose ? undefined : evidenceMax);
  const more = cell.claims.length - shown.length;
  return [
    ...head.map((line) => toneOf(tone, view)(line)),
    ...shown.flatMap((claim) =>
      wrap(`${said(claim.raw, rawWidthMax)}  ${plain(claim.place.label)}  (${plain(reasonOf(claim))})`, {
        width: view.columns,
        first: "      ",
        rest: "        ",
      }),
    ),
    ...(more > 0 ? [`      … and ${more} more (--verbose shows all)`] : []),
  ];
}

export function findingLines({ matrix }: AuditedRecord, places: readonly Place[], view: View): string[] {
  return matrix.findings.flatMap((finding) => {
    const mark = isGrave(finding) ? view.paint.red("!") : view.paint.yellow("·");
    const about = [...new Set(namesIn(finding.about, places).map(plain))].join(", ");
    const head = `${findingWords[finding.code]}: ${about}`;
    const [first = "", ...others] = finding.message.split("\n");
    if (finding.code !== "duplicate") return wrap(`${head}: ${plain(first)}`, { width: view.columns, first: `${mark} `, rest: "  " });
    return [
      ...wrap(head, { width: view.columns, first: `${mark} `, rest: "  " }),
      ...[first, ...others].flatMap((line) => choiceLines(line, view)),
    ];
  });
}

/** `key: clause; clause`, one clause a line. */
function choiceLines(line: string, { columns }: View): string[] {
  const [, key, clauses] = /^(?<key>\S+): (?<clauses>.+)$/su.exec(line) ?? [];
  if (key === undefined || clauses === undefined) return wrap(plain(line), { width: columns, first: "    ", rest: "      " });
  return [
    ...wrap(plain(key), { width: columns, first: "    ", rest: "      " }),
    ...clauses.split("; ").flatMap((clause) => wrap(plain(clause), { width: columns, first: "      ", rest: "        " })),
  ];
}

/** What only a person can say, with the words that say it. */
export function openLines({ matrix, decided, isConsistent }: AuditedRecord, view: View): string[] {
  const command = `belay reconcile ${shellWord(matrix.kind)} ${shellWord(matrix.entity.id)}`;
  const choices = [
    ...decided.questions.map(({ about, name, choices: found }) => ({
      name,
      options: found.map(({ answer, says }) => ({ option: optionOf(about, name, answer), says: says.join(", ") })),
    })),
    ...keepQuestions(matrix),
  ];
  if (choices.length === 0) return isConsistent ? [] : nextLines(command, view);
  const lines = choices.flatMap(({ name, options }) => [
    `${view.paint.yellow("?")} ${view.paint.bold(plain(name))}`,
    ...options.flatMap(({ option, says }) => [
      `    ${option}`,
      ...(says === "" ? [] : wrap(plain(says), { width: view.columns, first: "        ", rest: "        " })),
    ]),
  ]);
  return [...lines, ...nextLines(`${command}   (asks; or add one of these for each question)`, view)];
}

interface KeepQuestion {
  readonly name: string;
  readonly options: readonly { readonly option: string; readonly says: string }[];
}

/** Duplicates of pages: which one stays is asked for. Two items or events of one record are for people to sort out. */
export function keepQuestions({
  entity,
  findings,
}: {
  readonly entity: AuditedRecord["matrix"]["entity"];
  readonly findings: readonly Finding[];
}): readonly KeepQuestion[] {
  return findings
    .filter(({ code, message }) => code === "duplicate" && message.includes(": "))
    .map(({ about }) => {
      const found = entity.sightings.filter(({ id }) => about.includes(id));
      const keys = [...new Set(found.map(({ at }) => at.key))];
      return {
        name: `which of the ${found[0]?.system ?? "duplicates"} stays`,
        options: keys.map((key) => ({ option: optionOf("survivor", "", key), says: "" })),
      };
    });
}
