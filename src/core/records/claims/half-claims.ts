/** What a text says of a moment, field by field: the day for one, the time for another. */

import { dayField, halfOf, isOfDay } from "../day-and-time.ts";
import type { Claim } from "../claim.ts";
import { fieldNamed, type Field, type RecordKind } from "../kind.ts";
import type { Moment, Value } from "../value.ts";
import { distinctMoments } from "./clock-units.ts";
import { endField, startField } from "./field-places.ts";

/**
 * Claims of whole moments as claims of what their fields can hold. A time of the day says that day as well, and a text that stands for the day
 * says the start where it names a time. What says nothing that its field could hold claims nothing.
 */
export function halfClaims(claims: readonly Claim[], kind: RecordKind): readonly Claim[] {
  if (kind.fields.every(({ type }) => type !== "date" && type !== "time")) return claims;
  const [start, day] = [startField(kind), dayField(kind)];
  const own: Claim[] = [];
  const others: Claim[] = [];
  for (const claim of claims) {
    const field = fieldNamed(kind, claim.field);
    if (!field || isUnread(claim)) own.push(claim);
    else {
      own.push(...halfClaim(claim, field));
      if (day && (field === start || field === day)) own.push(...halfClaim(claim, field === day ? start : day));
      else if (day && isOfDay(field) && field !== endField(kind)) others.push(...halfClaim(claim, day));
    }
  }
  return eachOnce([...own, ...others.filter((claim) => isOfOneDay(claim, own))]);
}

/** A place that is mapped to both fields says each of them once. */
function eachOnce(claims: readonly Claim[]): readonly Claim[] {
  const seen = new Map<string, Claim>();
  for (const claim of claims) {
    const { field, segment, from, to, role } = claim;
    const name = `${field} ${segment} ${from} ${to} ${role}`;
    if (!seen.has(name)) seen.set(name, claim);
  }
  return [...seen.values()];
}

const isUnread = ({ value, readings = [] }: Claim): boolean => value === undefined && readings.length === 0;

/** A time that is not the start may be of another day, and then it tells nothing of the record's. */
function isOfOneDay({ field, value, readings = [] }: Claim, own: readonly Claim[]): boolean {
  const said = own.flatMap((one) => (one.field === field ? datesIn(one) : []));
  return said.length === 0 || (value ? [value] : readings).some((one) => one.kind === "moment" && said.includes(one.date));
}

const datesIn = ({ value, readings = [] }: Claim): readonly (string | undefined)[] =>
  (value ? [value] : readings).flatMap((one) => (one.kind === "moment" ? [one.date] : []));

function halfClaim(claim: Claim, field: Field | undefined): Claim[] {
  if (!field) return [];
  if (field.type !== "date" && field.type !== "time") return [claim];
  const { value, readings = [], ...rest } = claim;
  const halves = distinctMoments((value ? [value] : readings).flatMap((one) => halvesOf(one, field)));
  const [only, ...more] = halves;
  if (!only) return [];
  // Of several readings of one day the day is clear; a single reading without a value is one that nobody vouches for.
  const isClear = more.length === 0 && readings.length !== 1;
  return [{ ...rest, field: field.name, ...(isClear ? { value: only } : { readings: halves }) }];
}

const halvesOf = (value: Value, field: Field): Moment[] => {
  const half = value.kind === "moment" ? halfOf(value, field) : undefined;
  return half ? [half] : [];
};
