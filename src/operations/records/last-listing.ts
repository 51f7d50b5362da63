/**
 * What a system listed when it was last looked at, by whatever rules its objects were read then: an empty listing, or a part of one, is
 * told by it. Sightings are forgotten where belay.yaml changes; how much there was is not.
 */

import type { RecordSystem } from "../../core/records/kind.ts";
import type { CallOptions } from "../../ports/store.ts";
import type { RecordsBench } from "./records-bench.ts";

export interface LastListing {
  readonly count: number;
  /** Some of them; all where the caller knows them. */
  readonly keys: readonly string[];
}

const keysMax = 4;
const noteOf = ({ name }: RecordSystem): string => `listing.${name}`;
/** Of another store, or of other objects in it, a listing says nothing about this one. */
const placeOf = ({ store, match, templates }: RecordSystem): string => JSON.stringify([store, match, templates]);

/** `undefined` where nothing is known. */
export async function lastListing({ book }: RecordsBench, system: RecordSystem, options: CallOptions): Promise<LastListing | undefined> {
  const [place, count, ...keys] = ((await book.recall(noteOf(system), options)) ?? "").split("\n");
  return place === placeOf(system) && Number(count) > 0 ? { count: Number(count), keys } : undefined;
}

export async function rememberListing(
  { book }: RecordsBench,
  system: RecordSystem,
  keys: readonly string[],
  options: CallOptions,
): Promise<void> {
  const stride = Math.max(1, Math.floor(keys.length / keysMax));
  const some = keys.filter((key, at) => at % stride === 0 && !key.includes("\n")).slice(0, keysMax);
  const note = [placeOf(system), String(keys.length), ...some].join("\n");
  if ((await book.recall(noteOf(system), options)) !== note) await book.remember(noteOf(system), note);
}
