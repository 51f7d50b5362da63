/** A field that is changed again and again is fought over, and a watcher does not fight. */

import type { RecordEdit } from "./records-part.ts";

export interface Flap {
  readonly field: string;
  /** For people, one clause. */
  readonly why: string;
}

export interface PastCorrections {
  /** Edits of the last correction that was carried out here; none where a person decided since. */
  readonly last: readonly RecordEdit[];
  /** Edits of each correction within the last hour. */
  readonly hour: readonly (readonly RecordEdit[])[];
  readonly flapsMax: number;
}

const fieldsOf = (edits: readonly RecordEdit[]): ReadonlySet<string> => new Set(edits.flatMap(({ field }) => field.split(", ")));

/** `undefined` where these edits may go out: nobody has put a text back that was corrected, and no field has changed too often. */
export function flapIn(edits: readonly RecordEdit[], { last, hour, flapsMax }: PastCorrections): Flap | undefined {
  const reverted = edits.find((edit) => last.some((one) => isAt(one, edit) && one.before === edit.before && one.before !== one.after));
  if (reverted) return { field: reverted.field, why: `somebody has put “${reverted.before}” back into ${reverted.at.key}` };
  for (const field of fieldsOf(edits)) {
    const times = hour.filter((one) => fieldsOf(one).has(field)).length;
    if (times >= flapsMax) return { field, why: `its ${field} was corrected ${times} times within an hour` };
  }
  return undefined;
}

const isAt = (one: RecordEdit, other: RecordEdit): boolean =>
  one.at.store === other.at.store && one.at.key === other.at.key && one.field === other.field;
