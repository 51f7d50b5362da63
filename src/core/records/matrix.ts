/** What the systems say about one record, side by side. */

import type { Claim, Entity } from "./claim.ts";
import type { Value } from "./value.ts";

/**
 * `derives`: wrong only because what it derives from is. `less`: says less than others and contradicts none of it.
 * `inner`: one object disagrees with itself. `ambiguous`: can be read in several ways. `pending`: our own change, not due to show yet.
 */
export type CellVerdict = "agrees" | "differs" | "derives" | "less" | "inner" | "ambiguous" | "silent" | "pending";

export interface Cell {
  /** Id of a sighting. */
  readonly sighting: string;
  readonly field: string;
  readonly verdict: CellVerdict;
  readonly claims: readonly Claim[];
  /** What the object says, where it says one thing. */
  readonly value?: Value;
}

export interface Row {
  readonly field: string;
  /** `decided`: a rule or a person has said what holds; `agreed`: nobody differs; `open`: it asks; `silent`: nobody says anything. */
  readonly state: "agreed" | "decided" | "open" | "silent";
  /** What holds, where that is known. */
  readonly value?: Value;
  /** Who or what decided: `authority: record`, `newest: calendar, 20 May`, `Mara: "guest called"`. */
  readonly because?: string;
  readonly cells: readonly Cell[];
}

export interface Finding {
  readonly code: "duplicate" | "dangling-pointer" | "stale-edge-copy" | "doubtful-link" | "slug-says-otherwise" | "missing";
  /** Ids of sightings, or addresses of what has none. */
  readonly about: readonly string[];
  readonly message: string;
}

export interface Matrix {
  readonly kind: string;
  readonly entity: Entity;
  readonly rows: readonly Row[];
  readonly findings: readonly Finding[];
}
