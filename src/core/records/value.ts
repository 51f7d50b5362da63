/** What a field of a record holds, whoever says it. Plain values, so that they compare, travel and are digested as JSON. */

export const fieldTypes = [
  "datetime",
  "date",
  "time",
  "duration",
  "text",
  "person",
  "people",
  "place",
  "link",
  "key",
  "email",
  "phone",
  "number",
] as const;
export type FieldType = (typeof fieldTypes)[number];

/**
 * A point on the wall clock of the kind's zone. What was not said is absent: "4:30 PM" has no date, "Saturday, May 30, 2026" no
 * time. An instant (ISO with an offset, UTC) is turned into the zone's wall clock before it becomes one.
 */
export interface Moment {
  readonly kind: "moment";
  /** `2026-05-30`. */
  readonly date?: string;
  /** `15:30`, or `15:30:20` where seconds were written and are not zero. */
  readonly time?: string;
  /** Which of two instants it is where the clock is set back and the source told them apart: the offset, as `-07:00`. */
  readonly offset?: string;
  /** 0 is Sunday. Only where a weekday was written without a date. */
  readonly weekday?: number;
}

export type Value =
  | Moment
  | { readonly kind: "duration"; readonly minutes: number }
  | { readonly kind: "text"; readonly text: string }
  /** In the order in which it was written; compared as a set. */
  | { readonly kind: "list"; readonly items: readonly string[] }
  /** Decimal digits as written, never a binary fraction. */
  | { readonly kind: "number"; readonly decimal: string };

/** What the IANA database knows, passed in: core has no zones of its own. */
export interface ZoneRules {
  /** Instants (milliseconds since the epoch) at which the zone's clock shows this: none in a gap, two in a fold. */
  instantsOf(date: string, time: string, zone: string): readonly number[];
  /** What the zone's clock shows: `2026-05-30`, `15:30` or `15:30:20`, and its offset, as `-07:00`. */
  wallOf(instantMs: number, zone: string): { readonly date: string; readonly time: string; readonly offset: string };
  isZone(name: string): boolean;
}
