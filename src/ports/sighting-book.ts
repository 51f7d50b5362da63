import type { Revision } from "../core/brand.ts";
import type { Sighting } from "../core/records/claim.ts";
import type { Sketch } from "../core/records/sketch.ts";
import type { CallOptions } from "./store.ts";

/** What is remembered of one object of a system, so that it need not be read again while it stays as it was. */
export interface SightingMark {
  readonly key: string;
  readonly revision: Revision;
  /** Days that it speaks of, `2026-05-30`: what is learnt elsewhere of such a day has it read again. Empty where it names none. */
  readonly days: readonly string[];
  /** Of one that names no day: which words it may hold, as `wordFilter` writes them. Absent where that cannot be told. */
  readonly words?: string;
  /** Why it could not be read as a document, where it could not. */
  readonly unreadable?: string;
  /** Of each of its sightings, in their order. */
  readonly sketches: readonly Sketch[];
}

/** The last edition of a system. */
export interface SightingMarks {
  /** By key. */
  readonly marks: ReadonlyMap<string, SightingMark>;
  /** What the edition was closed with. */
  readonly knew: string;
}

/** A new edition of what is known of a system; nothing of it counts before `close`. */
export interface SightingEdition {
  /** Takes over what the last edition has of a key. */
  carry(key: string): void;
  put(mark: SightingMark, sightings: readonly Sighting[]): Promise<void>;
  /** Takes the last edition's place, or leaves it as it is where both say the same. `knew`: opaque, what its sightings were made with. */
  close(knew: string): Promise<void>;
  /** Forgets this edition; the last one stands. */
  discard(): Promise<void>;
}

/** This machine's memory of what systems held, by system. May forget; a forgotten object is read again. */
export interface SightingBook {
  /** `fingerprint` names the rules that sightings were made by: of other rules nothing is known. */
  marks(system: string, fingerprint: string, options: CallOptions): Promise<SightingMarks>;
  /** Of the edition that was last closed, or opened, by this process; `undefined` where they are forgotten. */
  sightings(system: string, key: string, options: CallOptions): Promise<readonly Sighting[] | undefined>;
  edition(system: string, fingerprint: string): SightingEdition;
  /** A text that was worked out from sightings, and the last one kept under that name; `undefined` where it is forgotten. */
  recall(name: string, options: CallOptions): Promise<string | undefined>;
  remember(name: string, text: string): Promise<void>;
}
