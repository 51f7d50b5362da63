/** Rules that choose among readings, each named where it has chosen. */

import type { Moment } from "../value.ts";
import type { ClockContext, ClockReading } from "./clock-mention.ts";

export interface Settled {
  readonly readings: readonly ClockReading[];
  readonly by?: string;
}

const sameTime = (moment: Moment | undefined, time: string | undefined): boolean =>
  time === undefined || moment?.time === undefined || moment.time === time;

/** Whether a reading's times are the siblings'. One time alone may be their start or their end. */
function isTimeHinted(
  { start: read, end: until, relation }: ClockReading,
  { start, end }: { readonly start?: string; readonly end?: string },
): boolean {
  if (start === undefined && end === undefined) return true;
  if (until !== undefined) return sameTime(read, start) && sameTime(until, end);
  const time = relation?.to ?? read.time;
  return time === undefined || time === start || time === end;
}

function isAsHinted(reading: ClockReading, { hint }: ClockContext): boolean {
  const { date } = reading.start;
  const isOtherDay = hint?.date !== undefined && date !== undefined && date !== hint.date;
  return !isOtherDay && isTimeHinted(reading, hint?.time ?? {});
}

const hinted = ({ hint }: ClockContext): string =>
  `the sibling value ${[hint?.date, [hint?.time?.start, hint?.time?.end].filter((one) => one !== undefined).join("–")].filter((one) => one !== undefined && one !== "").join(" ")}`;

function isWithin(reading: ClockReading, { hours }: ClockContext): boolean {
  const inside = (time: string | undefined): boolean =>
    hours === undefined || time === undefined || (time >= hours.from && time <= hours.to);
  return (
    inside(reading.start.time) &&
    inside(reading.end?.time) &&
    (reading.end === undefined || (reading.start.time ?? "") <= (reading.end.time ?? "99"))
  );
}

/** The one reading that a rule leaves, or all of them as they were. */
export function settled(readings: readonly ClockReading[], about: ClockContext): Settled {
  if (readings.length < 2) return { readings };
  if (about.hint !== undefined) {
    const fitting = readings.filter((reading) => isAsHinted(reading, about));
    if (fitting.length === 1) return { readings: fitting, by: hinted(about) };
  }
  if (about.hours !== undefined) {
    const fitting = readings.filter((reading) => isWithin(reading, about));
    if (fitting.length === 1) return { readings: fitting, by: `the hours ${about.hours.from}–${about.hours.to}` };
  }
  return { readings };
}
