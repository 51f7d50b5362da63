/** What would be orphaned if a series began at another time. */

import { rawValue } from "./content-line.ts";
import { propertyOf, type Component } from "./component-tree.ts";
import type { EventPart } from "./event-parts.ts";
import type { CalendarEvents } from "./read-time.ts";
import { occurrences, readRule, type RecurrenceRule } from "./recurrence.ts";
import { dayMs, type WallMs } from "./wall-time.ts";
import type { WallClock } from "./zone-reader.ts";

/** A start as it is and as it would be, on the series' own clock. */
export interface StartMove {
  readonly fromMs: WallMs;
  readonly toMs: WallMs;
  readonly clock: WallClock | undefined;
}

const byTime = ["HOUR", "MINUTE", "SECOND"];
const instancesMax = 5000;

/**
 * Why a part cannot begin at another time by itself, as a clause: exceptions are told by the time that the series gives them, so that
 * a day that was called off would come back. `undefined` where nothing refers to the old time.
 */
export function seriesBar({ calendar, parts }: CalendarEvents, part: EventPart, move: StartMove): string | undefined {
  const { event, uid, recurrenceId } = part;
  if (recurrenceId !== undefined) {
    const range = propertyOf(event, "RECURRENCE-ID")?.parameters.find(({ name }) => name === "RANGE");
    return range && told(["all later instances, for which it stands too (RANGE)"]);
  }
  const listed = ["EXDATE", "RDATE"].filter((name) => propertyOf(event, name) !== undefined);
  const own = uid === "" ? [] : parts.filter((other) => other.uid === uid && other.recurrenceId !== undefined);
  const rules = ruleTroubles(calendar.bytes, event, move);
  const all = [...listed, ...rules, ...own.slice(0, 3).map((other) => `the instance of ${shown(other.recurrenceId)} (RECURRENCE-ID)`)];
  return all.length === 0 ? undefined : told(own.length > 3 ? [...all, `${own.length - 3} more instances`] : all);
}

const told = (what: readonly string[]): string =>
  `it is a series, and ${what.join(", ")} would no longer fit it: move the series in a calendar program, which takes them along`;

const shown = (id = ""): string => id.replaceAll(/[^\dTZ]/gu, "").slice(0, 16);

/** Rules that name the day or the hour themselves, and an UNTIL that would let another number of instances through. */
function ruleTroubles(bytes: Uint8Array, event: Component, move: StartMove): string[] {
  return event.properties
    .filter(({ name }) => name === "RRULE" || name === "EXRULE")
    .flatMap((line) => {
      const rule = readRule(rawValue(bytes, line));
      if (!rule) return [`${line.name}, which cannot be read,`];
      const named = namedParts(rule, move);
      const isOther = rule.until !== undefined && countOf(rule, move.fromMs, move) !== countOf(rule, move.toMs, move);
      return [...named.map((part) => `${line.name} (${part})`), ...(isOther ? [`${line.name} (UNTIL)`] : [])];
    });
}

const dayOf = (wallMs: WallMs): number => Math.floor(wallMs / dayMs);

function namedParts({ by, byDay }: RecurrenceRule, { fromMs, toMs }: StartMove): string[] {
  const isOtherDay = dayOf(fromMs) !== dayOf(toMs);
  const isOtherTime = fromMs - dayOf(fromMs) * dayMs !== toMs - dayOf(toMs) * dayMs;
  const numbered = Object.keys(by).filter((name) => (byTime.includes(name) ? isOtherTime : isOtherDay));
  return [...(isOtherDay && byDay.length > 0 ? ["BYDAY"] : []), ...numbered.map((name) => `BY${name}`)];
}

/** Instances up to UNTIL; as many as are counted where there are more: then nobody knows. */
function countOf(rule: RecurrenceRule, startMs: WallMs, { clock }: StartMove): number {
  const until = rule.until?.isUtc && clock ? { untilWallMs: clock.wallOf(rule.until.wallMs) } : {};
  const found = occurrences(rule, startMs, { fromMs: startMs, toMs: Number.MAX_SAFE_INTEGER, instancesMax, ...until });
  return found.length < instancesMax ? found.length : Number.NaN;
}
