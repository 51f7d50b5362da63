/** What a word on a field means, of a person or of an authority: what it leaves out is what the rest of the record says. */

import { answerOf, asked } from "./ask-field.ts";
import { endField, startField } from "./claims/field-places.ts";
import { plusDays } from "./clock-text/calendar-days.ts";
import { dayField, halfOf, wholeSaid } from "./day-and-time.ts";
import { decision, voicesOf, wholeMade, type Answer, type Table, type Voice } from "./decide-table.ts";
import type { Decision, Question } from "./decision.ts";
import { instantOf } from "./derive.ts";
import type { Field } from "./kind.ts";
import type { Moment, Value } from "./value.ts";

/** A person's word on a field; a start that is named with its day is a word on the day as well. */
export function answerOn(field: Field, { facts }: Table): Answer | undefined {
  const { answers, kind } = facts;
  const own = answers.find((one) => one.field === field.name);
  if (own) return own;
  if (dayField(kind)?.name !== field.name) return undefined;
  const whole = answers.find((one) => one.field === startField(kind)?.name);
  const day = whole?.value.kind === "moment" && whole.value.date !== undefined ? halfOf(whole.value, field) : undefined;
  return whole && day && { ...whole, field: field.name, value: day };
}

/** `15:30` for a field that everybody has on 30 May means that day; where the places name several days, it leaves open which of them. */
export function wordOn(field: Field, value: Value, table: Table, { how, because }: Pick<Decision, "how" | "because">): Decision | Question {
  if (value.kind !== "moment") return decision(field, value, how, because);
  if (field.type !== "datetime") return decision(field, halfOf(value, field) ?? value, how, because);
  if (value.date !== undefined && value.time !== undefined) return decision(field, value, how, because);
  const ruled = value.date === undefined ? byRule(field, value, table) : undefined;
  if (ruled) return decision(field, ruled, how, because);
  const missing = value.date === undefined ? "date" : "time";
  const wholes = [...partsSaid(missing, voicesOf(field.name, table))].map(([part, who]) => ({ whole: { ...value, [missing]: part }, who }));
  const [only, ...others] = wholes;
  if (others.length === 0) return decision(field, only?.whole ?? value, how, because);
  return asked(
    field,
    wholes.map(({ whole, who }) => ({ answer: answerOf(whole), says: who })),
  );
}

/** The days, or the times of day, that are said, and where. */
function partsSaid(part: "date" | "time", voices: readonly Voice[]): ReadonlyMap<string, readonly string[]> {
  const says = new Map<string, string[]>();
  for (const { sighting, said } of voices) {
    const text = said.value?.kind === "moment" ? said.value[part] : undefined;
    if (text !== undefined) says.set(text, [...(says.get(text) ?? []), `${sighting.system} ${sighting.at.key}`]);
  }
  return says;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
const dayMinutes = 1440;

/** What a time counts from, and how: an end that no rule gives comes somewhere behind its start. */
interface Rule {
  readonly from: string;
  readonly minutes: number;
  readonly side: "before" | "behind" | "either";
}

function ruleOf(field: Field, { facts }: Table): Rule | undefined {
  const { derivation } = field;
  const isEnd = field.name === endField(facts.kind)?.name;
  if (derivation?.kind === "offset") {
    const { from, minutes } = derivation;
    return { from, minutes, side: minutes < 0 ? "before" : isEnd || minutes > 0 ? "behind" : "either" };
  }
  const start = isEnd ? startField(facts.kind)?.name : undefined;
  return start === undefined || start === field.name ? undefined : { from: start, minutes: 0, side: "behind" };
}

/**
 * The day of a time that counts from another moment: the one on which it comes nearest to the rule, on its own side of that moment.
 * `undefined` where that moment is not decided, or somebody says an end that is not of the start's day or night.
 */
function byRule(field: Field, value: Moment, table: Table): Moment | undefined {
  const rule = ruleOf(field, table);
  const base = rule && wholeMade(rule.from, table);
  const begin = base?.kind === "moment" ? instantOf(base, table.clock) : undefined;
  if (!rule || base?.kind !== "moment" || base.date === undefined || begin === undefined || lastsDays(field, rule, table)) return undefined;
  const aim = begin + rule.minutes * minuteMs;
  const first = plusDays(base.date, Math.trunc(rule.minutes / dayMinutes));
  const near = [-1, 0, 1].flatMap((days) => {
    const moment: Moment = { ...value, date: plusDays(first, days) };
    const instant = instantOf(moment, table.clock);
    const isOnSide = instant !== undefined && (rule.side === "either" || (rule.side === "before" ? instant < begin : instant > begin));
    return isOnSide ? [{ moment, away: Math.abs(instant - aim) }] : [];
  });
  return near.toSorted((one, other) => one.away - other.away)[0]?.moment;
}

function lastsDays(field: Field, { from, side }: Rule, { speakers, clock, facts }: Table): boolean {
  return speakers.some(({ said }) => {
    const [begin, end] = [wholeSaid(said, from, facts.kind)?.value, said.get(field.name)?.value].map((value) =>
      value?.kind === "moment" ? instantOf(value, clock) : undefined,
    );
    return side === "behind" && begin !== undefined && end !== undefined && end - begin > dayMs;
  });
}
