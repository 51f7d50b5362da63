/** What a look at a system has shown, and what was known before it. */

import type { BelayError } from "../../core/belay-error.ts";
import type { KnownDays } from "../../core/records/claims/known-days.ts";
import type { KnownValues } from "../../core/records/claims/known-values.ts";
import type { RecordSystem } from "../../core/records/kind.ts";
import type { Sketch } from "../../core/records/sketch.ts";

export interface SystemView {
  readonly system: RecordSystem;
  /** How many objects it has that may hold a record. */
  readonly objects: number;
  /** How many of them were read, because they changed or because something about their day did. */
  readonly read: number;
  /** One for each sighting, in the order of their keys. The sightings themselves are loaded record by record: `loadEntity`. */
  readonly sketches: readonly Sketch[];
  readonly unreadable: readonly { readonly key: string; readonly why: string }[];
  /** Why nothing is known of it now. Nothing is created or deleted on the strength of a look that failed. */
  readonly failure?: BelayError;
  /** It is not shown to programs, and belay.yaml says that people attest what they do there (`attest: true`): no failure. */
  readonly isAttested?: true;
}

export interface Known {
  readonly values: KnownValues;
  readonly days: KnownDays;
}
