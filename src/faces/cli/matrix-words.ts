/** What terminals and reports say of a matrix: signs that need no colour, places by short names, values cut down to what differs. */

import type { Claim, Entity, Sighting } from "../../core/records/claim.ts";
import { isUnread } from "../../core/records/cell-values.ts";
import { showValue } from "../../core/records/compare-values.ts";
import type { Decided } from "../../core/records/decide.ts";
import type { Cell, CellVerdict, Finding, Matrix, Row } from "../../core/records/matrix.ts";
import type { Value } from "../../core/records/value.ts";

export type Tone = "good" | "bad" | "wait" | "dim";

export interface VerdictWord {
  /** Says without colour what it is. */
  readonly sign: string;
  readonly word: string;
  readonly tone: Tone;
}

export const verdictWords: Readonly<Record<CellVerdict, VerdictWord>> = {
  agrees: { sign: "✔", word: "agrees", tone: "good" },
  differs: { sign: "✖", word: "differs", tone: "bad" },
  derives: { sign: "↳", word: "follows from a wrong value", tone: "bad" },
  inner: { sign: "⇄", word: "contradicts itself", tone: "bad" },
  ambiguous: { sign: "?", word: "can be read in several ways", tone: "wait" },
  unreadable: { sign: "!", word: "cannot be read", tone: "bad" },
  pending: { sign: "…", word: "changed, not due to show yet", tone: "wait" },
  less: { sign: "−", word: "says less, contradicts nothing", tone: "dim" },
  silent: { sign: "·", word: "says nothing", tone: "dim" },
};

const undecided: VerdictWord = { sign: "≠", word: "nobody has decided what holds", tone: "wait" };
const waiting: VerdictWord = { sign: "◦", word: "waits for the field that it follows from", tone: "dim" };

/** Of a field that nobody has decided no value is wrong yet; of one that follows from such a field, it is not even asked. */
export const wordOf = (
  { verdict }: Pick<Cell, "verdict">,
  { state, field }: Pick<Row, "state" | "field">,
  asked: ReadonlySet<string>,
): VerdictWord => (state === "open" && verdict === "differs" ? (asked.has(field) ? undecided : waiting) : verdictWords[verdict]);

/** Fields that somebody is asked about. */
export const askedFields = ({ questions }: Pick<Decided, "questions">): ReadonlySet<string> =>
  new Set(questions.flatMap(({ about, name }) => (about === "field" ? [name] : [])));

/** What of a claim's reason is not said by its text already. */
export const reasonOf = ({ because, raw, settledBy, readings }: Claim): string => {
  const bare = because.replace(` "${raw}"`, "").trim();
  const several = readings && readings.length > 1 ? `, read as ${readings.map((one) => showValue(one)).join(" or ")}` : "";
  return `${bare}${several}${settledBy === undefined ? "" : `, settled by ${settledBy}`}`;
};

/** Whether a cell has to be looked at. */
export const isWrong = ({ verdict }: Pick<Cell, "verdict">): boolean =>
  verdict === "differs" ||
  verdict === "derives" ||
  verdict === "inner" ||
  verdict === "ambiguous" ||
  verdict === "unreadable" ||
  verdict === "pending";

export const stateWords: Readonly<Record<Row["state"], string>> = {
  agreed: "agreed",
  decided: "decided",
  open: "nobody has decided",
  silent: "nobody says anything",
};

export const findingWords: Readonly<Record<Finding["code"], string>> = {
  duplicate: "duplicates",
  "dangling-pointer": "points to nothing",
  "stale-edge-copy": "stale copy at the edge",
  "unseen-edge-copy": "copy at the edge not seen",
  "doubtful-link": "may be the same record",
  "slug-says-otherwise": "its address says otherwise",
  missing: "missing",
};

/** Findings that leave nothing to correct. */
export const isGrave = ({ code }: Pick<Finding, "code">): boolean =>
  code !== "doubtful-link" && code !== "missing" && code !== "slug-says-otherwise" && code !== "unseen-edge-copy";

