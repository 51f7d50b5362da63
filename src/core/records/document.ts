/** What a codec makes of the bytes of one object: runs of text, each character traceable to bytes, and the way to write there. */

import type { Headers } from "../plan/plan.ts";
import type { Span } from "./span.ts";

export type { Span } from "./span.ts";
import type { EventTimes, TimeContext } from "./event-times.ts";

/** Where in a document a text stands. */
export interface Place {
  readonly medium: "text" | "title" | "attribute" | "meta" | "json-ld" | "microdata" | "script" | "comment" | "style" | "property" | "item";
  /** The attribute, property, constant or JSON path: `data-start`, `startDate`, `CUTOFF_UTC`, `DTSTART`, `trip.start_time`. Empty for text. */
  readonly name: string;
  /** For people: `<p> in <main>, line 41`, `DTSTART of UID 4711`, `attribute start_time`. */
  readonly label: string;
  /** Parameters of an iCalendar property (`TZID`, `VALUE`), names in upper case; the type of a DynamoDB attribute (`type` → `N`). */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Sample text: inside `<template>`, a `{{placeholder}}` beside it, an example block. Never edited. */
  readonly isTemplate?: true;
  /** Struck out (`<del>`, `<s>`): what was said once. No claim is read from it, and it is never edited. */
  readonly isStruck?: true;
  /** A datum of the format itself (when a calendar's entry was changed, how it recurs): it says a field only where one is placed there, and is read as no text. */
  readonly isDatum?: true;
  /** Which part of a document with several records it belongs to: an event's `UID`, with ` RECURRENCE-ID` where it is one instance. Empty for a page. */
  readonly part: string;
}

/** What tells what a link is for. */
export interface Anchor {
  /** Its own text, and each of its titles: texts of their own. */
  readonly said: readonly string[];
  /** The end of what stands before it: in its line, or in the heading, label or cell before. */
  readonly before: string;
}

export interface Segment {
  /** As a reader gets it: entities and escapes decoded, inline markup between two pieces of text left out. */
  readonly text: string;
  readonly place: Place;
  /** Texts that head it from outside: the header of its row and of its column, its term, its label. */
  readonly heads?: readonly string[];
  /** Of the address of a link of a page. */
  readonly anchor?: Anchor;
  /**
   * Bytes of `text.slice(from, to)`, UTF-16 offsets: several spans where markup stands between. None where they cannot be told
   * apart (half of a character, bytes that are no valid text): nothing is edited there. One empty span where `from` is `to`.
   */
  spans(from: number, to: number): readonly Span[];
  /** Bytes that say `text` in this place: escaped as the place demands, in the document's own encoding. `undefined` where it cannot be said there. */
  encode(text: string): Uint8Array | undefined;
}

/** One replacement. Insertions have an empty span. */
export interface Edit {
  readonly span: Span;
  readonly bytes: Uint8Array;
}

export interface RecordDocument {
  readonly segments: readonly Segment[];
  /** Parts that hold a record of their own, in order; `[""]` where the whole document is about one. */
  readonly parts: readonly string[];
  /** The bytes that spans count in: the body with its content encoding undone. */
  readonly bytes: Uint8Array;
  /** The body for edited bytes: content encoding done again. The same bytes where there is none. */
  seal(bytes: Uint8Array): Uint8Array;
  /** What any edit of a part entails (an event's SEQUENCE, DTSTAMP and LAST-MODIFIED). `at`: ISO 8601, UTC. */
  readonly upkeep?: (part: string, at: string) => readonly Edit[];
  /** When and by whom, as the document itself says it, by part. */
  readonly told?: (part: string) => { readonly changedAt?: string; readonly by?: string; readonly sequence?: number };
  /** When a part takes place, where the format has times of its own: calendars, and events of an API. `undefined` for a part that is none. */
  readonly eventTimes?: (part: string, context: TimeContext) => EventTimes | undefined;
  /** Where a page leads, in order, each address once, `linksMax` at most. Absent where a format has no links. */
  readonly links?: readonly string[];
  /** What is not as its format wants it, although the rest was read: one clause each, without a full stop. Absent where nothing is. */
  readonly flaws?: readonly string[];
}

export type Read =
  | { readonly kind: "document"; readonly document: RecordDocument }
  /** `why`: one clause for people, without a full stop. */
  | { readonly kind: "unreadable"; readonly why: string };

/** So many links of a page are kept. */
export const linksMax = 50;

/** What a reading is for, where not all of a document is. A codec may leave out any segment that is not wanted. */
export interface Wanted {
  /** Positions in the document's bytes, in order: a segment is wanted in which one of them lies. `undefined`: all are. */
  signs(bytes: Uint8Array): readonly number[] | undefined;
  /** Last parts of names of structured data and constants, and names of attributes as `@href`, which are wanted whatever they say. */
  readonly names: ReadonlySet<string>;
}

/** Bytes to a document. Pure; never throws on what a stranger wrote. */
export interface RecordCodec {
  readonly name: "html" | "icalendar" | "item";
  /** Without `wanted` the whole document: what edits are made from. */
  read(bytes: Uint8Array, headers: Headers, wanted?: Wanted): Read;
}
