/** What `records learn` proposes, each part with its evidence. */

import type { FieldType } from "../value.ts";

/** Something that was found, with why, and whether a person has to look at it. */
export interface Guess {
  /** Clauses for people. */
  readonly because: readonly string[];
  readonly isSure: boolean;
}

export interface ZoneGuess extends Guess {
  readonly zone: string;
}

export interface FieldGuess extends Guess {
  readonly name: string;
  readonly type: FieldType;
  readonly derivation?:
    | { readonly kind: "offset"; readonly from: string; readonly minutes: number }
    | { readonly kind: "moves-with"; readonly from: string };
  readonly words: readonly string[];
  /** Where pages keep it, where that is no standard's place: `script:CUTOFF_UTC`. */
  readonly onPages?: string;
  /** Which attribute of an item holds it, or its date and time. */
  readonly inItems?: string | { readonly date: string; readonly time: string };
}

export interface PointerGuess extends Guess {
  readonly attribute: string;
}

export interface PagesGuess extends Guess {
  readonly match: readonly string[];
  readonly templates: readonly string[];
  readonly paths: readonly string[];
}

export interface KindGuess {
  readonly name: string;
  readonly zone: ZoneGuess;
  readonly fields: readonly FieldGuess[];
  readonly keys: readonly string[];
  readonly match: readonly string[];
  readonly pages?: PagesGuess;
  /** Attributes of the items' primary key, as far as their names tell. */
  readonly tableKey?: Guess & { readonly attribute: string };
  readonly pointers: readonly PointerGuess[];
  /** Clauses about what was left out: times that no field explains, attributes of no known use. */
  readonly left: readonly string[];
}
