/** What one sighting says about each field, its claims taken together. */

import type { Claim, Entity, Sighting } from "./claim.ts";
import { compareValues, joinValues } from "./compare-values.ts";
import { fieldNamed, type RecordKind } from "./kind.ts";
import type { FieldType, Value } from "./value.ts";

export interface Said {
  readonly claims: readonly Claim[];
  /** What it says, where that is one thing. */
  readonly value?: Value;
  /** Places of one object contradict one another. */
  readonly isInner: boolean;
  /** At least one place can be read in several ways, and no other place settles it. */
  readonly isAmbiguous: boolean;
  /** At least one place that holds the field cannot be read at all: what the object says of it is not known. */
  readonly isUnreadable: boolean;
}

/** By field, in no order. Fields of which nothing is said are absent. */
export type SaidBy = ReadonlyMap<string, Said>;

/** Addresses (a date in a slug) count for identity alone. */
export function saidBy({ claims }: Pick<Sighting, "claims">, kind: RecordKind): SaidBy {
  const byField = new Map<string, Claim[]>();
  for (const claim of claims) {
    if (claim.isAddress) continue;
    const group = byField.get(claim.field);
    if (group) group.push(claim);
    else byField.set(claim.field, [claim]);
  }
  return new Map([...byField].map(([field, group]) => [field, together(group, fieldNamed(kind, field)?.type)]));
}

function together(claims: readonly Claim[], type: Parameters<typeof joinValues>[2]): Said {
  let value: Value | undefined;
  let isInner = false;
  for (const claim of claims) {
    if (claim.value === undefined) continue;
    if (value === undefined) ({ value } = claim);
    else {
      const joined = joinValues(value, claim.value, type);
      if (joined === undefined) isInner = true;
      else value = joined;
    }
  }
  const several = claims.filter((claim) => claim.value === undefined && !isUnread(claim));
  for (const { readings = [] } of isInner ? [] : several) {
    if (value === undefined) continue;
    // The one reading that the rest of the object leaves counts with it; a text without such a reading contradicts the rest.
    if (readings.every((reading) => value !== undefined && compareValues(reading, value, type) === "differs")) isInner = true;
    else value = joinReadings(readings, value, type) ?? value;
  }
  const isUnreadable = claims.some(isUnread);
  const isAmbiguous = several.some((claim) => value === undefined || !isSettled(claim, value, type));
  return { claims, isInner, isAmbiguous, isUnreadable, ...(value !== undefined && !isInner && { value }) };
}

/** No way to read it was found. */
export const isUnread = ({ value, readings = [] }: Pick<Claim, "value" | "readings">): boolean =>
  value === undefined && readings.length === 0;

/** Whether a value says which of a text's readings is meant. A text of one reading, and one that cannot be read, need none. */
const isSettled = ({ value: own, readings = [] }: Claim, value: Value, type: FieldType | undefined): boolean =>
  own !== undefined || readings.length === 0 || joinReadings(readings, value, type) !== undefined;

/** A value with what the reading adds that it leaves: one that it says already, or the only one that does not contradict it. */
function joinReadings(readings: readonly Value[], value: Value, type: FieldType | undefined): Value | undefined {
  const fitting = readings.filter((reading) => compareValues(reading, value, type) !== "differs");
  const isSaid = fitting.some((reading) => ["same", "less"].includes(compareValues(reading, value, type)));
  if (isSaid) return value;
  const [only, ...others] = fitting;
  return only && others.length === 0 ? joinValues(value, only, type) : undefined;
}

/** Whether every text of an object that can be read in several ways can be read as a value, and the value says as which. */
export const isReadAs = ({ claims }: Said, value: Value, type: FieldType | undefined): boolean =>
  claims.every((claim) => isSettled(claim, value, type));

/** Whether some text of an object cannot be read as a value in any of its several ways. */
export const isReadOtherwise = ({ claims }: Said, value: Value, type: FieldType | undefined): boolean =>
  claims.some(
    ({ value: own, readings = [] }) =>
      own === undefined && readings.length > 0 && readings.every((reading) => compareValues(reading, value, type) === "differs"),
  );

/** Sightings that speak for themselves: templates and samples do not. */
export const speaking = ({ sightings }: Entity): readonly Sighting[] => sightings.filter(({ isTemplate }) => isTemplate !== true);
