/** The conflict matrix of one record on a terminal: fields down, systems across; where they do not fit, field by field. */

import { isDoubtful } from "../../core/records/lay-matrix.ts";
import type { Cell, Row } from "../../core/records/matrix.ts";
import type { AuditedRecord } from "../../operations/records/audit.ts";
import {
  askedFields,
  cellValue,
  commonDay,
  holdsText,
  placesOf,
  spokenRows,
  stateWords,
  tableValue,
  verdictWords,
  wordOf,
  type Place,
  type VerdictWord,
} from "./matrix-words.ts";
import { plain } from "./plain-text.ts";
import { evidenceLines, findingLines, openLines, toneOf, type Table } from "./render-evidence.ts";
import type { View } from "./screen.ts";
import { cutTo, padTo, widthOf, wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

const cellMin = 9;
const fieldWidthMax = 16;
/** `? 2027-10-31 02:30 +02:00` has to have room. */
const holdsWidthMax = 26;
const nameWidthMax = 20;

/** Of one record, without its timeline. `unseen`: systems that could not be looked at. */
export function matrixLines(audited: AuditedRecord, unseen: readonly string[], view: View): string[] {
  const { matrix, decided } = audited;
  const places = placesOf(matrix.entity);
  const table: Table = { rows: spokenRows(matrix), places, asked: askedFields(decided), view };
  const columns = columnsFor(table);
  return [
    headLine(audited, { places, unseen }, view),
    "",
    ...placeLines(places, view),
    "",
    ...(columns ? tableLines(table, columns) : stackedLines(table)),
    ...legendLines(table),
    ...block(evidenceLines(table)),
    ...block(findingLines(audited, places, view)),
    ...block(openLines(audited, view)),
  ];
}

const block = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ["", ...lines]);

interface Headed {
  readonly places: readonly Place[];
  readonly unseen: readonly string[];
}

function headLine({ matrix, isConsistent }: AuditedRecord, { places, unseen }: Headed, { paint, columns }: View): string {
  const isSure = !isDoubtful(matrix) && unseen.length === 0;
  const mark = isConsistent ? (isSure ? paint.green("✔") : paint.yellow("?")) : paint.red("✖");
  const systems = new Set(places.map(({ sighting }) => sighting.system)).size;
  const where = `${places.length} ${places.length === 1 ? "place" : "places"} in ${systems} ${systems === 1 ? "system" : "systems"}`;
  const told = `${where}, ${isConsistent ? `all agree${isSure ? "" : unseen.length > 0 ? ", not all seen" : ", not all sure"}` : "which do not agree"}`;
  return `${mark} ${paint.bold(cutTo(`${plain(matrix.kind)} ${plain(matrix.entity.id)}`, columns - widthOf(told) - 4))}  ${told}`;
}

/** Which object each column is, and when and by whom it was changed last. */
function placeLines(places: readonly Place[], { columns, nowMs }: View): string[] {
  const width = nameWidth(places);
  return places.flatMap(({ name, object, sighting }) => {
    const when = sighting.changedAt === undefined ? "last change unknown" : `changed ${localTime(sighting.changedAt, nowMs)}`;
    const told = `${when} by ${sighting.by === undefined ? "unknown" : plain(sighting.by)}`;
    return wrap(`${plain(object)}  ${told}`, {
      width: columns,
      first: `  ${padTo(cutTo(plain(name), width), width)}  `,
      rest: " ".repeat(width + 4),
    });
  });
}

const nameWidth = (places: readonly Place[]): number =>
  Math.min(nameWidthMax, Math.max(...places.map(({ name }) => widthOf(plain(name))), 0));

interface Columns {
  readonly field: number;
  readonly holds: number;
  readonly cells: readonly number[];
}

/** How wide each column is; `undefined` where they do not fit beside one another. */
function columnsFor({ rows, places, asked, view: { columns } }: Table): Columns | undefined {
  const field = Math.min(fieldWidthMax, Math.max(5, ...rows.map((row) => widthOf(plain(row.field)))));
  const holds = Math.min(holdsWidthMax, Math.max(5, ...rows.map((row) => widthOf(plain(holdsText(row, commonDay(row)))))));
  const widthsOf = ({ sighting }: Place, isMeant: (row: Row) => boolean): number =>
    Math.max(0, ...rows.filter(isMeant).map((row) => widthOf(cellText(row, cellOf(row, sighting.id), asked))));
  const wanted = places.map((place) =>
    Math.max(
      widthOf(plain(place.name)),
      widthsOf(place, () => true),
    ),
  );
  // Half a clock is another clock: a column is never narrower than its times.
  const least = places.map((place) => Math.max(Math.min(cellMin, widthOf(plain(place.name))), widthsOf(place, isTimed)));
  const free = columns - 2 - field - 2 - holds - 2 * places.length;
  if (Math.floor(free / Math.max(places.length, 1)) < cellMin && sum(wanted) > free) return undefined;
  if (sum(least) > free) return undefined;
  return { field, holds, cells: shrunk(wanted, least, free) };
}

