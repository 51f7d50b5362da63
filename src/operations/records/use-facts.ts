/** Who points to a duplicate and who links to it, as far as the record itself tells. Who fetched it is known from logs alone. */

import type { Entity, Sighting } from "../../core/records/claim.ts";
import type { UseFacts } from "../../core/records/survivor.ts";
import { names } from "../../core/records/pointer-text.ts";

export function appliedFacts(entity: Entity, duplicates: readonly Sighting[]): UseFacts {
  const keys = duplicates.map(({ at }) => at.key);
  const by = (find: (key: string) => readonly string[]): ReadonlyMap<string, readonly string[]> =>
    new Map(keys.map((key) => [key, find(key)]));
  return {
    pointedAt: by((key) =>
      entity.sightings.filter(({ points = [] }) => points.some(({ raw }) => names(raw, key))).map((one) => `${one.system} ${one.at.key}`),
    ),
    linkedBy: by((key) =>
      entity.sightings.filter(({ at, links = [] }) => at.key !== key && links.some((link) => names(link, key))).map(({ at }) => at.key),
    ),
  };
}
