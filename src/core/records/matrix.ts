/** What the systems say about one record, side by side. */

import type { Claim, Entity } from "./claim.ts";
import type { Value } from "./value.ts";

/**
 * `derives`: wrong only because what it derives from is. `less`: says less than others and contradicts none of it.
 * `inner`: one object disagrees with itself. `ambiguous`: can be read in several ways. `unreadable`: a place that holds the field cannot
 * be read. `pending`: our own change, not due to show yet.
 */
export type CellVerdict = "agrees" | "differs" | "derives" | "less" | "inner" | "ambiguous" | "unreadable" | "silent" | "pending";

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
  readonly code:
    | "duplicate"
    | "dangling-pointer"
    | "stale-edge-copy"
    | "unseen-edge-copy"
    | "doubtful-link"
    | "slug-says-otherwise"
    | "missing";
  /** Ids of sightings, or addresses of what has none. */
  readonly about: readonly string[];
  readonly message: string;
  /** Of duplicate pages, what the logs that were given tell of their use. */
  readonly uses?: readonly PageUseTold[];
}

/** Nothing in it tells of a person. */
export interface PageUseTold {
  readonly key: string;
  /** Under addresses that lead to this page alone. */
  readonly fetches: number;
  /** ISO 8601, UTC. */
  readonly first?: string;
  readonly last?: string;
  /** Counts by kind of visitor: `phone`, `browser`, `crawler`, `tool`, `other`. */
  readonly by: Readonly<Record<string, number>>;
  /** Counts by the page of the same site, or the host of another one, whose link was followed. */
  readonly fromPages: Readonly<Record<string, number>>;
  readonly fromHosts: Readonly<Record<string, number>>;
  /** Addresses that lead to one of several pages of the record. */
  readonly shared: readonly { readonly path: string; readonly fetches: number }[];
  /** The first and the last request to the site that the logs tell of. */
  readonly logsFrom: string;
  readonly logsTo: string;
}

export interface Matrix {
  readonly kind: string;
  readonly entity: Entity;
  readonly rows: readonly Row[];
  readonly findings: readonly Finding[];
}
