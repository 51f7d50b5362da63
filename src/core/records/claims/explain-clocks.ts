/**
 * Which field each clock text of a document is. A page does not label its times, so the start is found that explains the most of
 * them, by itself and through what derives from it; what it does not explain stays unexplained.
 */

import { compareValues } from "../compare-values.ts";
import { derived, type Clock } from "../derive.ts";
import type { Field, RecordKind } from "../kind.ts";
import type { Moment, Value } from "../value.ts";
import type { ClockUnit } from "./clock-units.ts";
import { endField, startField } from "./field-places.ts";

export interface Explained {
  readonly unit: ClockUnit;
  readonly field: string;
  /** Absent where it stays ambiguous. */
  readonly value?: Moment;
  readonly because: string;
  readonly settledBy?: string;
}

export interface Explanation {
  readonly explained: readonly Explained[];
  readonly unexplained: readonly ClockUnit[];
}

export interface ExplainFacts {
  readonly kind: RecordKind;
  readonly clock: Clock;
  readonly units: readonly ClockUnit[];
  /** What structured places of the same document say the start is. */
  readonly stated: readonly Moment[];
}

interface Theory {
  readonly start: Field;
  readonly value: Moment;
  /** By field: what derives from that start. */
  readonly derived: ReadonlyMap<string, Moment>;
}

