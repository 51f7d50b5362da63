/** A time of a calendar in the terms of a kind of record, and back. */

import { momentAt } from "../../core/records/clock-text/zone-turns.ts";
import { instantOf } from "../../core/records/derive.ts";
import type { EventTime, TimeContext } from "../../core/records/event-times.ts";
import type { Moment } from "../../core/records/value.ts";
import type { ReadTime } from "./read-time.ts";
import { wallOfMoment, wallParts, writeTime } from "./wall-time.ts";

/** All readings of a time on the kind's clock, without repetition. */
function readingsOf({ written, clocks }: ReadTime, context: TimeContext): readonly Moment[] {
  const { date, time } = wallParts(written.wallMs);
  if (written.isDate) return [{ kind: "moment", date }];
  // Nobody knows the zone: the kind's own is a guess, and stands alone only as one.
  if (clocks.length === 0) return [{ kind: "moment", date, time }];
  const readings = clocks.flatMap((clock) => {
    const instants = clock.instantsOf(written.wallMs);
    return instants.map((instant) => momentAt(instant, context));
  });
  return [...new Map(readings.map((moment) => [JSON.stringify(moment), moment])).values()];
}

export function eventTime(read: ReadTime, segment: number | undefined, context: TimeContext, shownLaterMs = 0): EventTime {
  const readings = readingsOf(read, context);
  const [only] = readings;
  const why = read.why ?? whyOf(read, readings);
  const isClear = only !== undefined && readings.length === 1 && why === undefined;
  return {
    ...(segment !== undefined && { segment }),
    ...(isClear ? { moment: only } : { readings, why: why ?? "it can be read in several ways" }),
    zone: read.zone,
    write: (moment) => (segment === undefined ? undefined : writtenAs(read, moment, context, shownLaterMs)),
  };
}

function whyOf({ written, clocks: [clock] }: ReadTime, readings: readonly Moment[]): string | undefined {
  if (readings.length === 0) return "that time does not exist: the clocks are set forward over it";
  if (readings.length > 1) return "that time happens twice: the clocks are set back over it";
  return !clock && !written.isDate ? "its zone is not known" : undefined;
}

/** A moment of the kind's zone in the form of a time that stands in a calendar. */
function writtenAs({ written, clocks, zone }: ReadTime, moment: Moment, context: TimeContext, shownLaterMs: number): string | undefined {
  const wallMs = wallOfMoment(moment);
  if (wallMs === undefined) return undefined;
  if (written.isDate) return moment.time === undefined ? writeTime(wallMs + shownLaterMs, "date") : undefined;
  const [clock] = clocks;
  if (moment.time === undefined || !clock || clocks.length > 1) return undefined;
  if (zone === "floating" && clock.name === context.zone) return writeTime(wallMs, "local");
  const instant = instantOf(moment, { zone: context.zone, rules: context.zones });
  if (instant === undefined) return undefined;
  if (written.isUtc) return writeTime(instant, "utc");
  const there = clock.wallOf(instant);
  // On a clock that shows it twice, what is written would mean the earlier one (RFC 5545, section 3.3.5).
  return clock.instantsOf(there)[0] === instant ? writeTime(there, "local") : undefined;
}
