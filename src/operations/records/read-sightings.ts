/** One object read past all memory. */

import { bytesOf } from "../../core/body.ts";
import type { Sighting } from "../../core/records/claim.ts";
import type { KnownValues } from "../../core/records/claims/known-values.ts";
import { systemNamed } from "../../core/records/kind.ts";
import type { Context } from "../workbench.ts";
import { openPageFilter } from "./page-filter.ts";
import type { RecordsBench } from "./records-bench.ts";
import { sightDocument } from "./sight-document.ts";

export interface SightingsRequest {
  readonly system: string;
  readonly key: string;
  readonly known: KnownValues;
}

/** None where the object is gone by now. */
export async function readSightings(
  records: RecordsBench,
  { system: name, key, known }: SightingsRequest,
  context: Context,
): Promise<readonly Sighting[]> {
  const { kind, home, codecOf, isTemplate, placeOf } = records;
  const system = systemNamed(kind, name);
  if (!system) return [];
  const { bench, target } = await placeOf(system);
  const reading = await (await bench.storeOf(target.store)).read(key, context);
  if (!reading) return [];
  // Read as a look at the whole system reads it, so that both say the same to the letter.
  const look = openPageFilter(kind, system, known);
  const { sightings } = sightDocument({
    kind,
    system,
    codec: codecOf(system),
    observed: reading.observed,
    bytes: await bytesOf(reading.body),
    isTemplate: isTemplate(system, key),
    today: new Date(home.runtime.now()).toISOString().slice(0, 10),
    known,
    ...(look && { look }),
  });
  return sightings;
}
