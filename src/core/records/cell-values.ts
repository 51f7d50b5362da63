/** What one sighting says about each field, its claims taken together. */

import type { Claim, Entity, Sighting } from "./claim.ts";
import { joinValues } from "./compare-values.ts";
import { fieldNamed, type RecordKind } from "./kind.ts";
import type { Value } from "./value.ts";

export interface Said {
  readonly claims: readonly Claim[];
  /** What it says, where that is one thing. */
  readonly value?: Value;
  /** Places of one object contradict one another. */
  readonly isInner: boolean;
  /** At least one place can be read in several ways, and no other place settles it. */
  readonly isAmbiguous: boolean;
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
  const isAmbiguous = claims.some((claim) => claim.value === undefined && !isSettled(claim, value, type));
  return { claims, isInner, isAmbiguous, ...(value !== undefined && !isInner && { value }) };
}

/** One of the readings is what the rest of the object says. */
const isSettled = ({ readings = [] }: Claim, value: Value | undefined, type: Parameters<typeof joinValues>[2]): boolean =>
  value !== undefined && readings.some((reading) => joinValues(value, reading, type) !== undefined);

/** Sightings that speak for themselves: templates and samples do not. */
export const speaking = ({ sightings }: Entity): readonly Sighting[] => sightings.filter(({ isTemplate }) => isTemplate !== true);
