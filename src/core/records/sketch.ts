/** A sighting without its evidence: small enough that those of a whole kind are held at once. */

import type { Address } from "../plan/plan.ts";
import type { Sighting } from "./claim.ts";
import type { Value } from "./value.ts";

/** What one field is said to be; the same value said twice stands here once, and what is ambiguous not at all. */
export interface SketchClaim {
  readonly field: string;
  readonly value: Value;
  /** From the address alone. */
  readonly isAddress?: true;
}

/** Enough to find out which record it is of, to name that record, and to look its names and keys up elsewhere. */
export interface Sketch {
  readonly id: string;
  readonly system: string;
  readonly at: Address;
  readonly part: string;
  readonly isTemplate?: true;
  readonly claims: readonly SketchClaim[];
  readonly points?: Sighting["points"];
}

export function sketchOf({ id, system, at, part, isTemplate, claims, points }: Sighting): Sketch {
  const distinct = new Map<string, SketchClaim>();
  for (const { field, value, isAddress, place } of claims) {
    if (value === undefined || place.isTemplate === true) continue;
    const claim: SketchClaim = { field, value, ...(isAddress && { isAddress }) };
    const name = JSON.stringify([field, value, isAddress]);
    if (!distinct.has(name)) distinct.set(name, claim);
  }
  return { id, system, at, part, ...(isTemplate && { isTemplate }), claims: [...distinct.values()], ...(points && { points }) };
}

/** It names no field of any record, not even in its address: nothing but a pointer could tell whose it is. */
export const isSilent = ({ claims }: Sketch): boolean => claims.length === 0;
