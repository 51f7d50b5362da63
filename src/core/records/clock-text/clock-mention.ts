/** What the clock-text grammar takes and gives. Everything but the context is plain JSON. */

import type { Moment, ZoneRules } from "../value.ts";

export type DateOrder = "mdy" | "dmy" | "ymd";

/** Values that the same record is known to have elsewhere: they may settle which of several readings is meant, and nothing else. */
export interface ClockHint {
  /** `2026-05-30`. */
  readonly date?: string;
  /** `16:30`. */
  readonly time?: { readonly start?: string; readonly end?: string };
}

export interface ClockContext {
  readonly zones: ZoneRules;
  /** IANA name of the kind's zone: moments are its wall clock. */
  readonly zone: string;
  /** The zone of a text that names none, where it is not the kind's: `UTC`, or an IANA name. */
  readonly textZone?: string;
  /** `2026-05-30`. Settles the year of a date without one; absent, such a date stays without a year. */
  readonly today?: string;
  /** Which number comes first in 5/6/2026. Absent, such a date has two readings. */
  readonly dateOrder?: DateOrder;
  readonly hint?: ClockHint;
  /** Hours in which the kind's times lie, as `07:00` and `23:00`: a stated rule that settles 4:30. */
  readonly hours?: { readonly from: string; readonly to: string };
  /** A script constant, JSON value or attribute: only ISO forms, and texts that are a time as a whole. */
  readonly isCode?: true;
  /** What heads the text elsewhere: a row's or a column's header, a term, a label. It may say that a time is none of the record's. */
  readonly heads?: readonly string[];
}

/** One way to read a mention. */
export interface ClockReading {
  /** Empty (no date, no time) for a bare duration. Of a derived time, what it comes to: 16:15 for "15 minutes before 4:30 PM". */
  readonly start: Moment;
  /** Dated wherever the start is, one day on where it rolls past midnight. */
  readonly end?: Moment;
  /** A time that follows from another one: minutes (negative before), and the clock time or the word that it counts from. */
  readonly relation?: { readonly minutes: number; readonly to: string };
  /** Minutes. */
  readonly duration?: number;
  /** The zone as it was written: `PDT`, `Z`, `-07:00`. */
  readonly zoneSaid?: string;
  /** Month and day of a date whose year nothing tells: `05-30`. */
  readonly yearless?: string;
}

export type Bound = "start" | "end";

export interface ClockStyle {
  /** 12: with AM or PM somewhere; 24; `open`: neither is said. */
  readonly hours: 12 | 24 | "open";
  readonly hourDigits: 1 | 2;
  /** Between hour and minute: `:`, `.`, `h`, or nothing (1630). */
  readonly separator: string;
  /** Minutes were not written: 4 PM, 16h. */
  readonly isShort: boolean;
  /** Whether AM or PM stands with this time, with the other one, or nowhere. */
  readonly meridiem: "own" | "shared" | "none";
  readonly hasSeconds: boolean;
  /** Digits of a fraction of a second. */
  readonly fraction: number;
  /** Written as a word: `seven`, `seven thirty`. */
  readonly isWords: boolean;
  /** What a phrase adds to the hour that it names, in minutes: 30 for "half past seven", -15 for "a quarter to eight". */
  readonly shift?: number;
  /** Words after it that only fit a full hour: `o'clock`. Offset of their end. */
  readonly fullHourTo?: number;
}

interface SlotAt {
  readonly of: Bound;
  readonly from: number;
  readonly to: number;
}

/** A piece of a mention that changes when its value does. */
export type ClockSlot =
  | (SlotAt & { readonly kind: "clock"; readonly style: ClockStyle })
  /** `AM`, `p.m.`; `day-part`: "in the afternoon"; `noon`: the word in "12 noon". */
  | (SlotAt & { readonly kind: "meridiem"; readonly style: "letters" | "day-part" | "noon" })
  /** `noon`, `midnight`, standing alone. */
  | (SlotAt & { readonly kind: "clock-word" })
  | (SlotAt & { readonly kind: "weekday" })
  | (SlotAt & { readonly kind: "month"; readonly style: "name" | "number"; readonly isLong?: boolean })
  | (SlotAt & { readonly kind: "day" })
  | (SlotAt & { readonly kind: "year" })
  | (SlotAt & { readonly kind: "offset" })
  | (SlotAt & { readonly kind: "zone-name" })
  | (SlotAt & { readonly kind: "epoch"; readonly unit: 1 | 1000 })
  /** An amount with its unit, minutes each; `unitFrom` where the unit's word begins, for its plural. */
  | (SlotAt & { readonly kind: "duration"; readonly minutes: number; readonly unitFrom: number; readonly unitTo: number });

/** The zone in which a time was written. */
export interface WrittenZone {
  readonly text: string;
  readonly iana?: string;
  /** Minutes east of UTC. */
  readonly offset?: number;
}

/** How a mention is written: what a rewrite needs, and nothing that a reader has to look at. */
export interface ClockForm {
  readonly shape: "point" | "range" | "duration" | "relation" | "epoch" | "none";
  readonly slots: readonly ClockSlot[];
  readonly zones: { readonly start?: WrittenZone; readonly end?: WrittenZone };
}

export interface ClockPart {
  readonly role: "start" | "end" | "at" | "date" | "end-date" | "weekday" | "duration" | "zone";
  readonly from: number;
  readonly to: number;
}

/** A run of text that says a time, a date, a range or a duration, or that looks like one and is none. */
export interface ClockMention {
  /** UTF-16 offsets. */
  readonly from: number;
  readonly to: number;
  readonly raw: string;
  /** One: clear. Several: ambiguous, and `asks` says why. None: no time, and `justification` says what it is instead. */
  readonly readings: readonly ClockReading[];
  readonly justification?: string;
  readonly asks?: string;
  /** The rule that settled an ambiguity, in words. */
  readonly settledBy?: string;
  /** What contradicts itself in the text: "Friday, but 2026-05-30 is a Saturday". */
  readonly contradiction?: string;
  readonly parts: readonly ClockPart[];
  readonly form: ClockForm;
}