export function explainClocks(facts: ExplainFacts): Explanation {
  const { units, kind } = facts;
  const start = startField(kind);
  const labelled = new Map(
    units.flatMap((unit) => {
      const found = fieldByWords(unit, kind);
      return found ? [[unit, found] as const] : [];
    }),
  );
  const theory = start && bestTheory(start, labelled, facts);
  const other = theory && contradiction(theory, labelled, facts);
  const explained: Explained[] = [];
  const unexplained: ClockUnit[] = [];
  const ranges = new Set<ClockUnit["mention"]>();
  for (const unit of units) {
    const known = { theory, labelled: labelled.get(unit), ranges, kind };
    const found = explain(unit, known) ?? (other && explain(unit, { ...known, theory: other }));
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
function contradiction(
  { start, value }: Theory,
  labelled: ReadonlyMap<ClockUnit, { readonly field: Field }>,
  facts: ExplainFacts,
): Theory | undefined {
  const { units, stated, kind } = facts;
  const saysStart = (unit: ClockUnit, moment: Moment): boolean =>
    unit.role !== "end" && !isOtherwiseLabelled(labelledAs(labelled, unit), start) && fitting(unit, moment)?.time !== undefined;
  if (stated.length === 0 || units.some((unit) => saysStart(unit, value))) return undefined;
  const seen = bestTheory(start, labelled, { ...facts, stated: [] });
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
  readonly theory: Theory | undefined;
  readonly labelled: { readonly field: Field; readonly word: string } | undefined;
  /** Ranges whose beginning is explained: their end is the record's too. */
  readonly ranges: ReadonlySet<ClockUnit["mention"]>;
  readonly kind: RecordKind;
}

function explain(unit: ClockUnit, known: Known): Explained | undefined {
  return asStart(unit, known) ?? asEnd(unit, known) ?? asLabelled(unit, known) ?? asDerived(unit, known);
}

const rangeOf = ({ mention }: ClockUnit): string => JSON.stringify(mention.raw);

function asStart(unit: ClockUnit, { theory, labelled }: Known): Explained | undefined {
  if (!theory || unit.role === "end" || isOtherwiseLabelled(labelled, theory.start)) return undefined;
  const fits = fitting(unit, theory.value);
  return (
    fits &&
    settled(unit, theory.start.name, fits, unit.role === "start" ? `begins the range ${rangeOf(unit)}` : `says ${theory.start.name}`)
  );
}

/** The end of a range that begins at the start is the record's end, whatever it says. */
function asEnd(unit: ClockUnit, { theory, ranges, kind }: Known): Explained | undefined {
  const end = endField(kind);
  if (!theory || !end || unit.role !== "end" || !ranges.has(unit.mention)) return undefined;
  return settled(unit, end.name, fitting(unit, theory.derived.get(end.name)) ?? onlyOf(unit), `ends the range ${rangeOf(unit)}`);
}

function asLabelled(unit: ClockUnit, { theory, labelled }: Known): Explained | undefined {
  if (!labelled) return undefined;
  const value = (theory && fitting(unit, theory.derived.get(labelled.field.name))) ?? onlyOf(unit);
  return settled(unit, labelled.field.name, value, `"${labelled.word}" stands beside it`);
}

function asDerived(unit: ClockUnit, { theory, labelled }: Known): Explained | undefined {
  if (!theory || labelled || unit.role === "start") return undefined;
  for (const [field, value] of theory.derived) {
    const fits = fitting(unit, value);
    if (fits?.time !== undefined) return settled(unit, field, fits, `follows from ${theory.start.name}`);
  }
  return undefined;
}

const isOtherwiseLabelled = (labelled: Known["labelled"], start: Field): boolean =>
  labelled !== undefined && labelled.field.name !== start.name;

function settled(unit: ClockUnit, field: string, value: Moment | undefined, because: string): Explained {
  const isAmbiguous = unit.readings.length > 1;
  return {
    unit,
    field,
    because,
    ...(value && { value }),
    ...(isAmbiguous && value && { settledBy: "the only reading that fits the other times of the same page" }),
    ...(!isAmbiguous && unit.mention.settledBy !== undefined && { settledBy: unit.mention.settledBy }),
  };
}

const onlyOf = ({ readings }: ClockUnit): Moment | undefined => (readings.length === 1 ? readings[0] : undefined);

/** The one reading that does not contradict a value. */
function fitting({ readings }: ClockUnit, value: Value | undefined): Moment | undefined {
  if (!value) return undefined;
  const fits = readings.filter((reading) => compareValues(reading, value) !== "differs" && sharesSomething(reading, value));
  return fits.length === 1 ? fits[0] : undefined;
}

const sharesSomething = (one: Moment, other: Value): boolean =>
  other.kind === "moment" &&
  ((one.time !== undefined && other.time !== undefined) ||
    (one.date !== undefined && other.date !== undefined) ||
    (one.weekday !== undefined && one.time === undefined && other.date !== undefined));

/** A word of a field right before a single time, or right behind it: the nearest wins. */
function fieldByWords(unit: ClockUnit, kind: RecordKind): { readonly field: Field; readonly word: string } | undefined {
  if (unit.role !== undefined) return undefined;
  let best: { field: Field; word: string; distance: number } | undefined;
  for (const field of kind.fields) {
    if (field.type !== "datetime" && field.type !== "time" && field.type !== "date") continue;
    for (const word of field.words) {
      const distance = nearness(unit, word.toLowerCase());
      if (distance !== undefined && (best === undefined || distance < best.distance)) best = { field, word, distance };
    }
  }
  return best && { field: best.field, word: best.word };
}

/** Characters between the word and the time. Another sentence, or another time in between, is no neighbourhood. */
function nearness({ before, after, mention }: ClockUnit, word: string): number | undefined {
  const [behind = ""] = after.split(/[.;·|\n,]|\d/u);
  const ahead = before.split(/[.;·|\n]\s|\d(?:\s*[ap]\.?m\.?)?/u).at(-1) ?? before;
  const at = lastWord(ahead, word);
  const next = firstWord(behind, word);
  const found = [at === undefined ? undefined : ahead.length - at, next === undefined ? undefined : next + 8].filter(
    (one) => one !== undefined,
  );
  // "15 minutes before 4:30": a time that names its own relation needs no neighbour.
  return found.length === 0 || mention.form.shape === "duration" ? undefined : Math.min(...found);
}

const escaped = (word: string): string => word.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
const inflection = String.raw`(?:s|ed|ing|al|ure)?`;

function lastWord(text: string, word: string): number | undefined {
  const matches = [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${escaped(word)}${inflection}(?![\\p{L}\\p{N}])`, "gu"))];
  const last = matches.at(-1);
  return last && last.index + last[0].length;
}

function firstWord(text: string, word: string): number | undefined {
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped(word)}${inflection}(?![\\p{L}\\p{N}])`, "u").exec(text)?.index;
}

/** The start that explains the most. What structured places state weighs most, then the beginning of a range, then any time. */
function bestTheory(start: Field, labelled: ReadonlyMap<ClockUnit, { readonly field: Field }>, facts: ExplainFacts): Theory | undefined {
  const { units, stated } = facts;
  const candidates = candidatesOf(start, labelled, facts);
  let best: { theory: Theory; score: number } | undefined;
  for (const value of candidates) {
    const theory = theoryOf(start, value, facts);
    const score =
      units.reduce((sum, unit) => sum + (isOtherwiseLabelled(labelledAs(labelled, unit), start) ? 0 : worthOf(unit, theory)), 0) +
      stated.filter((one) => compareValues(one, value) !== "differs").length * 4;
    if (score > 0 && (best === undefined || score > best.score)) best = { theory, score };
  }
  return best?.theory;
}

const labelledAs = (labelled: ReadonlyMap<ClockUnit, { readonly field: Field }>, unit: ClockUnit): Known["labelled"] => {
  const found = labelled.get(unit);
  return found && { field: found.field, word: "" };
};

function worthOf(unit: ClockUnit, theory: Theory): number {
  const certainty = unit.readings.length === 1 ? 1 : 0.4;
  if (unit.role !== "end" && fitting(unit, theory.value)) return certainty * (unit.role === "start" ? 3 : timeWorth(unit));
  const isDerived = [...theory.derived.values()].some((value) => fitting(unit, value)?.time !== undefined);
  return isDerived && unit.role !== "start" ? certainty * 0.9 : 0;
}

/** A date alone says little about when something starts. */
const timeWorth = ({ readings }: ClockUnit): number => (readings.some(({ time }) => time !== undefined) ? 1 : 0.3);

/** Times that could be the start, each with the date that the document gives, where it gives one. */
function candidatesOf(
  start: Field,
  labelled: ReadonlyMap<ClockUnit, { readonly field: Field }>,
  { units, stated }: ExplainFacts,
): Moment[] {
  const own = units.filter((unit) => unit.role !== "end" && !isOtherwiseLabelled(labelledAs(labelled, unit), start));
  const moments = [...stated, ...own.flatMap(({ readings }) => readings)];
  const dates = tally(moments.flatMap(({ date }) => (date === undefined ? [] : [date])));
  const [date] = dates;
  const seen = new Map<string, Moment>();
  for (const moment of moments) {
    if (moment.time === undefined && start.type !== "date") continue;
    const { weekday: _weekday, ...rest } = moment;
    const whole: Moment = rest.date === undefined && date !== undefined ? { ...rest, date } : rest;
    seen.set(`${whole.date} ${whole.time}`, whole);
  }
  if (seen.size === 0 && date !== undefined) seen.set(date, { kind: "moment", date });
  return [...seen.values()];
}

/** Most frequent first; of as many, the first. */
function tally(items: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one).map(([item]) => item);
}

function theoryOf(start: Field, value: Moment, { kind, clock }: ExplainFacts): Theory {
  const found = new Map<string, Moment>();
  for (const { name, derivation } of kind.fields) {
    if (derivation?.kind !== "offset" || derivation.from !== start.name) continue;
    const moment = derived(derivation, value, clock);
    if (moment) found.set(name, moment);
  }
  // Two steps from the start: a pick-up an hour after the end.
  for (const { name, derivation } of kind.fields) {
    const from = derivation?.kind === "offset" ? found.get(derivation.from) : undefined;
    const moment = derivation && from && derived(derivation, from, clock);
    if (moment && !found.has(name)) found.set(name, moment);
  }
  return { start, value, derived: found };
}
