/** What is known of the times of a calendar before they are told in a kind's terms. */

import type { ContentLine } from "./content-line.ts";
import type { Calendar } from "./component-tree.ts";
import type { EventPart } from "./event-parts.ts";
import type { WrittenTime } from "./wall-time.ts";
import type { WallClock } from "./zone-reader.ts";

export interface CalendarEvents {
  readonly calendar: Calendar;
  readonly parts: readonly EventPart[];
  /** The first segment of a property, by its line. */
  readonly segmentOf: (line: ContentLine) => number | undefined;
}

/** A time as it is written, with the clocks that it may be meant by. */
export interface ReadTime {
  readonly written: WrittenTime;
  /** What it is called: `UTC`, `floating`, or the TZID. */
  readonly zone: string;
  /** One where it is clear; several where it is not; the kind's own for a date. */
  readonly clocks: readonly WallClock[];
  readonly why?: string;
}
