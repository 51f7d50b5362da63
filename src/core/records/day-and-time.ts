/**
 * A kind may keep the day and the time of its start as two fields. Texts are read as whole moments all the same: the two fields are the
 * halves of what a text says, and they are joined again wherever something is counted from the start.
 */

import type { Said, SaidBy } from "./cell-values.ts";
import type { Claim } from "./claim.ts";
import { endField, startField } from "./claims/field-places.ts";
import { plainName } from "./claims/own-names.ts";
import type { Decision } from "./decision.ts";
import type { Field, RecordKind } from "./kind.ts";
import type { Moment, Value } from "./value.ts";

const dayNames: ReadonlySet<string> = new Set(["day", "date"]);

/** The field that says on which day the start is, where the start itself is only a time. Of several dates: by its name, then the first without words of its own. */
export function dayField(kind: Pick<RecordKind, "fields">): Field | undefined {
  const start = startField(kind);
  if (start?.type !== "time") return undefined;
  const days = kind.fields.filter(({ type, derivation }) => type === "date" && derivation === undefined);
  const isOfStart = ({ name }: Field): boolean => {
    const plain = plainName(name);
    return dayNames.has(plain) || [...dayNames].some((day) => plain === `${plainName(start.name)}${day}`);
  };
  return days.find(isOfStart) ?? days.find(({ words }) => words.length === 0) ?? days[0];
}

/** Whether a field is a time of that day: one that follows from nothing else. */
export const isOfDay = ({ type, derivation }: Field): boolean => type === "time" && derivation === undefined;

/**
 * Fields as records are compared by: beside a day of its own a time that follows from another one is a whole moment, since it may lie on
 * another day, and so is the end, which keeps its distance from the day.
 */
export function withDays(fields: readonly Field[]): Field[] {
  const day = dayField({ fields });
  const end = endField({ fields });
  return fields.map((field): Field => {
    if (!day || field.type !== "time") return field;
    if (field.derivation !== undefined) return { ...field, type: "datetime" };
    return field === end ? { ...field, type: "datetime", derivation: { kind: "moves-with", from: day.name } } : field;
  });
}

/** The half of a moment that a field can hold; `undefined` where the moment does not say it. */
export function halfOf(moment: Moment, { type }: Pick<Field, "type">): Moment | undefined {
  const { date, time, offset, weekday } = moment;
  if (type === "time") return time === undefined ? undefined : { kind: "moment", time, ...(offset !== undefined && { offset }) };
  if (type !== "date") return moment;
  if (date !== undefined) return { kind: "moment", date };
  return weekday === undefined ? undefined : { kind: "moment", weekday };
}

/** A time with the day that it is of. What names its own day keeps it. */
export const onDay = (time: Value, day: Value | undefined): Value =>
  time.kind === "moment" && time.date === undefined && day?.kind === "moment" && day.date !== undefined
    ? { ...time, date: day.date }
    : time;

/** What was decided of a field as others are counted from it: of a time of the day with that day. */
export function wholeDecided(decisions: readonly Decision[], name: string, kind: RecordKind): Value | undefined {
  const valueOf = (field: string | undefined): Value | undefined => decisions.find((one) => one.field === field)?.value;
  const value = valueOf(name);
  return value && isNamedTime(name, kind) ? onDay(value, valueOf(dayField(kind)?.name)) : value;
}

const isNamedTime = (name: string, { fields }: RecordKind): boolean => fields.some((field) => field.name === name && isOfDay(field));

/** What an object says of a field as others are counted from it: of a time of the day with the day of the same text, else of the object. */
export function wholeSaid(said: SaidBy, name: string, kind: RecordKind): Said | undefined {
  const found = said.get(name);
  const day = isNamedTime(name, kind) ? said.get(dayField(kind)?.name ?? "") : undefined;
  if (!found || !day) return found;
  return {
    claims: found.claims.flatMap((claim) => wholeClaims(claim, day)),
    isInner: found.isInner || day.isInner,
    isAmbiguous: found.isAmbiguous || day.isAmbiguous,
    isUnreadable: found.isUnreadable || day.isUnreadable,
    ...(found.value && day.value && { value: onDay(found.value, day.value) }),
  };
}

/** One text with each of the days that it may be of. */
function wholeClaims(claim: Claim, { claims, value }: Said): readonly Claim[] {
  const own = claims.filter(({ segment, from, to }) => segment === claim.segment && from === claim.from && to === claim.to);
  const days = own.length > 0 ? own.flatMap(meanings) : value ? [value] : claims.flatMap(meanings);
  if (days.length === 0) return [claim];
  const { value: time, readings = [], ...rest } = claim;
  return days.map((day): Claim =>
    time ? { ...rest, value: onDay(time, day) } : { ...rest, readings: readings.map((reading) => onDay(reading, day)) },
  );
}

const meanings = ({ value, readings = [] }: Claim): readonly Value[] => (value ? [value] : readings);
