/**
 * Which field each clock text of a document is. A page does not label its times, so the start is found that explains the most of
 * them, by itself and through what derives from it; what it does not explain stays unexplained.
 */

import { compareValues } from "../compare-values.ts";
import { dayField } from "../day-and-time.ts";
import type { Field, RecordKind } from "../kind.ts";
import type { Moment } from "../value.ts";
import { distinctMoments, type ClockUnit } from "./clock-units.ts";
import { fieldByWords } from "./field-by-words.ts";
import { endField, startField } from "./field-places.ts";
import {
  bestTheories,
  fitting,
  isOtherwiseLabelled,
  type ExplainFacts,
  type Labelled,
  type Theories,
  type Theory,
} from "./start-theory.ts";

export interface Explained {
  readonly unit: ClockUnit;
  readonly field: string;
  /** Absent where it stays ambiguous: then `readings` are those that are left. */
  readonly value?: Moment;
  readonly readings?: readonly Moment[];
  readonly because: string;
  readonly settledBy?: string;
}

export interface Explanation {
  readonly explained: readonly Explained[];
  readonly unexplained: readonly ClockUnit[];
}

export function explainClocks(facts: ExplainFacts): Explanation {
  const { units, kind } = facts;
  const [start, day] = [startField(kind), dayField(kind)];
  const labelled: Labelled = new Map(
    units.flatMap((unit) => {
      const found = fieldByWords(unit, kind);
      // What stands beside the word for the day is the start of that day.
      const field = start && found?.field.name === day?.name ? start : found?.field;
      return found && field ? [[unit, { ...found, field }] as const] : [];
    }),
  );
  const theories = start && bestTheories(start, labelled, facts);
  const other = theories && contradiction(theories.best, labelled, facts);
  const explained: Explained[] = [];
  const unexplained: ClockUnit[] = [];
  const ranges = new Set<ClockUnit["mention"]>();
  for (const unit of units) {
    const known = { theories, labelled: labelled.get(unit), ranges, kind };
    const found = explain(unit, known) ?? (other && explain(unit, { ...known, theories: { best: other, rivals: [] } }));
    if (found) {
      explained.push(found);
      if (unit.role === "start") ranges.add(unit.mention);
    } else unexplained.push(unit);
  }
  return { explained, unexplained };
}

/**
 * What a page says to people, where its structured places state another start of that day which no text repeats: a range of the
 * record's own length. Both are claims then, and the page contradicts itself.
 */
function contradiction({ start, value }: Theory, labelled: Labelled, facts: ExplainFacts): Theory | undefined {
  const { units, stated, kind } = facts;
  const saysStart = (unit: ClockUnit, moment: Moment): boolean =>
    unit.role !== "end" && !isOtherwiseLabelled(labelled.get(unit)?.field, start) && fitting(unit, moment)?.time !== undefined;
  if (stated.length === 0 || units.some((unit) => saysStart(unit, value))) return undefined;
  const found = bestTheories(start, labelled, { ...facts, stated: [] });
  const seen = found?.rivals.length === 0 ? found.best : undefined;
  const end = seen?.derived.get(endField(kind)?.name ?? "");
  if (!seen || compareValues({ kind: "moment", ...(seen.value.date !== undefined && { date: seen.value.date }) }, value) === "differs")
    return undefined;
  const whole = units.some(
    (unit) =>
      unit.role === "start" &&
      saysStart(unit, seen.value) &&
      units.some((one) => one.role === "end" && one.mention === unit.mention && fitting(one, end) !== undefined),
  );
  return whole ? seen : undefined;
}

interface Known {
  readonly theories: Theories | undefined;
  readonly labelled: { readonly field: Field; readonly word: string } | undefined;
  /** Ranges whose beginning is explained: their end is the record's too. */
  readonly ranges: ReadonlySet<ClockUnit["mention"]>;
  readonly kind: RecordKind;
}

function explain(unit: ClockUnit, known: Known): Explained | undefined {
  return asStart(unit, known) ?? asEnd(unit, known) ?? asLabelled(unit, known) ?? asDerived(unit, known);
}

