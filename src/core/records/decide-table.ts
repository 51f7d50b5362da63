/** What is known of one record while its fields are decided one after the other, and who speaks about each. */

import { isReadAs, isReadOtherwise, type Said, type SaidBy } from "./cell-values.ts";
import type { Entity, Sighting } from "./claim.ts";
import { compareValues, joinValues } from "./compare-values.ts";
import { dayField, isOfDay, onDay, wholeDecided } from "./day-and-time.ts";
import type { Decision, Question } from "./decision.ts";
import { instantOf, type Clock } from "./derive.ts";
import type { Field, RecordKind } from "./kind.ts";
import type { Value } from "./value.ts";

/** A person's word on one field. */
export interface Answer {
  readonly field: string;
  readonly value: Value;
  /** Who, and in their own words why: `Mara: guest called`. */
  readonly because: string;
}

export interface DecideFacts {
  readonly kind: RecordKind;
  readonly entity: Entity;
  readonly rules: Clock["rules"];
  readonly answers: readonly Answer[];
  /** When a sighting's field last changed, where something proves it: by `sighting field`. ISO 8601, UTC. */
  readonly changes?: ReadonlyMap<string, string>;
  readonly standing?: Standing;
}

/** What was decided of this record before, and who has not caught up with it yet. */
export interface Standing {
  readonly decisions: readonly Decision[];
  /** Sightings that may still show what was before: a person has the task to change them, or a feed has its lag. Ids. */
  readonly excused: ReadonlySet<string>;
}

interface Speaker {
  readonly sighting: Sighting;
  readonly said: SaidBy;
}

export interface Table {
  readonly facts: DecideFacts;
  readonly clock: Clock;
  readonly speakers: readonly Speaker[];
  /** What is decided so far, by field. */
  readonly made: Map<string, Decision>;
}

export type Found = Decision | Question | undefined;

export interface Voice {
  readonly sighting: Sighting;
  readonly said: Said;
}

export const voicesOf = (field: string, { speakers }: Table): Voice[] =>
  speakers.flatMap(({ sighting, said }) => {
    const found = said.get(field);
    return found ? [{ sighting, said: found }] : [];
  });

export const decision = (field: Field, value: Value, how: Decision["how"], because: string): Decision => ({
  field: field.name,
  value,
  how,
  because,
});

/** What all say together; `undefined` where any two contradict, where one contradicts itself or cannot be read, or where nobody can be read for sure. */
export function agreement(voices: readonly Voice[], { type }: Field): Value | undefined {
  let value: Value | undefined;
  for (const { said } of voices) {
    if (said.isInner || said.isUnreadable) return undefined;
    if (said.value === undefined) continue;
    if (value === undefined) ({ value } = said);
    else {
      value = joinValues(value, said.value, type);
      if (value === undefined) return undefined;
    }
  }
  // A text of several readings agrees with a value that says which of them is meant; with any other nobody knows what it says.
  const agreed = value;
  return agreed !== undefined && voices.every(({ said }) => isReadAs(said, agreed, type)) ? agreed : undefined;
}

/** A decision holds for as long as only those differ from it that cannot have caught up: then nobody is asked again. */
export function stillStanding(field: Field, voices: readonly Voice[], { facts }: Table): Decision | undefined {
  const before = facts.standing?.decisions.find((one) => one.field === field.name);
  if (!before || !facts.standing) return undefined;
  const { excused } = facts.standing;
  const others = voices.filter(({ sighting }) => !excused.has(sighting.id));
  const isHeld =
    others.length > 0 && others.every(({ said }) => !said.isInner && !said.isUnreadable && mayAgree(said, before.value, field));
  return isHeld ? before : undefined;
}

/** Neither what an object says nor any reading of it contradicts a value. */
const mayAgree = (said: Said, value: Value, { type }: Field): boolean =>
  (!said.value || compareValues(said.value, value, type) !== "differs") && !isReadOtherwise(said, value, type);

/** A value of a field with the day that was decided, where the field is a time of that day. */
export const wholeOf = (field: Field, value: Value, { facts, made }: Table): Value =>
  isOfDay(field) ? onDay(value, made.get(dayField(facts.kind)?.name ?? "")?.value) : value;

/** What was decided of a field, as others are counted from it. */
export const wholeMade = (name: string, { facts, made }: Table): Value | undefined => wholeDecided([...made.values()], name, facts.kind);

/** Whether the zone's clock shows a value once: what it skips cannot hold, and of what it shows twice nobody knows which is meant. */
export function isShownOnce(field: Field, value: Value, table: Table): boolean {
  const whole = wholeOf(field, value, table);
  if (whole.kind !== "moment" || whole.date === undefined || whole.time === undefined) return true;
  return instantOf(whole, table.clock) !== undefined;
}