const isTimed = ({ cells: own, value }: Row): boolean => [value, ...own.map((cell) => cell.value)].some((one) => one?.kind === "moment");

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** The widest columns give way until all fit. */
function shrunk(wanted: readonly number[], least: readonly number[], free: number): readonly number[] {
  const widths = [...wanted];
  while (sum(widths) > free) {
    const spare = widths.map((width, at) => (width > (least[at] ?? 0) ? width : 0));
    const widest = spare.indexOf(Math.max(...spare));
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths;
}

const cellOf = ({ cells }: Row, sighting: string): Cell | undefined => cells.find((cell) => cell.sighting === sighting);

function cellText(row: Row, cell: Cell | undefined, asked: ReadonlySet<string>): string {
  return cell ? `${wordOf(cell, row, asked).sign} ${plain(tableValue(cell, row, commonDay(row)))}`.trimEnd() : "";
}

const cells = (texts: readonly string[]): string => texts.join("  ").trimEnd();
const fitted = (text: string, width: number): string => padTo(cutTo(text, width), width);

function tableLines({ rows, places, asked, view }: Table, widths: Columns): string[] {
  const names = places.map(({ name }, at) => fitted(plain(name), widths.cells[at] ?? 0));
  const head = cells([padTo("", widths.field), padTo("holds", widths.holds), ...names]);
  const body = rows.map((row) => {
    const holds = fitted(plain(holdsText(row, commonDay(row))), widths.holds);
    return cells([
      fitted(plain(row.field), widths.field),
      row.state === "open" ? view.paint.yellow(holds) : holds,
      ...places.map(({ sighting }, at) => {
        const cell = cellOf(row, sighting.id);
        const width = widths.cells[at] ?? 0;
        const said = cutTo(cellText(row, cell, asked), width);
        const text = at === places.length - 1 ? said : padTo(said, width);
        return cell ? toneOf(wordOf(cell, row, asked).tone, view)(text) : text;
      }),
    ]);
  });
  return [view.paint.dim(`  ${head}`), ...body.map((line) => `  ${line}`)];
}

/** Where there are more places than columns: field by field, one line a place. */
function stackedLines({ rows, places, asked, view }: Table): string[] {
  const width = nameWidth(places);
  return rows.flatMap((row) => {
    const day = commonDay(row);
    const lines = places.flatMap(({ name, sighting }) => {
      const cell = cellOf(row, sighting.id);
      if (!cell || cell.verdict === "silent") return [];
      const { sign, tone } = wordOf(cell, row, asked);
      const value = cutTo(plain(cellValue(cell, day)), view.columns - width - 8);
      return [toneOf(tone, view)(`    ${sign} ${padTo(cutTo(plain(name), width), width)}  ${value}`.trimEnd())];
    });
    const field = cutTo(plain(row.field), fieldWidthMax);
    const holds = row.value ? plain(holdsText(row, day)) : `${stateWords[row.state]}${day === undefined ? "" : `, ${day}`}`;
    return [`  ${view.paint.bold(field)}  ${cutTo(holds, view.columns - widthOf(field) - 4)}`, ...lines];
  });
}

/** The signs that stand in this table, and no others. */
function legendLines({ rows, asked, view }: Table): string[] {
  const used = new Map<string, VerdictWord>();
  for (const row of rows) for (const cell of row.cells) used.set(wordOf(cell, row, asked).sign, wordOf(cell, row, asked));
  const order = Object.values(verdictWords).map(({ sign }) => sign);
  const words = [...used.values()]
    .toSorted((one, other) => order.indexOf(one.sign) - order.indexOf(other.sign))
    .map(({ sign, word }) => `${sign} ${word}`);
  return wrap(words.join("   "), { width: view.columns, first: "  ", rest: "  " }).map((line) => view.paint.dim(line));
}
