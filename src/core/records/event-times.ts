/** When an event takes place, as a calendar or an API says it in its own terms, told in the terms of a kind of record. */

import type { Moment, ZoneRules } from "./value.ts";

/** What turns the times of a calendar into wall clocks of the kind's zone. */
export interface TimeContext {
  readonly zones: ZoneRules;
  /** IANA name: the kind's zone. */
  readonly zone: string;
  /** The IANA zone of a name that is none: `Pacific Standard Time`. */
  readonly ianaOf?: (name: string) => string | undefined;
}

export interface EventTime {
  /** Index in the document's segments of the property that says so: of an end DTEND, or the DURATION that it follows from. */
  readonly segment?: number;
  /** On the wall clock of the kind's zone; a date alone for an all-day event. Absent where it is ambiguous. */
  readonly moment?: Moment;
  /** Every way to read it, where there are several, or none. */
  readonly readings?: readonly Moment[];
  /** Why it is ambiguous, or cannot be read, as a clause without a full stop. */
  readonly why?: string;
  /** The end of an event of one whole day says no more than its start does: it is claimed only where a field is a day. */
  readonly isImplied?: true;
  /** As the source says it: an IANA name, `UTC`, `floating`, or the name of a zone that the calendar defines. */
  readonly zone: string;
  /** The text that says a moment of the kind's zone in this property's own form and zone; `undefined` where it cannot. A length says none. */
  write(moment: Moment): string | undefined;
}

/** What was decided of an event. What is absent stays as the event has it, or moves along with its start. */
export interface EventDecided {
  readonly start?: Moment;
  /** As `EventTimes.end` has it: of an all-day event the last day. */
  readonly end?: Moment;
  /** Its length, where that was decided and not its end. */
  readonly minutes?: number;
}

/** Texts of the properties that say when an event is, by segment: those that change, all of them together or none. */
export type EventRewrite =
  | { readonly kind: "texts"; readonly texts: ReadonlyMap<number, string> }
  /** `why`: one clause for people, without a full stop. */
  | { readonly kind: "refused"; readonly why: string };

/** Of a series those of its first instance. */
export interface EventTimes {
  readonly start?: EventTime;
  /** Not included in the event. For an all-day event the last day, included: people say "30 to 31 May". */
  readonly end?: EventTime;
  /** Minutes that pass between start and end, where both are known; days of 1440 minutes for an all-day event. */
  readonly minutes?: number;
  /** The end is said as a length: its segment is DURATION's. */
  readonly isEndByDuration: boolean;
  readonly isAllDay: boolean;
  /** What its properties have to say once it is decided when it takes place. An end that nobody decided keeps its distance from the start. */
  rewrite(decided: EventDecided): EventRewrite;
}
