/** What systems say about a record, with the evidence for it (R2). */

import type { Revision } from "../brand.ts";
import type { Address } from "../plan/plan.ts";
import type { Place, Span } from "./document.ts";
import type { Value } from "./value.ts";

/** One field as one place of one object says it. */
export interface Claim {
  readonly field: string;
  /** Absent where the text can be read in several ways, or in none. */
  readonly value?: Value;
  /** Every way to read an ambiguous text. */
  readonly readings?: readonly Value[];
  /** As it is written, entities decoded. */
  readonly raw: string;
  /** In the document's decoded bytes; several where markup stands between. Empty where the claim is a field of the address itself (a slug). */
  readonly spans: readonly Span[];
  /** Which segment of the document as it was read for this claim, and the UTF-16 offsets there of the mention: how an edit finds it in the same reading. */
  readonly segment: number;
  readonly from: number;
  readonly to: number;
  /** Which end of a range it is; absent where the mention says one thing. */
  readonly role?: "start" | "end";
  /** Taken from the address of the object (a date or a name in a slug): evidence of identity, never edited. */
  readonly isAddress?: true;
  /** Nothing but that another system has this value tells that the text is meant: no label, no place of its own. */
  readonly isUnlabelled?: true;
  readonly place: Place;
  /** Why this text is taken for this field: `JSON-LD startDate`, `start - 30m`, `begins the range "4:30–7:30 PM"`. */
  readonly because: string;
  /** A rule that settled an ambiguity, in words. */
  readonly settledBy?: string;
}

/** A clock text, or another copy of a value, that no field explains. */
export interface Unexplained {
  readonly raw: string;
  readonly spans: readonly Span[];
  readonly place: Place;
  /** Why it is none of ours, where that can be said: `an amount of money`, `a phone number`, `a tide time`. Never edited either way. */
  readonly justification?: string;
  readonly readings: readonly Value[];
  /** The times that it is counted from: 16:30 of "15 minutes before 4:30 PM". */
  readonly countedFrom?: readonly Value[];
}

/** One record as one object (or one part of it) of one system shows it. */
export interface Sighting {
  /** `system key` or `system key#part`: unique in an audit. */
  readonly id: string;
  readonly system: string;
  readonly at: Address;
  readonly part: string;
  readonly revision: Revision;
  readonly claims: readonly Claim[];
  readonly unexplained: readonly Unexplained[];
  /** It is a template or a sample: shown, never linked, never changed. */
  readonly isTemplate?: true;
  /** Last change of the object, as far as anything tells. ISO 8601, UTC. */
  readonly changedAt?: string;
  /** Who, as they or a record claim. */
  readonly by?: string;
  /** Calendar SEQUENCE. */
  readonly sequence?: number;
  readonly features?: readonly string[];
  /** Objects of other systems that it names, by pointer, as written. */
  readonly points?: readonly { readonly at: string; readonly to: string; readonly raw: string }[];
  /** Links on a page, as written and bounded in number: who links which duplicate. */
  readonly links?: readonly string[];
}

/** Why two sightings are taken for the same record. */
export interface Link {
  readonly a: string;
  readonly b: string;
  readonly how: "key" | "evidence" | "pointer" | "person";
  /** From 0 to 1. */
  readonly weight: number;
  /** One clause each: `code S2FJLN on both`, `same day`, `guest "Jonathan" ~ "Jonathan B."`. */
  readonly evidence: readonly string[];
}

/** Sightings that may be the same, and what speaks against it: never merged by itself. */
export interface Doubt {
  readonly a: string;
  readonly b: string;
  readonly weight: number;
  readonly evidence: readonly string[];
  readonly against: readonly string[];
}

/** One record across systems. */
export interface Entity {
  /** The first exact key it has (`S2FJLN`), else its date and the first sighting's name. Stable while its sightings are. */
  readonly id: string;
  readonly sightings: readonly Sighting[];
  readonly links: readonly Link[];
  readonly doubts: readonly Doubt[];
}