export interface Place {
  readonly sighting: Sighting;
  /** The system's name, numbered where the record has several objects there: `pages 2`. */
  readonly name: string;
  /** The object within its system. */
  readonly object: string;
}

/** In the order of the systems; templates and samples are no places. */
export function placesOf({ sightings }: Pick<Entity, "sightings">): readonly Place[] {
  const speaking = sightings.filter(({ isTemplate }) => isTemplate !== true);
  const counts = new Map<string, number>();
  for (const { system } of speaking) counts.set(system, (counts.get(system) ?? 0) + 1);
  const numbers = new Map<string, number>();
  return speaking.map((sighting) => {
    const { system, at, part } = sighting;
    const number = (numbers.get(system) ?? 0) + 1;
    numbers.set(system, number);
    return {
      sighting,
      name: (counts.get(system) ?? 0) > 1 ? `${system} ${number}` : system,
      object: part === "" ? at.key : `${at.key}#${part}`,
    };
  });
}

/** Ids of sightings in a text of belay's own become the short names of their places. */
export const namesIn = (about: readonly string[], places: readonly Place[]): readonly string[] =>
  about.map((id) => places.find(({ sighting }) => sighting.id === id)?.name ?? id);

/** The day that all values of a row have, where they are moments of one day: then it need not stand in each of its cells. */
export function commonDay(row: Pick<Row, "cells" | "value">): string | undefined {
  const values = [
    ...(row.value ? [row.value] : []),
    ...row.cells.flatMap(({ value, claims }) => (value ? [value] : claims.flatMap((claim) => claim.readings ?? claim.value ?? []))),
  ];
  const days = new Set(values.flatMap((value) => (value.kind === "moment" && value.date !== undefined ? [value.date] : [])));
  const [day, ...others] = days;
  const areTimed = values.every((value) => value.kind === "moment" && value.time !== undefined);
  return others.length === 0 && areTimed ? day : undefined;
}

/** A value without the day that stands elsewhere. */
function shortValue(value: Value, day: string | undefined): string {
  if (value.kind !== "moment" || day === undefined || value.date !== day || value.time === undefined) return showValue(value);
  const { date: _date, ...rest } = value;
  return showValue(rest);
}

/** What stands in a table's cell: nothing where it is what holds, which stands beside it. */
export function tableValue(cell: Cell, row: Row, day: string | undefined): string {
  const isSame = cell.verdict === "agrees" && cell.value && row.value && showValue(cell.value) === showValue(row.value);
  return isSame ? "" : cellValue(cell, day);
}

/** What holds, or what is not decided, with the day that the cells leave out. */
export function holdsText({ value, state }: Row, day: string | undefined): string {
  if (value) return showValue(value);
  return state === "open" ? `?${day === undefined ? "" : ` ${day}`}` : "";
}

/** What a cell says: its value, or every reading, or every value of an object that contradicts itself. */
export function cellValue({ value, claims, verdict }: Cell, day: string | undefined): string {
  if (verdict === "silent") return "";
  if (verdict === "unreadable")
    return `cannot be read: ${claims
      .filter(isUnread)
      .map(({ raw }) => raw)
      .join(" / ")}`;
  if (value) return shortValue(value, day);
  const values = claims.flatMap((claim) => (claim.value ? [claim.value] : (claim.readings ?? [])));
  const texts = [...new Set(values.map((one) => shortValue(one, day)))];
  if (texts.length === 0) return claims.map(({ raw }) => raw).join(" / ");
  return texts.join(verdict === "ambiguous" ? " or " : " / ");
}

/** Fields of which somebody says something, in the order of the kind. */
export const spokenRows = ({ rows }: Pick<Matrix, "rows">): readonly Row[] => rows.filter(({ state }) => state !== "silent");

/** Fields that somebody has to look at, in one word each: for lines and counts. */
export const disputed = (matrix: Matrix): readonly Row[] => matrix.rows.filter((row) => row.state === "open" || row.cells.some(isWrong));
