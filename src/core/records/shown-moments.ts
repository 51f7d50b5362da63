/** Clock readings as instants that there are: what the zone's clock skips or shows twice has none, or two. */

import { offsetMinutes } from "./clock-text/zone-turns.ts";
import { instantOf, type Clock } from "./derive.ts";
import type { Moment, Value } from "./value.ts";

const dayMs = 86_400_000;

/**
 * The value itself where its clock shows it once; both moments, told apart by their offsets, where it shows it twice; the moments before and
 * behind the gap where it skips it.
 */
export function shownMoments(value: Value, { zone, rules }: Clock): readonly Value[] {
  if (value.kind !== "moment" || value.date === undefined || value.time === undefined) return [value];
  if (instantOf(value, { zone, rules }) !== undefined) return [value];
  const instants = rules.instantsOf(value.date, value.time, zone);
  if (instants.length > 0) return instants.map((ms): Moment => ({ ...wallOf(ms, { zone, rules }), offset: rules.wallOf(ms, zone).offset }));
  const naive = Date.parse(`${value.date}T${value.time.length === 5 ? `${value.time}:00` : value.time}Z`);
  const offsets = [naive - dayMs, naive + dayMs].map((ms) => offsetMinutes(rules.wallOf(ms, zone).offset));
  return offsets.map((minutes) => wallOf(naive - minutes * 60_000, { zone, rules }));
}

function wallOf(ms: number, { zone, rules }: Clock): Moment {
  const { date, time } = rules.wallOf(ms, zone);
  return { kind: "moment", date, time };
}

/** Whether the zone's clock never shows it. */
export const isSkipped = ({ date, time, offset }: Moment, { zone, rules }: Clock): boolean =>
  date !== undefined && time !== undefined && offset === undefined && rules.instantsOf(date, time, zone).length === 0;