const rangeOf = ({ mention }: ClockUnit): string => JSON.stringify(mention.raw);

/** What a unit says under every theory: one moment, or the readings that are left. */
type Meant = Pick<Explained, "value" | "readings">;

/** `pick`: what the unit would say if a theory held. A text of one reading that only some of the theories explain says nothing of theirs. */
function meant(unit: ClockUnit, { best, rivals }: Theories, pick: (theory: Theory) => Moment | undefined): Meant | undefined {
  const first = pick(best);
  if (!first) return undefined;
  const others = rivals.map((rival) => pick(rival));
  const isForAll = others.every((other) => other !== undefined);
  if (unit.readings.length === 1) return isForAll ? { value: first } : undefined;
  if (!isForAll) return { readings: unit.readings };
  const all = distinctMoments([first, ...others.filter((other) => other !== undefined)]);
  return all.length === 1 ? { value: first } : { readings: all };
}

function asStart(unit: ClockUnit, { theories, labelled }: Known): Explained | undefined {
  if (!theories || unit.role === "end" || isOtherwiseLabelled(labelled?.field, theories.best.start)) return undefined;
  const found = meant(unit, theories, (theory) => fitting(unit, theory.value));
  const { name } = theories.best.start;
  return found && settled(unit, name, found, unit.role === "start" ? `begins the range ${rangeOf(unit)}` : `says ${name}`);
}

/** The end of a range that begins at the start is the record's end, whatever it says. */
function asEnd(unit: ClockUnit, { theories, ranges, kind }: Known): Explained | undefined {
  const end = endField(kind);
  if (!theories || !end || unit.role !== "end" || !ranges.has(unit.mention)) return undefined;
  const found = meant(unit, theories, (theory) => fitting(unit, theory.derived.get(end.name)) ?? endWith(unit, theory));
  return settled(unit, end.name, found ?? only(unit), `ends the range ${rangeOf(unit)}`);
}

/** The end that a range has if it begins as a theory says. */
function endWith({ mention }: ClockUnit, { value }: Theory): Moment | undefined {
  const ends = mention.readings.flatMap(({ start, end }) => (end && compareValues(start, value) !== "differs" ? [end] : []));
  const [first, ...others] = distinctMoments(ends);
  return others.length === 0 ? first : undefined;
}

function asLabelled(unit: ClockUnit, { theories, labelled }: Known): Explained | undefined {
  if (!labelled) return undefined;
  const { name } = labelled.field;
  const found = theories && meant(unit, theories, (theory) => fitting(unit, theory.derived.get(name)));
  return settled(unit, name, found ?? only(unit), `"${labelled.word}" stands beside it`);
}

function asDerived(unit: ClockUnit, { theories, labelled }: Known): Explained | undefined {
  if (!theories || labelled || unit.role === "start") return undefined;
  for (const field of theories.best.derived.keys()) {
    const found = meant(unit, theories, (theory) => {
      const fits = fitting(unit, theory.derived.get(field));
      return fits?.time === undefined ? undefined : fits;
    });
    if (found) return settled(unit, field, found, `follows from ${theories.best.start.name}`);
  }
  return undefined;
}

function settled(unit: ClockUnit, field: string, { value, readings }: Meant, because: string): Explained {
  const isAmbiguous = unit.readings.length > 1;
  if (!value)
    return withRule({ unit, field, because, readings: readings ?? unit.readings }, isAmbiguous ? undefined : unit.mention.settledBy);
  const rule = isAmbiguous ? "the only reading that fits the other times of the same page" : unit.mention.settledBy;
  return withRule({ unit, field, because, value }, rule);
}

const withRule = (explained: Explained, settledBy: string | undefined): Explained =>
  settledBy === undefined ? explained : { ...explained, settledBy };

/** A text of one reading says that. */
const only = ({ readings }: ClockUnit): Meant => {
  const [value, ...others] = readings;
  return value && others.length === 0 ? { value } : { readings };
};
