/** Between the clock that a text was written for and the clock of the kind's zone. */

import type { Moment } from "../value.ts";
import { asUtcMs, daySeconds, fromUtcMs, plusDays, secondsOf, timeOf } from "./calendar-days.ts";
import type { ClockContext, WrittenZone } from "./clock-mention.ts";

/** What one written date and time come to. `asks`: why there are several. */
export interface Turned {
  readonly moments: readonly Moment[];
  readonly asks?: string | undefined;
}

/** Minutes east of UTC: `-07:00` is -420. */
export const offsetMinutes = (offset: string): number => {
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
};

/** Instants, in milliseconds, at which the written zone's clock shows this. */
function instantsIn(date: string, seconds: number, zone: WrittenZone, about: ClockContext): readonly number[] {
  if (zone.offset !== undefined) return [asUtcMs(date, seconds) - zone.offset * 60_000];
  return about.zones.instantsOf(date, timeOf(seconds), zone.iana ?? about.zone);
}

/** What a zone's clock shows at an instant; with its offset only where it shows that time twice. */
export function momentAt(ms: number, { zones, zone }: Pick<ClockContext, "zones" | "zone">): Moment {
  const { date, time, offset } = zones.wallOf(ms, zone);
  const isTwice = zones.instantsOf(date, time, zone).length > 1;
  return { kind: "moment", date, time, ...(isTwice ? { offset } : {}) };
}

/** The two ways to read a time that a clock skipped: as if it had not yet been, and as if it had already been, set forward. */
function acrossGap(date: string, seconds: number, zone: string, about: ClockContext): readonly number[] {
  return [-1, 1].flatMap((days) => {
    const [ms] = about.zones.instantsOf(plusDays(date, days), "12:00", zone);
    return ms === undefined ? [] : [asUtcMs(date, seconds) - offsetMinutes(about.zones.wallOf(ms, zone).offset) * 60_000];
  });
}

/** A date and seconds since midnight, as a zone's clock shows them, on the kind's clock. `zone` is `undefined` where the text named none. */
export function turned(date: string, seconds: number, zone: WrittenZone | undefined, about: ClockContext): Turned {
  const written = zone ?? { text: "", iana: about.textZone ?? about.zone };
  const instants = instantsIn(date, seconds, written, about);
  // On its own clock a time that is shown once reads as it was written.
  if (instants.length === 1 && isOwnZone(zone, about)) return { moments: [{ kind: "moment", date, time: timeOf(seconds) }] };
  const moments = instants.map((ms) => momentAt(ms, about));
  if (instants.length === 1) return { moments };
  const name = written.iana ?? about.zone;
  if (instants.length > 1) return { moments, asks: `the clock of ${name} shows ${timeOf(seconds)} twice on ${date}` };
  const either = acrossGap(date, seconds, name, about).map((ms) => momentAt(ms, about));
  return { moments: either, asks: `the clock of ${name} skips ${timeOf(seconds)} on ${date}` };
}

/** Whether a text in this zone has to be turned at all: the kind's own zone shows its wall clock as it is. */
export const isOwnZone = (zone: WrittenZone | undefined, about: ClockContext): boolean =>
  zone === undefined ? (about.textZone ?? about.zone) === about.zone : zone.offset === undefined && zone.iana === about.zone;

/**
 * A time of another zone without a date: on the sibling's date where there is one, else as it is in January and in July, which may
 * be two readings. Dates are left out again, since the text names none.
 */
export function turnedUndated(seconds: number, zone: WrittenZone | undefined, about: ClockContext): Turned {
  const known = about.hint?.date;
  const year = (about.today ?? "2026").slice(0, 4);
  const days = known === undefined ? [`${year}-01-15`, `${year}-07-15`] : [known];
  const times = new Set(days.flatMap((day) => turned(day, seconds, zone, about).moments.map(({ time = "" }) => time)));
  const moments = [...times].map((time): Moment => ({ kind: "moment", time }));
  return moments.length > 1 ? { moments, asks: "without a date its zone has two offsets" } : { moments };
}

/** How the same moment reads on the clock of the written zone. `undefined` where the moment is none, or is two. */
export function inWrittenZone(
  moment: Moment,
  zone: WrittenZone | undefined,
  about: ClockContext,
): { readonly date: string; readonly seconds: number; readonly ms: number } | undefined {
  if (moment.date === undefined || moment.time === undefined) return undefined;
  const all = about.zones.instantsOf(moment.date, moment.time, about.zone);
  const fitting = all.length > 1 ? all.filter((ms) => about.zones.wallOf(ms, about.zone).offset === moment.offset) : all;
  const [ms] = fitting;
  if (ms === undefined || fitting.length > 1) return undefined;
  if (zone?.offset !== undefined) return { ...fromUtcMs(ms + zone.offset * 60_000), ms };
  const wall = about.zones.wallOf(ms, zone?.iana ?? about.textZone ?? about.zone);
  return { date: wall.date, seconds: secondsOf(wall.time), ms };
}

/** Minutes east of UTC of a zone's clock at an instant. */
export const offsetAt = (ms: number, zone: string, about: ClockContext): number => offsetMinutes(about.zones.wallOf(ms, zone).offset);

export const wrapped = (seconds: number): number => ((seconds % daySeconds) + daySeconds) % daySeconds;
