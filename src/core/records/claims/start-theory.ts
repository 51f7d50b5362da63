/** What a page's times could be: the start that explains the most of them, and what is counted from it. */

import { compareValues } from "../compare-values.ts";
import { derived, type Clock } from "../derive.ts";
import type { Field, RecordKind } from "../kind.ts";
import type { Moment, Value } from "../value.ts";
import type { ClockUnit } from "./clock-units.ts";

export interface ExplainFacts {
  readonly kind: RecordKind;
  readonly clock: Clock;
  readonly units: readonly ClockUnit[];
  /** What structured places of the same document say the start is. */
  readonly stated: readonly Moment[];
}

/** Units with a field's word beside them. */
export type Labelled = ReadonlyMap<ClockUnit, { readonly field: Field; readonly word: string }>;

export interface Theory {
  readonly start: Field;
  readonly value: Moment;
  /** By field: what derives from that start. */
  readonly derived: ReadonlyMap<string, Moment>;
}

/** `rivals`: other readings of the same texts, which explain as much: nothing on the page says which of them is meant. */
export interface Theories {
  readonly best: Theory;
  readonly rivals: readonly Theory[];
}

/** The start that explains the most. What structured places state weighs most, then the beginning of a range, then any time. */
export function bestTheories(start: Field, labelled: Labelled, facts: ExplainFacts): Theories | undefined {
  const { stated } = facts;
  const candidates = candidatesOf(start, labelled, facts);
  if (candidates.length > candidatesMax) return undefined;
  const units = unlikeUnits(facts.units, labelled);
  const scored = candidates.map((value) => {
    const theory = theoryOf(start, value, facts);
    const heard = units.reduce((sum, { unit, count }) => sum + count * worthOf(unit, labelled.get(unit)?.field, theory), 0);
    return { theory, score: heard + stated.filter((one) => compareValues(one, value) !== "differs").length * 4 };
  });
  const top = Math.max(0, ...scored.map(({ score }) => score));
  if (top <= 0) return undefined;
  // Sums of tenths differ in their last digits.
  const [best, ...others] = scored.filter(({ score }) => score > top - 1e-6).map(({ theory }) => theory);
  return best && { best, rivals: others.filter((other) => units.some(({ unit }) => isDivided(unit, best, other))) };
}

/** A page with more times that differ is a timetable, and no page of one record: none of them is its start. */
export const candidatesMax = 200;

/** Units that say different things, each with how many say the same: what a page repeats is weighed once. */
function unlikeUnits(units: readonly ClockUnit[], labelled: Labelled): readonly { readonly unit: ClockUnit; readonly count: number }[] {
  const found = new Map<string, { unit: ClockUnit; count: number }>();
  for (const unit of units) {
    const said = unit.readings.map(({ date, time, offset, weekday }) => `${date} ${time} ${offset} ${weekday}`).join("|");
    const key = `${unit.role} ${labelled.get(unit)?.field.name} ${said}`;
    const known = found.get(key);
    if (known) known.count += 1;
    else found.set(key, { unit, count: 1 });
  }
  return [...found.values()];
}

/** Whether a text can be read as one start and as the other: then the two are readings, and not two times of one page. */
function isDivided({ readings }: ClockUnit, one: Theory, other: Theory): boolean {
  const fits = (moment: Moment, { value }: Theory): boolean => compareValues(moment, value) !== "differs" && sharesSomething(moment, value);
  const own = readings.filter((moment) => fits(moment, one));
  const others = readings.filter((moment) => fits(moment, other));
  return own.length > 0 && others.length > 0 && own.every((moment) => !others.includes(moment));
}

/** Whether a field's word stands beside a unit, and the field is not the start. */
export const isOtherwiseLabelled = (field: Field | undefined, start: Field): boolean => field !== undefined && field.name !== start.name;

function worthOf(unit: ClockUnit, field: Field | undefined, theory: Theory): number {
  const certainty = unit.readings.length === 1 ? 1 : 0.4;
  if (isOtherwiseLabelled(field, theory.start)) {
    const value = field && theory.derived.get(field.name);
    return fitting(unit, value)?.time === undefined ? 0 : certainty * 0.9;
  }
  if (unit.role !== "end" && fitting(unit, theory.value)) return certainty * (unit.role === "start" ? 3 : timeWorth(unit));
  const isDerived = [...theory.derived.values()].some((value) => fitting(unit, value)?.time !== undefined);
  return isDerived && unit.role !== "start" ? certainty * 0.9 : 0;
}

/** A date alone says little about when something starts. */
const timeWorth = ({ readings }: ClockUnit): number => (readings.some(({ time }) => time !== undefined) ? 1 : 0.3);

/** Times that could be the start, each with the dates that the document gives, where it gives any. */
function candidatesOf(start: Field, labelled: Labelled, { units, stated }: ExplainFacts): Moment[] {
  const own = units.filter((unit) => unit.role !== "end" && !isOtherwiseLabelled(labelled.get(unit)?.field, start));
  const moments = [...stated, ...own.flatMap(({ readings }) => readings)];
  const dates = datesOf(moments, own);
  const seen = new Map<string, Moment>();
  for (const moment of moments) {
    if (moment.time === undefined && start.type !== "date") continue;
    const { weekday: _weekday, ...rest } = moment;
    const all: Moment[] = rest.date === undefined && dates.length > 0 ? dates.map((date) => ({ ...rest, date })) : [rest];
    for (const whole of all) seen.set(`${whole.date} ${whole.time} ${whole.offset}`, whole);
  }
  return seen.size > 0 ? [...seen.values()] : dates.map((date): Moment => ({ kind: "moment", date }));
}

/** The day that is named most often, with the other readings of a text that may mean it; of as many, the first. */
function datesOf(moments: readonly Moment[], units: readonly ClockUnit[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { date } of moments) if (date !== undefined) counts.set(date, (counts.get(date) ?? 0) + 1);
  if (counts.size < 2) return [...counts.keys()];
  const [first] = [...counts].toSorted(([, one], [, other]) => other - one);
  if (first === undefined) return [];
  const [date, count] = first;
  const others = units.filter(({ readings }) => readings.some((one) => one.date === date)).flatMap(({ readings }) => readings);
  return [...new Set([date, ...others.flatMap((one) => (one.date !== undefined && counts.get(one.date) === count ? [one.date] : []))])];
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

/** The one reading that does not contradict a value. */
export function fitting({ readings }: ClockUnit, value: Value | undefined): Moment | undefined {
  if (!value) return undefined;
  const fits = readings.filter((reading) => compareValues(reading, value) !== "differs" && sharesSomething(reading, value));
  return fits.length === 1 ? fits[0] : undefined;
}

const sharesSomething = (one: Moment, other: Value): boolean =>
  other.kind === "moment" &&
  ((one.time !== undefined && other.time !== undefined) ||
    (one.date !== undefined && other.date !== undefined) ||
    (one.weekday !== undefined && one.time === undefined && other.date !== undefined));
